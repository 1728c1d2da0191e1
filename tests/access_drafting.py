"""Who may do what with a county's own standards: its office; others of the county see what is published."""

from tests.access import COUNTY, Row, reads, writes
from tests.drafting import draft_of, published
from tests.world import World


def _code(world: World) -> str:
    return draft_of(world).code


def _published_code(world: World) -> str:
    own = draft_of(world)
    return (own if own.state == "published" else published(own)).code


def _strange_code(world: World) -> str:
    return draft_of(world, "other_office", "B").code


OWN = COUNTY | {"code": _code, "version": "1"}
PUBLISHED = COUNTY | {"code": _published_code, "version": "1"}
ITEM = OWN | {"number": "1"}
TABLES = ("sections", "departments", "phases", "leading-group", "arrangements", "points", "head")

DRAFTING_ROWS = [
    Row("assessments:own-standards", reads(), COUNTY),
    Row("assessments:standard-begin", writes(302), COUNTY, data={"title": "甲县标准"}),
    Row("assessments:standard-copy", writes(302), COUNTY, data={"standard": lambda world: world.standard.pk}),
    Row("assessments:draft", writes(), OWN),
    Row("assessments:draft", writes(), PUBLISHED),
    Row("assessments:draft-changes", writes(), OWN),
    *(Row(f"assessments:draft-{name}", writes(), OWN) for name in TABLES),
    *(Row(f"assessments:draft-{name}", writes(), OWN, data={}) for name in TABLES),
    *(Row(f"assessments:draft-{name}", writes(403), PUBLISHED, data={}) for name in TABLES),
    *(
        Row(f"assessments:draft-{name}", writes(302), OWN, data={})
        for name in ("check", "publish", "discard", "order", "renumber")
    ),
    Row("assessments:draft-version", writes(302), PUBLISHED, data={}),
    Row("assessments:draft-item-new", writes(), OWN),
    Row("assessments:draft-item-new", writes(), OWN, data={}),
    Row("assessments:draft-item", writes(), ITEM),
    Row("assessments:draft-item", writes(), ITEM, data={}),
    Row("assessments:draft-item-remove", writes(302), ITEM, data={}),
]

# of county B, where county A's office looks for it; a standard for everybody; an item that there is not
_STRANGE = COUNTY | {"code": _strange_code, "version": "1"}
DRAFTING_GUESSED = [
    Row("assessments:own-standards", {}, {"county": "C"}),
    Row("assessments:draft", {}, _STRANGE),
    Row("assessments:draft", {}, OWN | {"version": "2"}),
    Row("assessments:draft", {}, OWN | {"code": "small"}),
    *(Row(f"assessments:draft-{name}", {}, _STRANGE, data={}) for name in TABLES),
    *(
        Row(f"assessments:draft-{name}", {}, _STRANGE, data={})
        for name in ("check", "publish", "discard", "order", "renumber", "version", "item-new")
    ),
    Row("assessments:draft-item", {}, ITEM | {"number": "99"}),
    Row("assessments:draft-item-remove", {}, ITEM | {"number": "99"}, data={}),
]

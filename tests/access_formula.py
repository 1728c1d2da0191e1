"""Who may do what with criteria of a county's own standards and with its own data elements: its office alone."""

from indicators.contents import CheckContent
from indicators.models import Element, ElementCheck
from indicators.own_elements import add_check, add_element
from tests.access import COUNTY, Row, writes
from tests.access_drafting import _STRANGE, ITEM, OWN, PUBLISHED
from tests.test_own_elements import BEDS
from tests.world import World

CRITERION = OWN | {"number": "3", "criterion": "3.1"}
SENT = {
    "name": "甲",
    "level": "hard",
    "scope": ["all"],
    "formula": "合计(【总诊疗人次】)",
    "comparator": ">=",
    "target": "1",
}


def _element(world: World, county: str = "A") -> str:
    """The code of an element of the county's own; made once."""
    found = Element.objects.filter(owner=county).first() or add_element(BEDS, owner=county, by=None)
    return found.code


def _check(world: World, county: str = "A") -> int:
    _element(world, county)
    rule = CheckContent(f"own_{county.lower()}_1 <= visits", "太多")
    return (ElementCheck.objects.filter(owner=county).first() or add_check(rule, owner=county, by=None)).pk


ELEMENT = COUNTY | {"element": _element}
CHECK = COUNTY | {"pk": _check}

FORMULA_ROWS = [
    Row("assessments:criterion-new", writes(), ITEM),
    Row("assessments:criterion-new", writes(), ITEM, data={}),
    Row("assessments:criterion-new", writes(403), PUBLISHED | {"number": "1"}),
    Row("assessments:criterion-edit", writes(), CRITERION),
    Row("assessments:criterion-edit", writes(), CRITERION, data={}),
    Row("assessments:criterion-remove", writes(302), CRITERION, data={}),
    Row("assessments:criterion-preview", writes(), ITEM, data=SENT),
    Row("assessments:own-elements", writes(), COUNTY),
    Row("assessments:own-element-new", writes(), COUNTY),
    Row("assessments:own-element-new", writes(), COUNTY, data={}),
    Row("assessments:own-element-edit", writes(), ELEMENT),
    Row("assessments:own-element-edit", writes(), ELEMENT, data={}),
    Row("assessments:own-element-remove", writes(302), ELEMENT, data={}),
    Row("assessments:own-check-new", writes(), COUNTY),
    Row("assessments:own-check-new", writes(), COUNTY, data={}),
    Row("assessments:own-check-edit", writes(), CHECK),
    Row("assessments:own-check-edit", writes(), CHECK, data={}),
    Row("assessments:own-check-remove", writes(302), CHECK, data={}),
]

# of county B, where county A's office looks for it; the shared ones; an item or criterion that there is not
_STRANGE_ELEMENT = COUNTY | {"element": lambda world: _element(world, "B")}
_STRANGE_CHECK = COUNTY | {"pk": lambda world: _check(world, "B")}
FORMULA_GUESSED = [
    Row("assessments:criterion-new", {}, _STRANGE | {"number": "1"}),
    Row("assessments:criterion-new", {}, OWN | {"number": "99"}),
    Row("assessments:criterion-edit", {}, OWN | {"number": "3", "criterion": "2.1"}),
    Row("assessments:criterion-remove", {}, OWN | {"number": "3", "criterion": "2.1"}, data={}),
    Row("assessments:criterion-preview", {}, _STRANGE | {"number": "1"}, data=SENT),
    Row("assessments:own-elements", {}, {"county": "C"}),
    Row("assessments:own-element-edit", {}, _STRANGE_ELEMENT),
    Row("assessments:own-element-edit", {}, COUNTY | {"element": "visits"}, data={}),
    Row("assessments:own-element-remove", {}, _STRANGE_ELEMENT, data={}),
    Row("assessments:own-check-edit", {}, _STRANGE_CHECK),
    Row("assessments:own-check-remove", {}, _STRANGE_CHECK, data={}),
]

"""Who may take standards out and in as files, and plans in: the office of county A, of its own drafts."""

from assessments.drafting.plan_services import begin_from_plan
from indicators.models import Standard
from tests.access import COUNTY, Row, signed_in, writes
from tests.plan_texts import PLAN
from tests.world import World


def draft_of_plan(world: World) -> Standard:
    """County A's draft that was made of a plan."""
    found = Standard.objects.filter(owner="A", plan__isnull=False).first()
    return found or begin_from_plan(world.county, PLAN, file_name="", owners={""}, by=world.users["office"])


OWN = COUNTY | {"code": lambda world: draft_of_plan(world).code, "version": "1"}
NO_FILE: dict = {}
SURE = {"do": "sure"}

EXCHANGE_ROWS = [
    Row("indicators:standard-export", signed_in(), {"code": "small"}),
    Row("assessments:standard-export", writes(), OWN),
    Row("assessments:standard-import", writes(), COUNTY),
    Row("assessments:standard-import", writes(400), COUNTY, data=NO_FILE),
    Row("assessments:standard-import-confirm", writes(302), COUNTY, data=NO_FILE),
    Row("assessments:plan-new", writes(), COUNTY),
    Row("assessments:plan-new", writes(400), COUNTY, data=NO_FILE),
    Row("assessments:plan-review", writes(), OWN),
    Row("assessments:plan-settle", writes(302), OWN, data={"place": "departments"}),
    Row("assessments:plan-cut", writes(302), OWN, data={"number": "2", "do": "join"}),
    Row("assessments:plan-many", writes(302), OWN, data=SURE),
]

# of another county; in a version that there is not
_STRANGE = ({"county": "B"}, {"version": "2"})
EXCHANGE_GUESSED = [
    Row("indicators:standard-export", {}, {"code": "other"}),
    Row("indicators:standard-export", {}, {"code": lambda world: draft_of_plan(world).code}),
    *(Row("assessments:standard-export", {}, OWN | strange) for strange in _STRANGE),
    *(Row("assessments:plan-review", {}, OWN | strange) for strange in _STRANGE),
    *(Row("assessments:plan-settle", {}, OWN | strange, data={"place": "departments"}) for strange in _STRANGE),
    *(Row("assessments:plan-cut", {}, OWN | strange, data={"number": "2", "do": "join"}) for strange in _STRANGE),
    *(Row("assessments:plan-many", {}, OWN | strange, data=SURE) for strange in _STRANGE),
]

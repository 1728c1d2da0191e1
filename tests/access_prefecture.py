"""Who may do what with a prefecture's pages, a county's monthly ledger and its feature projects."""

from assessments.features.services import Described, add_project
from assessments.models import FeatureProject
from tests.access import COUNTY, HERE, Row, only, reads, writes
from tests.world import PERIOD, World

P = {"prefecture": "P"}
SIDE_BY_SIDE = P | {"standard": "small", "period": PERIOD}


def project(world: World, county=None) -> int:
    """The pk of a feature project of county A; made once. `county`: another one's."""
    county = county or world.county
    found = FeatureProject.objects.filter(county=county).first()
    return (found or add_project(county, Described("特色项目"), by=None)).pk


PROJECT = COUNTY | {"pk": project}
STRANGE_PROJECT = COUNTY | {"pk": lambda world: project(world, world.other_county)}


def compares(ok: int = 200) -> dict:
    """The people of prefecture P; nobody in its counties."""
    return only(("prefecture", "superuser"), ok)


PREFECTURE_ROWS = [
    Row("assessments:prefecture-home", compares(302), P),
    Row("assessments:prefecture", compares(), SIDE_BY_SIDE),
    Row("assessments:prefecture-export", compares(), SIDE_BY_SIDE),
    Row("assessments:prefecture-ledger", compares(), SIDE_BY_SIDE),
    Row("assessments:prefecture-ledger-export", compares(), SIDE_BY_SIDE),
    Row("assessments:ledger", reads(), HERE),
    Row("assessments:ledger-export", reads(), HERE),
    Row("assessments:features", reads(), COUNTY),
    Row("assessments:feature-new", writes(), COUNTY),
    Row("assessments:feature-new", writes(302), COUNTY, data={"name": "特色项目"}),
    Row("assessments:feature", writes(), PROJECT),
    Row("assessments:feature-progress", writes(302), PROJECT, data={"on": "2024-03-01", "done": "5", "text": "开诊"}),
    Row("assessments:feature-withdraw", writes(302), PROJECT, data={"reason": "重复登记"}),
]

PREFECTURE_GUESSED = [
    Row("assessments:prefecture-home", {}, {"prefecture": "A"}),
    Row("assessments:prefecture", {}, SIDE_BY_SIDE | {"prefecture": "A"}),
    Row("assessments:prefecture", {}, SIDE_BY_SIDE | {"standard": "other"}),
    Row("assessments:prefecture-ledger", {}, SIDE_BY_SIDE | {"prefecture": "C"}),
    Row("assessments:ledger", {}, HERE | {"standard": "other"}),
    Row("assessments:features", {}, {"county": "C"}),
    Row("assessments:feature", {}, STRANGE_PROJECT),
    Row("assessments:feature-progress", {}, STRANGE_PROJECT, data={}),
    Row("assessments:feature-withdraw", {}, STRANGE_PROJECT, data={"reason": "重复登记"}),
]

"""The small world with more standards beside its own: the same figures, other demands."""

from assessments.models import Campaign
from assessments.services import start_campaign
from indicators.models import Criterion, Standard
from tests.world import PERIOD, World, make_standard


def another(code: str, *, title: str = "", **changes: dict) -> Standard:
    """A standard like the small world's; `changes`: fields of a criterion by its code, `c2_2={"target": "90%"}`."""
    standard = make_standard(code)
    Standard.objects.filter(pk=standard.pk).update(title=title or f"方案{code}")
    for name, fields in changes.items():
        found = Criterion.objects.filter(item__standard=standard, code=name[1:].replace("_", "."))
        assert found.update(**fields) == 1
    standard.refresh_from_db()
    return standard


def works_towards(world: World, standard: Standard) -> Campaign:
    return start_campaign(world.county, standard, period=PERIOD)

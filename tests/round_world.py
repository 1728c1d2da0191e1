"""A round of the small world (tests/world.py), with reports in the states that a test needs."""

from datetime import UTC, date, datetime

from django.urls import reverse

from institutions.enums import ReportState
from institutions.models import Institution, Report, Round
from institutions.rounds.services import save_round
from tcm_demo.notices.models import Notice
from tests.world import World

NEXT = "2024"
OPENS, DUE = date(2025, 1, 1), date(2025, 1, 20)
# an hour in which it is the same day in London and in the county
NOON = 4


def make_round(world: World, period: str = NEXT, **facts) -> Round:
    """What its clerks were told of it is read and gone: each test looks at its own notices."""
    facts = {"opens_on": OPENS, "due_on": DUE} | facts
    found = save_round(world.county, period, **facts, by=world.users["office"])
    Notice.objects.all().delete()
    return found


def hand_in(
    world: World, code: str, values: dict | None = None, *, day: date = DUE, by: str = "clerk", **more
) -> Report:
    """A submitted report, as the clerk `by` handed it in at noon of `day`."""
    moment = datetime(day.year, day.month, day.day, NOON, tzinfo=UTC)
    user = world.users[by]
    facts = {"state": ReportState.SUBMITTED, "submitted_at": moment, "submitted_by": user, "hands": [user.pk]}
    return begin(code, values, at=moment, **(facts | more))


def begin(code: str, values: dict | None = None, *, period: str = NEXT, at: datetime | None = None, **more) -> Report:
    """A report with these figures: a draft, unless `more` says something else."""
    institution = Institution.objects.get(code=code)
    moment = at or datetime(2025, 1, 2, NOON, tzinfo=UTC)
    values = {"techniques": 8} if values is None else values
    facts = {"institution": institution, "period": period, "values": values, "updated_at": moment}
    return Report.objects.create(**(facts | more))


def address(name: str, period: str | None = NEXT, county: str = "A") -> str:
    kwargs = {"county": county} if period is None else {"county": county, "period": period}
    return reverse(f"institutions:{name}", kwargs=kwargs)

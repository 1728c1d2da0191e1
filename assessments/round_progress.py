"""How far the county's rounds of reporting (填报任务) are, as the pages of a standing tell it."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from institutions.enums import ReportState
from institutions.models import County, Round
from institutions.period import Period
from institutions.rounds.progress import Progress, progress_of
from institutions.rounds.worklist import NOT_BEGUN, UNFINISHED, days_late

ACCEPTED, SUBMITTED = ReportState.ACCEPTED.value, ReportState.SUBMITTED.value


@dataclass(frozen=True)
class RoundProgress:
    """`asked` institutions: `accepted`, `waiting` for the office (待审), `outstanding` with the institutions (未交).
    `late`: days since the deadline; 0 in time, and where the round is closed."""

    round: Round
    asked: int
    accepted: int
    waiting: int
    outstanding: int
    late: int

    @property
    def period(self) -> Period:
        return Period.parse(self.round.period)

    @property
    def parts(self) -> list[tuple[str, int, str]]:
        """For the stack bar."""
        return [
            ("accepted", self.accepted, "已接受"),
            ("submitted", self.waiting, "待审"),
            (NOT_BEGUN, self.outstanding, "未交"),
        ]

    @property
    def url(self) -> str:
        return reverse("institutions:round", kwargs={"county": self.round.county.code, "period": self.round.period})

    @property
    def waiting_url(self) -> str:
        return f"{self.url}?{urlencode({'state': SUBMITTED})}"

    @property
    def outstanding_url(self) -> str:
        return f"{self.url}?{urlencode({'state': UNFINISHED}, doseq=True)}"


def round_of(county: County, period: str) -> Round | None:
    """The period's round. One query."""
    return Round.objects.filter(county=county, period=period).select_related("county").first()


def round_progress(county: County, period: str, *, open_ones: bool) -> tuple[RoundProgress | None, list[RoundProgress]]:
    """How far the period's round is; and, for those who check (`open_ones`), every round that is open, the first due
    first. One query where there is no round, otherwise three."""
    today = timezone.localdate()
    wanted = Q(period=period)
    if open_ones:
        wanted |= Q(closed_at=None, opens_on__lte=today)
    rounds = list(Round.objects.filter(wanted, county=county).select_related("county").order_by("due_on", "pk"))
    found = [_told(each, today) for each in progress_of(county, rounds, today)] if rounds else []
    own = next((each for each in found if each.round.period == period), None)
    return own, [each for each in found if open_ones and each.round.is_open_on(today)]


def _told(progress: Progress, today) -> RoundProgress:
    numbers, round = progress.numbers, progress.round
    return RoundProgress(
        round=round,
        asked=progress.asked,
        accepted=numbers[ACCEPTED],
        waiting=numbers[SUBMITTED],
        outstanding=sum(numbers[state] for state in UNFINISHED),
        late=0 if round.is_closed else days_late(round, today),
    )

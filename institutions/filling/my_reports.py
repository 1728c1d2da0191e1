"""A data clerk's home: what there is to fill in, for which institution, how far it is, and what to do next."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from indicators.models import Element
from institutions.access import PROXIED_TYPES, institutions_to_fill
from institutions.enums import ReportState, Role
from institutions.filling.form import days_left_words
from institutions.filling.rulebook import fields_of
from institutions.filling.services import OPEN_STATES
from institutions.models import County, Grant, Institution, Report, Round
from institutions.period import Period
from institutions.rounds.queries import rounds_to_fill
from institutions.rounds.worklist import NOT_BEGUN, STATES
from tcm_demo.accounts.models import User

# how a list of many institutions counts them
_ORDER = (NOT_BEGUN, *ReportState.values)
# of a closed round only these are read: figures may be many
_FACTS = ("institution_id", "period", "state")


@dataclass(frozen=True)
class OwnReport:
    """One institution in a round. `filled` of `asked` figures are there; `returned`: (element's name, reason) of those
    that came back, `whole_reason` why the report as a whole did."""

    institution: Institution
    state: str
    filled: int = 0
    asked: int = 0
    returned: list[tuple[str, str]] = field(default_factory=list)
    whole_reason: str = ""

    @property
    def word(self) -> str:
        return STATES[self.state]

    @property
    def progress(self) -> str:
        """What stands beside the state: how much is filled in, or how much came back."""
        if self.state == ReportState.RETURNED:
            return f"{len(self.returned)} 项" if self.returned else "整份"
        return f"{self.filled}/{self.asked}" if self.state == ReportState.DRAFT else ""

    @property
    def waits_for_clerk(self) -> bool:
        return self.state == NOT_BEGUN or self.state in OPEN_STATES

    @property
    def next_step(self) -> str:
        """The words of the one button."""
        if self.state == NOT_BEGUN:
            return "开始填报"
        if self.state == ReportState.DRAFT:
            return "继续填报"
        if self.state != ReportState.RETURNED:
            return "查看"
        return f"修改退回的 {len(self.returned)} 项" if self.returned else "修改退回的填报"


@dataclass(frozen=True)
class Managed:
    """The institutions that report through `manager`: (state, word, how many) and how many in all."""

    manager: Institution
    counts: list[tuple[str, str, int]]
    kinds: str

    @property
    def total(self) -> int:
        return sum(number for _, _, number in self.counts)

    @property
    def waiting(self) -> int:
        """How many are not handed in."""
        return sum(number for state, _, number in self.counts if state == NOT_BEGUN or state in OPEN_STATES)


@dataclass(frozen=True)
class OwnRound:
    """A round as it concerns one clerk."""

    round: Round
    reports: list[OwnReport]
    managed: list[Managed]
    today: date

    @property
    def period(self) -> str:
        return str(Period.parse(self.round.period))

    @property
    def has_opened(self) -> bool:
        return self.round.opens_on <= self.today

    @property
    def is_done(self) -> bool:
        return not any(each.waits_for_clerk for each in self.reports) and not any(m.waiting for m in self.managed)

    @property
    def has_returns(self) -> bool:
        return any(each.state == ReportState.RETURNED for each in self.reports) or any(
            state == ReportState.RETURNED for each in self.managed for state, _, _ in each.counts
        )

    @property
    def due(self) -> str:
        return days_left_words(self.round.due_on, self.today)

    @property
    def is_late(self) -> bool:
        return self.today > self.round.due_on and not self.is_done


@dataclass(frozen=True)
class Home:
    """`opened`: what is to be done first comes first; `closed`: the latest first. `own`: the institutions for which
    there are grants."""

    own: list[Institution]
    opened: list[OwnRound] = field(default_factory=list)
    closed: list[OwnRound] = field(default_factory=list)


def home_of(user) -> Home:
    """Seven queries, however many institutions and rounds."""
    to_fill = sorted(institutions_to_fill(user), key=lambda each: (each.county.code, each.position, each.code))
    if not to_fill:
        return Home([])
    granted = set(Grant.objects.filter(user=user, role=Role.DATA_CLERK).values_list("institution_id", flat=True))
    rounds = list(rounds_to_fill(user))
    shown = [each for each in rounds if not each.is_closed]
    reports = _reports(to_fill, shown, rounds)
    elements = list(Element.objects.all())
    today = timezone.localdate()
    found = []
    for each in rounds:
        fields = {kind: fields_of(each, kind, elements) for kind in {one.type for one in to_fill}}
        asked = [one for one in to_fill if fields[one.type] and asks(each, one)]
        own = [_own(one, reports.get((one.pk, each.period)), fields[one.type]) for one in asked if one.pk in granted]
        managed = _managed([one for one in asked if _is_proxied(one, granted)], reports, each)
        if own or managed:
            found.append(OwnRound(each, own, managed, today))
    return Home(
        [one for one in to_fill if one.pk in granted],
        sorted((each for each in found if not each.round.is_closed), key=_urgency),
        [each for each in found if each.round.is_closed],
    )


def _urgency(own: OwnRound) -> tuple:
    """What came back, what is late, what is due next; what is not open yet, and what is done."""
    return own.is_done, not own.has_opened, not own.has_returns, not own.is_late, own.round.due_on


def asks(round: Round, institution: Institution) -> bool:
    """As round_queries.asked_institutions, for one that is at hand: no query for each round."""
    if institution.county_id != round.county_id or not institution.is_active_on(Period.parse(round.period).last_day):
        return False
    return not round.types or institution.type in round.types


def office_people(counties: Iterable[County]) -> dict[County, list[User]]:
    """Whom clerks of these counties may ask: the people of the office, by county. One query."""
    found: dict[County, list[User]] = {county: [] for county in counties}
    grants = Grant.objects.filter(county__in=found, role=Role.COUNTY_OFFICE, user__is_active=True)
    for grant in grants.select_related("user", "county").order_by("pk"):
        found[grant.county].append(grant.user)
    return found


def _reports(institutions: list[Institution], shown: list[Round], rounds: list[Round]) -> dict[tuple, Report]:
    """By (pk of the institution, period); of closed rounds with their state alone."""
    pks = [each.pk for each in institutions]
    closed = {each.period for each in rounds} - {each.period for each in shown}
    full = Report.objects.filter(institution__in=pks, period__in={each.period for each in shown})
    rest = Report.objects.filter(institution__in=pks, period__in=closed).only(*_FACTS)
    return {(report.institution_id, report.period): report for report in (*full, *rest)}


def _own(institution: Institution, report: Report | None, fields: Mapping[str, Element]) -> OwnReport:
    if report is None:
        return OwnReport(institution, NOT_BEGUN, asked=len(fields))
    if report.state not in OPEN_STATES or "values" in report.get_deferred_fields():
        return OwnReport(institution, report.state)
    reasons = [(element.name, report.returned[code]) for code, element in fields.items() if code in report.returned]
    filled = sum(code in report.values for code in fields)
    return OwnReport(institution, report.state, filled, len(fields), reasons, report.returned.get("", ""))


def _is_proxied(institution: Institution, granted: set[int]) -> bool:
    return institution.type in PROXIED_TYPES and institution.manager_id in granted


def _managed(institutions: list[Institution], reports: Mapping, round: Round) -> list[Managed]:
    """One summary for each managing institution."""
    found = []
    for pk in dict.fromkeys(each.manager_id for each in institutions):
        own = [each for each in institutions if each.manager_id == pk]
        states = Counter(_state(reports.get((each.pk, round.period))) for each in own)
        counts = [(state, STATES[state], states[state]) for state in _ORDER if states[state]]
        types = {each.type for each in own}
        kinds = "、".join(kind.label for kind in PROXIED_TYPES if kind in types)
        found.append(Managed(own[0].manager, counts, kinds))
    return found


def _state(report: Report | None) -> str:
    return report.state if report else NOT_BEGUN

"""What the pages of one report in the hands of its clerk share: permission and fetch in one, what there is to say."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from indicators.models import Standard
from institutions.access import proxy_of
from institutions.enums import ReportState
from institutions.filling import findings
from institutions.filling.findings import MISSING, Background, Finding, Rulebook
from institutions.filling.form import Clash, Sheet, copyable, days_left_words, sheet_of
from institutions.filling.rulebook import rulebook_for
from institutions.filling.services import OPEN_STATES
from institutions.filling.uses import uses_of
from institutions.hooks import standards_of
from institutions.models import Institution, Report, ReportStep, Round
from institutions.period import Period
from institutions.rounds.queries import backgrounds, report_of, round_to_fill
from institutions.rounds.worklist import NOT_BEGUN, STATES, days_late
from institutions.views.typed import cell_name

# why nothing can be typed
BEFORE, CLOSED, NOTHING_ASKED = "before", "closed", "nothing"


class Desk:
    """One institution's report of a round, before somebody who may fill it in."""

    def __init__(self, user, round: Round, institution: Institution):
        self.user, self.round, self.institution = user, round, institution

    @cached_property
    def report(self) -> Report:
        report = report_of(self.round, self.institution)
        report.institution = self.institution
        return report

    @cached_property
    def rules(self) -> Rulebook:
        return rulebook_for(self.round, self.institution.type, self.standards)

    @cached_property
    def standards(self) -> list[Standard]:
        return standards_of(county=self.round.county)

    @cached_property
    def background(self) -> Background:
        return backgrounds(self.round, [self.report])[self.institution.pk]

    @property
    def elements(self) -> Mapping:
        return self.rules.fields

    @property
    def shut(self) -> str:
        """Why nothing can be typed whatever the report's state; "" where it can."""
        if self.round.is_closed:
            return CLOSED
        if not self.round.is_open_on(timezone.localdate()):
            return BEFORE
        return "" if self.elements else NOTHING_ASKED

    @property
    def can_edit(self) -> bool:
        return not self.shut and self.report.state in OPEN_STATES

    @cached_property
    def faults(self) -> list[Finding]:
        return findings.faults(self.rules, self.report.values, self.report.unread) if self.can_edit else []

    @cached_property
    def cautions(self) -> list[Finding]:
        """As the report stands; of one that is handed in, those with which it was."""
        if self.report.state not in OPEN_STATES:
            return [Finding(each["key"], tuple(each["elements"]), each["text"]) for each in self.report.warnings]
        if not self.can_edit:
            return []
        return findings.cautions(self.rules, self.report.values, self.background, self.report.unread)

    @cached_property
    def last_step(self) -> ReportStep | None:
        return self.report.steps.order_by("-pk").first() if self.report.pk else None

    def sheet(
        self, *, typed: Mapping | None = None, words: Mapping | None = None, clashes: Mapping[str, Clash] | None = None
    ) -> Sheet:
        """The form. That fields are empty is said while checking, not while somebody is filling them."""
        cautions = [each for each in self.cautions if not (self.can_edit and each.key == MISSING)]
        return sheet_of(
            self.elements,
            self.report,
            names={code: cell_name(self.institution, code) for code in self.elements},
            previous=self.background.previous or {},
            uses=uses_of(self.standards, self.institution.type),
            faults=self.faults,
            cautions=cautions,
            typed=typed,
            words=self._words_as_handed_in() if words is None else words,
            clashes=clashes,
        )

    def _words_as_handed_in(self) -> dict[str, str]:
        """Of a report that is, the words that went with it."""
        if self.report.state in OPEN_STATES:
            return {}
        return {each["key"]: each["explanation"] for each in self.report.warnings}

    @property
    def state(self) -> tuple[str, str]:
        """(code of a light, word)."""
        code = self.report.state if self.report.pk else NOT_BEGUN
        return code, STATES[code]

    @property
    def first_fault_url(self) -> str:
        """The form, at the first field that has to be mended."""
        codes = {fault.elements[0] for fault in self.faults}
        first = next((code for code in self.elements if code in codes), "")
        return self.url("fill") + (f"#f-{first}" if first else "")

    @property
    def unread_count(self) -> int:
        """How many cells hold something that is no figure, and counts for nothing."""
        return sum(code in self.report.unread for code in self.elements)

    @property
    def late_words(self) -> str:
        """ "逾期 3 天提交" of a report that came late; "" of any other."""
        handed_in = self.report.state not in OPEN_STATES
        days = days_late(self.round, self.report.submitted_at) if handed_in else 0
        return f"逾期 {days} 天提交" if days else ""

    def url(self, name: str) -> str:
        place = {"county": self.round.county.code, "period": self.round.period, "code": self.institution.code}
        return reverse(f"institutions:{name}", kwargs=place)

    @property
    def drafts(self) -> str:
        """The name under which the browser keeps what this person has typed here and the server has not got."""
        return f"{self.user.pk}|{self.round.county.code}|{self.round.period}|{self.institution.pk}"

    @property
    def to_copy(self) -> int:
        return copyable(self.elements, self.report, self.background.previous or {}) if self.can_edit else 0

    def render(self, request: HttpRequest, template: str, context: dict, status: int = 200) -> HttpResponse:
        period = Period.parse(self.round.period)
        shared = {
            "desk": self,
            "county": self.round.county.name,
            "period": str(period),
            "round": self.round,
            "institution": self.institution,
            "report": self.report,
            "deadline": days_left_words(self.round.due_on, timezone.localdate()),
            "is_late": self.round.due_on < timezone.localdate(),
            "proxy": proxy_of(self.user, self.institution),
            "states": ReportState,
            "urls": {name: self.url(f"fill-{name}") for name in ("save", "copy", "check", "submit", "history")}
            | {"form": self.url("fill")},
        }
        return render(request, f"filling/{template}", shared | context, status=status)


def desk_page(view: Callable[..., HttpResponse]):
    """For addresses of one institution's report: calls `view(request, desk)`. Raises Http404 for whoever does not fill
    it in."""

    @wraps(view)
    def found(request: HttpRequest, county: str, period: str, code: str) -> HttpResponse:
        return view(request, Desk(request.user, *round_to_fill(request.user, county, period, code)))

    return found


def named(desk: Desk, codes: Sequence[str]) -> str:
    """The names of elements, for a sentence."""
    return "、".join(desk.elements[code].name for code in codes)

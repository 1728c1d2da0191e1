"""Writes what an import's plan says, with few statements however many rows there are; in the caller's transaction."""

from abc import ABC, abstractmethod

from django.db.models import Max
from django.utils import timezone

from institutions.enums import ImportWay, ReportState, Role, StepKind
from institutions.filling.explanations import entry_of, without_answers_to_returns, words_on
from institutions.filling.services import caution_json
from institutions.filling.twins import fingerprint
from institutions.history import step_of
from institutions.importing.readiness import Readiness
from institutions.ledger.changes import ReportChange
from institutions.ledger.plan import ImportPlan, Progress
from institutions.ledger.roster import FIELDS, Entry
from institutions.ledger.terms import Decision
from institutions.models import Institution, Report, ReportStep

_CHUNK = 500
_FILLED_IN = ["state", "values", "accepted", "unread", "returned", "fingerprint", "hands", "updated_at"]
_ACCEPTED = ["accepted_at", "accepted_by"]
_SUBMITTED = ["explanations", "warnings", "warning_count", "submitted_at", "submitted_by"]


def write_institutions(plan: ImportPlan) -> dict[str, int]:
    """The pk of every institution of the county by its code. Managers are written before those whom they manage; a
    place in the list is given once and kept."""
    county, entries = plan.county, [change.entry for change in plan.institutions]
    keys = dict(county.institutions.values_list("code", "pk"))
    last = county.institutions.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    positions = {entry.code: first + number for number, entry in enumerate(entries)}
    while entries:
        ready = [entry for entry in entries if not entry.manager or entry.manager in keys]
        rows = [_institution(plan, keys, entry, positions[entry.code]) for entry in ready]
        stored = Institution.objects.bulk_create(
            rows, batch_size=_CHUNK, update_conflicts=True, unique_fields=["county", "code"], update_fields=FIELDS
        )
        keys.update((row.code, row.pk) for row in stored)
        written = {entry.code for entry in ready}
        entries = [entry for entry in entries if entry.code not in written]
    return keys


def _institution(plan: ImportPlan, keys: dict[str, int], entry: Entry, position: int) -> Institution:
    fields = {name: getattr(entry, name) for name in FIELDS if name != "manager"}
    manager_id = keys[entry.manager] if entry.manager else None
    return Institution(county=plan.county, code=entry.code, manager_id=manager_id, position=position, **fields)


class ReportWriter(ABC):
    """What the two ways of writing reports share: the rows of an upsert, and the steps of the history."""

    update_fields: list[str]

    def __init__(self, plan: ImportPlan, keys: dict[str, int], by, progress: Progress):
        self.plan, self.keys, self.by, self.progress = plan, keys, by, progress
        self.now = timezone.now()

    def write(self, changes: list[ReportChange]) -> None:
        for start in range(0, len(changes), _CHUNK):
            self.progress(start, len(changes), "写入数据")
            part = changes[start : start + _CHUNK]
            reports = Report.objects.bulk_create(
                [self.report(change) for change in part],
                update_conflicts=True,
                unique_fields=["institution", "period"],
                update_fields=self.update_fields,
            )
            steps = [step for change, report in zip(part, reports, strict=True) for step in self.steps(change, report)]
            ReportStep.objects.bulk_create(steps)
        self.progress(len(changes), len(changes), "写入数据")

    def report(self, change: ReportChange) -> Report:
        """A row with all that is stored, and the file's figures."""
        stored, values = change.stored, change.values
        read = change.cells if stored.unread else ()
        return Report(
            institution_id=self.keys[change.entry.code],
            period=self.plan.period.text,
            state=stored.state or ReportState.DRAFT,
            values=values,
            accepted=stored.accepted,
            unread={code: text for code, text in stored.unread.items() if code not in read},
            returned=stored.returned,
            explanations=stored.explanations,
            fingerprint=fingerprint(values),
            hands=list(stored.hands),
            updated_at=self.now,
        )

    @abstractmethod
    def steps(self, change: ReportChange, report: Report) -> list[ReportStep]:
        """What was done to the report, for its history."""


class AcceptedWriter(ReportWriter):
    """The operator's: the file's figures are accepted at once. What else was entered stays as it is."""

    update_fields = [*_FILLED_IN, *_ACCEPTED]
    reason = "命令行导入"

    def report(self, change: ReportChange) -> Report:
        report = super().report(change)
        if change.stored.state:
            given = change.cells
            report.accepted = {**report.accepted, **{code: new for code, (_, new) in given.items()}}
            report.returned = {code: why for code, why in report.returned.items() if code not in given}
        else:
            report.accepted = report.values
        report.accepted_at, report.accepted_by = self.now, self.by
        if report.accepted == report.values and not report.unread:
            report.state, report.hands, report.returned = ReportState.ACCEPTED, [], {}
        return report

    def steps(self, change: ReportChange, report: Report) -> list[ReportStep]:
        return [step_of(report, StepKind.IMPORTED, by=self.by, reason=self.reason, cells=change.cells)]


class EnteredWriter(ReportWriter):
    """The browser's: figures come in as drafts or submitted, and in small offices are accepted by the same person."""

    def __init__(self, plan, keys, by, progress, decision: Decision, readiness: Readiness):
        super().__init__(plan, keys, by, progress)
        self.way, self.words, self.reason = decision.way, decision.words, decision.reason
        self.readiness, self.handed_in = readiness, readiness.cautions.keys()
        self.proxies = _proxies(plan, by)

    def write_all(self) -> None:
        """Those that are handed in and those that are not have other columns to write."""
        inside = [change for change in self.plan.touched if change.entry.code in self.handed_in]
        outside = [change for change in self.plan.reports if change.entry.code not in self.handed_in]
        accepts = _ACCEPTED if self.way == ImportWay.ACCEPT else []
        for part, fields in ((inside, [*_FILLED_IN, *_SUBMITTED, *accepts]), (outside, _FILLED_IN)):
            self.update_fields = fields
            self.write(part)

    def report(self, change: ReportChange) -> Report:
        report = super().report(change)
        report.accepted = {code: value for code, value in report.accepted.items() if code not in change.returned}
        report.hands = sorted({*report.hands, self.by.pk})
        if change.returned:
            report.returned = {**report.returned, **dict.fromkeys(change.returned, self.reason)}
        if change.entry.code in self.handed_in:
            self._hand_in(report, change.entry.code)
        elif change.returned or report.state == ReportState.RETURNED:
            report.state = ReportState.RETURNED
        else:
            report.state = ReportState.DRAFT
        return report

    def _hand_in(self, report: Report, code: str) -> None:
        cautions = self.readiness.cautions[code]
        words = {each.key: words_on(report.explanations, each) or self.words for each in cautions}
        now = {each.key: entry_of(words[each.key], each.text) for each in cautions}
        report.explanations = without_answers_to_returns({**report.explanations, **now})
        report.warnings = [caution_json(each, words[each.key]) for each in cautions]
        report.warning_count = len(cautions)
        report.state, report.returned = ReportState.SUBMITTED, {}
        report.submitted_at, report.submitted_by = self.now, self.by
        if self.way == ImportWay.ACCEPT:
            report.state, report.accepted, report.hands = ReportState.ACCEPTED, report.values, []
            report.accepted_at, report.accepted_by = self.now, self.by

    def steps(self, change: ReportChange, report: Report) -> list[ReportStep]:
        by, proxy, steps = self.by, self.proxies.get(change.entry.code), []
        if change.returned:
            marks = dict.fromkeys(change.returned, self.reason)
            steps.append(step_of(report, StepKind.RETURNED, by=by, reason=self.reason, marks=marks))
        if change.changes_figures:
            steps.append(step_of(report, StepKind.IMPORTED, by=by, proxy=proxy, cells=change.cells))
        if change.entry.code in self.handed_in:
            steps.append(step_of(report, StepKind.SUBMITTED, by=by, proxy=proxy))
            if self.way == ImportWay.ACCEPT:
                taken = [c for c, value in report.values.items() if change.stored.accepted.get(c) != value]
                steps.append(step_of(report, StepKind.ACCEPTED, by=by, marks=dict.fromkeys(taken, "")))
        return steps


def _proxies(plan: ImportPlan, by) -> dict[str, Institution]:
    """Institution code -> its manager, for those that a clerk fills in through it (代报)."""
    if not plan.terms.is_restricted:
        return {}
    own = by.grants.filter(role=Role.DATA_CLERK, county=plan.county).values("institution")
    others = plan.county.institutions.filter(code__in=plan.terms.institutions).exclude(pk__in=own)
    return {each.code: each.manager for each in others.select_related("manager")}

"""Every write of those who fill in: typing, copying last period's facts, submitting. One transaction each."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from indicators.enums import ValueType
from indicators.models import Element
from institutions.access import proxy_of
from institutions.enums import ReportState, StepKind
from institutions.filling.cells import LONGEST, Unread, cell_text, read_cell
from institutions.filling.explanations import (
    Words,
    entry_of,
    is_explained,
    typed_words,
    without_answers_to_returns,
    words_on,
)
from institutions.filling.findings import Finding, Rulebook, faults
from institutions.filling.rulebook import fields_of, rulebook_for
from institutions.filling.twins import fingerprint
from institutions.history import cells_between, step_of
from institutions.models import Institution, Report, ReportStep, Round
from institutions.period import Period
from institutions.refusals import Refused
from institutions.rounds.queries import cautions_of, previous_values
from institutions.rounds.round_notices import settle_return
from tcm_demo.audit.services import record

# in these states an institution may change what is not accepted
OPEN_STATES = (ReportState.DRAFT, ReportState.RETURNED)
# a word of explanation
EXPLANATION_LENGTH = range(2, 301)
# No report has more cautions, nor a caution a longer key: what is kept forever is not filled with made-up ones.
MOST_EXPLANATIONS, LONGEST_KEY = 200, 400
SAVED, UNCHANGED, CONFLICT, UNREAD, LOCKED = "saved", "unchanged", "conflict", "unread", "locked"


@dataclass(frozen=True)
class Cell:
    """One cell as somebody typed it. `base`: the text that stood there when they began; None: whatever stood there."""

    institution: Institution
    element: str
    text: str
    base: str | None = None


@dataclass(frozen=True)
class CellResult:
    """What became of a cell. `text` is what is stored now, also after a conflict, where it is the other's, who is
    named by `by` and `at`. `sentence` says what is wrong, where something is."""

    institution: Institution
    element: str
    status: str
    text: str
    sentence: str = ""
    by: str = ""
    at: datetime | None = None


class Unfit(Refused):
    """The report cannot be submitted: `faults` have to be mended, `unexplained` cautions need a word."""

    def __init__(self, institution: Institution, faults: list[Finding], unexplained: list[Finding]):
        self.faults, self.unexplained = faults, unexplained
        parts = [f"{len(faults)} 处错误要改正"] if faults else []
        parts += [f"{len(unexplained)} 条提示要写说明"] if unexplained else []
        super().__init__(
            f"“{institution.name}”还不能提交：{'，'.join(parts)}。", [f.text for f in faults + unexplained]
        )


def stored_text(report: Report, element) -> str:
    """What stands in a cell of the form: what could not be read, or else the value."""
    return report.unread.get(element.code) or cell_text(element, report.values.get(element.code))


def is_locked(report: Report, code: str) -> bool:
    """Whether the institution may not change this figure: submitted, or accepted."""
    return report.state not in OPEN_STATES or code in report.accepted


@transaction.atomic
def save_cells(
    round: Round,
    cells: Iterable[Cell],
    *,
    by,
    explanations: Mapping[int, Mapping[str, Words | str]] | None = None,
    kind: StepKind = StepKind.SAVED,
) -> list[CellResult]:
    """Store what was typed, of one institution or of many. Each cell that somebody else has changed in the meantime
    stays as it is and comes back as a conflict; what cannot be read is kept as it was typed, and comes back as such.

    `explanations`: institution pk -> key of a caution -> words; a plain text is on the caution as it reads once the
    cells are stored. The caller has fetched the institutions as ones for
    which `by` may fill in (access.institutions_to_fill). Raises Refused where the round is not open.
    """
    cells = sorted(cells, key=lambda cell: cell.institution.pk)
    explanations = explanations or {}
    institutions = {cell.institution.pk: cell.institution for cell in cells}
    missing = explanations.keys() - institutions.keys()
    institutions |= Institution.objects.select_related("county", "manager").in_bulk(missing)
    reports = lock_reports(round, institutions.values())
    check_open(round)
    results = []
    by_institution = {pk: list(group) for pk, group in groupby(cells, key=lambda cell: cell.institution.pk)}
    elements = list(Element.objects.all())
    fields = {kind: fields_of(round, kind, elements) for kind in {each.type for each in institutions.values()}}
    for pk, institution in institutions.items():
        writer = _Writer(institution, reports[pk], by, fields[institution.type])
        results += [writer.write(cell) for cell in by_institution.get(pk, ())]
        writer.explain(_on_sentences(round, reports[pk], explanations.get(pk, {})))
        writer.finish(kind)
    return results


@transaction.atomic
def copy_facts(round: Round, institution: Institution, *, by) -> list[str]:
    """Fill empty yes/no and choices with the last period's; figures stay empty. The codes that were filled."""
    report = lock_reports(round, [institution])[institution.pk]
    check_open(round)
    _, previous = previous_values(round, [institution.pk])
    fields = fields_of(round, institution.type)
    facts = [e for e in fields.values() if e.value_type in (ValueType.BOOLEAN, ValueType.CHOICE)]
    before = previous.get(institution.pk, {})
    writer = _Writer(institution, report, by, fields)
    for element in facts:
        if element.code in before and not stored_text(report, element) and not is_locked(report, element.code):
            writer.write(Cell(institution, element.code, cell_text(element, before[element.code])))
    writer.finish(StepKind.COPIED)
    return list(writer.changed)


def figures_version(report: Report) -> str:
    """What the check page remembers of the figures that it shows; words on cautions do not count."""
    text = json.dumps([report.values, report.unread], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def submit_report(round: Round, institution: Institution, *, by, seen: str | None = None) -> Report:
    """Hand the report to the county office. `seen`: figures_version of what was looked at. Raises Unfit, and Refused
    where it is not the institution's turn, or where somebody changed a figure in the meantime."""
    report = lock_reports(round, [institution])[institution.pk]
    check_open(round)
    if report.state not in OPEN_STATES:
        raise Refused(f"“{institution.name}”的填报{report.get_state_display()}，不用再提交。")
    if not report.values:
        raise Refused(f"“{institution.name}”一项都没有填，填写后再提交。")
    if seen is not None and seen != figures_version(report):
        raise Refused("核对之后，有人改动了填报的数，还没有提交。请按现在的数重新核对，再提交。")
    rules = rulebook_for(round, institution.type)
    found = cautions_of(round, rules, report)
    wrong = faults(rules, report.values, report.unread)
    unexplained = [each for each in found if not is_explained(report.explanations, each)]
    if wrong or unexplained:
        raise Unfit(institution, wrong, unexplained)
    hand_in(report, rules, found, by=by, proxy=proxy_of(by, institution))
    return report


def hand_in(report: Report, rules: Rulebook, found: Collection[Finding], *, by, proxy: Institution | None) -> None:
    """Set a report to submitted, with its cautions and their words; in the caller's transaction and lock."""
    now = timezone.now()
    report.state, report.submitted_at, report.submitted_by, report.updated_at = ReportState.SUBMITTED, now, by, now
    report.warnings = [caution_json(each, words_on(report.explanations, each)) for each in found]
    report.warning_count = len(found)
    report.explanations = without_answers_to_returns(report.explanations)
    marks, report.returned = report.returned, {}
    report.hands = with_hand(report, by)
    report.save()
    if marks:
        settle_return(report)
    step_of(report, StepKind.SUBMITTED, by=by, proxy=proxy).save()
    pending = {code: report.values.get(code) for code in cells_between(report.accepted, report.values)}
    if proxy:
        pending["proxy"] = proxy.name
    record(
        "submit_report", report, by=by, place=report.institution.county.code, before={"returned": marks}, after=pending
    )


def caution_json(caution: Finding, words: str) -> dict:
    """As Report.warnings holds it."""
    return {"key": caution.key, "elements": list(caution.elements), "text": caution.text, "explanation": words}


def with_hand(report: Report, by) -> list[int]:
    return sorted({*report.hands, by.pk}) if by else report.hands


def _on_sentences(round: Round, report: Report, words: Mapping[str, Words | str]) -> dict[str, Words]:
    """Each with the caution on which it is. Queries only where somebody did not say on which."""
    known = {key: each if isinstance(each, Words) else Words(each) for key, each in words.items()}
    if all(each.of is not None for each in known.values()):
        return known
    report.fingerprint = fingerprint(report.values)
    now = {each.key: each.text for each in cautions_of(round, rulebook_for(round, report.institution.type), report)}
    return {key: each if each.of is not None else Words(each.text, now.get(key, "")) for key, each in known.items()}


def check_open(round: Round) -> None:
    """Raises Refused where nobody can fill in now. Asked under the lock of the reports, which closing takes as well."""
    round.refresh_from_db(fields=["closed_at", "opens_on"])
    period = Period.parse(round.period)
    if round.is_closed:
        raise Refused(f"{period}填报已关闭，不能再修改；确需修改，请联系创建办重新开放。")
    if not round.is_open_on(timezone.localdate()):
        raise Refused(f"{period}填报 {round.opens_on} 开放，到时再填。")


def lock_reports(round: Round, institutions: Iterable[Institution]) -> dict[int, Report]:
    """Their reports by the institution's pk, one writer at a time; those that do not exist are new and not stored.

    Locks are taken in the order of pk, so that no two writers wait for each other; they let others refer to the
    institution, as a step does that it enters for another (代报).
    """
    found = {institution.pk: institution for institution in institutions}
    list(Institution.objects.select_for_update(no_key=True).filter(pk__in=found).order_by("pk").values_list("pk"))
    stored = Report.objects.filter(institution__in=found, period=round.period)
    reports = {report.institution_id: report for report in stored}
    for pk, institution in found.items():
        report = reports.setdefault(pk, Report(institution=institution, period=round.period))
        report.institution = institution
    return reports


class _Writer:
    """Writes cells into one report, which is locked."""

    def __init__(self, institution: Institution, report: Report, by, fields: Mapping[str, Element]):
        self.institution, self.report, self.by, self.fields = institution, report, by, fields
        self.earlier = dict(report.values)
        # key of a caution -> [old words, new words]
        self.texts: dict[str, list[str]] = {}
        # element code -> [old text, new text], where something was typed that cannot be read
        self.changed: dict[str, list] = {}

    def write(self, cell: Cell) -> CellResult:
        element = self.fields.get(cell.element)
        if element is None:
            raise Refused(f"“{self.institution.name}”不填报“{cell.element}”。")
        current = stored_text(self.report, element)
        if is_locked(self.report, element.code):
            return self._result(cell, LOCKED, current, self._why_locked(element))
        value, sentence = None, ""
        text = cell.text.strip()
        try:
            value = read_cell(element, text)
            text = cell_text(element, value)
        except Unread as error:
            sentence, text = str(error), text[:LONGEST]
        if text == current:
            return self._result(cell, UNREAD if sentence else UNCHANGED, current, sentence)
        if cell.base is not None and cell.base != current:
            return self._conflict(cell, current)
        self._put(element.code, value, text if sentence else "")
        return self._result(cell, UNREAD if sentence else SAVED, text, sentence)

    def explain(self, words: Mapping[str, Words]) -> None:
        """Keep words on cautions; blank ones take a word back. Raises Refused where they are too long or too short."""
        if words and self.report.state not in OPEN_STATES:
            return
        for key, typed in words.items():
            text = " ".join(typed.text.split())
            if text and len(text) not in EXPLANATION_LENGTH:
                raise Refused(f"说明请写 {EXPLANATION_LENGTH.start} 至 {EXPLANATION_LENGTH.stop - 1} 个字。")
            if len(key) > LONGEST_KEY:
                continue  # no caution of ours: whoever made it up needs no sentence
            others = {other: each for other, each in self.report.explanations.items() if other != key}
            changed = {**others, key: entry_of(text, typed.of or "")} if text else others
            if len(changed) > MOST_EXPLANATIONS:
                raise Refused(f"一份填报最多写 {MOST_EXPLANATIONS} 条说明，请刷新页面后重新填写。")
            if changed != self.report.explanations:
                self.texts[key] = [typed_words(self.report.explanations, key), text]
                self.report.explanations = changed

    def finish(self, kind: StepKind) -> None:
        """Store the report with its step and event, where anything changed."""
        if not (self.changed or self.texts):
            return
        report = self.report
        report.updated_at, report.fingerprint = timezone.now(), fingerprint(report.values)
        report.hands = with_hand(report, self.by)
        report.save()
        cells = cells_between(self.earlier, report.values)
        proxy = proxy_of(self.by, self.institution) if self.by else None
        if cells:
            step_of(report, kind, by=self.by, proxy=proxy, cells=cells).save()
        action = "copy_facts" if kind == StepKind.COPIED else "save_figures"
        before = {code: old for code, (old, _) in self.changed.items()}
        after = {code: new for code, (_, new) in self.changed.items()}
        if self.texts:
            before["explanations"] = {key: old for key, (old, _) in self.texts.items()}
            after["explanations"] = {key: new for key, (_, new) in self.texts.items()}
        if proxy:
            after["proxy"] = proxy.name
        record(action, report, by=self.by, place=self.institution.county.code, before=before, after=after)

    def _put(self, code: str, value, unread: str) -> None:
        report = self.report
        old = report.unread.get(code) or report.values.get(code)
        report.values = {key: each for key, each in report.values.items() if key != code}
        report.unread = {key: each for key, each in report.unread.items() if key != code}
        if unread:
            report.unread[code] = unread
        elif value is not None:
            report.values[code] = value
        self.changed[code] = [old, unread or value]

    def _why_locked(self, element) -> str:
        if element.code in self.report.accepted:
            return f"“{element.name}”已被接受，不能修改；确有错误，请联系创建办退回。"
        return f"填报{self.report.get_state_display()}，不能修改；确有错误，请联系创建办退回。"

    def _conflict(self, cell: Cell, current: str) -> CellResult:
        last = self._last_change(cell.element)
        who, at = (last.by_name, last.at) if last else ("", None)
        sentence = (
            f"{who or '另一位填报人'}同时把这一项改成了“{current or '空'}”，您填的是“{cell.text.strip()}”。请选一个。"
        )
        return self._result(cell, CONFLICT, current, sentence, who, at)

    def _last_change(self, code: str) -> ReportStep | None:
        if self.report.pk is None:
            return None
        return next((step for step in self.report.steps.order_by("-pk")[:100] if code in step.cells), None)

    def _result(self, cell: Cell, status: str, text: str, sentence: str = "", by: str = "", at=None) -> CellResult:
        return CellResult(self.institution, cell.element, status, text, sentence, by, at)

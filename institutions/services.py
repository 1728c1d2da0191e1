"""Writes of this room: counties, grants, and the import of ledgers. Each is one transaction with its audit event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from indicators.queries import elements_of
from institutions import registry
from institutions.enums import ImportWay, ReportState
from institutions.filling.services import EXPLANATION_LENGTH
from institutions.hooks import figures_changed
from institutions.importing.readiness import Readiness, handed_in, readiness_of
from institutions.importing.terms import operators_terms, terms_of
from institutions.importing.uploads import read_upload
from institutions.importing.writing import AcceptedWriter, EnteredWriter, write_institutions
from institutions.ledger.digest import plan_digest
from institutions.ledger.headings import heading_key
from institutions.ledger.plan import ImportPlan, Progress
from institutions.ledger.planner import plan_import
from institutions.ledger.terms import Decision
from institutions.ledger.workbook import LedgerFile, open_ledger
from institutions.models import County, Grant, HeadingMatch, Institution, LedgerUpload, Report
from institutions.period import Period
from institutions.refusals import Refused
from institutions.review.services import REASON_LENGTH
from institutions.rounds.reminder_services import tell_returned
from institutions.rounds.round_notices import settle_return
from tcm_demo.audit.services import record

_NAMED_FAULTS = 10
# An upload that nobody wrote is somebody's unfinished work for so long.
_KEPT_UNWRITTEN = timedelta(days=30)


class LedgerRefused(ValueError):
    """The ledger has problems, so nothing was written. `plan` lists them."""

    def __init__(self, plan: ImportPlan):
        self.plan = plan
        count = len(plan.problems) + plan.more_problems
        super().__init__(f"台账有 {count} 处问题，没有写入任何数据。请改正后重新导入。")


class LedgerChanged(ValueError):
    """What importing the ledger would do is no longer what somebody saw and confirmed, so nothing was written."""

    def __init__(self):
        super().__init__("核对之后，系统中的数据有了变化，没有写入任何数据。请重新核对下面的差异，再写入。")


@dataclass(frozen=True)
class ImportOutcome:
    """`written` is False where the ledger holds nothing that is not stored already."""

    plan: ImportPlan
    written: bool


class Undecided(Refused):
    """Something has to be decided, written or mended before the import: `field` names the box it concerns, or is ""."""

    def __init__(self, field: str, sentence: str, reasons: Sequence[str] = ()):
        super().__init__(sentence, reasons)
        self.field = field


def create_county(code: str, name: str, *, by=None) -> County:
    """Raises ValidationError where the code is taken or cannot be one."""
    county = County(code=code, name=name)
    county.full_clean()
    registry.save_county(county, by=by)
    return county


@transaction.atomic
def grant(user, county: County, role: str, *, by=None) -> Grant:
    """Let a person do in a county what the role may; where they may already, nothing happens."""
    found = Grant.objects.filter(user=user, county=county, role=role).first()
    if found is None:
        found = Grant(user=user, county=county, role=role)
        registry.save_grant(found, by=by)
    return found


@transaction.atomic
def remember_headings(county: County, matches: Mapping[str, str], *, by=None) -> None:
    """Remember what headings stand for: element code, or "" for a column to leave out; None forgets a heading.

    Raises ValueError where a code is no data element.
    """
    unknown = {code for code in matches.values() if code} - set(elements_of(county.code).values_list("code", flat=True))
    if unknown:
        raise ValueError(f"没有“{'、'.join(sorted(unknown))}”这个数据元，请重新选择。")
    wanted = {key: code for heading, code in matches.items() if (key := heading_key(heading))}
    stored = dict(county.heading_matches.filter(heading__in=wanted).values_list("heading", "element_code"))
    changed = {key: code for key, code in wanted.items() if stored.get(key) != code}
    if not changed:
        return
    rows = [
        HeadingMatch(county=county, heading=key, element_code=code) for key, code in changed.items() if code is not None
    ]
    HeadingMatch.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["county", "heading"], update_fields=["element_code"]
    )
    county.heading_matches.filter(heading__in=[key for key, code in changed.items() if code is None]).delete()
    before = {key: stored.get(key) for key in changed}
    record("remember_headings", county, by=by, place=county.code, before=before, after=changed)


def import_ledger(
    county: County,
    period: str | Period,
    file,
    *,
    by=None,
    matches: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> ImportOutcome:
    """Import a ledger: institutions and figures, which are accepted at once. All or nothing. The operator's way.

    `file` is a path, bytes, an open file or a LedgerFile; `matches` as plan_import has it. Raises LedgerUnreadable,
    LedgerRefused (it has problems) and, for a wrong period, ValueError.
    """
    period = period if isinstance(period, Period) else Period.parse(period)
    ledger = file if isinstance(file, LedgerFile) else open_ledger(file)
    progress = progress or (lambda done, total, what: None)
    with transaction.atomic():
        _lock(county)
        plan = _sound_plan(
            county, period, ledger, terms=operators_terms(county, period), matches=matches, tell=progress
        )
        if plan.changes_nothing:
            return ImportOutcome(plan, written=False)
        keys = write_institutions(plan)
        AcceptedWriter(plan, keys, by, progress).write(plan.reports)
        _record_import("import_ledger", plan, ledger, by)
        progress(0, 0, "重新计算达标情况")
        figures_changed(county=county, period=period.text, since=_earliest(plan))
    return ImportOutcome(plan, written=True)


def _import_upload(upload: LedgerUpload, decision: Decision, by, tell: Progress, seen) -> ImportOutcome:
    """The browser's way: see write_upload."""
    ledger = read_upload(upload)
    county, period = upload.county, Period.parse(upload.period)
    _lock(county)
    terms = terms_of(upload, by)
    plan = _sound_plan(county, period, ledger, terms=terms, tell=tell)
    if plan.does_nothing or (plan.changes_nothing and decision.way == ImportWay.DRAFT):
        return ImportOutcome(plan, written=False)
    if seen is not None and plan_digest(plan) != seen:
        raise LedgerChanged
    readiness = _decided(plan, decision)
    keys = write_institutions(plan)
    EnteredWriter(plan, keys, by, tell, decision, readiness).write_all()
    _record_import("import_figures", plan, ledger, by, decision)
    tell(0, 0, "重新计算达标情况")
    _announce(plan, keys, decision)
    _tell_returned(plan, decision, by)
    _settle_returns(plan)
    return ImportOutcome(plan, written=True)


def _lock(county: County) -> None:
    """Nobody else writes in the county, or fills in a form there, until this is done: the differences are those to what
    is stored now."""
    County.objects.select_for_update().get(pk=county.pk)
    list(county.institutions.select_for_update().order_by("pk").values_list("pk"))


def _sound_plan(county: County, period: Period, ledger: LedgerFile, *, tell: Progress, **more) -> ImportPlan:
    plan = plan_import(county, period, ledger.sheets, progress=tell, **more)
    if plan.problems:
        raise LedgerRefused(plan)
    return plan


def _decided(plan: ImportPlan, decision: Decision) -> Readiness:
    """What the reports that are handed in look like. Raises Undecided where something is missing for it."""
    if not plan.touched:
        return Readiness()
    if decision.way not in plan.terms.ways:
        raise Undecided("way", "请选择写入后存为草稿，还是提交。")
    if plan.returns_accepted and len(decision.reason) not in REASON_LENGTH:
        lengths = f"{REASON_LENGTH.start} 至 {REASON_LENGTH.stop - 1}"
        raise Undecided("reason", f"文件改动了已接受的数值，须写退回理由（{lengths} 个字）。")
    readiness = readiness_of(plan, plan.terms.round, handed_in(plan, decision))
    if readiness.faults:
        reasons = [f"“{entry.name}”：{fault.text}" for entry, fault in readiness.faults[:_NAMED_FAULTS]]
        sentence = f"有 {len(readiness.faults)} 处错误，还不能提交；可以先存为草稿，改正后再提交。"
        raise Undecided("", sentence, reasons)
    if readiness.unexplained and len(decision.words) not in EXPLANATION_LENGTH:
        lengths = f"{EXPLANATION_LENGTH.start} 至 {EXPLANATION_LENGTH.stop - 1}"
        raise Undecided("words", f"有 {readiness.unexplained} 条提示还没有说明，请写一句（{lengths} 个字）。")
    return readiness


def _tell_returned(plan: ImportPlan, decision: Decision, by) -> None:
    """Who entered an accepted figure learns that the file changed it, and why."""
    returned = {report.entry.code: report.returned for report in plan.reports if report.returned}
    if returned:
        reports = Report.objects.filter(institution__county=plan.county, period=plan.period.text)
        found = reports.filter(institution__code__in=returned).select_related("institution")
        marks = [(each, dict.fromkeys(returned[each.institution.code], decision.reason)) for each in found]
        tell_returned(plan.terms.round, marks, by=by)


def _settle_returns(plan: ImportPlan) -> None:
    """What had been returned and is handed in again by the file waits for nobody any more."""
    codes = [report.entry.code for report in plan.reports if report.stored.returned]
    reports = Report.objects.filter(
        institution__county=plan.county, period=plan.period.text, institution__code__in=codes
    )
    for report in reports.exclude(state=ReportState.RETURNED).select_related("institution"):
        settle_return(report)


def _record_import(action: str, plan: ImportPlan, ledger: LedgerFile, by, decision: Decision | None = None) -> None:
    """One event with everything that was overwritten, old beside new."""
    old, new = {}, {}
    for report in plan.reports:
        if pairs := report.overwritten | report.returned:
            old[report.entry.code] = {element: values[0] for element, values in pairs.items()}
            new[report.entry.code] = {element: values[1] for element, values in pairs.items()}
    changed = {change.entry.code: change.fields for change in plan.institutions if change.kind != "created"}
    after = {
        "file": ledger.name,
        "sha256": ledger.sha256,
        "period": plan.period.text,
        "counts": plan.counts(),
        "values": new,
        "institutions": {code: {name: v[1] for name, v in fields.items()} for code, fields in changed.items()},
    }
    if decision and plan.touched:
        after |= {"way": decision.way, "submitted": len(handed_in(plan, decision))}
        after |= {name: text for name, text in (("words", decision.words), ("reason", decision.reason)) if text}
        after |= {"returned": {r.entry.code: sorted(r.returned) for r in plan.reports if r.returned}}
        if decision.way == ImportWay.ACCEPT:
            after["one_person"] = True
    record(
        action,
        plan.county,
        by=by,
        place=plan.county.code,
        before={
            "values": old,
            "institutions": {code: {name: v[0] for name, v in fields.items()} for code, fields in changed.items()},
        },
        after=after,
    )


def _announce(plan: ImportPlan, keys: Mapping[str, int], decision: Decision) -> None:
    """Standings follow where accepted figures changed, or the institutions that count."""
    if plan.institutions:
        figures_changed(county=plan.county, period=plan.period.text, since=_earliest(plan))
        return
    figures = {}
    taken = {change.entry.code for change in handed_in(plan, decision)} if decision.way == ImportWay.ACCEPT else ()
    for change in plan.touched:
        before = dict(change.stored.accepted)
        kept = {code: value for code, value in before.items() if code not in change.returned}
        after = change.values if change.entry.code in taken else kept
        if before != after:
            figures[keys[change.entry.code]] = (before, after)
    if figures:
        figures_changed(county=plan.county, period=plan.period.text, since=date.max, figures=figures)


def _earliest(plan: ImportPlan) -> date | None:
    """The first day from which other institutions count; None: ever."""
    since = [change.counts_since() for change in plan.institutions]
    return None if None in since else min(since, default=date.max)


# Uploads: a ledger on its way through the browser.


def receive_ledger(
    county: County, period: str | Period, file, *, by, institution: Institution | None = None
) -> LedgerUpload:
    """Keep an uploaded file until it is written or dropped. Raises LedgerUnreadable, and ValueError for the period.

    `institution`: at whose form a data clerk uploads it. What the same person uploaded for this county before and did
    not write is dropped, and what anybody left lying.
    """
    period = period if isinstance(period, Period) else Period.parse(period)
    ledger = open_ledger(file)
    with transaction.atomic():
        return _keep(county, period, ledger, by, institution)


def _keep(county: County, period: Period, ledger: LedgerFile, by, institution) -> LedgerUpload:
    left_lying = Q(uploaded_at__lt=timezone.now() - _KEPT_UNWRITTEN)
    for earlier in county.ledger_uploads.filter(Q(uploaded_by=by) | left_lying, written_at=None):
        drop_upload(earlier, by=by)
    upload = LedgerUpload(county=county, period=period.text, sha256=ledger.sha256, uploaded_by=by)
    upload.institution = institution
    upload.file_name = ledger.name[-255:]
    upload.file.save(f"{upload.pk}", ContentFile(ledger.data), save=False)
    upload.save()
    facts = {"period": period.text, "sha256": ledger.sha256}
    record("receive_ledger", upload, by=by, place=county.code, after=facts)
    return upload


def write_upload(
    upload: LedgerUpload,
    *,
    by,
    decision: Decision,
    progress: Progress | None = None,
    seen: str | None = None,
) -> ImportOutcome | None:
    """Import an uploaded file, once, on the terms of `by`: its figures are entered as drafts or submitted, and somebody
    else accepts them. All or nothing; None where it was written already.

    `seen` is the digest (ledger.digest) of the plan that was confirmed; None where nobody had to. Raises
    LedgerUnreadable, LedgerRefused (it has problems), LedgerChanged (it would do something else than was seen),
    Undecided, and LedgerUpload.DoesNotExist where it was dropped. An outcome without counts: there was nothing to
    change any more.
    """
    with transaction.atomic():
        found = LedgerUpload.objects.select_related("county")
        upload = found.select_for_update(of=("self",)).get(pk=upload.pk)
        if upload.written_at:
            return None
        tell = progress or (lambda done, total, what: None)
        outcome = _import_upload(upload, decision, by, tell, seen)
        upload.written_at = timezone.now()
        upload.outcome = outcome.plan.counts() | {"way": decision.way} if outcome.written else {}
        upload.save(update_fields=["written_at", "outcome"])
    return outcome


@transaction.atomic
def drop_upload(upload: LedgerUpload, *, by) -> bool:
    """Forget an upload and its file. False where it was written: that one is kept as a record."""
    found = LedgerUpload.objects.select_for_update().filter(pk=upload.pk, written_at=None).first()
    if found:
        name, storage = found.file.name, found.file.storage
        record("drop_ledger", found, by=by, place=found.county.code, before={"sha256": found.sha256})
        found.delete()
        transaction.on_commit(lambda: storage.delete(name))
    return found is not None

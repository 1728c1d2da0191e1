"""Writes of this room: counties, grants, and the import of ledgers. Each is one transaction with its audit event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from indicators.models import Element
from institutions import registry
from institutions.enums import ReportState
from institutions.hooks import figures_changed
from institutions.ledger.digest import plan_digest
from institutions.ledger.headings import heading_key
from institutions.ledger.plan import ImportPlan, Progress, plan_import
from institutions.ledger.roster import FIELDS, Entry
from institutions.ledger.workbook import LedgerFile, open_ledger
from institutions.models import County, Grant, HeadingMatch, Institution, LedgerUpload, Report
from institutions.period import Period
from institutions.uploads import read_upload
from tcm_demo.audit.services import record

_CHUNK = 500
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
    unknown = {code for code in matches.values() if code} - set(Element.objects.values_list("code", flat=True))
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
    seen: str | None = None,
) -> ImportOutcome:
    """Import a ledger: institutions and figures, which are accepted at once. All or nothing.

    `file` is a path, bytes, an open file or a LedgerFile; `matches` as plan_import has it; `seen` is the digest
    (ledger.digest) of the plan that somebody confirmed; None where nobody had to. Raises LedgerUnreadable,
    LedgerRefused (it has problems), LedgerChanged (it would do something else than was seen) and, for a wrong period,
    ValueError.
    """
    period = period if isinstance(period, Period) else Period.parse(period)
    ledger = file if isinstance(file, LedgerFile) else open_ledger(file)
    progress = progress or (lambda done, total, what: None)
    with transaction.atomic():
        # two imports do not interleave: the differences are those to what is stored now
        County.objects.select_for_update().get(pk=county.pk)
        plan = plan_import(county, period, ledger.sheets, matches=matches, progress=progress)
        if plan.problems:
            raise LedgerRefused(plan)
        if plan.changes_nothing:
            return ImportOutcome(plan, written=False)
        if seen is not None and plan_digest(plan) != seen:
            raise LedgerChanged
        _Writer(plan, by, progress).write()
        _record_import(plan, ledger, by)
        progress(0, 0, "重新计算达标情况")
        _announce(plan)
    return ImportOutcome(plan, written=True)


class _Writer:
    """Writes what a plan says, with few statements however many rows there are."""

    def __init__(self, plan: ImportPlan, by, progress: Progress):
        self.plan = plan
        self.by = by
        self.progress = progress
        self.keys = dict(plan.county.institutions.values_list("code", "pk"))

    def write(self) -> None:
        self._write_institutions([change.entry for change in self.plan.institutions])
        self._write_reports()

    def _write_institutions(self, entries: list[Entry]) -> None:
        """Managers before those whom they manage. A place in the list is given once and kept."""
        last = self.plan.county.institutions.aggregate(last=Max("position"))["last"]
        first = 0 if last is None else last + 1
        positions = {entry.code: first + number for number, entry in enumerate(entries)}
        while entries:
            ready = [entry for entry in entries if not entry.manager or entry.manager in self.keys]
            rows = [self._institution(entry, positions[entry.code]) for entry in ready]
            stored = Institution.objects.bulk_create(
                rows,
                batch_size=_CHUNK,
                update_conflicts=True,
                unique_fields=["county", "code"],
                update_fields=FIELDS,
            )
            self.keys.update((row.code, row.pk) for row in stored)
            written = {entry.code for entry in ready}
            entries = [entry for entry in entries if entry.code not in written]

    def _institution(self, entry: Entry, position: int) -> Institution:
        fields = {name: getattr(entry, name) for name in FIELDS if name != "manager"}
        manager_id = self.keys[entry.manager] if entry.manager else None
        return Institution(county=self.plan.county, code=entry.code, manager_id=manager_id, position=position, **fields)

    def _write_reports(self) -> None:
        now, changes = timezone.now(), self.plan.reports
        for start in range(0, len(changes), _CHUNK):
            self.progress(start, len(changes), "写入数据")
            rows = [
                Report(
                    institution_id=self.keys[change.entry.code],
                    period=self.plan.period.text,
                    state=ReportState.ACCEPTED,
                    values=change.values,
                    accepted_at=now,
                    accepted_by=self.by,
                    updated_at=now,
                )
                for change in changes[start : start + _CHUNK]
            ]
            Report.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["institution", "period"],
                update_fields=["state", "values", "accepted_at", "accepted_by", "updated_at"],
            )
        self.progress(len(changes), len(changes), "写入数据")


def _record_import(plan: ImportPlan, ledger: LedgerFile, by) -> None:
    """One event with everything that was overwritten, old beside new."""
    old, new = {}, {}
    for report in plan.reports:
        if report.overwritten:
            old[report.entry.code] = {element: values[0] for element, values in report.overwritten.items()}
            new[report.entry.code] = {element: values[1] for element, values in report.overwritten.items()}
    changed = {change.entry.code: change.fields for change in plan.institutions if change.kind != "created"}
    record(
        "import_ledger",
        plan.county,
        by=by,
        place=plan.county.code,
        before={
            "values": old,
            "institutions": {code: {name: v[0] for name, v in fields.items()} for code, fields in changed.items()},
            "replaced_reports": plan.replaced,
        },
        after={
            "file": ledger.name,
            "sha256": ledger.sha256,
            "period": plan.period.text,
            "counts": plan.counts(),
            "values": new,
            "institutions": {code: {name: v[1] for name, v in fields.items()} for code, fields in changed.items()},
        },
    )


def _announce(plan: ImportPlan) -> None:
    """Standings follow: this period's, and others where from some day on other institutions count."""
    since = [change.counts_since() for change in plan.institutions]
    earliest = None if None in since else min(since, default=date.max)
    figures_changed(county=plan.county, period=plan.period.text, since=earliest)


# Uploads: a ledger on its way through the browser.


def receive_ledger(county: County, period: str | Period, file, *, by) -> LedgerUpload:
    """Keep an uploaded file until it is written or dropped. Raises LedgerUnreadable, and ValueError for the period.

    What the same person uploaded for this county before and did not write is dropped, and what anybody left lying.
    """
    period = period if isinstance(period, Period) else Period.parse(period)
    ledger = open_ledger(file)
    with transaction.atomic():
        return _keep(county, period, ledger, by)


def _keep(county: County, period: Period, ledger: LedgerFile, by) -> LedgerUpload:
    left_lying = Q(uploaded_at__lt=timezone.now() - _KEPT_UNWRITTEN)
    for earlier in county.ledger_uploads.filter(Q(uploaded_by=by) | left_lying, written_at=None):
        drop_upload(earlier)
    upload = LedgerUpload(county=county, period=period.text, sha256=ledger.sha256, uploaded_by=by)
    upload.file_name = ledger.name[-255:]
    upload.file.save(f"{upload.pk}", ContentFile(ledger.data), save=False)
    upload.save()
    return upload


def write_upload(
    upload: LedgerUpload, *, by, progress: Progress | None = None, seen: str | None = None
) -> ImportOutcome | None:
    """Import an uploaded ledger, once: None where it was written already. Raises as import_ledger does, and
    LedgerUpload.DoesNotExist where it was dropped. An outcome without counts: there was nothing to change any more."""
    ledger = read_upload(upload)
    with transaction.atomic():
        upload = LedgerUpload.objects.select_for_update().get(pk=upload.pk)
        if upload.written_at:
            return None
        outcome = import_ledger(upload.county, upload.period, ledger, by=by, progress=progress, seen=seen)
        upload.written_at = timezone.now()
        upload.outcome = outcome.plan.counts() if outcome.written else {}
        upload.save(update_fields=["written_at", "outcome"])
    return outcome


@transaction.atomic
def drop_upload(upload: LedgerUpload) -> bool:
    """Forget an upload and its file. False where it was written: that one is kept as a record."""
    found = LedgerUpload.objects.select_for_update().filter(pk=upload.pk, written_at=None).first()
    if found:
        name, storage = found.file.name, found.file.storage
        found.delete()
        transaction.on_commit(lambda: storage.delete(name))
    return found is not None

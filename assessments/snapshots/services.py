"""Keeping, naming, locking and deleting snapshots. One transaction each, each an event on the trail."""

from django.db import transaction
from django.utils import timezone

from assessments.models import Assessment
from assessments.services import save_assessment
from indicators.models import Standard
from institutions.models import County
from institutions.period import Period
from institutions.refusals import Refused
from tcm_demo.audit.services import record
from tcm_demo.lib.dates import zh_datetime

NAME_LENGTH, NOTE_LENGTH = 40, 300
REASON_LENGTH = range(2, 301)


@transaction.atomic
def take_snapshot(
    county: County, standard: Standard, period: str, *, name: str = "", note: str = "", by=None
) -> Assessment:
    """Keep what the county comes to now, under a name. Raises Refused where there is nothing to keep."""
    snapshot = save_assessment(county, standard, period, name=checked_name(name), note=checked_note(note), by=by)
    refuse_empty(snapshot, "存档")  # which takes it back
    return snapshot


@transaction.atomic
def name_snapshot(snapshot: Assessment, *, name: str, note: str, by) -> Assessment:
    """Call it something else, with another note. Raises Refused where it is locked."""
    snapshot = _locked_row(snapshot)
    if snapshot.locked_at:
        raise Refused(f"{_who_locked(snapshot)}，名称和说明不能再改。")
    before = {"name": snapshot.name, "note": snapshot.note}
    snapshot.name, snapshot.note = checked_name(name), checked_note(note)
    after = {"name": snapshot.name, "note": snapshot.note}
    if after != before:
        snapshot.save(update_fields=["name", "note"])
        record("name_snapshot", snapshot, by=by, place=snapshot.county.code, before=before, after=after)
    return snapshot


@transaction.atomic
def lock_snapshot(snapshot: Assessment, *, by) -> Assessment:
    """From now on its name and note stay, and it cannot be deleted; nobody can unlock it. Raises Refused."""
    snapshot = _locked_row(snapshot)
    if snapshot.locked_at:
        raise Refused(f"{_who_locked(snapshot)}，不用再锁定。")
    if not snapshot.name:
        raise Refused("锁定以后名称不能再改，请先给这份存档起个名称，如“一次自评”，保存后再锁定。")
    snapshot.locked_at, snapshot.locked_by = timezone.now(), by
    snapshot.save(update_fields=["locked_at", "locked_by"])
    after = {"name": snapshot.name, "note": snapshot.note, "digest": snapshot.digest}
    record("lock_snapshot", snapshot, by=by, place=snapshot.county.code, after=after)
    return snapshot


@transaction.atomic
def delete_snapshot(snapshot: Assessment, *, reason: str, by) -> None:
    """Take back one that is not locked, for a reason; what it came to stays on the trail. Raises Refused."""
    snapshot = _locked_row(snapshot)
    if snapshot.locked_at:
        raise Refused(f"{_who_locked(snapshot)}，不能删除。")
    reason = " ".join(reason.split())
    if len(reason) not in REASON_LENGTH:
        raise Refused(f"删除存档须写理由（{REASON_LENGTH.start} 至 {REASON_LENGTH.stop - 1} 个字），理由记入操作记录。")
    before = {
        "name": snapshot.name,
        "note": snapshot.note,
        "period": snapshot.period,
        "computed_at": snapshot.computed_at,
        "summary": snapshot.result["summary"],
        "digest": snapshot.digest,
    }
    record("delete_snapshot", snapshot, by=by, place=snapshot.county.code, before=before, after={"reason": reason})
    snapshot.delete()


def refuse_empty(assessment: Assessment, purpose: str) -> None:
    """Raises Refused where the county has no institutions in the period, or none has reported. `purpose`: 存档."""
    coverage, county = assessment.result["coverage"], assessment.county
    period = Period.parse(assessment.period)
    if not coverage["due"]:
        raise Refused(f"{county}在{period}没有在用机构，不能{purpose}。请先导入台账，或核对填报期。")
    if not coverage["reported"]:
        raise Refused(f"{county}{period}还没有一家机构的数据，不能{purpose}。请先导入台账，或核对填报期。")


def checked_name(name: str) -> str:
    """Without stray blanks. Raises Refused."""
    name = " ".join(name.split())
    if len(name) > NAME_LENGTH:
        raise Refused(f"名称最多 {NAME_LENGTH} 字，现为 {len(name)} 字，请精简。")
    return name


def checked_note(note: str) -> str:
    note = " ".join(note.split())
    if len(note) > NOTE_LENGTH:
        raise Refused(f"说明最多 {NOTE_LENGTH} 字，现为 {len(note)} 字，请精简。")
    return note


def _locked_row(snapshot: Assessment) -> Assessment:
    """The row as it is now, held until the end of the transaction."""
    try:
        return Assessment.objects.select_for_update().get(pk=snapshot.pk)
    except Assessment.DoesNotExist:
        raise Refused("这份存档已经被删除。") from None


def _who_locked(snapshot: Assessment) -> str:
    who = snapshot.locked_by or "（账号已删除）"
    return f"第 {snapshot.pk} 号存档已由{who}于 {zh_datetime(snapshot.locked_at)} 锁定"

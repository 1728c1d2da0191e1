"""The county office's word on evidence: accept or return a use of a piece, judge a requirement as a whole.

Four eyes: who uploaded a file, or offered it for the requirement, does not accept it (County.one_person_checks lifts
that for small offices, and the trail then says so).
"""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.enums import EvidenceState, ItemStepKind, PlacementState
from assessments.evidence.access import campaign_of
from assessments.evidence.reasons import checked_reason
from assessments.evidence.states import lacks_date, requirement_states
from assessments.models import EvidenceJudgement, Placement
from assessments.standing_services import lock, refresh_evidence
from assessments.work.steps import happened
from indicators.models import EvidenceRequirement
from indicators.naming import item_name
from institutions.models import County
from institutions.refusals import Refused
from tcm_demo.audit.services import record
from tcm_demo.notices.services import Note, send_notes


@transaction.atomic
def accept(
    county: County, placements: Collection[int], *, by, seen: Mapping[int, int] | None = None
) -> list[Placement]:
    """Accept these uses (by pk), all or none. `seen`: placement -> number of the version that was looked at.

    Raises Refused with a reason for each that cannot be accepted.
    """
    lock(county)
    found = _waiting(county, placements)
    faults = [fault for each in found if (fault := _stale(each, seen) or _why_not_accept(each, by))]
    if faults:
        raise Refused(faults[0] if len(faults) == 1 else f"{len(faults)} 份材料不能接受，都没有接受。", faults)
    return _decide(county, found, PlacementState.ACCEPTED, "", by)


@transaction.atomic
def return_(
    county: County, placements: Collection[int], *, reason: str, by, seen: Mapping[int, int] | None = None
) -> list[Placement]:
    """Return these uses (by pk) with a reason, all or none; whoever handed them in is told. `seen` as in accept.

    Raises Refused.
    """
    reason = checked_reason(reason, "请写明退回的理由，责任部门要据此补正。")
    lock(county)
    found = _waiting(county, placements, also=(PlacementState.ACCEPTED,))
    if faults := [fault for each in found if (fault := _stale(each, seen))]:
        raise Refused(faults[0] if len(faults) == 1 else f"{len(faults)} 份材料刚换了新版本，都没有退回。", faults)
    decided = _decide(county, found, PlacementState.RETURNED, reason, by)
    _tell(county, decided, reason, by)
    return decided


@transaction.atomic
def judge_evidence(
    county: County, requirement: EvidenceRequirement, period: str, *, state: str, reason: str, by
) -> EvidenceJudgement:
    """The county office's word on a requirement as a whole: it goes before what its pieces come to.

    Raises Refused where a word lacks its reason: failing always, accepting where the pieces alone do not settle it.
    """
    if state not in EvidenceState.values:
        raise Refused("请选择认定结论：已认可、不合格或待认定。")
    reason = checked_reason(reason, "")
    lock(county)
    requirement = EvidenceRequirement.everyone.select_related("item__standard").get(pk=requirement.pk)
    campaign = campaign_of(county, requirement)
    if campaign is None or requirement.withdrawn_at:
        raise Refused("本县（区）没有这项佐证要求，或它已经取消。请刷新页面后再选。")
    _check_word(county, requirement, period, state, reason, by)
    earlier = EvidenceJudgement.objects.filter(county=county, requirement=requirement, period=period).first()
    judgement, _ = EvidenceJudgement.objects.update_or_create(
        county=county,
        requirement=requirement,
        period=period,
        defaults={"state": state, "reason": reason, "judged_by": by, "judged_at": timezone.now()},
    )
    before = {"state": earlier.state, "reason": earlier.reason} if earlier else None
    after = {"state": state, "reason": reason, "period": period}
    record("judge_evidence", judgement, by=by, place=county.code, before=before, after=after)
    words = f"{requirement.text}：{EvidenceState(state).label}" + (f"（{reason}）" if reason else "")
    happened(campaign, requirement.item, ItemStepKind.JUDGED, by=by, period=period, text=words)
    refresh_evidence(county, [requirement.item.standard])
    return judgement


def is_own(placement: Placement, user) -> bool:
    """Whether this person uploaded the current version, or offered it for the requirement."""
    return user is not None and user.pk in (placement.piece.version.uploaded_by_id, placement.placed_by_id)


def _check_word(county: County, requirement: EvidenceRequirement, period: str, state: str, reason: str, by) -> None:
    if state == EvidenceState.FAILING and not reason:
        raise Refused(f"“{requirement.text}”认定为不合格，请写明理由，责任部门要据此补正。")
    if state != EvidenceState.ACCEPTED:
        return
    now = requirement_states(county, requirement.item, period)[requirement.code]
    if not now.verdict.enough and not reason:
        raise Refused(
            f"“{requirement.text}”没有足够的已接受材料。确实见过原件或到过现场的，请写明依据，"
            "例如“3月5日查看原件，存区卫健局档案室”。"
        )
    if any(is_own(each, by) for each in now.placements) and not county.one_person_checks:
        raise Refused(f"“{requirement.text}”有您本人上传的材料，请由另一位审核人员认定。")


def _waiting(county: County, placements: Collection[int], also: Sequence[str] = ()) -> list[Placement]:
    rows = Placement.objects.select_for_update(of=("self",)).filter(pk__in=list(placements), piece__county=county)
    related = ("piece__version__uploaded_by", "requirement__item__standard", "institution", "placed_by")
    found = list(rows.select_related(*related).order_by("pk"))
    if len(found) != len(set(placements)) or not found:
        raise Refused("有材料已被撤回或不再用于这一条。请刷新页面后重新选择。")
    for each in found:
        if each.piece.withdrawn_at:
            raise Refused(f"“{each.piece.title}”已经撤回，不用再审核。请刷新页面。")
        if each.state not in (PlacementState.UPLOADED, *also):
            label = each.get_state_display()
            raise Refused(f"“{each.piece.title}”现在是“{label}”，可能刚由别人审核过。请刷新页面。")
    return found


def _stale(placement: Placement, seen: Mapping[int, int] | None) -> str:
    """Why a decision on what was looked at is none on what is there now; "" where it is."""
    piece = placement.piece
    if seen is None or seen.get(placement.pk) == piece.version.number:
        return ""
    return f"“{piece.title}”刚换了新版本（第 {piece.version.number} 版），请看过以后再审核。"


def _why_not_accept(placement: Placement, by) -> str:
    piece = placement.piece
    if is_own(placement, by) and not piece.county.one_person_checks:
        return f"“{piece.title}”是您本人上传的，请由另一位审核人员接受。"
    if lacks_date(placement, placement.requirement):
        return f"“{piece.title}”没有填写文件日期，不能确认属于哪个年度。请补填文件日期或适用年度后再接受。"
    return ""


def _decide(county: County, placements: list[Placement], state: str, reason: str, by) -> list[Placement]:
    now = timezone.now()
    accepted = state == PlacementState.ACCEPTED
    for each in placements:
        each.state, each.reason, each.decided_by, each.decided_at = state, reason, by, now
        after = {"requirement": str(each.requirement), "version": each.piece.version.number, "reason": reason}
        if accepted and is_own(each, by):
            after["one_person"] = True
        action = "accept_evidence" if accepted else "return_evidence"
        record(action, each.piece, by=by, place=county.code, after=after)
        campaign = campaign_of(county, each.requirement)
        if campaign is not None:
            kind = ItemStepKind.ACCEPTED if accepted else ItemStepKind.RETURNED
            words = f"{each.piece.title}：{reason}" if reason else each.piece.title
            happened(campaign, each.requirement.item, kind, by=by, text=words, piece=each.piece)
    Placement.objects.bulk_update(placements, ["state", "reason", "decided_by", "decided_at"])
    refresh_evidence(county, {each.requirement.item.standard for each in placements})
    return placements


def _tell(county: County, placements: list[Placement], reason: str, by) -> None:
    notes = []
    for each in placements:
        page = reverse("assessments:piece", kwargs={"county": county.code, "piece": each.piece_id})
        for person in {each.piece.version.uploaded_by, each.placed_by} - {None, by}:
            sentence = f"{item_name(each.requirement.item.number)}的佐证材料“{each.piece.title}”被退回：{reason}"
            notes.append(Note(person, sentence, page, f"evidence:{each.pk}"))
    send_notes(notes, by=by, mail_subject="佐证材料被退回")

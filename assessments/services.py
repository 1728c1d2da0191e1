"""Every write of this room but the standings themselves (standing_services)."""

import hashlib
import json

from django.db import transaction
from django.utils import timezone

from assessments.enums import EvidenceState
from assessments.models import Assessment, Campaign, EvidenceJudgement
from assessments.snapshot import inputs_of
from assessments.standing_services import lock, refresh_changed, refresh_standing, score
from indicators.models import EvidenceRequirement, Standard
from institutions.models import County
from tcm_demo.audit.services import record


class Refused(ValueError):
    """What was asked for cannot be done; the text is a Chinese sentence for the person who asked."""


@transaction.atomic
def start_campaign(county: County, standard: Standard, *, period: str, inspection_on=None, by=None) -> Campaign:
    """The county works towards the standard from now on; its pages open with `period`. Starting it again updates it."""
    campaign, created = Campaign.objects.update_or_create(
        county=county, standard=standard, defaults={"period": period, "inspection_on": inspection_on}
    )
    after = {"standard": str(standard), "period": period, "inspection_on": inspection_on}
    record("start_campaign" if created else "change_campaign", campaign, by=by, place=county.code, after=after)
    refresh_standing(county, standard, period)
    return campaign


@transaction.atomic
def judge_evidence(
    county: County, requirement: EvidenceRequirement, period: str, *, state: str, reason: str, by
) -> EvidenceJudgement:
    """The county office's word on a piece of evidence. Raises Refused where a failing one has no reason."""
    if state not in EvidenceState.values:
        raise Refused("请选择认定结论：已认可、不合格或待认定。")
    reason = reason.strip()
    if state == EvidenceState.FAILING and not reason:
        raise Refused(f"“{requirement.text}”认定为不合格，请写明理由，责任部门要据此补正。")
    if len(reason) > 300:
        raise Refused("理由最多 300 字，请精简后再保存。")
    lock(county)
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
    refresh_changed(county, requirement.item.standard, period, figures={})
    return judgement


def compute_assessment(county: County, standard: Standard, period: str, *, by=None) -> Assessment:
    """What the county comes to now, with everything it was computed from. Not saved: drafts are drawn from it."""
    scored = score(county, standard, period)
    return Assessment(
        county=county,
        standard=standard,
        period=period,
        result=scored.result,
        inputs=inputs_of(county, standard, period, scored.institutions, scored.evidence),
        digest=digest_of(scored.result),
        computed_at=timezone.now(),
        computed_by=by,
    )


@transaction.atomic
def save_assessment(county: County, standard: Standard, period: str, *, by=None) -> Assessment:
    """Keep what the county comes to now (scoring.md rule 13)."""
    lock(county)
    assessment = compute_assessment(county, standard, period, by=by)
    assessment.save()
    after = {"digest": assessment.digest, "period": period, "summary": assessment.result["summary"]}
    record("save_assessment", assessment, by=by, place=county.code, after=after)
    return assessment


def digest_of(result: dict) -> str:
    """SHA-256 of a result: equal digests, equal to the last digit."""
    text = json.dumps(result, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

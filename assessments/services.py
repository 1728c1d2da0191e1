"""Every write of this room but the standings themselves (standing_services)."""

import hashlib
import json

from django.db import transaction
from django.utils import timezone

from assessments.campaigns.services import change_campaign, take_over
from assessments.models import Assessment, Campaign
from assessments.snapshot import inputs_of
from assessments.standing_services import lock, refresh_standing, score
from indicators.models import Standard
from institutions.models import County
from tcm_demo.audit.services import record


@transaction.atomic
def start_campaign(county: County, standard: Standard, *, period: str, inspection_on=None, by=None) -> Campaign:
    """The county works towards the standard from now on; its pages open with `period`. It begins with the standard's
    phases and departments. Starting it again changes period and inspection day alone."""
    lock(county)
    campaign = Campaign.objects.filter(county=county, standard=standard).first()
    if campaign:
        change_campaign(campaign, period=period, inspection_on=inspection_on, by=by)
        return campaign
    campaign = Campaign.objects.create(county=county, standard=standard, period=period, inspection_on=inspection_on)
    take_over(campaign)
    after = {"standard": str(standard), "period": period, "inspection_on": inspection_on}
    record("start_campaign", campaign, by=by, place=county.code, after=after)
    refresh_standing(county, standard, period)
    return campaign


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
def save_assessment(
    county: County, standard: Standard, period: str, *, name: str = "", note: str = "", by=None
) -> Assessment:
    """Keep what the county comes to now (scoring.md rule 13)."""
    lock(county)
    assessment = compute_assessment(county, standard, period, by=by)
    assessment.name, assessment.note = name, note
    assessment.save()
    after = {"digest": assessment.digest, "period": period, "summary": assessment.result["summary"]}
    if name or note:
        after |= {"name": name, "note": note}
    record("save_assessment", assessment, by=by, place=county.code, after=after)
    return assessment


def digest_of(result: dict) -> str:
    """SHA-256 of a result: equal digests, equal to the last digit."""
    text = json.dumps(result, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

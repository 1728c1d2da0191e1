"""Every write of this room, and the computing that feeds it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from assessments import queries
from assessments.enums import EvidenceState
from assessments.models import Assessment, Campaign, EvidenceJudgement, InstitutionStanding, Standing
from assessments.scoring.as_json import result_as_json
from assessments.scoring.finish import CriterionResult, finish
from assessments.scoring.items import ItemResult, score_items, summarise
from assessments.scoring.own import own_results
from assessments.scoring.program import Figures, Program
from assessments.snapshot import inputs_of
from indicators.models import EvidenceRequirement, Standard
from institutions.models import County, Institution
from institutions.period import Period
from tcm_demo.audit.services import record


class Refused(ValueError):
    """What was asked for cannot be done; the text is a Chinese sentence for the person who asked."""


@dataclass(frozen=True)
class Scored:
    """A county scored against a standard: what pages, PDF and commands show comes from `result` alone."""

    program: Program
    institutions: list[Figures]
    criteria: list[CriterionResult]
    items: list[ItemResult]
    evidence: dict[str, str]
    result: dict


def score(county: County, standard: Standard, period: str) -> Scored:
    """Compute from the accepted figures as they are now; writes nothing. `result` is what `assess` prints."""
    program = queries.program_of(standard)
    institutions = queries.figures_of(county, period)
    evidence = queries.evidence_states(county, standard, period)
    criteria = finish(program, program.contribute(institutions))
    items = score_items(queries.item_specs(standard), criteria, evidence)
    head = {"county": county.code, "standard": standard.code, "period": period}
    result = head | result_as_json(program, items, summarise(items), institutions)
    return Scored(program, institutions, criteria, items, evidence, result)


def lock(county: County) -> None:
    """One writer at a time in a county, so that a standing is never computed beside a change it does not see."""
    County.objects.select_for_update().get(pk=county.pk)


@transaction.atomic
def refresh_standing(county: County, standard: Standard, period: str) -> Standing:
    """Compute and store the county's current standing and each active institution's part in it."""
    lock(county)
    scored = score(county, standard, period)
    standing = _store_result(county, standard, period, scored.result)
    keys = dict(Institution.objects.filter(county=county).values_list("code", "pk"))
    rows = []
    for figures in scored.institutions:
        own = own_results(scored.program, scored.criteria, figures)
        rows.append(
            InstitutionStanding(
                standing=standing,
                institution_id=keys[figures.code],
                reported=bool(figures.values),
                unmet=sum(result.fails for result in own),
                unknown=sum(result.is_unknown for result in own),
            )
        )
    standing.institutions.all().delete()
    InstitutionStanding.objects.bulk_create(rows, batch_size=500)
    return standing


def _store_result(county: County, standard: Standard, period: str, result: dict) -> Standing:
    key = {"county": county, "standard": standard, "period": period}
    standing, _ = Standing.objects.update_or_create(**key, defaults={"result": result, "computed_at": timezone.now()})
    return standing


@transaction.atomic
def refresh_standings(county: County, period: str, since: date | None) -> None:
    """After a change of figures: the period's standing under each campaign, and all that end on `since` or later.

    From that day on (None: ever) other institutions are active.
    """
    for campaign in county.campaigns.select_related("standard"):
        refresh_standing(county, campaign.standard, period)
    refresh_standings_since(county, since, but=period)


@transaction.atomic
def refresh_standings_since(county: County, since: date | None, but: str = "") -> None:
    """After a change of which institutions are active: every standing whose period ends on that day or later.

    `but`: a period that is up to date already.
    """
    for standing in county.standings.exclude(period=but).select_related("standard").defer("result"):
        if since is None or Period.parse(standing.period).last_day >= since:
            refresh_standing(county, standing.standard, standing.period)


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
    # evidence changes nothing about the institutions' own parts
    standard = requirement.item.standard
    _store_result(county, standard, period, score(county, standard, period).result)
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

"""What an assessment is computed from, as plain JSON: enough to draw its report again when everything has changed."""

from assessments import queries
from assessments.enums import EvidenceState
from assessments.evidence.states import RequirementState, requirement_states
from assessments.models import Campaign, EvidenceJudgement, Placement
from assessments.scoring.program import Figures
from assessments.work.queries import statement_texts
from indicators.models import Standard
from institutions.models import County
from institutions.queries import active_institutions


def inputs_of(
    county: County, standard: Standard, period: str, institutions: list[Figures], evidence: dict[str, str]
) -> dict:
    """`institutions` and `evidence` are what was scored. Ten queries at most.

    {"standard": {"code", "version", "digest"}, "figures_as_of": ISO moment of the last accepted figure or None,
     "institutions": [{"code", "name", "town", "type", "values"}] in the county's own order,
     "evidence": {requirement code: state}, "evidence_reasons": {requirement code: reason},
     "requirements": {requirement code: {"item", "text", "required", "state", "judged", "pieces"}},
     "statements": {item number: the county's own words on it}}

    `judged` is the office's own word, "" where it said nothing; `pieces`: as in `_piece`. Assessments of earlier
    versions of the program have no "requirements" and no "statements".
    """
    rows = active_institutions(county, period).values_list("code", "name", "town")
    called = {code: {"name": name, "town": town} for code, name, town in rows}
    as_of = queries.figures_as_of(county, period)
    campaign = Campaign.objects.filter(county=county, standard=standard).first()
    judgements = EvidenceJudgement.objects.filter(county=county, requirement__item__standard=standard, period=period)
    return {
        "standard": {"code": standard.code, "version": standard.version, "digest": standard.digest},
        "figures_as_of": as_of and as_of.isoformat(),
        "institutions": [{"code": i.code, **called[i.code], "type": i.type, "values": i.values} for i in institutions],
        "evidence": evidence,
        "evidence_reasons": dict(judgements.exclude(reason="").values_list("requirement__code", "reason")),
        "requirements": {
            code: _requirement(state) for code, state in requirement_states(county, standard, period).items()
        },
        "statements": statement_texts(campaign, period) if campaign else {},
    }


def _requirement(state: RequirementState) -> dict:
    requirement, judgement = state.requirement, state.judgement
    return {
        "item": requirement.item.number,
        "text": requirement.text,
        "required": requirement.required,
        "state": str(state.state) if state.applies else queries.NOT_APPLICABLE,
        "judged": judgement.state if judgement and judgement.state != EvidenceState.OPEN else "",
        "pieces": [_piece(placement, state.why_not(placement)) for placement in state.placements],
    }


def _piece(placement: Placement, why: str) -> dict:
    """`institution`: code, "" where it is the county's. `why`: why it does not count, "" where it does."""
    piece, version = placement.piece, placement.piece.version
    return {
        "piece": piece.pk,
        "title": piece.title,
        "file_name": version.file_name if version else "",
        "version": version.number if version else None,
        "sha256": version.sha256 if version else "",
        "institution": placement.institution.code if placement.institution_id else "",
        "state": placement.state,
        "counts": not why,
        "why": why,
    }

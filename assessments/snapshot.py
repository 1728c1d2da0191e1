"""What an assessment is computed from, as plain JSON: enough to draw its report again when everything has changed."""

from assessments import queries
from assessments.models import EvidenceJudgement
from assessments.scoring.program import Figures
from indicators.models import Standard
from institutions.models import County


def inputs_of(
    county: County, standard: Standard, period: str, institutions: list[Figures], evidence: dict[str, str]
) -> dict:
    """`institutions` and `evidence` are what was scored. Three queries.

    {"standard": {"code", "version", "digest"}, "figures_as_of": ISO moment of the last accepted figure or None,
     "institutions": [{"code", "name", "town", "type", "values"}] in the county's own order,
     "evidence": {requirement code: state}, "evidence_reasons": {requirement code: reason}}
    """
    rows = queries.active_institutions(county, period).values_list("code", "name", "town")
    called = {code: {"name": name, "town": town} for code, name, town in rows}
    as_of = queries.figures_as_of(county, period)
    judgements = EvidenceJudgement.objects.filter(county=county, requirement__item__standard=standard, period=period)
    return {
        "standard": {"code": standard.code, "version": standard.version, "digest": standard.digest},
        "figures_as_of": as_of and as_of.isoformat(),
        "institutions": [{"code": i.code, **called[i.code], "type": i.type, "values": i.values} for i in institutions],
        "evidence": evidence,
        "evidence_reasons": dict(judgements.exclude(reason="").values_list("requirement__code", "reason")),
    }

"""Keeps the stored standings up to date: as a whole, or only what some institutions' new figures change.

Whatever way it is brought about, a standing is to the last digit what scoring everything anew gives.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from assessments import queries
from assessments.models import InstitutionStanding, MonthStanding, Standing
from assessments.scoring import stored
from assessments.scoring.as_json import CriterionWriter, exact, result_as_json
from assessments.scoring.carry import CarryingWriter
from assessments.scoring.change import Change, apply
from assessments.scoring.contribution import Contributions
from assessments.scoring.finish import CriterionResult, finish
from assessments.scoring.items import score_items, summarise
from assessments.scoring.own import own_results
from assessments.scoring.own_counts import own_counts
from assessments.scoring.program import Figures, Program
from indicators.formula.checks import ALL
from indicators.models import Standard
from institutions.models import County, Institution, Report
from institutions.period import Period

# Institution's pk -> its accepted values before and after.
ChangedFigures = Mapping[int, tuple[Mapping, Mapping]]
# Up to one institution in so many, exchanging their parts is faster than counting everybody anew.
_FEW = 5
# The fields of an institution's part in a standing.
_PART = ["reported", "unmet", "unknown", "counted"]


@dataclass(frozen=True)
class Scored:
    """A county scored against a standard: what pages, PDF and commands show comes from `result` alone."""

    program: Program
    institutions: list[Figures]
    total: Contributions
    criteria: list[CriterionResult]
    evidence: dict[str, str]
    result: dict


def score(county: County, standard: Standard, period: str, evidence: Mapping[str, str] | None = None) -> Scored:
    """Compute from the accepted figures as they are now; writes nothing. `result` is what `assess` prints.

    `evidence`: states by requirement code that stand in for those of what was handed in."""
    program = queries.program_of(standard, period)
    institutions = queries.figures_of(county, period)
    evidence = queries.evidence_states(county, standard, period) if evidence is None else dict(evidence)
    total = program.contribute(institutions)
    criteria = finish(program, total)
    reported = sum(bool(figures.values) for figures in institutions)
    writer = CriterionWriter(program, lambda scope: institutions)
    result = _result(county, standard, period, criteria, evidence, reported, len(institutions), writer)
    return Scored(program, institutions, total, criteria, evidence, result)


def lock(county: County) -> None:
    """One writer at a time in a county, so that a standing is never computed beside a change it does not see."""
    County.objects.select_for_update().get(pk=county.pk)


@transaction.atomic
def refresh_standing(county: County, standard: Standard, period: str) -> Standing:
    """Compute and store the county's current standing and each active institution's part in it."""
    lock(county)
    scored = score(county, standard, period)
    values = {
        "result": scored.result,
        "contributions": stored.write(scored.program, scored.total),
        "evidence": scored.evidence,
        "computed_at": timezone.now(),
    }
    key = {"county": county, "standard": standard, "period": period}
    standing, _ = Standing.objects.update_or_create(**key, defaults=values)
    unmet, unknown = own_counts(scored.program, scored.criteria, scored.total, scored.institutions)
    keys = dict(Institution.objects.filter(county=county).values_list("code", "pk"))
    wanted = {
        keys[code]: (bool(values), unmet[code], unknown[code], stored.fingerprint(values))
        for code, _, values in scored.institutions
    }
    kept = {pk: part for pk, *part in standing.institutions.values_list("institution_id", *_PART)}
    standing.institutions.filter(institution__in=kept.keys() - wanted.keys()).delete()
    _write_parts(standing, {pk: part for pk, part in wanted.items() if kept.get(pk) != list(part)})
    _keep_month(standing)
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
    for standing in (
        county.standings.exclude(period=but).select_related("standard").defer("result", "contributions", "evidence")
    ):
        if since is None or Period.parse(standing.period).last_day >= since:
            refresh_standing(county, standing.standard, standing.period)


@transaction.atomic
def refresh_figures(county: County, period: str, figures: ChangedFigures) -> None:
    """After a change of these institutions' accepted figures alone: the period's standing under each campaign."""
    for campaign in county.campaigns.select_related("standard"):
        refresh_changed(county, campaign.standard, period, figures)


@transaction.atomic
def refresh_evidence(county: County, standards: Iterable[Standard]) -> None:
    """After a change of evidence: every standing of the county against these standards, whatever its period."""
    lock(county)
    standings = Standing.objects.filter(county=county, standard__in=list(standards)).select_related("standard")
    for standing in standings.defer("result", "contributions", "evidence"):
        refresh_changed(county, standing.standard, standing.period, figures={})


@transaction.atomic
def refresh_changed(county: County, standard: Standard, period: str, figures: ChangedFigures) -> Standing:
    """As refresh_standing, where since then only these institutions' accepted figures have changed; without any, only
    evidence.

    Counts everybody anew where there is nothing to start from (no standing, one of other criteria), where the standing
    did not count what the figures are said to have been before, where so many change that it is faster, and where a
    target changes with them, on which everybody's lights depend.
    """
    lock(county)
    program, standing = queries.program_of(standard, period), queries.standing_of(county, standard, period)
    total = stored.read(program, standing.contributions) if standing else None
    changes = None if total is None else _changes(standing, figures)
    if changes is None:
        return refresh_standing(county, standard, period)
    total, touched = apply(program, total, changes.values())
    criteria = finish(program, total)
    earlier = {criterion["code"]: criterion for item in standing.result["items"] for criterion in item["criteria"]}
    if any(earlier[result.spec.code]["target"] != exact(result.target) for result in criteria):
        return refresh_standing(county, standard, period)
    after = [change.after for change in changes.values()]
    writer = CarryingWriter(program, lambda types: _figures(county, period, types), earlier, touched, after)
    more = sum(bool(change.after.values) - bool(change.before.values) for change in changes.values())
    coverage = standing.result["coverage"]
    if not figures or standing.evidence is None:
        standing.evidence = queries.evidence_states(county, standard, period)
    evidence = standing.evidence
    reported = coverage["reported"] + more
    standing.result = _result(county, standard, period, criteria, evidence, reported, coverage["due"], writer)
    standing.contributions = stored.write(program, total)
    standing.computed_at = timezone.now()
    standing.save(update_fields=["result", "contributions", "evidence", "computed_at"])
    _write_parts(standing, {pk: _part(program, criteria, change.after) for pk, change in changes.items()})
    _keep_month(standing)
    return standing


def _keep_month(standing: Standing) -> None:
    """The running month's row says what the standing says."""
    result = standing.result
    criteria = (criterion for item in result["items"] for criterion in item["criteria"])
    row = MonthStanding(
        county_id=standing.county_id,
        standard_id=standing.standard_id,
        period=standing.period,
        month=f"{timezone.localtime(standing.computed_at):%Y-%m}",
        summary=result["summary"],
        coverage=result["coverage"],
        items={item["number"]: item["status"] for item in result["items"]},
        criteria={each["code"]: [each["status"], each["value"]] for each in criteria},
        computed_at=standing.computed_at,
    )
    MonthStanding.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["county", "standard", "period", "month"],
        update_fields=["summary", "coverage", "items", "criteria", "computed_at"],
    )


def _changes(standing: Standing, figures: ChangedFigures) -> dict[int, Change] | None:
    """What changes in the standing, by the institution's pk; only active ones have a part in it. Two queries.

    None where the standing cannot be exchanged part by part. The figures after are those that are stored now.
    """
    if len(figures) * _FEW > standing.result["coverage"]["due"]:
        return None
    reports = Report.objects.filter(institution__in=figures, period=standing.period)
    now = dict(reports.values_list("institution_id", "accepted"))
    parts = standing.institutions.filter(institution__in=figures)
    changes = {}
    for pk, code, kind, counted in parts.values_list(
        "institution_id", "institution__code", "institution__type", "counted"
    ):
        before = Figures(code, kind, figures[pk][0])
        if counted != stored.fingerprint(before.values):
            return None
        changes[pk] = Change(before, before._replace(values=now.get(pk) or {}))
    return changes


def _figures(county: County, period: str, types: frozenset[str]) -> list[Figures]:
    return queries.figures_of(county, period, None if ALL in types else types)


def _result(county, standard, period, criteria, evidence, reported: int, due: int, writer: CriterionWriter) -> dict:
    items = score_items(queries.item_specs(county, standard, evidence), criteria, evidence)
    head = {"county": county.code, "standard": standard.code, "period": period}
    return head | result_as_json(items, summarise(items), reported, due, writer.criterion)


def _part(program: Program, criteria: list[CriterionResult], figures: Figures) -> tuple[bool, int, int, str]:
    """One institution's part in a standing, as in _PART."""
    own = own_results(program, criteria, figures)
    unmet, unknown = sum(result.fails for result in own), sum(result.is_unknown for result in own)
    return bool(figures.values), unmet, unknown, stored.fingerprint(figures.values)


def _write_parts(standing: Standing, parts: Mapping[int, tuple[bool, int, int, str]]) -> None:
    """`parts` by the institution's pk."""
    rows = [
        InstitutionStanding(standing=standing, institution_id=pk, **dict(zip(_PART, part, strict=True)))
        for pk, part in parts.items()
    ]
    InstitutionStanding.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["standing", "institution"],
        update_fields=_PART,
    )

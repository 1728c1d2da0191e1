"""What a prefecture comes to: the figures of all of its counties together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assessments import queries
from assessments.content import CriterionContent, criterion_content
from assessments.models import Campaign
from assessments.prefecture.merging import MergedWriter, as_one
from assessments.prefecture.queries import contributions_of, counties_of
from assessments.scoring import stored
from assessments.scoring.as_json import result_as_json
from assessments.scoring.contribution import Contributions
from assessments.scoring.finish import finish
from assessments.scoring.items import score_items, summarise
from assessments.scoring.program import Program
from indicators.models import Criterion, Standard
from indicators.queries import element_specs
from institutions.models import County

# where the target is what each county plans, and there is none for all of them
OWN_TARGETS = "各县（区）自定"


@dataclass(frozen=True)
class Together:
    """`criteria`: by code, of the counties in `counted` (pks) together; empty where no county is counted."""

    criteria: Mapping[str, CriterionContent]
    counted: frozenset[int]


def together(campaigns: Mapping[int, Campaign], standard: Standard, period: str) -> Together:
    """Merged from what is stored. A county is counted where its result was computed by the same criteria, whatever its
    version is called. Four queries."""
    elements = element_specs()
    program = queries.program_of(standard, period, elements)
    kept = {pk: stored.read(program, row) for pk, row in contributions_of(campaigns, period).items()}
    parts = {pk: contributions for pk, contributions in kept.items() if contributions is not None}
    if not parts:
        return Together({}, frozenset())
    total = as_one(program, {campaigns[pk].county.code: each for pk, each in parts.items()})
    rows = {row.code: row for row in Criterion.objects.filter(item__standard=standard)}
    written = map(MergedWriter(program).criterion, finish(program, total))
    criteria = {each["code"]: criterion_content(rows[each["code"]], each, elements) for each in written}
    own = {spec.code for spec in program.criteria if spec.target_aggregates and len(parts) > 1}
    for code, content in criteria.items():
        if code in own and content.target is None:
            criteria[code] = replace(content, target_text=OWN_TARGETS)
    return Together(criteria, frozenset(parts))


def assess(prefecture: County, standard: Standard, period: str) -> dict:
    """As `assess` prints it for a county, of all counties of the prefecture together, also of those that have not taken
    the standard up. The evidence of the prefecture itself is open."""
    program = queries.program_of(standard, period)
    parts, reported, due = {}, 0, 0
    for county in counties_of(prefecture):
        contributions, coverage = _of_county(program, county, standard, period)
        parts[county.code] = contributions
        reported, due = reported + coverage["reported"], due + coverage["due"]
    criteria = finish(program, as_one(program, parts))
    items = score_items(queries.item_specs(prefecture, standard, {}), criteria, {})
    head = {"county": prefecture.code, "standard": standard.code, "period": period}
    return head | result_as_json(items, summarise(items), reported, due, MergedWriter(program).criterion)


def _of_county(program: Program, county: County, standard: Standard, period: str) -> tuple[Contributions, dict]:
    """Its contributions and coverage as stored, else as its figures give them now."""
    standing = queries.standing_of(county, standard, period)
    if standing and (contributions := stored.read(program, standing.contributions)) is not None:
        return contributions, standing.result["coverage"]
    figures = queries.figures_of(county, period)
    coverage = {"reported": sum(bool(each.values) for each in figures), "due": len(figures)}
    return program.contribute(figures), coverage

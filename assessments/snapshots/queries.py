"""Reading snapshots, and what two of them need to be held against each other."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import F, QuerySet

from assessments.models import Assessment
from assessments.snapshots.compare import Side
from assessments.snapshots.figures import Reads
from indicators.formula import names, parse
from indicators.models import Criterion, EvidenceRequirement, Item, Standard
from indicators.queries import target_in
from institutions.models import County
from institutions.period import Period


@dataclass
class Structure:
    """A standard's items and criteria, by number and by code, and its own requirements' texts by item and code."""

    items: dict[str, Item] = field(default_factory=dict)
    criteria: dict[str, Criterion] = field(default_factory=dict)
    requirements: dict[str, dict[str, str]] = field(default_factory=dict)


def snapshots_of(county: County, standard: Standard) -> QuerySet[Assessment]:
    """The county's towards any version of the standard, of all periods, the latest first; without what they hold."""
    rows = Assessment.objects.filter(county=county, standard__code=standard.code)
    rows = rows.select_related("standard", "computed_by", "locked_by").defer("inputs", "result")
    return rows.annotate(summary=F("result__summary"), coverage=F("result__coverage"))


def whole_snapshots(county: County, standard: Standard) -> QuerySet[Assessment]:
    """As `snapshots_of`, each with everything that it holds."""
    rows = Assessment.objects.filter(county=county, standard__code=standard.code)
    return rows.select_related("county", "standard", "computed_by", "locked_by")


def structures_of(standards: Collection[Standard]) -> dict[int, Structure]:
    """By the standard's pk. Three queries, however many there are."""
    found = {standard.pk: Structure() for standard in standards}
    for item in Item.objects.filter(standard__in=found).select_related("section"):
        found[item.standard_id].items[item.number] = item
    for criterion in Criterion.objects.filter(item__standard__in=found).select_related("item"):
        found[criterion.item.standard_id].criteria[criterion.code] = criterion
    for requirement in EvidenceRequirement.objects.filter(item__standard__in=found).select_related("item"):
        texts = found[requirement.item.standard_id].requirements.setdefault(requirement.item.number, {})
        texts[requirement.code] = requirement.text
    return found


def side_of(assessment: Assessment, structure: Structure) -> Side:
    """One side of a comparison; no query."""
    year = Period.parse(assessment.period).first_day.year
    reads = {code: _reads(criterion, year) for code, criterion in structure.criteria.items()}
    return Side(assessment.result, assessment.inputs, reads, structure.requirements)


def _reads(criterion: Criterion, year: int) -> Reads:
    target = target_in(criterion, year)
    return Reads(
        types=frozenset(criterion.scope),
        elements=frozenset(names(parse(criterion.expression))),
        target_elements=frozenset(names(parse(target))),
        definition=(
            *(criterion.level, criterion.expression, criterion.comparator, target),
            tuple(sorted(criterion.scope)),
        ),
    )

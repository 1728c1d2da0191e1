"""What the matrix reads: a county's campaigns with their criteria and stored results of one period. Five queries,
however many standards there are."""

from dataclasses import dataclass
from functools import cached_property

from assessments.matrix.measure import Reported
from assessments.models import Campaign, Standing
from indicators.formula import ElementSpec
from indicators.models import Criterion, Element
from indicators.queries import element_specs
from institutions.models import County
from institutions.period import Period


@dataclass(frozen=True)
class Columns:
    """`results`: by the standard's pk, of the campaigns that have a standing in the period. `criteria`: of all their
    standards. `places`: element code -> (group, place in the dictionary)."""

    campaigns: tuple[Campaign, ...]
    period: Period
    criteria: tuple[Criterion, ...]
    results: dict[int, dict]
    elements: dict[str, ElementSpec]
    places: dict[str, tuple[str, int]]
    signed: frozenset[str]

    @cached_property
    def reported(self) -> dict[str, Reported]:
        return {
            code: Reported(spec.reported_by, spec.value_type != "decimal", code in self.signed)
            for code, spec in self.elements.items()
        }


def columns_of(county: County, period: str) -> Columns:
    campaigns = tuple(county.campaigns.select_related("standard", "county"))
    standards = [campaign.standard_id for campaign in campaigns]
    criteria = Criterion.objects.filter(item__standard__in=standards).select_related("item")
    standings = Standing.objects.filter(county=county, period=period, standard__in=standards)
    elements = list(Element.objects.values_list("code", "group", "minimum"))
    return Columns(
        campaigns,
        Period.parse(period),
        tuple(criteria.order_by("item__standard_id", "item__position", "position")),
        dict(standings.values_list("standard_id", "result")),
        element_specs(),
        {code: (group, place) for place, (code, group, _) in enumerate(elements)},
        frozenset(code for code, _, minimum in elements if minimum is None or minimum < 0),
    )


def periods_of(county: County) -> list[str]:
    """With a stored result, and those that the campaigns are in; the latest first. Two queries."""
    stored = county.standings.order_by().values_list("period", flat=True).distinct()
    return sorted({*stored, *county.campaigns.values_list("period", flat=True)}, reverse=True)

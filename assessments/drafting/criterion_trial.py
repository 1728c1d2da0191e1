"""What a criterion gives on the county's figures as they are now. Computed by the engine; nothing is stored."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.urls import reverse

from assessments import queries
from assessments.content import CriterionContent, criterion_content
from assessments.lacks import Named, named_institutions
from assessments.scoring.as_json import CriterionWriter
from assessments.scoring.finish import finish
from assessments.scoring.program import CriterionSpec, Program
from indicators import contents
from indicators.formula import ALL, ElementSpec
from indicators.models import Criterion
from indicators.queries import target_in
from institutions.models import County, Report
from institutions.period import Period

# so many of those that fail, and of those without figures, are named
NAMED = 6


@dataclass(frozen=True)
class Trial:
    """`criterion`: as a standing's pages show it. `failing`, `unknown`: the first few institutions."""

    period: Period
    criterion: CriterionContent
    failing: list[Named]
    unknown: list[Named]

    @property
    def more_failing(self) -> int:
        return len(self.criterion.failing) - len(self.failing)

    @property
    def more_unknown(self) -> int:
        return len(self.criterion.unknown) - len(self.unknown)


def period_to_try(county: County) -> str | None:
    """The period of the county's first campaign, or the latest with accepted figures where that has none. Two
    queries; None where the county has no accepted figures."""
    reports = Report.objects.filter(institution__county=county, accepted_at__isnull=False)
    periods = set(reports.values_list("period", flat=True).distinct())
    campaign = county.campaigns.first()
    if campaign and campaign.period in periods:
        return campaign.period
    return max(periods, key=lambda text: (Period.parse(text).last_day, text), default=None)


def try_criterion(
    county: County, criterion: contents.CriterionContent, specs: Mapping[str, ElementSpec]
) -> Trial | None:
    """None where the county has no accepted figures. `criterion` must have passed the checks. Six queries at most."""
    text = period_to_try(county)
    if text is None:
        return None
    period = Period.parse(text)
    spec = CriterionSpec(
        criterion.code,
        criterion.level,
        frozenset(criterion.scope),
        criterion.expression,
        criterion.comparator,
        target_in(criterion, period.first_day.year),
    )
    program = Program([spec], specs)
    # a target runs over all of the county's institutions
    types = None if ALL in spec.scope or spec.target_aggregates else spec.scope
    figures = queries.figures_of(county, text, types)
    [result] = finish(program, program.contribute(figures))
    written = CriterionWriter(program, lambda scope: figures).criterion(result)
    shown = criterion_content(Criterion(**asdict(criterion)), written, specs)
    named = named_institutions(county, (*shown.failing[:NAMED], *shown.unknown[:NAMED]), _links(county, text))
    return Trial(
        period,
        shown,
        [named[code] for code in shown.failing[:NAMED]],
        [named[code] for code in shown.unknown[:NAMED]],
    )


def _links(county: County, period: str):
    """Addresses of institutions' pages, which are pages of a campaign; "" where the county has none."""
    campaign = county.campaigns.select_related("standard").first()
    if campaign is None:
        return lambda code: ""
    here = {"county": county.code, "standard": campaign.standard.code, "period": period}
    return lambda code: reverse("assessments:institution", kwargs=here | {"code": code})

"""Figures that a standard computes from and nobody is asked for: taking up another standard does not change rounds."""

from assessments.models import Campaign
from indicators.formula import names, parse
from indicators.models import Criterion, Element
from institutions.models import Round


def not_asked(campaign: Campaign) -> list[str]:
    """Names of the elements that the standard reads and the round of the campaign's period does not ask for, in the
    dictionary's order. Empty where there is no round: figures come by ledger then. Three queries."""
    round = Round.objects.filter(county=campaign.county, period=campaign.period).first()
    if round is None or not round.elements:
        return []
    criteria = Criterion.objects.filter(item__standard=campaign.standard_id)
    formulas = {text for row in criteria for text in (row.expression, row.target, *row.targets.values())}
    read = {code for text in formulas for code in names(parse(text))}
    lacking = Element.objects.filter(code__in=read - set(round.elements))
    return list(lacking.values_list("name", flat=True))

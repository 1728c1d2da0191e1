"""What reports and rounds hold of a county's own data element (indicators.hooks)."""

from django.db.models import Q

from indicators.hooks import ElementUses
from indicators.models import Element
from institutions.models import HeadingMatch, Report, Round
from institutions.period import Period


def uses_of(element: Element) -> ElementUses:
    """Two queries."""
    held = Q(values__has_key=element.code) | Q(accepted__has_key=element.code) | Q(unread__has_key=element.code)
    reports = Report.objects.filter(held, institution__county__code=element.owner).count()
    asking = Round.objects.filter(county__code=element.owner).values_list("period", "elements")
    return ElementUses(reports, [str(Period.parse(period)) for period, codes in asking if element.code in codes])


def forget(element: Element) -> None:
    """Headings of ledgers that the county once matched to the element lead nowhere now."""
    HeadingMatch.objects.filter(county__code=element.owner, element_code=element.code).delete()

"""Reads that several places share."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from indicators.enums import CheckLevel
from indicators.models import Element
from indicators.queries import checks_of, elements_of
from institutions.ledger.changes import Stored
from institutions.ledger.roster import FIELDS, Entry, Roster
from institutions.models import County, HeadingMatch, Institution, Report
from institutions.period import Period


def active_institutions(county: County, period: str) -> QuerySet[Institution]:
    """Institutions active on the last day of the period, in the county's own order."""
    day = Period.parse(period).last_day
    opened = Q(opened_on__isnull=True) | Q(opened_on__lte=day)
    return Institution.objects.filter(opened, Q(closed_on__isnull=True) | Q(closed_on__gt=day), county=county)


def remembered_headings(county: County) -> dict[str, str]:
    """Ledger heading (ledger.headings.heading_key) -> element code, or "" for a column to leave out."""
    return dict(HeadingMatch.objects.filter(county_id=county.pk).values_list("heading", "element_code"))


def dictionary(county: County) -> tuple[list[Element], list[tuple[str, str, list]]]:
    """The data elements that the county has, and the checks that no report may fail, as (expression, message,
    institution types)."""
    errors = checks_of(county.code).filter(level=CheckLevel.ERROR)
    return list(elements_of(county.code)), list(errors.values_list("expression", "message", "types"))


def roster_of(county: County, codes: Collection[str] | None = None) -> Roster:
    """The county's institutions as the import compares them with a ledger; `codes`: these alone."""
    columns = ("pk", "code", *(f"{name}__code" if name == "manager" else name for name in FIELDS))
    institutions = county.institutions.order_by("position", "code")
    if codes is not None:
        institutions = institutions.filter(code__in=codes)
    entries = []
    for pk, code, *fields in institutions.values_list(*columns):
        stored = {
            name: "" if value is None and name == "manager" else value
            for name, value in zip(FIELDS, fields, strict=True)
        }
        entries.append(Entry(code, **stored, pk=pk, stored=stored))
    return Roster(entries)


def stored_reports(county: County, period: str) -> dict[str, Stored]:
    """Institution code -> its report of one period."""
    reports = Report.objects.filter(institution__county_id=county.pk, period=period)
    columns = ("institution__code", "state", "values", "accepted", "unread", "returned", "explanations", "hands")
    return {code: Stored(*facts) for code, *facts in reports.values_list(*columns)}


def accepted_values(county: County, period: str) -> dict[str, dict]:
    """Institution code -> its accepted figures, where it has any."""
    reports = Report.objects.filter(institution__county_id=county.pk, period=period)
    figures = reports.values_list("institution__code", "accepted")
    return {code: accepted for code, accepted in figures if accepted}

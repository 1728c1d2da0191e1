"""Reads that several places share."""

from indicators.models import Element, ElementCheck
from institutions.enums import ReportState
from institutions.ledger.roster import FIELDS, Entry, Roster
from institutions.models import County, HeadingMatch, Report


def remembered_headings(county: County) -> dict[str, str]:
    """Ledger heading (ledger.headings.heading_key) -> element code, or "" for a column to leave out."""
    return dict(HeadingMatch.objects.filter(county_id=county.pk).values_list("heading", "element_code"))


def dictionary() -> tuple[list[Element], list[tuple[str, str]]]:
    """All data elements, and the checks on them as (expression, message)."""
    return list(Element.objects.all()), list(ElementCheck.objects.values_list("expression", "message"))


def roster_of(county: County) -> Roster:
    """The county's institutions as the import compares them with a ledger."""
    columns = ("pk", "code", *(f"{name}__code" if name == "manager" else name for name in FIELDS))
    entries = []
    for pk, code, *fields in county.institutions.order_by("position", "code").values_list(*columns):
        stored = {
            name: "" if value is None and name == "manager" else value
            for name, value in zip(FIELDS, fields, strict=True)
        }
        entries.append(Entry(code, **stored, pk=pk, stored=stored))
    return Roster(entries)


def reports_by_institution(county: County, period: str) -> dict[str, tuple[str, dict]]:
    """Institution code -> (state, values) of one period."""
    reports = Report.objects.filter(institution__county_id=county.pk, period=period)
    return {
        code: (state, values) for code, state, values in reports.values_list("institution__code", "state", "values")
    }


def accepted_values(county: County, period: str) -> dict[str, dict]:
    """Institution code -> values of its accepted report."""
    reports = reports_by_institution(county, period)
    return {code: values for code, (state, values) in reports.items() if state == ReportState.ACCEPTED}

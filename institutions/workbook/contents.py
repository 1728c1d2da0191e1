"""What stands in a workbook: the round's elements by type of institution, and what is known of each institution."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404

from indicators.enums import InstitutionType
from indicators.models import Element
from institutions.access import institutions_to_fill
from institutions.filling.grid import manager_to_fill
from institutions.filling.rulebook import fields_of
from institutions.filling.services import OPEN_STATES
from institutions.models import Institution, Report, Round
from institutions.rounds.queries import asked_institutions


@dataclass(frozen=True)
class Row:
    """One institution. `report` is not stored where it has not begun."""

    institution: Institution
    report: Report
    # it may fill in nothing now: the report is with the county office
    closed: bool

    def is_locked(self, element: Element) -> bool:
        return self.closed or element.code in self.report.accepted


@dataclass(frozen=True)
class TypeSheet:
    """`elements`: what the form of this type asks, in the dictionary's order."""

    type: InstitutionType
    elements: list[Element]
    rows: list[Row]


def clerks_institutions(user, county: str, period: str, code: str) -> tuple[Round, Institution, list[Institution]]:
    """The round, the institution of the address, and whom its workbook is for: itself and those that report through
    it, where the round asks them and the user fills in for them. Raises Http404, also where that is nobody."""
    round, institution = manager_to_fill(user, county, period, code)
    itself_or_managed = Q(pk=institution.pk) | Q(manager=institution)
    own = institutions_to_fill(user).filter(itself_or_managed)
    found = list(asked_institutions(round).filter(pk__in=own).order_by("position", "code"))
    if not found:
        raise Http404("the round asks none of them")
    return round, institution, found


def sheets_of(round: Round, institutions: Iterable[Institution], *, for_clerk: bool) -> list[TypeSheet]:
    """By type in the official order; types without institutions are left out. Two queries.

    `for_clerk`: what is submitted is locked, too.
    """
    by_type: dict[str, list[Institution]] = {}
    for institution in institutions:
        by_type.setdefault(institution.type, []).append(institution)
    pks = [institution.pk for group in by_type.values() for institution in group]
    reports = {r.institution_id: r for r in Report.objects.filter(institution__in=pks, period=round.period)}
    elements = list(Element.objects.all())
    sheets = []
    for kind in InstitutionType:
        fields = fields_of(round, kind, elements) if kind in by_type else {}
        if fields:
            rows = [_row(institution, reports, round, for_clerk) for institution in by_type[kind]]
            sheets.append(TypeSheet(kind, list(fields.values()), rows))
    return sheets


def _row(institution: Institution, reports: Mapping[int, Report], round: Round, for_clerk: bool) -> Row:
    report = reports.get(institution.pk) or Report(institution=institution, period=round.period)
    return Row(institution, report, closed=for_clerk and report.state not in OPEN_STATES)

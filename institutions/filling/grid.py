"""The grid in which a managing institution fills in for many (代报): rows are institutions, columns are figures."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from indicators.enums import InstitutionType
from institutions.access import PROXIED_TYPES, institution_to_fill, institutions_to_fill
from institutions.filling.findings import cautions, faults
from institutions.filling.grid_row import GridRow
from institutions.filling.rulebook import rulebook_for
from institutions.models import Institution, Report, Round
from institutions.rounds.queries import asked_institutions, backgrounds


@dataclass(frozen=True)
class GridTable:
    """The rows of one type of institution. `groups`: (heading, its elements)."""

    type: str
    rows: list[GridRow]
    groups: list[tuple[str, list]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return InstitutionType(self.type).label


def manager_to_fill(user, county: str, period: str, code: str) -> tuple[Round, Institution]:
    """A round of the county, and the institution of this code for whose managed ones the user fills in; it need not be
    asked itself. Raises Http404."""
    manager = institution_to_fill(user, county, code)
    rounds = Round.objects.select_related("county")
    return get_object_or_404(rounds, county=manager.county, period=period), manager


def managed_to_fill(user, round: Round, manager: Institution) -> QuerySet[Institution]:
    """The institutions in the rows: asked in the round, reporting through `manager`, the user's to fill in.

    In the official order of types, which is that of their codes.
    """
    asked = asked_institutions(round).values("pk")
    types = [kind.value for kind in PROXIED_TYPES]
    own = institutions_to_fill(user).filter(manager=manager, type__in=types, pk__in=asked)
    return own.order_by("type", "position", "code")


def grid_rows(round: Round, institutions: Collection[Institution]) -> list[GridRow]:
    """Six queries, and four for each type of institution."""
    stored = Report.objects.filter(institution__in=institutions, period=round.period)
    reports = {report.institution_id: report for report in stored}
    for institution in institutions:
        reports.setdefault(institution.pk, Report(institution=institution, period=round.period))
        reports[institution.pk].institution = institution
    behind = backgrounds(round, reports.values())
    rulebooks = {kind: rulebook_for(round, kind) for kind in {each.type for each in institutions}}
    is_open = round.is_open_on(timezone.localdate())
    rows = []
    for each in institutions:
        report, rules, background = reports[each.pk], rulebooks[each.type], behind[each.pk]
        wrong = faults(rules, report.values, report.unread)
        doubtful = cautions(rules, report.values, background, report.unread)
        rows.append(GridRow(each, report, rules, background, wrong, doubtful, is_open))
    return rows


def tables_of(rows: Iterable[GridRow]) -> list[GridTable]:
    """One for each type, in the order in which rows come."""
    tables = []
    for kind, group in groupby(rows, key=lambda row: row.institution.type):
        own = list(group)
        if own[0].rules.fields:  # a round may ask this type for nothing
            tables.append(GridTable(kind, own, _grouped(own[0].rules.fields)))
    return tables


def _grouped(fields: Mapping) -> list[tuple[str, list]]:
    return [(name, list(group)) for name, group in groupby(fields.values(), key=lambda element: element.group)]

"""Reads about rounds and reports that several services and pages share."""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from indicators.models import Element
from indicators.queries import used_elements
from institutions.access import county_for, institution_to_fill, institutions_to_fill
from institutions.enums import ReportState
from institutions.filling.findings import Background, Finding, Rulebook, cautions
from institutions.filling.returns import unchanged_since
from institutions.hooks import standards_of
from institutions.models import County, Institution, Report, ReportStep, Round
from institutions.period import Period


def round_for(user, county: str, period: str, *, to_write: bool = False, to_check: bool = False) -> Round:
    """The round of a county that the user may read (change, check). Raises Http404, PermissionDenied."""
    found = county_for(user, county, to_write=to_write, to_check=to_check)
    return get_object_or_404(Round.objects.select_related("county"), county=found, period=period)


def round_to_fill(user, county: str, period: str, code: str) -> tuple[Round, Institution]:
    """A round and an institution that it asks, for which the user fills in. Raises Http404."""
    institution = institution_to_fill(user, county, code)
    rounds = Round.objects.select_related("county")
    round = get_object_or_404(rounds, county=institution.county, period=period)
    get_object_or_404(asked_institutions(round), pk=institution.pk)
    return round, institution


def asked_institutions(round: Round) -> QuerySet[Institution]:
    """Those that have to report: of the round's types, and active on the period's last day."""
    day = Period.parse(round.period).last_day
    active = (Q(opened_on__isnull=True) | Q(opened_on__lte=day)) & (Q(closed_on__isnull=True) | Q(closed_on__gt=day))
    asked = Institution.objects.filter(active, county_id=round.county_id)
    return asked.filter(type__in=round.types) if round.types else asked


def rounds_to_fill(user) -> QuerySet[Round]:
    """Rounds of the counties in which the user fills in for somebody, the latest first."""
    return Round.objects.filter(county__in=institutions_to_fill(user).values("county")).select_related("county")


def report_of(round: Round, institution: Institution) -> Report:
    """Its report of the round; an empty one, not stored, where it has not begun."""
    found = Report.objects.filter(institution=institution, period=round.period).first()
    return found or Report(institution=institution, period=round.period)


def previous_period(county: County, period: str) -> str:
    """The latest earlier period of the same kind for which anybody reported; "" where there is none. One query."""
    earlier = Report.objects.filter(institution__county=county, period__lt=period)
    same_kind = [text for text in earlier.values_list("period", flat=True).distinct() if len(text) == len(period)]
    return max(same_kind, default="")


def previous_values(round: Round, institutions: Iterable[int]) -> tuple[str, dict[int, dict]]:
    """The last period before the round's, and each institution's accepted figures of it by the institution's pk."""
    period = previous_period(round.county, round.period)
    reports = Report.objects.filter(institution__in=institutions, period=period) if period else Report.objects.none()
    return period, dict(reports.values_list("institution_id", "accepted"))


def twins_of(reports: Collection[Report]) -> dict[int, str]:
    """Institution pk -> name of another institution of its county and type with the very same numbers. One query."""
    prints = {report.fingerprint for report in reports if report.fingerprint}
    if not prints:
        return {}
    found = Report.objects.filter(fingerprint__in=prints).order_by("institution__position", "pk")
    rows = found.values_list(
        "institution_id", "institution__county", "institution__type", "period", "fingerprint", "institution__name"
    )
    twins = {}
    for report in reports:
        own = report.institution
        key = (own.county_id, own.type, report.period, report.fingerprint)
        names = [name for pk, *rest, name in rows if tuple(rest) == key and pk != own.pk]
        if names and report.fingerprint:
            twins[own.pk] = names[0]
    return twins


def backgrounds(round: Round, reports: Collection[Report]) -> dict[int, Background]:
    """What each report is compared with, by the institution's pk. Four queries, however many reports."""
    period, previous = previous_values(round, [report.institution_id for report in reports])
    twins = twins_of(reports)
    marks = {
        report.institution_id: (report.returned, report.values, report.values)
        for report in reports
        if report.state == ReportState.RETURNED
    }
    untouched = untouched_of(round, marks)
    return {
        pk: Background(period, previous.get(pk, {}), twins.get(pk, ""), untouched.get(pk, {}))
        for pk in (report.institution_id for report in reports)
    }


def untouched_of(round: Round, returned: Mapping[int, tuple[Mapping, Mapping, Mapping]]) -> dict[int, dict[str, str]]:
    """Of returned reports, by the institution's pk: what is still as it came back, with the reason (element code, ""
    for the whole report). `returned`: institution pk -> (reasons, stored values, values as they will be). One query, if
    any."""
    returned = {pk: facts for pk, facts in returned.items() if facts[0]}
    if not returned:
        return {}
    steps: dict[int, list[tuple]] = {pk: [] for pk in returned}
    stored = ReportStep.objects.filter(report__institution__in=returned, report__period=round.period).order_by("pk")
    for pk, *step in stored.values_list("report__institution_id", "kind", "cells", "marks"):
        steps[pk].append(step)
    return {pk: unchanged_since(*facts, steps[pk]) for pk, facts in returned.items()}


def cautions_of(round: Round, rules: Rulebook, report: Report) -> list[Finding]:
    """The report's cautions as it stands. Four queries."""
    return cautions(rules, report.values, backgrounds(round, [report])[report.institution_id], report.unread)


def used_by(county: County, dictionary: list[Element]) -> list[str]:
    """Codes of the elements from which the county's standards compute, in the dictionary's order. Three queries."""
    standards = {standard.pk for standard in standards_of(county=county)}
    used = {code for code, by in used_elements().items() if any(standard.pk in standards for standard in by)}
    return [element.code for element in dictionary if element.code in used]

"""Reads of feature projects."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.models import FeatureProject
from indicators.enums import InstitutionType
from institutions.models import County, Report
from institutions.period import Period

# the data element in which a county reports how many it has
ELEMENT = "feature_projects"


@dataclass(frozen=True)
class Reported:
    """How many projects the county has reported, in the latest period for which it did."""

    period: Period
    number: int


def projects_of(counties: Iterable[County]) -> dict[int, list[FeatureProject]]:
    """County's pk -> its projects that were not taken back, each with `reports`: its steps, the latest first. Two
    queries."""
    rows = FeatureProject.objects.filter(county__in=list(counties), withdrawn_at=None).prefetch_related("steps")
    found: dict[int, list[FeatureProject]] = {}
    for project in rows:
        project.reports = list(project.steps.all())
        found.setdefault(project.county_id, []).append(project)
    return found


def withdrawn_of(county: County) -> list[FeatureProject]:
    """Those that were taken back, each with `reports`, the last taken back first. Two queries."""
    rows = county.feature_projects.exclude(withdrawn_at=None).order_by("-withdrawn_at").prefetch_related("steps")
    found = list(rows)
    for project in found:
        project.reports = list(project.steps.all())
    return found


def reported_number(county: County) -> Reported | None:
    """As it was accepted; None where no accepted report of the county itself says so. One query."""
    rows = Report.objects.filter(
        institution__county=county, institution__type=InstitutionType.COUNTY, accepted__has_key=ELEMENT
    )
    found = [
        Reported(Period.parse(period), values[ELEMENT]) for period, values in rows.values_list("period", "accepted")
    ]
    return max(found, key=lambda each: each.period.last_day, default=None)

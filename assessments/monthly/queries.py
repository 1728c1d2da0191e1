"""Reads of how far counties were month by month, and of what was done. Their number never grows with the counties."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Count

from assessments.enums import ItemStepKind
from assessments.models import Campaign, ItemStep, MonthStanding

# what is done with evidence, as far as the ledger counts it
EVIDENCE_KINDS = (
    ItemStepKind.UPLOADED,
    ItemStepKind.PLACED,
    ItemStepKind.REPLACED,
    ItemStepKind.ACCEPTED,
    ItemStepKind.RETURNED,
    ItemStepKind.WITHDRAWN,
    ItemStepKind.JUDGED,
)


@dataclass(frozen=True)
class Stand:
    """How far a county was at the end of a month, or is in the running one (MonthStanding)."""

    pk: int
    month: str
    summary: Mapping
    coverage: Mapping[str, int]
    computed_at: datetime

    @property
    def met(self) -> int:
        return self.summary["met"]

    @property
    def points(self) -> Fraction:
        return Fraction(self.summary["points"])

    @property
    def reported(self) -> int:
        return self.coverage["reported"]

    @property
    def due(self) -> int:
        return self.coverage["due"]


# county's pk -> its stands, the earliest first
Stands = Mapping[int, list[Stand]]


def stands_of(campaigns: Mapping[int, Campaign], period: str) -> Stands:
    """Every stand of these counties in the period, against the version that they work towards. One query."""
    rows = MonthStanding.objects.filter(
        county__in=list(campaigns), standard__in={each.standard_id for each in campaigns.values()}, period=period
    ).order_by("month")
    found: dict[int, list[Stand]] = {}
    columns = ("county_id", "standard_id", "pk", "month", "summary", "coverage", "computed_at")
    for county, standard, *facts in rows.values_list(*columns):
        if campaigns[county].standard_id == standard:
            found.setdefault(county, []).append(Stand(*facts))
    return found


def latest(stands: Iterable[Stand], *, until: str) -> Stand | None:
    """The last one of that month or before: in a month in which nothing changed it stays as it was."""
    found = [stand for stand in stands if stand.month <= until]
    return found[-1] if found else None


def details_of(stands: Iterable[Stand]) -> dict[int, tuple[dict, dict]]:
    """By the stand's pk: item number -> status, criterion code -> [status, exact value]. One query."""
    rows = MonthStanding.objects.filter(pk__in=[stand.pk for stand in stands])
    return {pk: (items, criteria) for pk, items, criteria in rows.values_list("pk", "items", "criteria")}


def steps_in(campaigns: Iterable[Campaign], start: datetime, end: datetime) -> dict[int, dict[str, dict[str, int]]]:
    """Campaign's pk -> item number -> kind of step -> how many, from `start` until before `end`. One query."""
    kinds = (ItemStepKind.NOTE, *EVIDENCE_KINDS)
    rows = ItemStep.objects.filter(campaign__in=list(campaigns), kind__in=kinds, at__gte=start, at__lt=end).order_by()
    found: dict[int, dict[str, dict[str, int]]] = {}
    counted = rows.values_list("campaign_id", "item__number", "kind").annotate(n=Count("pk"))
    for campaign, number, kind, n in counted:
        found.setdefault(campaign, {}).setdefault(number, {})[kind] = n
    return found


def notes_in(campaign: Campaign, start: datetime, end: datetime) -> dict[str, list[ItemStep]]:
    """Item number -> its progress notes, from `start` until before `end`, in the order of time. One query."""
    rows = ItemStep.objects.filter(campaign=campaign, kind=ItemStepKind.NOTE, at__gte=start, at__lt=end)
    found: dict[str, list[ItemStep]] = {}
    for step in rows.select_related("item").order_by("at", "pk"):
        found.setdefault(step.item.number, []).append(step)
    return found

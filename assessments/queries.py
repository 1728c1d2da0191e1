"""Reads that several places of this room share."""

from collections.abc import Collection, Iterable
from datetime import datetime
from fractions import Fraction
from functools import lru_cache

from django.db.models import Max, Q

from assessments.models import EvidenceJudgement, Standing
from assessments.scoring.items import ItemSpec
from assessments.scoring.program import CriterionSpec, Figures, Program
from indicators.formula import ElementSpec
from indicators.models import Criterion, EvidenceRequirement, Item, Standard
from indicators.queries import element_specs
from institutions.models import County, Institution, Report
from institutions.period import Period


def figures_of(county: County, period: str, types: Collection[str] | None = None) -> list[Figures]:
    """Every institution (of these types) that is active on the period's last day, with its accepted values.

    Two queries.
    """
    active = active_institutions(county, period)
    reports = Report.objects.filter(institution__county=county, period=period)
    if types is not None:
        active, reports = active.filter(type__in=types), reports.filter(institution__type__in=types)
    institutions = list(active.values_list("pk", "code", "type"))
    values = dict(reports.values_list("institution_id", "accepted"))
    return [Figures(code, institution_type, values.get(pk) or {}) for pk, code, institution_type in institutions]


def active_institutions(county: County, period: str):
    """Institutions active on the last day of the period, in the county's own order."""
    day = Period.parse(period).last_day
    opened = Q(opened_on__isnull=True) | Q(opened_on__lte=day)
    return Institution.objects.filter(opened, Q(closed_on__isnull=True) | Q(closed_on__gt=day), county=county)


def figures_as_of(county: County, period: str) -> datetime | None:
    """When the last of the period's figures was accepted. One query."""
    accepted = Report.objects.filter(institution__county=county, period=period)
    return accepted.aggregate(last=Max("accepted_at"))["last"]


def program_of(standard: Standard, elements: dict[str, ElementSpec] | None = None) -> Program:
    """The standard's criteria, compiled; compiled anew only when criteria or elements changed. Two queries."""
    elements = element_specs() if elements is None else elements
    criteria = Criterion.objects.filter(item__standard=standard).order_by("item__position", "position")
    specs = tuple(
        CriterionSpec(c.code, c.level, frozenset(c.scope), c.expression, c.comparator, c.target) for c in criteria
    )
    return _program(specs, tuple(elements.values()))


@lru_cache(maxsize=16)
def _program(specs: tuple[CriterionSpec, ...], elements: Iterable[ElementSpec]) -> Program:
    return Program(specs, {element.code: element for element in elements})


def item_specs(standard: Standard) -> list[ItemSpec]:
    """The standard's items as the engine takes them. Three queries."""
    criteria: dict[int, list[str]] = {}
    for item_id, code in Criterion.objects.filter(item__standard=standard).values_list("item_id", "code"):
        criteria.setdefault(item_id, []).append(code)
    evidence: dict[int, list[str]] = {}
    required = EvidenceRequirement.objects.filter(item__standard=standard, required=True)
    for item_id, code in required.values_list("item_id", "code"):
        evidence.setdefault(item_id, []).append(code)
    return [
        ItemSpec(
            number,
            tuple(criteria.get(pk, ())),
            tuple(evidence.get(pk, ())),
            None if points is None else Fraction(points),
        )
        for pk, number, points in Item.objects.filter(standard=standard).values_list("pk", "number", "points")
    ]


def evidence_states(county: County, standard: Standard, period: str) -> dict[str, str]:
    """State by requirement code of what the county office has judged. One query."""
    judgements = EvidenceJudgement.objects.filter(county=county, requirement__item__standard=standard, period=period)
    return dict(judgements.values_list("requirement__code", "state"))


def standing_of(county: County, standard: Standard, period: str) -> Standing | None:
    return Standing.objects.filter(county=county, standard=standard, period=period).first()

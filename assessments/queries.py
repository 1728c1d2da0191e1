"""Reads that several places of this room share."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from functools import lru_cache

from django.db.models import Max

from assessments.enums import EvidenceState
from assessments.evidence.states import requirement_states
from assessments.models import Standing
from assessments.scoring.items import ItemSpec
from assessments.scoring.program import CriterionSpec, Figures, Program
from indicators.formula import ElementSpec
from indicators.models import Criterion, Item, Standard
from indicators.queries import element_specs, requirements_of, target_in
from institutions.models import County, Report
from institutions.period import Period
from institutions.queries import active_institutions

# a requirement of each institution of a type of which the county has none
NOT_APPLICABLE = "not_applicable"


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


def figures_as_of(county: County, period: str) -> datetime | None:
    """When the last of the period's figures was accepted. One query."""
    accepted = Report.objects.filter(institution__county=county, period=period)
    return accepted.aggregate(last=Max("accepted_at"))["last"]


def program_of(standard: Standard, period: str, elements: dict[str, ElementSpec] | None = None) -> Program:
    """The standard's criteria with their targets for the period's year, compiled; compiled anew only when criteria or
    elements changed. Two queries."""
    year = Period.parse(period).first_day.year
    elements = element_specs() if elements is None else elements
    criteria = Criterion.objects.filter(item__standard=standard).order_by("item__position", "position")
    specs = tuple(
        CriterionSpec(c.code, c.level, frozenset(c.scope), c.expression, c.comparator, target_in(c, year))
        for c in criteria
    )
    return _program(specs, tuple(elements.values()))


@lru_cache(maxsize=16)
def _program(specs: tuple[CriterionSpec, ...], elements: Iterable[ElementSpec]) -> Program:
    return Program(specs, {element.code: element for element in elements})


def item_specs(county: County, standard: Standard, evidence: Mapping[str, str]) -> list[ItemSpec]:
    """The standard's items as the engine takes them, with what the county itself demands. Three queries.

    `evidence`: state by requirement code; required pieces that apply to nobody in the county are not asked for.
    """
    criteria: dict[int, list[str]] = {}
    for item_id, code in Criterion.objects.filter(item__standard=standard).values_list("item_id", "code"):
        criteria.setdefault(item_id, []).append(code)
    required: dict[int, list[str]] = {}
    for item_id, code in requirements_of(standard, owner=county.code).filter(required=True).values_list("item", "code"):
        if evidence.get(code) != NOT_APPLICABLE:
            required.setdefault(item_id, []).append(code)
    return [
        ItemSpec(
            number,
            tuple(criteria.get(pk, ())),
            tuple(required.get(pk, ())),
            None if points is None else Fraction(points),
        )
        for pk, number, points in Item.objects.filter(standard=standard).values_list("pk", "number", "points")
    ]


def evidence_states(county: County, standard: Standard, period: str) -> dict[str, str]:
    """State by requirement code; those that are open are left out. Five queries at most."""
    states = {
        code: state.state if state.applies else NOT_APPLICABLE
        for code, state in requirement_states(county, standard, period).items()
    }
    return {code: str(state) for code, state in states.items() if state != EvidenceState.OPEN}


def standing_of(county: County, standard: Standard, period: str) -> Standing | None:
    return Standing.objects.filter(county=county, standard=standard, period=period).first()

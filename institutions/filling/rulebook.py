"""Puts together what a form asks for and what its figures are held against. A few queries; compiled rules are kept."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from indicators.enums import CheckLevel, Level
from indicators.formula import ElementSpec, compile_condition, names, parse
from indicators.models import Criterion, Element, Standard
from indicators.queries import checks_of, elements_of, target_in
from institutions.filling.findings import Rule, Rulebook
from institutions.filling.thresholds import thresholds_of
from institutions.hooks import standards_of
from institutions.models import Round
from institutions.period import Period


def fields_of(round: Round, institution_type: str, elements: Iterable[Element] | None = None) -> dict[str, Element]:
    """The elements that an institution of this type reports in the round, by code, in the dictionary's order.

    Those of one group stand together, also where the dictionary got some of them later. Empty where the round does not
    ask that type. One query, unless all `elements` are at hand; what other counties made for themselves among them is
    left out.
    """
    if round.types and institution_type not in round.types:
        return {}
    owners = ("", round.county.code)
    elements = elements_of(round.county.code) if elements is None else elements
    asked = set(round.elements)
    groups: dict[str, dict[str, Element]] = {}
    for e in elements:
        if institution_type in e.reported_by and e.owner in owners and (not asked or e.code in asked):
            groups.setdefault(e.group, {})[e.code] = e
    return {code: e for group in groups.values() for code, e in group.items()}


def rulebook_for(round: Round, institution_type: str, standards: Sequence[Standard] | None = None) -> Rulebook:
    """`standards`: the county's (hooks.standards_of), where they are at hand. Three queries then, four otherwise."""
    standards = standards_of(county=round.county) if standards is None else standards
    elements = list(elements_of(round.county.code))
    fields = fields_of(round, institution_type, elements)
    specs = {e.code: ElementSpec(e.code, e.name, e.value_type) for e in elements}
    rules: dict[str, list[Rule]] = {CheckLevel.ERROR: [], CheckLevel.WARNING: []}
    for check in checks_of(round.county.code):
        if check.types and institution_type not in check.types:
            continue
        codes = _elements_of(check.expression)
        if all(code in fields for code in codes):
            rules[check.level].append(Rule(check.expression, check.message, codes, _compiled(check.expression, specs)))
    thresholds = [
        threshold
        for criterion in _criteria(standards, Period.parse(round.period).first_day.year)
        for threshold in thresholds_of(criterion, institution_type, fields)
    ]
    return Rulebook(fields, rules[CheckLevel.ERROR], rules[CheckLevel.WARNING], thresholds)


def _criteria(standards: Sequence[Standard], year: int) -> Iterable[Criterion]:
    """Those that decide or warn, with the year's targets; what is only shown tempts nobody."""
    deciding = Criterion.objects.filter(item__standard__in=standards).exclude(level=Level.INFO)
    for criterion in deciding.order_by("item__standard_id", "item__position", "position"):
        criterion.target = target_in(criterion, year)
        yield criterion


@lru_cache(maxsize=1024)
def _elements_of(expression: str) -> tuple[str, ...]:
    return names(parse(expression))


def _compiled(expression: str, specs: Mapping[str, ElementSpec]):
    own = {code: specs[code] for code in _elements_of(expression)}
    return _compile(expression, tuple(own.values()))


@lru_cache(maxsize=1024)
def _compile(expression: str, specs: tuple[ElementSpec, ...]):
    return compile_condition(expression, {spec.code: spec for spec in specs})

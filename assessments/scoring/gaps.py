"""What one institution lacks: for a condition, rule by rule; for a ratio, how far it lies below the target. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from assessments.scoring.program import Figures, Program
from assessments.scoring.shortfall import as_ratio, smallest
from indicators.formula.checks import Elements
from indicators.formula.linear import Linear, linear
from indicators.formula.tree import Comparison, Expr, Name, conjuncts, names

# of the institutions that have room to give what a ratio lacks, so many are named
ROOMS_LISTED = 10


@dataclass(frozen=True)
class Gap:
    """One demand of a condition that an institution does not meet, or that is unknown.

    `demand`: its tree. `unknown`: codes of the elements that are missing; empty where the demand is known to fail.
    For a comparison: the exact `value` and `target`, `convert` (smallest whole number more of the left side) and, where
    new ones raise the right side too (25% of all physicians), `add`.
    """

    demand: Expr
    unknown: tuple[str, ...] = ()
    value: Fraction | None = None
    target: Fraction | None = None
    convert: int | None = None
    add: int | None = None


def gaps_of_condition(condition: Expr, figures: Figures, elements: Elements) -> list[Gap]:
    """The demands (joined by `and`) that do not hold for this institution, in the order of the formula."""
    codes, demands = _read(condition)
    values = known_values(figures, codes, elements)
    found = []
    for each in demands:
        unknown = tuple(code for code in each.codes if code not in values)
        if unknown:
            found.append(Gap(each.demand, unknown))
        elif isinstance(each.demand, Comparison):
            found += _gap_of_comparison(each, values)
        elif isinstance(each.demand, Name):
            found += [] if values[each.demand.code] else [Gap(each.demand)]
        else:
            found.append(Gap(each.demand))
    return found


@dataclass(frozen=True)
class _Demand:
    """One demand, the elements that it reads, and of a comparison both sides as linear forms, where they have one."""

    demand: Expr
    codes: tuple[str, ...]
    left: Linear | None = None
    right: Linear | None = None


@lru_cache(maxsize=256)
def _read(condition: Expr) -> tuple[tuple[str, ...], tuple[_Demand, ...]]:
    """Codes of all elements, and the demands; once for a condition, however many institutions are held against it."""
    return names(condition), tuple(_read_demand(demand) for demand in conjuncts(condition))


def _read_demand(demand: Expr) -> _Demand:
    if not isinstance(demand, Comparison):
        return _Demand(demand, names(demand))
    return _Demand(demand, names(demand), linear(demand.left), linear(demand.right))


def known_values(figures: Figures, codes, elements: Elements) -> dict[str, Fraction | int | bool]:
    """The institution's values of these elements, exact, without those that are missing or not of its type."""
    given = {code: figures.values.get(code) for code in codes if figures.type in elements[code].reported_by}
    return {c: v if isinstance(v, int) else Fraction(v) for c, v in given.items() if v is not None}


def rooms(program: Program, index: int, target: Fraction, institutions: list[Figures]):
    """Of a ratio: (code, own share, k) of the institutions that lie below the target by the most, k whole.

    k is how many of the part the institution would need to reach the target by itself, its total staying.
    """
    spec = program.criteria[index]
    ratio = as_ratio(spec.tree)
    if ratio is None or target is None:
        return []
    part, whole = linear(ratio.part.operand), linear(ratio.whole.operand)
    if part is None or whole is None:
        return []
    codes = names(spec.tree)
    share = target / ratio.factor
    found = []
    for figures in institutions:
        if not spec.covers(figures.type):
            continue
        values = known_values(figures, codes, program.elements)
        if len(values) < len(codes):
            continue
        own_part, own_whole = _evaluate(part, values), _evaluate(whole, values)
        room = share * own_whole - own_part
        if room > 0:
            found.append((figures.code, own_part / own_whole * ratio.factor, smallest(room, False)))
    return sorted(found, key=lambda entry: (-entry[2], entry[0]))[:ROOMS_LISTED]


def _gap_of_comparison(each: _Demand, values: Mapping[str, Fraction]) -> list[Gap]:
    demand, left, right = each.demand, each.left, each.right
    if left is None or right is None:
        return [Gap(demand)]
    value, target = _evaluate(left, values), _evaluate(right, values)
    if demand.op not in (">=", ">"):
        holds = {"<=": value <= target, "<": value < target, "==": value == target}[demand.op]
        return [] if holds else [Gap(demand)]
    strict = demand.op == ">"
    if value > target or (value == target and not strict):
        return []
    convert = smallest(target - value, strict)
    rates = list(right.factors.values())
    grows = len(rates) == 1 and 0 < rates[0] < 1 and not right.constant and len(left.factors) == 1
    add = smallest((target - value) / (1 - rates[0]), strict) if grows else None
    return [Gap(demand, (), value, target, convert, add)]


def _evaluate(form: Linear, values: Mapping[str, Fraction]) -> Fraction:
    return sum((factor * values[code] for code, factor in form.factors.items()), form.constant)

"""What one institution lacks: for a condition, rule by rule; for a ratio, how far it lies below the target. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessments.scoring.program import Figures, Program
from assessments.scoring.shortfall import as_ratio, smallest
from indicators.formula.checks import Elements
from indicators.formula.linear import Linear, linear
from indicators.formula.tree import Comparison, Expr, Name, conjuncts, names


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
    values = known_values(figures, names(condition), elements)
    found = []
    for demand in conjuncts(condition):
        unknown = tuple(code for code in names(demand) if code not in values)
        if unknown:
            found.append(Gap(demand, unknown))
        elif isinstance(demand, Comparison):
            found += _gap_of_comparison(demand, values)
        elif isinstance(demand, Name):
            found += [] if values[demand.code] else [Gap(demand)]
        else:
            found.append(Gap(demand))
    return found


def known_values(figures: Figures, codes, elements: Elements) -> dict[str, Fraction | bool]:
    """The institution's values of these elements, exact, without those that are missing or not of its type."""
    given = {code: figures.values.get(code) for code in codes if figures.type in elements[code].reported_by}
    return {c: v if isinstance(v, bool) else Fraction(v) for c, v in given.items() if v is not None}


def rooms(program: Program, index: int, target: Fraction, institutions: list[Figures], limit: int = 10):
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
    return sorted(found, key=lambda entry: (-entry[2], entry[0]))[:limit]


def _gap_of_comparison(demand: Comparison, values: Mapping[str, Fraction]) -> list[Gap]:
    left, right = linear(demand.left), linear(demand.right)
    if left is None or right is None or demand.op not in (">=", ">"):
        return [] if _holds(demand, values) else [Gap(demand)]
    value, target = _evaluate(left, values), _evaluate(right, values)
    strict = demand.op == ">"
    if value > target or (value == target and not strict):
        return []
    convert = smallest(target - value, strict)
    rates = list(right.factors.values())
    grows = len(rates) == 1 and 0 < rates[0] < 1 and not right.constant and len(left.factors) == 1
    add = smallest((target - value) / (1 - rates[0]), strict) if grows else None
    return [Gap(demand, (), value, target, convert, add)]


def _holds(demand: Comparison, values: Mapping[str, Fraction]) -> bool:
    left, right = linear(demand.left), linear(demand.right)
    if left is None or right is None:
        return False
    value, target = _evaluate(left, values), _evaluate(right, values)
    return {"<=": value <= target, "<": value < target, "==": value == target}[demand.op]


def _evaluate(form: Linear, values: Mapping[str, Fraction]) -> Fraction:
    return sum((factor * values[code] for code, factor in form.factors.items()), form.constant)

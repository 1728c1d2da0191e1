"""Shares that a standard asks for, as one institution's own figures show them: 25% of the physicians, say. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from indicators.formula import names, parse
from indicators.formula.checks import ALL
from indicators.formula.linear import Linear, linear
from indicators.formula.tree import CONDITION_AGGREGATES, Aggregate, Arithmetic, Comparison, Expr, conjuncts

_AT_LEAST = (">=", ">")


@dataclass(frozen=True)
class Threshold:
    """`part / whole` of one institution is held against `target`, a share between 0 and 1."""

    criterion: str
    name: str
    part: Linear
    whole: Linear
    target: Fraction

    @property
    def elements(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.part.factors, *self.whole.factors)))

    def share(self, values: Mapping) -> Fraction | None:
        """None where a figure is missing or the whole is zero."""
        if any(values.get(code) is None for code in self.elements):
            return None
        exact = {code: Fraction(values[code]) for code in self.elements}
        whole = self.whole.of(exact)
        return self.part.of(exact) / whole if whole > 0 else None


def thresholds_of(criterion, institution_type: str, reported: Iterable[str]) -> list[Threshold]:
    """Those of a criterion (code, name, scope, expression, comparator, target) that an institution of this type can be
    held against: in its scope, over elements that it reports."""
    if institution_type not in criterion.scope and ALL not in criterion.scope:
        return []
    tree, own = parse(criterion.expression), set(reported)
    found = _of_ratio(criterion, tree) if criterion.comparator in _AT_LEAST else []
    if isinstance(tree, Aggregate) and tree.function in CONDITION_AGGREGATES:
        found += [pair for demand in conjuncts(tree.operand) if (pair := _of_demand(demand))]
    return [
        Threshold(criterion.code, criterion.name, part, whole, target)
        for part, whole, target in found
        if 0 < target < 1 and own >= {*part.factors, *whole.factors}
    ]


def _of_ratio(criterion, tree: Expr) -> list[tuple[Linear, Linear, Fraction]]:
    """sum(a) / sum(b) >= 35%."""
    if not (isinstance(tree, Arithmetic) and tree.op == "/"):
        return []
    sides = [side for side in (tree.left, tree.right) if isinstance(side, Aggregate) and side.function == "sum"]
    target_tree = parse(criterion.target)
    target = None if names(target_tree) else linear(target_tree)
    if len(sides) < 2 or target is None:
        return []
    part, whole = linear(sides[0].operand), linear(sides[1].operand)
    return [(part, whole, target.constant)] if part and whole else []


def _of_demand(demand: Expr) -> tuple[Linear, Linear, Fraction] | None:
    """tcm_physicians >= 25% * physicians."""
    if not (isinstance(demand, Comparison) and demand.op in _AT_LEAST):
        return None
    part, right = linear(demand.left), linear(demand.right)
    if part is None or right is None or right.constant or len(right.factors) != 1:
        return None
    (code, rate), *_ = right.factors.items()
    return (part, Linear({code: Fraction(1)}, Fraction(0)), rate) if part.factors else None

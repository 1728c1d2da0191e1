"""Recognises arithmetic that is linear in the data elements: `tcm_physicians - 25% * physicians`. Pure.

Two things rest on it: comparisons without fractions in the compiled code, and telling how much is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from indicators.formula.tree import Arithmetic, Expr, Name, Negative, Number


@dataclass(frozen=True)
class Linear:
    """The sum of `factors[code] * element`, plus `constant`."""

    factors: dict[str, Fraction]
    constant: Fraction

    def scaled(self, factor: Fraction) -> "Linear":
        return Linear({code: f * factor for code, f in self.factors.items() if f * factor}, self.constant * factor)

    def plus(self, other: "Linear") -> "Linear":
        factors = dict(self.factors)
        for code, factor in other.factors.items():
            factors[code] = factors.get(code, Fraction(0)) + factor
        return Linear({code: f for code, f in factors.items() if f}, self.constant + other.constant)

    def of(self, values: Mapping[str, Fraction]) -> Fraction:
        return sum((factor * values[code] for code, factor in self.factors.items()), self.constant)


def linear(expr: Expr) -> Linear | None:
    """The linear form of an institution's arithmetic, or None where it has none."""
    if isinstance(expr, Number):
        return Linear({}, expr.value)
    if isinstance(expr, Name):
        return Linear({expr.code: Fraction(1)}, Fraction(0))
    if isinstance(expr, Negative):
        operand = linear(expr.operand)
        return operand and operand.scaled(Fraction(-1))
    if not isinstance(expr, Arithmetic):
        return None
    left, right = linear(expr.left), linear(expr.right)
    if left is None or right is None:
        return None
    if expr.op in "+-":
        return left.plus(right if expr.op == "+" else right.scaled(Fraction(-1)))
    if not right.factors and (expr.op == "*" or right.constant):
        return left.scaled(right.constant if expr.op == "*" else 1 / right.constant)
    if expr.op == "*" and not left.factors:
        return right.scaled(left.constant)
    return None

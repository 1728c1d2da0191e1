"""The tree that a formula is parsed to. Pure; no Django.

Every node knows the place (`pos`, characters from the start) where it began, so that a fault can be shown there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

AGGREGATES = ("sum", "count", "share", "min", "max", "mean")
# these take a condition, the others a number
CONDITION_AGGREGATES = ("count", "share")


@dataclass(frozen=True)
class Number:
    value: Fraction
    text: str = field(compare=False)
    pos: int = field(compare=False, default=0)


@dataclass(frozen=True)
class Name:
    """A data element of one institution."""

    code: str
    pos: int = field(compare=False, default=0)


@dataclass(frozen=True)
class Negative:
    operand: "Expr"
    pos: int = field(compare=False, default=0)


@dataclass(frozen=True)
class Arithmetic:
    op: str  # + - * /
    left: "Expr"
    right: "Expr"
    pos: int = field(compare=False, default=0)


@dataclass(frozen=True)
class Comparison:
    op: str  # >= > <= < ==
    left: "Expr"
    right: "Expr"
    pos: int = field(compare=False, default=0)


@dataclass(frozen=True)
class Logic:
    op: str  # and or
    left: "Expr"
    right: "Expr"
    pos: int = field(compare=False, default=0)


@dataclass(frozen=True)
class Not:
    operand: "Expr"
    pos: int = field(compare=False, default=0)


@dataclass(frozen=True)
class Aggregate:
    """A function over institutions."""

    function: str
    operand: "Expr"
    pos: int = field(compare=False, default=0)


Expr = Number | Name | Negative | Arithmetic | Comparison | Logic | Not | Aggregate


def children(expr: Expr) -> tuple[Expr, ...]:
    if isinstance(expr, Arithmetic | Comparison | Logic):
        return (expr.left, expr.right)
    if isinstance(expr, Negative | Not | Aggregate):
        return (expr.operand,)
    return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """The node and everything below it, left to right."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def names(expr: Expr) -> tuple[str, ...]:
    """Codes of the data elements that the formula reads, each once, in order of appearance."""
    return tuple(dict.fromkeys(node.code for node in walk(expr) if isinstance(node, Name)))


def aggregates(expr: Expr) -> tuple[Aggregate, ...]:
    """The formula's distinct aggregates, in order of appearance."""
    return tuple(dict.fromkeys(node for node in walk(expr) if isinstance(node, Aggregate)))


def conjuncts(condition: Expr) -> list[Expr]:
    """The parts that all have to hold: `a and b and c` gives [a, b, c]."""
    if isinstance(condition, Logic) and condition.op == "and":
        return conjuncts(condition.left) + conjuncts(condition.right)
    return [condition]

"""What a formula measures, apart from how much of it a plan asks for. Pure.

`share(technique_categories >= 6 and technique_items >= 10)` and `share(technique_items >= 15 and technique_categories
>= 6)` measure the same: the share of institutions that reach two numbers. A number is taken out of a formula only
where it is plain whether a higher one asks more; all others are part of what is measured.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import ceil, floor

from indicators.formula.parser import parse
from indicators.formula.tree import (
    CONDITION_AGGREGATES,
    Aggregate,
    Arithmetic,
    Comparison,
    Expr,
    Logic,
    Name,
    Negative,
    Not,
    Number,
    conjuncts,
    names,
    walk,
)


@dataclass(frozen=True)
class Reported:
    """What has to be known of a data element: by whom it is reported, whether in whole numbers, whether it may be
    negative."""

    by: frozenset[str]
    whole: bool = True
    signed: bool = False


Elements = Mapping[str, Reported]

_MIRRORED = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "=="}
# what an average over institutions of several types is: it lies between the averages of the types
_AVERAGES = ("share", "mean", "min", "max")


@dataclass(frozen=True)
class Level:
    """A number that is asked for: at least (or at most) `value`; `strict`: more (or less) than it."""

    value: Fraction
    strict: bool = False
    text: str = field(default="", compare=False)


@dataclass(frozen=True)
class Atom:
    """One part of a condition. `limited` is what a number is asked of, where `up` at least that many; of a part of
    which no number was taken out (`has_tcm_hall`) it is the part itself and `up` None. `factor`: the number is a
    multiple of it (25% * physicians)."""

    limited: Expr
    up: bool | None = None
    factor: Expr | None = None

    def at(self, level: Level | None) -> Expr:
        """The part with this number in it."""
        if self.up is None:
            return self.limited
        op = (">" if self.up else "<") + ("" if level.strict else "=")
        number = Number(level.value, level.text)
        right = Arithmetic("*", number, self.factor) if self.factor else number
        return Comparison(op, self.limited, right)

    def asks(self, level: Level | None) -> tuple[Fraction, bool]:
        """A greater one asks more."""
        if self.up is None:
            return (Fraction(0), False)
        return (level.value if self.up else -level.value, level.strict)


Levels = Mapping[Atom, Level | None]


@dataclass(frozen=True)
class Measure:
    """`function` is share or count with the `atoms` of its condition, in their order; else "", and `tree` the whole
    formula. `averages`: over several types it lies between what it is over each of them."""

    function: str
    atoms: tuple[Atom, ...]
    tree: Expr | None
    averages: bool

    @property
    def identity(self) -> tuple:
        """Equal for formulas that measure the same."""
        return self.function, frozenset(self.atoms), self.tree

    def with_levels(self, levels: Levels) -> Expr:
        """The formula with these parts of its condition."""
        if self.tree is not None:
            return self.tree
        parts = [atom.at(level) for atom, level in levels.items()]
        return Aggregate(self.function, reduce(lambda left, right: Logic("and", left, right), parts))


def measure_of(expression: str, types: Iterable[str], elements: Elements) -> tuple[Measure, Levels]:
    """What a checked formula measures over institutions of these types, and the numbers that it asks for."""
    tree = canonical(parse(expression))
    if not isinstance(tree, Aggregate) or tree.function not in CONDITION_AGGREGATES:
        return Measure("", (), tree, _averages(tree, frozenset(types), elements)), {}
    levels: dict[Atom, Level | None] = {}
    for part in conjuncts(parse(expression).operand):
        atom, level = _atom(canonical(part), elements)
        if atom not in levels or atom.asks(level) > atom.asks(levels[atom]):
            levels[atom] = level
    return Measure(tree.function, tuple(levels), None, tree.function in _AVERAGES), levels


def _atom(part: Expr, elements: Elements) -> tuple[Atom, Level | None]:
    if not isinstance(part, Comparison) or part.op == "==":
        return Atom(part), None
    taken = _number(part.right)
    if taken is None or _number(part.left) is not None:
        return Atom(part), None
    number, factor = taken
    if factor is not None and not _never_negative(factor, elements):
        return Atom(part), None
    up, strict = part.op[0] == ">", len(part.op) == 1
    level = Level(number.value, strict, number.text)
    if factor is None and _is_whole(part.left, elements):
        level = _whole(level, up)
    return Atom(part.left, up, factor), level


def _number(expr: Expr) -> tuple[Number, Expr | None] | None:
    """(number, what it is a multiple of): of a bare number, or one times a data element."""
    if isinstance(expr, Number):
        return expr, None
    if isinstance(expr, Arithmetic) and expr.op == "*":
        for number, factor in ((expr.left, expr.right), (expr.right, expr.left)):
            if isinstance(number, Number) and isinstance(factor, Name):
                return number, factor
    return None


def _never_negative(expr: Expr, elements: Elements) -> bool:
    return isinstance(expr, Name) and expr.code in elements and not elements[expr.code].signed


def _is_whole(expr: Expr, elements: Elements) -> bool:
    if isinstance(expr, Arithmetic):
        return expr.op in "+-" and _is_whole(expr.left, elements) and _is_whole(expr.right, elements)
    return isinstance(expr, Name) and expr.code in elements and elements[expr.code].whole


def _whole(level: Level, up: bool) -> Level:
    """Of whole numbers more than 0 is at least 1."""
    if up:
        value = floor(level.value) + 1 if level.strict else ceil(level.value)
    else:
        value = ceil(level.value) - 1 if level.strict else floor(level.value)
    return Level(Fraction(value), False, str(value))


# ---- one form for formulas that say the same -----------------------------------------------------------------------


def canonical(expr: Expr) -> Expr:
    """What may be exchanged stands in one order, comparisons have their number on the right."""
    if isinstance(expr, Aggregate):
        return Aggregate(expr.function, canonical(expr.operand))
    if isinstance(expr, Not | Negative):
        return type(expr)(canonical(expr.operand))
    if isinstance(expr, Comparison):
        return _compared(expr.op, canonical(expr.left), canonical(expr.right))
    if not isinstance(expr, Logic | Arithmetic):
        return expr
    kind = type(expr)
    if expr.op not in ("and", "or", "+", "*"):
        return kind(expr.op, canonical(expr.left), canonical(expr.right))
    parts = sorted((canonical(part) for part in _chain(expr, expr.op)), key=key)
    return reduce(lambda left, right: kind(expr.op, left, right), parts)


def _compared(op: str, left: Expr, right: Expr) -> Comparison:
    """Mirrored where that brings the number to the right; else where the other side comes first."""
    numbers = _number(left) is not None, _number(right) is not None
    if numbers[0] != numbers[1]:
        mirrored = numbers[0]
    else:
        mirrored = key(right) < key(left)
    return Comparison(_MIRRORED[op], right, left) if mirrored else Comparison(op, left, right)


def _chain(expr: Expr, op: str) -> list[Expr]:
    if isinstance(expr, Logic | Arithmetic) and expr.op == op:
        return _chain(expr.left, op) + _chain(expr.right, op)
    return [expr]


def key(expr: Expr) -> str:
    """Equal for equal formulas alone, however their numbers are written."""
    words = []
    for node in walk(expr):
        own = getattr(node, "op", None) or getattr(node, "code", None) or getattr(node, "function", "")
        words.append(f"{type(node).__name__}:{node.value if isinstance(node, Number) else own}")
    return " ".join(words)


def _averages(tree: Expr, types: frozenset[str], elements: Elements) -> bool:
    """A mean, an extreme, or a sum divided by a sum to which every one of the types gives its part."""
    if isinstance(tree, Aggregate):
        return tree.function in _AVERAGES
    if isinstance(tree, Arithmetic) and tree.op in "*/" and isinstance(tree.right, Number):
        return tree.right.value > 0 and _averages(tree.left, types, elements)
    if not isinstance(tree, Arithmetic) or tree.op != "/":
        return False
    sums = (tree.left, tree.right)
    if not all(isinstance(each, Aggregate) and each.function == "sum" for each in sums):
        return False
    if not all(_never_negative(part, elements) for part in _chain(tree.right.operand, "+")):
        return False
    return all(code in elements and types <= elements[code].by for code in names(tree))

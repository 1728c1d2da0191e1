"""What it would take to meet a criterion (scoring.md rule 9): the smallest counts that do. Pure; stdlib only."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from assessments.scoring.contribution import Contribution
from indicators.formula.tree import Aggregate, Arithmetic, Expr, Name, Number


@dataclass(frozen=True)
class Shortfall:
    """`institutions`: how many more have to meet the condition (share, count, min).

    `convert`: the smallest whole k that, added to the first sum, is enough while the total stays (staff are
    converted, visits shift). `add`: the smallest k of new ones on top, which raise the total too; None where that
    makes no sense or is never enough. `element`: the data element that k counts, where the sum is of one element.
    """

    institutions: int | None = None
    convert: int | None = None
    add: int | None = None
    element: str | None = None

    @property
    def amount(self) -> int:
        """The number to sort by: how little is missing."""
        return self.institutions if self.institutions is not None else self.convert


@dataclass(frozen=True)
class Ratio:
    """An expression of the form `sum(a) / sum(b) * factor`."""

    part: Aggregate
    whole: Aggregate
    factor: Fraction


def shortfall_of(spec, given: Contribution, value: Fraction, target: Fraction, failing: int) -> Shortfall | None:
    """What a criterion that is not met lacks; None for forms and comparators where no number of anything helps."""
    if spec.comparator not in (">=", ">"):
        return None
    strict = spec.comparator == ">"
    if spec.lone:
        return _of_lone(spec.lone, given, value, target, strict, failing)
    values = dict(zip(spec.aggregates, given.parts, strict=True))
    if ratio := as_ratio(spec.tree):
        return _of_ratio(ratio, Fraction(values[ratio.part].total), Fraction(values[ratio.whole].total), target, strict)
    raised = _raised_by(spec.tree)
    if raised and raised.function == "sum":
        return Shortfall(convert=smallest(target - value, strict), element=_element(raised))
    return None


def smallest(gap: Fraction, strict: bool) -> int:
    """The smallest whole number that is at least `gap`, or greater than it if `strict`."""
    return floor(gap) + 1 if strict else ceil(gap)


def as_ratio(tree: Expr) -> Ratio | None:
    """Recognises `sum(a) / sum(b)`, with numbers multiplied to or divided from the whole."""
    factor = Fraction(1)
    while isinstance(tree, Arithmetic) and tree.op in "*/" and isinstance(tree.right, Number) and tree.right.value > 0:
        factor = factor * tree.right.value if tree.op == "*" else factor / tree.right.value
        tree = tree.left
    if not (isinstance(tree, Arithmetic) and tree.op == "/"):
        return None
    sums = [side for side in (tree.left, tree.right) if isinstance(side, Aggregate) and side.function == "sum"]
    return Ratio(sums[0], sums[1], factor) if len(sums) == 2 else None


def _of_lone(lone: Aggregate, given: Contribution, value, target, strict: bool, failing: int) -> Shortfall | None:
    if lone.function == "share":
        needed = smallest(target * given.in_scope, strict)
        missing = needed - given.parts[0].true
        return Shortfall(institutions=missing) if needed <= given.in_scope else None
    if lone.function == "count":
        return Shortfall(institutions=smallest(target, strict) - given.parts[0].true)
    if lone.function == "min":
        return Shortfall(institutions=failing)
    if lone.function == "sum":
        return Shortfall(convert=smallest(target - value, strict), element=_element(lone))
    return None


def _of_ratio(ratio: Ratio, part: Fraction, whole: Fraction, target: Fraction, strict: bool) -> Shortfall | None:
    if whole <= 0:
        return None
    share = target / ratio.factor
    convert = smallest(share * whole - part, strict)
    add = None
    if ratio.factor == 1 and share < 1:
        add = smallest((share * whole - part) / (1 - share), strict)
    return Shortfall(convert=convert, add=add, element=_element(ratio.part))


def _raised_by(tree: Expr) -> Aggregate | None:
    """The sum that raises the value one for one: the leftmost of a sum or difference."""
    while isinstance(tree, Arithmetic) and tree.op in "+-":
        tree = tree.left
    return tree if isinstance(tree, Aggregate) else None


def _element(aggregate: Aggregate) -> str | None:
    return aggregate.operand.code if isinstance(aggregate.operand, Name) else None

"""From a merged contribution to value, range, status and coverage (scoring.md rules 4 to 8). Pure; stdlib only."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import eq, ge, gt, le, lt

from assessments.scoring.contribution import Contribution, Part, Sum, Tally, Values
from assessments.scoring.program import CriterionSpec, Program
from assessments.scoring.shortfall import Shortfall, shortfall_of
from indicators.formula.tree import Aggregate, Expr, Negative, Number

COMPARE = {">=": ge, ">": gt, "<=": le, "<": lt, "==": eq}


@dataclass(frozen=True)
class CriterionResult:
    """What one criterion comes to. `value`, `target` and `range` are exact; None is unknown.

    `status`: met, unmet, undecided, no_data or not_applicable. `aggregates` holds the value of each aggregate of the
    expression, for the formula with values filled in.
    """

    spec: CriterionSpec
    status: str
    value: Fraction | None
    target: Fraction | None
    in_scope: int
    reported: int
    due: int
    range: tuple[Fraction, Fraction] | None
    shortfall: Shortfall | None
    failing: tuple[str, ...]
    unknown: tuple[str, ...]
    aggregates: Mapping[Aggregate, Fraction | None]


def finish(program: Program, contributions: tuple[Contribution, ...]) -> list[CriterionResult]:
    """The result of every criterion, in the program's order."""
    pairs = zip(program.criteria, contributions, strict=True)
    return [finish_criterion(spec, contribution) for spec, contribution in pairs]


def finish_criterion(spec: CriterionSpec, given: Contribution) -> CriterionResult:
    values = _values(spec.aggregates, given.parts, given.in_scope)
    value = evaluate(spec.tree, values)
    target = target_of(spec, given)
    bounds = _range(spec, given)
    status = _status(spec, given, value, target, bounds)
    failing = given.failing
    if status not in ("not_applicable", "no_data") and spec.lone and spec.lone.function in ("min", "max"):
        failing = _failing_extremes(spec, given.parts[0], target)
    missing = shortfall_of(spec, given, value, target, len(failing)) if status in ("unmet", "undecided") else None
    return CriterionResult(
        spec,
        status,
        value,
        target,
        given.in_scope,
        given.complete,
        given.due,
        bounds,
        missing,
        tuple(sorted(failing)),
        tuple(sorted(given.unknown)),
        values,
    )


def target_of(spec: CriterionSpec, given: Contribution) -> Fraction | None:
    """Exact; None where it is not set. It runs over all institutions; a share in it has its own denominator."""
    return evaluate(spec.target_tree, _values(spec.target_aggregates, given.target_parts, None))


def evaluate(expr: Expr, values: Mapping[Aggregate, Fraction | None]) -> Fraction | None:
    """The value of the top of a formula, exact; None where anything in it is unknown or divided by zero."""
    if isinstance(expr, Number):
        return expr.value
    if isinstance(expr, Aggregate):
        return values[expr]
    if isinstance(expr, Negative):
        operand = evaluate(expr.operand, values)
        return None if operand is None else -operand
    left, right = evaluate(expr.left, values), evaluate(expr.right, values)
    if left is None or right is None or (expr.op == "/" and right == 0):
        return None
    if expr.op == "+":
        return left + right
    if expr.op == "-":
        return left - right
    return left * right if expr.op == "*" else left / right


def _values(aggregates, parts: tuple[Part, ...], in_scope: int | None) -> dict[Aggregate, Fraction | None]:
    return {a: _value(a.function, part, in_scope) for a, part in zip(aggregates, parts, strict=True)}


def _value(function: str, part: Part, in_scope: int | None) -> Fraction | None:
    if isinstance(part, Tally):
        if function == "count":
            return Fraction(part.true)
        of = in_scope if in_scope is not None else part.true + part.false + part.unknown
        return Fraction(part.true, of) if of else None
    if isinstance(part, Sum):
        if part.n == 0:
            return None
        return Fraction(part.total) if function == "sum" else Fraction(part.total) / part.n
    values = [value for value, _ in part.pairs]
    if not values:
        return None
    return Fraction(min(values) if function == "min" else max(values))


def _range(spec: CriterionSpec, given: Contribution) -> tuple[Fraction, Fraction] | None:
    """Of a lone share: from none to all of the unknown institutions meeting the condition. None where all are known."""
    if not spec.lone or spec.lone.function != "share" or not given.in_scope:
        return None
    tally: Tally = given.parts[0]
    if not tally.unknown:
        return None
    return Fraction(tally.true, given.in_scope), Fraction(tally.true + tally.unknown, given.in_scope)


def _status(spec: CriterionSpec, given: Contribution, value, target, bounds) -> str:
    if given.in_scope == 0:
        return "not_applicable"
    if value is None or target is None:
        return "no_data"
    holds = COMPARE[spec.comparator]
    if bounds is None:
        return "met" if holds(value, target) else "unmet"
    # Rule 8 is written for `>=`, where the value is the range's lower end. Read for every comparator: met when the
    # target holds however the unknown ones turn out, unmet when it fails either way, else undecided.
    at_ends = [holds(end, target) for end in bounds]
    if all(at_ends):
        return "met"
    return "undecided" if any(at_ends) else "unmet"


def _failing_extremes(spec: CriterionSpec, values: Values, target: Fraction) -> tuple[str, ...]:
    """Of `min(x) >= t` or `max(x) <= t`: the institutions whose own x does not reach it."""
    if spec.comparator not in {"min": (">=", ">"), "max": ("<=", "<")}[spec.lone.function]:
        return ()
    holds = COMPARE[spec.comparator]
    return tuple(code for value, code in values.pairs if not holds(value, target))

"""What counties come to together: their contributions added up (design: any level is a merge of the one below)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from assessments.scoring.as_json import CriterionWriter
from assessments.scoring.contribution import Contribution, Contributions, Part, Values, merge
from assessments.scoring.finish import CriterionResult, target_of
from assessments.scoring.program import CriterionSpec, Program
from indicators.formula.tree import Aggregate, Arithmetic, Expr, Negative


def merged(program: Program, counties: Mapping[str, Contributions]) -> Contributions:
    """By county code -> of all of them. Institutions are named `county/institution`: two counties may use one code.

    Without any county: what nobody gives.
    """
    named = [_of_county(county, contributions) for county, contributions in counties.items()]
    return merge([program.contribute([]), *named])


def as_one(program: Program, counties: Mapping[str, Contributions]) -> Contributions:
    """As `merged`, without the targets that counties set for themselves and that come to none for all of them."""
    total, nothing = merged(program, counties), program.contribute([])
    return tuple(
        given if _has_target(spec, [each[i] for each in counties.values()]) else replace(given, target_parts=none)
        for i, (spec, given, none) in enumerate(
            zip(program.criteria, total, (each.target_parts for each in nothing), strict=True)
        )
    )


def _has_target(spec: CriterionSpec, counties: Iterable[Contribution]) -> bool:
    """Beds per 1000 people that counties plan come to no plan when they are added up; trained people do, where every
    county whose people are counted has said how many."""
    if not spec.target_aggregates:
        return True
    given = [(each.complete, target_of(spec, each)) for each in counties]
    targets = [target for complete, target in given if complete or target is not None]
    if len(targets) < 2:
        return True
    growth = _growth(spec.target_tree)
    return None not in (growth, *targets) and growth == _growth(spec.tree)


def _growth(expr: Expr) -> int | None:
    """How it grows with the institutions: 1 is a total, 0 an average or a number; None neither of them."""
    if isinstance(expr, Aggregate):
        return 1 if expr.function in ("sum", "count") else 0
    if isinstance(expr, Negative):
        return _growth(expr.operand)
    if not isinstance(expr, Arithmetic):
        return 0
    left, right = _growth(expr.left), _growth(expr.right)
    if left is None or right is None:
        return None
    if expr.op in "+-":
        return left if left == right else None
    return left + right if expr.op == "*" else left - right


class MergedWriter(CriterionWriter):
    """Writes what counties come to together. Of institutions only the names are known: what each of them lacks, and
    which have most room, stands on their county's pages."""

    def __init__(self, program: Program):
        super().__init__(program, read=lambda scope: [])

    def gaps(self, result: CriterionResult, code: str) -> list[dict]:
        return []

    def room(self, result: CriterionResult) -> list[dict]:
        return []


def _of_county(county: str, contributions: Contributions) -> Contributions:
    return tuple(_named(county, each) for each in contributions)


def _named(county: str, given: Contribution) -> Contribution:
    return replace(
        given,
        parts=tuple(_part(county, part) for part in given.parts),
        target_parts=tuple(_part(county, part) for part in given.target_parts),
        failing=tuple(f"{county}/{code}" for code in given.failing),
        unknown=tuple(f"{county}/{code}" for code in given.unknown),
    )


def _part(county: str, part: Part) -> Part:
    if not isinstance(part, Values):
        return part
    return Values(tuple((value, f"{county}/{code}") for value, code in part.pairs))

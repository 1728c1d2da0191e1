"""How many criteria each institution fails or leaves open, read off the traces of everybody. Pure; stdlib only.

The same as counting own.own_results institution by institution, in a fraction of the time: a trace names who fails a
condition and who is unknown, so only they are looked at.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from assessments.scoring.contribution import Contribution, Contributions, Values
from assessments.scoring.finish import COMPARE, CriterionResult
from assessments.scoring.own import is_decided
from assessments.scoring.program import CriterionSpec, Figures, Program
from indicators.formula.tree import CONDITION_AGGREGATES


def own_counts(
    program: Program, wholes: Sequence[CriterionResult], total: Contributions, institutions: Iterable[Figures]
) -> tuple[Counter, Counter]:
    """By institution code: how many of its own results `fail`, and how many are `is_unknown`; none counts as 0.

    `total` and `wholes`: what these institutions, all of the county's active ones, give and come to.
    """
    codes: dict[str, list[str]] = {}
    for figures in institutions:
        codes.setdefault(figures.type, []).append(figures.code)
    unmet, unknown = Counter(), Counter()
    for spec, whole, given in zip(program.criteria, wholes, total, strict=True):
        if spec.level != "info":
            fails, unsure = _named(spec, whole, given, _due(program, spec, codes))
            unmet.update(fails)
            unknown.update(unsure)
    return unmet, unknown


def _due(program: Program, spec: CriterionSpec, codes: dict[str, list[str]]) -> set[str]:
    """The institutions in scope whose type reports something that the expression reads."""
    due = set()
    for institution_type, of_type in codes.items():
        reports = any(institution_type in program.elements[element].reported_by for element in spec.reads)
        if reports and spec.covers(institution_type):
            due.update(of_type)
    return due


def _named(
    spec: CriterionSpec, whole: CriterionResult, given: Contribution, due: set[str]
) -> tuple[Collection[str], Collection[str]]:
    """Those who fail, and those who are unknown."""
    decided = is_decided(spec, whole)
    unknown = due.intersection(given.unknown)
    if spec.lone and spec.lone.function in CONDITION_AGGREGATES:
        return due.intersection(given.failing) if decided else (), unknown
    if not decided:
        return (), unknown
    complete = due - unknown
    if whole.in_scope == 1:
        return complete if whole.status == "unmet" else (), due if whole.status == "no_data" else unknown
    return _extremes(spec, whole, given.parts[0], complete, unknown)


def _extremes(
    spec: CriterionSpec, whole: CriterionResult, values: Values, complete: set[str], unknown: set[str]
) -> tuple[Collection[str], Collection[str]]:
    """Of a lone `min` or `max`, which each institution has to reach."""
    if whole.target is None:
        return (), unknown | complete
    reached = COMPARE[spec.comparator]
    fails = [code for value, code in values.pairs if not reached(value, whole.target)]
    return fails, unknown | (complete - {code for _, code in values.pairs})

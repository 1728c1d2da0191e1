"""One institution's own light under each criterion that it touches. Pure; stdlib only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessments.scoring.contribution import Contribution
from assessments.scoring.finish import COMPARE, CriterionResult, finish_criterion
from assessments.scoring.gaps import Gap, gaps_of_condition
from assessments.scoring.program import CriterionSpec, Figures, Program
from indicators.formula.tree import CONDITION_AGGREGATES, names


@dataclass(frozen=True)
class OwnResult:
    """`status`: met, unmet, undecided (figures missing), no_data (no target or no value); for pooled criteria counted,
    above or below.

    A criterion that demands something of each institution (100% of them), or that has this institution alone in scope,
    is `decided` by the institution itself. In a pooled one it only counts: `fits` and `misfits` say whether it is among
    those of which some share is demanded (10% of the clinics), `above` and `below` on which side of the county's target
    its own ratio lies, where it has one.
    """

    spec: CriterionSpec
    decided: bool
    status: str
    value: Fraction | None
    target: Fraction | None
    gaps: tuple[Gap, ...] = ()

    @property
    def fails(self) -> bool:
        return self.decided and self.status == "unmet" and self.spec.level != "info"

    @property
    def is_unknown(self) -> bool:
        return self.status in ("undecided", "no_data") and self.spec.level != "info"


@dataclass(frozen=True)
class WholeResult:
    """What the county comes to under a criterion, as far as the light of one institution depends on it."""

    status: str
    value: Fraction | None
    target: Fraction | None
    in_scope: int


def stored_wholes(program: Program, result: Mapping) -> list[WholeResult]:
    """The same from a stored result (`Standing.result`), in the program's order: no institution is read again."""
    by_code = {criterion["code"]: criterion for item in result["items"] for criterion in item["criteria"]}
    return [_stored(by_code[spec.code]) for spec in program.criteria]


def own_results(
    program: Program, wholes: Sequence[CriterionResult | WholeResult], institution: Figures
) -> list[OwnResult]:
    """For every criterion that the institution is in the scope of and reports something for, in order.

    `wholes`: what the county comes to, one for each of the program's criteria.
    """
    contributions = program.contribute([institution])
    return [
        _own(program, spec, whole, contribution, institution)
        for spec, whole, contribution in zip(program.criteria, wholes, contributions, strict=True)
        if contribution.due
    ]


def _stored(criterion: Mapping) -> WholeResult:
    value, target = (None if criterion[key] is None else Fraction(criterion[key]) for key in ("value", "target"))
    return WholeResult(criterion["status"], value, target, criterion["in_scope"])


def _own(
    program: Program,
    spec: CriterionSpec,
    whole: CriterionResult | WholeResult,
    given: Contribution,
    institution: Figures,
) -> OwnResult:
    decided = is_decided(spec, whole)
    if spec.lone and spec.lone.function in CONDITION_AGGREGATES:
        holds, fails = ("met", "unmet") if decided else ("fits", "misfits")
        status = fails if given.failing else "undecided" if given.unknown else holds
        gaps = () if status == holds else gaps_of_condition(spec.lone.operand, institution, program.elements)
        return OwnResult(spec, decided, status, None, None, tuple(gaps))
    if not given.complete:
        return OwnResult(spec, decided, "undecided", None, whole.target, _missing(program, spec, institution))
    if whole.in_scope == 1:
        return OwnResult(spec, True, whole.status, whole.value, whole.target)
    own = finish_criterion(spec, given)
    if own.value is None or whole.target is None:
        return OwnResult(spec, decided, "no_data" if decided else "counted", own.value, whole.target)
    reached = COMPARE[spec.comparator](own.value, whole.target)
    if decided:
        return OwnResult(spec, True, "met" if reached else "unmet", own.value, whole.target)
    return OwnResult(spec, False, "above" if reached else "below", own.value, whole.target)


def is_decided(spec: CriterionSpec, whole: CriterionResult | WholeResult) -> bool:
    """Whether each institution's own figures decide the criterion for it."""
    if whole.in_scope == 1 or spec.lone is None:
        return whole.in_scope == 1
    if spec.lone.function == "share":
        return whole.target is not None and whole.target >= 1
    return spec.lone.function in ("min", "max")


def _missing(program: Program, spec: CriterionSpec, institution: Figures) -> tuple[Gap, ...]:
    """The elements that this institution has left empty, as one gap."""
    missing = tuple(
        code
        for code in names(spec.tree)
        if institution.type in program.elements[code].reported_by and institution.values.get(code) is None
    )
    return (Gap(spec.tree, missing),)

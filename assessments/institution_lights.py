"""One institution's light under every criterion that it touches, in words.

The county's results come from the stored standing: no other institution is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessments.queries import program_of
from assessments.scoring.as_json import gap_as_json
from assessments.scoring.display import figure
from assessments.scoring.gaps import rooms
from assessments.scoring.own import OwnResult, own_results, stored_wholes
from assessments.scoring.program import Figures, Program
from assessments.scoring.shortfall import as_ratio
from assessments.words import (
    COMPARATOR,
    STATUS,
    amount_words,
    exact,
    gap_words,
    missing_words,
    shortfall_detail,
    shortfall_words,
)
from indicators.enums import Level
from indicators.formula import describe, names
from indicators.formula.tree import Aggregate, Arithmetic, Expr, Negative
from indicators.models import Criterion, Standard
from institutions.values import value_text

# what an institution has to do something about comes first
_STATUS_ORDER = (
    "unmet",
    "undecided",
    "no_data",
    "below",
    "misfits",
    "met",
    "above",
    "fits",
    "counted",
    "not_applicable",
)
_LEVEL_ORDER = tuple(Level.values)


@dataclass(frozen=True)
class OwnLight:
    """One criterion on the institution's page. `basis`: (element's name, value) of the figures that it rests on.

    `decided`: the institution alone decides its light; else its figures count into the county's `whole_text`.
    """

    criterion: Criterion
    decided: bool
    status: str
    demand: str
    value_text: str
    basis: tuple[tuple[str, str], ...]
    whole_text: str
    whole_status: str
    lacks: tuple[str, ...]

    @property
    def is_one_answer(self) -> bool:
        """A yes or no that needs no name beside it: the demand is that very element."""
        return not self.value_text and len(self.basis) == 1 and self.basis[0][0] == self.demand

    @property
    def shown_basis(self) -> tuple[tuple[str, str], ...]:
        """Empty where it would only repeat the value."""
        return () if self.value_text and len(self.basis) == 1 else self.basis

    @property
    def status_label(self) -> str:
        return STATUS[self.status]

    @property
    def fails(self) -> bool:
        return self.status == "unmet" and self.criterion.level != Level.INFO

    @property
    def is_unknown(self) -> bool:
        return self.status in ("undecided", "no_data") and self.criterion.level != Level.INFO


def own_lights(standard: Standard, result: Mapping, institution: Figures, elements: Mapping) -> list[OwnLight]:
    """Those to mend first. `result` is the standing's; `elements` the dictionary. Two queries."""
    program = program_of(standard, result["period"], elements)
    criteria = {c.code: c for c in Criterion.objects.filter(item__standard=standard).select_related("item")}
    stored = {criterion["code"]: criterion for item in result["items"] for criterion in item["criteria"]}
    lights = [
        _Writer(program, institution, criteria[own.spec.code], own, stored[own.spec.code]).light()
        for own in own_results(program, stored_wholes(program, result), institution)
    ]
    return sorted(lights, key=_urgency)  # stable: in the standard's order among equals


def _urgency(light: OwnLight) -> tuple[int, int]:
    return _STATUS_ORDER.index(light.status), _LEVEL_ORDER.index(light.criterion.level)


class _Writer:
    """Puts words to one criterion's result."""

    def __init__(self, program: Program, institution: Figures, criterion: Criterion, own: OwnResult, whole: Mapping):
        self.program, self.elements, self.institution = program, program.elements, institution
        self.criterion, self.own, self.whole = criterion, own, whole
        self.tree = own.spec.tree

    def light(self) -> OwnLight:
        return OwnLight(
            criterion=self.criterion,
            decided=self.own.decided,
            status=self.own.status,
            demand=self.demand(),
            value_text=self.show(self.own.value) if self.own.value is not None else "",
            basis=self.basis(),
            whole_text=self.whole_text(),
            whole_status=self.whole["status"],
            lacks=tuple(self.lacks()),
        )

    def whole_text(self) -> str:
        provisional = self.whole["value"] is not None and self.whole["reported"] < self.whole["due"]
        return f"{self.show(exact(self.whole['value']))}{'（暂算）' if provisional else ''}"

    @property
    def condition(self) -> Expr | None:
        """What a share or count asks of each institution."""
        lone = self.own.spec.lone
        return lone.operand if lone and lone.function in ("share", "count") else None

    def show(self, value: Fraction | None) -> str:
        return figure(value, self.criterion.unit, exact(self.whole["target"]), self.criterion.comparator)

    def demand(self) -> str:
        if self.condition is not None:
            return describe(self.condition, self.elements)
        target = exact(self.whole["target"])
        words = describe(_of_one(self.tree), self.elements)
        if target is None:
            return f"{words}（待设目标）"
        return f"{words} {COMPARATOR[self.criterion.comparator]} {figure(target, self.criterion.unit)}"

    def basis(self) -> tuple[tuple[str, str], ...]:
        own = [self.elements[code] for code in names(self.tree)]
        return tuple((spec.name, self._reported(spec)) for spec in own if self.institution.type in spec.reported_by)

    def _reported(self, spec) -> str:
        text = value_text(spec.value_type, spec.choices, self.institution.values.get(spec.code))
        return "未填" if text is None else f"{text} {spec.unit}".strip()

    def lacks(self) -> list[str]:
        if self.own.status == "no_data":
            return ["待设目标"] if self.whole["target"] is None else ["缺少计算所需的数据"]
        empty = dict.fromkeys(code for gap in self.own.gaps for code in gap.unknown)
        words = [self._gap(gap) for gap in self.own.gaps if not gap.unknown]
        if empty:
            words.append(missing_words(empty, self.elements))
        if self.own.value is not None and self.own.status in ("unmet", "below"):
            words += self._amount()
        return words

    def _gap(self, gap) -> str:
        return gap_words(self.criterion.expression, gap_as_json(gap, self.condition), self.elements, brief=True)

    def _amount(self) -> list[str]:
        """How much its own figure lacks; nothing where no number says it."""
        if self.criterion.comparator not in (">=", ">"):
            return []
        shortfall = self.whole["shortfall"]
        if self.whole["in_scope"] == 1 and shortfall and shortfall["kind"] == "amount":
            told = shortfall, self.criterion.expression, self.elements
            return [shortfall_detail(*told) or shortfall_words(*told)]
        if as_ratio(self.tree) is None:
            return [f"还差 {figure(self.own.target - self.own.value, self.criterion.unit)}"]
        index = self.program.criteria.index(self.own.spec)
        found = rooms(self.program, index, self.own.target, [self.institution])
        words = (amount_words(room, self.criterion.expression, self.elements) for _, _, room in found)
        return [f"按本机构自身算还差 {each}" for each in words]


def _of_one(tree: Expr) -> Expr:
    """The formula for a single institution: each aggregate gives way to what it aggregates."""
    if isinstance(tree, Aggregate):
        return tree.operand
    if isinstance(tree, Arithmetic):
        return Arithmetic(tree.op, _of_one(tree.left), _of_one(tree.right), tree.pos)
    if isinstance(tree, Negative):
        return Negative(_of_one(tree.operand), tree.pos)
    return tree

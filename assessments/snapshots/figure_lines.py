"""Figures that differ, in words: institution, data element, what it was and what it is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessments.scoring.display import figure
from assessments.snapshots.figures import FigureChange, Registers, Value
from indicators.enums import InstitutionType
from indicators.formula import ElementSpec
from institutions.values import value_text

NOT_THERE = "不在范围内"
MISSING = "未报"
KINDS = {
    "came": "新计入的机构",
    "went": "不再计入的机构",
    "retyped": "改变类型",
    "reported": "补报",
    "missing": "变为未报",
    "changed": "变动",
}


@dataclass(frozen=True)
class FigureLine:
    """`difference`: new less old with its sign, exact; empty where one is missing or neither is a number."""

    institution: str
    code: str
    type: str
    element: str
    unit: str
    old: str
    new: str
    difference: str
    kind: str
    kind_label: str


class FigureWriter:
    """Names institutions so that each is told from every other, and elements as the dictionary does."""

    def __init__(self, registers: Registers, elements: Mapping[str, ElementSpec]):
        self.rows = registers.old.rows | registers.new.rows
        self.elements = elements
        self._often = Counter(row["name"] for row in self.rows.values())

    def name(self, code: str) -> str:
        """The code itself of one that neither side has."""
        row = self.rows.get(code)
        if row is None:
            return code
        if self._often[row["name"]] == 1:
            return row["name"]
        return f"{row['name']}（{'，'.join(filter(None, [row['town'], code]))}）"

    def lines(self, changes: Iterable[FigureChange]) -> tuple[FigureLine, ...]:
        return tuple(self._line(change) for change in changes)

    def _line(self, change: FigureChange) -> FigureLine:
        spec = self.elements[change.element]
        return FigureLine(
            institution=self.name(change.institution),
            code=change.institution,
            type=InstitutionType(self.rows[change.institution]["type"]).label,
            element=spec.name,
            unit=spec.unit,
            old=_text(spec, change.old) if change.was else NOT_THERE,
            new=_text(spec, change.new) if change.stays else NOT_THERE,
            difference=_difference(spec, change.difference),
            kind=change.kind,
            kind_label=KINDS[change.kind],
        )


def signed(difference: Fraction | None) -> str:
    """`+2.38`, `−1`; empty where nothing differs; what rounding would hide is said: `+不足 0.01`."""
    if not difference:
        return ""
    sign, text = "+" if difference > 0 else "−", figure(abs(difference))
    return f"{sign}{text}" if text != "0" else f"{sign}不足 0.01"


def _text(spec: ElementSpec, value: Value) -> str:
    return value_text(spec.value_type, spec.choices, value) or MISSING


def _difference(spec: ElementSpec, difference: Fraction | None) -> str:
    """To the last digit: figures are whole numbers and decimals, so their difference is a decimal too."""
    if not difference or spec.choices:
        return ""
    text = f"{Decimal(abs(difference.numerator)) / Decimal(difference.denominator):,f}"
    return f"{'+' if difference > 0 else '−'}{text}"

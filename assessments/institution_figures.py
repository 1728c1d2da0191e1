"""One institution's figures in words: this period's beside those of the period before. Missing is not zero."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from assessments.scoring.display import plain
from indicators.enums import ValueType
from indicators.models import Element
from institutions.values import value_text

SAME, CHANGED = "不变", "有变化"


@dataclass(frozen=True)
class FigureLine:
    """One data element. Texts are ready to print; `now` and `before` are None where nothing was reported."""

    name: str
    unit: str
    definition: str
    now: str | None
    before: str | None
    change: str

    @property
    def is_same(self) -> bool:
        return self.change == SAME


@dataclass(frozen=True)
class FigureGroup:
    name: str
    lines: tuple[FigureLine, ...]

    @property
    def missing(self) -> int:
        return sum(line.now is None for line in self.lines)


def figure_groups(
    institution_type: str, elements: Iterable[Element], now: Mapping, before: Mapping
) -> list[FigureGroup]:
    """All that this type reports, in the dictionary's groups and order; `now` and `before` are values of reports."""
    own = [element for element in elements if institution_type in element.reported_by]
    return [
        FigureGroup(name, tuple(_line(each, now.get(each.code), before.get(each.code)) for each in group))
        for name, group in groupby(own, key=lambda element: element.group)
    ]


def _line(element: Element, now, before) -> FigureLine:
    return FigureLine(
        name=element.name,
        unit=element.unit,
        definition=element.definition,
        now=value_text(element.value_type, element.choices, now),
        before=value_text(element.value_type, element.choices, before),
        change=_change(element, now, before),
    )


def _change(element: Element, now, before) -> str:
    """Empty where one of the two is missing: nothing is known of a change."""
    if now is None or before is None:
        return ""
    if element.value_type in (ValueType.BOOLEAN, ValueType.CHOICE):
        return SAME if now == before else CHANGED
    difference = Fraction(now) - Fraction(before)
    if not difference:
        return SAME
    return f"+{plain(difference)}" if difference > 0 else plain(difference)

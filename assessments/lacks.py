"""Which institutions keep a criterion from being met, and what each one lacks, in words."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessments.content import CriterionContent
from assessments.scoring.as_json import gap_as_json
from assessments.scoring.display import figure
from assessments.scoring.gaps import gaps_of_condition
from assessments.scoring.program import Figures
from assessments.scoring.spread import missing_elements
from assessments.words import amount_words, exact, gap_words, missing_words
from indicators.enums import InstitutionType
from indicators.formula import ElementSpec, parse
from indicators.formula.tree import CONDITION_AGGREGATES, Aggregate
from institutions.models import County, Institution

Elements = Mapping[str, ElementSpec]


@dataclass(frozen=True)
class Named:
    """An institution as lists name it."""

    code: str
    name: str
    type_label: str
    town: str
    url: str


@dataclass(frozen=True)
class Line:
    """One institution that fails a criterion or is unknown to it; `state` is a light's code."""

    institution: Named
    state: str
    word: str
    lacks: list[str]


@dataclass(frozen=True)
class Room:
    """One institution below a ratio's target; `amount` says what it would take to reach it by itself."""

    institution: Named
    value_text: str
    amount: str


def named_institutions(county: County, codes: Collection[str], link: Callable[[str], str]) -> dict[str, Named]:
    """By code; `link` gives the address of an institution's page. One query, none where there are no codes."""
    if not codes:
        return {}
    found = Institution.objects.filter(county=county, code__in=codes).values_list("code", "name", "type", "town")
    return {code: Named(code, name, InstitutionType(kind).label, town, link(code)) for code, name, kind, town in found}


def condition_of(criterion: CriterionContent) -> Aggregate | None:
    """The share or count that the criterion is, where it is one and nothing else."""
    tree = parse(criterion.expression)
    return tree if isinstance(tree, Aggregate) and tree.function in CONDITION_AGGREGATES else None


def rooms(criterion: CriterionContent, named: Mapping[str, Named], elements: Elements) -> list[Room]:
    """The institutions with most room to lift a ratio."""
    shortfall = criterion.shortfall or {}
    return [
        Room(
            named[room["institution"]],
            own_text(criterion, exact(room["value"])),
            amount_words(room["room"], criterion.expression, elements),
        )
        for room in shortfall.get("room", ())
        if room["institution"] in named
    ]


def own_text(criterion: CriterionContent, value: Fraction) -> str:
    """An institution's own value, rounded as the county's is."""
    return figure(value, criterion.unit, criterion.target, criterion.comparator)


class Lacks:
    """Says of one criterion what each institution lacks: from the stored result, and where that is silent (a pooled
    ratio, or a share that is met all the same) from the institution's figures."""

    def __init__(
        self,
        criterion: CriterionContent,
        figures: Mapping[str, Figures],
        own_values: Mapping[str, Fraction],
        elements: Elements,
    ):
        self.criterion, self.figures, self.own_values, self.elements = criterion, figures, own_values, elements
        self.tree = parse(criterion.expression)
        self.condition = condition_of(criterion)
        self.failing = frozenset(criterion.failing)
        self.stored = {entry["institution"]: entry["gaps"] for entry in (criterion.shortfall or {}).get("of", ())}

    def line(self, institution: Named) -> Line:
        words = self._words(institution.code)
        if institution.code in self.failing:
            return Line(institution, "unmet", "不满足", words)
        return Line(institution, "incomplete", "缺数据", words)

    def _words(self, code: str) -> list[str]:
        if code in self.own_values:
            return [f"现为 {own_text(self.criterion, self.own_values[code])}"]
        gaps = self.stored.get(code) or self._gaps(code)
        known = [gap for gap in gaps if not gap["unknown"]]
        words = [gap_words(self.criterion.expression, gap, self.elements, brief=True) for gap in known]
        empty = [element for gap in gaps for element in gap["unknown"]]
        if code in self.figures and not gaps:
            empty = missing_elements(self.tree, self.figures[code], self.elements)
        return [*words, missing_words(dict.fromkeys(empty), self.elements)] if empty else words

    def _gaps(self, code: str) -> list[dict]:
        if self.condition is None or code not in self.figures:
            return []
        found = gaps_of_condition(self.condition.operand, self.figures[code], self.elements)
        return [gap_as_json(gap, self.condition.operand) for gap in found]

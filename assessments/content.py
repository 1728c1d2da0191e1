"""What there is to show of a standing, as plain dataclasses: pages, PDF and Excel are drawn from these alone.

Every figure comes from the stored result (`Standing.result`, `Assessment.result`); this file only puts names, words
and rounding to it. Nothing is computed here that the engine computes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from assessments.scoring.display import figure
from assessments.words import COMPARATOR, STATUS, coverage_words, exact, shortfall_detail, shortfall_words
from indicators.enums import Level
from indicators.formula import ElementSpec, aggregates, describe, fill_in, parse
from indicators.formula.tree import Aggregate
from indicators.models import Criterion, Item, Section, Standard
from indicators.words import scope_words


@dataclass(frozen=True)
class CriterionContent:
    """One criterion with its result. Texts are ready to print; `value` and `target` stay exact for charts."""

    code: str
    name: str
    level: str
    level_label: str
    note: str
    scope: tuple[str, ...]
    scope_label: str
    expression: str
    comparator: str
    unit: str
    status: str
    status_label: str
    value: Fraction | None
    target: Fraction | None
    value_text: str
    target_text: str
    range: tuple[Fraction, Fraction] | None
    range_text: str
    coverage_text: str
    provisional: bool
    formula: str
    formula_filled: str
    shortfall: Mapping | None
    shortfall_text: str
    shortfall_detail: str
    in_scope: int
    reported: int
    due: int
    failing: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def is_share(self) -> bool:
        return self.expression.startswith("share(")

    @property
    def met_count(self) -> int:
        """Institutions in scope that meet a lone share's condition."""
        return self.in_scope - len(self.failing) - len(self.unknown)

    @property
    def holds_back(self) -> bool:
        """It decides its item, and is not met."""
        return self.level == Level.HARD and self.status in ("unmet", "undecided", "no_data")

    @property
    def lack_text(self) -> str:
        """What is missing, in a few words: 还差 2 家机构, 待设目标, 无数据; empty where nothing is."""
        if self.status not in ("unmet", "undecided", "no_data"):
            return ""
        if self.target is None:
            return self.target_text
        return self.shortfall_text or ("无数据" if self.value is None else f"现为 {self.value_text}")


@dataclass(frozen=True)
class EvidenceContent:
    code: str
    text: str
    required: bool
    requirement_id: int


@dataclass(frozen=True)
class ItemContent:
    number: str
    title: str
    requirement: str
    status: str
    status_label: str
    points: Fraction
    earned: Fraction
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    evidence: tuple[EvidenceContent, ...]
    evidence_count: Mapping[str, int]
    criteria: tuple[CriterionContent, ...]

    @property
    def points_text(self) -> str:
        return f"{figure(self.earned)} / {figure(self.points)}"

    @property
    def hard(self) -> list[CriterionContent]:
        """The criteria that decide the item; those that apply to nobody in the county do not count."""
        return [c for c in self.criteria if c.level == Level.HARD and c.status != "not_applicable"]

    @property
    def hard_met(self) -> int:
        return sum(criterion.status == "met" for criterion in self.hard)

    @property
    def lacks(self) -> list[tuple[str, str]]:
        """(what, how much is missing) of everything that keeps the item from being met."""
        found = [(f"{c.code} {c.name}", c.lack_text) for c in self.criteria if c.holds_back]
        for state, words in (("failing", "{} 项不合格"), ("open", "还缺 {} 项")):
            if self.evidence_count[state]:
                found.append(("佐证", words.format(self.evidence_count[state])))
        return found


@dataclass(frozen=True)
class SectionContent:
    number: int
    name: str
    items: tuple[ItemContent, ...]

    def count(self, status: str) -> int:
        return sum(item.status == status for item in self.items)


@dataclass(frozen=True)
class Holdback:
    """A hard criterion that is not met, and how little is missing."""

    item: ItemContent
    criterion: CriterionContent
    amount: int | None


@dataclass(frozen=True)
class StandingContent:
    summary: Mapping
    coverage: Mapping[str, int]
    sections: tuple[SectionContent, ...]
    elements: Mapping[str, ElementSpec] = field(repr=False)

    @property
    def items(self) -> list[ItemContent]:
        return [item for section in self.sections for item in section.items]

    def item(self, number: str) -> ItemContent | None:
        return next((item for item in self.items if item.number == number), None)

    @property
    def coverage_text(self) -> str:
        return coverage_words(self.coverage["reported"], self.coverage["due"])

    @property
    def points_text(self) -> str:
        return figure(exact(self.summary["points"]))

    @property
    def points_in_all(self) -> str:
        return figure(sum((item.points for item in self.items), Fraction(0)))

    @property
    def holdbacks(self) -> list[Holdback]:
        """Hard criteria not met, those that lack least first; those without a number last."""
        found = [
            Holdback(item, criterion, _amount(criterion.shortfall))
            for item in self.items
            for criterion in item.criteria
            if criterion.holds_back
        ]
        return sorted(found, key=lambda h: (h.amount is None, h.amount or 0))

    @property
    def waiting_for_evidence(self) -> list[ItemContent]:
        """Items whose figures do not stand in the way: only documents are open."""
        return [
            item
            for item in self.items
            if item.status in ("nearly", "incomplete") and not any(c.holds_back for c in item.criteria)
        ]


def standing_content(standard: Standard, result: Mapping, elements: Mapping[str, ElementSpec]) -> StandingContent:
    """The whole standing: sections, items, criteria. `standard` read in a fixed number of queries (six)."""
    results = {item["number"]: item for item in result["items"]}
    sections = []
    for section in _structure(standard):
        items = tuple(_item(item, results[item.number], elements) for item in section.items.all())
        sections.append(SectionContent(section.number, section.name, items))
    return StandingContent(result["summary"], result["coverage"], tuple(sections), elements)


def _structure(standard: Standard):
    return Section.objects.filter(standard=standard).prefetch_related(
        "items__criteria", "items__evidence_requirements", "items__responsibilities__department"
    )


def _item(item: Item, result: Mapping, elements: Mapping[str, ElementSpec]) -> ItemContent:
    by_code = {criterion["code"]: criterion for criterion in result["criteria"]}
    parts = item.responsibilities.all()
    return ItemContent(
        number=item.number,
        title=item.title,
        requirement=item.requirement,
        status=result["status"],
        status_label=STATUS[result["status"]],
        points=Fraction(result["points"]),
        earned=Fraction(result["earned"]),
        lead=tuple(p.department.name for p in parts if p.role == "lead"),
        cooperating=tuple(p.department.name for p in parts if p.role == "cooperating"),
        evidence=tuple(EvidenceContent(e.code, e.text, e.required, e.pk) for e in item.evidence_requirements.all()),
        evidence_count=result["evidence"],
        criteria=tuple(criterion_content(c, by_code[c.code], elements) for c in item.criteria.all()),
    )


def criterion_content(criterion: Criterion, result: Mapping, elements: Mapping[str, ElementSpec]) -> CriterionContent:
    value, target = exact(result["value"]), exact(result["target"])
    ends = tuple(exact(end) for end in result["range"]) if result["range"] else None
    unit, comparator = criterion.unit, criterion.comparator
    tree = parse(criterion.expression)
    filled = dict(zip(aggregates(tree), (exact(text) for text in result["aggregates"]), strict=True))

    def show(figure_value: Fraction | None) -> str:
        return figure(figure_value, unit, target, comparator)

    return CriterionContent(
        code=criterion.code,
        name=criterion.name,
        level=criterion.level,
        level_label=Level(criterion.level).label,
        note=criterion.note,
        scope=tuple(criterion.scope),
        scope_label=scope_words(criterion.scope),
        expression=criterion.expression,
        comparator=comparator,
        unit=unit,
        status=result["status"],
        status_label=STATUS[result["status"]],
        value=value,
        target=target,
        value_text=show(value),
        target_text=f"{COMPARATOR[comparator]} {figure(target, unit)}" if target is not None else "待设目标",
        range=ends,
        range_text="～".join(show(end) for end in ends) if ends else "",
        coverage_text=coverage_words(result["reported"], result["due"]),
        provisional=result["reported"] < result["due"],
        formula=describe(tree, elements),
        formula_filled=_filled_in(tree, filled, result),
        shortfall=result["shortfall"],
        shortfall_text=shortfall_words(result["shortfall"], criterion.expression, elements),
        shortfall_detail=shortfall_detail(result["shortfall"], criterion.expression, elements),
        in_scope=result["in_scope"],
        reported=result["reported"],
        due=result["due"],
        failing=tuple(result["failing"]),
        unknown=tuple(result["unknown"]),
    )


def _filled_in(tree, filled: Mapping, result: Mapping) -> str:
    """With values in place of the aggregates; a lone share as institutions over institutions: 12 ÷ 13."""
    if isinstance(tree, Aggregate) and tree.function == "share":
        met = result["in_scope"] - len(result["failing"]) - len(result["unknown"])
        return f"{met:,} ÷ {result['in_scope']:,}"
    return fill_in(tree, filled, figure)


def _amount(shortfall: Mapping | None) -> int | None:
    if not shortfall:
        return None
    return shortfall["count"] if shortfall["kind"] == "institutions" else shortfall["convert"]

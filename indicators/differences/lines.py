"""What there is to show of two standards side by side: labels, words, and where in them the difference lies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from indicators import models
from indicators.contents import (
    ArrangementContent,
    CriterionContent,
    DepartmentContent,
    EvidenceContent,
    ItemContent,
    PhaseContent,
    SeatContent,
    SectionContent,
    StandardContent,
)
from indicators.differences.compare import Change, Difference, Differences, ItemDifference
from indicators.differences.texts import Run, marked
from indicators.enums import (
    ArrangementKind,
    DepartmentRole,
    Every,
    LeadingPart,
    Level,
    SeenAs,
    YearRule,
)
from indicators.formula import FormulaError
from indicators.formula.checks import Elements
from indicators.words import formula_words, scope_words, target_words
from tcm_demo.lib.dates import zh_date

KINDS = {"added": "新增", "removed": "删去", "changed": "修改", "same": "未变"}

_MODELS = {
    StandardContent: models.Standard,
    ItemContent: models.Item,
    CriterionContent: models.Criterion,
    EvidenceContent: models.EvidenceRequirement,
    DepartmentContent: models.Department,
    PhaseContent: models.Phase,
    SectionContent: models.Section,
}
# what no field of a model is called by
_LABELS = {
    "section": "部分",
    "lead": f"{DepartmentRole.LEAD.label}部门",
    "cooperating": f"{DepartmentRole.COOPERATING.label}部门",
    "kind": "类别",
    "every": "频次",
    "called_by": "召集",
    "recorded_by": "记录",
    "matters": "内容",
}
# of parts that have no model
_PLAIN = {"name": "名称", "note": "说明", "part": "组内职务", "office": "单位及职务"}
_CHOICES = {
    "level": Level,
    "year": YearRule,
    "seen_as": SeenAs,
    "part": LeadingPart,
    "kind": ArrangementKind,
    "every": Every,
}
# the parts of one sentence
_TARGET = ("comparator", "target", "unit")


@dataclass(frozen=True)
class FieldLine:
    label: str
    old: list[Run]
    new: list[Run]
    figures: bool


@dataclass(frozen=True)
class PartLine:
    """A criterion, a piece of evidence, a department … `about`: what it says, where it is on one side alone."""

    kind: str
    title: str
    about: str
    figures: bool
    fields: tuple[FieldLine, ...]

    @property
    def word(self) -> str:
        return KINDS[self.kind]


@dataclass(frozen=True)
class ItemLine:
    """`number`: `5`, or `5 → 6` where it moved; `anchor`: the one that it has now."""

    kind: str
    number: str
    anchor: str
    title: str
    moved: bool
    figures: bool
    fields: tuple[FieldLine, ...]
    parts: tuple[PartLine, ...]
    about: str

    @property
    def word(self) -> str:
        if self.kind in ("added", "removed"):
            return KINDS[self.kind]
        return "换号" if self.moved and not self.parts and len(self.fields) <= 1 else KINDS["changed"]


@dataclass(frozen=True)
class Lines:
    """`same`: numbers of the items that do not differ. `others`: (heading, parts) beside the items."""

    head: tuple[FieldLine, ...]
    items: tuple[ItemLine, ...]
    others: tuple[tuple[str, tuple[PartLine, ...]], ...]
    same: tuple[str, ...]

    def count(self, kind: str) -> int:
        return sum(item.kind == kind for item in self.items)


def lines_of(found: Differences, elements: Elements, *, figures_alone: bool = False) -> Lines:
    """`figures_alone`: leave out what changes no figure, light or points."""
    writer = _Writer(elements, figures_alone)
    items = [item for item in found.items if item.differs and (item.figures or not figures_alone)]
    others = {
        "部分": found.sections,
        "责任部门": found.departments,
        "工作阶段": found.phases,
        "领导小组": found.leading_group,
        "工作机制": found.arrangements,
    }
    if figures_alone:
        others = {}
    return Lines(
        tuple(writer.fields(StandardContent, found.head)),
        tuple(writer.item(item) for item in items),
        tuple((heading, tuple(writer.parts(parts))) for heading, parts in others.items() if parts),
        tuple(item.new.number for item in found.items if not item.differs),
    )


class _Writer:
    def __init__(self, elements: Elements, figures_alone: bool):
        self.elements, self.figures_alone = elements, figures_alone

    def item(self, item: ItemDifference) -> ItemLine:
        either = item.new or item.old
        number = f"{item.old.number} → {item.new.number}" if item.moved else either.number
        kind = item.kind if item.kind in ("added", "removed") else "changed"
        changes = [each for each in item.changes if each.field != "number"]
        return ItemLine(
            kind,
            number,
            either.number,
            either.title,
            item.moved,
            item.figures,
            tuple(self.fields(ItemContent, changes)),
            tuple(self.parts((*item.criteria, *item.evidence))),
            "" if kind == "changed" else either.requirement,
        )

    def parts(self, parts: Iterable[Difference]) -> Iterator[PartLine]:
        for part in parts:
            if part.figures or not self.figures_alone:
                either = part.new or part.old
                about = "" if part.kind == "changed" else self.about(either)
                fields = tuple(self.fields(type(either), part.changes, part))
                yield PartLine(part.kind, _title(either), about, part.figures, fields)

    def fields(self, kind: type, changes: Iterable[Change], of: Difference | None = None) -> Iterator[FieldLine]:
        target_told = False
        for change in changes:
            if self.figures_alone and not change.figures:
                continue
            if kind is CriterionContent and change.field in _TARGET:
                if not target_told:
                    target_told = True
                    figures = any(each.figures for each in of.changes if each.field in _TARGET)
                    yield _field("目标", self.target(of.old), self.target(of.new), figures)
                continue
            values = self.value(change.field, change.old), self.value(change.field, change.new)
            yield _field(_label(kind, change.field), *values, change.figures)

    def about(self, part) -> str:
        if isinstance(part, CriterionContent):
            words = scope_words(part.scope), self.value("expression", part.expression), self.target(part)
            return "，".join((*words, Level(part.level).label))
        if isinstance(part, EvidenceContent):
            return "必备" if part.required else "非必备"
        if isinstance(part, PhaseContent):
            return f"{zh_date(part.start)}—{zh_date(part.end)}"
        return ""

    def target(self, criterion: CriterionContent) -> str:
        try:
            return target_words(criterion.comparator, criterion.target, criterion.unit, self.elements)
        except (FormulaError, KeyError):
            return f"{criterion.comparator} {criterion.target}"

    def value(self, name: str, value) -> str:
        if name in _CHOICES:
            return _CHOICES[name](value).label
        if name in ("scope", "institution_types"):
            return scope_words(value) if value else ""
        if name == "expression":
            return self.formula(value)
        if name == "targets":
            return "，".join(f"{year} 年起 {self.formula(target)}" for year, target in sorted(value.items()))
        if name == "points":
            return "未定（各条均分）" if value is None else f"{value.normalize():f}"
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, list):
            return "、".join(value)
        if isinstance(value, date):
            return zh_date(value)
        return "" if value is None else str(value)

    def formula(self, text: str) -> str:
        try:
            return formula_words(text, self.elements)
        except (FormulaError, KeyError):  # a draft's, not written to the end, or of elements that there are not
            return text


def _label(kind: type, name: str) -> str:
    if name in _LABELS:
        return _LABELS[name]
    return str(_MODELS[kind]._meta.get_field(name).verbose_name) if kind in _MODELS else _PLAIN[name]


def _title(part) -> str:
    if isinstance(part, CriterionContent):
        return f"指标 {part.code} {part.name}"
    if isinstance(part, EvidenceContent):
        return f"佐证 {part.code} {part.text}"
    if isinstance(part, SeatContent):
        return f"{LeadingPart(part.part).label} {part.office}"
    if isinstance(part, ArrangementContent):
        return f"{ArrangementKind(part.kind).label} {part.name}"
    return part.name


def _field(label: str, old: str, new: str, figures: bool) -> FieldLine:
    return FieldLine(label, *marked(old, new), figures)

"""What there is to show of a comparison, as plain dataclasses: the page and the workbook are drawn from these alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from assessments.content import CriterionContent, criterion_content
from assessments.models import Assessment
from assessments.scoring.display import figure
from assessments.snapshots.compare import Comparison, CriterionChange, ItemChange, compare
from assessments.snapshots.evidence_lines import EvidenceLine, evidence_lines
from assessments.snapshots.figure_lines import FigureLine, FigureWriter, signed
from assessments.snapshots.queries import Structure, side_of, structures_of
from assessments.words import STATUS, exact
from indicators.formula import ElementSpec
from indicators.queries import element_specs
from institutions.period import Period
from tcm_demo.lib.dates import zh_datetime

NOW = "现在"
ONE_SIDE = "只在“{}”所用的标准版本里有"


@dataclass(frozen=True)
class Head:
    """One side, as it is called; `key` is what stands for it in an address: its number, or now."""

    key: str
    title: str
    about: tuple[tuple[str, str], ...]
    summary: Mapping
    coverage: Mapping


@dataclass(frozen=True)
class Count:
    """One figure of the headline on both sides. `tone`: up where it is better than before, down where it is worse."""

    label: str
    old: str
    new: str
    difference: str
    tone: str = ""


@dataclass(frozen=True)
class CriterionLine:
    """A criterion that came out differently; None on the side whose standard does not have it."""

    code: str
    name: str
    old: CriterionContent | None
    new: CriterionContent | None
    note: str
    figures: tuple[FigureLine, ...]


@dataclass(frozen=True)
class ItemLine:
    """An item on both sides; statuses and points are empty on the side whose standard does not have it."""

    number: str
    title: str
    section: str
    change: ItemChange
    old_points: str
    new_points: str
    difference: str
    note: str
    criteria: tuple[CriterionLine, ...]
    evidence: tuple[EvidenceLine, ...]

    @property
    def old_status(self) -> str:
        return self.change.old["status"] if self.change.old else ""

    @property
    def new_status(self) -> str:
        return self.change.new["status"] if self.change.new else ""

    @property
    def tone(self) -> str:
        return tone_of(self.change.earned)


@dataclass(frozen=True)
class ComparisonContent:
    old: Head
    new: Head
    counts: tuple[Count, ...]
    notes: tuple[str, ...]
    institutions: tuple[tuple[str, tuple[str, ...]], ...]
    items: tuple[ItemLine, ...]
    others: tuple[FigureLine, ...]
    same: bool

    @property
    def changed(self) -> list[ItemLine]:
        return [item for item in self.items if item.change.changed]

    @property
    def unchanged(self) -> list[ItemLine]:
        return [item for item in self.items if not item.change.changed]

    @property
    def moved(self) -> list[ItemLine]:
        return [item for item in self.items if item.change.status_changed]

    def criterion(self, code: str) -> CriterionLine | None:
        """One that came out differently."""
        return next((line for item in self.items for line in item.criteria if line.code == code), None)


def compared(old: Assessment, new: Assessment) -> ComparisonContent:
    """Hold two assessments against each other, kept ones or not. Four queries."""
    structures, elements = structures_of({old.standard, new.standard}), element_specs()
    comparison = compare(*(side_of(each, structures[each.standard_id]) for each in (old, new)), elements)
    figures = FigureWriter(comparison.registers, elements)
    writer = _Writer(old, new, structures, elements, figures)
    heads = head_of(old), head_of(new)
    return ComparisonContent(
        *heads,
        counts=tuple(_counts(*heads)),
        notes=tuple(_notes(old, new, *heads, comparison)),
        institutions=tuple(_institutions(comparison, figures)),
        items=tuple(writer.item(change) for change in comparison.items),
        others=figures.lines(comparison.other_figures),
        same=comparison.same,
    )


def head_of(assessment: Assessment) -> Head:
    """`about`: (term, words)."""
    kept, inputs = assessment.pk is not None, assessment.inputs
    as_of = inputs["figures_as_of"]
    who = assessment.computed_by or "系统（命令行）"
    when = zh_datetime(assessment.computed_at)
    about = (
        ("填报期", str(Period.parse(assessment.period))),
        ("存档", f"{when}，{who}" if kept else f"{when} 的数据，未存档"),
        ("数据截至", zh_datetime(datetime.fromisoformat(as_of)) if as_of else "尚无已接受的数据"),
        ("标准", f"第 {inputs['standard']['version']} 版"),
    )
    key = str(assessment.pk) if kept else "now"
    title = title_of(assessment)
    return Head(key, title, about, assessment.result["summary"], assessment.result["coverage"])


def title_of(assessment: Assessment) -> str:
    """第 3 号 预评估, or 现在 where it is not kept."""
    return f"第 {assessment.pk} 号 {assessment.name}".rstrip() if assessment.pk else NOW


def tone_of(difference: Fraction | None) -> str:
    """up, down, or nothing."""
    return "" if not difference else "up" if difference > 0 else "down"


class _Writer:
    """Puts names and words to what differs."""

    def __init__(
        self,
        old: Assessment,
        new: Assessment,
        structures: Mapping[int, Structure],
        elements: Mapping[str, ElementSpec],
        figures: FigureWriter,
    ):
        self.titles = title_of(old), title_of(new)
        self.structures = structures[old.standard_id], structures[new.standard_id]
        self.elements, self.figures = elements, figures

    def item(self, change: ItemChange) -> ItemLine:
        known = self.structures[1 if change.new else 0].items[change.number]
        points = [f"{figure(exact(i['earned']))} / {figure(exact(i['points']))}" if i else "" for i in _sides(change)]
        return ItemLine(
            number=change.number,
            title=known.title,
            section=known.section.name,
            change=change,
            old_points=points[0],
            new_points=points[1],
            difference=signed(change.earned),
            note=self._one_side(change),
            criteria=tuple(self._criterion(each) for each in change.criteria if each.changed),
            evidence=evidence_lines(change.evidence, self.titles, self.figures.name),
        )

    def _criterion(self, change: CriterionChange) -> CriterionLine:
        sides = [
            criterion_content(structure.criteria[change.code], result, self.elements) if result else None
            for structure, result in zip(self.structures, _sides(change), strict=True)
        ]
        note = "算法或目标已修改，两边的数不是同一口径" if change.redefined else self._one_side(change)
        name = (sides[1] or sides[0]).name
        return CriterionLine(change.code, name, *sides, note, self.figures.lines(change.figures))

    def _one_side(self, change: ItemChange | CriterionChange) -> str:
        if change.old is None:
            return ONE_SIDE.format(self.titles[1])
        return ONE_SIDE.format(self.titles[0]) if change.new is None else ""


def _sides(change: ItemChange | CriterionChange) -> tuple[Mapping | None, Mapping | None]:
    return change.old, change.new


def _counts(old: Head, new: Head) -> Iterable[Count]:
    for status, more_is_better in (("met", True), ("nearly", None), ("unmet", False), ("incomplete", False)):
        left, right = old.summary[status], new.summary[status]
        tone = "" if more_is_better is None else tone_of(Fraction(right - left) * (1 if more_is_better else -1))
        yield Count(f"{STATUS[status]}条目", _of(old, left), _of(new, right), signed(Fraction(right - left)), tone)
    points = exact(old.summary["points"]), exact(new.summary["points"])
    difference = points[1] - points[0]
    yield Count("本系统自评得分（非官方评分）", *map(figure, points), signed(difference), tone_of(difference))
    reported = [f"{head.coverage['reported']:,} / {head.coverage['due']:,}" for head in (old, new)]
    yield Count("已报机构", *reported, signed(Fraction(new.coverage["reported"] - old.coverage["reported"])))


def _of(head: Head, number: int) -> str:
    return f"{number} / {head.summary['items']}"


def _notes(old: Assessment, new: Assessment, left: Head, right: Head, comparison: Comparison) -> Iterable[str]:
    """What to know before reading."""
    versions = [assessment.inputs["standard"]["version"] for assessment in (old, new)]
    if old.standard_id != new.standard_id:
        yield f"两边依据的标准版本不同：第 {versions[0]} 版与第 {versions[1]} 版。只在一边有的条目和指标已注明。"
    if old.period != new.period:
        yield f"两边的填报期不同：{Period.parse(old.period)}与{Period.parse(new.period)}。"
    for head, side in ((left, comparison.old), (right, comparison.new)):
        if not side.records_pieces:
            yield f"“{head.title}”当时未记录材料明细：只比较佐证的认定结论，不比较材料。"


def _institutions(comparison: Comparison, figures: FigureWriter) -> Iterable[tuple[str, tuple[str, ...]]]:
    registers = comparison.registers
    groups = (("新增机构", registers.came), ("减少机构", registers.went), ("改变类型的机构", registers.retyped))
    for word, codes in groups:
        if codes:
            yield word, tuple(figures.name(code) for code in codes)

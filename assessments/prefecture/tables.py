"""Items and criteria against counties: a light for each, with the way down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessments.content import CriterionContent
from assessments.prefecture.comparison import Comparison, CountyLine
from assessments.prefecture.together import Together
from assessments.scoring.display import figure
from assessments.words import exact
from indicators.models import Criterion, Item, Section, Standard
from tcm_demo.lib.lights import Light, light

UNKNOWN = light("not_applicable", "没有这一条")

# of a county and the number of an item
Link = Callable[[CountyLine, str], str]


@dataclass(frozen=True)
class Cell:
    """`value`: as it is shown; "" where the county's criterion may be another one of the same code."""

    light: Light
    url: str
    value: str = ""


@dataclass(frozen=True)
class ItemRow:
    """Cells stand in the order of the counties shown."""

    number: str
    title: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class CriterionRow:
    """`whole`: of the prefecture, None where no county is counted."""

    code: str
    name: str
    level_label: str
    whole: CriterionContent | None
    cells: Sequence[Cell]


@dataclass(frozen=True)
class SectionRows:
    name: str
    items: Sequence[ItemRow]
    criteria: Sequence[CriterionRow]


def section_rows(standard: Standard, comparison: Comparison, whole: Together, *, link: Link) -> list[SectionRows]:
    """`link`: gives the address of a county's item. Three queries."""
    sections = Section.objects.filter(standard=standard).prefetch_related("items__criteria")
    return [_section(section, comparison.shown, whole, link) for section in sections]


def _section(section: Section, counties: Sequence[CountyLine], whole: Together, link: Link) -> SectionRows:
    items, criteria = [], []
    for item in section.items.all():
        urls = [link(line, item.number) if item.number in line.items else "" for line in counties]
        pairs = list(zip(counties, urls, strict=True))
        items.append(ItemRow(item.number, item.title, [_item_cell(line, item, url) for line, url in pairs]))
        criteria += [_criterion(each, pairs, whole) for each in item.criteria.all()]
    return SectionRows(section.name, items, criteria)


def _criterion(criterion: Criterion, counties: Sequence[tuple[CountyLine, str]], whole: Together) -> CriterionRow:
    together = whole.criteria.get(criterion.code)
    cells = [
        _criterion_cell(line, criterion, together if line.county.pk in whole.counted else None, url)
        for line, url in counties
    ]
    return CriterionRow(criterion.code, criterion.name, criterion.get_level_display(), together, cells)


def _item_cell(line: CountyLine, item: Item, url: str) -> Cell:
    return Cell(light(line.items[item.number]), url) if url else Cell(UNKNOWN, "")


def _criterion_cell(line: CountyLine, criterion: Criterion, together: CriterionContent | None, url: str) -> Cell:
    if criterion.code not in line.criteria:
        return Cell(UNKNOWN, "")
    status, value = line.criteria[criterion.code]
    text = _value_words(criterion, together, status, exact(value)) if together and value is not None else ""
    return Cell(light(status), f"{url}#criterion-{criterion.code}" if url else "", text)


def _value_words(criterion: Criterion, together: CriterionContent, status: str, value: Fraction) -> str:
    """What has not been reported may still count: an undecided share is at least so much, and nothing is not zero."""
    if status == "undecided" and value == 0:
        return ""
    text = figure(value, criterion.unit, together.target, criterion.comparator)
    return f"至少 {text}" if status == "undecided" else text

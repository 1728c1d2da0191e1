"""Reads about a county's own standards: which there are, and what each page shows of one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, QuerySet

from assessments.scoring.display import figure
from indicators.contents import CriterionContent, ItemContent, SectionContent, StandardContent
from indicators.draft_checks import DraftFault
from indicators.enums import Level, StandardState
from indicators.formula.checks import Elements
from indicators.models import Standard
from indicators.queries import standards_to_read
from indicators.words import formula_words, scope_words, target_words
from institutions.models import County


@dataclass(frozen=True)
class CriterionLine:
    """A criterion in words; `faulty` where its formula cannot be read: it is shown as it is typed then."""

    criterion: CriterionContent
    scope: str
    formula: str
    target: str
    years: list[tuple[str, str]]
    faulty: bool

    @property
    def level(self) -> str:
        return Level(self.criterion.level).label if self.criterion.level in Level.values else "未定"


@dataclass(frozen=True)
class ItemLine:
    """An item as the outline has it. `faults`: how many places of it have to be mended."""

    item: ItemContent
    faults: int


@dataclass(frozen=True)
class SectionLine:
    section: SectionContent
    items: list[ItemLine]


def own_standards(county: County) -> QuerySet[Standard]:
    """The county's own standards, those in work first, each with `item_count`."""
    own = Standard.objects.filter(owner=county.code).select_related("copied_from").annotate(item_count=Count("items"))
    return own.order_by("-loaded_at")


def published_of(county: County) -> QuerySet[Standard]:
    return own_standards(county).filter(state=StandardState.PUBLISHED)


def standards_to_copy(owners: Iterable[str]) -> QuerySet[Standard]:
    """The published standards that these owners' people may read (indicators.queries.standards_to_read)."""
    return standards_to_read(set(owners)).filter(state=StandardState.PUBLISHED).order_by("owner", "title", "-loaded_at")


def is_only_version(standard: Standard) -> bool:
    """Whether there is no other version: what was handed in is found by the items' numbers when a county goes over to
    a later one, so that these stay."""
    return not Standard.objects.filter(owner=standard.owner, code=standard.code).exclude(pk=standard.pk).exists()


def later_version(standard: Standard) -> Standard | None:
    """The last version after this one, published or not."""
    others = Standard.objects.filter(owner=standard.owner, code=standard.code, pk__gt=standard.pk)
    return others.order_by("-pk").first()


def outline_of(content: StandardContent, faults: Iterable[DraftFault]) -> list[SectionLine]:
    counts = Counter(fault.item for fault in faults if fault.item)
    return [
        SectionLine(section, [ItemLine(item, counts[item.number]) for item in section.items])
        for section in content.sections
    ]


def criterion_lines(item: ItemContent, elements: Elements) -> list[CriterionLine]:
    return [_criterion_line(each, elements) for each in item.criteria]


def _criterion_line(criterion: CriterionContent, elements: Elements) -> CriterionLine:
    def target(text: str) -> str:
        return target_words(criterion.comparator, text, criterion.unit, elements)

    try:
        scope = scope_words(criterion.scope)
        formula, words = formula_words(criterion.expression, elements), target(criterion.target)
        years = [(year, target(text)) for year, text in sorted(criterion.targets.items())]
    except (ValueError, KeyError):  # what cannot be read, elements that there are not
        words = f"{criterion.comparator} {criterion.target}"
        years = sorted(criterion.targets.items())
        return CriterionLine(criterion, "、".join(criterion.scope), criterion.expression, words, years, True)
    return CriterionLine(criterion, scope, formula, words, years, False)


def points_words(content: StandardContent) -> str:
    """`各条平均，合计 100` where no item has points of its own; `合计 96.5` else."""
    items = content.items
    given = [item.points for item in items if item.points is not None]
    if not given:
        return "各条平均，合计 100"
    without = len(items) - len(given)
    equal = Fraction(100, len(items))
    total = sum(map(Fraction, given)) + without * equal
    return f"合计 {figure(total)}" + (f"，其中 {without} 条没有给，各按平均分 {figure(equal)} 计" if without else "")

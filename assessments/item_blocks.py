"""What an item's page shows of each criterion beside its result: how the institutions lie, and who lacks what.

Names come a page at a time. Figures of institutions are read only where a ratio's institutions are compared, or where
the stored result does not say what an institution lacks.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.core.paginator import Page, Paginator

from assessments import charts, queries
from assessments.content import CriterionContent, ItemContent
from assessments.lacks import Elements, Lacks, Line, Named, Room, condition_of, named_institutions, rooms
from assessments.scoring.program import Figures
from assessments.scoring.spread import own_values
from indicators.enums import Level
from indicators.formula import ALL, parse
from institutions.models import County

PER_PAGE = 20
Spread = list[tuple[str, Fraction]]


@dataclass(frozen=True)
class Chart:
    option: dict
    height: int
    words: str


@dataclass(frozen=True)
class Block:
    """One criterion on the page. `key` is its list's word in the address, `codes` the list's page, `parts` a bar of
    met, failing and unknown institutions, `chart` the own values of a ratio's institutions."""

    criterion: CriterionContent
    key: str
    codes: Page
    parts: list[tuple[str, int, str]]
    chart: Chart | None
    lines: list[Line]
    rooms: list[Room]

    @property
    def open(self) -> bool:
        """Whether its list is read at once: it names who stands in the way."""
        return self.criterion.level != Level.INFO and self.criterion.status in ("unmet", "undecided", "no_data")

    @property
    def folded(self) -> bool:
        """Whether one line says enough: nothing is left to do, and nobody leafs through its list."""
        return self.criterion.status in ("met", "not_applicable") and self.codes.number == 1

    @property
    def rooms_title(self) -> str:
        return "提升空间最大的机构" if self.criterion.in_scope > 1 else "涉及机构"

    @property
    def list_title(self) -> str:
        if not self.criterion.failing:
            return "缺数据的机构"
        return "不满足和缺数据的机构" if self.criterion.unknown else "不满足的机构"

    @property
    def high(self) -> Fraction | None:
        """Where the value would end if every unknown institution met the condition."""
        return self.criterion.range[1] if self.criterion.range else None

    @property
    def facts(self) -> list[tuple[str, str]]:
        criterion = self.criterion
        coverage = f"{criterion.coverage_text}，暂算" if criterion.provisional else criterion.coverage_text
        facts = [("可能范围", criterion.range_text), ("数据", coverage if criterion.due else "")]
        facts += [("公式", criterion.formula), ("代入", f"{criterion.formula_filled} = {criterion.value_text}")]
        return [(term, words) for term, words in [*facts, ("说明", criterion.note)] if words]


def criterion_blocks(
    item: ItemContent,
    county: County,
    period: str,
    elements: Elements,
    *,
    pages: Mapping[str, str],
    link: Callable[[str], str],
) -> list[Block]:
    """`pages`: which page of a criterion's list is shown, by the block's `key`; `link`: the address of an institution.

    At most three queries.
    """
    figures = _figures(item, county, period)
    spreads = [_spread(criterion, figures, elements) for criterion in item.criteria]
    lists = [
        Paginator(_listed(criterion), PER_PAGE).get_page(pages.get(f"page{place}"))
        for place, criterion in enumerate(item.criteria, start=1)
    ]
    named = named_institutions(county, _codes_shown(item.criteria, lists, spreads), link)
    blocks = []
    for place, (criterion, codes, spread) in enumerate(zip(item.criteria, lists, spreads, strict=True), start=1):
        lacks = Lacks(criterion, figures, dict(spread), elements)
        blocks.append(
            Block(
                criterion=criterion,
                key=f"page{place}",
                codes=codes,
                parts=_parts(criterion),
                chart=_chart(criterion, spread, named),
                lines=[lacks.line(named[code]) for code in codes if code in named],
                rooms=rooms(criterion, named, elements),
            )
        )
    return blocks


def _listed(criterion: CriterionContent) -> tuple[str, ...]:
    """Who fails, then who is unknown; the other way round where the unknown ones can turn the result."""
    if criterion.status == "undecided":
        return (*criterion.unknown, *criterion.failing)
    return (*criterion.failing, *criterion.unknown)


def _figures(item: ItemContent, county: County, period: str) -> dict[str, Figures]:
    types: set[str] = set()
    for criterion in item.criteria:
        said = bool(condition_of(criterion)) and bool(criterion.shortfall)
        compared = not condition_of(criterion) and criterion.in_scope > 1
        if compared or ((criterion.failing or criterion.unknown) and not said):
            types |= set(criterion.scope)
    if not types:
        return {}
    found = queries.figures_of(county, period, None if ALL in types else types)
    return {figures.code: figures for figures in found}


def _spread(criterion: CriterionContent, figures: Mapping[str, Figures], elements: Elements) -> Spread:
    """(code, own value) of each institution of a ratio or an extreme, largest first."""
    if condition_of(criterion):
        return []
    return own_values(parse(criterion.expression), criterion.scope, figures.values(), elements)


def _codes_shown(criteria: Iterable[CriterionContent], lists: Iterable[Page], spreads: Iterable[Spread]) -> set[str]:
    """Codes of all institutions that the page names."""
    codes: set[str] = set()
    for criterion, page, spread in zip(criteria, lists, spreads, strict=True):
        codes.update(page)
        if len(spread) <= charts.MOST_BARS:
            codes.update(code for code, _ in spread)
        codes.update(room["institution"] for room in (criterion.shortfall or {}).get("room", ()))
    return codes


def _parts(criterion: CriterionContent) -> list[tuple[str, int, str]]:
    if not condition_of(criterion) or not criterion.in_scope:
        return []
    counts = [("met", criterion.met_count, "满足"), ("unmet", len(criterion.failing), "不满足")]
    return [*counts, ("incomplete", len(criterion.unknown), "缺数据")] if criterion.unknown else counts


def _chart(criterion: CriterionContent, spread: Spread, named: Mapping[str, Named]) -> Chart | None:
    if len(spread) < 2:
        return None
    values = [(named[code].name if code in named else code, value) for code, value in spread]
    words = f"{len(values):,} 家机构"
    if criterion.target is not None:
        below = sum(charts.below_target(criterion, value) for _, value in values)
        words += f"：不低于目标 {len(values) - below:,} 家，低于目标 {below:,} 家"
    return Chart(charts.spread_chart(criterion, values), charts.spread_height(values), words)

"""The charts of a standing as ECharts options; pages and PDF draw the same ones."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import floor

from assessments.content import CriterionContent, SectionContent
from assessments.scoring.display import figure, rounded
from assessments.scoring.finish import COMPARE
from assessments.words import STATUS
from institutions.period import Period
from tcm_demo.lib import charts, colours

ITEM_COLOURS = {
    "met": colours.MET,
    "nearly": colours.NEARLY,
    "unmet": colours.UNMET,
    "incomplete": colours.INCOMPLETE,
}
# more bars than this are read as a distribution
MOST_BARS = 40
BINS = 10


def statuses_chart(summary: Mapping[str, int]) -> dict:
    """All items by status, as a ring around how many are met."""
    parts = [(STATUS[status], summary[status], colour) for status, colour in ITEM_COLOURS.items()]
    return charts.doughnut(parts, f"{summary['met']}/{summary['items']}", "达标条目")


def sections_chart(sections: Sequence[SectionContent]) -> dict:
    """Each section's items by status."""
    series = [(STATUS[s], [section.count(s) for section in sections], colour) for s, colour in ITEM_COLOURS.items()]
    return charts.stacked_bars([section.name for section in sections], series)


def sections_height(sections: Sequence[SectionContent]) -> int:
    return charts.bars_height(len(sections))


def history_chart(months: Sequence[Period], series: Sequence[tuple[str, Sequence[int | None]]]) -> dict:
    """Items met at the end of each month, a line for each county. `series`: (name, a number a month or None)."""
    return charts.lines([f"{month.first_day:%Y-%m}" for month in months], [(name, list(n)) for name, n in series])


def spread_chart(criterion: CriterionContent, values: Sequence[tuple[str, Fraction]]) -> dict:
    """The institutions' own values against the target: a bar each, or where they are many, how many lie where.

    `values`: (name, exact value), largest first.
    """
    if len(values) > MOST_BARS:
        return _distribution(criterion, [value for _, value in values])
    bars = [(name, _shown(criterion, value), _colour(criterion, value)) for name, value in values]
    target = None if criterion.target is None else _for_the_eye(rounded(_scaled(criterion, criterion.target)))
    return charts.target_bars(bars, target, criterion.unit)


def spread_height(values: Sequence[tuple[str, Fraction]]) -> int:
    return charts.bars_height(BINS if len(values) > MOST_BARS else len(values))


def below_target(criterion: CriterionContent, value: Fraction) -> bool:
    return criterion.target is not None and not COMPARE[criterion.comparator](value, criterion.target)


def _distribution(criterion: CriterionContent, values: Sequence[Fraction]) -> dict:
    """How many institutions lie in each of ten equal steps, cut by the side of the target that they lie on."""
    top = max(values)
    end = Fraction(1) if criterion.unit == "%" and top <= 1 else top
    step = end / BINS or Fraction(1)
    counts = {False: [0] * BINS, True: [0] * BINS}
    for value in values:
        counts[below_target(criterion, value)][min(floor(value / step), BINS - 1)] += 1
    edges = [figure(step * i, criterion.unit).removesuffix(criterion.unit).strip() for i in range(BINS + 1)]
    names = [f"{low}～{high}{criterion.unit}" for low, high in pairwise(edges)]
    both = [below + above for below, above in zip(counts[True], counts[False], strict=True)]
    used = [i for i, count in enumerate(both) if count]
    shown = slice(used[0], used[-1] + 1)
    series = [("低于目标", counts[True][shown], colours.UNMET), ("不低于目标", counts[False][shown], colours.MET)]
    if criterion.target is None:
        series = [("机构数", both[shown], colours.INK)]
    return charts.stacked_bars(names[shown], series)


def _colour(criterion: CriterionContent, value: Fraction) -> str:
    if criterion.target is None:
        return colours.INK
    return colours.UNMET if below_target(criterion, value) else colours.MET


def _scaled(criterion: CriterionContent, value: Fraction) -> Fraction:
    return value * 100 if criterion.unit == "%" else value


def _shown(criterion: CriterionContent, value: Fraction) -> float | int:
    """Rounded as the text beside it is, so that no bar's label crosses the target."""
    target = None if criterion.target is None else _scaled(criterion, criterion.target)
    return _for_the_eye(rounded(_scaled(criterion, value), target, criterion.comparator))


def _for_the_eye(value: Fraction) -> float | int:
    return int(value) if value.denominator == 1 else float(value)

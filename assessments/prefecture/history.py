"""How many items the counties had met, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.monthly.months import this_month
from assessments.monthly.queries import latest
from assessments.prefecture.comparison import Comparison
from institutions.models import County
from institutions.period import Period

MOST_MONTHS = 12


@dataclass(frozen=True)
class History:
    """`rows`: (county, items met at the end of each month; None before it had any result)."""

    months: Sequence[Period]
    rows: Sequence[tuple[County, Sequence[int | None]]]

    @property
    def series(self) -> list[tuple[str, Sequence[int | None]]]:
        return [(county.name, numbers) for county, numbers in self.rows]

    @property
    def is_worth_drawing(self) -> bool:
        return any(sum(number is not None for number in numbers) > 1 for _, numbers in self.rows)


def history_of(comparison: Comparison) -> History:
    """The last twelve months at most, from the first of which anything is known; of counties that have figures."""
    shown = [line.county for line in comparison.lines if line.has_data]
    begun = [comparison.stands[county.pk][0].month for county in shown]
    months = _months(min(begun)) if begun else []
    rows = []
    for county in shown:
        ends = [latest(comparison.stands[county.pk], until=month.text) for month in months]
        rows.append((county, [stand.met if stand else None for stand in ends]))
    return History(months, rows)


def _months(first: str) -> list[Period]:
    found = [this_month()]
    while found[-1].text > first and len(found) < MOST_MONTHS:
        found.append(found[-1].previous)
    return found[::-1]

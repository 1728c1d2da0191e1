"""The phases of a campaign on a line of time. Places are for the eye, text such as "12.50%". No database here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tcm_demo.lib.bars import percent

# so many months between two marks of the scale; the first step that leaves room for their words on a phone
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
_MOST_TICKS = 5


@dataclass(frozen=True)
class Span:
    """One phase: `tone` is how its light looks (tcm_demo.lib.lights)."""

    name: str
    start: date
    end: date
    tone: str


@dataclass(frozen=True)
class Lane:
    name: str
    tone: str
    x: str
    width: str


@dataclass(frozen=True)
class Mark:
    label: str
    x: str


@dataclass(frozen=True)
class Timeline:
    """One lane for each phase, the scale, and where the days are that every lane shows."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Mark, ...]
    today: str
    inspection: str | None


def timeline(spans: Sequence[Span], today: date, inspection: date | None) -> Timeline | None:
    """None without phases. Both days are always on it, however far from the phases they are."""
    if not spans:
        return None
    days = [
        today,
        *(span.start for span in spans),
        *(span.end for span in spans),
        *([inspection] if inspection else []),
    ]
    first = min(days).replace(day=1)
    last = _month_after(max(days), 1)
    whole = (last - first).days

    def place(day: date) -> str:
        return percent((day - first).days, whole)

    lanes = tuple(
        Lane(span.name, span.tone, place(span.start), percent((span.end - span.start).days + 1, whole))
        for span in spans
    )
    ticks = tuple(Mark(_month_words(day, first), place(day)) for day in _ticks(first, last))
    return Timeline(lanes, ticks, place(today), place(inspection) if inspection else None)


def _ticks(first: date, last: date) -> list[date]:
    """First days of months, evenly spaced; none so near the end that its words would run over it."""
    step = next((each for each in _STEPS if _months(first, last) / each <= _MOST_TICKS), _STEPS[-1])
    days, day = [], first
    while day < last - timedelta(days=(last - first).days // (_MOST_TICKS + 1)) or not days:
        days.append(day)
        day = _month_after(day, step)
    return days


def _month_words(day: date, first: date) -> str:
    return f"{day.year}年{day.month}月" if day == first or day.month == 1 else f"{day.year % 100}年{day.month}月"


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _month_after(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)

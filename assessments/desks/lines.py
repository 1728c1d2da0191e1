"""What a page of things to do is made of: lines in groups."""

from collections.abc import Sequence
from dataclasses import dataclass

# so many lines of one kind are shown; the rest is behind a link
SHOWN = 12


@dataclass(frozen=True)
class Line:
    """One thing to do. `state` and `word`: its light; `url`: where it is done."""

    state: str
    word: str
    what: str
    details: tuple[str, ...]
    due: str
    due_state: str
    url: str


@dataclass(frozen=True)
class Group:
    """Lines of one kind, `total` in all; `url` shows all. `amount`: how much waits, with its unit (12 份).
    `standard`: of which one, where the county works towards several."""

    title: str
    lines: tuple[Line, ...]
    total: int
    amount: str
    url: str = ""
    standard: str = ""


def group(
    title: str, lines: Sequence[Line], unit: str, *, total: int | None = None, amount: int | None = None, url: str = ""
) -> Group:
    """`total`: of lines, where not all are given; `amount`: of what the lines count, where that is not the lines."""
    total = len(lines) if total is None else total
    return Group(title, tuple(lines[:SHOWN]), total, f"{total if amount is None else amount:,} {unit}", url)

"""Which number each piece of evidence bears in an item's binder (档案号): 24-03. Pure.

A number is given once and kept for ever: a piece that leaves the binder keeps it, and nobody else gets it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

# in place of a number that the county office has not given yet
PENDING = "待编"


@dataclass(frozen=True)
class Candidate:
    """A piece that belongs into an item's binder; `requirement` is the place of the first one that it is used for."""

    piece: int
    requirement: int
    document_date: date | None

    @property
    def order(self) -> tuple:
        """By requirement, then by the document's date (those without one last), then as they were uploaded."""
        return (self.requirement, self.document_date is None, self.document_date or date.min, self.piece)


def next_numbers(candidates: Iterable[Candidate], given: Mapping[int, int]) -> dict[int, int]:
    """Numbers for those that have none yet, by piece. `given`: all that were ever given in this binder, by piece."""
    new = sorted((each for each in candidates if each.piece not in given), key=lambda each: each.order)
    first = max(given.values(), default=0) + 1
    return {each.piece: number for number, each in enumerate(new, start=first)}


def shown(item: str, number: int | None) -> str:
    """4 and 3 as 04-03; 4 and None as 04-待编."""
    return f"{item.zfill(2)}-{PENDING if number is None else f'{number:02d}'}"

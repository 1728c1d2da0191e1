"""Writes binders: as one PDF with bookmarks, or as a ZIP of numbered folders with an Excel contents list."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path

from assessments.binders.content import BinderContent
from assessments.binders.folders import write_folders
from assessments.binders.pdf_file import writing
from assessments.binders.whole import write_whole

# done, total, words: pieces of evidence and binders' own pages, as they are finished
Progress = Callable[[int, int, str], None]
_BUFFER = 1 << 20


class Shape(StrEnum):
    """One PDF of all the binders, or a ZIP of numbered folders with the original files."""

    PDF = "pdf"
    ZIP = "zip"


class Cancelled(Exception):
    """What `progress` raises to stop the work; nothing is left at the target then."""


@dataclass(frozen=True)
class Written:
    """What there is now, `size` in bytes; `pages` is 0 for a ZIP.

    `notes`: a sentence for each file that could not be merged or read.
    """

    binders: int
    pieces: int
    pages: int
    size: int
    notes: tuple[str, ...]


def write_binder(contents: Sequence[BinderContent], target: Path, *, shape: Shape, progress: Progress) -> Written:
    """Write `contents` (at least one) in their order to `target`, which appears when it is whole and not before.

    A source that is damaged, locked or gone gets a sheet that names it, and a note in the result. Raises whatever
    `progress` raises (Cancelled), pdf_file.NotWritten where the disk is full, and fonts.FontsMissing; `target` is as it
    was then.
    """
    pieces = sum(len(content.pieces) for content in contents)
    steps = count(1)

    def tell(words: str) -> None:
        progress(next(steps), pieces + len(contents), words)

    part = target.with_name(f".{target.name}.part")
    try:
        with writing(), part.open("wb", buffering=_BUFFER) as file:
            pages, notes = _write(contents, file, shape, tell)
        size = part.stat().st_size
        part.replace(target)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return Written(len(contents), pieces, pages, size, tuple(notes))


def _write(contents: Sequence[BinderContent], file, shape: Shape, tell) -> tuple[int, list[str]]:
    if shape is Shape.ZIP:
        return 0, write_folders(contents, file, tell)
    return write_whole(contents, file, tell)

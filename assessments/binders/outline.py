"""Bookmarks: sections over items over what is in their binders."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assessments.binders.merge import Merged
from assessments.binders.pdf_file import PdfFile, text


@dataclass(frozen=True)
class Bookmark:
    """A line of the outline, and the object of the page that it leads to."""

    title: str
    page: int
    below: tuple["Bookmark", ...] = ()


def write_outline(target: PdfFile, merged: Sequence[Merged], own: Sequence[int]) -> int:
    """Write it, return its object. Sections stand open, so that the items are seen; items are closed.

    `own`: objects of the paper's pages. A single binder has no level above its own.
    """
    if len(merged) == 1:
        bookmarks = list(_binder(merged[0], own))
        shown = len(bookmarks)
    else:
        bookmarks = _sections(merged, own)
        shown = sum(1 + len(bookmark.below) for bookmark in bookmarks)
    top = target.reserve()
    numbers = _level(target, bookmarks, top, depth=0)
    ends = (numbers[0], numbers[-1], shown)
    target.write(top, b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % ends)
    return top


def _sections(merged: Sequence[Merged], own: Sequence[int]) -> list[Bookmark]:
    found = []
    for (number, name), group in groupby(merged, lambda one: (one.content.section_number, one.content.section_name)):
        items = []
        for binder in group:
            below = _binder(binder, own)
            items.append(Bookmark(f"{binder.content.short_number} {binder.content.item_title}", below[0].page, below))
        found.append(Bookmark(f"{number} {name}", items[0].page, tuple(items)))
    return found


def _binder(binder: Merged, own: Sequence[int]) -> tuple[Bookmark, ...]:
    front = [Bookmark("封面", own[binder.front.cover]), Bookmark("卷内目录", own[binder.front.contents])]
    chapters = [Bookmark(chapter.title, own[chapter.page]) for chapter in binder.chapters]
    pieces = [Bookmark(f"{p.piece.number} {p.piece.title}", p.objects(own)[0]) for p in binder.places]
    return (*front, *chapters, *pieces)


def _level(target: PdfFile, bookmarks: Sequence[Bookmark], parent: int, depth: int) -> list[int]:
    numbers = [target.reserve() for _ in bookmarks]
    for place, (bookmark, number) in enumerate(zip(bookmarks, numbers, strict=True)):
        entry = b"<< /Title %s /Parent %d 0 R /Dest [%d 0 R /Fit]" % (text(bookmark.title), parent, bookmark.page)
        if place:
            entry += b" /Prev %d 0 R" % numbers[place - 1]
        if place + 1 < len(numbers):
            entry += b" /Next %d 0 R" % numbers[place + 1]
        if bookmark.below:
            below = _level(target, bookmark.below, number, depth + 1)
            count = len(below) if depth == 0 else -len(below)
            entry += b" /First %d 0 R /Last %d 0 R /Count %d" % (below[0], below[-1], count)
        target.write(number, entry + b" >>")
    return numbers

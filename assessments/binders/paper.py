"""The own pages of one item's binder: first the body, then sheets, then what depends on page numbers.

The order in which they are drawn is not that in which they are bound: the contents can name page numbers only when all
evidence has been merged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

import pikepdf

from assessments.binders.body import draw_body
from assessments.binders.content import BinderContent, EvidencePiece
from assessments.binders.contents import Entry, Link, draw_contents
from assessments.binders.copying import Copier
from assessments.binders.cover import draw_cover, draw_spines
from assessments.binders.page import Paper
from assessments.binders.pdf_file import PdfFile, references, text
from assessments.binders.sheets import draw_sheet


@dataclass(frozen=True)
class Chapter:
    """A part of the body for the bookmarks; `page` counts from 0."""

    title: str
    page: int


@dataclass(frozen=True)
class Front:
    """Where the pages before the numbered ones begin and end in the file; `links` by pages of the file."""

    cover: int
    contents: int
    end: int
    links: tuple[Link, ...]

    @property
    def pages(self) -> range:
        return range(self.cover, self.end)


class ItemPaper:
    """Draws the pages of one binder onto a paper, which others may share: `body` once, `sheet` for each file that
    cannot be merged, `front` at the end. All ranges are pages of the paper."""

    def __init__(self, content: BinderContent, paper: Paper):
        self.content, self.paper = content, paper
        self.chapters: list[Chapter] = []

    def body(self) -> range:
        """Requirement, result, statement and what is missing; numbered from 1."""
        start = self.paper.count
        self.chapters = [Chapter(title, start + page) for title, page in draw_body(self.paper, self.content)]
        return range(start, self.paper.count)

    def sheet(self, piece: EvidencePiece, reason: str, where: str, stamp: Callable[[int], str]) -> range:
        """What names a file instead of showing it."""
        start = self.paper.count
        draw_sheet(self.paper, piece, reason, where, stamp)
        return range(start, self.paper.count)

    def front(self, entries: Sequence[Entry], pages: int) -> Front:
        """Cover, labels, contents; drawn after the body. `pages`: how many numbered pages there are, 0 where they are
        not put together."""
        cover = self.paper.count
        draw_cover(self.paper, self.content, pages)
        draw_spines(self.paper, self.content)
        contents = self.paper.count
        body = "、".join(chapter.title for chapter in self.chapters)
        links = draw_contents(self.paper, self.content, body, entries, together=bool(pages))
        placed = tuple(replace(link, page=contents + link.page) for link in links)
        return Front(cover, contents, self.paper.count, placed)


def own_pages(content: BinderContent, entries: Sequence[Entry]) -> BytesIO:
    """The binder of an item without its evidence, as a file of its own."""
    title = f"{content.short_number} {content.item_title}"
    drawn = ItemPaper(content, Paper(title))
    body = drawn.body()
    order = (*drawn.front(entries, 0).pages, *body)
    bound = BytesIO()
    target = PdfFile(bound)
    root = target.reserve()
    with pikepdf.open(BytesIO(drawn.paper.save())) as source:
        own = Copier(target, source).pages(lambda page: root)
    kids = references([own[page] for page in order])
    target.write(root, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(order), kids))
    catalog = target.add(b"<< /Type /Catalog /Pages %d 0 R /Lang (zh-CN) >>" % root)
    target.finish(catalog, target.add(b"<< /Title %s >>" % text(title)))
    return bound

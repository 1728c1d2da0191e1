"""Tables on a flow: headings repeated on each page, rows that break where they are taller than a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from assessments.binders.page import GREY, INK, SHADE, Flow
from tcm_demo.lib.fonts import TABLE

SIZE = 10.5
_PAD = 3.5


@dataclass(frozen=True)
class Column:
    """`share` of the table's width; the sum over the columns is 1."""

    title: str
    share: float
    align: str = "left"


@dataclass(frozen=True)
class Row:
    """Cells by columns, or one text over all of them: a heading within the table, or a note to the row before."""

    cells: tuple[str, ...] = ()
    heading: str = ""
    note: str = ""


@dataclass(frozen=True)
class Placed:
    """Where a row came to stand: the flow's page, and its upper and lower edge."""

    page: int
    top: float
    bottom: float


class Table:
    """Draws rows on a flow with these columns."""

    def __init__(self, flow: Flow, columns: Sequence[Column], size: float = SIZE):
        self.flow, self.columns, self.size = flow, columns, size
        self.leading = size * 1.32

    def draw(self, rows: Sequence[Row]) -> list[Placed]:
        """All rows under the headings; says where each begins. A heading stays with what follows it, a note with what
        goes before."""
        self._head()
        placed = []
        for row, following in zip_longest(rows, rows[1:]):
            spare = 2 * self._height([""]) if row.heading else 0
            if following and following.note:
                spare = self._height(*self._lines(following))
            placed.append(self._row(row, spare))
        return placed

    def _head(self) -> None:
        cells = [[column.title] for column in self.columns]
        self.flow.need(4 * self._height([""]))
        top, height = self.flow.y, self._height([""])
        self.flow.paper.box(self.flow.left, top - height, self.flow.width, height, fill=SHADE)
        self._cells(cells, height, role="heading", align="centre")

    def _row(self, row: Row, spare: float) -> Placed:
        cells = self._lines(row)
        height = self._height(*cells) + spare
        whole = self.flow.top - self.flow.bottom - self._height([""])
        # one that is taller than a page begins here, unless next to nothing is left
        if self.flow.room < (height if height <= whole else self._height([""] * 3)):
            self._new_page()
        placed = Placed(self.flow.page, self.flow.y, self.flow.y - min(height, self.flow.room))
        while any(cells):
            fitting = max(1, int((self.flow.room - 2 * _PAD) / self.leading))
            part, cells = [lines[:fitting] for lines in cells], [lines[fitting:] for lines in cells]
            self._draw_part(row, part)
            if any(cells):
                self._new_page()
        return placed

    def _new_page(self) -> None:
        self.flow.new_page()
        self._head()

    def _draw_part(self, row: Row, part: list[list[str]]) -> None:
        height = self._height(*part)
        if row.cells:
            self._cells(part, height)
            return
        flow = self.flow
        role, colour = ("heading", INK) if row.heading else (TABLE, GREY)
        y = flow.y - _PAD - self.size
        for line in part[0]:
            flow.paper.text(flow.left + _PAD, y, line, role, self._size(row), colour=colour)
            y -= self.leading
        self._edges(height, [flow.left, flow.right])

    def _cells(self, cells: list[list[str]], height: float, role: str = TABLE, align: str = "") -> None:
        x, edges = self.flow.left, [self.flow.left]
        for column, lines in zip(self.columns, cells, strict=True):
            width = column.share * self.flow.width
            at = {"left": x + _PAD, "centre": x + width / 2, "right": x + width - _PAD}[align or column.align]
            y = self.flow.y - (height - len(lines) * self.leading) / 2 - self.size
            for line in lines:
                self.flow.paper.text(at, y, line, role, self.size, align=align or column.align)
                y -= self.leading
            x += width
            edges.append(x)
        self._edges(height, edges)

    def _edges(self, height: float, edges: list[float]) -> None:
        flow, top, bottom = self.flow, self.flow.y, self.flow.y - height
        across = [(flow.left, y, flow.right, y) for y in (top, bottom)]
        flow.paper.rules([*across, *((x, top, x, bottom) for x in edges)])
        flow.y = bottom

    def _lines(self, row: Row) -> list[list[str]]:
        paper, room = self.flow.paper, 2 * _PAD
        if not row.cells:
            role = "heading" if row.heading else TABLE
            return [paper.lines(row.heading or row.note, role, self._size(row), self.flow.width - room)]
        return [
            paper.lines(text, TABLE, self.size, column.share * self.flow.width - room)
            for column, text in zip(self.columns, row.cells, strict=True)
        ]

    def _size(self, row: Row) -> float:
        return self.size - 1 if row.note else self.size

    def _height(self, *cells: list[str]) -> float:
        return max(map(len, cells)) * self.leading + 2 * _PAD

"""The contents of an item's binder (卷内目录)."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.binders.content import BinderContent, EvidencePiece
from assessments.binders.page import GREY, HEIGHT, MM, WIDTH, Flow, Paper
from assessments.binders.table import Column, Row, Table
from indicators.naming import item_name

PENDING_NOTE = "档案号由创建办编印时给定，现在还没有的印作“待编”。"
# 文号 is as wide as 财预〔2023〕12号, the date as 2023-12-28
_COLUMNS = (
    ("序号", 0.06, "centre"),
    ("档案号", 0.095, "centre"),
    ("文号", 0.20, "left"),
    ("责任者", 0.15, "left"),
    ("题名", 0.295, "left"),
    ("日期", 0.13, "centre"),
)
_LAST = 0.07
# wider than the body: a margin of 25 mm is left for binding
_LEFT, _RIGHT, _TOP, _BOTTOM = 25 * MM, WIDTH - 18 * MM, HEIGHT - 28 * MM, 25 * MM


@dataclass(frozen=True)
class Entry:
    """A piece in the contents: its first page by the binder's own numbering, and how many it has; 0 where unknown."""

    piece: EvidencePiece
    page: int
    pages: int


@dataclass(frozen=True)
class Link:
    """A row to click on: the page of the contents (from 0), its corners, and the entry's place; None for the body."""

    page: int
    box: tuple[float, float, float, float]
    entry: int | None


def draw_contents(
    paper: Paper, content: BinderContent, body: str, entries: Sequence[Entry], *, together: bool
) -> list[Link]:
    """Its pages are not numbered. `body`: what the body is called. `together`: the last column tells the page in the
    binder, else how many they are."""
    flow = Flow(paper, lambda page: _foot(paper, content, page), left=_LEFT, right=_RIGHT, top=_TOP, bottom=_BOTTOM)
    flow.title("卷内目录")
    flow.paragraph(
        f"{item_name(content.item_number)}　{content.item_title}", role="song", size=12, leading=18, indent=0
    )
    flow.space(6)
    rows, targets = _rows(body, entries, together)
    last = ("页次" if together else "页数", _LAST, "centre")
    placed = Table(flow, [Column(*column) for column in (*_COLUMNS, last)], size=9.5).draw(rows)
    if not entries:
        flow.space(4)
        flow.paragraph("本条目还没有已接受的佐证材料。", role="song", size=12, leading=20, indent=0)
    if not all(entry.piece.is_numbered for entry in entries):
        flow.space(4)
        flow.paragraph(PENDING_NOTE, role="song", size=9.5, leading=14, indent=0, colour=GREY)
    flow.end()
    return [
        Link(at.page, (flow.left, at.bottom, flow.right, at.top), target)
        for at, target in zip(placed, targets, strict=True)
        if target != _NO_TARGET
    ]


_NO_TARGET = -1


def _rows(body: str, entries: Sequence[Entry], together: bool) -> tuple[list[Row], list[int | None]]:
    """Rows, and what each leads to. Pieces for the same requirement that follow each other stand under it."""
    rows = [Row(("", "", "", "", body, "", "1" if together else ""))]
    targets: list[int | None] = [None]
    requirement = ""
    for place, entry in enumerate(entries):
        if entry.piece.requirement != requirement:
            requirement = entry.piece.requirement
            rows.append(Row(heading=f"佐证要求：{requirement}"))
            targets.append(_NO_TARGET)
        rows.append(Row(_cells(place, entry, together)))
        targets.append(place)
    return rows, targets


def _cells(place: int, entry: Entry, together: bool) -> tuple[str, ...]:
    piece = entry.piece
    number = entry.page if together else entry.pages
    shown = str(number) if number else ""
    return (
        str(place + 1),
        piece.number,
        piece.document_number,
        piece.issuer,
        piece.full_title,
        piece.document_date,
        shown,
    )


def _foot(paper: Paper, content: BinderContent, page: int) -> None:
    paper.line(_LEFT, _TOP + 2 * MM, _RIGHT, _TOP + 2 * MM)
    paper.text(_LEFT, _TOP + 4 * MM, content.county, "song", 9, colour=GREY)
    paper.text(_RIGHT, _TOP + 4 * MM, content.standard, "song", 9, align="right", colour=GREY)
    words = f"{item_name(content.item_number)}　卷内目录第 {page + 1} 页"
    paper.text((_LEFT + _RIGHT) / 2, _BOTTOM - 10 * MM, words, "song", 9, align="centre", colour=GREY)

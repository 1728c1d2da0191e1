"""What comes before several binders in one file: a cover over all of them, and the contents of the whole (总目录)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assessments.binders.contents import Link
from assessments.binders.cover import draw_overall_cover
from assessments.binders.merge import Merged
from assessments.binders.page import GREY, HEIGHT, MM, WIDTH, Flow, Paper
from assessments.binders.table import Column, Row, Table

_COLUMNS = (
    Column("条目", 0.09, "centre"),
    Column("名称", 0.52),
    Column("自评结论", 0.14, "centre"),
    Column("材料", 0.125, "right"),
    Column("起始页", 0.125, "right"),
)
_LEFT, _RIGHT, _TOP, _BOTTOM = 25 * MM, WIDTH - 18 * MM, HEIGHT - 28 * MM, 25 * MM


@dataclass(frozen=True)
class Overall:
    """Its pages on the paper: the cover, then the contents. `links` by pages of the paper; their entry is the place of
    a binder."""

    pages: range = range(0)
    links: tuple[Link, ...] = ()


def draw_overall(paper: Paper, merged: Sequence[Merged]) -> Overall:
    """Nothing for a single binder. Pages are counted through the whole file, these included."""
    if len(merged) == 1:
        return Overall()
    trial = Paper("")
    own = 1 + _draw_contents(trial, merged, [0] * len(merged))[0]
    starts, page = [], own + 1
    for binder in merged:
        starts.append(page)
        page += binder.count
    start = paper.count
    draw_overall_cover(paper, [binder.content for binder in merged], page - 1)
    _, links = _draw_contents(paper, merged, starts)
    return Overall(range(start, paper.count), tuple(links))


def _draw_contents(paper: Paper, merged: Sequence[Merged], starts: Sequence[int]) -> tuple[int, list[Link]]:
    """How many pages it takes, which does not depend on `starts`, and its links."""
    start, first = paper.count, merged[0].content
    flow = Flow(paper, lambda page: _foot(paper, merged, page), left=_LEFT, right=_RIGHT, top=_TOP, bottom=_BOTTOM)
    flow.title("总目录")
    words = f"{first.period}自评。起始页按本文件的页数计，各卷内另有页码。"
    flow.paragraph(words, role="song", size=10.5, leading=16, indent=0, colour=GREY)
    flow.space(6)
    rows, targets = _rows(merged, starts)
    placed = Table(flow, _COLUMNS).draw(rows)
    flow.end()
    links = [
        Link(start + at.page, (flow.left, at.bottom, flow.right, at.top), target)
        for at, target in zip(placed, targets, strict=True)
        if target is not None
    ]
    return paper.count - start, links


def _rows(merged: Sequence[Merged], starts: Sequence[int]) -> tuple[list[Row], list[int | None]]:
    """Sections as headings, and which binder each row leads to."""
    rows: list[Row] = []
    targets: list[int | None] = []
    places = range(len(merged))
    for (number, name), group in groupby(places, lambda place: _section(merged[place])):
        rows.append(Row(heading=f"{number}　{name}"))
        targets.append(None)
        for place in group:
            content = merged[place].content
            count = f"{len(content.pieces):,} 件"
            cells = (content.item_number, content.item_title, content.status_label, count, f"{starts[place]:,}")
            rows.append(Row(cells))
            targets.append(place)
    return rows, targets


def _section(binder: Merged) -> tuple[str, str]:
    return binder.content.section_number, binder.content.section_name


def _foot(paper: Paper, merged: Sequence[Merged], page: int) -> None:
    first = merged[0].content
    paper.line(_LEFT, _TOP + 2 * MM, _RIGHT, _TOP + 2 * MM)
    paper.text(_LEFT, _TOP + 4 * MM, first.county, "song", 9, colour=GREY)
    paper.text(_RIGHT, _TOP + 4 * MM, first.standard, "song", 9, align="right", colour=GREY)
    middle = (_LEFT + _RIGHT) / 2
    paper.text(middle, _BOTTOM - 10 * MM, f"总目录第 {page + 1} 页", "song", 9, align="centre", colour=GREY)

"""The cover of an item's binder, and the labels for the back of its box (脊背标签) to cut out."""

from collections.abc import Sequence

from assessments.binders.content import BinderContent
from assessments.binders.page import GREEN, GREY, HEIGHT, INK, MM, RULE, WIDTH, Paper
from assessments.binders.typeface import typeface
from assessments.binders.vertical import draw_vertical
from indicators.naming import item_name

KIND = "迎检资料"
# widths of the labels: boxes are bought in these
SPINES = (30, 40, 50)
_SPINE_HEIGHT = 240 * MM
_MIDDLE = WIDTH / 2


def draw_cover(paper: Paper, content: BinderContent, pages: int) -> None:
    """One page. `pages`: how many numbered pages the binder has; 0 where they are not put together."""
    y = _head(paper, content)
    _centred(paper, item_name(content.item_number), "title", 26, y - 18 * MM)
    _block(paper, content.item_title, "title", 22, y - 34 * MM, most=4)
    _facts(paper, _cover_facts(content, pages))
    paper.end_page()


def draw_overall_cover(paper: Paper, contents: Sequence[BinderContent], pages: int) -> None:
    """One page before the covers of several binders. `pages`: of them all, with their own."""
    first, last = contents[0], contents[-1]
    y = _head(paper, first)
    _centred(paper, f"{len(contents)} 条合订", "title", 26, y - 18 * MM)
    if first.section_number == last.section_number:
        _block(paper, f"{first.section_number}　{first.section_name}", "title", 22, y - 34 * MM, most=4)
    count = sum(len(content.pieces) for content in contents)
    facts = [
        ("填 报 期", first.period),
        ("条　　目", f"{item_name(first.item_number)}至{item_name(last.item_number)}，每条一卷"),
        ("数　　量", f"{count:,} 件，{pages:,} 页"),
        ("编印日期", first.printed_on),
    ]
    _facts(paper, facts)
    paper.end_page()


def _head(paper: Paper, content: BinderContent) -> float:
    """The frame, whose papers they are and what: as on every cover. Returns where it ends."""
    for inset, width in ((16 * MM, 1.6), (18 * MM, 0.5)):
        paper.box(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset, stroke=GREEN, line=width)
    _centred(paper, content.county, "body", 20, HEIGHT - 52 * MM)
    y = _block(paper, content.standard, "body", 14, HEIGHT - 64 * MM, most=2)
    _centred(paper, " ".join(KIND), "title", 40, y - 26 * MM)
    y -= 44 * MM
    paper.line(_MIDDLE - 24 * MM, y, _MIDDLE + 24 * MM, y, colour=GREEN, width=1)
    return y


def _cover_facts(content: BinderContent, pages: int) -> list[tuple[str, str]]:
    amount = f"{len(content.pieces)} 件" + (f"，{pages} 页" if pages else "")
    return [
        ("部　　分", f"{content.section_number}　{content.section_name}"),
        ("牵头单位", "、".join(content.lead)),
        ("配合单位", "、".join(content.cooperating) or "无"),
        ("填 报 期", content.period),
        ("档 案 号", _numbers(content)),
        ("数　　量", amount),
        ("编印日期", content.printed_on),
    ]


def _numbers(content: BinderContent) -> str:
    """24-01 至 24-05，2 件待编号."""
    numbers = [piece.number for piece in content.pieces if piece.is_numbered]
    found = [numbers[0] if len(numbers) == 1 else f"{numbers[0]} 至 {numbers[-1]}"] if numbers else []
    if pending := len(content.pieces) - len(numbers):
        found.append(f"{pending} 件待编号")
    return "，".join(found) or "无"


def _facts(paper: Paper, facts: list[tuple[str, str]]) -> None:
    """Underlined lines, upwards from the foot of the page, so that they end at the same place on every cover."""
    left, right, size, leading = 40 * MM, WIDTH - 40 * MM, 14, 20
    start = left + 74
    shown = [(label, paper.lines(words, "body", size, right - start)[:3]) for label, words in facts if words]
    y = 34 * MM + sum(len(lines) * leading + 7 for _, lines in shown)
    for label, lines in shown:
        paper.text(left, y - size, label, "heading", size)
        for line in lines:
            paper.text(start + 4, y - size, line, "body", size)
            paper.line(start, y - size - 5, right, y - size - 5, colour=RULE)
            y -= leading
        y -= 7


def _centred(paper: Paper, words: str, role: str, size: float, y: float) -> None:
    paper.text(_MIDDLE, y, words, role, size, align="centre", colour=INK)


def _block(paper: Paper, words: str, role: str, size: float, y: float, most: int) -> float:
    """Centred lines, smaller ones where there are more than `most`; returns where the last stands."""
    room = WIDTH - 70 * MM
    lines = paper.title_lines(words, role, size, room)
    while len(lines) > most and size > 10:
        size -= 1
        lines = paper.title_lines(words, role, size, room)
    for number, line in enumerate(lines):
        _centred(paper, line, role, size, y - number * size * 1.5)
    return y - (len(lines) - 1) * size * 1.5


def draw_spines(paper: Paper, content: BinderContent) -> None:
    """One page with a label of each width."""
    gap = (WIDTH - sum(SPINES) * MM) / (len(SPINES) + 1)
    top, x = HEIGHT - 34 * MM, gap
    paper.text(
        _MIDDLE, HEIGHT - 20 * MM, "脊背标签：按档案盒宽度选一条，沿虚线剪下", "song", 10.5, align="centre", colour=GREY
    )
    for width in SPINES:
        _spine(paper, content, x, top, width * MM)
        paper.text(x + width * MM / 2, top + 5, f"{width} 毫米", "song", 9, align="centre", colour=GREY)
        x += width * MM + gap
    paper.end_page()


def _spine(paper: Paper, content: BinderContent, x: float, top: float, width: float) -> None:
    bottom, middle, edge = top - _SPINE_HEIGHT, x + width / 2, 3 * MM
    for x0, y0, x1, y1 in ((x, top, x + width, top), (x, bottom, x + width, bottom)):
        paper.line(x0, y0, x1, y1, dash=(3, 2), colour=GREY)
    for side in (x, x + width):
        paper.line(side, top, side, bottom, dash=(3, 2), colour=GREY)
    draw_vertical(paper, content.county, "body", x + edge, top - 6 * MM, width - 2 * edge, 34 * MM, 16)
    _ruled(paper, x, width, top - 42 * MM)
    size = min(34, (width - 2 * edge) / max(typeface("title").width(content.item_number, 1), 1))
    paper.text(middle, top - 42 * MM - size - 2 * MM, content.item_number, "title", size, align="centre")
    _ruled(paper, x, width, top - 60 * MM)
    draw_vertical(paper, content.item_title, "title", x + edge, top - 65 * MM, width - 2 * edge, 112 * MM, 22)
    _ruled(paper, x, width, bottom + 60 * MM)
    draw_vertical(paper, KIND, "heading", x + edge, bottom + 56 * MM, width - 2 * edge, 36 * MM, 16)
    _ruled(paper, x, width, bottom + 17 * MM)
    paper.text(middle, bottom + 10.5 * MM, content.period, "song", _fit(content.period, width), align="centre")
    amount = f"{len(content.pieces)} 件"
    paper.text(middle, bottom + 4.5 * MM, amount, "song", 10, align="centre")


def _fit(words: str, width: float) -> float:
    """The size at which the words fill the width, 12 at most."""
    return min(12, (width - 4 * MM) / max(typeface("song").width(words, 1), 1))


def _ruled(paper: Paper, x: float, width: float, y: float) -> None:
    paper.line(x + 3 * MM, y, x + width - 3 * MM, y, colour=GREEN, width=0.8)

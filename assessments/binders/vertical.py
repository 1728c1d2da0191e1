"""Text written from top to bottom, as on the spine of a box."""

from assessments.binders.lines import balanced, broken
from assessments.binders.page import INK, Paper
from assessments.binders.typeface import typeface

# lie down with the writing, or move to the upper right of their place
_TURNED = set("（）()《》〈〉「」『』【】〔〕[]—…～~-–：:；;")
_RAISED = set("，。、,.")
_PITCH, _COLUMN = 1.12, 1.35


def columns(words: str, width: float, height: float, *, largest: float, smallest: float = 7) -> tuple[float, list[str]]:
    """(size, the columns): at the largest size at which the text fits a place so wide and high. What is too long even
    for the smallest letters ends in ……"""
    size = largest
    while size > smallest and len(broken(words, len, _rows(size, height))) * size * _COLUMN > width:
        size -= 0.5
    found = balanced(words, len, _rows(size, height))
    most = max(1, int(width / (size * _COLUMN)))
    if len(found) > most:
        found = [*found[: most - 1], found[most - 1][:-2] + "……"]
    return size, found


def _rows(size: float, height: float) -> int:
    return max(1, int(height / (size * _PITCH)))


def draw_vertical(
    paper: Paper, words: str, role: str, x: float, top: float, width: float, height: float, largest: float
):
    """In columns from right to left, in the middle of a place that begins at `x` and `top`."""
    size, found = columns(typeface(role).printable(words).replace("\n", ""), width, height, largest=largest)
    right = x + (width + len(found) * size * _COLUMN) / 2
    for place, column in enumerate(found):
        middle = right - (place + 0.5) * size * _COLUMN
        for row, character in enumerate(column):
            _draw_character(paper, character, role, size, middle, top - row * size * _PITCH)


def _draw_character(paper: Paper, character: str, role: str, size: float, middle: float, top: float) -> None:
    if character in _TURNED:
        paper.canvas.saveState()
        paper.canvas.translate(middle, top - size / 2)
        paper.canvas.rotate(-90)
        paper.text(0, -size * 0.38, character, role, size, align="centre", colour=INK)
        paper.canvas.restoreState()
        return
    shift = size * 0.5 if character in _RAISED else 0
    paper.text(middle + shift, top - size * 0.88 + shift, character, role, size, align="centre", colour=INK)

"""A PDF page's text line by line; of a table with drawn rules each row is one line, its cells between tabs."""

import ctypes
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

MOST_RULES = 2000  # of one page; more is a drawing
MOST_GROUPS = 40
THIN, NEAR = 3.0, 3.0  # points
_OFFICE_ENDS = re.compile(r"[局委办部院处会]$|中心$")


@dataclass(frozen=True)
class Rule:
    """A straight line: horizontal where `y` is the same at both ends."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def is_flat(self) -> bool:
        return self.top - self.bottom <= self.right - self.left

    def touches(self, other: "Rule") -> bool:
        return (
            self.left <= other.right + NEAR
            and other.left <= self.right + NEAR
            and self.bottom <= other.top + NEAR
            and other.bottom <= self.top + NEAR
        )


def lines_of(page: pypdfium2.PdfPage) -> list[str]:
    """From top to bottom. Raises PdfiumError."""
    textpage = page.get_textpage()
    width, height = page.get_size()
    lines: list[str] = []
    above = height
    for table in _tables(_rules(page)):
        top, bottom = max(rule.top for rule in table), min(rule.bottom for rule in table)
        lines += _split(textpage.get_text_bounded(0, min(top, above), width, above))
        lines += _rows(textpage, table)
        above = bottom
    return (
        lines + _split(textpage.get_text_bounded(0, 0, width, above)) if lines else _split(textpage.get_text_bounded())
    )


def _split(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]


def _rules(page: pypdfium2.PdfPage) -> list[Rule]:
    rules: list[Rule] = []
    for shape in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = shape.get_bounds()
        if min(right - left, top - bottom) <= THIN:
            rules.append(Rule(left, bottom, right, top))
        else:
            rules += _edges(shape)
        if len(rules) > MOST_RULES:
            return []
    return [rule for rule in rules if max(rule.right - rule.left, rule.top - rule.bottom) > 2 * THIN]


def _edges(shape: pypdfium2.PdfObject) -> list[Rule]:
    """The straight sides of a shape of several lines, as a cell or a whole grid drawn at once."""
    count = raw.FPDFPath_CountSegments(shape.raw)
    if not 0 < count <= MOST_RULES:
        return []
    matrix = shape.get_matrix()
    edges: list[Rule] = []
    at = start = None
    for number in range(count):
        segment = raw.FPDFPath_GetPathSegment(shape.raw, number)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO and at:
            edges.append(_rule(at, point))
        if raw.FPDFPathSegment_GetClose(segment) and start:
            edges.append(_rule(point, start))
        at = point
    return [edge for edge in edges if min(edge.right - edge.left, edge.top - edge.bottom) <= THIN]


def _rule(one: tuple[float, float], other: tuple[float, float]) -> Rule:
    return Rule(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))


def _tables(rules: list[Rule]) -> list[list[Rule]]:
    """Rules that hang together and make at least two columns, the highest first; one row may go on from a page."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: -rule.top):
        joined = [group for group in groups[-MOST_GROUPS:] if any(rule.touches(other) for other in group)]
        whole = [rule, *(each for group in joined for each in group)]
        groups = [group for group in groups if group not in joined] + [whole]
    return [group for group in groups if len(_columns(group)) > 2 and len(_levels(group)) > 1]


def _columns(table: list[Rule]) -> list[float]:
    return _places(rule.left for rule in table if not rule.is_flat)


def _levels(table: list[Rule]) -> list[float]:
    return _places(rule.top for rule in table if rule.is_flat)


def _places(values: Iterable[float]) -> list[float]:
    """In order, those that lie close together once."""
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > NEAR:
            kept.append(value)
    return kept


def _rows(textpage: pypdfium2.PdfTextPage, table: list[Rule]) -> list[str]:
    """A merged cell's text stands in its first row and column, the others are empty."""
    columns = _columns(table)
    spans = list(itertools.pairwise(columns))
    levels = [_places(rule.top for rule in table if rule.is_flat and _covers(rule, span)) for span in spans]
    finest = max(levels, key=len)
    rows = []
    for bottom, top in reversed(list(itertools.pairwise(finest))):
        middle = (bottom + top) / 2
        cells = [""] * len(spans)
        at = 0
        while at < len(spans):
            end = at + 1
            while end < len(spans) and not _parted(table, spans[end][0], middle):
                end += 1
            low = max((level for level in levels[at] if level < middle), default=bottom)
            high = min((level for level in levels[at] if level > middle), default=top)
            if high <= top + NEAR:  # else its text stands in a row above
                cells[at] = _cell(textpage, (spans[at][0], low, spans[end - 1][1], high))
            at = end
        rows.append("\t".join(cells))
    return [row for row in rows if row.strip()]


def _covers(rule: Rule, span: tuple[float, float]) -> bool:
    middle = (span[0] + span[1]) / 2
    return rule.left - NEAR <= middle <= rule.right + NEAR


def _parted(table: list[Rule], x: float, y: float) -> bool:
    return any(not rule.is_flat and abs(rule.left - x) <= NEAR and rule.bottom <= y <= rule.top for rule in table)


def _cell(textpage: pypdfium2.PdfTextPage, place: tuple[float, float, float, float]) -> str:
    left, bottom, right, top = place
    text = ""
    for line in _split(textpage.get_text_bounded(left + 0.5, bottom + 0.5, right - 0.5, top - 0.5)):
        # two offices one below the other are two; other lines are wraps
        text += (" " if _OFFICE_ENDS.search(text) and line[:1] in "省市区县州各" else "") + line
    return text.replace("\t", " ")

"""The rows of a table's header, and the heading of each column with the groups above it. Pure."""

from itertools import pairwise

from institutions.ledger import words
from institutions.ledger.headings import Vocabulary, fold, is_unit
from institutions.ledger.workbook import SheetRows

_MAX_GROUP_ROWS = 2
_MAX_HEADER_ROWS = 5
# A merged cell over more than this part of a table is its title, not a group.
_TITLE_WIDTH = 0.8


def header_text(cell) -> str:
    """A heading's text; a year typed as a number counts as one (2023 above a group of columns)."""
    if type(cell) is float and 2000 <= cell < 2100 and cell.is_integer():
        return f"{int(cell)}年"
    return cell.strip() if isinstance(cell, str) else ""


def header_rows(sheet: SheetRows, start: int, end: int, vocabulary: Vocabulary) -> tuple[int, int]:
    """First and last row of the header around `start`, the row with the heading of code or name."""
    identity = {
        column
        for column, cell in enumerate(sheet.rows[start])
        if (text := header_text(cell)) and (match := vocabulary.classify((text,))) and match.kind == "field"
    }
    return _first_row(sheet, start, identity), _last_row(sheet, start, end, identity, vocabulary)


def parts_of(sheet: SheetRows, first: int, last: int, column: int) -> tuple[tuple[str, ...], int]:
    """The headings of one column, outermost first, and the row of the lowest; empty where it has none of its own."""
    parts: list[str] = []
    lowest, own = first, False
    for number in range(first, last + 1):
        text = header_text(sheet.rows[number][column])
        if not text:
            if number < last and (group := _group(sheet, number, column)):
                parts.append(group)
        elif fold(text) in words.COLUMN_NUMBER_LABELS:
            continue
        elif own and is_unit(text):
            parts[-1] = f"{parts[-1]}\n{text}"
        else:
            parts.append(text)
            lowest, own = number, True
    return (tuple(dict.fromkeys(parts)), lowest) if own else ((), first)


def _first_row(sheet: SheetRows, start: int, identity: set[int]) -> int:
    """Rows of groups above: several short texts, or a merged cell that does not run over the whole table.

    Figures, or anything over the headings of identity, show that the row belongs to something else.
    """
    first = start
    width = max(column for column, cell in enumerate(sheet.rows[start]) if cell != "") + 1
    while first > 0 and start - first < _MAX_GROUP_ROWS:
        row = sheet.rows[first - 1]
        cells = [(column, text) for column, cell in enumerate(row) if (text := header_text(cell))]
        if not cells or any(column in identity or ":" in fold(text) or len(text) > 40 for column, text in cells):
            break
        if len(cells) < sum(cell != "" and cell != " " for cell in row):
            break
        if len(cells) == 1 and not 2 <= _span(sheet, first - 1, cells[0][0]) <= width * _TITLE_WIDTH:
            break
        first -= 1
    return first


def _last_row(sheet: SheetRows, start: int, end: int, identity: set[int], vocabulary: Vocabulary) -> int:
    """Rows below that still are header: headings under groups, units, column numbers."""
    last = start
    for number in range(start + 1, min(start + _MAX_HEADER_ROWS, end + 1)):
        cells = [(column, cell) for column, cell in enumerate(sheet.rows[number]) if cell != "" and cell != " "]
        texts = [(column, text) for column, cell in cells if (text := header_text(cell))]
        if not _is_header(sheet, number, identity, cells, texts, vocabulary):
            break
        last = number
    return last


def _is_header(sheet, number, identity, cells, texts, vocabulary) -> bool:
    if not cells:
        return False
    if _is_unit_row(cells, texts) or _is_number_row(cells, identity):
        return True
    if len(texts) < len(cells) or any(column in identity for column, _ in texts):
        return False
    known = any(vocabulary.classify((text,)) for _, text in texts)
    return known or any(_span(sheet, number - 1, column) > 1 for column, _ in texts)


def _is_unit_row(cells, texts) -> bool:
    """人, 人次, 是/否 …, with at most two words beside them (计量单位)."""
    units = sum(is_unit(text) for _, text in texts)
    return len(texts) == len(cells) and units > 0 and units >= len(texts) - 2


def _is_number_row(cells, identity) -> bool:
    """甲 乙 1 2 3, or 1 2 3 4 throughout."""
    labels = [fold(cell) for column, cell in cells if isinstance(cell, str) and column in identity]
    if labels and all(label in words.COLUMN_NUMBER_LABELS for label in labels):
        return True
    numbers = [cell for _, cell in cells if isinstance(cell, float) and cell < 1000]
    return len(numbers) == len(cells) > 3 and all(b - a == 1 for a, b in pairwise(numbers))


def _group(sheet: SheetRows, number: int, column: int) -> str:
    """The text of the merged cell that covers this place; where none is wide (.ods), the nearest to the left."""
    wide = [merge for merge in sheet.merges if merge[0][0] == number and merge[1][1] > merge[0][1]]
    row, below = sheet.rows[number], sheet.rows[number + 1]
    if wide:
        left = next((left for (_, left), (_, right) in wide if left < column <= right), None)
        return header_text(row[left]) if left is not None else ""
    while column > 0 and not header_text(row[column]) and header_text(below[column]):
        column -= 1
    return header_text(row[column]) if header_text(below[column]) else ""


def _span(sheet: SheetRows, row: int, column: int) -> int:
    """How many columns the cell at this place is merged over."""
    for (top, left), (bottom, right) in sheet.merges:
        if top <= row <= bottom and left <= column <= right:
            return right - left + 1
    return 1

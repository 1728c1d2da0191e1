"""Finds lists of one figure per row (指标 | 数值 | 单位): the county's own, or one column per institution. Pure."""

from institutions.ledger import words
from institutions.ledger.header import header_text
from institutions.ledger.headings import Vocabulary, heading_key, is_unit
from institutions.ledger.rows import is_total
from institutions.ledger.stated_period import contradicts, stated_periods, strip_period
from institutions.ledger.tables import FigureList, Heading, ValueColumn, set_keys, shown
from institutions.ledger.workbook import SheetRows
from institutions.period import Period

_SEARCHED_ROWS = 400
_SEARCHED_COLUMNS = 12
_LABELS, _VALUES, _UNITS = (
    frozenset(heading_key(word) for word in group)
    for group in (words.LABEL_HEADINGS, words.VALUE_HEADINGS, words.UNIT_HEADINGS)
)
_OTHER_HEADINGS = frozenset(
    heading_key(word) for field in ("unused", "remark", "period") for word in words.FIELD_HEADINGS[field]
)


def find_lists(sheet: SheetRows, vocabulary: Vocabulary, period: Period) -> list[FigureList]:
    """The lists of this sheet, side by side where there are several.

    A list has the names of two data elements in one column, or of one under a heading like 指标 or beside 数值.
    """
    rows = sheet.rows[:_SEARCHED_ROWS]
    width = min(_SEARCHED_COLUMNS, len(rows[0]) if rows else 0)
    columns = [_labels(rows, column, vocabulary, period) for column in range(width)]
    columns = [labels for labels in columns if _elements(labels)]
    if not columns:
        return []
    best = max(columns, key=_elements)
    first = next(h.row for h in best if h.element)
    header = _header_row(rows, best[0].column, first)
    if header is None:
        value = _first_filled(rows[first:], best[0].column)
        if _elements(best) < 2 or value is None:
            return []
        return [_list(sheet, best, first, first, [ValueColumn(value, first, "", own=True)], None, vocabulary)]
    keys = [heading_key(strip_period(header_text(cell))) for cell in rows[header]]
    found = []
    for labels in columns:
        start = labels[0].column
        if labels is best or keys[start] in _LABELS:
            end = next((c for c in range(start + 1, len(keys)) if keys[c] in _LABELS), len(keys))
            values = _value_columns(sheet, range(start + 1, end), header, period)
            units = next((c for c in range(start + 1, end) if keys[c] in _UNITS), None)
            if values:
                found.append(_list(sheet, labels, header, header + 1, values, units, vocabulary))
    return found


def _elements(labels: list[Heading]) -> int:
    return len({h.element for h in labels if h.element})


def _labels(rows: list[list], column: int, vocabulary: Vocabulary, period: Period) -> list[Heading]:
    found = []
    for number, row in enumerate(rows):
        if type(row[column]) is str and row[column].strip():
            text = row[column].strip()
            label = Heading(number, column, (text,), vocabulary.element((text,)))
            label.other_period = contradicts(text, period)
            found.append(label)
    return found


def _header_row(rows: list[list], label_column: int, first: int) -> int | None:
    """The nearest row above the first figure that heads its labels (指标) or values (数值)."""
    for number in range(first - 1, max(first - 6, -1), -1):
        keys = [heading_key(strip_period(header_text(cell))) for cell in rows[number]]
        if keys[label_column] in _LABELS or any(key in _VALUES for key in keys[label_column + 1 :]):
            return number
    return None


def _value_columns(sheet: SheetRows, columns: range, header: int, period: Period) -> list[ValueColumn]:
    values, named = [], []
    for column in columns:
        text = header_text(sheet.rows[header][column])
        key = heading_key(strip_period(text))
        if not text or key in _UNITS | _OTHER_HEADINGS or contradicts(text, period):
            continue
        if key in _VALUES or (not key and stated_periods(text)):
            values.append(ValueColumn(column, header, text, own=True))
        else:
            named.append(ValueColumn(column, header, text, own=False))
    # beside 数值 other columns are remarks; without it they may be headed by institutions
    return values or named


def _first_filled(rows: list[list], label_column: int) -> int | None:
    """Without headings: the first column beside the labels that holds something else than units."""
    for column in range(label_column + 1, len(rows[0])):
        cells = [row[column] for row in rows if row[column] != "" and shown(row[column])]
        if cells and not all(isinstance(cell, str) and is_unit(cell) for cell in cells):
            return column
    return None


def _list(sheet, labels, header, from_row, values, units, vocabulary) -> FigureList:
    labels = [label for label in labels if label.row >= from_row and not is_total(label.parts[0])]
    set_keys(labels)
    for label in labels:
        if label.match is None:
            row = sheet.rows[label.row]
            filled = [row[value.column] for value in values if row[value.column] != "" and shown(row[value.column])]
            label.filled, label.samples = len(filled), [shown(cell) for cell in filled[:3]]
            label.guesses = vocabulary.guesses(label.parts) if filled else []
    return FigureList(sheet, header, labels, values, units)

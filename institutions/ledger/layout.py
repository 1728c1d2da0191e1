"""Finds the tables in a workbook's sheets, whatever their layout. Pure.

No place is fixed. A table of one institution per row shows by its headings (机构编码, 机构名称, data elements), a list
of one figure per row by the labels in one of its columns. Which of the two a sheet is decides the number of data
elements that each reading finds.
"""

import re
from itertools import islice

from institutions.ledger import own_workbook, words
from institutions.ledger.figure_list import find_lists
from institutions.ledger.header import header_rows, parts_of
from institutions.ledger.headings import Vocabulary, fold
from institutions.ledger.rows import text_of, type_of
from institutions.ledger.stated_period import contradicts
from institutions.ledger.tables import Heading, Recognition, SheetReading, Table, set_keys, shown
from institutions.ledger.workbook import SheetRows
from institutions.period import Period

_SEARCHED_ROWS = 60
_SAMPLES = 3
# A ledger printed in pages repeats its headings; more than this is no ledger, and would fill memory and pages.
MAX_TABLES = 40
# in a whole file
MAX_HEADINGS = 20_000
# Every heading of code or name has one of these; asked first, since every text of a sheet is looked at.
_LIKE_IDENTITY = re.compile("码|编号|名称|机构|id", re.IGNORECASE)
# Fields that people write once for several rows in a merged cell.
_MERGED_DOWN = ("type", "town", "manager", "in_use", "not_in_use", "period")


def recognise(sheets: list[SheetRows], vocabulary: Vocabulary, period: Period) -> Recognition:
    """What each sheet is, and what its headings stand for."""
    readings, headings = [], 0
    for sheet in sheets:
        if headings <= MAX_HEADINGS:
            reading = _read_sheet(sheet, vocabulary, period)
            headings += sum(len(table.headings) for table in reading.tables)
            headings += sum(len(one.labels) for one in reading.lists)
        if headings > MAX_HEADINGS:
            reading = SheetReading(sheet, reason="整个文件的列名过多，没有读取。", unread_from=0)
        readings.append(reading)
    return Recognition(readings)


def _read_sheet(sheet: SheetRows, vocabulary: Vocabulary, period: Period) -> SheetReading:
    reading = SheetReading(sheet)
    if own_workbook.said_in(sheet):
        reading.reason, reading.is_ours = "本系统填报表的标识，没有数据。", True
    elif own_workbook.is_instruction(sheet):
        reading.reason, reading.is_ours = "填写说明，没有数据。", True
    elif sheet.hidden:
        reading.reason = "隐藏的工作表，没有读取；需要导入时请先取消隐藏。"
    elif fold(sheet.name) == words.PROBLEM_SHEET:
        reading.reason = "本系统生成的问题清单，没有读取。"
    if reading.reason:
        return reading
    tables, reading.unread_from = _find_tables(sheet, vocabulary, period)
    lists = find_lists(sheet, vocabulary, period)
    listed = {label.element for one in lists for label in one.labels if label.element}
    if len(listed) > sum(len(table.figures) for table in tables):
        reading.lists, first, reading.unread_from = lists, lists[0].header_first, None
    elif tables:
        reading.tables, first = tables, tables[0].header_first
    else:
        reading.reason = "没有找到机构名录、机构数据或指标数值，没有读取。"
        return reading
    reading.titles = [
        (r, c, text)
        for r in range(first)
        for c, text in enumerate(sheet.rows[r])
        if isinstance(text, str) and text.strip()
    ]
    return reading


def _find_tables(sheet: SheetRows, vocabulary: Vocabulary, period: Period) -> tuple[list[Table], int | None]:
    """The tables of one sheet from top to bottom: a heading of identity further down begins another one.

    With the row of the first table beyond MAX_TABLES, where there are so many.
    """
    found = (row for row in _identity_rows(sheet, vocabulary) if _is_start(sheet, row, vocabulary))
    starts = list(islice(found, MAX_TABLES + 1)) or _rows_of_elements(sheet, vocabulary)
    ends = [*(start - 1 for start in starts[1:]), len(sheet.rows) - 1]
    tables = [
        _build(sheet, start, end, vocabulary, period) for start, end in zip(starts[:MAX_TABLES], ends, strict=False)
    ]
    return tables, starts[MAX_TABLES] if len(starts) > MAX_TABLES else None


def _identity_rows(sheet: SheetRows, vocabulary: Vocabulary):
    """Rows with a heading of code or name, anywhere."""
    for number, row in enumerate(sheet.rows):
        for cell in row:
            if type(cell) is str and cell and _LIKE_IDENTITY.search(cell):
                match = vocabulary.classify((cell,))
                if match and match.kind == "field" and match.target in ("code", "name"):
                    yield number
                    break


def _is_start(sheet: SheetRows, row: int, vocabulary: Vocabulary) -> bool:
    """Two headings at least, of which one may stand in the rows below (groups above, elements below)."""
    found = set()
    for number in range(row, min(row + 4, len(sheet.rows))):
        for column, cell in enumerate(sheet.rows[number]):
            if type(cell) is str and cell.strip() and vocabulary.classify((cell,)):
                found.add(column)
    return len(found) >= 2


def _rows_of_elements(sheet: SheetRows, vocabulary: Vocabulary) -> list[int]:
    """Without a heading of identity: the first row with three data elements."""
    for number, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        matches = [vocabulary.classify((cell,)) for cell in row if type(cell) is str and cell.strip()]
        if len({match.target for match in matches if match and match.kind == "element"}) >= 3:
            return [number]
    return []


def _build(sheet: SheetRows, start: int, end: int, vocabulary: Vocabulary, period: Period) -> Table:
    first, last = header_rows(sheet, start, end, vocabulary)
    headings = []
    for column in range(len(sheet.rows[start])):
        parts, row = parts_of(sheet, first, last, column)
        if parts:
            heading = Heading(row, column, parts, vocabulary.classify(parts))
            heading.other_period = any(contradicts(part, period) for part in parts)
            headings.append(heading)
    set_keys(headings)
    table = Table(sheet, first, last, end, headings)
    _doubt_types(table)
    _describe_unmatched(table, vocabulary)
    _fill_merged_fields(table)
    return table


def _doubt_types(table: Table) -> None:
    """类别 may be anything; it is the institutions' type where one of its cells says so."""
    for heading in table.headings:
        if heading.field == "type":
            rows = table.sheet.rows[table.header_last + 1 : table.last_row + 1]
            cells = [text for row in rows if (text := text_of(row[heading.column]))]
            if cells and not any(type_of(text) for text in cells):
                heading.match = None


def _describe_unmatched(table: Table, vocabulary: Vocabulary) -> None:
    """Samples and near names for the headings that nothing is known about; whether the column is filled at all."""
    for heading in table.headings:
        if heading.match is None:
            rows = table.sheet.rows[table.header_last + 1 : table.last_row + 1]
            filled = [row[heading.column] for row in rows if row[heading.column] != "" and shown(row[heading.column])]
            heading.filled = len(filled)
            heading.samples = [shown(cell) for cell in filled[:_SAMPLES]]
            heading.guesses = vocabulary.guesses(heading.parts) if filled else []


def _fill_merged_fields(table: Table) -> None:
    """A town written once in a cell merged over its rows holds for all of them."""
    columns = {table.column(field) for field in _MERGED_DOWN} - {None}
    rows = table.sheet.rows
    for (top, left), (bottom, right) in table.sheet.merges:
        if left == right and left in columns and table.header_last < top <= bottom <= table.last_row:
            for number in range(top + 1, bottom + 1):
                rows[number][left] = rows[top][left]

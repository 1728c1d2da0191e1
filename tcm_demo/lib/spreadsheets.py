"""Tables as Excel workbooks."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

# what spreadsheets take for the start of a formula
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 48
# points: a line of text, and the most that Excel takes for a row
_LINE, _TALLEST = 15, 409


def table_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    """One sheet with a heading row that stays. Cells are None, numbers, dates or text, which is never run."""
    return tables_workbook([(title, headings, rows)])


def tables_workbook(tables: Iterable[tuple[str, Sequence[str], Iterable[Sequence]]]) -> bytes:
    """As `table_workbook`, of several sheets: (title, headings, rows)."""
    book = Workbook(write_only=True)
    for title, headings, rows in tables:
        _add_sheet(book, title, headings, [list(row) for row in rows])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _add_sheet(book: Workbook, title: str, headings: Sequence[str], rows: list[list]) -> None:
    sheet = book.create_sheet(title[:31])
    _set_up(sheet)
    for column, heading in enumerate(headings):
        widest = max([_width(heading), *(_width(row[column]) for row in rows)])
        sheet.column_dimensions[get_column_letter(column + 1)].width = min(widest, _WIDEST) + 2
    sheet.append([_heading(sheet, heading) for heading in headings])
    for number, row in enumerate(rows, start=2):
        lines = max((_lines(value) for value in row if isinstance(value, str)), default=1)
        if lines > 1:
            sheet.row_dimensions[number].height = min(lines * _LINE, _TALLEST)
        sheet.append([(_wrapped if lines > 1 else _plain_or_cell)(sheet, value) for value in row])


def write_table(file, title: str, headings: Sequence[str], rows: Iterable[Sequence]) -> int:
    """As `table_workbook`, but row by row into an open binary file, for tables of any length; returns how many rows.
    Columns are as wide as their headings, or twice that."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    _set_up(sheet)
    for column, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = 2 * _width(heading) + 2
    sheet.append([_heading(sheet, heading) for heading in headings])
    count = 0
    for row in rows:
        sheet.append([_plain_or_cell(sheet, value) for value in row])
        count += 1
    book.save(file)
    return count


def _set_up(sheet) -> None:
    """The heading row stays, on the screen and on every page; all columns are on one page's width."""
    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    page = sheet.page_setup
    page.orientation, page.paperSize, page.fitToHeight = "landscape", "9", 0  # 9: A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _plain_or_cell(sheet, value):
    """A text that nobody could take for a formula goes as it is, which is much faster."""
    if not isinstance(value, str) or not (value.startswith(_FORMULA_STARTS) or ILLEGAL_CHARACTERS_RE.search(value)):
        return value
    return _cell(sheet, value)


def _heading(sheet, text: str) -> WriteOnlyCell:
    cell = _cell(sheet, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EFECE4")
    return cell


def _wrapped(sheet, value) -> WriteOnlyCell:
    """Of a row with a text that is too long for its column."""
    cell = _cell(sheet, value)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _cell(sheet, value) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    set_value(cell, value)
    return cell


def set_value(cell, value) -> None:
    """Put None, a number, a date or a text into a cell of openpyxl; a text is never run as a formula."""
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    # stays text when somebody edits the cell: what the apostrophe does in Excel
    cell.quotePrefix = value.startswith(_FORMULA_STARTS)


def _lines(text: str) -> int:
    """How many lines it takes in the widest column."""
    return sum(max(ceil(_width(line) / _WIDEST), 1) for line in text.split("\n"))


def _width(value) -> int:
    """Chinese characters are as wide as two others."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in str("" if value is None else value))

"""A standard as a workbook: a sheet for each kind of thing, a row for each thing, lists to choose words from."""

from collections.abc import Iterable
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from indicators.contents import CheckContent, ElementContent, StandardContent
from indicators.exchange.cells import LONGEST, NO, YES, cell_of
from indicators.exchange.columns import (
    HEAD,
    ITEM_SHEET,
    ITEM_SHEETS,
    ITEMS,
    PLAIN_SHEETS,
    SOURCE,
    STANDARD_SHEET,
    Column,
    Kind,
)
from indicators.exchange.tree import Tree, tree_of
from tcm_demo.lib.spreadsheets import set_value

HEAD_HEADINGS = ("项目", "内容")
_HEAD_FILL = PatternFill("solid", fgColor="EFECE4")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
# how many rows below the last can be filled in with lists to choose from
_SPARE_ROWS = 200


class TooLong(ValueError):
    """A text that no cell can hold; the sentence is for people."""


def workbook_of(
    content: StandardContent, elements: Iterable[ElementContent] = (), checks: Iterable[CheckContent] = ()
) -> bytes:
    """An .xlsx. `elements` and `checks`: the county's own that go with the standard. Raises TooLong."""
    tree = tree_of(content, elements, checks)
    book = Workbook()
    _fill_head(book.active, tree["standard"])
    own = ("elements", "checks")
    for key, (title, columns) in PLAIN_SHEETS.items():
        if key not in own:
            _fill(book.create_sheet(title), columns, tree.get(key, []))
    _fill(book.create_sheet(ITEM_SHEET), ITEMS, _item_rows(tree))
    for key, (title, columns) in ITEM_SHEETS.items():
        _fill(book.create_sheet(title), columns, _rows_of_items(tree, key))
    for key in own:
        title, columns = PLAIN_SHEETS[key]
        if tree.get(key):
            _fill(book.create_sheet(title), columns, tree[key])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _item_rows(tree: Tree) -> list[Tree]:
    """A row for each item, with its section; a section without items has a row of its own."""
    rows = []
    for section in tree["sections"]:
        of_section = {"section_number": section["number"], "section_name": section["name"]}
        rows += [item | of_section for item in section["items"]] or [of_section]
    return rows


def _rows_of_items(tree: Tree, key: str) -> list[Tree]:
    items = [item for section in tree["sections"] for item in section["items"]]
    return [row | {"item": item["number"]} for item in items for row in item.get(key, ())]


def _fill_head(sheet: Worksheet, head: Tree) -> None:
    sheet.title = STANDARD_SHEET
    _headings(sheet, HEAD_HEADINGS, (14, 70))
    for row, column in enumerate(HEAD, start=2):
        value = head["source"].get(column.key) if column.key in SOURCE else head.get(column.key)
        _put(sheet.cell(row, 1), column.heading)
        _put(sheet.cell(row, 2), cell_of(column, value))
        if column.kind is Kind.WORD:
            _choose(sheet, f"B{row}", list(column.words.values()))


def _fill(sheet: Worksheet, columns: list[Column], rows: Iterable[Tree]) -> None:
    _headings(sheet, [column.heading for column in columns], [column.width for column in columns])
    last = 1
    for last, row in enumerate(rows, start=2):
        for number, column in enumerate(columns, start=1):
            if column.key in row:
                _put(sheet.cell(last, number), cell_of(column, row[column.key]), f"“{sheet.title}”表第 {last} 行")
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        # codes that are typed later keep their zeros
        sheet.column_dimensions[letter].number_format = "yyyy-mm-dd" if column.kind is Kind.DAY else "@"
        cells = f"{letter}2:{letter}{last + _SPARE_ROWS}"
        if column.kind is Kind.WORD:
            _choose(sheet, cells, list(column.words.values()))
        elif column.kind is Kind.YES_NO:
            _choose(sheet, cells, [YES, NO])


def _headings(sheet: Worksheet, headings: Iterable[str], widths: Iterable[int]) -> None:
    for number, (heading, width) in enumerate(zip(headings, widths, strict=True), start=1):
        cell = sheet.cell(1, number)
        _put(cell, heading)
        cell.font, cell.fill = Font(bold=True), _HEAD_FILL
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"


def _put(cell, value, where: str = "") -> None:
    if isinstance(value, str) and len(value) > LONGEST:
        raise TooLong(f"{where}有一段文字超过 {LONGEST} 字，Excel 的一格放不下，请改用 YAML 导出。")
    set_value(cell, value or None)
    cell.number_format = "@" if isinstance(value, str) else "yyyy-mm-dd"
    cell.alignment = _WRAPPED


def _choose(sheet: Worksheet, cells: str, words: list[str]) -> None:
    choices = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True)
    choices.errorTitle, choices.error = "不在列表中", f"请从下拉列表中选择：{'、'.join(words)}。"[:250]
    sheet.add_data_validation(choices)
    choices.add(cells)

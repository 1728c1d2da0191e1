"""The Excel contents list (档案目录) of a ZIP of binders, laid out as the offices' own ledgers are."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assessments.binders.content import BinderContent, EvidencePiece
from assessments.binders.names import folder_name
from tcm_demo.lib.spreadsheets import set_value

# (heading, width in characters, centred)
COLUMNS = (
    ("序号", 6, True),
    ("条目", 28, False),
    ("档案号", 9, True),
    ("题名", 36, False),
    ("文号", 18, False),
    ("责任者", 18, False),
    ("日期", 15, True),
    ("页数", 6, True),
    ("佐证要求", 36, False),
    ("机构", 18, False),
    ("状态", 22, False),
    ("文件名", 40, False),
)
MISSING_COLUMNS = (("序号", 6, True), ("条目", 36, False), ("牵头单位", 24, False), ("缺什么", 80, False))
# below the title and the headings
_FIRST_ROW = 3
_THIN = Side(style="thin", color="A6A6A6")
_EDGES = Border(_THIN, _THIN, _THIN, _THIN)
_SHADE = PatternFill("solid", fgColor="EFECE4")


@dataclass(frozen=True)
class Listed:
    """A piece in the list; `file_name` within the item's folder, "" where the file could not be read."""

    content: BinderContent
    piece: EvidencePiece
    pages: int
    file_name: str


def list_workbook(contents: Sequence[BinderContent], listed: Iterable[Listed]) -> BytesIO:
    """Two sheets: what there is, and what is missing."""
    book = Workbook()
    first = contents[0]
    rows = [(place, *_cells(one)) for place, one in enumerate(listed, start=1)]
    _fill(book.active, "档案目录", f"{first.county}迎检资料档案目录（{first.period}）", COLUMNS, rows)
    lacking = [(content, sentence) for content in contents for sentence in content.missing]
    rows = [
        (place, _item(content), "、".join(content.lead), sentence)
        for place, (content, sentence) in enumerate(lacking, start=1)
    ]
    _fill(book.create_sheet(), "缺件清单", f"{first.county}迎检资料缺件清单（{first.period}）", MISSING_COLUMNS, rows)
    file = BytesIO()
    book.save(file)
    return file


def _cells(one: Listed) -> tuple:
    piece = one.piece
    state = f"已接受 {piece.accepted_on}".strip() if one.file_name else "已接受，文件读不出来"
    return (
        _item(one.content),
        piece.number,
        piece.title,
        piece.document_number,
        piece.issuer,
        piece.document_date,
        one.pages or None,
        piece.requirement,
        piece.institution,
        state,
        f"{folder_name(one.content)}/{one.file_name}" if one.file_name else "",
    )


def _item(content: BinderContent) -> str:
    return f"{content.short_number} {content.item_title}"


def _fill(sheet: Worksheet, name: str, title: str, columns, rows: Sequence[tuple]) -> None:
    """A title over all columns, headings that stay and are printed on each page, and the rows."""
    sheet.title = name
    set_value(sheet.cell(1, 1), title)
    sheet.cell(1, 1).font = Font(size=16, bold=True)
    sheet.cell(1, 1).alignment = Alignment(horizontal="center", vertical="center")
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    sheet.row_dimensions[1].height = 30
    for column, (heading, width, _) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        cell = sheet.cell(2, column, heading)
        cell.font, cell.fill, cell.border = Font(bold=True), _SHADE, _EDGES
        cell.alignment = Alignment(horizontal="center", vertical="center")
    for row, values in enumerate(rows, start=_FIRST_ROW):
        for column, ((_, _, centred), value) in enumerate(zip(columns, values, strict=True), start=1):
            cell = sheet.cell(row, column)
            if row > _FIRST_ROW:  # as the one above: working a style out for each cell takes most of the time
                cell._style = copy(sheet.cell(_FIRST_ROW, column)._style)
            else:
                cell.border = _EDGES
                cell.alignment = Alignment("center" if centred else None, "center", wrap_text=True)
            set_value(cell, value)
    sheet.freeze_panes = "A3"
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(columns))}{max(2, len(rows) + 2)}"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True

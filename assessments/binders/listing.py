"""The Excel contents list (档案目录) of a ZIP of binders, laid out as the offices' own ledgers are."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from assessments.binders.content import ASIDE_SHEET, MISSING_SHEET, NOT_COUNTED, UNBOUND, BinderContent, EvidencePiece
from assessments.binders.names import folder_name
from tcm_demo.lib.spreadsheets import set_value

# (heading, width in characters, centred)
COLUMNS = (
    ("序号", 6, True),
    ("条目", 20, False),
    ("档案号", 9, True),
    ("题名", 28, False),
    ("文号", 20, False),
    ("责任者", 14, False),
    ("日期", 12, True),
    ("页数", 6, True),
    ("佐证要求", 28, False),
    ("机构", 14, False),
    ("状态", 18, True),
    ("文件名", 30, False),
)
MISSING_COLUMNS = (("序号", 6, True), ("条目", 30, False), ("牵头单位", 20, False), ("缺什么", 84, False))
ASIDE_COLUMNS = (("序号", 6, True), ("条目", 30, False), ("类别", 20, False), ("说明", 84, False))
# below the title and the headings
_FIRST_ROW = 3
# points a line of text takes, and what a row is at most: Excel shows no higher one
_LINE, _HIGHEST = 15, 405
# so many characters of what is missing stand in a row; several such fit on a printed page
_LONGEST = 400
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
    """What there is; unless it is not to be told, what is missing, and what does not count."""
    book = Workbook()
    first = contents[0]
    rows = [(place, *_cells(one)) for place, one in enumerate(listed, start=1)]
    _fill(book.active, "档案目录", f"{first.county}迎检资料档案目录（{first.period}）", COLUMNS, rows)
    if first.tells_missing:
        told = ((content, "、".join(content.lead), content.missing) for content in contents)
        title = f"{first.county}迎检资料缺件清单（{first.period}）"
        _fill(book.create_sheet(), MISSING_SHEET, title, MISSING_COLUMNS, _sentences(told))
    kinds = ((content, NOT_COUNTED, content.not_counted) for content in contents)
    others = ((content, UNBOUND, content.unbound) for content in contents)
    if rows := _sentences([*kinds, *others]):
        title = f"{first.county}迎检资料另行说明（{first.period}）"
        _fill(book.create_sheet(), ASIDE_SHEET, title, ASIDE_COLUMNS, rows)
    file = BytesIO()
    book.save(file)
    return file


def _sentences(told: Iterable[tuple[BinderContent, str, Iterable[str]]]) -> list[tuple]:
    """A row for each sentence; where hundreds of institutions are named, further rows hold the rest of them."""
    found: list[tuple] = []
    place = 0
    for content, beside, sentences in told:
        for sentence in sentences:
            place += 1
            first, *rest = _parts(sentence)
            found.append((place, _item(content), beside, first))
            found += [("", f"{_item(content)}（续）", beside, part) for part in rest]
    return found


def _parts(sentence: str) -> Iterator[str]:
    while len(sentence) > _LONGEST:
        end = sentence.rfind("、", 0, _LONGEST) + 1 or _LONGEST
        yield sentence[:end]
        sentence = sentence[end:]
    yield sentence


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
    sheet.row_dimensions[2].height = 20
    for row, values in enumerate(rows, start=_FIRST_ROW):
        for column, ((_, _, centred), value) in enumerate(zip(columns, values, strict=True), start=1):
            cell = sheet.cell(row, column)
            if row > _FIRST_ROW:  # as the one above: working a style out for each cell takes most of the time
                cell._style = copy(sheet.cell(_FIRST_ROW, column)._style)
            else:
                cell.border = _EDGES
                cell.alignment = Alignment("center" if centred else None, "center", wrap_text=True)
            set_value(cell, value)
        sheet.row_dimensions[row].height = _height(columns, values)
    sheet.freeze_panes = "A3"
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(columns))}{max(2, len(rows) + 2)}"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.7, footer=0.3)
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _height(columns, values: Sequence) -> float:
    """In points, so that the cell with the most lines shows them all: not every program looks itself."""
    lines = [_wide(str(value)) // (width - 2) + 1 for (_, width, _), value in zip(columns, values, strict=True)]
    return min(_LINE * max(lines) + 3, _HIGHEST)


def _wide(text: str) -> int:
    """In the characters that widths of columns count: Chinese ones are two."""
    return sum(2 if ord(character) > 0x2000 else 1 for character in text)

"""Writes a ledger back as Excel with its faults marked: coloured, commented, and listed on a first sheet."""

import re
from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink

from institutions.ledger.problems import Problem
from institutions.ledger.tables import cell_name, shown
from institutions.ledger.words import PROBLEM_SHEET
from institutions.ledger.workbook import LedgerFile
from tcm_demo.lib.spreadsheets import set_value

# Beyond this openpyxl would need gigabytes; the cells are then written anew, without the original's formats.
_MAX_CELLS_WITH_FORMATS = 600_000
_FAULTY = PatternFill("solid", fgColor="FFC7CE")
# a formula that was saved without its result must not come back as a blank
_UNCALCULATED, _NO_RESULT = ("formula", ""), "（公式没有结果）"
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_HEAD = PatternFill("solid", fgColor="EFECE4")
_AUTHOR = "台账导入"
_COLUMNS = (("序号", 6), ("工作表", 22), ("单元格", 9), ("值", 24), ("原因", 48), ("如何修改", 60))


def marked_workbook(ledger: LedgerFile, problems: Sequence[Problem]) -> bytes:
    """An .xlsx with the ledger's sheets and the list of its problems in front.

    An .xlsx keeps its formats; formulas become their results, so that nothing that came with the file is run on
    another desk, and what is read from the file again is what was judged. Other kinds are written anew, each cell in
    its place.
    """
    notes = _notes(problems)
    book = _original(ledger)
    if book is None:
        book = _rebuilt(ledger, notes)
        _list_problems(book.worksheets[0], problems, links=False)
    else:
        _mark(book, ledger, notes)
        _list_problems(book.create_sheet(PROBLEM_SHEET, 0), problems, links=True)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def marked_name(name: str) -> str:
    """台账.xls -> 台账（问题标注）.xlsx."""
    stem = name.rpartition(".")[0] or name
    return f"{stem.removesuffix('（问题标注）')}（问题标注）.xlsx"


def _notes(problems: Sequence[Problem]) -> dict[str, dict[str, str]]:
    """Sheet -> cell -> what its comment says."""
    notes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for problem in problems:
        if problem.sheet and problem.cell:
            notes[problem.sheet][problem.cell].append(f"{problem.reason}。{problem.mend}")
    return {sheet: {cell: "\n".join(texts) for cell, texts in cells.items()} for sheet, cells in notes.items()}


def _comment(text: str) -> Comment:
    comment = Comment(text[:1000], _AUTHOR)
    comment.width, comment.height = 320, 40 + 20 * (1 + len(text) // 22)
    return comment


def _original(ledger: LedgerFile) -> Workbook | None:
    """The file itself in openpyxl; None where it is no .xlsx, too large, or more than openpyxl understands."""
    cells = sum(len(sheet.rows) * len(sheet.rows[0]) for sheet in ledger.sheets if sheet.rows)
    if not ledger.data.startswith(b"PK") or cells > _MAX_CELLS_WITH_FORMATS:
        return None
    try:
        book = load_workbook(BytesIO(ledger.data), data_only=True, keep_links=False)
    except Exception:  # openpyxl raises whatever it meets; the workbook itself was read already
        return None
    if PROBLEM_SHEET in book.sheetnames:
        del book[PROBLEM_SHEET]
    return book


def _mark(book: Workbook, ledger: LedgerFile, notes: dict[str, dict[str, str]]) -> None:
    for original in ledger.sheets:
        for number, row in enumerate(original.rows if original.name in book.sheetnames else ()):
            for index in (i for i, value in enumerate(row) if value == _UNCALCULATED):
                _anchor(book[original.name], cell_name(number, index)).value = _NO_RESULT
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.data_type != "e":
                    set_value(cell, cell.value)
        for name, text in notes.get(sheet.title, {}).items():
            cell = _anchor(sheet, name)
            cell.fill = _FAULTY
            cell.comment = _comment(text)


def _anchor(sheet, name: str):
    """The cell of this name; of merged cells the one that holds their content."""
    cell = sheet[name]
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if name in area)
        return sheet.cell(area.min_row, area.min_col)
    return cell


def _rebuilt(ledger: LedgerFile, notes: dict[str, dict[str, str]]) -> Workbook:
    book = Workbook(write_only=True)
    book.create_sheet(PROBLEM_SHEET)
    for original in ledger.sheets:
        if original.name == PROBLEM_SHEET:
            continue
        sheet = book.create_sheet(_NOT_IN_TITLES.sub("_", original.name)[:31] or None)
        sheet.sheet_state = "hidden" if original.hidden else "visible"
        marked = notes.get(original.name, {})
        for number, row in enumerate(original.rows):
            sheet.append([_cell(sheet, value, marked.get(cell_name(number, i))) for i, value in enumerate(row)])
    return book


def _cell(sheet, value, note: str | None):
    if value == "" and note is None:
        return None
    cell = WriteOnlyCell(sheet)
    if isinstance(value, tuple) and value[0] == "percent":
        cell.value, cell.number_format = value[1], "0.##%"
    else:
        text = _NO_RESULT if value == _UNCALCULATED else value
        set_value(cell, shown(text) if isinstance(text, tuple) else text)
    if note is not None:
        cell.fill, cell.comment = _FAULTY, _comment(note)
    return cell


def _list_problems(sheet, problems: Sequence[Problem], *, links: bool) -> None:
    sheet.freeze_panes = "A2"
    for index, (_, width) in enumerate(_COLUMNS):
        sheet.column_dimensions[chr(65 + index)].width = width
    sheet.append([_text(sheet, heading, head=True) for heading, _ in _COLUMNS])
    for number, problem in enumerate(problems, 1):
        texts = (problem.sheet, problem.cell, problem.value, problem.reason, problem.mend)
        sheet.append([number, *(_text(sheet, text) for text in texts)])
        if links and problem.cell:
            place = sheet.cell(number + 1, 3)
            target = problem.sheet.replace("'", "''")
            place.hyperlink = Hyperlink(ref=place.coordinate, location=f"'{target}'!{problem.cell}")
            place.font = Font(underline="single", color="1F4E79")


def _text(sheet, text: str, head: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    set_value(cell, text)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if head:
        cell.font, cell.fill = Font(bold=True), _HEAD
    return cell

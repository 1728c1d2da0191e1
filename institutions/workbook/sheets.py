"""How the sheets are laid out: a table of many institutions, a list for a single one. institutions.ledger reads both.

Headings are the elements' own names with their units; the note of definitions begins with a word by which the import
knows a note.
"""

from itertools import groupby
from math import ceil

from openpyxl.utils import get_column_letter

from institutions.ledger.stated_period import stated_periods
from institutions.period import Period
from institutions.review.services import WHOLE
from institutions.workbook.cells import Dress, unit_of, validation_of
from institutions.workbook.contents import Row, TypeSheet

_DEFINITIONS = "说明：各项口径"
_HEADINGS = 3
_WIDTH = 12
# Chinese characters of a heading, and of a definition in small print, in a line of that width; so many columns of
# characters make a page that can be read
_IN_LINE, _IN_SMALL_LINE, _PAGE = 6, 7, 150
_A4 = 9


def write_sheet(book, content: TypeSheet, period: Period) -> None:
    """Add the sheet of one type."""
    sheet = book.create_sheet(content.type.label)
    # before the first row: openpyxl then writes what stands above the rows
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if is_list(content):
        _write_list(sheet, content, period)
    else:
        _write_table(sheet, content, period)
    protection = sheet.protection
    # no password: it guards against slips; what comes back is checked anyway
    protection.sheet, protection.formatColumns, protection.formatRows = True, False, False
    page = sheet.page_setup
    page.paperSize, page.fitToHeight = _A4, 0
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.page_margins.left = sheet.page_margins.right = 0.4


def is_list(content: TypeSheet) -> bool:
    """One institution reads better from top to bottom; not where its code looks like a period in a heading."""
    return len(content.rows) == 1 and not stated_periods(_heading_of(content.rows[0]))


def _heading_of(row: Row) -> str:
    return f"{row.institution.code} {row.institution.name}"


def _title(content: TypeSheet, period: Period) -> str:
    return f"{period}{content.type.label}填报表"


def _write_table(sheet, content: TypeSheet, period: Period) -> None:
    dress, elements = Dress(sheet), content.elements
    last = _HEADINGS + 1 + len(content.rows)
    headings = [f"{e.name}（{unit_of(e)}）" if unit_of(e) else e.name for e in elements]
    sheet.column_dimensions["A"].width = min(max(10, *(len(row.institution.code) + 2 for row in content.rows)), 24)
    sheet.column_dimensions["B"].width = 26
    for column in range(3, 3 + len(elements)):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    sheet.row_dimensions[1].height = 24
    sheet.row_dimensions[3].height = 15 * max(2, *(ceil(len(text) / _IN_LINE) for text in headings))
    sheet.row_dimensions[4].height = 12 * max(2, *(ceil(len(e.definition) / _IN_SMALL_LINE) for e in elements))
    sheet.freeze_panes = f"C{_HEADINGS + 1}"
    sheet.append([dress.cell(_title(content, period), dress.title)])
    sheet.append([None, None, *_groups(sheet, dress, elements)])
    sheet.append([dress.cell(text, dress.head) for text in ("机构编码", "机构名称", *headings)])
    sheet.append([dress.cell(text, dress.note) for text in (_DEFINITIONS, "", *(e.definition for e in elements))])
    for row in content.rows:
        institution, why = row.institution, row.report.returned.get(WHOLE, "")
        name = dress.cell(institution.name, dress.text, f"退回：{why}" if why else "")
        sheet.append([dress.cell(institution.code, dress.code), name, *(dress.figure(row, e) for e in elements)])
    for column, element in enumerate(elements, start=3):
        letter = get_column_letter(column)
        _check(sheet, element, f"{letter}{_HEADINGS + 2}:{letter}{last}")
    sheet.print_title_rows, sheet.print_title_cols = f"2:{_HEADINGS}", "A:B"
    sheet.page_setup.orientation = "landscape"
    # as many pages beside each other as can be read, each with code and name
    sheet.page_setup.fitToWidth = ceil(len(elements) * _WIDTH / (_PAGE - 40))


def _groups(sheet, dress: Dress, elements) -> list:
    """The bands above the headings, merged over the columns of their elements."""
    cells, column = [], 3
    for name, members in groupby(elements, key=lambda element: element.group):
        count = len(list(members))
        cells += [dress.cell(name, dress.group), *(dress.cell(None, dress.group) for _ in range(count - 1))]
        if count > 1:
            sheet.merged_cells.add(f"{get_column_letter(column)}2:{get_column_letter(column + count - 1)}2")
        column += count
    return cells


def _write_list(sheet, content: TypeSheet, period: Period) -> None:
    dress, (row,) = Dress(sheet), content.rows
    for letter, width in zip("ABCD", (38, 22, 8, 44), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.row_dimensions[1].height = 24
    sheet.freeze_panes = "A4"
    sheet.append([dress.cell(f"{row.institution.name}　{_title(content, period)}", dress.title)])
    why = row.report.returned.get(WHOLE, "")
    sheet.append([dress.cell(f"退回理由：{why}" if why else None, dress.strong)])
    sheet.append([dress.cell(text, dress.head) for text in ("指标", _heading_of(row), "单位", "说明")])
    number = _HEADINGS
    for name, members in groupby(content.elements, key=lambda element: element.group):
        number += 1
        sheet.append([dress.cell(text, dress.band) for text in (name, None, None, None)])
        sheet.merged_cells.add(f"A{number}:D{number}")
        for element in members:
            number += 1
            texts = (dress.cell(unit_of(element), dress.text), dress.cell(element.definition, dress.note))
            sheet.append([dress.cell(element.name, dress.text), dress.figure(row, element), *texts])
            _check(sheet, element, f"B{number}")
    sheet.print_title_rows = f"{_HEADINGS}:{_HEADINGS}"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth = "portrait", 1


def _check(sheet, element, cells: str) -> None:
    if check := validation_of(element):
        check.add(cells)
        sheet.data_validations.append(check)

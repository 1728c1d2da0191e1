"""Ledgers for tests: rows as calamine gives them, small workbooks of each kind, and the dictionary of data elements."""

import io
from dataclasses import asdict
from functools import cache

from django.conf import settings

from indicators.dictionary_file import read_dictionary
from indicators.loader import ELEMENTS_FILE
from indicators.models import Element, ElementCheck
from institutions.ledger.plan import ImportPlan
from institutions.ledger.planner import plan_import
from institutions.ledger.workbook import SheetRows
from institutions.models import County
from institutions.period import Period

REAL_LEDGER = settings.BASE_DIR / "fixtures/demo/ledger-2023.xlsx"
YEAR = Period.parse("2023")
TYPES = {
    "tcm_hospital": "县级中医医院",
    "township_centre": "乡镇卫生院",
    "community_centre": "社区卫生服务中心",
    "community_station": "社区卫生服务站",
    "village_clinic": "村卫生室",
    "county": "县（区）本级",
}


@cache
def dictionary():
    """The real dictionary of data elements, as its file has it."""
    faults = []
    content = read_dictionary(ELEMENTS_FILE, faults).content
    assert faults == []
    return content


@cache
def elements() -> dict[str, Element]:
    contents = enumerate(dictionary().elements)
    return {each.code: Element(**asdict(each), position=position) for position, each in contents}


def load_dictionary() -> None:
    contents = enumerate(dictionary().elements)
    Element.objects.bulk_create(Element(**asdict(each), position=position) for position, each in contents)
    checks = enumerate(dictionary().checks)
    ElementCheck.objects.bulk_create(ElementCheck(**asdict(check), position=position) for position, check in checks)


def make_county(code: str = "X", name: str = "某县") -> County:
    """A county, with the dictionary loaded."""
    if not Element.objects.exists():
        load_dictionary()
    return County.objects.create(code=code, name=name)


def sheet(name: str, *rows, merges=(), hidden: bool = False) -> SheetRows:
    """Rows of any length; None and missing cells are empty, whole numbers floats, as in a file."""
    width = max((len(row) for row in rows), default=0)
    cells = [[*row, *[""] * (width - len(row))] for row in rows]
    return SheetRows(name, [[_as_read(cell) for cell in row] for row in cells], hidden, list(merges))


def _as_read(cell):
    if cell is None:
        return ""
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def registry(*institutions) -> SheetRows:
    """A registry of (code, name, type, in use, ...) under the usual headings."""
    head = ["机构编码", "机构名称", "机构类型", "是否在用", "所在镇（街道）", "上级机构", "统一社会信用代码"]
    head += ["启用日期", "停用日期", "备注"]
    return sheet("机构名录", head, *institutions)


CENTRE = ("T1", "东镇卫生院", "乡镇卫生院", "是")
OTHER_CENTRE = ("T2", "西镇卫生院", "乡镇卫生院", "是")
CLINIC = ("V1", "东镇第1村卫生室", "村卫生室", "是")


def plan(county: County, *sheets: SheetRows, period: Period = YEAR, matches=None) -> ImportPlan:
    return plan_import(county, period, list(sheets), matches=matches)


def values_of(made: ImportPlan) -> dict[str, dict]:
    """Institution code -> values, as a plan would write them."""
    return {change.entry.code: change.values for change in made.reports}


def faults_of(made: ImportPlan) -> list[tuple[str, str, str]]:
    """(code, sheet, cell) of each problem."""
    return [(problem.code, problem.sheet, problem.cell) for problem in made.problems]


def xlsx(*sheets: SheetRows, change=None) -> bytes:
    """A workbook with these sheets; `change(book)` may do more to it."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for each in sheets:
        page = book.create_sheet(each.name)
        page.sheet_state = "hidden" if each.hidden else "visible"
        for row in each.rows:
            page.append([None if cell == "" else cell for cell in row])
        for (top, left), (bottom, right) in each.merges:
            page.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def xls(*sheets: SheetRows) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    for each in sheets:
        page = book.add_sheet(each.name)
        for number, row in enumerate(each.rows):
            for column, cell in enumerate(row):
                if cell != "":
                    page.write(number, column, cell)
        for (top, left), (bottom, right) in each.merges:
            page.merge(top, bottom, left, right)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_ODS_CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
)


def ods(*sheets: SheetRows, raw_cells: dict[str, str] | None = None) -> bytes:
    """`raw_cells` maps the text of a cell to the XML that stands for it instead."""
    import zipfile
    from xml.sax.saxutils import escape, quoteattr

    def cell_xml(cell) -> str:
        if cell in (raw_cells or {}):
            return raw_cells[cell]
        if cell == "":
            return "<table:table-cell/>"
        if isinstance(cell, float):
            return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
        text = f"<text:p>{escape(cell)}</text:p>"
        return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'

    tables = ""
    for each in sheets:
        rows = "".join(f"<table:table-row>{''.join(map(cell_xml, row))}</table:table-row>" for row in each.rows)
        tables += f"<table:table table:name={quoteattr(each.name)}>{rows}</table:table>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", _ODS_CONTENT.format(tables=tables), zipfile.ZIP_DEFLATED)
    return stream.getvalue()

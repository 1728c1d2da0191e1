"""The workbook of accounts to fill in: headings that stay, lists to choose from, an example beside it."""

from collections.abc import Iterable
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from institutions.enums import Role
from institutions.models import County, Institution
from institutions.people.authority import Authority
from institutions.people.listing import departments_of
from institutions.people.rows import HEADINGS, MAX_ROWS
from institutions.people.template_words import NOTES, ROLES, examples
from tcm_demo.lib.spreadsheets import set_value

_WIDTHS = (18, 12, 16, 24, 14, 16, 22, 14)
_HEAD = PatternFill("solid", fgColor="EFECE4")
_OPEN = Protection(locked=False)


def template(county: County, authority: Authority, institutions: Iterable[Institution] = ()) -> bytes:
    """An .xlsx; with a row begun for each of `institutions`."""
    book = Workbook()
    sheet, notes, register = book.active, book.create_sheet("填写说明"), book.create_sheet("机构")
    sheet.title = "账号"
    roles, departments = authority.roles_to_give(county), list(departments_of(county))
    _fill(sheet, HEADINGS, ([each.code.lower(), "", "", "", Role.DATA_CLERK.label, each.code] for each in institutions))
    known = list(county.institutions.order_by("position", "code"))
    _fill(register, ("机构编码", "机构名称", "机构类型", "所在镇（街道）"), map(_institution, known))
    begins = _explain(notes, roles, examples([each.code for each in known], departments, roles))
    _choices(sheet, "E", f"='填写说明'!$A${begins}:$A${begins + len(roles) - 1}")
    if known:
        _choices(sheet, "F", f"='机构'!$A$2:$A${len(known) + 1}")
    if departments:
        _fill(book.create_sheet("部门"), ("部门",), ([name] for name in departments))
        _choices(sheet, "G", f"='部门'!$A$2:$A${len(departments) + 1}")
    _protect(sheet)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _institution(each: Institution) -> list[str]:
    return [each.code, each.name, each.get_type_display(), each.town]


def _fill(sheet: Worksheet, headings: Iterable[str], rows: Iterable[list[str]]) -> None:
    for number, cells in enumerate([list(headings), *rows], start=1):
        for column, value in enumerate(cells, start=1):
            set_value(sheet.cell(number, column), value or None)
    for cell, width in zip(sheet[1], _WIDTHS, strict=False):
        cell.font, cell.fill = Font(bold=True), _HEAD
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"


def _explain(sheet: Worksheet, roles: list[Role], shown: list[list[str]]) -> int:
    """The second sheet, with the examples `shown`; answers in which row its list of roles begins."""
    rows: list[list[str]] = [
        ["怎样填写"],
        *([note] for note in NOTES),
        [],
        ["例子（不要填在这张表里）"],
        list(HEADINGS),
    ]
    rows += [*shown, [], ["角色", "能做什么"]]
    begins = len(rows) + 1
    rows += [[role.label, ROLES[role]] for role in roles]
    _fill(sheet, rows[0], rows[1:])
    sheet.freeze_panes = None
    return begins


def _choices(sheet: Worksheet, column: str, source: str) -> None:
    choices = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    choices.errorTitle, choices.error = "不在列表中", "请从下拉列表中选择。"
    sheet.add_data_validation(choices)
    choices.add(f"{column}2:{column}{MAX_ROWS + 1}")


def _protect(sheet: Worksheet) -> None:
    """Headings cannot be written over by mistake; without a password, since it guards nothing else."""
    for row in sheet.iter_rows(min_row=2, max_row=MAX_ROWS + 1, max_col=len(HEADINGS)):
        for cell in row:
            cell.protection = _OPEN
            cell.number_format = "@"  # telephone numbers and codes keep their zeros
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)

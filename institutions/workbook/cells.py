"""The cells of a workbook: their dress, and what a value, a lock and a reason look like."""

from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

from indicators.enums import ValueType
from institutions.filling.cells import cell_text
from institutions.ledger.cells import LARGEST
from institutions.workbook.contents import Row
from tcm_demo.lib.spreadsheets import set_value

INK, GREY, PAPER, RED = "1F4D3F", "E7E5E0", "F4F1EA", "FBE3DF"
_AUTHOR = "填报表"
# spreadsheets keep so many digits of a number, and take so long a list of choices
_DIGITS, _LONGEST_LIST = 15, 255
_LINE = Side(style="thin", color="BFB9AB")


@dataclass
class Dress:
    """Styles of one sheet, made once: openpyxl is slow at making each cell's own."""

    sheet: object

    def __post_init__(self):
        head = {"bold": True, "fill": PAPER, "across": "center"}
        self.title = self._style(bold=True, size=14, boxed=False, wrap=False)
        self.plain = self._style(boxed=False)
        self.strong = self._style(bold=True, boxed=False)
        self.head, self.group = self._style(**head), self._style(**head | {"fill": "DCE7E1"})
        self.band = self._style(bold=True, fill="DCE7E1")
        self.note = self._style(size=9, fill=PAPER)
        self.text, self.code = self._style(fill=GREY), self._style(fill=GREY, format="@")
        self.open, self.locked = self._style(locked=False, across="right"), self._style(fill=GREY, across="right")
        self.returned = self._style(locked=False, fill=RED, across="right")

    def cell(self, value, style, comment: str = "") -> WriteOnlyCell:
        cell = WriteOnlyCell(self.sheet)
        cell._style = copy(style)
        set_value(cell, value)
        if comment:
            cell.comment = Comment(comment, _AUTHOR, width=260, height=40 + 18 * (1 + len(comment) // 16))
        return cell

    def figure(self, row: Row, element) -> WriteOnlyCell:
        """What is known of a figure. What could not be read stays blank, and the comment says what was typed."""
        report, code, notes = row.report, element.code, []
        if code in report.returned:
            notes.append(f"退回：{report.returned[code]}")
        if code in report.unread:
            notes.append(f"填的是“{report.unread[code]}”，未能识别，请重新填写。")
        style = self.locked if row.is_locked(element) else self.returned if notes else self.open
        return self.cell(value_of(element, report.values.get(code)), style, "\n".join(notes))

    def _style(
        self, *, bold=False, size=10, fill="", locked=True, wrap=True, boxed=True, across=None, format="General"
    ):
        cell = WriteOnlyCell(self.sheet)
        cell.font = Font(name="宋体", size=size, bold=bold, color=INK if size > 10 else None)
        cell.alignment = Alignment(wrap_text=wrap, vertical="center", horizontal=across)
        cell.protection, cell.number_format = Protection(locked=locked), format or "General"
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)
        if boxed:
            cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
        return cell._style


def value_of(element, value):
    """As the cell holds it: numbers as numbers where a spreadsheet keeps all their digits, the rest as text."""
    if element.value_type == ValueType.DECIMAL and value is not None:
        number = Decimal(value)
        return number if len(number.as_tuple().digits) <= _DIGITS else value
    return value if element.value_type == ValueType.INTEGER else cell_text(element, value) or None


def unit_of(element) -> str:
    """What stands behind the name: 人, 是/否; "" for choices."""
    return "是/否" if element.value_type == ValueType.BOOLEAN else element.unit


def validation_of(element) -> DataValidation | None:
    """The spreadsheet's own check of what is typed; None where it could not hold it (a very long list of choices)."""
    name, unit = element.name, f"（单位：{element.unit}）" if element.unit else ""
    if element.value_type in (ValueType.BOOLEAN, ValueType.CHOICE):
        words = ["是", "否"] if element.value_type == ValueType.BOOLEAN else list(element.choices.values())
        listed = f'"{",".join(words)}"'
        if len(listed) > _LONGEST_LIST or any("," in word or '"' in word for word in words):
            return None
        check = DataValidation(type="list", formula1=listed, allow_blank=True)
        fault = f"请从列表中选填：{'、'.join(words)}。没有数据请留空。"
    else:
        low = element.minimum if element.minimum is not None else -LARGEST
        high = element.maximum if element.maximum is not None else LARGEST
        whole = element.value_type == ValueType.INTEGER
        check = DataValidation(
            type="whole" if whole else "decimal",
            operator="between",
            formula1=str(low),
            formula2=str(high),
            allow_blank=True,
        )
        least = f"不小于 {low} " if element.minimum is not None else ""
        most = f"、不大于 {high} " if element.maximum is not None else ""
        fault = f"请填{least}{most}的{'整数' if whole else '数字'}{unit}。没有数据请留空，不要填 0。"
    check.errorTitle, check.error, check.errorStyle = name[:31], fault[:250], "stop"
    check.showErrorMessage, check.showInputMessage = True, False
    return check

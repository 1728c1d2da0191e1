"""The rows of a workbook of accounts: read from the file, and carried from the preview to its confirmation.

They are carried in the page itself, signed for one person and county: nobody's data waits on the server for a
confirmation that may never come.
"""

from dataclasses import dataclass

from django.core import signing
from openpyxl.utils import get_column_letter

from institutions.ledger.workbook import LedgerUnreadable, SheetRows, read_workbook
from institutions.models import County
from institutions.refusals import Refused
from tcm_demo.accounts.models import User
from tcm_demo.lib.text import plain

HEADINGS = ("用户名", "姓名", "电话", "邮箱", "角色", "机构编码", "部门", "有效期至")
DEMANDED = ("用户名", "角色")
MAX_ROWS = 1000
MAX_BYTES = 5 * 1024 * 1024
# how far down headings are looked for: people put a title above them
_HEAD_ROWS = 5
# how long a preview can be confirmed (seconds)
_PATIENCE = 3600


@dataclass(frozen=True)
class Row:
    """`number` as the spreadsheet counts; `cells`: text by heading, "" where empty."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """`columns`: heading -> its column, from 0."""

    columns: dict[str, int]
    rows: tuple[Row, ...]

    def place(self, row: Row, heading: str) -> str:
        """As a spreadsheet names the cell: E3; the row alone where the table has no such column."""
        column = self.columns.get(heading)
        return f"{get_column_letter(column + 1)}{row.number}" if column is not None else f"第 {row.number} 行"


def read_table(data: bytes) -> Table:
    """Raises Refused where this is no table of accounts."""
    if len(data) > MAX_BYTES:
        raise Refused(f"文件超过 {MAX_BYTES // 1024 // 1024} MB，不像是账号表。请下载模板，填好后再上传。")
    try:
        sheets = read_workbook(data)
    except LedgerUnreadable as unreadable:
        # the same reader as a ledger's; only its name for the file is another
        raise Refused(str(unreadable).replace("台账", "账号表")) from unreadable
    for sheet in sheets:
        if not sheet.hidden and (found := _table_of(sheet)):
            return found
    raise Refused(f"没有找到表头。表头须有“{'”“'.join(DEMANDED)}”两列，可以下载模板，在模板里填写。")


def _table_of(sheet: SheetRows) -> Table | None:
    for number, row in enumerate(sheet.rows[:_HEAD_ROWS]):
        headings = ["".join(plain(_text(cell)).split()) for cell in row]
        if set(DEMANDED) <= set(headings):
            return Table(_columns(headings), _rows(sheet, number + 1, _columns(headings)))
    return None


def _columns(headings: list[str]) -> dict[str, int]:
    columns = {}
    for column, heading in enumerate(headings):
        if heading and heading not in HEADINGS:
            raise Refused(f"不认识的表头：“{heading}”。请删去这一列，或改成：{'、'.join(HEADINGS)}。")
        if heading in columns:
            raise Refused(f"表头“{heading}”出现了两次，请只留一列。")
        if heading:
            columns[heading] = column
    return columns


def _rows(sheet: SheetRows, first: int, columns: dict[str, int]) -> tuple[Row, ...]:
    rows = []
    for number, cells in enumerate(sheet.rows[first:], start=first + 1):
        texts = {name: _text(cells[column]) if column < len(cells) else "" for name, column in columns.items()}
        if any(texts.values()):
            rows.append(Row(number, texts))
    if not rows:
        raise Refused("表里没有内容：表头下面一行填一个账号，再上传。")
    if len(rows) > MAX_ROWS:
        raise Refused(f"表里有 {len(rows)} 行，一次最多 {MAX_ROWS} 行。请分成几个文件上传。")
    return tuple(rows)


def _text(cell) -> str:
    """A cell of `read_workbook` as the text that a person sees; of a formula without a result its sign."""
    if isinstance(cell, tuple):
        return "=" if cell[0] == "formula" else str(cell[1])
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def packed(table: Table, county: County, by: User) -> str:
    """For a hidden field of the preview; only the same person gets it back, for the same county, within the hour."""
    rows = [[row.number, [row.cells.get(heading, "") for heading in HEADINGS]] for row in table.rows]
    return signing.dumps([table.columns, rows], salt=_salt(county, by), compress=True)


def unpacked(text: str, county: County, by: User) -> Table:
    """Raises Refused."""
    try:
        columns, rows = signing.loads(text, salt=_salt(county, by), max_age=_PATIENCE)
    except signing.BadSignature:
        raise Refused("核对的结果已经失效（超过 1 小时，或换了账号），没有写入任何内容。请重新上传。") from None
    return Table(columns, tuple(Row(number, dict(zip(HEADINGS, cells, strict=True))) for number, cells in rows))


def _salt(county: County, by: User) -> str:
    return f"accounts of {county.pk} by {by.pk}"

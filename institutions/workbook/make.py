"""Makes the file."""

from collections.abc import Iterable
from io import BytesIO

from django.utils import timezone
from openpyxl import Workbook

from institutions.ledger.own_workbook import (
    COUNTY,
    FACTS_SHEET,
    INSTRUCTION,
    INSTRUCTION_SHEET,
    MARK,
    NAME,
    PERIOD,
    VERSION,
)
from institutions.models import Institution, Round
from institutions.period import Period
from institutions.workbook.cells import Dress
from institutions.workbook.contents import sheets_of
from institutions.workbook.sheets import write_sheet
from tcm_demo.lib.dates import zh_date

_HOW = (
    "白色的格子填数，灰色的格子不用填：机构编码、机构名称和已被接受的数值已锁定。",
    "红色的格子是退回的，理由见批注（表内只有一家机构时，整份退回的理由写在标题下面）。",
    "没有数据的留空。空白是“没有数据”，和 0 不同；是 0 请填 0。",
    "是/否的从列表里选；数字不带单位、不写公式。单位写在表头的括号里或“单位”一列。",
    "不要改动机构编码和表头。行、列和工作表的顺序可以变；不填的行、列可以删。",
    "填好后保存，在系统里上传。上传后先逐格检查，再由您确认；空白不会清除已填的数。",
)


def round_workbook(round: Round, institutions: Iterable[Institution], *, for_clerk: bool = False) -> bytes:
    """An .xlsx for these institutions, which the round asks; `for_clerk`: what is submitted is locked, too.

    Two queries, and `institutions` where it is one.
    """
    book, period = Workbook(write_only=True), Period.parse(round.period)
    book.properties.title = book.properties.creator = _name(round)
    _instruct(book, round, period)
    for content in sheets_of(round, institutions, for_clerk=for_clerk):
        write_sheet(book, content, period)
    _state_facts(book, round)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _name(round: Round) -> str:
    return f"{round.county.name}{Period.parse(round.period)}填报表"


def _instruct(book: Workbook, round: Round, period: Period) -> None:
    sheet = book.create_sheet(INSTRUCTION_SHEET)
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.column_dimensions["A"].width = 100
    dress = Dress(sheet)
    facts = [f"{round.county.name}　{period}", f"截止日期：{zh_date(round.due_on)}。逾期仍可填报，请尽快。"]
    if round.note:
        facts.append(f"填报说明：{round.note}")
    facts.append(f"有疑问，请问{round.county.name}创建办。")
    how = [f"{number}. {text}" for number, text in enumerate(_HOW, start=1)]
    sheet.append([dress.cell(INSTRUCTION, dress.title)])
    for text, style in [*((text, dress.strong) for text in facts), *((text, dress.plain) for text in ("", *how))]:
        sheet.append([dress.cell(text, style)])
    sheet.protection.sheet = True
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = 9, 0


def _state_facts(book: Workbook, round: Round) -> None:
    """For the way back: whose workbook this is (ledger.own_workbook). People do not see it."""
    sheet = book.create_sheet(FACTS_SHEET)
    sheet.sheet_state = "veryHidden"
    dress = Dress(sheet)
    facts = ((MARK, VERSION), (COUNTY, round.county.code), (PERIOD, round.period), (NAME, _name(round)))
    for name, value in (*facts, ("round", round.pk), ("made_at", timezone.now().isoformat(timespec="seconds"))):
        sheet.append([dress.cell(name, dress.plain), dress.cell(value, dress.plain)])

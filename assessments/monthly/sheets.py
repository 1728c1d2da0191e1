"""A county's monthly ledger as a workbook."""

from collections.abc import Iterable

from assessments.monthly.ledger import Ledger, LedgerRow
from assessments.words import STATUS
from tcm_demo.lib.dates import zh_date
from tcm_demo.lib.spreadsheets import table_workbook

HEADINGS = [
    *("部分", "条目", "名称", "牵头部门", "上月末", "本月末", "变化"),
    *("本月进展", "佐证", "责任人", "完成时限", "逾期"),
]


def ledger_workbook(ledger: Ledger) -> bytes:
    return table_workbook(f"{ledger.month}工作台账", HEADINGS, _rows(ledger))


def _rows(ledger: Ledger) -> Iterable[list]:
    for section in ledger.sections:
        for row in section.rows:
            yield [section.name, *_cells(row)]


def _cells(row: LedgerRow) -> list:
    notes = "\n".join(f"{zh_date(note.at)} {note.by_name}：{note.text}" for note in row.notes)
    evidence = "、".join(f"{what} {number} 次" for what, number in row.evidence)
    lights = [STATUS[status] if status else None for status in (row.before, row.now)]
    late = "逾期" if row.is_late else None
    said = [notes or None, evidence or None, row.person or None, row.due_on, late]
    return [row.number, row.title, "、".join(row.lead), *lights, row.change or None, *said]

"""The worklist as a workbook. It leaves the house, so telephone numbers are masked."""

import re
from collections.abc import Sequence

from django.utils import timezone

from institutions.models import Round
from institutions.rounds.reminder_queries import clerks_of
from institutions.rounds.worklist_lines import Line
from tcm_demo.accounts.models import User
from tcm_demo.lib.spreadsheets import table_workbook

HEADINGS = [
    *("序号", "机构编码", "机构名称", "机构类型", "所在镇（街道）", "上级机构", "状态"),
    *("应填项数", "已填项数", "已接受项数", "逾期天数", "提示数"),
    *("提交时间", "提交人", "代报机构", "最近催报", "填报员", "电话（隐去中间）"),
]


def worklist_workbook(round: Round, lines: Sequence[Line]) -> bytes:
    """`lines` with their institutions' managers. One query."""
    clerks = clerks_of([line.institution for line in lines])
    rows = (_cells(number, line, clerks[line.institution.pk]) for number, line in enumerate(lines, start=1))
    return table_workbook("填报进度", HEADINGS, rows)


def masked(phone: str) -> str:
    """13812345678 -> 138****5678; what is too short to be a number shows nothing of itself."""
    digits = re.sub(r"\D", "", phone)
    if not digits:
        return ""
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 9 else "****"


def _cells(number: int, line: Line, clerks: Sequence[User]) -> list:
    row = line.institution
    return [
        number,
        row.code,
        row.name,
        row.get_type_display(),
        row.town,
        row.manager.name if row.manager else "",
        line.word,
        line.asked,
        line.filled,
        line.accepted,
        line.days_late,
        line.cautions,
        _moment(line.submitted_at),
        line.submitted_by,
        line.proxy,
        _moment(line.reminded_at),
        "、".join(str(user) for user in clerks),
        "、".join(filter(None, (masked(user.phone) for user in clerks))),
    ]


def _moment(value):
    """As the office's clock shows it: a workbook knows no time zones."""
    return timezone.localtime(value).replace(tzinfo=None, microsecond=0) if value else None

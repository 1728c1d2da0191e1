"""What a prefecture compares as workbooks: ranking, items and criteria; the ledgers of a month."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from assessments.prefecture.comparison import Comparison, CountyLine
from assessments.prefecture.ledger import PrefectureLedger
from assessments.prefecture.ranking import RULE
from assessments.prefecture.tables import Cell, CriterionRow, SectionRows
from assessments.words import NOT_OFFICIAL_POINTS, STATUS, coverage_words
from tcm_demo.lib.spreadsheets import tables_workbook

UNKNOWN = "—"


def comparison_workbook(comparison: Comparison, sections: Sequence[SectionRows], notes: Sequence[str]) -> bytes:
    names = [line.county.name for line in comparison.shown]
    ranking = [
        *("名次", "县（区）", "代码", "达标", "基本达标", "未达标", "数据不全", NOT_OFFICIAL_POINTS, "已报", "应报"),
        *(comparison.against, "最近计算", "说明"),
    ]
    criteria = ["指标", "名称", "级别", "全市", "全市状态", "目标", "全市已报"]
    return tables_workbook(
        [
            ("排名", ranking, map(_ranking_row, comparison.lines)),
            ("条目", ["部分", "条目", "名称", *names], _item_rows(sections)),
            (
                "指标",
                criteria + [f"{name}{what}" for name in names for what in ("", "状态")],
                _criterion_rows(sections),
            ),
            ("说明", ["说明"], [[sentence] for sentence in (RULE, *notes)]),
        ]
    )


def _ranking_row(line: CountyLine) -> list:
    if line.rank is None:
        return [None, line.county.name, line.county.code, *[None] * 9, line.state_light.word]
    summary = [line.now.summary[status] for status in ("met", "nearly", "unmet", "incomplete")]
    figures = [*summary, line.points_text, line.now.reported, line.now.due]
    day = timezone.localtime(line.computed_at).date()
    return [line.rank, line.county.name, line.county.code, *figures, line.change_words, day, None]


def _item_rows(sections: Sequence[SectionRows]) -> Iterable[list]:
    for section in sections:
        for item in section.items:
            yield [section.name, item.number, item.title, *(cell.light.word for cell in item.cells)]


def _criterion_rows(sections: Sequence[SectionRows]) -> Iterable[list]:
    for section in sections:
        for row in section.criteria:
            yield [row.code, row.name, row.level_label, *_whole(row), *_cells(row.cells)]


def _whole(row: CriterionRow) -> list:
    whole = row.whole
    if whole is None:
        return [UNKNOWN] * 4
    return [whole.value_text, whole.status_label, whole.target_text, coverage_words(whole.reported, whole.due)]


def _cells(cells: Sequence[Cell]) -> Iterable[str]:
    for cell in cells:
        yield cell.value or UNKNOWN
        yield cell.light.word


def prefecture_ledger_workbook(ledger: PrefectureLedger) -> bytes:
    """A line for each item and county: what can be filtered."""
    headings = ["部分", "条目", "名称", "县（区）", "上月末", "本月末", "变化", "工作进展", "佐证办理"]
    return tables_workbook([(f"{ledger.month}工作台账", headings, _ledger_rows(ledger))])


def _ledger_rows(ledger: PrefectureLedger) -> Iterable[list]:
    for section, items in ledger.sections:
        for item in items:
            for county, cell in zip(ledger.counties, item.cells, strict=True):
                lights = [STATUS[status] if status else None for status in (cell.before, cell.now)]
                said = [cell.change or None, cell.notes or None, cell.evidence or None]
                yield [section, item.number, item.title, county.name, *lights, *said]

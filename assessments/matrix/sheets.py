"""The matrix as a workbook: the figures side by side, and every single demand with exact numbers."""

from collections.abc import Iterable, Sequence

from assessments.matrix.content import Ask, Line, MatrixContent
from tcm_demo.lib.spreadsheets import tables_workbook

_DEMANDS = (
    *("分组", "指标", "标准", "条目", "条目名称", "指标编号", "指标名称", "适用机构", "要求", "目标（精确值）"),
    *("级别", "以后年度", "与其他标准比", "状态", "数值", "数值（精确值）"),
)


def matrix_workbook(content: MatrixContent, lines: Sequence[Line]) -> bytes:
    """Of these lines."""
    titles = [column.title for column in content.columns]
    headings = ["分组", "指标", "公式", *titles, "满足全部标准", "说明"]
    return tables_workbook(
        [("对照", headings, map(_line, lines)), ("逐项", _DEMANDS, _demands(titles, lines)), _totals(content)]
    )


def _line(line: Line) -> list:
    needs = "\n".join(f"{types}：{what}" for types, what in line.needs)
    cells = ["\n".join(_asked(ask) for ask in cell) for cell in line.cells]
    return [line.group, line.title, line.formula, *cells, needs, "\n".join(line.conflicts)]


def _asked(ask: Ask) -> str:
    marks = "、".join(word for word in (ask.mark_word, "" if ask.is_hard else ask.level_label) if word)
    found = f"；{ask.status_label} {ask.value_text}" if ask.status else ""
    return f"{ask.number} {ask.scope}：{ask.words}{f'（{marks}）' if marks else ''}{found}"


def _demands(titles: Sequence[str], lines: Iterable[Line]) -> Iterable[list]:
    for line in lines:
        for title, cell in zip(titles, line.cells, strict=True):
            for ask in cell:
                yield [
                    *(line.group, line.title, title, ask.number, ask.item, ask.code, ask.name, ask.scope, ask.words),
                    *("" if ask.target is None else str(ask.target), ask.level_label, ask.later, ask.mark_word),
                    *(ask.status_label, ask.value_text, "" if ask.value is None else str(ask.value)),
                ]


def _totals(content: MatrixContent) -> tuple[str, list[str], list[list]]:
    headings = ["标准", "条目", "达标", "基本达标", "未达标", "数据不全", "得分", "满分"]
    rows = []
    for column in content.columns:
        summary = column.summary or {}
        counts = [summary.get(name) for name in ("items", "met", "nearly", "unmet", "incomplete")]
        rows.append([column.title, *counts, column.points, column.points_in_all])
    return "合计", headings, rows

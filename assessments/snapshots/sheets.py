"""A comparison as a workbook: items with their criteria, figures, evidence."""

from collections.abc import Iterable

from assessments.content import CriterionContent
from assessments.snapshots.content import ComparisonContent, CriterionLine, ItemLine
from assessments.snapshots.evidence_lines import PieceLine, PieceSide, StandLine
from assessments.snapshots.figure_lines import FigureLine
from assessments.words import STATUS
from tcm_demo.lib.spreadsheets import tables_workbook

# of figures that no criterion came out differently by
NO_CRITERION = "（未影响指标结果）"
_SIDE = ("状态", "得分或数值", "精确值", "目标")


def comparison_workbook(content: ComparisonContent) -> bytes:
    """Every item, changed or not; below a changed one its criteria that came out differently."""
    old, new = content.old.title, content.new.title
    item_headings = ["条目", "指标", "名称", *(f"{t}：{each}" for t in (old, new) for each in _SIDE), "变化", "说明"]
    figure_headings = [
        *("条目", "指标", "指标名称", "机构编码", "机构", "机构类型", "数据元", "单位"),
        *(old, new, "差", "变化"),
    ]
    evidence_headings = [
        *("条目", "佐证要求", "要求内容"),
        *(f"{title}：{each}" for title in (old, new) for each in ("结论", "理由")),
        *("说明", "材料", "机构", "变化"),
        *(f"{title}：{each}" for title in (old, new) for each in ("文件名", "版本", "SHA-256 前 12 位", "是否计入")),
    ]
    return tables_workbook(
        [
            ("条目", item_headings, _item_rows(content)),
            ("数据", figure_headings, _figure_rows(content)),
            ("佐证", evidence_headings, _evidence_rows(content)),
        ]
    )


def _item_rows(content: ComparisonContent) -> Iterable[list]:
    for item in content.items:
        sides = (item.old_status, item.old_points, item.change.old), (item.new_status, item.new_points, item.change.new)
        cells = [
            cell
            for status, points, result in sides
            for cell in (STATUS.get(status, ""), points, result and result["earned"], "")
        ]
        yield [item.number, "", item.title, *cells, _change_word(item), item.note]
        for line in item.criteria:
            yield [item.number, line.code, line.name, *_side(line.old), *_side(line.new), "有变化", line.note]


def _change_word(item: ItemLine) -> str:
    if item.change.status_changed:
        return "状态变化"
    return "有变化" if item.change.changed else "无变化"


def _side(criterion: CriterionContent | None) -> list:
    if criterion is None:
        return [""] * len(_SIDE)
    exact = "" if criterion.value is None else str(criterion.value)
    return [criterion.status_label, criterion.value_text, exact, criterion.target_text]


def _figure_rows(content: ComparisonContent) -> Iterable[list]:
    for item in content.items:
        for criterion in item.criteria:
            for line in criterion.figures:
                yield _figure_row(item.number, criterion, line)
    for line in content.others:
        yield _figure_row("", None, line)


def _figure_row(number: str, criterion: CriterionLine | None, line: FigureLine) -> list:
    code, name = (criterion.code, criterion.name) if criterion else ("", NO_CRITERION)
    where = [line.code, line.institution, line.type, line.element, line.unit]
    return [number, code, name, *where, line.old, line.new, line.difference, line.kind_label]


def _evidence_rows(content: ComparisonContent) -> Iterable[list]:
    for item in content.items:
        for line in item.evidence:
            begin = [item.number, line.code, line.text, *_stand(line.old), *_stand(line.new), line.note]
            for piece in line.pieces or (None,):
                yield [*begin, *_piece_cells(piece)]


def _stand(stand: StandLine | None) -> list:
    return [stand.label, stand.reason] if stand else ["", ""]


def _piece_cells(piece: PieceLine | None) -> list:
    if piece is None:
        return [""] * 11
    return [piece.title, piece.institution, piece.kind_label, *_piece_side(piece.old), *_piece_side(piece.new)]


def _piece_side(side: PieceSide | None) -> list:
    return [side.file_name, side.version, side.sha256, side.words] if side else [""] * 4

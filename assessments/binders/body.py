"""The body of an item's binder: what is required, how the county stands, what it says of itself, what is missing."""

from collections.abc import Iterator, Sequence

from assessments.binders.content import BinderContent, CriterionRow, StatementText
from assessments.binders.page import LEADING, Flow, Paper, page_number
from assessments.binders.table import Column, Row, Table

# of a sentence on what is missing
_LONGEST = 300
_CRITERIA = (
    Column("指标", 0.37),
    Column("级别", 0.09, "centre"),
    Column("现值", 0.14, "right"),
    Column("目标", 0.14, "right"),
    Column("结论", 0.12, "centre"),
    Column("数据", 0.14, "centre"),
)


def draw_body(paper: Paper, content: BinderContent) -> list[tuple[str, int]]:
    """Pages in the format of GB/T 9704, numbered from 1. Returns the chapters and the pages they begin on (from 0)."""
    flow = Flow(paper, lambda page: page_number(paper, page + 1))
    flow.title(f"第 {content.item_number} 条　{content.item_title}")
    chapters = []
    parts = (("条目要求", _requirement), ("自评结果", _result), ("自评说明", _statement), ("缺件清单", _missing))
    for number, (title, draw) in zip("一二三四", parts, strict=True):
        flow.heading(f"{number}、{title}")
        chapters.append((title, flow.page))
        draw(flow, content)
    flow.end()
    return chapters


def _requirement(flow: Flow, content: BinderContent) -> None:
    flow.paragraph(content.requirement)
    flow.paragraph(f"牵头单位：{'、'.join(content.lead) or '未定'}。")
    if content.cooperating:
        flow.paragraph(f"配合单位：{'、'.join(content.cooperating)}。")


def _result(flow: Flow, content: BinderContent) -> None:
    flow.paragraph(f"{content.period}自评结论：{content.status_label}。")
    if content.still_open:
        flow.paragraph("要达标还需：" + "；".join(content.still_open) + "。")
    if not content.criteria:
        flow.paragraph("本条目没有可计算的指标，由佐证材料认定。")
        return
    flow.space(6)
    Table(flow, _CRITERIA).draw(list(_criteria(content.criteria)))
    flow.space(LEADING / 2)


def _criteria(criteria: Sequence[CriterionRow]) -> Iterator[Row]:
    """Each with its sources under it; who was counted is said once where it is the same for several."""
    counted: tuple[str, ...] = ()
    for c in criteria:
        yield Row((f"{c.code} {c.name}", c.level, c.value, c.target, c.status, c.coverage))
        notes = [f"数据来源：{c.sources}"] if c.sources else []
        if c.counted:
            notes += ["机构同上。"] if c.counted == counted else c.counted
            counted = c.counted
        if notes:
            yield Row(note="\n".join(notes))


def _statement(flow: Flow, content: BinderContent) -> None:
    statement = content.statement
    if statement is None or not statement.text.strip():
        flow.paragraph("尚未撰写。")
        return
    flow.paragraph(statement.text)
    if words := _written(statement):
        flow.paragraph(words, role="subheading")


def _written(statement: StatementText) -> str:
    found = [words for words in (statement.written_by, statement.written_on) if words]
    return f"（{'，'.join(found)}）" if found else ""


def _missing(flow: Flow, content: BinderContent) -> None:
    if not content.missing:
        flow.paragraph("无缺件。")
    for number, sentence in enumerate(content.missing, start=1):
        flow.paragraph(f"{number}. {_shortened(sentence)}")


def _shortened(sentence: str) -> str:
    """Hundreds of institutions are named in the Excel list alone."""
    if len(sentence) <= _LONGEST:
        return sentence
    return sentence[:_LONGEST].rpartition("、")[0] + "等，全部名单见电子档案《档案目录》中的缺件清单。"

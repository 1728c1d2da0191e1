"""The body of an item's binder: what is required, how the county stands, what it says of itself, what is missing."""

from collections.abc import Callable, Iterator, Sequence

from assessments.binders.content import (
    ASIDE_SHEET,
    MISSING_SHEET,
    NOT_COUNTED,
    UNBOUND,
    BinderContent,
    CriterionRow,
    StatementText,
)
from assessments.binders.page import LEADING, Flow, Paper, page_number
from assessments.binders.table import Column, Row, Table
from indicators.naming import item_name

# of a sentence on what is missing
_LONGEST = 300
_CRITERIA = (
    Column("指标", 0.315),
    Column("级别", 0.08, "centre"),
    # as wide as 1,234.56 万元
    Column("现值", 0.175, "right"),
    Column("目标", 0.155, "right"),
    Column("结论", 0.12, "centre"),
    # as wide as 已报 332/332
    Column("数据", 0.155, "centre"),
)


def draw_body(paper: Paper, content: BinderContent) -> list[tuple[str, int]]:
    """Pages in the format of GB/T 9704, numbered from 1. Returns the chapters and the pages they begin on (from 0)."""
    flow = Flow(paper, lambda page: page_number(paper, page + 1))
    flow.title(f"{item_name(content.item_number)}　{content.item_title}")
    chapters = []
    for number, (title, draw) in zip("一二三四", _parts(content), strict=False):
        flow.heading(f"{number}、{title}")
        chapters.append((title, flow.page))
        draw(flow, content)
    flow.end()
    return chapters


def _parts(content: BinderContent) -> list[tuple[str, Callable[[Flow, BinderContent], None]]]:
    parts = [("条目要求", _requirement), ("自评结果", _result)]
    if content.tells_missing or _is_stated(content):
        parts.append(("自评说明", _statement))
    if content.tells_missing:
        parts.append(("缺件清单", _missing))
    return parts


def _is_stated(content: BinderContent) -> bool:
    return content.statement is not None and bool(content.statement.text.strip())


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
    if not _is_stated(content):
        flow.paragraph("尚未撰写。")
        return
    flow.paragraph(content.statement.text)
    if words := _written(content.statement):
        flow.paragraph(words, role="subheading")


def _written(statement: StatementText) -> str:
    found = [words for words in (statement.written_by, statement.written_on) if words]
    return f"（{'，'.join(found)}）" if found else ""


def _missing(flow: Flow, content: BinderContent) -> None:
    if not content.missing:
        flow.paragraph("无缺件。")
    _listed(flow, content.missing, MISSING_SHEET)
    for title, sentences in ((NOT_COUNTED, content.not_counted), (UNBOUND, content.unbound)):
        if sentences:
            flow.heading(title, role="subheading")
            _listed(flow, sentences, ASIDE_SHEET)


def _listed(flow: Flow, sentences: Sequence[str], sheet: str) -> None:
    for number, sentence in enumerate(sentences, start=1):
        flow.paragraph(f"{number}. {_shortened(sentence, sheet)}")


def _shortened(sentence: str, sheet: str) -> str:
    """Hundreds of institutions are named in the Excel list alone, on this sheet."""
    if len(sentence) <= _LONGEST:
        return sentence
    beginning = sentence[:_LONGEST].rpartition("、")[0] or sentence[:_LONGEST]
    return f"{beginning}等，全部名单见电子档案《档案目录》中的{sheet}。"

"""Whether a text is a plan at all. Of one that is not, nothing that was read is sure."""

import re
from dataclasses import replace

from indicators.plans.lines import folded
from indicators.plans.proposal import LOW, Plan

_REPORT = re.compile(r"(?:总结|汇报|报告|讲话|发言|纪要|简报|致辞|公报|回顾|小结)(?:\([^()]{1,20}\))?$")
_LAW = re.compile(r"制定本(?:条例|法|规定|细则)|(?:条例|法|规定)$")
_PENALTY = re.compile(r"法律责任|罚款|没收违法所得|追究(?:刑事|法律)责任")
_PLAN = re.compile(
    r"方案|要点|计划|规划|意见|办法|细则|标准|行动|措施|清单|分工|分解|任务|通知|安排|目标|责任书|纲要|决定|工程|考核|指标"
)
HEAD = 12  # paragraphs among which a title is looked for
LONGEST_TITLE = 80


def doubts_about(plan: Plan, lines: list[str]) -> str:
    """Why the text looks like no plan, as a sentence for the office; "" where it looks like one."""
    head = [folded(line).strip() for line in lines[:HEAD] if len(line) <= LONGEST_TITLE]
    title = folded(plan.title.value) if plan.title else ""
    for line in [title, *head[:2]]:
        if match := _REPORT.search(line):
            return f"题目是“{match[0]}”，写的多半是已经做了的事，不像方案；读出的每一处都请核对。"
    whole = [folded(line) for line in lines]
    if any(_LAW.search(line) for line in [title, *whole[:HEAD]]) and any(_PENALTY.search(line) for line in whole):
        return "像是法规，不像方案；读出的每一处都请核对。"
    named = any(item.lead or item.cooperating for item in plan.items)
    if not named and not any(_PLAN.search(line) for line in [title, *head]):
        return "没有方案的题目，也没有写明责任部门，不像方案；读出的每一处都请核对。"
    return ""


def unsure(plan: Plan, why: str) -> Plan:
    """The same with every part at its lowest sureness, and the reason."""
    items = tuple(
        replace(
            _low(item),
            lead=tuple(map(_low, item.lead)),
            cooperating=tuple(map(_low, item.cooperating)),
            thresholds=tuple(map(_low, item.thresholds)),
        )
        for item in plan.items
    )
    kinds = ("sections", "phases", "departments", "leading_group", "arrangements")
    parts = {kind: tuple(map(_low, getattr(plan, kind))) for kind in kinds}
    return replace(plan, items=items, **parts, remarks=(why, *plan.remarks))


def _low(part):
    return replace(part, sureness=LOW)

"""Reads a plan: text in, proposal out. Rules alone; what the text does not say stays empty."""

from dataclasses import replace

from indicators.plans.arrangements import arrangements_of, leading_group_of
from indicators.plans.departments import one_spelling, respelled
from indicators.plans.doubt import doubts_about, unsure
from indicators.plans.duties import Duties, duties_of, given_departments
from indicators.plans.items import MOST, items_of
from indicators.plans.lines import MAX_TEXT, paragraphs
from indicators.plans.outline import outline_of
from indicators.plans.phases import phases_of
from indicators.plans.proposal import HIGH, LOW, Plan, PlanDepartment, PlanItem
from indicators.plans.titles import deadline_of, issued_by, issued_on, number_of, title_of


def read_plan(text: str) -> Plan:
    """The proposal; a text that is no plan gives one without items and a remark. Never raises."""
    lines = paragraphs(text)
    root, annexes = outline_of(lines)
    duties = duties_of(root, annexes)
    sections, items = items_of(root, annexes)
    items = given_departments(items, duties)
    departments, items = _departments(items, duties)
    if not departments and (office := issued_by(root.body)):
        departments = [PlanDepartment(office.value, passage=office.passage, sureness=LOW)]
    used = {item.section for item in items}
    plan = Plan(
        title=title_of(root.body),
        source_number=number_of(root.body),
        issued_on=issued_on(root.body, lines[-8:]),
        deadline=deadline_of(lines),
        sections=tuple(section for section in sections if section.name in used),
        items=tuple(items),
        phases=phases_of(root, annexes),
        departments=tuple(departments),
        leading_group=leading_group_of(root, annexes),
        arrangements=arrangements_of(lines, annexes),
        remarks=tuple(_remarks(text, lines, items)),
    )
    why = doubts_about(plan, lines) if plan.items else ""
    return unsure(plan, why) if why else plan


def _departments(items: list[PlanItem], duties: list[Duties]) -> tuple[list[PlanDepartment], list[PlanItem]]:
    """All of them in the order in which they appear, each under one spelling, in the items too."""
    named = [each for item in items for each in (*item.lead, *item.cooperating)]
    spelling = one_spelling([*(each.name for each in duties), *(each.name for each in named)])
    printed: dict[str, list[str]] = {}
    for name, full in spelling.items():
        printed.setdefault(full, []).append(name)
    departments = []
    for full, names in printed.items():
        own = [each for each in duties if each.name in names]
        first = next((each for each in named if each.name in names), None)
        departments.append(
            PlanDepartment(
                name=full,
                aliases=tuple(name for name in names if name != full),
                duties=tuple(sentence for each in own for sentence in each.sentences),
                passage=own[0].passage if own else first.passage if first else "",
                sureness=own[0].sureness if own else first.sureness if first else HIGH,
            )
        )
    kept = []
    for item in items:
        lead, cooperating = respelled(item, spelling)
        kept.append(replace(item, lead=lead, cooperating=cooperating))
    return departments, kept


def _remarks(text: str, lines: list[str], items: list[PlanItem]) -> list[str]:
    if not lines:
        return ["没有文字。"]
    if not items:
        return ["没有认出条目：正文里没有编了号的任务，也没有任务表或指标表。"]
    bare = sum(not item.lead for item in items)
    said = [
        (len(text) > MAX_TEXT, f"文字超过 {MAX_TEXT} 个字，后面的没有读。"),
        (len(items) == MOST, f"条目超过 {MOST} 个，只读了前 {MOST} 个。"),
        (bare, f"{bare} 个条目没有写明责任部门，请补上。"),
    ]
    return [sentence for holds, sentence in said if holds]

"""The sections and items of a plan, from its numbered parts and from its tables."""

from collections import Counter
from dataclasses import replace
from difflib import SequenceMatcher

from indicators.plans.departments import Roles, names_in, roles_of
from indicators.plans.outline import Node
from indicators.plans.parts import Group, Task, groups_of
from indicators.plans.proposal import HIGH, MEDIUM, Named, PlanItem, PlanSection
from indicators.plans.tables import Row, Table, tables_of
from indicators.plans.thresholds import thresholds_of
from indicators.plans.titles import LONGEST_TITLE, short_title

SAME_TASK = 0.6
MOST = 500  # items; a plan has some dozens


def items_of(root: Node, annexes: list[Node]) -> tuple[list[PlanSection], list[PlanItem]]:
    """In the plan's order: the tasks of its body, and the rows of its tables where they say something more."""
    groups = groups_of(root)
    tables = tables_of([root, *annexes])
    if any(not table.is_indicators and len(table.rows) > 1 for table in tables):
        groups = [group for group in groups if group.printed]  # “see the table” is no task
    sections, items = _of_groups(groups)
    for table in tables:
        if items and not table.is_indicators and _repeats(table, items):
            items = _with_departments(table, items)
        else:
            more_sections, more = _of_table(table, bool(items))
            sections += [section for section in more_sections if section.name not in {each.name for each in sections}]
            items += more
    return sections, _numbered_once(items[:MOST])


def _of_groups(groups: list[Group]) -> tuple[list[PlanSection], list[PlanItem]]:
    sections: list[PlanSection] = []
    items: list[PlanItem] = []
    printed = [task.node.number for group in groups for task in group.tasks]
    restarts = None in printed or len(set(printed)) < len(printed)
    taken: Counter[str] = Counter()
    for group in groups:
        if len(items) >= MOST:
            break
        name = _free(group.name or "工作任务", taken)
        sections.append(PlanSection(name, group.passage, group.sureness))
        for task in group.tasks[: MOST - len(items)]:
            number = str(len(items) + 1) if restarts else task.node.number
            items.append(_item(number, name, task, group.sureness))
    return sections, items


def _item(number: str, section: str, task: Task, sureness: str) -> PlanItem:
    text = task.node.text()
    roles = roles_of(text) or task.roles
    return PlanItem(
        number=number,
        section=section,
        title=short_title(task.node.heading) or short_title(text) or section[:LONGEST_TITLE],
        text=text,
        source=task.source,
        lead=roles.lead,
        cooperating=roles.cooperating,
        thresholds=thresholds_of(text),
        sureness=sureness,
    )


def _of_table(table: Table, beside_others: bool) -> tuple[list[PlanSection], list[PlanItem]]:
    """A row of indicators beside tasks is 指标1, because the tasks have their numbers."""
    sections: dict[str, PlanSection] = {}
    items = []
    numbers = [row.number for row in table.rows]
    unique = len(set(numbers)) == len(numbers)
    for position, row in enumerate(table.rows, 1):
        section = row.category or table.name or "指标"
        sections.setdefault(section, PlanSection(section, row.cells, HIGH if row.category else MEDIUM))
        number = row.number if unique else position
        word = "指标" if table.is_indicators else "任务"
        shown = f"{word}{number}" if beside_others else str(number)
        source = f"{table.name}{number}" if table.name else f"表内第 {number} 项"
        roles = _roles(row, table)
        items.append(
            PlanItem(
                number=shown,
                section=section,
                title=short_title(row.task) or section[:LONGEST_TITLE],
                text=row.text,
                source=source,
                lead=roles.lead,
                cooperating=roles.cooperating,
                thresholds=thresholds_of(row.text),
            )
        )
    return list(sections.values()), items


def _roles(row: Row, table: Table) -> Roles:
    """Of the table's own columns: under 责任单位 alone the first leads, by custom."""
    leading, others = names_in(row.lead), names_in(row.cooperating)
    if not table.leads and len(leading) > 1:
        first, *rest = (Named(name, row.lead, MEDIUM) for name in leading)
        return Roles((first,), tuple(rest))
    lead = tuple(Named(name, row.lead) for name in leading)
    return Roles(lead, tuple(Named(name, row.cooperating) for name in others if name not in leading))


def _repeats(table: Table, items: list[PlanItem]) -> bool:
    """Whether the table shares out tasks that the body has stated already."""
    return sum(_same(row, items) is not None for row in table.rows) * 2 >= len(table.rows)


def _same(row: Row, items: list[PlanItem]) -> int | None:
    text = row.text[:60]
    for at, item in enumerate(items):
        if item.title and (item.title in row.text or text in item.text):
            return at
        if SequenceMatcher(None, item.title, text[: len(item.title) + 6], autojunk=False).ratio() >= SAME_TASK:
            return at
    return None


def _with_departments(table: Table, items: list[PlanItem]) -> list[PlanItem]:
    named = list(items)
    for row in table.rows:
        at = _same(row, items)
        if at is not None and (roles := _roles(row, table)) and not (named[at].lead or named[at].cooperating):
            named[at] = replace(named[at], lead=roles.lead, cooperating=roles.cooperating)
    return named


def _free(name: str, taken: Counter[str]) -> str:
    """Two sections, or two items, of one name stay two."""
    taken[name] += 1
    return name if taken[name] == 1 else f"{name}（{taken[name]}）"


def _numbered_once(items: list[PlanItem]) -> list[PlanItem]:
    """Numbers that several tables share are told apart."""
    taken: Counter[str] = Counter()
    return [replace(item, number=_free(item.number, taken)) for item in items]

"""Which parts of a plan state its tasks, and what of them is one item."""

import re
from dataclasses import dataclass, replace

from indicators.plans.departments import Roles, is_office, names_in, roles_of, without_roles
from indicators.plans.lines import folded
from indicators.plans.outline import Node
from indicators.plans.proposal import HIGH, LOW, MEDIUM, Named

_TASKS = re.compile(
    r"(?:[\u4e00-\u9fff“”、]{0,8}?(?:任务|重点|标准|内容|措施|要点|举措|重点工作|主要工作|具体工作|工作事项)"
    r"|(?:重点|主要|核心|具体|[一二三四五六七八九十]{1,3}[大项个])(?:重点)?(?:工程|行动|项目))"
    r"(?:(?:及|和|与|、)?(?:责任|工作|主要|具体|推进)?(?:分工|分解|清单|措施|举措|任务|重点|标准))?"
)
_OTHERS = re.compile(
    r"指导思想|总体要求|总体思路|总要求|基本原则|保障措施|(?:组织|工作|政策|机制|制度)保障|^(?:强化|加强)?保障(?:机制)?$|工作要求|有关要求|相关要求|步骤|(?:工作|时间|进度|实施)安排|阶段|(?:职责|责任|任务|工作|部门)分工|部门职责|职责任务|"
    r"组织机构|领导小组|附则|(?:^|工作|主要|总体|建设|创建|发展|年度)目标$|工作机制|推进机制|联席会议|基本情况|现状|背景|(?:发展|工作|现实)基础$|面临|形势|工作回顾|主要成效|考核验收|考核办法"
)
_WORD = re.compile(r"[^\W\d_]")
_AIM = re.compile(r"目标(?:和|与|及)?(?:指标|要求)")
_ABOVE = re.compile(r"^\s*(?:以上|上述)")
# what closes a plan; as the name of a part among others it may as well state tasks
_CLOSING = re.compile(r"组织领导|督导|考核|组织实施|宣传")

_BLOTTED = re.compile(r"[(（\[【〔]·+[)）\]】〕]")
NOBODY = Roles()


@dataclass(frozen=True)
class Task:
    """A node that is one item, and where it stands: 三（二）4."""

    node: Node
    source: str
    roles: Roles = NOBODY  # whom its section names for all of its tasks


@dataclass(frozen=True)
class Group:
    """A section with its items; `printed`: whether they are marked as items by numbers or departments."""

    name: str
    passage: str
    tasks: list[Task]
    sureness: str = HIGH
    printed: bool = True


def groups_of(root: Node) -> list[Group]:
    """The sections with their items, in the plan's order; none where the plan's body states no tasks."""
    return _by_office([kept for group in _groups(root) if (kept := _with_words(group)).tasks])


def _groups(root: Node) -> list[Group]:
    parts = root.children
    if len(parts) == 1 and len(parts[0].children) > 1 and not is_tasks(parts[0].name):
        parts = parts[0].children
    stated = [part for part in parts if is_tasks(part.name)]
    if any(part.children for part in stated):
        stated = [part for part in stated if part.children]  # 目标任务 in prose beside the tasks themselves
    if stated:
        return [group for part in stated for group in _of_tasks(part)]
    parts = _without_closing([part for part in parts if not is_other(part.name)])
    if parts and not any(part.children for part in parts):
        return [Group("工作任务", "", [Task(part, part.printed) for part in parts], MEDIUM)]
    if len(parts) == 1 and _are_sections(parts[0].children):
        return [_section(child, parts[0].printed) for child in parts[0].children]
    return [_section(part, "") for part in parts]


def _with_words(group: Group) -> Group:
    """Without numbers behind which nothing is said."""
    return replace(group, tasks=[task for task in group.tasks if _WORD.search(task.node.text())])


def is_tasks(name: str) -> bool:
    return bool(_TASKS.fullmatch(name)) and not re.search("保障|职责", name)


def is_other(name: str) -> bool:
    return len(name) <= 16 and bool(_OTHERS.search(name) or _AIM.search(name))


def _without_closing(parts: list[Node]) -> list[Node]:
    """组织领导 and the like at the end, where nobody is named for them, is how the plan closes."""
    while len(parts) > 1 and len(parts[-1].name) <= 16 and _CLOSING.search(parts[-1].name) and not _named(parts[-1]):
        parts = parts[:-1]
    return parts


def _is_section(node: Node) -> bool:
    """Whether it only gathers items: it says nothing itself, and what is below it answers for itself."""
    said = [line for line in node.body if not roles_of(line)]
    gathers = bool(node.children) and not _bare(node).has_text and len(said) <= 1
    return gathers and not _shares_one_line(node)


def _shares_one_line(node: Node) -> bool:
    """Only its last paragraph names who is responsible: then it is one item, and what is below it its points."""
    naming = [_named(child) for child in node.children]
    if len(naming) < 2 or not naming[-1] or any(naming[:-1]):
        return False
    return not _ABOVE.search(folded(_last_line(node.children[-1])))


def _named(node: Node) -> bool:
    return bool(roles_of(node.text()))


def _of_tasks(part: Node) -> list[Group]:
    if not part.children:
        tasks = [Task(Node(None, part.rank + 1, line), part.printed) for line in part.body if "\t" not in line]
        return [Group(part.name, part.heading, tasks, LOW, printed=False)] if tasks else []
    if _are_sections(part.children):
        return [_section(child, part.printed) for child in part.children]
    return [Group(part.name, part.heading, [Task(child, part.printed + child.printed) for child in part.children])]


def _are_sections(nodes: list[Node]) -> bool:
    return sum(_is_section(node) or len(_paragraphs(node)) > 1 for node in nodes) * 2 >= len(nodes)


def _section(node: Node, above: str) -> Group:
    """Its children, or theirs where they only gather items; itself where it has none."""
    source = above + node.printed
    if not node.children:
        tasks = [Task(each, source) for each in _paragraphs(node)] or [Task(node, source)]
    elif _are_sections(node.children):
        tasks = [task for child in node.children for task in _section(child, source).tasks]
    else:
        tasks = [Task(child, source + child.printed) for child in node.children]
    return Group(_bare(node).name, node.heading, _shared(node, tasks))


def _bare(node: Node) -> Node:
    """Its heading alone, without those whom it names."""
    return Node(node.mark, node.rank, _BLOTTED.sub("", without_roles(node.heading)).strip())


def _shared(node: Node, tasks: list[Task]) -> list[Task]:
    """With those whom the section names for all of its tasks: in its heading, right below it, or at its very end."""
    if not node.children:
        return tasks
    roles = roles_of("\n".join([node.heading, *node.body]))
    if not roles and len(tasks) > 1 and not any(_named(task.node) for task in tasks[:-1]):
        roles = roles_of(_last_line(tasks[-1].node))
    return [task if task.roles else replace(task, roles=roles) for task in tasks]


def _last_line(node: Node) -> str:
    """The last paragraph that stands for itself."""
    return next(reversed([line for each in node.walk() for line in each.body]), "")


def _by_office(groups: list[Group]) -> list[Group]:
    """A plan whose sections are departments: each does what stands below its name."""
    offices = [[name for name in names_in(group.name) if is_office(name)] for group in groups]
    if sum(map(bool, offices)) < max(2, len(groups) / 2):
        return groups
    made = []
    for group, names in zip(groups, offices, strict=True):
        roles = Roles(tuple(Named(name, group.passage, MEDIUM) for name in names))
        made.append(replace(group, tasks=[task if task.roles else replace(task, roles=roles) for task in group.tasks]))
    return made


def _paragraphs(node: Node) -> list[Node]:
    """Paragraphs without numbers are items where several of them name who is responsible."""
    if node.children or node.has_text:
        return []
    whole = [Node(None, node.rank + 1, line) for line in node.body if "\t" not in line]
    return whole if sum(_named(each) and _says_more(each.heading) for each in whole) > 1 else []


def _says_more(line: str) -> bool:
    """Than who is responsible."""
    return bool(re.search(r"\w{2}", without_roles(line).replace("·", " ")))

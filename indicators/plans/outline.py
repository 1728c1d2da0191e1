"""The plan as a tree: what is numbered stands below what is numbered one step higher."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from indicators.plans.lines import folded
from indicators.plans.marks import (
    BRACKETED,
    BULLET,
    CHINESE,
    DECIMAL,
    PART,
    SECTION,
    SMALL,
    Mark,
    is_phase,
    mark_of,
    point_of,
)

LONGEST_HEADING = 40
ROOT = -1
_ANNEX = re.compile(r"附\s*(?:件|表|录|图)\s*[\d一二三四五六七八九十]{0,3}\s*(?:[:.、]\s*.{0,60})?")
# what a plan's paper says after its end
_CLOSING = re.compile(
    r"(?:抄送|主送|分送)\s*:|.{2,30}\d日印发$|特此通知|联系(?:人|电话|方式)\s*:|请各.{0,12}(?:于|按|结合|认真|遵照)"
    r"|各(?:责任|有关|牵头)?单位要?(?:于|在)"
)
# parts that some plans do not number
_BARE = re.compile(
    r"(?:指导思想|总体要求|总体思路|基本原则|(?:工作|主要|总体|创建|建设)?目标|(?:重点|主要|工作|目标)任务|工作重点|工作内容|重点工作|主要措施|"
    r"建设标准|(?:工作|实施|方法)步骤|(?:时间|进度|工作)安排|(?:职责|责任|任务|工作)分工|(?:保障|组织)(?:措施|保障)|组织领导|工作要求|有关要求|工作机制)"
)


@dataclass
class Node:
    """`heading`: the first paragraph without its number; `body`: the paragraphs after it, before the first child."""

    mark: Mark | None
    rank: int
    heading: str
    body: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def printed(self) -> str:
        """Its number, as 三, （二） or 4."""
        plain = re.sub(r"\s|[.、:：]+$", "", self.mark.printed) if self.mark else ""
        return plain.replace("(", "（").replace(")", "）")

    @property
    def number(self) -> str | None:
        """As an item's number: 4 of 4., 2.1.3 of 2.1.3; None where it has none of its own."""
        if self.mark is None or self.rank == BULLET:
            return None
        return self.printed if DECIMAL <= self.rank < SMALL else str(self.mark.number)

    @property
    def name(self) -> str:
        """The heading proper, without a sentence that goes on behind it."""
        first = re.split(r"[。；;]", self.heading, maxsplit=1)[0]
        return re.sub(r"[:：。]+$", "", first).strip()

    @property
    def has_text(self) -> bool:
        """Whether its own paragraph says more than a heading does."""
        heading = self.heading.rstrip("。；;：:")
        return len(heading) > LONGEST_HEADING or bool(re.search("[。；;]", heading))

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            yield from child.walk()

    def text(self) -> str:
        """Everything it says, a line for each paragraph, its own number left out, its children's kept."""
        below = [f"{child.mark.printed if child.mark else ''}{child.text()}" for child in self.children]
        lines = [self.heading, *self.body, *below]
        return "\n".join(line for line in lines if line)


def outline_of(paragraphs: list[str]) -> tuple[Node, list[Node]]:
    """The plan itself, and its annexes; a preamble is the root's body. 一是, 二是 count where nothing else does."""
    root, annexes = _outline(paragraphs, mark_of)
    return (root, annexes) if root.children else _outline(paragraphs, point_of)


def _outline(paragraphs: list[str], mark_at: Callable[[str], Mark | None]) -> tuple[Node, list[Node]]:
    root = Node(None, ROOT, "")
    annexes: list[Node] = []
    stack = [root]
    for paragraph in paragraphs:
        line = folded(paragraph).strip()
        if _begins_annex(line, bool(root.children)):
            annexes.append(Node(None, ROOT, paragraph))
            stack = [annexes[-1]]
            continue
        if _CLOSING.match(line):
            continue
        mark = None if "\t" in paragraph else mark_at(line)
        if mark and (len(stack) == 1 or fits(mark, stack)):
            node = Node(mark, mark.rank, paragraph.strip()[mark.length :].strip())
        elif _BARE.fullmatch(line) and not _numbered_above(stack):
            node = Node(None, CHINESE, paragraph)
        elif is_phase(line) and len(line) < 400:
            node = Node(None, BRACKETED, paragraph)
        else:
            stack[-1].body.append(paragraph)
            continue
        while stack[-1].rank >= node.rank:
            stack.pop()
        stack[-1].children.append(node)
        stack.append(node)
    return root, annexes


def fits(mark: Mark, stack: list[Node]) -> bool:
    """Whether the number can stand here: the first of its kind, or more than the one before it of the same kind."""
    before = [node.mark.number for node in stack if node.mark and node.rank == mark.rank]
    return mark.number == 1 or not before or before[-1] < mark.number <= before[-1] + 5 or mark.rank <= CHINESE


def _numbered_above(stack: list[Node]) -> bool:
    """Whether the plan numbers its parts: then a bare word is no part."""
    return any(node.mark and node.rank in (PART, SECTION, CHINESE) for node in stack)


def _begins_annex(line: str, after_parts: bool) -> bool:
    return after_parts and bool(_ANNEX.fullmatch(line))

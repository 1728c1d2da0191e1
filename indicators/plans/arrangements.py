"""How the plan has the work kept going: the leading group by office, meetings, a ledger, feature projects."""

import re

from indicators.plans.lines import folded
from indicators.plans.outline import Node
from indicators.plans.proposal import HIGH, LOW, MEDIUM, LeadingOffice, PlanArrangement

_PARTS = re.compile(r"(?P<part>总召集人|召集人|副召集人|第一组长|常务副组长|副组长|组长|副主任|主任|成员)(?:单位)?:")
_DEPUTY, _HEAD = re.compile("副"), re.compile("组长|召集人|主任")
_POST = re.compile(r"书记|[区县市镇乡局部院处科站组队行校台]长|秘书长|主任|主席|经理|负责人|专员|委员|总编")
_PERSON = re.compile(r"^[\u4e00-\u9fff·]{2,4}\s+|(?<=[长任记席员])\s+[\u4e00-\u9fff·]{2,4}$(?<![长任记席员])")
_EVERY = [
    (re.compile(r"每半月|每半个月|每月两次|每月2次"), "half_month"),
    (re.compile(r"每月|每个月|按月|月调度"), "month"),
    (re.compile(r"每季度|每季|按季"), "quarter"),
    (re.compile(r"每半年|每年|年度"), "year"),
]
_MEETING = re.compile(r"[^。；;,，:\n]{0,24}(?:联席会议|协调会议?|调度会|例会)")
_NAMES = ("联席会议", "协调会议", "调度会", "例会", "协调会")
_HELD = re.compile(r"会议|协调会|调度会|例会")
_CALLED = re.compile(r"由([^,。;]{2,40}?)(?:负责)?(?:召集|主持)|([^,。;由]{2,30}?)(?:召集|主持)")
_RECORDED = re.compile(r"由?([^,。;由]{2,20}?)负责(?:会议的?)?(?:会议)?(?:记录|纪要|会务|会议记录)")
_MATTERS = re.compile(r"(?:协调|议事|研究|会议)?(?:事项|内容|议题)[。:]?\s*(?:主要)?包括:?\s*(.+)")
_LEDGER = re.compile(r"工作台账|任务台账|推进台账|台账管理")
_FEATURE = re.compile(r"一[县区市镇]一(?:特色|品牌|亮点)")
LONGEST_OFFICE = 40
LONGEST_LINE = 2000


def leading_group_of(root: Node, annexes: list[Node]) -> tuple[LeadingOffice, ...]:
    """Heads, deputies and members by their posts; a person's name before a post is left out."""
    found: list[LeadingOffice] = []
    for top in [root, *annexes]:
        for node in top.walk():
            part = ""
            for line in [node.heading, *node.body]:
                plain = re.sub(r"\s{1,8}(?=[长员])", "", folded(line[:LONGEST_LINE])).strip()
                if match := _PARTS.match(plain):
                    part = _part(match["part"])
                    plain = plain[match.end() :]
                elif not part or not _POST.search(plain[-6:]):
                    part = ""
                    continue
                found += _offices(part, plain, line)
    return tuple(dict.fromkeys(found))


def arrangements_of(paragraphs: list[str], annexes: list[Node]) -> tuple[PlanArrangement, ...]:
    """At most one of each kind: what the office would keep up."""
    made = [_meeting(paragraphs, annexes), _ledger(paragraphs), _feature(paragraphs)]
    return tuple(each for each in made if each)


def _part(word: str) -> str:
    if _DEPUTY.search(word):
        return "deputy"
    return "head" if _HEAD.search(word) else "member"


def _offices(part: str, plain: str, passage: str) -> list[LeadingOffice]:
    offices = []
    for each in re.split(r"[、,;。]", plain):
        office = _PERSON.sub("", each.strip()).strip()
        if 2 < len(office) <= LONGEST_OFFICE and _POST.search(office) and "兼任" not in office:
            offices.append(LeadingOffice(part, office, passage.strip(), HIGH if office == each.strip() else MEDIUM))
    return offices


def _meeting(paragraphs: list[str], annexes: list[Node]) -> PlanArrangement | None:
    """An annex on the meeting is read whole; else the paragraph that says how often it is held."""
    for annex in annexes:
        lines = [line for node in annex.walk() for line in (node.heading, *node.body) if line]
        if any(_of_meeting(line) for line in lines):
            return _meeting_of(lines, HIGH)
    lines = [line for line in paragraphs if _MEETING.search(folded(line)) and _of_meeting(line)]
    return _meeting_of(lines[:1], MEDIUM) if lines else None


def _of_meeting(line: str) -> str:
    """How often the sentence that speaks of the meeting has it held."""
    sentences = re.split(r"[。；;]", folded(line))
    return next((often for each in sentences if _HELD.search(each) and (often := every_in(each))), "")


def _meeting_of(lines: list[str], sureness: str) -> PlanArrangement:
    plain = [folded(line) for line in lines]
    whole = "\n".join(plain)
    often = next((line for line in lines if _HELD.search(line) and every_in(folded(line))), lines[0])
    matters = next((match[1] for line in plain if (match := _MATTERS.search(line))), "")
    called = _first(_CALLED, [line for line in plain if _HELD.search(line)])
    return PlanArrangement(
        kind="meeting",
        name=next((name for name in _NAMES if name in whole), "会议"),
        every=_of_meeting(often) or every_in(folded(often)),
        called_by=re.sub(r"^.*?(?:一般|原则上)", "", called),
        recorded_by=_first(_RECORDED, plain),
        matters=tuple(part.strip(" 。") for part in re.split("[;；]", matters) if part.strip(" 。")),
        note="",
        passage="\n".join(line.strip() for line in lines)[:2000],
        sureness=sureness,
    )


def _ledger(paragraphs: list[str]) -> PlanArrangement | None:
    for line in paragraphs:
        sentence = next((each for each in re.split("[。；;]", line) if _LEDGER.search(each)), "")
        if sentence:
            every = every_in(folded(sentence))
            return PlanArrangement(
                "ledger", "工作台账", every, "", "", (), "", sentence.strip(), HIGH if every else LOW
            )
    return None


def _feature(paragraphs: list[str]) -> PlanArrangement | None:
    for line in paragraphs:
        sentence = next((each for each in re.split("[。；;]", line) if _FEATURE.search(each)), "")
        if sentence:
            name = _FEATURE.search(sentence)[0]
            return PlanArrangement("feature", name, "", "", "", (), sentence.strip()[:200], sentence.strip(), HIGH)
    return None


def every_in(plain: str) -> str:
    return next((every for pattern, every in _EVERY if pattern.search(plain)), "")


def _first(pattern: re.Pattern, lines: list[str]) -> str:
    for line in lines:
        if match := pattern.search(line):
            return next(group for group in match.groups() if group).strip()
    return ""

"""The phases of the work with their dates."""

import calendar
import datetime
import re

from indicators.plans.lines import folded
from indicators.plans.outline import Node
from indicators.plans.proposal import HIGH, LOW, MEDIUM, PlanPhase

_STEPS = re.compile(r"步骤|阶段|安排|进度|时间表")
_PHASE = re.compile(r"[^。；;:,，(]{0,20}(?:阶段|时期|期)")
_TO = r"\s*(?:-+|~+|至|到|一(?=\s*\d))\s*"  # 一: a dash misread
_POINT = (
    r"(?:(?P<year{0}>\d{{4}})年)?(?:(?P<month{0}>\d{{1,2}})月{1}(?:份)?)?"
    r"(?:(?P<day{0}>\d{{1,2}})日|(?P<part{0}>[上中下]旬)|(?P<half{0}>[上下]半年|年?底|年?初|第?[一二三四1-4]季度))?"
)
# 2023年9-12月: only the first of two months may go without its word
_RANGE = re.compile(_POINT.format(1, "?") + rf"(?:{_TO}" + _POINT.format(2, "") + r")?")
_FROM = re.compile(r"\d{4}年")
_MONTH = re.compile(r"(?<![\d年])\d{1,2}月\d{1,2}日")
_OPEN_END = re.compile(r"(?:起|以后|开始)")
_TENTHS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
_HALVES = {"上半年": (1, 6), "下半年": (7, 12), "底": (12, 12), "年底": (12, 12), "初": (1, 1), "年初": (1, 1)}
_QUARTERS = {sign: (3 * at + 1, 3 * at + 3) for at, signs in enumerate(("一1", "二2", "三3", "四4")) for sign in signs}
_DATED = re.compile(r"\d{4}年[^:。;,(]{0,24}:\s*(?=\S)")
LONGEST_TASK = 200
MOST = 30


def phases_of(root: Node, annexes: list[Node]) -> tuple[PlanPhase, ...]:
    """Parts below 实施步骤 and the like that give a date, and whatever calls itself a phase and gives one."""
    found = []
    year = _only_year([root, *annexes])
    for top in [root, *annexes]:
        for parent in top.walk():
            steps = bool(_STEPS.search(parent.name)) and len(parent.name) <= 20
            found += [phase for node in parent.children if (phase := _phase(node, steps, year))]
            if steps and not parent.children:
                found += _in_lines(parent.body, year)
    return tuple(found[:MOST])


def _in_lines(lines: list[str], year: str) -> list[PlanPhase]:
    """Paragraphs without numbers; and several phases in one: 动员部署（4月1日至4月20日）；集中开展（…）。"""
    found = []
    for line in lines:
        parts = [part for part in re.split("[；;。]", line) if part.strip()]
        several = [phase for part in parts if (phase := _phase(Node(None, 0, part.strip()), _is_dated(part), year))]
        if len(several) > 1:
            found += several
        elif phase := _phase(Node(None, 0, line), False, year):
            found.append(phase)
    return found


def _is_dated(part: str) -> bool:
    """动员部署（4月1日至4月20日）: a name with its dates behind it in brackets, and nothing else."""
    return bool(re.fullmatch(r"[^()，,:：]{2,20}\([^()]{4,40}\)", folded(part).strip()))


def _only_year(tops: list[Node]) -> str:
    """The one year of which a text speaks; "" where there are several or none."""
    lines = [line for top in tops for node in top.walk() for line in (node.heading, *node.body)]
    years = {year for line in lines for year in re.findall(r"(?<!\d)(20\d\d)\s?年", folded(line))}
    return f"{years.pop()}年" if len(years) == 1 else ""


def dates_in(plain: str, year: str = "") -> tuple[str, str] | None:
    """The first date or stretch of time in a folded text: (from, until); `year` (2026年) for one that names none."""
    at = _FROM.search(plain)
    if at is None and year and (bare := _MONTH.search(plain)):
        plain = plain[: bare.start()] + year + plain[bare.start() :]
        at = _FROM.search(plain, bare.start())
    match = _RANGE.match(plain, at.start()) if at else None
    if not match:
        return None
    first = int(match["year1"])
    start = _ends(first, match["month1"], match["day1"], match["part1"], match["half1"])
    second = [match[f"{name}2"] for name in ("year", "month", "day", "part", "half")]
    if not any(second[1:]) and not second[0]:
        return (start[0], "") if start and _OPEN_END.match(plain, match.end()) else start
    until = int(second[0] or first)
    month = second[1] or (match["month1"] if second[2] or second[3] else None)
    end = _ends(until, month, *second[2:])
    return (start[0], end[1]) if start and end and start[0][:7] <= end[1][:7] else start


def _phase(node: Node, under_steps: bool, year: str) -> PlanPhase | None:
    heading = folded(node.heading)[:120]
    called = _PHASE.match(heading)
    when = dates_in(heading, year) if under_steps or called else None
    if when is None and not (under_steps and called):
        return None
    sureness = LOW if when is None else HIGH if called else MEDIUM
    tasks = [node.heading[len(node.name) :], *node.body, *(child.text() for child in node.children)]
    said = [part.strip(" :：。；;\n") for task in tasks for part in task.split("\n")]
    start, end = when or ("", "")
    return PlanPhase(
        name=_name(node.heading),
        start=start,
        end=end,
        tasks=tuple(task[:LONGEST_TASK] for task in said if len(task) > 1),
        passage=node.heading[:LONGEST_TASK],
        sureness=sureness,
    )


def _name(heading: str) -> str:
    """动员部署 of “第一阶段：动员部署（2026年1月至3月）。…”."""
    plain = folded(heading)
    name = re.sub(r"^第[一二三四五六七八九十\d]{1,3}(?:阶段|步)\s*[:、,]?\s*", "", plain)
    if match := _DATED.match(name):
        name = name[match.end() :]  # 2026年5月：宣传发动
    name = re.split(r"[(:。;,]|\d{4}年", name, maxsplit=1)[0].strip()
    return name or re.split(r"[(:。;,]", plain, maxsplit=1)[0].strip() or plain[:20]


def _ends(year: int, month: str | None, day: str | None, part: str | None, half: str | None) -> tuple[str, str] | None:
    """First and last, as exact as the text: a day, a tenth of a month in days, a month, a year's first and last."""
    try:
        if half and not month:
            first, last = _HALVES.get(half) or _QUARTERS[half[-3]]
            return f"{year:04d}-{first:02d}", f"{year:04d}-{last:02d}"
        if not month:
            return f"{year:04d}-01", f"{year:04d}-12"
        number = int(month)
        if day:
            text = datetime.date(year, number, int(day)).isoformat()
            return text, text
        if part:
            first, last = _TENTHS[part]
            return datetime.date(year, number, first).isoformat(), _last(year, number, last)
        return (f"{year:04d}-{number:02d}",) * 2 if 1 <= number <= 12 else None
    except ValueError:
        return None


def _last(year: int, month: int, day: int) -> str:
    """That day, or the month's last where it is shorter."""
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1])).isoformat()

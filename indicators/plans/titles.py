"""What a plan calls itself, its number and its date; an item's short title."""

import calendar
import datetime
import re

from indicators.plans.departments import is_office
from indicators.plans.lines import folded
from indicators.plans.numbers import chinese_number
from indicators.plans.proposal import HIGH, LOW, MEDIUM, Stated

LONGEST_TITLE = 60
LONGEST_LOOKED_AT = 600
_KINDS = r"(?:方案|要点|计划|规划|意见|办法|细则|标准|行动|措施|清单|通知)"
_TITLE = re.compile(rf"[^。；，：:,;]{{0,80}}{_KINDS}(?:\([^()]{{1,20}}\))?")
_ISSUER = re.compile(r"[\u4e00-\u9fff]{2,30}(?:人民政府|委员会|政府|办公室|局)")
_YEARS = re.compile(r"\(\d{4}[^()]{0,14}\)")
_GIVEN_OUT = re.compile(
    rf"^[^《。]{{0,60}}印发《?([^《》]{{4,80}}?{_KINDS}(?:\([^()]{{1,20}}\))?)》?的?\s*通\s*知|《([^《》]{{4,80}})》(?:已经|印发)"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,14}[〔\[(]\s*\d{4}\s*[〕\])]\s*第?\s*\d{1,5}\s*号")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:印发|发布)?")
_CHINESE_DAY = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_DUE = re.compile(r"截止(?:时间|日期|时限)[^。\d]{0,8}(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_BRACKETS = re.compile(r"[(\[【][^()\[\]【】]{0,300}(?:单位|部门|牵头|负责|配合)[^()\[\]【】]{0,300}[)\]】]")


def title_of(preamble: list[str]) -> Stated | None:
    """The lines that stand over the plan itself; else what the covering letter calls it."""
    best = None
    for at, line in enumerate(preamble):
        plain = folded(line).strip()
        if "通知" in plain or not _TITLE.fullmatch(plain) or plain.startswith("关于印发"):
            continue
        whole = line.strip()
        before = preamble[at - 1].strip() if at else ""
        issued = plain.startswith("关于") and _ISSUER.fullmatch(folded(before))
        if before and (issued or _is_first_half(folded(before), plain)):
            whole = before + whole
        after = folded(preamble[at + 1]).strip() if at + 1 < len(preamble) else ""
        if _YEARS.fullmatch(after):
            whole += preamble[at + 1].strip()
        best = Stated(whole, whole, HIGH)
    if best is None:
        for line in preamble:
            if match := _GIVEN_OUT.search(folded(line)):
                group = 1 if match[1] else 2
                value = line[match.start(group) : match.end(group)]
                if best is None or len(value) > len(best.value):
                    best = Stated(value, line, MEDIUM)
    if best is None and preamble and len(preamble[0]) <= LONGEST_TITLE and not re.search("[。；]", preamble[0]):
        best = Stated(preamble[0].strip(), preamble[0], LOW)
    return best


def number_of(preamble: list[str]) -> Stated | None:
    """The document's own number, which stands on a line of its own."""
    for line in preamble:
        if _NUMBER.fullmatch(folded(line).strip()):
            return Stated(line.strip(), line, HIGH)
    return None


def issued_on(preamble: list[str], rest: list[str]) -> Stated | None:
    """The date under the covering letter; else the one under the plan or of its printing."""
    for lines, sureness in ((preamble, HIGH), (list(reversed(rest)), MEDIUM)):
        for line in lines:
            plain = re.sub(r"[\s()]", "", folded(line))
            match = _DAY.fullmatch(plain) or _CHINESE_DAY.fullmatch(plain)
            if not match and sureness == MEDIUM and len(plain) < 60 and plain.endswith("印发"):
                match = _DAY.search(plain)
            if match and (day := _date(*match.groups())):
                return Stated(day, line, sureness)
    return None


def issued_by(preamble: list[str]) -> Stated | None:
    """The office over the date of the covering letter, or the one that sealed it for another (代章)."""
    for at, line in enumerate(preamble):
        plain = re.sub(r"\s", "", folded(line))
        if match := re.fullmatch(r"\(?(.{2,40}?)\(?代章\)*", plain):
            return Stated(match[1], line, LOW)
        if at and (_DAY.fullmatch(plain) or _CHINESE_DAY.fullmatch(plain)) and is_office(preamble[at - 1].strip()):
            return Stated(preamble[at - 1].strip(), preamble[at - 1], LOW)
    return None


def deadline_of(paragraphs: list[str]) -> Stated | None:
    """By when everything is due that says nothing else; a year alone means its last day."""
    for line in paragraphs:
        if match := _DUE.search(folded(line)):
            year, month, day = match.groups()
            last = _last_day(int(year), int(month or 12)) if not day else int(day)
            if when := _date(year, month or "12", str(last)):
                return Stated(when, line, HIGH if "除" in line or "均" in line else MEDIUM)
    return None


def short_title(text: str) -> str:
    """The heading sentence; where that is long, its first clause."""
    plain = text[:LONGEST_LOOKED_AT]
    for match in reversed(list(_BRACKETS.finditer(folded(plain)))):
        plain = plain[: match.start()] + plain[match.end() :]
    sentences = (part.strip(":：，,、 \t") for part in re.split(r"[。；;\n]", plain))
    first = next((sentence for sentence in sentences if sentence), "")
    if len(first) > LONGEST_TITLE // 2:
        clauses = re.split(r"(?<=[，,：:])", first)
        first = clauses[0]
        for clause in clauses[1:]:
            if len(first) >= 8:
                break
            first += clause
    first = first.rstrip("，,：:、 ").replace(",", "，")
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"


def _is_first_half(before: str, line: str) -> bool:
    """某区创建全国基层中医药工作示范县 / 实施方案: the second line alone says too little, or goes on."""
    if (
        re.search(r"[。；：:，]|号$|\d日$|(?:办公室|人民政府|委员会|局|文件|通知)$", before)
        or len(before) > 50
        or before[0] == "("
    ):
        return False
    return len(line) <= 8 or line[0] in "“《" or before.endswith(("关于", "工程", "工作"))


def _date(year: str, month: str, day: str) -> str | None:
    numbers = [
        int(part) if part.isdecimal() else chinese_number(part.replace("○", "〇")) for part in (year, month, day)
    ]
    try:
        return datetime.date(*numbers).isoformat()
    except (ValueError, TypeError):
        return None


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1] if 1 <= month <= 12 and year else 31

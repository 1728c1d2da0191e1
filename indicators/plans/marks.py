"""How paragraphs are numbered: 第一章, 一、, 第一条, （一）, 任务1, 1., 1.1.1, （1）, ①, ——; and what begins one."""

import re
from dataclasses import dataclass

from indicators.plans.numbers import chinese_number

PART, SECTION, CHINESE, ARTICLE, BRACKETED, LETTER, ARABIC, DECIMAL = range(8)
DEEPEST_DECIMAL = DECIMAL + 2  # 1.1, 1.1.1, 1.1.1.1
SMALL, CIRCLE, SMALL_LETTER, BULLET = range(DEEPEST_DECIMAL + 1, DEEPEST_DECIMAL + 5)
_N = "[一二三四五六七八九十百]{1,5}"
_MEASURES = "万亿名人个家所倍元项种类级张次年月"
# on folded text; the first that fits
_KINDS = [
    (PART, re.compile(rf"第({_N}|\d{{1,2}})(?:部分|章|篇)\s*[、.:,]?\s*")),
    (SECTION, re.compile(rf"第({_N}|\d{{1,2}})节\s*[、.:,]?\s*")),
    (ARTICLE, re.compile(rf"第({_N}|\d{{1,3}})条\s*[、.:,]?\s*(?=[^\s之第至规的]|$)")),
    (LETTER, re.compile(rf"(?:任务|措施|举措|行动|工程|项目|重点)({_N}|\d{{1,3}})\s*[:、.]\s*")),
    (CHINESE, re.compile(r"([Ⅰ-Ⅻ])\s*[、.:]?\s*")),
    (CHINESE, re.compile(r"([IVX]{1,4})\s*[、.](?![A-Za-z\d])\s*")),
    (LETTER, re.compile(r"([A-H])\s*[、.](?![A-Za-z\d])\s*")),
    (CHINESE, re.compile(rf"({_N})\s*[、.](?!\d)\s*")),
    (BRACKETED, re.compile(rf"\(\s*({_N})\s*\)\s*[、.]?\s*")),
    (DECIMAL, re.compile(r"([1-9]\d?(?:\.\d{1,2}){1,3})(?:[、.]\s*|\s+)(?=[^\d\s])")),
    (DECIMAL, re.compile(rf"([1-9]\d?(?:\.\d{{1,2}}){{1,3}})(?=[\u4e00-\u9fff《“]{{3}})(?![{_MEASURES}])")),
    (ARABIC, re.compile(r"(\d{1,3})\s*(?:、|\.(?!\d)|\.(?=20\d\d年|100%|\d0%(?:以上)?的))\s*")),
    (SMALL, re.compile(r"\(?\s*(\d{1,2})\s*\)\s*[、.]?\s*")),
    (CIRCLE, re.compile(r"([①-⑳❶-❿])\s*")),
    (SMALL_LETTER, re.compile(r"\(?([a-h])\s*[)、.](?![A-Za-z\d])\s*")),
    (BULLET, re.compile(r"(?:-{2,4}|[●•■◆◇▪□★☆▲►➢➤*·])\s*(?=[\u4e00-\u9fff“《\d])|-\s*(?=[\u4e00-\u9fff“《])")),
]
_FIRST = {"①": 20, "❶": 10, "Ⅰ": 12, "A": 8, "a": 8}  # the first of a row of signs, and how many there are
_COUNTED = {chr(ord(first) + step): step + 1 for first, many in _FIRST.items() for step in range(many)}
_COUNTED |= {sign: at for at, sign in enumerate("I II III IV V VI VII VIII IX X XI XII".split(), 1)}
_POINT = re.compile(r"([一二三四五六七八九十]{1,2})是(?=[\u4e00-\u9fff])")
_PHASE = re.compile(rf"第({_N})(?:阶段|步)")
# who does what: also the beginning of a line of its own
ROLE = (
    r"(?:责任|牵头|配合|主要责任|主责|协同|协办|主办|承办|参与|参加|负责|实施|落实|组织)"
    r"(?:单位|部门|科室|机构|处室|股室|主体)"
)
_LABEL = re.compile(
    rf"(?:{ROLE}|完成时限|完成时间|时间节点|时限要求|牵头领导|责任领导|分管领导|责任人|联系人|附件|附表|附录|附注|备注|抄送|主送|组\s*长|副\s*组\s*长|成\s*员|主\s*任|副\s*主\s*任|总召集人|召集人)\s*(?:[:\d一二三]|$)"
)
_TO_WHOM = re.compile(r"各[^。;:]{2,60}:")  # 各乡镇人民政府，县直有关部门：
_OFFICE = re.compile(
    r"(?:[\u4e00-\u9fff]{1,14}(?:局|委|办|部|室|中心|院|厅|处|会|社|队|联|站|所|镇|公司|单位)|各[\u4e00-\u9fff()、]{1,14}):"
)


@dataclass(frozen=True)
class Mark:
    """`printed` as it stands in the text, `number` what it counts, `rank` how deep it stands."""

    rank: int
    number: int
    printed: str
    length: int


def mark_of(line: str) -> Mark | None:
    """The numbering at the beginning of a folded line; None where there is none."""
    for rank, pattern in _KINDS:
        if match := pattern.match(line):
            number = 1 if rank == BULLET else _counted(rank, match[1])
            if number is None or (match.end() == len(line) and rank >= DECIMAL):
                continue
            depth = match[1].count(".") - 1 if rank == DECIMAL else 0
            return Mark(rank + depth, number, match[0].strip(), match.end())
    return None


def point_of(line: str) -> Mark | None:
    """一是…, 二是… at the beginning of a folded line."""
    match = _POINT.match(line)
    return Mark(SMALL, chinese_number(match[1]), match[0], match.end()) if match else None


def is_phase(line: str) -> bool:
    return bool(_PHASE.match(line))


def begins_anew(line: str, cut: bool) -> bool:
    """Whether a folded line begins a paragraph whatever stands before it; `cut`: the line before it was full."""
    line = line.strip()
    mark = mark_of(line)
    if mark:
        # a number at the place of a wrap may belong to the sentence, as in 标准 / 4.5 or 10 / 项
        return not (cut and mark.rank >= DECIMAL)
    if _TO_WHOM.fullmatch(line):
        return True
    return bool(_LABEL.match(line.lstrip("([")) or (not cut and _PHASE.match(line)) or _OFFICE.match(line))


def _counted(rank: int, text: str) -> int | None:
    if text in _COUNTED:
        return _COUNTED[text]
    if rank == DECIMAL:
        return int(text.rsplit(".", 1)[1])
    return int(text) if text.isdecimal() else chinese_number(text)

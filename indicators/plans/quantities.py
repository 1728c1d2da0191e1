"""Finds the figures in a text and what is asked of each: at least, at most, more than, less than."""

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from indicators.plans.lines import folded
from indicators.plans.numbers import CHINESE, chinese_number, exact, in_chinese
from indicators.plans.proposal import HIGH, LOW, MEDIUM

LONGEST_TEXT = 20_000  # characters of one item that are looked at
MOST = 300  # figures of one item
LONGEST_CLAUSE = 300
LONGEST_SENTENCE = 1200
_TIMES = ("个工作日", "工作日", "个小时", "小时", "分钟", "个月", "天", "日", "周", "年")
_UNITS = (
    *(
        "个百分点",
        "%",
        "‰",
        "场次",
        "轮次",
        "学时",
        "课时",
        "人次",
        "批次",
        "人份",
        "万人次",
        "万人",
        "万亩",
        "万户",
        "万场",
        "万份",
        "万册",
        "万平方米",
        "万元",
        "亿元",
        "平方米",
        "平米",
        "公里",
        "公顷",
        "千克",
        "吨",
        "㎡",
    ),
    *_TIMES,
    "A级",
    *"名人元个家所处间次期场种类项张台套级分亩倍件份门篇支位户条册对批座块部组幅首届辆辑",
)
_SAME = {"A级": "级", "㎡": "平方米", "平米": "平方米"}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_FIGURE = r"\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,6})?"
_SIGN = r"(?:-+|~+|至|到)"
_QUANTITY = re.compile(
    rf"(?<![\d.A-Za-z])(?P<low>\d{{1,4}}/\d{{1,4}}|{_FIGURE})(?!\d|\.\d)(?P<more>余|多)?(?:[%‰]?\s?{_SIGN}\s?(?P<high>{_FIGURE})(?!\d))?"
    rf"\s?(?P<unit>{_UNIT})?(?P<about>左右)?(?![A-Za-z+])"
)
_IN_WORDS = re.compile(
    rf"(?P<share>百分之[{CHINESE}点]{{1,9}}|[{CHINESE}]{{1,4}}分之[{CHINESE}]{{1,4}}|[一二两三四五六七八九]成半?(?![立效果员本为长功人年])"
    r"|半数(?=以上)|一半(?=以上))|(?P<count>[一二两三四五六七八九十百]{1,5})"
    r"(?P<unit>人次|场次|批次|万元|[名人个家所处间次期场种类项张台套份门篇支位户条册])"
)
# not figures that anything has to reach: titles, document numbers, dates, ages, ordinals, names with figures in them
_NOT = [
    r"《[^》\n]{0,200}》",
    r"[〔\[(]\s*\d{4}\s*[〕\])]\s*第?\s*\d{1,5}\s*号",
    r"(?:19|20)\d\d\s*(?:[-~至到、]+\s*(?:19|20)?\d{2,4}\s*)?年(?:度|底|末|初|版)?",
    r"(?:19|20)\d\d[-~](?:19|20)\d\d",
    r"(?<!\d)\d{1,2}(?:[-~至到]\d{1,2})?月(?!龄)(?:份|底|末|初)?(?:\d{1,2}(?:[-~至到]\d{1,2})?日)?",
    r"\d{1,3}(?:[-~至到]\d{1,3})?\s*(?:周?岁|个?月龄|孕?周龄)(?:及?以[上下内])?",
    r"\d{1,2}[-~至到]\d{1,3}\s*个?月(?=.{0,2}[儿婴幼])",
    r"\d{1,3}[-~至到]\d{1,3}\s*个?月龄",
    r"第\s*\d{1,4}(?:[-~至到]\d{1,4})?\s*[届批条次期章号轮名]",
    r"前\s*\d{1,4}(?=[名位%家])[名位家]?",
    r"“[^”\n]{0,24}\d[^”\n]{0,24}”",
    r"\d{1,4}[xX×]\d{1,4}\s?小?时?",
    r"(?!\d?A级)\d{0,4}[A-Za-z]{1,40}[\d.]{0,6}|\d{1,4}\s?\+\s?[\dA-Za-z]{1,4}",
    r"每\s?\d{1,9}(?:\.\d{1,4})?",
    r"\d{1,2}:\d\d",
    r"(?m:^[ \t]*(?:\(?\d{1,2}\)|\d{1,2}(?:、|\.(?!\d)|\.(?=20\d\d年|100%|\d0%(?:以上)?的))))",
]
# digits that a scanner's software took for letters: 1OO%, l5%, O.6
_MISREAD = re.compile(
    r"(?<![A-Za-z\d])(?=[OoIl]{0,3}\d|[OoIl]{1,3}(?:\.\d|%))[\dOoIl]{1,6}(?:\.[\dOoIl]{1,3})?(?![A-Za-z])"
)
_AS_DIGITS = str.maketrans("OoIl", "0011")
_MASK = re.compile("|".join(f"(?:{pattern})" for pattern in _NOT))
_BEFORE = re.compile(
    r"(?P<ge>不得?(?:低于|少于|小于|下于)|不下于|至少|最少|最低|≥|>=|[大高多]于(?:或者?)?等于)"
    r"|(?P<le>[小低少]于(?:或者?)?等于|不得?(?:超过|高于|多于|大于)|至多|最多|≤|<=|控制在|压缩[至到]|[下降]降?低?[至到]|缩短[至到]|限定在)"
    r"|(?P<gt>超过|高于|大于|多于|突破|>)"
    r"|(?P<lt>低于|少于|小于|<)"
    r"|(?P<reach>达到?|达成|实现|[提上]升?高?[至到]|增[加长]?[至到]|保持在?|稳定在?|维持在?|满\s?$|扩大[至到]|拓展[至到]|目标值?为?|=)"
)
_SIGNS = {"ge": ">=", "le": "<=", "gt": ">", "lt": "<", "reach": ">="}
_AFTER = re.compile(r"\s*(?:\(含\))?\s*(?:(?P<up>及?以上|或以上|及其以上)|(?P<down>及?以下|或以下|以内|之内))")
_CHAIN = re.compile(rf"(?:{_FIGURE}\s?(?:{_UNIT})){{1,3}}\s?(?=及?以[上下])")
_WITHIN = re.compile(r"\s*(?:以内|之内|内)(?![容涵部科分镜])")
_WORDS_NEED = re.compile(r"(?:至少|最少|不得?少于|不得?低于|不超过|达到)[^\d,;。\n]{0,8}$")
_DOES = re.compile(
    r"建|设|配备|培[养训育]|引进|招[聘录收]|选派|选拔|开展|举办|组织|打造|创|完成|推广|评[选定]|遴选|实现|达|安排|投入|新增|编[印制写]|制作|"
    r"播|更换|拥有|抽[检查]|检查|覆盖|开设|认定|扶持|发展|种植|种|发放|申报|召开|支持|推出|规范|提供|派|有|为|能|纳入|部署|接入|培育|收集|整理|更新|命名|办|增|改造|扩建|升级|提升|提高|落实|确定|明确|入驻"
)
# 由12%提高到20%: what it was, not what it has to be
_WAS = (re.compile(r"[由从](?:[^,;。\n]{0,6})$"), re.compile(r"\s?(?:左右)?\s?(?:提|上升|增|扩|降|下降|压|减|缩)"))
_LINK = re.compile(r"(?:及?以上|以下|左右|以内)?\s*(?:和|与|及|、|,|或)?\s*")


@dataclass(frozen=True)
class Quantity:
    """Where it stands, with the words that belong to it (至少…以上), and what it asks."""

    start: int
    end: int
    comparator: str
    value: Fraction
    upper: Fraction | None
    unit: str
    sureness: str


def without_names(text: str) -> str:
    """The folded text, of the same length, with everything blotted out whose figures nothing has to reach."""
    plain = _MISREAD.sub(lambda match: match[0].translate(_AS_DIGITS), folded(text[:LONGEST_TEXT]))
    return _MASK.sub(lambda match: re.sub(r"[^\n]", "·", match[0]), plain)


def quantities(plain: str) -> list[Quantity]:
    """In a text that without_names() gave, in order."""
    found: list[Quantity] = []
    for match in islice(_QUANTITY.finditer(plain), MOST):
        if quantity := _judged(plain, match, found[-1] if found else None):
            found.append(quantity)
    found = _shared_signs(plain, found)
    words = [quantity for match in islice(_IN_WORDS.finditer(plain), MOST) if (quantity := _in_words(plain, match))]
    return sorted([*found, *words], key=lambda quantity: quantity.start)


def clause_start(plain: str, at: int) -> int:
    """Looked for within a bounded stretch, as everything here: no text may make it slow."""
    first = max(0, at - LONGEST_CLAUSE)
    return max(first, *(plain.rfind(mark, first, at) + 1 for mark in ",;。:\n"))


def clause_end(plain: str, at: int) -> int:
    last = min(len(plain), at + LONGEST_CLAUSE)
    return min([last, *(place for mark in ",;。\n" if (place := plain.find(mark, at, last)) >= 0)])


def sentence_start(plain: str, at: int) -> int:
    first = max(0, at - LONGEST_SENTENCE)
    return max(first, *(plain.rfind(mark, first, at) + 1 for mark in "。;\n"))


def sentence_end(plain: str, at: int) -> int:
    last = min(len(plain), at + LONGEST_SENTENCE)
    return min([last, *(place for mark in "。;\n" if (place := plain.find(mark, at, last)) >= 0)])


def _judged(plain: str, match: re.Match, before: Quantity | None) -> Quantity | None:
    """What the figure asks; None where it asks nothing."""
    unit = _SAME.get(match["unit"] or "", match["unit"] or "")
    if match["low"].endswith("/0") or "/0" in match["low"]:
        return None
    beginning = clause_start(plain, match.start())
    start = max(beginning, before.end if before else 0)
    signs = list(_BEFORE.finditer(plain, start, match.start()))
    sign = _SIGNS[signs[-1].lastgroup] if signs else ""
    chain = _CHAIN.match(plain, match.end())
    after = _AFTER.match(plain, chain.end() if chain else match.end())
    within = _WITHIN.match(plain, match.end()) if unit in _TIMES else None
    if within or (after and after["down"]):
        sign = sign if sign in ("<", "<=") else "<="
    elif after and not sign:
        sign = ">="
    if not _asks(plain, match, unit, sign, beginning):
        return None
    scale = {"%": 100, "‰": 1000}.get(unit, 1)
    value = exact(match["low"]) / scale
    upper = exact(match["high"]) / scale if match["high"] else None
    if upper is not None and upper < value:
        return None
    sureness = LOW if match["more"] or match["about"] else HIGH if sign or unit == "%" else MEDIUM
    end = match.end() if chain else after.end() if after else within.end() if within else match.end()
    return Quantity(match.start(), end, sign or ">=", value, upper, unit, sureness)


def _asks(plain: str, match: re.Match, unit: str, sign: str, beginning: int) -> bool:
    if _WAS[0].search(plain, beginning, match.start()) and _WAS[1].match(plain, match.end()):
        return False
    if not unit:
        near = _BEFORE.search(plain, max(beginning, match.start() - 6), match.start())
        return bool(sign and (near or "/" in match["low"])) and any(mark in match["low"] for mark in "./")
    if unit in ("%", "‰", "个百分点"):
        return True
    if unit in _TIMES or unit in "级届":
        return bool(sign)
    rest = re.split(r"[,;。:\n]", plain[match.end() : match.end() + 40], maxsplit=1)[0]
    before = plain[beginning : match.start()].strip()
    # a figure that ends its clause, or is all of it (a table's column), is what the clause is about
    return bool(sign) or not rest.strip() or bool(_DOES.search(before + rest))


def _shared_signs(plain: str, found: list[Quantity]) -> list[Quantity]:
    """6类10项以上 and 分别不低于77%和87%: figures side by side share what is asked of one of them."""
    result = list(found)
    for at in range(1, len(result)):
        left, right = result[at - 1], result[at]
        between = plain[left.end : right.start]
        if len(between) > 8 or not _LINK.fullmatch(between):
            continue
        own = _BEFORE.search(plain, clause_start(plain, left.start), left.start)
        if own and not _BEFORE.search(between):
            sign = _last_sign(plain, left.start)
            if sign in ("<", "<=", ">") and right.comparator == ">=":
                result[at] = Quantity(
                    right.start, right.end, sign, right.value, right.upper, right.unit, right.sureness
                )
        if not between and right.sureness == HIGH and left.sureness == MEDIUM:
            result[at - 1] = Quantity(
                left.start, left.end, right.comparator, left.value, left.upper, left.unit, right.sureness
            )
    return result


def _last_sign(plain: str, at: int) -> str:
    signs = list(_BEFORE.finditer(plain, clause_start(plain, at), at))
    return _SIGNS[signs[-1].lastgroup] if signs else ""


def _in_words(plain: str, match: re.Match) -> Quantity | None:
    """Chinese numerals only where a word asks for them: most of them belong to names."""
    after = _AFTER.match(plain, match.end())
    asked = _WORDS_NEED.search(plain, max(0, match.start() - 16), match.start())
    sign = _last_sign(plain, match.start())
    share = match["share"] or ""
    if not (asked or (after and after["up"]) or (share and (after or sign or share.startswith("百分之")))):
        return None
    if share:
        value = in_chinese(share)
        unit = "%" if share.startswith("百分之") or "成" in share else ""
    else:
        number = chinese_number(match["count"])
        value, unit = (None if number is None else Fraction(number)), match["unit"]
    if value is None:
        return None
    if after and after["down"]:
        sign = "<="
    return Quantity(match.start(), after.end() if after else match.end(), sign or ">=", value, None, unit, LOW)

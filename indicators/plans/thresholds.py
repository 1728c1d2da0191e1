"""The thresholds of an item's text: each figure with what it is said of."""

import re

from indicators.plans.departments import without_roles
from indicators.plans.proposal import HIGH, LOW, MEDIUM, Threshold
from indicators.plans.quantities import (
    Quantity,
    clause_end,
    clause_start,
    quantities,
    sentence_end,
    sentence_start,
    without_names,
)
from indicators.plans.scopes import Mention, following, implied, in_order, mentions, speaks_of_people

# a figure of this kind is said of the institutions last named, a number of people or of yuan is not
_CARRIED = ("%", "类", "项", "级")
LONGEST_PASSAGE = 160
LONGEST_SUBJECT = 60
NEIGHBOURS = 8
_RESPECTIVELY = re.compile(r"(?:分别|各)[^,;。\n]{0,12}$")
_AND = re.compile(r"、|和|与|以及")
_TAIL = re.compile(
    r"(?:老年人|儿童|孕产妇|妇女|居民|患者|人群|机构|中心|卫生院|服务站|卫生室|医院)的?(?P<tail>[^,;。]{2,30})$"
)
_JOINTS = ("、", "和", "与", "及", "，", ",")
_YEAR = r"(?:到|至|截至|力争)?(?:19|20)\d\d年(?:底|末|度|前)?的?"
_TRIM = re.compile(
    rf"^(?:[\s,;:：。、的和与及①-⑳]|力争|{_YEAR})+"
    rf"|(?:[\s,;:：、的和与及]|力争|分别|原则上|不得?(?:低于|少于|小于|超过|高于|多于)|至少|最少|≥|≤|>|<|=|超过|[高低大小多少]于(?:或?等于)?|达到?"
    rf"|[提上][高升][至到]|[下降]降?低?[至到]|控制在|保持在|稳定在|之间|目标值?为?|{_YEAR})+$"
)
# the years of 2025年、2026年分别达到…; and from what it is raised
_YEARS = re.compile(rf"(?:{_YEAR}[、和与及]?){{2,}}")
_BY_YEAR = re.compile(r"(20\d\d)年")
_LESS = re.compile(
    r"[由从](?:(?:19|20)\d\d年)?[^,;。由从]{0,10}[\d.]+%?(?:提高|提升|上升|增加|增长|扩大|下降|降低?|减少|压缩|缩短)[至到为].{0,10}$"
)


def thresholds_of(text: str) -> tuple[Threshold, ...]:
    """In the order of the text; who is responsible and dates are not looked at."""
    said = without_roles(text)
    plain = without_names(said)
    named = mentions(plain)
    found = quantities(plain)
    return tuple(_threshold(text, said, plain, named, found, at) for at in range(len(found)))


def _threshold(text: str, said: str, plain: str, named: list[Mention], found: list[Quantity], at: int) -> Threshold:
    quantity = found[at]
    scope, scope_from, sure = _scope(plain, named, found, at)
    return Threshold(
        comparator=quantity.comparator,
        value=quantity.value,
        unit=quantity.unit,
        passage=_passage(text, plain, quantity, scope_from),
        scope=scope,
        subject=_subject(said, plain, found, at),
        sureness=next((each for each in (LOW, MEDIUM) if each in (quantity.sureness, sure)), HIGH),
        upper=quantity.upper,
        year=_year(said, plain, found, at),
    )


def _year(said: str, plain: str, found: list[Quantity], at: int) -> str:
    """The year named for the figure: in front of it in its clause, or its place among the years shared out by 分别."""
    quantity = found[at]
    start = clause_start(plain, quantity.start)
    run = [each for each in found[max(0, at - NEIGHBOURS) : at + NEIGHBOURS] if start <= each.start <= quantity.start]
    first = run[0] if run else quantity
    shared = _BY_YEAR.findall(said[start : first.start])
    if len(shared) > 1:
        return shared[len(run) - 1] if len(run) <= len(shared) else ""
    own = _BY_YEAR.findall(said[run[-2].end if len(run) > 1 else start : quantity.start])
    return own[-1] if own else ""


def _scope(plain: str, named: list[Mention], found: list[Quantity], at: int) -> tuple[tuple[str, ...], int, str]:
    """Types, from where in the text, how sure: right behind the figure, in its clause, its sentence, the item."""
    quantity = found[at]
    start, end = clause_start(plain, quantity.start), clause_end(plain, quantity.end)
    if behind := following(plain, quantity.end, end):
        return behind.codes, start, HIGH
    if speaks_of_people(plain[start : quantity.start]):
        return ("county",), start, HIGH
    since = _said_before(plain, found, at, start)
    own = _between(named, since, quantity.start) or _between(named, start, quantity.start)
    if own := own or _between(named, quantity.end, end):
        return own, start, HIGH
    if thing := implied(plain[start:end]):
        return thing, start, MEDIUM
    if quantity.unit not in _CARRIED:
        return (), start, HIGH
    sentence = sentence_start(plain, start)
    while start > sentence:
        end, start = start - 1, clause_start(plain, start - 1)
        if own := _between(named, start, end):
            return own, start, HIGH
    earlier = [each for each in named if each.end <= sentence]
    if not earlier:
        return (), sentence, MEDIUM
    return _between(earlier, clause_start(plain, earlier[-1].start), sentence), sentence, MEDIUM


def _said_before(plain: str, found: list[Quantity], at: int, start: int) -> int:
    """From where in its clause: behind what an earlier figure asked of others, as in A开展6类、B开展4类."""
    for earlier in reversed(found[max(0, at - NEIGHBOURS) : at]):
        if earlier.start < start:
            break
        if found[at].start - earlier.end > 1 and not following(plain, earlier.end, earlier.end + LONGEST_SUBJECT):
            return earlier.end
    return start


def _between(named: list[Mention], start: int, end: int) -> tuple[str, ...]:
    return in_order(code for each in named if start <= each.start and each.end <= end for code in each.codes)


def _passage(text: str, plain: str, quantity: Quantity, scope_from: int) -> str:
    """The sentence; of a long one from where it says of whom to the end of the clause."""
    start, end = sentence_start(plain, quantity.start), sentence_end(plain, quantity.end)
    if end - start > LONGEST_PASSAGE:
        start, end = max(start, min(scope_from, quantity.start)), clause_end(plain, quantity.end)
    if end - start > LONGEST_PASSAGE:
        start, end = clause_start(plain, quantity.start), min(end, quantity.end + LONGEST_PASSAGE // 2)
        start = max(start, quantity.start - LONGEST_PASSAGE // 2)
    return text[start:end].strip(" \n；;，,、")


def _subject(text: str, plain: str, found: list[Quantity], at: int) -> str:
    """The words of its clause that it is said of; figures side by side (6类10项) share theirs."""
    quantity = found[at]
    start, end = clause_start(plain, quantity.start), clause_end(plain, quantity.end)
    run = [each for each in found[max(0, at - NEIGHBOURS) : at + NEIGHBOURS] if start <= each.start < end]
    place = run.index(quantity)
    if len(run) > 1 and _RESPECTIVELY.search(plain, start, run[0].start):
        return _one_of(text[start : run[0].start], place, len(run))
    first, last = place, place
    while first and run[first].start - run[first - 1].end <= 1:
        first -= 1
    while last + 1 < len(run) and run[last + 1].start - run[last].end <= 1:
        last += 1
    before = text[run[first - 1].end if first else start : run[first].start]
    after = text[run[last].end : run[last + 1].start if last + 1 < len(run) else end]
    if following(plain, quantity.end, end):  # so many of the institutions: all that they have to do
        return _trimmed(text[quantity.end : end])[:LONGEST_SUBJECT]
    if first and before.endswith(_JOINTS):
        before = ""
    if after.startswith(_JOINTS):  # what the next figure is said of
        after = ""
    words = _trimmed(before) + _trimmed(after)
    if not words and start:  # the figure alone, or with its year: as in a table's column
        words = _earlier(text, plain, found, start)
    return words[:LONGEST_SUBJECT]


def _earlier(text: str, plain: str, found: list[Quantity], start: int) -> str:
    """What the clauses before speak of: of 2027年达到20%，2028年达到30% the second figure is said of the same."""
    for _ in range(NEIGHBOURS):
        end, start = start - 1, clause_start(plain, start - 1)
        own = [each.start for each in found if start <= each.start < end]
        if words := _trimmed(text[start : own[0] if own else end]):
            return words
        if start <= sentence_start(plain, end):
            break
    return ""


def _one_of(lead: str, which: int, of: int) -> str:
    """老年人和儿童健康管理率分别: 老年人健康管理率, 儿童健康管理率."""
    words = _trimmed(_YEARS.sub("", lead))
    names = [name.strip() for name in _AND.split(words)]
    if len(names) < of:
        return words[:LONGEST_SUBJECT]
    names = names[-of:]
    tail = _TAIL.search(names[-1])
    common = tail["tail"] if tail else ""
    return (names[which] if which == of - 1 else names[which] + common)[:LONGEST_SUBJECT]


def _trimmed(words: str) -> str:
    words = _LESS.sub("", re.sub(r"[(（\[【]?·+[)）\]】]?", "", words))
    while (shorter := _TRIM.sub("", words.strip().replace("，", ","))) != words:
        words = shorter
    return words

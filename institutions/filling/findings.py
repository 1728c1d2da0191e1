"""What is wrong with an institution's figures (faults: no submission), and what needs a word of explanation (cautions).

The same functions serve while somebody types, at submission, and the reviewer. Pure.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from indicators.enums import ValueType
from institutions.filling.cells import Unread, read_cell
from institutions.filling.thresholds import Threshold
from institutions.period import Period
from institutions.values import value_text

# more than this share of the last period's figure is a swing; and at least so much of the unit, so that two doctors
# instead of one need no explanation
SWING, SMALLEST_SWING = Fraction(3, 10), 3
# a share that lies so little above what a plan asks looks made to fit (0.1 of a percentage point)
CLOSE = Fraction(1, 1000)
_MISSING_NAMED = 5
# the key of the caution about fields that are empty
MISSING = "missing"
# the key of a caution about a figure that came back and was not changed begins so; its code follows
RETURNED = "returned:"


@dataclass(frozen=True)
class Finding:
    """`key` stays the same while the figures change, so that an explanation keeps its place. `elements`: codes."""

    key: str
    elements: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Rule:
    """One check of the dictionary, compiled. `holds`: values -> True, False, or None where something is missing."""

    expression: str
    message: str
    elements: tuple[str, ...]
    holds: Callable[[Mapping], bool | None]


@dataclass(frozen=True)
class Rulebook:
    """What the figures of one type of institution are held against; see queries.rulebook."""

    # the fields of its form, in order: elements by code
    fields: Mapping[str, object]
    errors: Sequence[Rule]
    cautions: Sequence[Rule]
    thresholds: Sequence[Threshold]


@dataclass(frozen=True)
class Background:
    """What an institution's figures are compared with. `previous`: its values of `period`, the last one before."""

    period: str = ""
    previous: Mapping = None
    # name of another institution of its type with the very same numbers; "" where there is none
    twin: str = ""
    # why figures were returned that are still what they were then: element code, "" for the whole report, -> reason
    untouched: Mapping[str, str] = field(default_factory=dict)


def faults(rules: Rulebook, values: Mapping, unread: Mapping) -> list[Finding]:
    """What has to be mended before the report can be submitted."""
    found = [_unread(rules.fields[code], text) for code, text in unread.items() if code in rules.fields]
    return found + [
        Finding(
            f"rule:{rule.expression}", rule.elements, f"{rule.message}（{_figures(rules, rule.elements, values)}）。"
        )
        for rule in rules.errors
        if rule.holds(values) is False
    ]


def cautions(rules: Rulebook, values: Mapping, background: Background, unread: Collection[str] = ()) -> list[Finding]:
    """What may be right but needs a word of explanation.

    `unread`: codes of what could not be read: that is a fault, and not missing.
    """
    found = _untouched(rules, background, unread)
    found += [
        Finding(
            f"rule:{rule.expression}", rule.elements, f"{rule.message}（{_figures(rules, rule.elements, values)}）。"
        )
        for rule in rules.cautions
        if rule.holds(values) is False
    ]
    found += _swings(rules, values, background)
    found += _close_to_thresholds(rules, values)
    if background.twin:
        text = f"各项数字与“{background.twin}”完全相同，请核对是否抄填。"
        found.append(Finding("twin", (), text))
    return found + _missing(rules, values, unread)


def _unread(element, text: str) -> Finding:
    try:
        read_cell(element, text)
    except Unread as error:
        return Finding(f"unread:{element.code}", (element.code,), f"{element.name}：{error}")
    return Finding(f"unread:{element.code}", (element.code,), f"{element.name}：请重新填写“{text}”。")


def _figures(rules: Rulebook, codes: Iterable[str], values: Mapping) -> str:
    named = (rules.fields[code] for code in codes)
    return "，".join(f"{element.name} {_text(element, values.get(element.code))}" for element in named)


def _text(element, value) -> str:
    return value_text(element.value_type, element.choices, value) or ""


def _untouched(rules: Rulebook, background: Background, unread: Collection[str]) -> list[Finding]:
    reasons = {code: " ".join(reason.split()).rstrip("。") for code, reason in background.untouched.items()}
    found = [
        Finding(f"{RETURNED}{code}", (code,), f"退回的“{element.name}”没有改动{_why(reasons[code])}")
        for code, element in rules.fields.items()
        if code in reasons and code not in unread
    ]
    if "" in reasons:
        found.append(Finding(RETURNED, (), f"整份退回后没有改动{_why(reasons[''])}"))
    return found


def _why(reason: str) -> str:
    return f"（理由：{reason}），请说明为什么不改。"


def _swings(rules: Rulebook, values: Mapping, background: Background) -> list[Finding]:
    found = []
    for code, element in rules.fields.items():
        now, before = values.get(code), (background.previous or {}).get(code)
        if element.value_type not in (ValueType.INTEGER, ValueType.DECIMAL) or now is None or before is None:
            continue
        change = Fraction(now) - Fraction(before)
        if abs(change) < SMALLEST_SWING or abs(change) <= SWING * abs(Fraction(before)):
            continue
        figures = [f"{_text(element, value)} {element.unit}" for value in (before, now)]
        text = f"{element.name}由 {figures[0]}变为 {figures[1]}，{_percent(change, Fraction(before))}"
        period = Period.parse(background.period)
        found.append(Finding(f"swing:{code}", (code,), f"{text}（与{period}相比超过 ±30%）。"))
    return found


def _percent(change: Fraction, before: Fraction) -> str:
    if not before:
        return "上期为 0"
    return f"{'增加' if change > 0 else '减少'} {_apart(abs(change) / before * 100, SWING * 100)}%"


def _close_to_thresholds(rules: Rulebook, values: Mapping) -> list[Finding]:
    found = {}
    for threshold in rules.thresholds:
        share = threshold.share(values)
        if share is None or not threshold.target <= share <= threshold.target + CLOSE:
            continue
        asked = f"{_rounded(threshold.target * 100, 2)}%"
        how = "正好是" if share == threshold.target else f"为 {_apart(share * 100, threshold.target * 100)}%，仅略高于"
        names = "、".join(rules.fields[code].name for code in threshold.part.factors)
        text = f"{names}的占比{how}要求的 {asked}（指标 {threshold.criterion}），请核对原始数据。"
        # several criteria may ask for the same share: one explanation does
        key = f"share:{'+'.join(threshold.elements)}:{asked}"
        found.setdefault(key, Finding(key, threshold.elements, text))
    return list(found.values())


def _missing(rules: Rulebook, values: Mapping, unread: Collection[str]) -> list[Finding]:
    empty = [element for code, element in rules.fields.items() if values.get(code) is None and code not in unread]
    if not empty:
        return []
    named = "、".join(element.name for element in empty[:_MISSING_NAMED])
    more = f"等 {len(empty)} 项" if len(empty) > _MISSING_NAMED else ""
    text = f"{named}{more}没有填。没有数据和 0 不同：是 0 请填 0，确实没有数据请说明原因。"
    return [Finding(MISSING, tuple(element.code for element in empty), text)]


def _apart(number: Fraction, limit: Fraction) -> str:
    """Of a number above the limit: with as many decimals, one at least, as it takes to be seen there."""
    texts = (_rounded(number, places) for places in range(1, 13))
    return next((text for text in texts if Fraction(text) > limit), _rounded(number, 12))


def _rounded(number: Fraction, places: int) -> str:
    """Of a number that is not negative; half up."""
    whole = (number.numerator * 10**places * 2 // number.denominator + 1) // 2
    return format((Decimal(whole) / 10**places).normalize(), "f")

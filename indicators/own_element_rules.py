"""What an element of a county's own must be like: whole, and told apart from every other one."""

import re
from collections.abc import Iterable

from indicators.contents import ElementContent
from indicators.enums import InstitutionType, ValueType
from indicators.formula import ElementSpec
from indicators.formula.chinese_words import (
    CLOSING,
    COMPARATOR_OF,
    CONNECTIVE_OF,
    FUNCTION_OF,
    FUNCTIONS,
    OPENING,
    QUOTES,
    plain,
)
from indicators.formula.parser import KEYWORDS
from indicators.models import Element
from indicators.services import Refused
from tcm_demo.lib.text import is_unseen

_FIGURES = (ValueType.INTEGER, ValueType.DECIMAL)
_WORDS = {plain(word) for word in (*FUNCTION_OF, *CONNECTIVE_OF, *COMPARATOR_OF, *FUNCTIONS, *KEYWORDS)}
_NUMBER = re.compile(r"[0-9.%]+")
_MOST = 2**31 - 1
MOST_CHOICES = 30
CHOICE_LENGTH = 40


def refuse_unsound(given: ElementContent, others: Iterable[Element]) -> None:
    """Raises Refused with the first thing that is wrong. `others`: the elements that it has to be told apart from."""
    for name, label in (("name", "名称"), ("group", "分组")):
        if not getattr(given, name).strip():
            raise Refused(f"请填写{label}。")
    for name, label in (("name", "名称"), ("group", "分组"), ("unit", "单位")):
        _refuse_long(getattr(given, name), label, name)
    for alias in given.aliases:
        _refuse_long(alias, "别名", "name")
    _refuse_twins(given, others)
    if given.value_type not in ValueType.values:
        raise Refused("请选择类型。")
    if not given.reported_by or set(given.reported_by) - set(InstitutionType.values):
        raise Refused("请选择由哪些机构填报，至少一类。")
    _refuse_range(given)
    _refuse_choices(given)


def spec_of_content(given: ElementContent) -> ElementSpec:
    choices = {int(number): label for number, label in given.choices.items()}
    return ElementSpec(given.code, given.name, given.value_type, given.unit, frozenset(given.reported_by), choices)


def _refuse_long(text: str, label: str, field: str) -> None:
    limit = Element._meta.get_field(field).max_length
    if len(text) > limit:
        raise Refused(f"{label}“{text[:10]}…”超过 {limit} 个字。")
    if any(map(is_unseen, text)):
        raise Refused(f"{label}里有看不见的控制字符，请删去后重新填写。")


def _refuse_twins(given: ElementContent, others: Iterable[Element]) -> None:
    """A heading of a ledger, and a name in a formula, has to lead to one element."""
    taken = {plain(text): each for each in others for text in (each.name, *each.aliases, each.code)}
    own: set[str] = set()
    for text in (given.name, *given.aliases):
        key = plain(text)
        if any(sign in text for sign in OPENING + CLOSING + QUOTES):
            raise Refused(f"名称、别名“{text}”里不能有【】、方括号和引号，公式里要用它们。")
        if not key or key in _WORDS or _NUMBER.fullmatch(key):
            raise Refused(f"“{text}”在公式里另有用处，不能作名称、别名，请改一个。")
        if other := taken.get(key):
            whose = "本县自设的" if other.owner else "共用的"
            raise Refused(f"“{text}”与{whose}数据元“{other.name}”的名称或别名相同，请改一个，或直接用那个数据元。")
        if key in own:
            raise Refused(f"名称、别名里“{text}”写了两次，请删去一个。")
        own.add(key)


def _refuse_range(given: ElementContent) -> None:
    limits = [limit for limit in (given.minimum, given.maximum) if limit is not None]
    if limits and given.value_type not in _FIGURES:
        raise Refused("只有整数和小数才有最小值、最大值。")
    if any(abs(limit) > _MOST for limit in limits):
        raise Refused(f"最小值、最大值不能超过 {_MOST}。")
    if len(limits) == 2 and given.minimum > given.maximum:
        raise Refused("最小值大于最大值，请改正其中一个。")


def _refuse_choices(given: ElementContent) -> None:
    if given.value_type != ValueType.CHOICE:
        if given.choices:
            raise Refused("只有类型是“选项”的数据元才有选项。")
        return
    labels = list(given.choices.values())
    if not 2 <= len(labels) <= MOST_CHOICES:
        raise Refused(f"请填写 2 至 {MOST_CHOICES} 个选项，一行一个，由低到高。")
    for label in labels:
        if not label.strip() or len(label) > CHOICE_LENGTH or any(map(is_unseen, label)):
            raise Refused(f"选项“{label[:10]}”不能用：每个 1 至 {CHOICE_LENGTH} 个字，不含看不见的字符。")
        if any(sign in label for sign in QUOTES):
            raise Refused(f"选项“{label}”里不能有引号。")
    if len({plain(label) for label in labels}) < len(labels):
        raise Refused("选项写重了，请删去一个。")

"""Reads the dictionary of data elements (fixtures/elements.yaml) and names every fault in it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from indicators.contents import CheckContent, DictionaryContent, ElementContent
from indicators.enums import CheckLevel, InstitutionType, ValueType
from indicators.formula import ElementSpec, FormulaError, check_condition, names, parse
from indicators.formula.chinese_words import plain
from indicators.formula.parser import KEYWORDS
from indicators.formula.tree import AGGREGATES
from indicators.models import Element, ElementCheck
from indicators.yaml_file import read_yaml
from indicators.yaml_lines import Fault, Fields

Specs = dict[str, ElementSpec]

_CODE = re.compile(r"[a-z][a-z0-9_]*")
# what the codes of elements begin with that counties make for themselves
OWN_PREFIX = "own_"
_RESERVED = (*AGGREGATES, *KEYWORDS)


@dataclass
class DictionaryFile:
    """`specs` holds the sound elements; `doubtful` the codes of the others, on which no formula is judged."""

    content: DictionaryContent = field(default_factory=lambda: DictionaryContent([], []))
    specs: Specs = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    readable: bool = False


def read_dictionary(path: Path, faults: list[Fault]) -> DictionaryFile:
    """The file's elements and checks; faults are added to `faults`."""
    result = DictionaryFile()
    top = read_yaml(path, faults)
    if top is None:
        return result
    fields = top.fields("文件", ("elements", "checks"))
    result.readable = fields.get("elements") is not None
    add_entries(fields, result, faults)
    return result


def add_entries(fields: Fields, result: DictionaryFile, faults: list[Fault], *, own: bool = False) -> None:
    """Read the `elements` and `checks` of a file into `result`; `own`: those that a county made for itself."""
    names = _Names()
    for position, place in enumerate(fields.places("elements"), 1):
        before = len(faults)
        entry = place.fields(
            place.named("数据元", "code", position),
            ("code", "name", "group", "type", "reported_by"),
            ("unit", "definition", "aliases", "choices", "minimum", "maximum"),
        )
        element = _read_element(entry, own)
        names.claim(element, entry)
        result.content.elements.append(element)
        if len(faults) > before:
            result.doubtful.add(element.code)
        else:
            result.specs[element.code] = spec_of(element)
    for position, place in enumerate(fields.places("checks"), 1):
        entry = place.fields(place.named("校验", "rule", position), ("rule", "message"), ("level", "types"))
        _read_check(entry, result)


def spec_of(element: ElementContent) -> ElementSpec:
    return ElementSpec(
        code=element.code,
        name=element.name,
        value_type=element.value_type,
        unit=element.unit,
        reported_by=frozenset(element.reported_by),
        choices={int(key): label for key, label in element.choices.items()},
    )


def _read_element(fields: Fields, own: bool) -> ElementContent:
    code = fields.text("code", _limit("code"))
    if code and not _CODE.fullmatch(code):
        fields.fault("bad_code", f"代码“{code}”只能用小写字母、数字和下划线，以字母开头。", "code")
    elif code.startswith(OWN_PREFIX) and not own:
        fields.fault("bad_code", f"以 {OWN_PREFIX} 开头的代码留给县（区）自设的数据元，请改一个。", "code")
    elif own and code and not code.startswith(OWN_PREFIX):
        fields.fault("bad_code", f"县（区）自设的数据元，代码以 {OWN_PREFIX} 开头，请改一个。", "code")
    elif code in _RESERVED:
        fields.fault("bad_code", f"“{code}”是公式里的函数或连接词，不能作代码。", "code")
    value_type = fields.word("type", ValueType.values)
    minimum, maximum = _read_range(fields, value_type)
    return ElementContent(
        code=code,
        name=fields.text("name", _limit("name")),
        group=fields.text("group", _limit("group")),
        value_type=value_type,
        unit=fields.text("unit", _limit("unit")),
        definition=fields.text("definition"),
        reported_by=fields.words("reported_by", InstitutionType.values),
        aliases=fields.texts("aliases", _limit("name")),
        choices=_read_choices(fields, value_type),
        minimum=minimum,
        maximum=maximum,
    )


def _read_range(fields: Fields, value_type: str) -> tuple[int | None, int | None]:
    """A figure starts at 0 unless the file says otherwise; `null` means without limit."""
    is_figure = value_type in (ValueType.INTEGER, ValueType.DECIMAL)
    limits = {"minimum": 0 if is_figure else None, "maximum": None}
    for key in limits:
        place = fields.get(key)
        if place is None:
            continue
        if value_type and not is_figure:
            fields.fault("not_a_figure", f"{fields.what}不是数字，不能有 {key}。", key)
        limits[key] = None if place.is_null() else fields.integer(key)
    if None not in limits.values() and limits["minimum"] > limits["maximum"]:
        fields.fault("empty_range", f"{fields.what}的最小值大于最大值。", "minimum")
    return limits["minimum"], limits["maximum"]


def _read_choices(fields: Fields, value_type: str) -> dict[str, str]:
    place = fields.get("choices")
    if place is None:
        if value_type == ValueType.CHOICE:
            fields.fault("missing_key", f"{fields.what}是选项，缺少“choices”。", "type")
        return {}
    if value_type and value_type != ValueType.CHOICE:
        fields.fault("not_a_choice", f"{fields.what}不是选项，不能有 choices。", "choices")
    choices: dict[str, str] = {}
    for key, label in place.pairs(f"{fields.what}的“choices”"):
        number = key.integer(f"{fields.what}的选项编号")
        text = label.text(f"{fields.what}的选项名称", verbatim=True)
        if number is not None and number < 0:
            key.fault("bad_choice", f"{fields.what}的选项编号不能是负数。")
        elif str(number) in choices or text in choices.values():
            key.fault("duplicate", f"{fields.what}的选项“{number}: {text}”与前面的重复。")
        elif number is not None and text:
            choices[str(number)] = text
    return choices


def _read_check(fields: Fields, result: DictionaryFile) -> None:
    rule = fields.text("rule", ElementCheck._meta.get_field("expression").max_length)
    message = fields.text("message", ElementCheck._meta.get_field("message").max_length)
    if any(rule == check.expression for check in result.content.checks):
        fields.fault("duplicate", f"{fields.what}写了两次。", "rule")
    if rule:
        for error in formula_faults(rule, lambda specs: check_condition(rule, specs), result):
            fields.fault("formula", f"{fields.what}{error}", "rule")
    level = fields.word("level", CheckLevel.values) if fields.get("level") else CheckLevel.ERROR.value
    types = fields.words("types", InstitutionType.values) if fields.get("types") else []
    result.content.checks.append(CheckContent(rule, message, level, types))


def formula_faults(text: str, check: Callable[[Specs], list[FormulaError]], dictionary: DictionaryFile):
    """What is wrong with a formula: its writing, then what `check(specs)` finds.

    Where it reads an element whose own entry is at fault, or the dictionary cannot be read, only the writing is
    judged: mending those comes first.
    """
    try:
        codes = names(parse(text))
    except FormulaError as error:
        return [error]
    if not dictionary.readable or dictionary.doubtful.intersection(codes):
        return []
    return check(dictionary.specs)


class _Names:
    """Codes, names and other names over the whole dictionary; a heading has to lead to one element."""

    def __init__(self):
        self.codes: set[str] = set()
        self.owners: dict[str, str] = {}

    def claim(self, element: ElementContent, fields: Fields) -> None:
        if element.code in self.codes:
            fields.fault("duplicate", f"数据元代码“{element.code}”重复。", "code")
        elif element.code:
            self.codes.add(element.code)
        for key, name in (("name", element.name), *(("aliases", alias) for alias in element.aliases)):
            owner = self.owners.get(plain(name))
            if owner is not None:
                fields.fault("duplicate", f"数据元 {element.code} 的名称或别名“{name}”已用于 {owner}，请改一个。", key)
            elif name:
                self.owners[plain(name)] = element.code


def _limit(field_name: str) -> int:
    return Element._meta.get_field(field_name).max_length

"""A formula as the office writes it: 合计(【中医诊疗人次】) / 合计(【总诊疗人次】). Pure.

Codes and English words stay valid. A fault of the notation is shown at its place in the Chinese text.
"""

import re
from collections.abc import Iterable, Mapping

from indicators.formula.checks import Elements, check_condition, check_criterion
from indicators.formula.chinese_reader import ChineseFault, Reader, Reading, choices_beside
from indicators.formula.chinese_words import QUOTES, WRITTEN, Names, written
from indicators.formula.parser import FormulaError

MAX_TEXT = 3000
_TOKEN = re.compile(r"(?P<word>[A-Za-z_]\w*)|(?P<number>[0-9.]+%?)|(?P<sign>>=|<=|==|[<>])|(?P<space>\s+)|.", re.DOTALL)
_TARGET = "目标："


def to_chinese(notation: str, elements: Elements) -> str:
    """The notation in Chinese words; what is not understood stays as it is."""
    tokens = [(found.lastgroup, found[0]) for found in _TOKEN.finditer(notation)]
    telling = [i for i, (kind, _) in enumerate(tokens) if kind != "space"]
    labels, names = _labels(tokens, telling, elements), Names(elements, {})
    texts = []
    for i, (kind, token) in enumerate(tokens):
        if i in labels:
            texts.append(f"“{labels[i]}”")
        elif kind in ("word", "sign"):
            texts.append(WRITTEN.get(token) or _element(token, names))
        elif kind != "space" or not texts or texts[-1] != WRITTEN["not"]:
            texts.append(token)
    return "".join(texts)


def _element(token: str, names: Names) -> str:
    """By its name, where that leads back to it."""
    name = written(token, names.elements)
    return name if name != token and names.code(names.elements[token].name) == token else token


def _labels(tokens, telling: list[int], elements: Elements) -> dict[int, str]:
    """The numbers that stand for a choice, by their place among the tokens."""
    labels = {}
    for k, i in enumerate(telling):
        if tokens[i][0] == "number" and (choices := choices_beside(tokens, telling, k, elements)):
            label = choices.get(int(tokens[i][1]) if tokens[i][1].isdigit() else -1, "")
            if label and label == label.strip() and not any(sign in label for sign in QUOTES + "\r\n"):
                labels[i] = label
    return labels


def from_chinese(text: str, elements: Elements, aliases: Mapping[str, str] | None = None) -> Reading:
    """Reads any text; never raises. `aliases`: other names of elements, each with the element's code."""
    if len(text) > MAX_TEXT:
        fault = ChineseFault(MAX_TEXT, len(text) - MAX_TEXT, f"公式太长，最多 {MAX_TEXT} 个字。")
        return Reading("", [fault], [])
    return Reader(text, Names(elements, aliases or {})).reading()


def check_formula(
    formula: Reading, target: Reading, scope: Iterable[str], elements: Elements
) -> tuple[list[ChineseFault], list[ChineseFault]]:
    """(faults of a criterion's formula, faults of its target), each at its place in the Chinese text."""
    scope = list(scope)
    in_formula, in_target = formula.faults, target.faults
    if not in_formula:
        found = check_criterion(formula.notation, "0", scope, elements)
        in_formula = [formula.fault_of(fault, elements) for fault in found]
    if not in_target:
        found = check_criterion("sum(0)", target.notation, scope, elements)
        found = [FormulaError(e.message[len(_TARGET) :], e.position) for e in found if e.message.startswith(_TARGET)]
        in_target = [target.fault_of(fault, elements) for fault in found]
    return in_formula, in_target


def check_rule(rule: Reading, elements: Elements) -> list[ChineseFault]:
    """Faults of a condition on one institution's figures, each at its place in the Chinese text."""
    if rule.faults:
        return rule.faults
    return [rule.fault_of(fault, elements) for fault in check_condition(rule.notation, elements)]

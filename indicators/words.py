"""A criterion in the words of the bureau: whom it is for, how it is computed, what it asks."""

from collections.abc import Sequence

from indicators.enums import Comparator, InstitutionType
from indicators.formula import ALL, describe, parse
from indicators.formula.checks import Elements
from indicators.formula.tree import Number


def scope_words(scope: Sequence[str]) -> str:
    """`社区卫生服务站、村卫生室`, or `全部机构`."""
    if ALL in scope:
        return "全部机构"
    return "、".join(InstitutionType(each).label for each in scope)


def formula_words(expression: str, elements: Elements) -> str:
    """`中医诊疗人次合计 ÷ 总诊疗人次合计`."""
    return describe(parse(expression), elements)


def target_words(comparator: str, target: str, unit: str, elements: Elements) -> str:
    """`不低于 35%`, `不低于 0.6 人`; a target that the county plans by itself is named: `不低于 规划目标：医护比`."""
    tree = parse(target)
    words = describe(tree, elements)
    if isinstance(tree, Number) and unit and not words.endswith("%"):
        words = f"{words} {unit}"
    return f"{Comparator(comparator).label} {words}"

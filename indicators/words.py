"""Criteria and requirements in the words of the bureau: whom they are for, what they ask, how it is computed."""

from collections.abc import Sequence

from indicators.enums import Comparator, InstitutionType, SeenAs, YearRule
from indicators.formula import ALL, describe, parse
from indicators.formula.checks import Elements
from indicators.formula.tree import Number
from indicators.models import EvidenceRequirement


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


def requirement_words(requirement: EvidenceRequirement, departments: Sequence[str] = ()) -> str:
    """`区卫生健康局 · 本年度 · 每家乡镇卫生院、社区卫生服务中心各 1 份 · 看原件`.

    From whom (the requirement's own departments, else `departments`, such as the item's), of which year, how many
    where that is not one, and how it is seen where that is not by a file.
    """
    providers = requirement.departments or departments
    parts = ["、".join(providers), YearRule(requirement.year).label, _number_words(requirement)]
    if requirement.seen_as != SeenAs.DOCUMENT:
        parts.append(SeenAs(requirement.seen_as).label)
    return " · ".join(part for part in parts if part)


def _number_words(requirement: EvidenceRequirement) -> str:
    if requirement.institution_types:
        return f"每家{scope_words(requirement.institution_types)}各 {requirement.needed} 份"
    return f"{requirement.needed} 份" if requirement.needed > 1 else ""

"""Whether a parsed formula makes sense: known elements, fitting types, aggregates where they belong. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from indicators.formula.parser import FormulaError, parse
from indicators.formula.tree import (
    CONDITION_AGGREGATES,
    Aggregate,
    Arithmetic,
    Comparison,
    Expr,
    Logic,
    Name,
    Negative,
    Not,
    Number,
    aggregates,
    children,
    names,
    walk,
)

ALL = "all"


@dataclass(frozen=True)
class ElementSpec:
    """What a formula has to know of a data element. `value_type`: integer, decimal, boolean or choice."""

    code: str
    name: str
    value_type: str
    unit: str = ""
    reported_by: frozenset[str] = frozenset()
    choices: Mapping[int, str] = field(default_factory=dict, hash=False, compare=False)


Elements = Mapping[str, ElementSpec]


def check_criterion(expression: str, target: str, scope: Iterable[str], elements: Elements) -> list[FormulaError]:
    """All faults of a criterion's expression and target; empty where both are sound."""
    try:
        tree = parse(expression)
        faults = _check_over_institutions(tree, elements)
        if not faults and not aggregates(tree):
            faults.append(FormulaError("公式没有汇总函数（sum、count、share、min、max、mean）。", 0))
        if not faults:
            faults.extend(_check_scope(tree, set(scope), elements))
    except FormulaError as error:
        faults = [error]
    try:
        in_target = _check_over_institutions(parse(target), elements)
    except FormulaError as error:
        in_target = [error]
    return faults + [FormulaError(f"目标：{fault.message}", fault.position) for fault in in_target]


def check_condition(text: str, elements: Elements) -> list[FormulaError]:
    """All faults of a condition on one institution's figures."""
    try:
        tree = parse(text)
    except FormulaError as error:
        return [error]
    faults: list[FormulaError] = []
    if _type_in_institution(tree, elements, faults) != "boolean" and not faults:
        faults.append(FormulaError("这里应是一个条件（比较或是否），不是一个数。", 0))
    return faults


def _check_over_institutions(expr: Expr, elements: Elements) -> list[FormulaError]:
    """Faults of the top of a formula: arithmetic over aggregates and numbers."""
    faults: list[FormulaError] = []
    if isinstance(expr, Aggregate):
        kind = _type_in_institution(expr.operand, elements, faults)
        wanted = "boolean" if expr.function in CONDITION_AGGREGATES else "number"
        if not faults and not names(expr.operand):
            faults.append(FormulaError(f"{expr.function} 里没有数据元。", expr.pos))
        elif not faults and kind != wanted:
            need = "条件（比较或是否）" if wanted == "boolean" else "数"
            faults.append(FormulaError(f"{expr.function} 里应是{need}。", expr.operand.pos))
    elif isinstance(expr, Name):
        faults.append(FormulaError(f"数据元“{expr.code}”要放在汇总函数里，如 sum({expr.code})。", expr.pos))
    elif isinstance(expr, Comparison | Logic | Not):
        faults.append(FormulaError("比较和 and、or、not 只能写在 count、share 里面。", expr.pos))
    else:
        for child in children(expr):
            faults.extend(_check_over_institutions(child, elements))
    return faults


def _check_scope(tree: Expr, scope: set[str], elements: Elements) -> list[FormulaError]:
    """An element that nobody in scope reports would leave the criterion unknown for ever."""
    if ALL in scope:
        return []
    first = {node.code: node.pos for node in reversed(list(walk(tree))) if isinstance(node, Name)}
    return [
        FormulaError(f"适用机构都不填报数据元“{elements[code].name}”。", first[code])
        for code in names(tree)
        if not elements[code].reported_by & scope
    ]


def _type_in_institution(expr: Expr, elements: Elements, faults: list[FormulaError]) -> str:
    """`number` or `boolean`; faults found on the way are added to `faults`."""
    if isinstance(expr, Number):
        return "number"
    if isinstance(expr, Name):
        return _type_of_element(expr, elements, faults)
    if isinstance(expr, Aggregate):
        faults.append(FormulaError("汇总函数不能套在汇总函数或条件里。", expr.pos))
        return "boolean" if expr.function in CONDITION_AGGREGATES else "number"
    wanted = "boolean" if isinstance(expr, Logic | Not) else "number"
    for child in children(expr):
        before = len(faults)
        kind = _type_in_institution(child, elements, faults)
        if kind != wanted and len(faults) == before:
            faults.append(_type_fault(expr, child))
    return "number" if isinstance(expr, Arithmetic | Negative) else "boolean"


def _type_of_element(expr: Name, elements: Elements, faults: list[FormulaError]) -> str:
    element = elements.get(expr.code)
    if element is None:
        faults.append(FormulaError(f"没有“{expr.code}”这个数据元。", expr.pos))
        return "number"
    return "boolean" if element.value_type == "boolean" else "number"


def _type_fault(expr: Expr, child: Expr) -> FormulaError:
    if isinstance(expr, Logic | Not):
        return FormulaError("and、or、not 只能连接条件，这里是一个数。", child.pos)
    return FormulaError("这里要一个数，却是一个“是否”。", child.pos)

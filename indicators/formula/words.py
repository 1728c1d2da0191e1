"""A formula in words: with the names of its elements, or with values filled in. Pure."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from indicators.formula.checks import Elements
from indicators.formula.tree import (
    Aggregate,
    Comparison,
    Expr,
    Logic,
    Name,
    Negative,
    Not,
    Number,
    names,
)

SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "=", "+": "+", "-": "−", "*": "×", "/": "÷"}
_LOGIC = {"and": "且", "or": "或"}
_AGGREGATES = {
    "sum": "{}合计",
    "min": "{}最小值",
    "max": "{}最大值",
    "mean": "{}平均值",
    "count": "{}的机构数",
    "share": "{}的机构占比",
}
# how tightly a node binds; a looser one inside a tighter one needs brackets
_BINDING = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6}


def describe(expr: Expr, elements: Elements) -> str:
    """The formula with Chinese names: `中医诊疗人次合计 ÷ 总诊疗人次合计`."""
    return _write(expr, elements, lambda node: _aggregate(node, elements))


def fill_in(expr: Expr, values: Mapping[Aggregate, Fraction | None], show: Callable[[Fraction], str]) -> str:
    """The formula with the value of each aggregate in its place: `66 ÷ 193`; an unknown one is `？`."""
    return _write(expr, {}, lambda node: "？" if values.get(node) is None else show(values[node]))


def _aggregate(node: Aggregate, elements: Elements) -> str:
    inner = describe(node.operand, elements)
    if node.function in ("count", "share"):
        inner = f"“{inner}”"
    elif node.function == "sum" and all(elements[c].reported_by == {"county"} for c in names(node.operand)):
        return inner  # one institution alone reports it: nothing is added up
    elif not isinstance(node.operand, Name):
        inner = f"（{inner}）"
    return _AGGREGATES[node.function].format(inner)


def _write(expr: Expr, elements: Elements, aggregate: Callable[[Aggregate], str]) -> str:
    def write(node: Expr, around: int = 0) -> str:
        text = _leaf(node, elements, aggregate)
        if text is not None:
            return text
        if isinstance(node, Negative):
            return f"−{write(node.operand, 7)}"
        if isinstance(node, Not):
            return f"不满足（{write(node.operand)}）"
        if isinstance(node, Comparison):
            return _comparison(node, elements, write)
        binding = _BINDING[node.op]
        sign = _LOGIC[node.op] if isinstance(node, Logic) else SIGNS[node.op]
        # a right operand of equal binding keeps its brackets: a - (b - c)
        words = f"{write(node.left, binding)} {sign} {write(node.right, binding + 1)}"
        return f"（{words}）" if binding < around else words

    return write(expr)


def _leaf(node: Expr, elements: Elements, aggregate: Callable[[Aggregate], str]) -> str | None:
    if isinstance(node, Number):
        return node.text
    if isinstance(node, Name):
        return elements[node.code].name if node.code in elements else node.code
    if isinstance(node, Aggregate):
        return aggregate(node)
    return None


def _comparison(node: Comparison, elements: Elements, write: Callable) -> str:
    """A choice is compared by the name of the choice: 医院等级 ≥ 二级甲等."""
    left, right = write(node.left, 5), write(node.right, 5)
    for here, there in ((node.left, node.right), (node.right, node.left)):
        choices = elements[here.code].choices if isinstance(here, Name) and here.code in elements else {}
        if choices and isinstance(there, Number) and there.value in choices:
            if there is node.right:
                right = choices[int(there.value)]
            else:
                left = choices[int(there.value)]
    return f"{left} {SIGNS[node.op]} {right}"

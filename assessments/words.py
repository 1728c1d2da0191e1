"""The sentences about results: what is missing, in the bureau's words. One place for pages, PDF and Excel."""

from collections.abc import Iterable
from fractions import Fraction

from assessments.scoring.display import figure
from indicators.formula import ElementSpec, aggregates, conjuncts, describe, names, parse
from indicators.formula.tree import Arithmetic, Name

STATUS = {
    "met": "达标",
    "nearly": "基本达标",
    "unmet": "未达标",
    "incomplete": "数据不全",
    "undecided": "数据不全",
    "no_data": "无数据",
    "not_applicable": "不适用",
    # of one institution in a pooled criterion
    "fits": "满足",
    "misfits": "不满足",
    "above": "不低于目标",
    "below": "低于目标",
    "counted": "计入合计",
}
COMPARATOR = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "==": "="}
NOT_OFFICIAL = "本系统自评（非官方评分）"
NOT_OFFICIAL_POINTS = "本系统自评得分（非官方评分）"


def exact(text: str | None) -> Fraction | None:
    """A stored exact figure ("12/13") as a number."""
    return None if text is None else Fraction(text)


def shortfall_words(shortfall: dict | None, expression: str, elements: dict[str, ElementSpec]) -> str:
    """`还差 2 家机构`, `还差 3 名中医类别执业（助理）医师`; empty where nothing is missing or no number says it."""
    if not shortfall:
        return ""
    if shortfall["kind"] == "institutions":
        return f"还差 {shortfall['count']:,} 家机构"
    return f"还差 {amount_words(shortfall['convert'], expression, elements)}"


def shortfall_detail(shortfall: dict | None, expression: str, elements: dict[str, ElementSpec]) -> str:
    """Both ways to make up for an amount, in a sentence; empty where there is only one."""
    if not shortfall or shortfall["kind"] != "amount" or shortfall["add"] is None:
        return ""
    convert, add = (amount_words(shortfall[way], expression, elements) for way in ("convert", "add"))
    return f"总数不变时需转化或调整 {convert}；在总数之外新增则需 {add}。"


def amount_words(amount: int, expression: str, elements: dict[str, ElementSpec]) -> str:
    """So many of what the formula's first sum counts: of one data element `3 次（召开联席会议）`; where it adds up
    several, in the unit that they share, `5 次`, or else `5 项次`; a bare number where it does more than add."""
    counted = aggregates(parse(expression))[0].operand
    if not isinstance(counted, Name):
        return f"{amount:,} {_unit_of_sum(counted, elements)}".rstrip()
    element = elements[counted.code]
    name = element.name.removeprefix("其中")
    if element.unit == "人":
        return f"{amount:,} 名{name.removesuffix('数')}"
    return f"{amount:,} {element.unit}（{name.removesuffix(f'{element.unit}数').removesuffix('数')}）"


def _unit_of_sum(counted, elements: dict[str, ElementSpec]) -> str:
    return (_unit(counted, elements).strip() or "项次") if _only_adds(counted) else ""


def _only_adds(tree) -> bool:
    if isinstance(tree, Arithmetic):
        return tree.op == "+" and _only_adds(tree.left) and _only_adds(tree.right)
    return isinstance(tree, Name)


def gap_words(expression: str, gap: dict, elements: dict[str, ElementSpec], *, brief: bool = False) -> str:
    """What one institution lacks under one demand of a share's condition: `要求 某项数 ≥ 6，现为 4 项，还差 2 项`.

    `brief`, for lists below the formula: where the condition is that one demand, only `现为 4 项，还差 2 项`.
    """
    demands = conjuncts(parse(expression).operand)
    demand = demands[gap["demand"]]
    if gap["unknown"]:
        return missing_words(gap["unknown"], elements)
    if isinstance(demand, Name):
        return f"{elements[demand.code].name}：否"
    words = describe(demand, elements)
    if gap["convert"] is None:
        return f"不满足：{words}"
    if choice := _choice(demand, exact(gap["value"]), elements):
        return f"要求 {words}，现为 {choice}"
    unit = _unit(demand, elements)
    value = f"{figure(exact(gap['value']))}{unit}"
    more = f"，新增则需 {gap['add']:,}{unit}" if gap["add"] not in (None, gap["convert"]) else ""
    demanded = "" if brief and len(demands) == 1 else f"要求 {words}，"
    return f"{demanded}现为 {value}，还差 {gap['convert']:,}{unit}{more}"


def _choice(demand, value: Fraction, elements: dict[str, ElementSpec]) -> str:
    """The name of the choice that `value` stands for, where the comparison is of one choice."""
    codes = names(demand)
    return elements[codes[0]].choices.get(value, "") if len(codes) == 1 else ""


def _unit(demand, elements: dict[str, ElementSpec]) -> str:
    """The unit of what a comparison compares, where it has but one."""
    units = {elements[code].unit for code in names(demand)}
    return f" {units.pop()}" if len(units) == 1 else ""


def missing_words(codes: Iterable[str], elements: dict[str, ElementSpec]) -> str:
    """What an institution has left empty: `未填报：中医类别执业（助理）医师数`."""
    return f"未填报：{'、'.join(elements[code].name for code in codes)}"


def coverage_words(reported: int, due: int) -> str:
    return f"已报 {reported:,}/{due:,}"

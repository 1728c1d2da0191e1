"""What the page of a criterion says: levels, ways to begin, and where in a text its faults lie."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.scoring.shortfall import as_ratio
from indicators.contents import CriterionContent
from indicators.enums import Comparator, Level
from indicators.formula import parse
from indicators.formula.chinese import ChineseFault
from indicators.formula.tree import Aggregate, Number

LEVELS = {
    Level.HARD: "达到了，条目才算达标。",
    Level.SOFT: "文件里是“鼓励”“力争”的：没达到只提示，不影响达标。",
    Level.INFO: "只显示数值，供参考。",
}


@dataclass(frozen=True)
class Start:
    """A way to begin: what stands in the formula, comparator, target and unit; 【】 waits for an element."""

    code: str
    label: str
    sentence: str
    formula: str
    target: str
    unit: str = ""
    comparator: str = Comparator.GE.value

    @property
    def initial(self) -> dict:
        return {name: getattr(self, name) for name in ("formula", "target", "unit", "comparator")}


STARTS = [
    Start("share", "占比", "有某项的机构占多少", "占比(【】)", "100%", "%"),
    Start("ratio", "比例", "两个合计数之比", "合计(【】) / 合计(【】)", "35%", "%"),
    Start("sum", "数量", "全县合计多少", "合计(【】)", "4"),
    Start("each", "每家至少", "每家机构都不少于多少", "占比(【】 ≥ 6)", "100%", "%"),
    Start("count", "家数", "多少家机构有某项", "家数(【】)", "1", "家"),
]


def start_of(code: str | None) -> Start | None:
    return next((start for start in STARTS if start.code == code), None)


def marked(text: str, faults: Iterable[ChineseFault]) -> list[tuple[str, bool]]:
    """The text in pieces, with whether each is at fault; a fault at the end of the text marks an empty piece."""
    pieces, at = [], 0
    for fault in sorted(faults, key=lambda fault: fault.position):
        if fault.position >= at:
            end = fault.position + fault.length
            pieces += [(text[at : fault.position], False), (text[fault.position : end], True)]
            at = end
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0] or piece[1]]


def cautions_of(criterion: CriterionContent, *, has_target: bool) -> list[str]:
    """What may be meant otherwise; the formula and the target must be sound."""
    tree, target = parse(criterion.expression), parse(criterion.target)
    is_share = isinstance(tree, Aggregate) and tree.function == "share"
    if not is_share and not (as_ratio(tree) and criterion.unit == "%"):
        return []
    found = []
    if is_share and criterion.unit != "%":
        found.append("占比的单位请填 %，结果才按百分数显示。")
    if has_target and isinstance(target, Number) and target.value > 1:
        found.append(f"目标 {target.text} 相当于 {target.value * 100}%。百分数请带上 %，例如 {target.text}%。")
    return found

"""Puts a plan's figure to a criterion that is known already: the same formula, with the plan's number in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from indicators.formula.parser import FormulaError, parse
from indicators.formula.tree import Aggregate, Arithmetic, Comparison, Expr, Number, names, walk
from indicators.plans.lines import folded
from indicators.plans.proposal import HIGH, LOW, MEDIUM, PlanItem, Threshold
from indicators.plans.scopes import in_order

AGREES = 0.6  # of a name's words that have to stand in the passage
LEFT_OUT = 0.5  # points that a figure left out costs
_GRADE = re.compile(r"[一二三]级以上")
_QUOTIENT = re.compile(r"人次|占.{0,14}(?:比例|比重|总数|总量|的比)")
AT_LEAST_SAID = 0.3  # of them right with the figure
# what people write for one another
_SAME_UNITS = [{"名", "人"}, {"次", "场", "场次", "期"}, {"种", "份"}, {"个", "家", "所"}]
_INSTITUTIONS = re.compile(
    r"社区卫生服务中心|社区卫生服务站|社区卫生服务机构|基层医疗卫生机构|基层医疗机构|乡镇卫生院|镇卫生院|村卫生室|社区中心|社区站|区中医院|县中医院|中医医院|"
    r"妇幼保健院|综合医院|卫生院"
)
_HOLLOW = re.compile(
    r"占比|比例|人次|达到|以上|至少|其中|设置|建有|配备|开展|规范|\d+%?|[（(）)、，。数率达的有 ]|设(?![备施])"
)


@dataclass(frozen=True)
class KnownCriterion:
    """Of a stored standard. `element_names`: code -> name and aliases; `element_units`: code -> unit."""

    name: str
    level: str
    scope: Sequence[str]
    expression: str
    comparator: str
    target: str
    unit: str
    element_names: Mapping[str, Sequence[str]]
    element_units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fit:
    """A criterion to propose; `known` is the one it was made from, `inside`: the number went into the condition."""

    name: str
    level: str
    scope: tuple[str, ...]
    expression: str
    comparator: str
    target: str
    unit: str
    known: KnownCriterion
    inside: bool
    sureness: str


def fit(threshold: Threshold, item: PlanItem, known: Sequence[KnownCriterion]) -> Fit | None:
    """The one that fits best; None where no known criterion asks for such a figure of such institutions."""
    found = fits(threshold, item, known)
    if not found:
        return None
    best, *others = found
    read = set(elements_in(best.expression))
    if best.sureness == HIGH and any(
        each.inside != best.inside and set(elements_in(each.expression)) == read for each in others
    ):
        return replace(best, sureness=MEDIUM)  # of all of them together, or of each: both are asked for somewhere
    return best


def fits(threshold: Threshold, item: PlanItem, known: Sequence[KnownCriterion]) -> list[Fit]:
    """All that fit, the best first: one figure may be asked of several things (设置中医科、中药房)."""
    ranked = []
    for position, criterion in enumerate(known):
        near = _nearness(threshold.scope, criterion.scope)
        if near is None:
            continue
        words = _agreement(threshold, item, criterion)
        if made := _made(threshold, item, criterion, words, near):
            points = 1.5 * words.said + 0.5 * words.explained + near + _said_of_it(threshold, item, made)
            rank = (round(points, 3), criterion.level == "hard", -position)
            ranked.append((rank, made))
    return [made for _, made in sorted(ranked, key=lambda entry: entry[0], reverse=True)]


def _said_of_it(threshold: Threshold, item: PlanItem, made: Fit) -> float:
    """Less for each figure that stands together with this one and that the criterion has no place for."""
    numbers = [node.value for node in walk(parse(made.expression)) if isinstance(node, Number)]
    numbers += [node.value for node in walk(parse(made.target)) if isinstance(node, Number)]
    left_out = sum(each.value not in numbers for each in _beside(threshold, item))
    return -LEFT_OUT * left_out - (LEFT_OUT if _grades(threshold) != ("grade" in made.expression) else 0)


def _grades(threshold: Threshold) -> bool:
    """二级以上…医院: not all of them are meant."""
    return bool(_GRADE.search(threshold.subject or threshold.passage))


def as_text(value: Fraction, unit: str) -> str:
    """9/10 with % -> 90%, 3/5 -> 0.6; what no decimal can say stays a quotient."""
    number = value * 100 if unit == "%" else value
    denominator = number.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        return str(value)
    written = f"{number.numerator / number.denominator:.9f}".rstrip("0").rstrip(".")
    return written + ("%" if unit == "%" else "")


def _made(
    threshold: Threshold, item: PlanItem, criterion: KnownCriterion, words: "_Agreement", near: float
) -> Fit | None:
    """With the figures that stand together put in: how many institutions as the target, of how much each inside."""
    try:
        tree = parse(criterion.expression)
    except FormulaError:
        return None
    if isinstance(tree, Arithmetic) and tree.op == "-":
        return None  # how much more than another figure, and not how much
    conditions = _conditions(tree)
    inside = not counts_institutions(threshold) and any(_asks_same(node, threshold, criterion) for node in conditions)
    if not inside and (not same_unit(threshold.unit, criterion.unit) or re.search("[a-z]", criterion.target)):
        return None  # another kind of figure, or a target that is itself a figure that is reported
    together = [threshold, *_beside(threshold, item)]
    shares = [each for each in together if counts_institutions(each)]
    edits = _edits(criterion, conditions, [each for each in together if not counts_institutions(each)])
    if len(edits) < 2 * len(conditions):
        return None  # a condition would keep a number that this plan does not state
    if (
        not conditions
        and isinstance(tree, Aggregate)
        and tree.function == "share"
        and _QUOTIENT.search(threshold.subject)
    ):
        return None  # a part of people or visits, and not of institutions that have something
    if words.whole < AGREES and not (len(conditions) > 1 and words.said >= AT_LEAST_SAID):
        return None
    stated = shares[0] if conditions and len(shares) == 1 else None if inside else threshold
    common = set(threshold.scope) & set(criterion.scope)
    sureness = _sureness(threshold, words, near, "grade" in criterion.expression)
    unsaid = inside and not shares  # of how many of them, or of all together: the plan does not say
    return Fit(
        name=_renamed(criterion.name, edits),
        level=criterion.level,
        scope=in_order(common) if common and criterion.expression.startswith("share(") else tuple(criterion.scope),
        expression=_edited(criterion.expression, edits),
        comparator=stated.comparator if stated else criterion.comparator,
        target=as_text(stated.value, stated.unit) if stated else criterion.target,
        unit=criterion.unit,
        known=criterion,
        inside=inside,
        sureness=MEDIUM if unsaid and sureness == HIGH else sureness,
    )


def _sureness(threshold: Threshold, words: "_Agreement", near: float, grades: bool) -> str:
    if threshold.sureness == LOW or not threshold.scope or words.explained < 0.25:
        return LOW
    agrees = words.said >= 0.8 and words.explained >= 0.34 and near >= 1 and grades == _grades(threshold)
    return HIGH if agrees and threshold.sureness == HIGH else MEDIUM


def _conditions(tree: Expr) -> list[Comparison]:
    """The conditions with a number that are asked of each institution."""
    return [
        node
        for aggregate in walk(tree)
        if isinstance(aggregate, Aggregate) and aggregate.function in ("share", "count")
        for node in walk(aggregate.operand)
        if isinstance(node, Comparison) and _limit(node)
    ]


def _nearness(wanted: Sequence[str], of: Sequence[str]) -> float | None:
    """1 for the same types, less for fewer in common, None for none; 0.3 where the plan does not say of whom."""
    if not wanted:
        return 0.3
    if list(of) == ["all"]:
        return 0.5
    common = set(wanted) & set(of)
    return len(common) / len(set(wanted) | set(of)) if common else None


@dataclass(frozen=True)
class _Agreement:
    """0 to 1. `said`: how much of a name stands right with the figure; `whole`: words further off counted in;
    `explained`: how much of what stands with the figure the names account for."""

    said: float
    whole: float
    explained: float


def _agreement(threshold: Threshold, item: PlanItem, criterion: KnownCriterion) -> _Agreement:
    """The best of the criterion's name and its elements' names."""
    said = _pairs(threshold.subject) | ({"等级"} if threshold.unit == "级" else set())
    near, far = _pairs(threshold.passage), _pairs(item.text)
    of_elements = [criterion.element_names.get(code, ()) for code in elements_in(criterion.expression)]
    # of a quotient the first element is what is counted; of a list of conditions any may be meant
    counted = of_elements[:1] if "/" in criterion.expression else of_elements
    names_of = [criterion.name, *(name for own in counted for name in own)]
    telling = [pairs for name in names_of if (pairs := _pairs(_INSTITUTIONS.sub("，", name)))]
    best = max(((len(p & said) / len(p), _whole(p, said, near, far)) for p in telling), default=(0.0, 0.0))
    own = _pairs(_INSTITUTIONS.sub("，", threshold.subject))
    account = set().union(*telling, *(_pairs(name) for own_names in of_elements for name in own_names))
    return _Agreement(*best, len(own & account) / len(own) if own else 0.0)


def _whole(telling: set[str], said: set[str], near: set[str], far: set[str]) -> float:
    if len(telling & said) < len(telling) * AT_LEAST_SAID:
        return 0.0
    around = (telling & near) - said
    elsewhere = (telling & far) - said - near
    return (len(telling & said) + 0.8 * len(around) + 0.5 * len(elsewhere)) / len(telling)


def elements_in(expression: str) -> tuple[str, ...]:
    """Codes of the elements that a formula reads; none where it is not well written."""
    try:
        return names(parse(expression))
    except FormulaError:
        return ()


def _pairs(text: str) -> set[str]:
    plain = folded(text).replace("医联体", "医共体")
    pieces = re.split(r"[^\u4e00-\u9fff]+", _HOLLOW.sub(" ", plain))
    return {piece[at : at + 2] for piece in pieces for at in range(len(piece) - 1)}


def _limit(node: Comparison) -> Number | None:
    """The number that a condition compares with: of x >= 6, and of x >= 25% * y."""
    numbers = [each for each in walk(node.right) if isinstance(each, Number)]
    return numbers[0] if len(numbers) == 1 and numbers[0].value != 0 else None


def _asks_same(node: Comparison, threshold: Threshold, criterion: KnownCriterion) -> bool:
    """Whether the figure is of the kind that this condition compares."""
    limit = _limit(node)
    is_part = limit.text.endswith("%")
    if threshold.unit == "%" or is_part:
        return threshold.unit == "%" and is_part
    units = [_unit_of(code, criterion) for code in names(node.left)]
    return any(same_unit(threshold.unit, unit) for unit in units)


def _unit_of(code: str, criterion: KnownCriterion) -> str:
    if unit := criterion.element_units.get(code):
        return unit
    for name in criterion.element_names.get(code, ()):
        if match := re.search(r"(类|项|种|次|期|个|张)数$|(人)?数$", name):
            return match[1] or "人"
    return ""


def same_unit(one: str, other: str) -> bool:
    return one == other or any({one, other} <= same for same in _SAME_UNITS)


def counts_institutions(threshold: Threshold) -> bool:
    """100%的社区卫生服务中心…, 村卫生室100%能…: so many of them, not so much of something in each."""
    if threshold.unit != "%" or not _INSTITUTIONS.match(
        re.sub(r"^(?:[一二三]级以上|[区县]级|公立)+", "", threshold.subject)
    ):
        return False
    written = re.escape(as_text(threshold.value, "%"))
    behind = rf"{written}(?:及?以上)?的?(?:(?:[一二三]级以上|[区县]级|公立)*)(?:{_INSTITUTIONS.pattern})"
    before = rf"(?:{_INSTITUTIONS.pattern}){written}(?:及?以上)?(?!的|[及以]?上?的)"
    return bool(re.search(f"{behind}|{before}", folded(threshold.passage)))


def _beside(threshold: Threshold, item: PlanItem) -> list[Threshold]:
    """The figures that stand together with it: the 100% and the 10项 of 100%的…开展6类10项."""
    return [
        other
        for other in item.thresholds
        if other is not threshold
        and other.passage == threshold.passage
        and (set(other.scope) & set(threshold.scope) or other.scope == threshold.scope)
        and (other.subject == threshold.subject or counts_institutions(other) != counts_institutions(threshold))
    ]


def _edits(criterion: KnownCriterion, conditions: list[Comparison], figures: list[Threshold]) -> list[tuple]:
    """(where, how long, new, unit) for each condition of whose kind a figure is stated."""
    edits: list[tuple[int, int, str, str]] = []
    for node in conditions:
        figure = next((each for each in figures if _asks_same(node, each, criterion)), None)
        if figure:
            limit = _limit(node)
            edits.append((limit.pos, len(limit.text), as_text(figure.value, figure.unit), figure.unit))
            operator = re.match(r">=|<=|==|≥|≤|>|<", criterion.expression[node.pos :])
            edits.append((node.pos, len(operator[0]) if operator else 0, figure.comparator, ""))
    old = {(at, length): criterion.expression[at : at + length] for at, length, _, _ in edits}
    return [(at, length, new, unit, old[at, length]) for at, length, new, unit in sorted(edits, reverse=True)]


def _edited(expression: str, edits: list[tuple]) -> str:
    for at, length, new, _, _ in edits:
        expression = expression[:at] + new + expression[at + length :]
    return expression


def _renamed(name: str, edits: list[tuple]) -> str:
    """A name that says the old number says the new one."""
    for _, _, new, unit, old in edits:
        if unit and old != new:
            name = re.sub(
                rf"(?<![\d.]){re.escape(old.removesuffix('%'))}(?=\s*{re.escape(unit)})", new.removesuffix("%"), name
            )
    return name

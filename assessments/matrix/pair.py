"""One county's figures under two standards, mostly two versions of one: which items and criteria come out differently.

A standard that the county works towards has its stored result; any other is computed now, and nothing is stored. What
was handed in belongs to the standard that it was handed in for: where the other one asks for the very same, it counts
there too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from assessments.content import CriterionContent, criterion_content
from assessments.models import Standing
from assessments.queries import evidence_states
from assessments.scoring.display import figure
from assessments.scoring.items import STATUSES
from assessments.standing_services import score
from assessments.words import STATUS, exact
from indicators.contents import CriterionContent as Criterion
from indicators.contents import ItemContent
from indicators.differences.compare import ItemDifference, compare, paired_criteria, paired_evidence
from indicators.differences.matching import Pair
from indicators.formula import ElementSpec
from indicators.models import Standard
from indicators.queries import content_of, element_specs
from institutions.models import County

BETTER, WORSE, OTHER, SAME = "better", "worse", "other", "same"
OLD_ALONE, NEW_ALONE = "old", "new"
CHANGES = {BETTER: "变好", WORSE: "变差", OTHER: "有变化", SAME: "不变", OLD_ALONE: "仅前者有", NEW_ALONE: "仅后者有"}
# between those that are equal neither is the better one: lacking figures is no worse than failing
_RANKS = {"met": 2, "nearly": 1}


@dataclass(frozen=True)
class Side:
    """`computed_at` is that of the stored result; None where it was computed for this page. `carried`: with what was
    handed in for the other standard."""

    standard: Standard
    result: Mapping
    computed_at: datetime | None
    carried: bool = False


@dataclass(frozen=True)
class Count:
    """A figure of the headline on both sides. `change`: better, worse or same; "" where more is neither."""

    label: str
    old: str
    new: str
    difference: str
    change: str


@dataclass(frozen=True)
class CriterionPair:
    """None on the side whose standard does not have it."""

    old: CriterionContent | None
    new: CriterionContent | None

    @property
    def either(self) -> CriterionContent:
        return self.new or self.old

    @property
    def change(self) -> str:
        if self.old is None or self.new is None:
            return NEW_ALONE if self.old is None else OLD_ALONE
        if self.old.status != self.new.status:
            return _change(self.old.status, self.new.status)
        shown = [(each.value, each.target, each.comparator, each.level, each.scope) for each in (self.old, self.new)]
        return SAME if shown[0] == shown[1] else OTHER

    @property
    def word(self) -> str:
        return CHANGES[self.change]


@dataclass(frozen=True)
class ItemPair:
    """Statuses and points are empty on the side whose standard does not have the item."""

    item: ItemDifference
    old_status: str
    new_status: str
    old_points: str
    new_points: str
    points_differ: bool
    criteria: tuple[CriterionPair, ...]

    @property
    def number(self) -> str:
        return f"{self.item.old.number} → {self.item.new.number}" if self.item.moved else self.either.number

    @property
    def either(self):
        return self.item.new or self.item.old

    @property
    def change(self) -> str:
        if self.alone:
            return OLD_ALONE if self.item.old else NEW_ALONE
        if self.old_status != self.new_status:
            return _change(self.old_status, self.new_status)
        if self.points_differ or any(pair.change != SAME for pair in self.criteria):
            return OTHER
        return SAME

    @property
    def alone(self) -> bool:
        """Only one of the standards has it."""
        return self.item.old is None or self.item.new is None

    @property
    def word(self) -> str:
        return CHANGES[self.change]


@dataclass(frozen=True)
class PairContent:
    old: Side
    new: Side
    counts: tuple[Count, ...]
    items: tuple[ItemPair, ...]

    def number_of(self, change: str) -> int:
        return sum(item.change == change for item in self.items)


def pair_content(county: County, period: str, old: Standard, new: Standard) -> PairContent:
    """A fixed number of queries, however large the standards are."""
    found = compare(content_of(old), content_of(new))
    sides = _Sides(county, period, (old, new))
    both = (
        sides.of(old, new, [(item.new, item.old) for item in found.items]),
        sides.of(new, old, [(item.old, item.new) for item in found.items]),
    )
    results = [{item["number"]: item for item in side.result["items"]} for side in both]
    elements = element_specs()
    items = tuple(_item(each, *results, elements) for each in found.items)
    return PairContent(*both, tuple(_counts(*(side.result for side in both))), items)


class _Sides:
    def __init__(self, county: County, period: str, standards: Iterable[Standard]):
        self.county, self.period = county, period
        campaigns = county.campaigns.filter(standard__in=list(standards))
        self.worked_towards = set(campaigns.values_list("standard_id", flat=True))
        stored = Standing.objects.filter(county=county, period=period, standard__in=self.worked_towards)
        self.stored = {each.standard_id: each for each in stored.only("standard_id", "result", "computed_at")}

    def of(self, standard: Standard, other: Standard, items: Iterable[Pair[ItemContent]]) -> Side:
        """`items`: those of the other standard with those of this one."""
        if standing := self.stored.get(standard.pk):
            return Side(standard, standing.result, standing.computed_at)
        evidence = None
        if standard.pk not in self.worked_towards and other.pk in self.worked_towards:
            states = evidence_states(self.county, other, self.period)
            evidence = dict(_carried(states, items))
        result = score(self.county, standard, self.period, evidence).result
        return Side(standard, result, None, carried=evidence is not None)


def _carried(states: Mapping[str, str], items: Iterable[Pair[ItemContent]]) -> Iterable[tuple[str, str]]:
    """The states of requirements that the other standard has word for word, by its codes for them."""
    for there, here in items:
        for one, other in paired_evidence(there, here) if there and here else ():
            if one and other and replace(one, code=other.code) == other and one.code in states:
                yield other.code, states[one.code]


def _change(old: str, new: str) -> str:
    before, after = _RANKS.get(old, 0), _RANKS.get(new, 0)
    if before == after:
        return OTHER
    return BETTER if after > before else WORSE


def _counts(old: Mapping, new: Mapping) -> Iterable[Count]:
    before, after = old["summary"], new["summary"]
    yield _count("条目", before["items"], after["items"])
    for status in STATUSES:
        better = 1 if status == "met" else -1 if status == "unmet" else 0
        yield _count(STATUS[status], before[status], after[status], better)
    yield _count("得分", exact(before["points"]), exact(after["points"]), 1)


def _count(label: str, old: Fraction | int, new: Fraction | int, better: int = 0) -> Count:
    """`better`: 1 where more is better, -1 where less is."""
    change = SAME if old == new else "" if not better else BETTER if (new > old) == (better > 0) else WORSE
    more = figure(Fraction(new) - Fraction(old))
    difference = "" if old == new else more if more.startswith("−") else f"+{more}"
    return Count(label, figure(Fraction(old)), figure(Fraction(new)), difference, change)


def _item(item: ItemDifference, old: Mapping, new: Mapping, elements: Mapping[str, ElementSpec]) -> ItemPair:
    sides = [part and results[part.number] for part, results in ((item.old, old), (item.new, new))]
    points = [figure(exact(side["earned"])) if side else "" for side in sides]
    if item.old and item.new:
        pairs = paired_criteria(item.old, item.new)
    else:
        pairs = [(each, None) if item.old else (None, each) for each in (item.old or item.new).criteria]
    return ItemPair(
        item,
        *(side["status"] if side else "" for side in sides),
        *points,
        any(side is None for side in sides) or sides[0]["earned"] != sides[1]["earned"],
        tuple(
            CriterionPair(*(_criterion(part, side, elements) for part, side in zip(pair, sides, strict=True)))
            for pair in pairs
        ),
    )


def _criterion(
    part: Criterion | None, result: Mapping | None, elements: Mapping[str, ElementSpec]
) -> CriterionContent | None:
    if part is None:
        return None
    return criterion_content(part, next(each for each in result["criteria"] if each["code"] == part.code), elements)

"""From criteria and evidence to items and the headline (scoring.md rules 10 to 12). Pure; stdlib only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessments.scoring.finish import CriterionResult

STATUSES = ("met", "nearly", "unmet", "incomplete")


@dataclass(frozen=True)
class ItemSpec:
    """An item as data: its criteria's and its required evidence's codes. `points` None: an equal share of 100."""

    number: str
    criteria: tuple[str, ...]
    required_evidence: tuple[str, ...]
    points: Fraction | None = None


@dataclass(frozen=True)
class EvidenceCount:
    required: int
    accepted: int
    failing: int

    @property
    def open(self) -> int:
        return self.required - self.accepted - self.failing


@dataclass(frozen=True)
class ItemResult:
    number: str
    status: str
    points: Fraction
    earned: Fraction
    evidence: EvidenceCount
    criteria: tuple[CriterionResult, ...]


@dataclass(frozen=True)
class Summary:
    items: int
    met: int
    nearly: int
    unmet: int
    incomplete: int
    points: Fraction


def score_items(
    items: Sequence[ItemSpec], results: Sequence[CriterionResult], evidence: Mapping[str, str]
) -> list[ItemResult]:
    """The result of every item. `evidence`: state (accepted, failing) by requirement code; one not there is open."""
    by_code = {result.spec.code: result for result in results}
    return [
        _score(item, tuple(by_code[code] for code in item.criteria), evidence, Fraction(100, len(items)))
        for item in items
    ]


def summarise(items: Sequence[ItemResult]) -> Summary:
    count = {status: sum(item.status == status for item in items) for status in STATUSES}
    return Summary(len(items), **count, points=sum((item.earned for item in items), Fraction(0)))


def _score(item: ItemSpec, criteria: tuple[CriterionResult, ...], evidence, equal_share: Fraction) -> ItemResult:
    states = [evidence.get(code) for code in item.required_evidence]
    count = EvidenceCount(len(states), states.count("accepted"), states.count("failing"))
    hard = [c.status for c in criteria if c.spec.level == "hard" and c.status != "not_applicable"]
    points = item.points if item.points is not None else equal_share
    demanded = len(hard) + count.required
    earned = points * (hard.count("met") + count.accepted) / demanded if demanded else Fraction(0)
    return ItemResult(item.number, _status(hard, count), points, earned, count, criteria)


def _status(hard: list[str], evidence: EvidenceCount) -> str:
    if "unmet" in hard or evidence.failing:
        return "unmet"
    all_hard_met = all(status == "met" for status in hard)
    if not hard and not evidence.required:
        return "incomplete"  # nothing was shown, so nothing is claimed
    if all_hard_met and not evidence.open:
        return "met"
    return "nearly" if hard and all_hard_met else "incomplete"

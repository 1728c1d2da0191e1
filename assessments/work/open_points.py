"""What is still open until an item is met, in words, and who has to see to it. No database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from assessments.content import CriterionContent, ItemContent
from assessments.enums import EvidenceState, PlacementState
from assessments.evidence.states import RequirementState
from assessments.evidence.words import requirement_light
from assessments.models import Placement
from assessments.work.queries import LocalDepartment
from indicators.enums import SeenAs

OFFICE = "创建办"
# so many names stand in one sentence
_NAMED = 5
# a deadline is near from so many days before
NEAR = 7


@dataclass(frozen=True)
class OpenPoint:
    """One thing that keeps the item from being met. `sign` and `word`: its light; `lacks`: why, in sentences; `who`:
    the departments that have to see to it; `anchor`: where on the item's page it stands; `each`: the requirement's
    code where institutions lack theirs."""

    sign: str
    word: str
    what: str
    lacks: tuple[str, ...]
    who: tuple[str, ...]
    anchor: str
    each: str = ""


def open_points(
    item: ItemContent,
    states: Mapping[str, RequirementState],
    departments: Mapping[str, LocalDepartment],
    institutions: Mapping[str, str],
) -> list[OpenPoint]:
    """In the order in which the page shows them: evidence, then criteria. Empty where the item is met.

    `states` by the requirement's code; `departments`: local names by the standard's; `institutions`: names by code, of
    those that some requirement lacks, for paper; a page that has a list of them gives none.
    """
    lead = _local(item.lead, departments)
    points = [
        _of_evidence(state, lead, departments, institutions)
        for state in states.values()
        if state.requirement.required and state.applies and state.state != EvidenceState.ACCEPTED
    ]
    return points + [_of_criterion(criterion, lead) for criterion in item.criteria if criterion.holds_back]


def lacking_codes(states: Iterable[RequirementState]) -> set[str]:
    """Codes of the institutions whose names `open_points` needs."""
    return {code for state in states for code in state.to_bring[:_NAMED]}


def deadline_words(due_on: date | None, today: date) -> tuple[str, str]:
    """(late | near | "", 已逾期 5 天 | 今天到期 | 还有 3 天); ("", "") without a deadline."""
    if due_on is None:
        return "", ""
    days = (due_on - today).days
    if days < 0:
        return "late", f"已逾期 {-days:,} 天"
    return ("near" if days <= NEAR else ""), (f"还有 {days:,} 天" if days else "今天到期")


def _of_criterion(criterion: CriterionContent, lead: tuple[str, ...]) -> OpenPoint:
    lacks = [criterion.lack_text, criterion.shortfall_detail]
    if criterion.unknown and criterion.target is not None:
        lacks.append(f"{len(criterion.unknown):,} 家机构缺数据")
    return OpenPoint(
        criterion.status,
        criterion.status_label,
        f"{criterion.code} {criterion.name}",
        tuple(filter(None, lacks)),
        lead,
        f"criterion-{criterion.code}",
    )


def _of_evidence(
    state: RequirementState,
    lead: tuple[str, ...],
    departments: Mapping[str, LocalDepartment],
    institutions: Mapping[str, str],
) -> OpenPoint:
    requirement = state.requirement
    waiting = [each for each in state.placements if each.state == PlacementState.UPLOADED]
    returned = [each for each in state.placements if each.state == PlacementState.RETURNED]
    theirs = () if rests_with_office(state) else _local(requirement.departments, departments) or lead
    sign, word = requirement_light(state)
    return OpenPoint(
        sign,
        word,
        requirement.text,
        tuple(_lacks(state, waiting, returned, institutions)),
        (*theirs, OFFICE) if waiting or not theirs else theirs,
        f"evidence-{requirement.code}",
        requirement.code if state.verdict.lacking else "",
    )


def rests_with_office(state: RequirementState) -> bool:
    """Whether nothing is left for the department to hand in: all that is missing waits for the office's word, and
    nothing came back."""
    verdict, states = state.verdict, {each.state for each in state.placements}
    if state.state == EvidenceState.FAILING or PlacementState.RETURNED in states:
        return False
    waiting = [each for each in state.placements if each.state == PlacementState.UPLOADED]
    if verdict.lacking:
        return not state.to_bring
    return verdict.counted + len(waiting) >= verdict.due or state.requirement.seen_as == SeenAs.ONSITE


def _lacks(
    state: RequirementState, waiting: list[Placement], returned: list[Placement], institutions: Mapping[str, str]
) -> Iterable[str]:
    verdict, seen_as = state.verdict, state.requirement.seen_as
    if state.state == EvidenceState.FAILING:
        yield f"认定为不合格：{state.judgement.reason}"
    if not state.placements and not verdict.lacking and seen_as != SeenAs.ONSITE:
        yield "还没有上传"
    if waiting:
        homes = len({each.institution_id for each in waiting})
        yield f"{homes:,} 家待审核" if state.requirement.institution_types else f"{len(waiting):,} 份待审核"
    settled = [each for each in state.placements if each.state == PlacementState.ACCEPTED and state.why_not(each)]
    yield from _named(state, [*returned, *settled])
    if state.to_bring:
        names = [institutions[code] for code in state.to_bring[:_NAMED] if code in institutions]
        more = " 等" if len(state.to_bring) > len(names) else ""
        yield f"{len(state.to_bring):,} 家机构还缺" + (f"：{'、'.join(names)}{more}" if names else "")
    elif not verdict.lacking and state.placements and verdict.due > 1 and verdict.counted < verdict.due:
        yield f"需要 {verdict.due:,} 份，已接受 {verdict.counted:,} 份"
    if state.state == EvidenceState.OPEN and seen_as != SeenAs.DOCUMENT:
        yield "须现场认定" if seen_as == SeenAs.ONSITE else "须由创建办看原件后认定"


def _named(state: RequirementState, placements: list[Placement]) -> Iterable[str]:
    for placement in placements[:_NAMED]:
        yield f"《{placement.piece.title}》{state.why_not(placement)}"
    if len(placements) > _NAMED:
        yield f"另有 {len(placements) - _NAMED:,} 份已退回或不能计入"


def _local(names: Iterable[str], departments: Mapping[str, LocalDepartment]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(departments[name].name if name in departments else name for name in names))

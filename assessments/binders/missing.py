"""What an item's binder lacks, and what was handed in for it and does not count, a sentence each (缺件清单)."""

from collections.abc import Iterable, Iterator, Mapping

from assessments.enums import EvidenceState, PlacementState
from assessments.evidence.states import RequirementState
from assessments.models import Placement
from indicators.enums import SeenAs


def missing_sentences(states: Iterable[RequirementState], institutions: Mapping[str, str]) -> tuple[str, ...]:
    """One for each required requirement that is not settled. `institutions`: names of those that some requirement
    lacks, by code."""
    return tuple(
        _sentence(state, _faults(state, institutions))
        for state in states
        if state.applies and state.requirement.required and not _is_settled(state)
    )


def not_counted_sentences(states: Iterable[RequirementState]) -> tuple[str, ...]:
    """One for each requirement that nobody has to bring anything for, though pieces of it do not count."""
    found = []
    for state in states:
        idle = [each for each in state.placements if state.why_not(each)]
        if state.applies and idle and (_is_settled(state) or not state.requirement.required):
            more = "另有 " if state.counting else ""
            found.append(_sentence(state, [f"{more}{len(idle):,} 份不计入：{'；'.join(_named(state, idle))}"]))
    return tuple(found)


def unbound_sentences(states: Iterable[RequirementState]) -> tuple[str, ...]:
    """One for each requirement that the office's word settled and for which there is nothing to bind."""
    return tuple(
        _sentence(state, ["已由创建办认可，没有可装订的材料"])
        for state in states
        if state.applies and _is_settled(state) and not state.counting
    )


def lacking_codes(states: Iterable[RequirementState]) -> set[str]:
    """Codes of the institutions whose names `missing_sentences` needs."""
    return {code for state in states for code in state.verdict.lacking}


def _is_settled(state: RequirementState) -> bool:
    return state.state == EvidenceState.ACCEPTED


def _sentence(state: RequirementState, parts: Iterable[str]) -> str:
    return f"{state.requirement.text}：{'；'.join(parts)}。"


def _faults(state: RequirementState, institutions: Mapping[str, str]) -> Iterator[str]:
    """The names of institutions come last: there may be hundreds, and then paper shows the beginning."""
    seen_as = state.requirement.seen_as
    waiting = [each for each in state.placements if each.state == PlacementState.UPLOADED]
    idle = [each for each in state.placements if state.why_not(each) and each not in waiting]
    if state.state == EvidenceState.FAILING:
        yield f"认定为不合格，{state.judgement.reason}"
    yield from _named(state, idle)
    if waiting:
        yield f"待审核 {len(waiting):,} 份"
    if seen_as != SeenAs.DOCUMENT:
        yield "须现场认定" if seen_as == SeenAs.ONSITE else "须由创建办看原件后认定"
    yield from _lacking(state, waiting, institutions)


def _named(state: RequirementState, placements: Iterable[Placement]) -> Iterator[str]:
    for placement in placements:
        of = str(placement.institution) if placement.institution_id else ""
        whose = f"（{of}）" if of and of not in placement.piece.title else ""
        yield f"《{placement.piece.title}》{whose}{state.why_not(placement)}"


def _lacking(state: RequirementState, waiting: Iterable[Placement], institutions: Mapping[str, str]) -> Iterator[str]:
    """Of institutions those alone of which nothing waits."""
    verdict = state.verdict
    if verdict.lacking:
        here = {each.institution.code for each in waiting if each.institution_id}
        if codes := [code for code in verdict.lacking if code not in here]:
            yield f"缺 {len(codes):,} 家机构：{'、'.join(institutions.get(code, code) for code in codes)}"
    elif verdict.counted < verdict.due and state.requirement.seen_as != SeenAs.ONSITE:
        if verdict.counted:
            yield f"要 {verdict.due:,} 份，有 {verdict.counted:,} 份"
        elif not state.placements:
            yield "没有材料"

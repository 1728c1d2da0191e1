"""What an item's binder lacks, a sentence each (缺件清单)."""

from collections.abc import Iterable, Iterator, Mapping

from assessments.enums import EvidenceState
from assessments.evidence.states import RequirementState
from indicators.enums import SeenAs


def missing_sentences(states: Iterable[RequirementState], institutions: Mapping[str, str]) -> tuple[str, ...]:
    """One for each requirement that is not settled, or of which something does not count. `institutions`: names of
    those that some requirement lacks, by code."""
    found = []
    for state in states:
        if state.applies and (faults := list(_faults(state, institutions))):
            optional = "" if state.requirement.required else "（可选）"
            found.append(f"{state.requirement.text}{optional}：{'；'.join(faults)}。")
    return tuple(found)


def _faults(state: RequirementState, institutions: Mapping[str, str]) -> Iterator[str]:
    """The names of institutions come last: there may be hundreds, and then paper shows the beginning."""
    is_open, seen_as = state.state != EvidenceState.ACCEPTED, state.requirement.seen_as
    if state.state == EvidenceState.FAILING:
        yield f"认定为不合格，{state.judgement.reason}"
    for placement in state.placements:
        if why := state.why_not(placement):
            whose = f"（{placement.institution}）" if placement.institution_id else ""
            yield f"《{placement.piece.title}》{whose}{why}"
    if is_open and seen_as != SeenAs.DOCUMENT:
        yield "须现场认定" if seen_as == SeenAs.ONSITE else "须由创建办看原件后认定"
    if is_open:
        yield from _lacking(state, institutions)
    elif not state.verdict.enough and not state.counting:
        yield "已由创建办认可，没有可装订的材料"


def _lacking(state: RequirementState, institutions: Mapping[str, str]) -> Iterator[str]:
    verdict = state.verdict
    if verdict.lacking:
        names = "、".join(institutions.get(code, code) for code in verdict.lacking)
        yield f"缺 {len(verdict.lacking):,} 家机构：{names}"
    elif verdict.counted < verdict.due and state.requirement.seen_as != SeenAs.ONSITE:
        if verdict.counted:
            yield f"要 {verdict.due:,} 份，有 {verdict.counted:,} 份"
        elif not state.placements:
            yield "没有材料"


def lacking_codes(states: Iterable[RequirementState]) -> set[str]:
    """Codes of the institutions whose names `missing_sentences` needs."""
    return {code for state in states for code in state.verdict.lacking}

"""Words for evidence that pages, lists and notices share."""

from assessments.enums import EvidenceState, PlacementState
from assessments.evidence.states import RequirementState, lacks_date
from assessments.models import Placement, Version
from indicators.enums import SeenAs
from indicators.models import EvidenceRequirement

_UNITS = ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"))


def size_words(size: int) -> str:
    """1536 -> 1.5 KB."""
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size * 10 // unit / 10:g} {name}"
    return f"{size} 字节"


def requirement_light(state: RequirementState) -> tuple[str, str]:
    """(code of a light, word) of a requirement: what its pieces and the office's word come to."""
    if not state.applies:
        return "not_applicable", "不适用"
    if state.state == EvidenceState.FAILING:
        return "failing", state.state.label
    if state.state == EvidenceState.ACCEPTED:
        return "accepted", "已齐" if state.verdict.enough else "认可"
    uses = {use.state for use in state.placements}
    if PlacementState.RETURNED in uses:
        return "returned", "有退回"
    if PlacementState.UPLOADED in uses:
        return "submitted", "待审核"
    if state.requirement.seen_as != SeenAs.DOCUMENT:
        return "open", state.state.label
    return "open", "缺件"


def judged_words(state: str) -> str:
    """The office's word on a requirement: 认定为认可, 认定为不合格, 改回待认定."""
    words = {EvidenceState.ACCEPTED: "认定为认可", EvidenceState.FAILING: "认定为不合格"}
    return words.get(state, "改回待认定")


def waiting_words(placement: Placement, requirement: EvidenceRequirement, unfit: str) -> str:
    """What is wrong with a use that waits, before anybody accepts it; "" where nothing is, or it does not wait."""
    if placement.state != PlacementState.UPLOADED:
        return ""
    if lacks_date(placement, requirement):
        return "没有填文件日期，填了才能接受"
    return f"{unfit}，接受后也不计入" if unfit else ""


def placement_light(placement: Placement, why_not: str) -> tuple[str, str]:
    """(code of a light, word) of one use: accepted ones that do not count are said so."""
    if placement.state == PlacementState.ACCEPTED:
        return ("open", "不计入") if why_not else ("accepted", placement.get_state_display())
    code = "returned" if placement.state == PlacementState.RETURNED else "submitted"
    return code, placement.get_state_display()


def version_words(version: Version) -> str:
    """PDF · 12 页 · 3.4 MB · 第 2 版."""
    parts = [version.get_kind_display(), f"{version.pages} 页" if version.pages else "", size_words(version.size)]
    parts.append(f"第 {version.number} 版" if version.number > 1 else "")
    return " · ".join(part for part in parts if part)

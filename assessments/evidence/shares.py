"""What each institution owes where a requirement asks something of every one, and how far each is. No database."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from assessments.enums import PlacementState
from assessments.evidence.states import RequirementState, lacks_date
from assessments.models import Placement
from institutions.models import Institution

LACKING, WAITING, RETURNED, NOT_COUNTED, DONE = "lacking", "uploaded", "returned", "not_counted", "accepted"
UNDATED = "undated"
# from what is to be brought to what is done
STATES = {LACKING: "缺件", RETURNED: "已退回", NOT_COUNTED: "不计入", UNDATED: "缺日期"}
STATES |= {WAITING: "待审核", DONE: "已接受"}
_LIGHTS = {LACKING: "open", RETURNED: "returned", NOT_COUNTED: "open", UNDATED: "open"}
_LIGHTS |= {WAITING: "submitted", DONE: "accepted"}


@dataclass(frozen=True)
class Share:
    """One institution's part in a requirement; `placements` are its uses."""

    of: RequirementState
    institution: Institution
    placements: tuple[Placement, ...]

    @property
    def needed(self) -> int:
        return self.of.requirement.needed

    @cached_property
    def counted(self) -> int:
        good = {use.piece_id for use in self.placements if not self.of.why_not(use)}
        return min(len(good), self.needed)

    @cached_property
    def waiting(self) -> int:
        """Pieces on which the office has yet to say its word."""
        return len({use.piece_id for use in self.placements if use.state == PlacementState.UPLOADED})

    @property
    def owes(self) -> int:
        """How many pieces the institution has yet to bring: what waits for the office may still be accepted."""
        return max(self.needed - self.counted - self.waiting, 0)

    @property
    def returned(self) -> list[Placement]:
        return [use for use in self.placements if use.state == PlacementState.RETURNED]

    @property
    def state(self) -> str:
        """A key of STATES. What the office has to do goes before what came back, and that before what is missing; what
        has no date the office cannot take."""
        if self.counted == self.needed:
            return DONE
        if self.undated:
            return UNDATED
        if self.waiting:
            return WAITING
        if self.returned:
            return RETURNED
        return NOT_COUNTED if len(self.placements) > self.counted else LACKING

    @property
    def light(self) -> tuple[str, str]:
        """(code of a light, word): `缺件`, or `缺件 1/3` where some of several are there."""
        state = self.state
        word = f"{STATES[state]} {self.counted}/{self.needed}" if state == LACKING and self.counted else STATES[state]
        return _LIGHTS[state], word

    @property
    def undated(self) -> list[Placement]:
        """What the office cannot accept before somebody fills in of when it is."""
        return [use for use in self.placements if lacks_date(use, self.of.requirement)]


def shares_of(state: RequirementState, institutions: Iterable[Institution]) -> list[Share]:
    """The shares of these institutions, in their order."""
    own: dict[int, list[Placement]] = {}
    for use in state.placements:
        own.setdefault(use.institution_id, []).append(use)
    return [Share(state, each, tuple(own.get(each.pk, ()))) for each in institutions]

"""An item as work: how it stands, what evidence is open, until when, and who is in charge."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date

from assessments.content import ItemContent, StandingContent
from assessments.enums import EvidenceState, PlacementState
from assessments.evidence.states import RequirementState
from assessments.models import Campaign, ItemWork
from assessments.work.open_points import deadline_words, rests_with_office


@dataclass(frozen=True)
class ItemDesk:
    """`requirements` are those of the item in force for the county, `work` its person in charge and deadline."""

    item: ItemContent
    requirements: tuple[RequirementState, ...]
    work: ItemWork | None
    url: str
    today: date

    @property
    def required(self) -> list[RequirementState]:
        return [each for each in self.requirements if each.requirement.required and each.applies]

    @property
    def accepted(self) -> int:
        return sum(each.state == EvidenceState.ACCEPTED for each in self.required)

    @property
    def lacking(self) -> list[RequirementState]:
        """Required, not accepted, and not all of it waits for the office: somebody has to bring something."""
        return [each for each in self.required if each.state != EvidenceState.ACCEPTED and not rests_with_office(each)]

    def lacking_from(self, departments: Set[str]) -> list[RequirementState]:
        """Of what is lacking, what these departments (by any of their names) have to bring; where a requirement names
        nobody, all of the item's have."""
        return [
            each
            for each in self.lacking
            if not each.requirement.departments or not departments.isdisjoint(each.requirement.departments)
        ]

    def named_for(self, department: Set[str]) -> list[RequirementState]:
        """Of what is lacking, what asks this department (by any of its names) for it by name."""
        return [each for each in self.lacking if not department.isdisjoint(each.requirement.departments)]

    @property
    def criteria_lacking(self) -> int:
        return sum(criterion.holds_back for criterion in self.item.hard)

    def _uses(self, state: str) -> int:
        return sum(use.state == state for each in self.requirements for use in each.placements)

    @property
    def waiting(self) -> int:
        return self._uses(PlacementState.UPLOADED)

    @property
    def returned(self) -> int:
        return self._uses(PlacementState.RETURNED)

    @property
    def return_reasons(self) -> list[str]:
        uses = [use for each in self.requirements for use in each.placements if use.state == PlacementState.RETURNED]
        return list(dict.fromkeys(use.reason for use in uses))

    @property
    def due_on(self) -> date | None:
        return self.work.due_on if self.work else None

    @property
    def person(self) -> str:
        return str(self.work.person) if self.work and self.work.person else ""

    @property
    def is_done(self) -> bool:
        return self.item.status == "met"

    @property
    def late(self) -> int:
        """Days since the deadline of an item that is not done; 0 in time."""
        if self.is_done or self.due_on is None:
            return 0
        return max((self.today - self.due_on).days, 0)

    @property
    def due_state(self) -> str:
        """late, near or "" (work.open_points)."""
        return deadline_words(None if self.is_done else self.due_on, self.today)[0]

    @property
    def due_words(self) -> str:
        """已逾期 3 天, 还有 5 天; "" where no deadline is set, or nothing is left to do."""
        return deadline_words(None if self.is_done else self.due_on, self.today)[1]

    @property
    def urgency(self) -> tuple:
        """What is late, came back or is near goes first, what is done last."""
        return self.is_done, -self.late, -self.returned, self.due_on or date.max


def item_desks(
    campaign: Campaign,
    content: StandingContent,
    states: Mapping[str, RequirementState],
    numbers: Iterable[str],
    *,
    link,
    today: date,
) -> dict[str, ItemDesk]:
    """By number. `states`: of the whole standard; `link`: number -> address of the item's page. One query."""
    works = {
        work.item.number: work
        for work in ItemWork.objects.filter(campaign=campaign)
        .select_related("item", "person")
        .only("due_on", "item__number", "person__username", "person__display_name")
    }
    by_item: dict[str, list[RequirementState]] = {}
    for state in states.values():
        by_item.setdefault(state.requirement.item.number, []).append(state)
    wanted = set(numbers)
    return {
        item.number: ItemDesk(
            item, tuple(by_item.get(item.number, ())), works.get(item.number), link(item.number), today
        )
        for item in content.items
        if item.number in wanted
    }

"""What each item's binder holds and what it lacks, as the page lists it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from assessments.content import ItemContent, StandingContent
from assessments.enums import EvidenceState
from assessments.evidence.states import RequirementState
from assessments.models import Campaign
from assessments.work.open_points import OpenPoint, lacking_codes, open_points
from assessments.work.queries import local_departments
from institutions.models import Institution


@dataclass(frozen=True)
class ItemLine:
    """`lead`: departments by their local names. `pieces` go into the binder; of `due` required requirements `there` are
    settled; `lacks` says what is missing."""

    item: ItemContent
    lead: list[str]
    pieces: int
    there: int
    due: int
    lacks: list[OpenPoint]


@dataclass(frozen=True)
class SectionLines:
    name: str
    lines: list[ItemLine]


def lines_of(
    campaign: Campaign, content: StandingContent, states: Mapping[str, RequirementState], own: Collection[str] | None
) -> list[SectionLines]:
    """Sections with the items of `own` (None: all) in the standard's order. Two queries beside what is given."""
    by_item: dict[str, dict[str, RequirementState]] = {}
    for code, state in states.items():
        by_item.setdefault(state.requirement.item.number, {})[code] = state
    names = Names(campaign, lacking_codes(states.values()))
    sections = [
        SectionLines(
            section.name,
            [
                _line(item, by_item.get(item.number, {}), names)
                for item in section.items
                if own is None or item.number in own
            ],
        )
        for section in content.sections
    ]
    return [section for section in sections if section.lines]


class Names:
    """What departments and institutions (of these codes) are called in the county."""

    def __init__(self, campaign: Campaign, codes: Collection[str]):
        self.departments = local_departments(campaign)
        institutions = Institution.objects.filter(county=campaign.county_id, code__in=codes)
        self.institutions = dict(institutions.values_list("code", "name"))

    def local(self, departments: Collection[str]) -> list[str]:
        named = (self.departments[name].name if name in self.departments else name for name in departments)
        return list(dict.fromkeys(named))


def _line(item: ItemContent, states: Mapping[str, RequirementState], names: Names) -> ItemLine:
    required = [state for state in states.values() if state.requirement.required and state.applies]
    points = open_points(item, states, names.departments, names.institutions)
    return ItemLine(
        item=item,
        lead=names.local(item.lead),
        pieces=len({placement.piece_id for state in states.values() for placement in state.counting}),
        there=sum(state.state == EvidenceState.ACCEPTED for state in required),
        due=len(required),
        lacks=[point for point in points if point.anchor.startswith("evidence-")],
    )

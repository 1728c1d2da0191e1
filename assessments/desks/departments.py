"""The departments of a county's campaign, each with the items that it leads and cooperates in."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessments.desks.items import ItemDesk
from assessments.models import Campaign, CampaignDepartment
from indicators.enums import DepartmentRole
from indicators.models import Department, ItemDepartment


@dataclass(frozen=True)
class DepartmentDesk:
    """`department`: what it is called here and who its contact is; items in the standard's order."""

    department: CampaignDepartment
    lead: tuple[ItemDesk, ...]
    cooperating: tuple[ItemDesk, ...]
    url: str

    @property
    def items(self) -> tuple[ItemDesk, ...]:
        return self.lead + self.cooperating

    @property
    def names(self) -> frozenset[str]:
        """Whatever the standard and the county call it."""
        own, standards = self.department, self.department.department
        return frozenset((own.name, *own.aliases, standards.name, *standards.aliases))

    @property
    def met(self) -> int:
        return sum(desk.item.status == "met" for desk in self.lead)

    @property
    def accepted(self) -> int:
        return sum(desk.accepted for desk in self.lead)

    @property
    def required(self) -> int:
        return sum(len(desk.required) for desk in self.lead)

    @property
    def share(self) -> Fraction | None:
        """Of the required evidence what is there; None where none is required."""
        return Fraction(self.accepted, self.required) if self.required else None

    @property
    def met_share(self) -> Fraction | None:
        return Fraction(self.met, len(self.lead)) if self.lead else None

    @property
    def lacking(self) -> int:
        return sum(len(desk.lacking) for desk in self.lead)

    @property
    def waiting(self) -> int:
        return sum(desk.waiting for desk in self.lead)

    @property
    def returned(self) -> int:
        return sum(desk.returned for desk in self.lead)

    @property
    def late(self) -> int:
        return sum(desk.late > 0 for desk in self.lead)

    @property
    def contact(self) -> str:
        if self.department.contact_name:
            return self.department.contact_name
        return str(self.department.contact) if self.department.contact else ""


def department_desks(campaign: Campaign, desks: Mapping[str, ItemDesk], *, link) -> list[DepartmentDesk]:
    """Every department of the county, in the standard's order. `desks`: of all items, by number; `link`: pk of a
    CampaignDepartment -> its address. Items of a group (领导小组成员单位) are its members', too. Three queries."""
    groups = _groups(campaign)
    parts: dict[int, list[tuple[str, str]]] = {}
    for department, number, role in ItemDepartment.objects.filter(item__standard=campaign.standard_id).values_list(
        "department_id", "item__number", "role"
    ):
        parts.setdefault(department, []).append((number, role))
    found = []
    for own in CampaignDepartment.objects.filter(campaign=campaign).select_related("department", "contact"):
        mine = [part for pk in (own.department_id, *groups.get(own.department.name, ())) for part in parts.get(pk, ())]
        lead = {number for number, role in mine if role == DepartmentRole.LEAD}
        cooperating = {number for number, _ in mine} - lead
        found.append(
            DepartmentDesk(
                own,
                tuple(desk for number, desk in desks.items() if number in lead),
                tuple(desk for number, desk in desks.items() if number in cooperating),
                link(own.pk),
            )
        )
    return found


def _groups(campaign: Campaign) -> dict[str, list[int]]:
    """Name of a member -> pks of the groups that it belongs to."""
    found: dict[str, list[int]] = {}
    for pk, members in Department.objects.filter(standard=campaign.standard_id).values_list("pk", "members"):
        for name in members:
            found.setdefault(name, []).append(pk)
    return found

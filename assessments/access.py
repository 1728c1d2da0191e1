"""Who may work on which items of a campaign: the county office on all, a liaison on those of the department.

Who may read a county at all, and check what others hand in, institutions.access decides.
"""

from collections.abc import Collection
from dataclasses import dataclass

from assessments.models import Campaign, CampaignDepartment
from indicators.models import Department, ItemDepartment
from institutions.access import CHECKING_ROLES, WRITING_ROLES, roles_in
from institutions.enums import Role
from institutions.models import Grant

# may write in the discussion of every item
DISCUSSING_ROLES = (Role.REVIEWER, Role.COUNTY_OFFICE, Role.LIAISON, Role.LEADERSHIP)

NOT_YOUR_ITEM = "这一条不由您所在的部门负责，只能查看。需要修改，请联系创建办。"


@dataclass(frozen=True)
class Desk:
    """What one person may do with the items of a campaign. `numbers`: items of the departments that they are liaison
    of; `departments`: those departments' pks, the groups that they belong to included."""

    roles: frozenset[str]
    departments: frozenset[int]
    numbers: frozenset[str]

    @property
    def works_on_all(self) -> bool:
        return not self.roles.isdisjoint(WRITING_ROLES)

    @property
    def may_check(self) -> bool:
        """Accept and return evidence, judge requirements."""
        return not self.roles.isdisjoint(CHECKING_ROLES)

    @property
    def may_discuss(self) -> bool:
        return not self.roles.isdisjoint(DISCUSSING_ROLES)

    def may_work_on(self, number: str) -> bool:
        """Upload evidence, write notes and the statement, for the item of this number."""
        return self.works_on_all or number in self.numbers


def desk_of(user, campaign: Campaign) -> Desk:
    """Three queries at most; the departments are read for liaisons alone."""
    roles = frozenset(roles_in(user, campaign.county))
    if Role.LIAISON not in roles or user.is_superuser:
        return Desk(roles, frozenset(), frozenset())
    grants = Grant.objects.filter(user=user, county=campaign.county, role=Role.LIAISON)
    departments = departments_named(campaign, set(grants.values_list("department", flat=True)))
    return Desk(roles, departments, item_numbers_of(departments))


def departments_named(campaign: Campaign, names: Collection[str]) -> frozenset[int]:
    """Pks of the standard's departments that go by one of these names in the county, and of the groups that they are
    members of. Two queries."""
    own = CampaignDepartment.objects.filter(campaign=campaign).values_list("department_id", "name", "aliases")
    local = {pk: {name, *aliases} for pk, name, aliases in own}
    known = {
        department: {department.name, *department.aliases} | local.get(department.pk, set())
        for department in Department.objects.filter(standard=campaign.standard_id)
    }
    named = {department for department, called in known.items() if not called.isdisjoint(names)}
    spelled = set().union(*(known[department] for department in named)) if named else set()
    groups = {department for department in known if not spelled.isdisjoint(department.members)}
    return frozenset(department.pk for department in named | groups)


def item_numbers_of(departments: Collection[int]) -> frozenset[str]:
    """Numbers of the items that these departments lead or cooperate in. One query."""
    parts = ItemDepartment.objects.filter(department__in=departments)
    return frozenset(parts.values_list("item__number", flat=True))


def people_of(campaign: Campaign, departments: Collection[int]):
    """The liaisons of these departments in the county (User rows by way of their grants). Three queries."""
    own = CampaignDepartment.objects.filter(campaign=campaign, department__in=departments)
    names = {spelled for name, aliases in own.values_list("name", "aliases") for spelled in (name, *aliases)}
    for name, aliases in Department.objects.filter(pk__in=departments).values_list("name", "aliases"):
        names |= {name, *aliases}
    grants = Grant.objects.filter(county=campaign.county, role=Role.LIAISON, department__in=names, user__is_active=True)
    return [grant.user for grant in grants.select_related("user").order_by("user__username")]

"""The demo county's own schedule, leading group and contact persons."""

from dataclasses import replace

from assessments.campaigns.department_services import DepartmentGiven, save_departments, version_of_departments
from assessments.campaigns.queries import liaisons_of, own_departments, version_of
from assessments.campaigns.services import MemberGiven, PhaseGiven, save_leading_group, save_phases
from assessments.models import Campaign
from indicators.enums import LeadingPart
from tcm_demo.accounts.models import User

GROUP = [
    MemberGiven(None, LeadingPart.HEAD, "演示组长", "演示区人民政府区长"),
    MemberGiven(None, LeadingPart.DEPUTY, "演示副组长", "演示区人民政府副区长"),
    MemberGiven(None, LeadingPart.DEPUTY, "演示副组长二", "演示区卫生健康局局长"),
    MemberGiven(None, LeadingPart.MEMBER, "演示成员", "演示区财政局副局长"),
]
# so many departments have nobody yet
_WITHOUT_CONTACT = 2


def make_campaign(campaign: Campaign, *, office: User) -> bool:
    """False where the county has a leading group already: what people made of it stays."""
    if campaign.leading_members.exists():
        return False
    save_leading_group(campaign, GROUP, seen=version_of([]), by=office)
    _move_phases(campaign, office)
    _name_contacts(campaign, office)
    return True


def _move_phases(campaign: Campaign, office: User) -> None:
    """As many days later as make the last one end on the day of the inspection: today lies in the midst of them."""
    phases = list(campaign.phases.all())
    if not phases or campaign.inspection_on is None:
        return
    later = campaign.inspection_on - max(phase.end for phase in phases)
    moved = [PhaseGiven(p.pk, p.name, p.start + later, p.end + later, p.tasks) for p in phases]
    save_phases(campaign, moved, seen=version_of(phases), by=office)


def _name_contacts(campaign: Campaign, office: User) -> None:
    """Accounts where the department has a liaison, else somebody to phone."""
    liaison_of = {name: user for user, names in liaisons_of(campaign.county).items() for name in names}
    given = []
    for number, (department, row) in enumerate(own_departments(campaign), start=1):
        named = DepartmentGiven(department.pk, row.name, tuple(row.aliases), contact_phone=f"1390000{number:04d}")
        if account := liaison_of.get(department.name):
            given.append(replace(named, contact=account))
        else:
            given.append(replace(named, contact_name=f"{department.name[:30]}联络员"))
    save_departments(campaign, given[:-_WITHOUT_CONTACT], seen=version_of_departments(campaign), by=office)

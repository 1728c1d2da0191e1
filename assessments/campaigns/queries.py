"""Reads about a campaign: its phases as of a day, its departments with their contact persons."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from assessments.campaigns.phones import masked
from assessments.campaigns.timeline import Span, Timeline, timeline
from assessments.models import Campaign, CampaignDepartment, CampaignPhase
from indicators.enums import DepartmentRole
from indicators.models import Department, ItemDepartment
from institutions.enums import Role
from institutions.models import County, Grant
from tcm_demo.accounts.models import User
from tcm_demo.lib.lights import light

# state of a phase -> (code of its light, word)
_STATES = {"past": ("not_applicable", "已结束"), "now": ("accepted", "进行中"), "ahead": ("open", "未开始")}


@dataclass(frozen=True)
class PhaseLine:
    """A phase as of a day: `state` is past, now or ahead."""

    phase: CampaignPhase
    state: str
    words: str

    @property
    def light(self) -> str:
        return _STATES[self.state][0]

    @property
    def word(self) -> str:
        return _STATES[self.state][1]

    @property
    def tasks(self) -> list[str]:
        return self.phase.tasks.splitlines()


@dataclass(frozen=True)
class Contact:
    """A department's contact person. `fault`: why the account is none to rely on; "" where it is one, or none."""

    name: str
    phone: str
    account: User | None
    fault: str


@dataclass(frozen=True)
class DepartmentLine:
    """A department of the standard in this county. `row` is not stored where the standard got it later than the
    campaign began. `lead`, `cooperating`: numbers of items, those of its groups included."""

    department: Department
    row: CampaignDepartment
    lead: int
    cooperating: int
    contact: Contact | None


def phase_lines(campaign: Campaign, today: date) -> list[PhaseLine]:
    """One query."""
    return [PhaseLine(phase, *_state(phase, today)) for phase in campaign.phases.all()]


def _state(phase: CampaignPhase, today: date) -> tuple[str, str]:
    if today < phase.start:
        return "ahead", f"{(phase.start - today).days} 天后开始"
    if today > phase.end:
        return "past", f"{(today - phase.end).days} 天前已结束"
    left = (phase.end - today).days
    return "now", f"还有 {left} 天" if left else "今天结束"


def timeline_of(lines: Iterable[PhaseLine], campaign: Campaign, today: date) -> Timeline | None:
    """None without phases."""
    spans = [
        Span(line.phase.name, line.phase.start, line.phase.end, light(line.light, line.word).tone) for line in lines
    ]
    return timeline(spans, today, campaign.inspection_on)


def own_departments(campaign: Campaign) -> list[tuple[Department, CampaignDepartment]]:
    """Each department of the standard but the groups, with the campaign's row of it; a row that is not stored bears
    the standard's names. Two queries."""
    rows = {row.department_id: row for row in campaign.departments.select_related("contact")}
    return [
        (department, rows.get(department.pk) or as_in_standard(campaign, department))
        for department in Department.objects.filter(standard=campaign.standard_id)
        if not department.members
    ]


def as_in_standard(campaign: Campaign, department: Department) -> CampaignDepartment:
    return CampaignDepartment(
        campaign=campaign, department=department, name=department.name, aliases=list(department.aliases)
    )


def names_in_county(county: County) -> dict[str, list[str]]:
    """What the departments of the county's campaigns are called there, groups last as in the standard, each with its
    other spellings: all names by which assessments.access.departments_named finds it. Two queries a campaign."""
    found: dict[str, list[str]] = {}
    for campaign in county.campaigns.all():
        rows = {row.department_id: row for row in campaign.departments.all()}
        for department in Department.objects.filter(standard=campaign.standard_id):
            row = rows.get(department.pk) or as_in_standard(campaign, department)
            others = found.setdefault(row.name, [])
            spelled = (*row.aliases, department.name, *department.aliases)
            others += [each for each in dict.fromkeys(spelled) if each not in (row.name, *others)]
    return found


def department_lines(campaign: Campaign, *, whole_phones: bool) -> list[DepartmentLine]:
    """Five queries, however many departments. Without `whole_phones` mobile numbers are masked."""
    counts = item_counts(campaign)
    liaisons = liaisons_of(campaign.county)
    lines = []
    for department, row in own_departments(campaign):
        contact = _contact(row, liaisons)
        if contact and not whole_phones:
            contact = Contact(contact.name, masked(contact.phone), contact.account, contact.fault)
        lines.append(DepartmentLine(department, row, *counts[department.pk], contact))
    return lines


def item_counts(campaign: Campaign) -> dict[int, tuple[int, int]]:
    """By department's pk: how many items it leads, and in how many others it cooperates; a group's items are those of
    each member. Two queries."""
    departments = list(Department.objects.filter(standard=campaign.standard_id))
    parts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for pk, item, role in ItemDepartment.objects.filter(item__standard=campaign.standard_id).values_list(
        "department_id", "item_id", "role"
    ):
        parts[pk].append((item, role))
    counts = {}
    for department in departments:
        groups = [group.pk for group in departments if department.name in group.members]
        having = [part for pk in (department.pk, *groups) for part in parts[pk]]
        led = {item for item, role in having if role == DepartmentRole.LEAD}
        counts[department.pk] = len(led), len({item for item, _ in having} - led)
    return counts


def liaisons_of(county: County) -> dict[User, list[str]]:
    """The county's liaisons with the departments that their grants bear, by name. One query."""
    grants = Grant.objects.filter(county=county, role=Role.LIAISON).select_related("user")
    found: dict[User, list[str]] = {}
    for grant in grants.order_by("user__display_name", "user__username", "pk"):
        found.setdefault(grant.user, []).append(grant.department)
    return found


def _contact(row: CampaignDepartment, liaisons: Mapping[User, list[str]]) -> Contact | None:
    account = row.contact
    if account is None:
        return Contact(row.contact_name, row.contact_phone, None, "") if row.contact_name else None
    fault = "" if account in liaisons else "已不是部门联络员"
    name = account.display_name or account.username
    return Contact(name, row.contact_phone or account.phone, account, fault if account.is_active else "账号已停用")


def bearers(county: County) -> dict[str, list[User]]:
    """Whose liaison's grant bears each department's name, by name. One query."""
    found: dict[str, list[User]] = {}
    for user, names in liaisons_of(county).items():
        for name in names:
            found.setdefault(name, []).append(user)
    return found


def version_of(rows: Iterable[Model]) -> str:
    """Equal as long as nobody has changed the rows: a form sends it back with what was made of them."""
    facts = [[getattr(row, field.attname) for field in row._meta.concrete_fields] for row in rows]
    return sha256(json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False).encode()).hexdigest()[:16]

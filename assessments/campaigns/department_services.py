"""Writes to what the departments are called in a county, and who their contact persons are.

A liaison's grant bears a department's name, and no name that one bears is lost: a department that is renamed keeps the
name as an alias, and such an alias is not taken away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from assessments.campaigns.naming import ALIAS, FORMER, NAME, ambiguities
from assessments.campaigns.queries import bearers, liaisons_of, own_departments, version_of
from assessments.campaigns.services import STALE
from assessments.models import Campaign, CampaignDepartment
from assessments.standing_services import lock
from indicators.models import Department
from institutions.refusals import Refused
from tcm_demo.accounts.models import User
from tcm_demo.audit.services import record

NOT_SAVED = "部门没有保存，请改正下面各处后再保存。"


@dataclass(frozen=True)
class DepartmentGiven:
    """What is given for the department of this pk (of the standard's). The contact person is an account, or a name."""

    department: int
    name: str
    aliases: tuple[str, ...] = ()
    contact: User | None = None
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True)
class Kept:
    """A former name that stays as an alias, since grants of these people bear it."""

    department: CampaignDepartment
    name: str
    people: tuple[User, ...]


def version_of_departments(campaign: Campaign) -> str:
    return version_of(row for _, row in own_departments(campaign))


@transaction.atomic
def save_departments(campaign: Campaign, given: Sequence[DepartmentGiven], *, seen: str, by) -> list[Kept]:
    """Departments that are not given stay as they are. Answers the names that were kept.

    Raises Refused, with a reason for each fault, where a name would mean two departments, where a liaison's grant
    bears an alias that goes, or where somebody cannot be a contact person.
    """
    lock(campaign.county)
    own = own_departments(campaign)
    if version_of(row for _, row in own) != seen:
        raise Refused(STALE)
    writer = _Writer(campaign, own, {each.department: each for each in given})
    if writer.faults:
        raise Refused(NOT_SAVED, writer.faults)
    before, after = writer.write()
    if before:
        record("change_campaign_departments", campaign, by=by, place=campaign.county.code, before=before, after=after)
    return writer.kept


class _Writer:
    """Finds what is wrong before anything is written."""

    def __init__(self, campaign: Campaign, own: list[tuple[Department, CampaignDepartment]], given: Mapping):
        self.campaign, self.own, self.given = campaign, own, given
        self.bearers = bearers(campaign.county)
        self.liaisons = liaisons_of(campaign.county)
        self.kept: list[Kept] = []
        self.faults: list[str] = []
        # (row, what it becomes, aliases with the kept name)
        self.changes: list[tuple[CampaignDepartment, DepartmentGiven, list[str]]] = []
        spelled = {}
        for department, row in own:
            new = given.get(department.pk) or _as_it_is(row)
            former = self._names_not_lost(department, row, new)
            self._check_contact(department, row, new)
            aliases = [alias for alias in dict.fromkeys((*new.aliases, *former)) if alias != new.name]
            self.changes.append((row, new, aliases))
            spelled[department.pk] = [
                (NAME, new.name),
                *((FORMER if alias in former else ALIAS, alias) for alias in aliases),
            ]
        everybody = Department.objects.filter(standard=campaign.standard_id)
        self.faults += ambiguities(everybody, spelled)

    def _names_not_lost(self, department: Department, row: CampaignDepartment, new: DepartmentGiven) -> list[str]:
        """The former name, where a grant bears it; an alias that a grant bears and that goes is a fault."""
        lost = {row.name, *row.aliases} - {new.name, *new.aliases, department.name, *department.aliases}
        former = []
        for name in sorted(lost & self.bearers.keys()):
            people = tuple(self.bearers[name])
            if name == row.name:
                former.append(name)
                self.kept.append(Kept(row, name, people))
            else:
                self.faults.append(
                    f"“{department}”的别称“{name}”不能删去：{_named(people)}的联络员授权写的就是它，删去后就不能再办理"
                    "这个部门的条目。请先在“账号”里给他们添加新的授权、移除旧的，再删去这个别称。"
                )
        return former

    def _check_contact(self, department: Department, row: CampaignDepartment, new: DepartmentGiven) -> None:
        if new.contact and new.contact != row.contact and new.contact not in self.liaisons:
            self.faults.append(
                f"“{department}”的联络员账号“{new.contact}”不是本县（区）的部门联络员，请另选，或直接填写姓名和电话。"
            )

    def write(self) -> tuple[dict, dict]:
        """What changed in words, before and after, by the department's name in the standard."""
        before, after = {}, {}
        for row, new, aliases in self.changes:
            was = _words(row) if row.pk else ""
            old_name = row.name
            row.name, row.aliases, row.contact = new.name, aliases, new.contact
            row.contact_name = "" if new.contact else new.contact_name
            row.contact_phone = new.contact_phone
            if row.pk and was == _words(row):
                continue
            row.full_clean(exclude=["campaign", "department", "contact"], validate_constraints=False)
            before[row.department.name], after[row.department.name] = was, _words(row)
            if row.pk and row.name != old_name:
                # two departments may have changed names with each other, which are unique: out of the way first
                CampaignDepartment.objects.filter(pk=row.pk).update(name=f"~{row.pk}")
        for row, *_ in self.changes:
            if row.department.name in before:
                row.save()
        return before, after


def _as_it_is(row: CampaignDepartment) -> DepartmentGiven:
    return DepartmentGiven(
        row.department_id, row.name, tuple(row.aliases), row.contact, row.contact_name, row.contact_phone
    )


def _words(row: CampaignDepartment) -> str:
    contact = str(row.contact) if row.contact else row.contact_name
    facts = [row.name, "、".join(row.aliases) and f"别称 {'、'.join(row.aliases)}"]
    facts.append(f"联络员 {contact} {row.contact_phone}".strip() if contact else "未定联络员")
    return "；".join(filter(None, facts))


def _named(people: Sequence[User]) -> str:
    """The first few by name, and how many."""
    names = "、".join(str(person) for person in people[:3])
    return f"{names}等 {len(people)} 人" if len(people) > 3 else names

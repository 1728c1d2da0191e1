"""Reads of the work on an item: its people, its statement, what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from assessments.access import DISCUSSING_ROLES, people_of
from assessments.enums import ItemStepKind
from assessments.models import Campaign, CampaignDepartment, ItemStep, ItemWork, Statement
from indicators.models import Department, Item, ItemDepartment
from institutions.enums import Role
from institutions.models import Grant
from tcm_demo.accounts.models import User

STEPS_AT_ONCE = 30
# may be put in charge beside the liaisons of the item's departments
OFFICE_ROLES = (Role.COUNTY_OFFICE, Role.REVIEWER)


@dataclass(frozen=True)
class Colleague:
    """Somebody of the county who may be called (@) or put in charge. `does`: 创建办管理员, 财政局联络员."""

    user: User
    does: str

    @property
    def name(self) -> str:
        return str(self.user)

    @property
    def account(self) -> str:
        return self.user.username


@dataclass(frozen=True)
class LocalDepartment:
    """A responsible department as the county calls it; `contact` and `phone` are "" where nobody is named."""

    name: str
    contact: str = ""
    phone: str = ""


@dataclass(frozen=True)
class StepPage:
    """Some steps, the latest first; each has `words`: its text, without the title of its piece where it begins with
    that, for the title stands before it anyway. `older`: `before` of the next page, None where this is the last."""

    steps: Sequence[ItemStep]
    older: int | None


def work_on(campaign: Campaign, item: Item) -> ItemWork:
    """Who is in charge until when; a row that is not stored where nobody said so. One query."""
    found = ItemWork.objects.filter(campaign=campaign, item=item).select_related("person").first()
    return found or ItemWork(campaign=campaign, item=item)


def statements_of(campaign: Campaign, item: Item, period: str) -> QuerySet[Statement]:
    """All versions, the latest first, with who wrote them."""
    found = Statement.objects.filter(campaign=campaign, item=item, period=period)
    return found.select_related("written_by").order_by("-number")


def statement_of(campaign: Campaign, item: Item, period: str) -> Statement | None:
    """The version that counts."""
    return statements_of(campaign, item, period).first()


def statement_texts(campaign: Campaign, period: str) -> dict[str, str]:
    """The text that counts of every item that has one, by the item's number. One query."""
    rows = Statement.objects.filter(campaign=campaign, period=period).order_by("number")
    texts = dict(rows.values_list("item__number", "text"))
    return {number: text.strip() for number, text in texts.items() if text.strip()}


def steps_of(
    campaign: Campaign, item: Item, *, kinds: Iterable[ItemStepKind] = (), before: int | None = None, most=STEPS_AT_ONCE
) -> StepPage:
    """What happened, the latest first; `kinds`: of these alone; `before`: older than the step of this pk. One query,
    whatever the page."""
    # by its number: steps are never changed, also where the county went over to another version of the standard
    found = ItemStep.objects.filter(campaign=campaign, item__number=item.number)
    if kinds := list(kinds):
        found = found.filter(kind__in=kinds)
    if before is not None:
        found = found.filter(pk__lt=before)
    steps = list(found.select_related("piece").order_by("-pk")[: most + 1])
    shown = steps[:most]
    for step in shown:
        title = step.piece.title if step.piece else ""
        step.words = step.text.removeprefix(title) if title else step.text
    return StepPage(shown, shown[-1].pk if len(steps) > most else None)


def local_departments(campaign: Campaign) -> dict[str, LocalDepartment]:
    """The county's departments by every name that the standard or the county has for them. One query."""
    found = {}
    for row in CampaignDepartment.objects.filter(campaign=campaign).select_related("department", "contact"):
        contact = row.contact_name or (str(row.contact) if row.contact else "")
        phone = row.contact_phone or (row.contact.phone if row.contact else "")
        here = LocalDepartment(row.name, contact, phone)
        standards = row.department
        found |= dict.fromkeys((standards.name, *standards.aliases, row.name, *row.aliases), here)
    return found


def departments_of(item: Item) -> set[int]:
    """Pks of the item's departments, the members of its groups included. Two queries."""
    parts = ItemDepartment.objects.filter(item=item).select_related("department")
    own = [part.department for part in parts]
    members = {name for department in own for name in department.members}
    found = {department.pk for department in own}
    if members:
        called = Department.objects.filter(standard=item.standard_id, name__in=members)
        found |= set(called.values_list("pk", flat=True))
    return found


def liaisons_of(campaign: Campaign, item: Item) -> list[User]:
    """The liaisons of the item's departments, each once. Five queries at most."""
    return list(dict.fromkeys(people_of(campaign, departments_of(item))))


def who_may_discuss(campaign: Campaign) -> list[Colleague]:
    """Everybody of the county who may write in a discussion, and so be called there; each once. One query."""
    return _colleagues(campaign, Q(role__in=DISCUSSING_ROLES))


def who_may_be_in_charge(campaign: Campaign, item: Item) -> list[Colleague]:
    """The office's people and the liaisons of the item's departments. Six queries at most."""
    liaisons = Q(role=Role.LIAISON, user__in=liaisons_of(campaign, item))
    return _colleagues(campaign, Q(role__in=OFFICE_ROLES) | liaisons)


def _colleagues(campaign: Campaign, which: Q) -> list[Colleague]:
    grants = Grant.objects.filter(which, county=campaign.county, user__is_active=True)
    found: dict[User, list[str]] = {}
    for grant in grants.select_related("user").order_by("user__username", "pk"):
        found.setdefault(grant.user, []).append(f"{grant.department}{grant.get_role_display()}".replace("部门", ""))
    return [Colleague(user, "、".join(does)) for user, does in found.items()]

"""Every write to the people of a county: their accounts, and through the registry their roles.

Each function locks the person first, and raises PermissionDenied where `by` may not touch the account (`Authority`),
Refused where it cannot be done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Lower

from institutions import registry
from institutions.models import County, Grant, Institution
from institutions.people.authority import Authority
from institutions.refusals import Refused
from tcm_demo.accounts import factor_services
from tcm_demo.accounts import services as accounts
from tcm_demo.accounts.models import User

# what `change_account` changes
FACTS = ("display_name", "phone", "email", "expires_on", "is_active")


@dataclass(frozen=True)
class RoleGiven:
    """A role with what it is for: an institution (data clerks), a department (liaisons), else the county."""

    role: str
    institution: Institution | None = None
    department: str = ""


@dataclass(frozen=True)
class NewPerson:
    username: str
    name: str
    phone: str = ""
    email: str = ""
    expires_on: date | None = None
    roles: tuple[RoleGiven, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Slip:
    """What a person is handed on paper: the one-time password stands here and nowhere else."""

    person: User
    password: str


def slip_for(new: NewPerson) -> Slip:
    """A new person, not stored yet. Takes long: to be done before a transaction begins."""
    facts = {"name": new.name, "phone": new.phone, "email": new.email, "expires_on": new.expires_on}
    return Slip(*accounts.prepared_account(new.username, **facts))


def open_account(county: County, new: NewPerson, *, by: User) -> Slip:
    """A new person of the county. Raises Refused, PermissionDenied, and ValidationError for a role that cannot be."""
    slip = slip_for(new)
    store_people(county, [(slip, new.roles)], by=by)
    return slip


@transaction.atomic
def store_people(county: County, people: Sequence[tuple[Slip, Sequence[RoleGiven]]], *, by: User) -> None:
    """New people and their roles, of which each needs one; raises as `open_account`. A few statements for all."""
    users = [slip.person for slip, _ in people]
    if any(not roles for _, roles in people):
        raise Refused("新账号至少要有一项授权，请选择角色。")
    taken = User.objects.annotate(lower=Lower("username")).filter(lower__in=[user.username.lower() for user in users])
    if namesake := taken.first():
        raise Refused(f"用户名“{namesake.username}”已被使用，请换一个用户名。")
    accounts.open_accounts(users, by=by)
    grants = [Grant(user=slip.person, county=county, **vars(given)) for slip, roles in people for given in roles]
    registry.save_first_grants(grants, by=by)


@transaction.atomic
def give_role(county: County, person: User, given: RoleGiven, *, by: User) -> Grant:
    """Raises ValidationError (of a Grant) where the role does not go with what the person has, or with its scope."""
    grant = Grant(user=person, county=county, **vars(given))
    registry.save_grant(grant, by=by)
    return grant


@transaction.atomic
def take_role(grant: Grant, *, by: User) -> None:
    """The last role of a person stays: without one nobody would look after the account."""
    person = User.objects.select_for_update().get(pk=grant.user_id)
    if not person.grants.exclude(pk=grant.pk).exists():
        raise Refused(
            f"这是{person}唯一的授权，不能移除。不再使用的账号请停用；要换角色，请先添加新的授权，再移除这一项。"
        )
    registry.revoke_grant(grant, by=by)


@transaction.atomic
def reset_passwords(people: Sequence[User], *, by: User) -> list[Slip]:
    """New one-time passwords for all of them, or for none; their sessions and locks end."""
    given = {}
    for person in sorted(people, key=lambda person: person.pk):  # as everybody does who locks several
        locked = _locked(person, by)
        given[person.pk] = Slip(locked, accounts.reset_password(locked, by=by))
    return [given[person.pk] for person in people]


@transaction.atomic
def change_account(person: User, *, by: User, **facts) -> None:
    """Change some of `FACTS`. An account that is disabled or has expired is signed out everywhere."""
    locked = _locked(person, by)
    for name in FACTS:
        if name in facts:
            setattr(locked, name, facts[name])
    accounts.save_account(locked, by=by)


@transaction.atomic
def unlock(person: User, *, by: User) -> None:
    accounts.unlock_account(_locked(person, by), by=by)


@transaction.atomic
def turn_off_second_factor(person: User, *, by: User) -> bool:
    """For a person whose phone is gone. False where there was none."""
    return factor_services.turn_off(_locked(person, by), by=by)


def _locked(person: User, by: User) -> User:
    """The account as it is now, locked. Raises PermissionDenied where `by` may not touch it."""
    locked = User.objects.select_for_update().get(pk=person.pk)
    if fault := Authority(by).fault_of_account(locked):
        raise PermissionDenied(fault)
    return locked

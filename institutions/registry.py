"""Every write to the registries by hand: counties, institutions, grants. Each leaves an audit event.

Callers have checked permission and form (`full_clean`), but for grants, which are checked here. Where it changes which
institutions count, standings follow.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from institutions.checks import check_first_grant
from institutions.hooks import institutions_changed
from institutions.models import County, Grant, Institution
from institutions.people.authority import Authority
from tcm_demo.accounts.models import User
from tcm_demo.audit.services import record, record_many

# what a standing depends on; the rest of an institution is only shown
_COUNTED = {"code", "type", "opened_on", "closed_on"}


@dataclass(frozen=True)
class Change:
    """Which institutions of the county count changed from `since` on (None: from the beginning)."""

    county: County
    since: date | None


@transaction.atomic
def save_institution(institution: Institution, *, by) -> None:
    """Create or update; the county's standings follow. Nothing is written where nothing changed."""
    announce([write_institution(institution, by=by)])


@transaction.atomic
def delete_institution(institution: Institution, *, by) -> None:
    """Only one that never reported (ProtectedError otherwise); one that stopped working is closed instead."""
    _lock(institution.county)
    for grant in institution.grants.select_related("user", "county", "institution"):
        revoke_grant(grant, by=by)
    before = _facts(institution)
    change = Change(institution.county, institution.opened_on)
    record("delete_institution", institution, by=by, place=institution.county.code, before=before)
    institution.delete()
    announce([change])


@transaction.atomic
def write_institution(institution: Institution, *, by) -> Change | None:
    """As `save_institution`, but the standings wait for `announce`: for many institutions at once."""
    _lock(institution.county)
    earlier = Institution.objects.select_related("county", "manager").filter(pk=institution.pk).first()
    changed = _save("institution", institution, earlier, place=institution.county.code, by=by)
    if not changed & _COUNTED:
        return None
    return Change(institution.county, _since(earlier, institution, changed & _COUNTED))


def announce(changes: Iterable[Change | None]) -> None:
    """Have each county's standings follow, once, in the caller's transaction."""
    since: dict[County, date | None] = {}
    for change in filter(None, changes):
        since[change.county] = _earliest([change.since, since.get(change.county, change.since)])
    for county, day in since.items():
        institutions_changed(county=county, since=day)


@transaction.atomic
def save_county(county: County, *, by) -> None:
    earlier = County.objects.select_related("parent").filter(pk=county.pk).first()
    changed = _save("county", county, earlier, place=county.code, by=by)
    if earlier is not None and "code" in changed:
        institutions_changed(county=county, since=None)  # stored results name it


@transaction.atomic
def delete_county(county: County, *, by) -> None:
    """Only an empty one: ProtectedError where it has institutions, campaigns or counties below it."""
    for grant in county.grants.select_related("user", "county"):
        revoke_grant(grant, by=by)
    record("delete_county", county, by=by, place=county.code, before=_facts(county))
    county.delete()


@transaction.atomic
def save_grant(grant: Grant, *, by) -> None:
    """Give a person a role. Raises ValidationError, and PermissionDenied where `by` may not give it."""
    _lock_person(grant)
    earlier = Grant.objects.select_related("user", "county").filter(pk=grant.pk).first()
    for each in filter(None, (earlier, grant)):
        _demand_authority(each, by)
    grant.full_clean()
    _save("grant", grant, earlier, place=grant.county.code, by=by)


@transaction.atomic
def save_first_grants(grants: Sequence[Grant], *, by) -> None:
    """As `save_grant`, for people who have just been made and so have none: a few statements however many they are."""
    authority, roles = Authority(by), defaultdict(set)
    for grant in grants:
        if fault := authority.fault_of_role(grant.role, grant.county_id):
            raise PermissionDenied(fault)
        check_first_grant(grant, roles[grant.user_id])
        roles[grant.user_id].add(grant.role)
    Grant.objects.bulk_create(grants)
    events = [
        {"action": "create_grant", "subject": grant, "place": grant.county.code, "after": _facts(grant)}
        for grant in grants
    ]
    record_many(events, by=by)


@transaction.atomic
def revoke_grant(grant: Grant, *, by) -> None:
    """Take a role back. Raises PermissionDenied where `by` may not."""
    _lock_person(grant)
    _demand_authority(grant, by)
    record("delete_grant", grant, by=by, place=grant.county.code, before=_facts(grant))
    grant.delete()


def _lock_person(grant: Grant) -> None:
    """Grants of one person are given one after the other, as each is checked against the others."""
    grant.user = User.objects.select_for_update().get(pk=grant.user_id)


def _demand_authority(grant: Grant, by) -> None:
    if fault := Authority(by).fault_of_grant(grant):
        raise PermissionDenied(fault)


def _lock(county: County) -> None:
    """Before anything is written, as every writer in a county does: no two wait for each other's rows."""
    County.objects.select_for_update().get(pk=county.pk)


def _save(kind: str, row: models.Model, earlier: models.Model | None, *, place: str, by) -> set[str]:
    """Write the row and its event; returns the names of the fields that changed."""
    after, before = _facts(row), _facts(earlier) if earlier else {}
    changed = {name for name, value in after.items() if earlier is None or value != before[name]}
    if changed:
        row.save()
        record(
            f"change_{kind}" if earlier else f"create_{kind}",
            row,
            by=by,
            place=place,
            before={name: before[name] for name in after if name in changed} if earlier else None,
            after={name: value for name, value in after.items() if name in changed},
        )
    return changed


def _facts(row: models.Model) -> dict:
    """Its fields by name; another row by its code, or else its name."""
    values = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if not field.primary_key}
    return {
        name: getattr(value, "code", str(value)) if isinstance(value, models.Model) else value
        for name, value in values.items()
    }


def _since(earlier: Institution | None, now: Institution, changed: set[str]) -> date | None:
    if changed == {"closed_on"}:
        return min(day for day in (earlier.closed_on, now.closed_on) if day)
    return _earliest([each.opened_on for each in (earlier, now) if each])


def _earliest(days: list[date | None]) -> date | None:
    return None if None in days else min(days)

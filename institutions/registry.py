"""Every write to the registries by hand: counties, institutions, grants. Each leaves an audit event.

Callers have checked permission and form (`full_clean`). Where it changes which institutions count, standings follow.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction

from institutions.hooks import institutions_changed
from institutions.models import County, Grant, Institution
from tcm_demo.audit.services import record

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
    earlier = Grant.objects.select_related("user", "county").filter(pk=grant.pk).first()
    _save("grant", grant, earlier, place=grant.county.code, by=by)


@transaction.atomic
def revoke_grant(grant: Grant, *, by) -> None:
    record("delete_grant", grant, by=by, place=grant.county.code, before=_facts(grant))
    grant.delete()


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

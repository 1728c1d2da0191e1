"""Whom to tell about an institution's report."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from institutions.access import PROXIED_TYPES
from institutions.enums import Role
from institutions.models import Grant, Institution, Round
from tcm_demo.accounts.models import User


def clerks_of(institutions: Iterable[Institution]) -> dict[int, list[User]]:
    """Institution pk -> the people who fill in for it and can sign in: its own clerks, or else, for a type that
    reports through others, those of the institution that manages it. One query."""
    institutions = list(institutions)
    wanted = {institution.pk for institution in institutions}
    wanted |= {institution.manager_id for institution in institutions if _is_proxied(institution)}
    by_institution: dict[int, list[User]] = {}
    for grant in _grants_that_work().filter(institution__in=wanted).order_by("pk"):
        by_institution.setdefault(grant.institution_id, []).append(grant.user)
    return {
        institution.pk: by_institution.get(institution.pk)
        or (by_institution.get(institution.manager_id, []) if _is_proxied(institution) else [])
        for institution in institutions
    }


def reminded_today(round: Round, now: datetime) -> QuerySet:
    """The institutions, by pk, that were reminded of the round on this day of the county."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return round.reminders.filter(at__gte=midnight).values_list("institution", flat=True)


def _grants_that_work():
    lasting = Q(user__expires_on__isnull=True) | Q(user__expires_on__gte=timezone.localdate())
    return Grant.objects.filter(lasting, role=Role.DATA_CLERK, user__is_active=True).select_related("user")


def _is_proxied(institution: Institution) -> bool:
    return institution.manager_id is not None and institution.type in PROXIED_TYPES

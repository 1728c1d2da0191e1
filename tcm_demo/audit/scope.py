"""Which part of the trail an auditor reads. Who is one, the rooms above know: settings.AUDIT_SCOPE."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.module_loading import import_string

from tcm_demo.audit.models import Event


@dataclass(frozen=True)
class Scope:
    """Events of these `places` (code -> name), and events of no place: sign-ins, accounts, the system.

    Of the latter not those in which somebody of the `others` has a part, who belong to other places alone, and nobody
    of the `people` who belong to these. Both are keys of users, as a list or a query.
    """

    places: Mapping[str, str]
    people: Iterable[int]
    others: Iterable[int]

    def events(self) -> QuerySet[Event]:
        about_us = _has_part(self.people) | ~_has_part(self.others)
        return Event.objects.filter(Q(place__in=list(self.places)) | (Q(place="") & about_us))


def _has_part(keys: Iterable[int]) -> Q:
    """The event is by, or about, one of these users."""
    users = get_user_model().objects.filter(pk__in=keys)
    texts = users.annotate(text=Cast("pk", CharField())).values("text")
    is_subject = Q(subject_type=get_user_model()._meta.label, subject_id__in=texts)
    return Q(actor__in=users.values("pk")) | is_subject


def scope_of(user) -> Scope | None:
    """None: this user is no auditor."""
    return import_string(settings.AUDIT_SCOPE)(user)

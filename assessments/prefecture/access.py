"""Who compares the counties of a prefecture: its own people (institutions.enums.Role.PREFECTURE)."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from institutions.enums import CountyLevel, Role
from institutions.models import County


def prefectures_for(user) -> QuerySet[County]:
    """The prefectures whose page this user may read, by code; a superuser reads all."""
    prefectures = County.objects.filter(level=CountyLevel.PREFECTURE)
    if user.is_superuser:
        return prefectures
    return prefectures.filter(grants__user=user, grants__role=Role.PREFECTURE).distinct()


def prefecture_for(user, code: str) -> County:
    """The prefecture of this code. Raises Http404 for everybody else's."""
    return get_object_or_404(prefectures_for(user), code=code)

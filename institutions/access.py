"""Who sees which county: permission and fetch are one step.

A county without a grant does not exist for a person (404); one that may be read but not changed answers 403.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from institutions.enums import Role
from institutions.models import County, Institution

WRITING_ROLES = (Role.COUNTY_OFFICE,)


def counties_for(user) -> QuerySet[County]:
    """The counties that this user may read."""
    if user.is_superuser:
        return County.objects.all()
    return County.objects.filter(grants__user=user).distinct()


def counties_to_write(user) -> QuerySet[County]:
    """The counties that this user may change."""
    if user.is_superuser:
        return County.objects.all()
    return County.objects.filter(grants__user=user, grants__role__in=WRITING_ROLES).distinct()


def may_write(user, county: County) -> bool:
    return user.is_superuser or county.grants.filter(user=user, role__in=WRITING_ROLES).exists()


def county_for(user, code: str, *, to_write: bool = False) -> County:
    """The county of this code that the user may read (with `to_write`: change). Raises Http404, PermissionDenied."""
    county = get_object_or_404(counties_for(user), code=code)
    if to_write and not may_write(user, county):
        raise PermissionDenied("您对本县（区）只有查看权限。需要修改，请联系创建办。")
    return county


def institution_for(user, county_code: str, code: str) -> Institution:
    """The institution of this code in a county that the user may read. Raises Http404."""
    institutions = Institution.objects.select_related("county", "manager")
    return get_object_or_404(institutions, county__in=counties_for(user), county__code=county_code, code=code)


def roles_of(user) -> set[str]:
    """Codes of the roles that this user has anywhere (settings.ACCOUNT_ROLES)."""
    return set(user.grants.values_list("role", flat=True))


def only_county_name() -> str:
    """The county that an installation serves; "" where there are none or several (settings.SITE_NAME_FROM)."""
    names = County.objects.values_list("name", flat=True)[:2]
    return names[0] if len(names) == 1 else ""

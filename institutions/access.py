"""Who may do what, where: permission and fetch are one step.

What a person has no grant for does not exist for that person (404); what may be seen but not changed answers 403. Which
roles may do what stands in the tables below. A superuser may do everything but accept what they submitted (see
review_services) and read the audit trail.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from indicators.enums import InstitutionType
from institutions.enums import CountyLevel, Role
from institutions.models import County, Grant, Institution
from tcm_demo.audit.scope import Scope

# all pages about the county and its institutions
READING_ROLES = (Role.REVIEWER, Role.COUNTY_OFFICE, Role.LIAISON, Role.LEADERSHIP, Role.EXPERT)
# set up rounds, registries, campaigns; import
WRITING_ROLES = (Role.COUNTY_OFFICE,)
# check reports: accept, return, remind; judge evidence; import workbooks for others to accept
CHECKING_ROLES = (Role.REVIEWER, Role.COUNTY_OFFICE)
# make accounts and grants
PEOPLE_ROLES = (Role.COUNTY_OFFICE, Role.SYSTEM_ADMIN)
# types that report through the institution that manages them, where nobody has an account for them
PROXIED_TYPES = (InstitutionType.COMMUNITY_STATION, InstitutionType.VILLAGE_CLINIC)

READ_ONLY = "您对本县（区）只有查看权限。需要修改，请联系创建办。"
NOT_CHECKING = "只有创建办的审核员和管理员可以审核填报。"


def counties_for(user) -> QuerySet[County]:
    """The counties whose pages this user may read: by a grant there, or by one for the prefecture above."""
    if user.is_superuser:
        return County.objects.all()
    above = Q(parent__grants__user=user, parent__grants__role=Role.PREFECTURE)
    here = Q(grants__user=user, grants__role__in=(*READING_ROLES, Role.PREFECTURE))
    return County.objects.filter(here | above).distinct()


def owners_for(user) -> set[str]:
    """Whose published standards this user may read (indicators.hooks.owners_for): "" (everybody's), of the counties
    that they have any part in, and of those above these. One query."""
    if not user.is_authenticated:
        return set()
    counties = County.objects.all() if user.is_superuser else _counties_with_any_part(user)
    codes = counties.values_list("code", "parent__code")
    return {"", *(code for pair in codes for code in pair if code)}


def owners_of(county: County) -> set[str]:
    """Whose standards the county may work towards: everybody's, its own, its prefecture's."""
    return {"", county.code} | ({county.parent.code} if county.parent_id else set())


def _counties_with_any_part(user) -> QuerySet[County]:
    below = Q(parent__grants__user=user, parent__grants__role=Role.PREFECTURE)
    return County.objects.filter(Q(grants__user=user) | below).distinct()


def counties_to_write(user) -> QuerySet[County]:
    """The counties that this user may change."""
    return _counties_of(user, WRITING_ROLES)


def counties_to_check(user) -> QuerySet[County]:
    """The counties whose reports this user may accept and return."""
    return _counties_of(user, CHECKING_ROLES)


def counties_of_people(user) -> QuerySet[County]:
    """The counties in which this user makes accounts."""
    return _counties_of(user, PEOPLE_ROLES)


def _counties_of(user, roles) -> QuerySet[County]:
    if user.is_superuser:
        return County.objects.all()
    return County.objects.filter(grants__user=user, grants__role__in=roles).distinct()


def may_write(user, county: County) -> bool:
    return _has_role(user, county, WRITING_ROLES)


def may_check(user, county: County) -> bool:
    return _has_role(user, county, CHECKING_ROLES)


def may_manage_people(user, county: County) -> bool:
    return _has_role(user, county, PEOPLE_ROLES)


def roles_in(user, county: County) -> set[str]:
    """Codes of the roles that this user has in this county: of a superuser all but the auditor's. One query."""
    if user.is_superuser:
        return set(Role) - {Role.AUDITOR}
    return set(county.grants.filter(user=user).values_list("role", flat=True))


def _has_role(user, county: County, roles) -> bool:
    return user.is_superuser or county.grants.filter(user=user, role__in=roles).exists()


def county_for(user, code: str, *, to_write: bool = False, to_check: bool = False) -> County:
    """The county of this code that the user may read (`to_write`: change; `to_check`: check the reports of).

    Raises Http404, PermissionDenied.
    """
    county = get_object_or_404(counties_for(user), code=code)
    if to_write and not may_write(user, county):
        raise PermissionDenied(READ_ONLY)
    if to_check and not may_check(user, county):
        raise PermissionDenied(NOT_CHECKING)
    return county


def county_of_people(user, code: str) -> County:
    """The county of this code in which the user makes accounts. Raises Http404; PermissionDenied for its readers."""
    county = counties_of_people(user).filter(code=code).first()
    if county is None:
        county_for(user, code)
        raise PermissionDenied("只有创建办管理员和系统管理员可以管理账号。")
    return county


def institution_for(user, county_code: str, code: str) -> Institution:
    """The institution of this code in a county that the user may read. Raises Http404."""
    institutions = Institution.objects.select_related("county", "manager")
    return get_object_or_404(institutions, county__in=counties_for(user), county__code=county_code, code=code)


def institutions_to_fill(user) -> QuerySet[Institution]:
    """The institutions for which this user fills in: their own, and those that report through them (代报)."""
    own = Q(grants__user=user, grants__role=Role.DATA_CLERK)
    proxied = Q(
        manager__grants__user=user, manager__grants__role=Role.DATA_CLERK, type__in=[t.value for t in PROXIED_TYPES]
    )
    return Institution.objects.filter(own | proxied).select_related("county", "manager").distinct()


def institution_to_fill(user, county_code: str, code: str) -> Institution:
    """The institution of this code for which the user fills in. Raises Http404, also for people of the county who
    may only look at it: the page to look at a report is another one."""
    return get_object_or_404(institutions_to_fill(user), county__code=county_code, code=code)


def proxy_of(user, institution: Institution) -> Institution | None:
    """The managing institution whose clerk the user is, where that is how the user may fill in for `institution`."""
    if Grant.objects.filter(user=user, role=Role.DATA_CLERK, institution=institution).exists():
        return None
    return institution.manager if institution.manager_id else None


def roles_of(user) -> set[str]:
    """Codes of the roles that this user has anywhere (settings.ACCOUNT_ROLES)."""
    return set(user.grants.values_list("role", flat=True))


def only_county_name() -> str:
    """The county that an installation serves; "" where there are none or several (settings.SITE_NAME_FROM)."""
    names = County.objects.filter(level=CountyLevel.COUNTY).values_list("name", flat=True)[:2]
    return names[0] if len(names) == 1 else ""


def audit_scope(user) -> Scope | None:
    """The part of the trail that this user reads as an auditor (settings.AUDIT_SCOPE): of their counties, and of those
    below them. None for all others; who administers the system reads no trail, whatever grants they have."""
    own = Q(grants__user=user, grants__role=Role.AUDITOR)
    below = Q(parent__grants__user=user, parent__grants__role=Role.AUDITOR)
    counties = County.objects.filter(own | below).distinct()
    places = {} if user.is_superuser else dict(counties.values_list("code", "name"))
    if not places:
        return None
    here = Grant.objects.filter(county__in=counties.values("pk")).values("user")
    return Scope(places, people=here, others=Grant.objects.exclude(user__in=here).values("user"))

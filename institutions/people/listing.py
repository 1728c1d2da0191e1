"""The people of a county as a list: what may be asked of it, and the rows that answer."""

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from institutions import hooks
from institutions.access import PROXIED_TYPES
from institutions.enums import Role
from institutions.models import County, Grant, Institution
from tcm_demo.accounts.models import User
from tcm_demo.accounts.queries import in_state

SORTS = {
    "name": ("display_name", "username"),
    "username": ("username",),
    "last_login": ("last_login", "username"),
    "expires_on": ("expires_on", "username"),
}
MAX_CHOICES = 20


def people_of(county: County) -> QuerySet[User]:
    """Everybody with a grant in this county; `grants_here` are those grants, with their institutions."""
    grants = Grant.objects.filter(county=county).select_related("institution").order_by("pk")
    return User.objects.filter(Exists(Grant.objects.filter(county=county, user=OuterRef("pk")))).prefetch_related(
        Prefetch("grants", grants, to_attr="grants_here")
    )


def person_of(county: County, pk: int) -> User:
    """Somebody of `people_of`, with all grants for `Authority`. Raises Http404, also for people of other counties."""
    return get_object_or_404(people_of(county).prefetch_related("grants"), pk=pk)


def listed(county: County, *, q: str = "", role: str = "", town: str = "", state: str = "", sort: str = ""):
    """Those asked for, in the order asked for. `q`: part of a name, a phone number or an institution's name or code."""
    people, here = people_of(county), Grant.objects.filter(county=county, user=OuterRef("pk"))
    if role in Role:
        people = people.filter(Exists(here.filter(role=role)))
    if town:
        people = people.filter(Exists(here.filter(institution__town=town)))
    if q:
        at = Exists(here.filter(Q(institution__name__icontains=q) | Q(institution__code__icontains=q)))
        known = Q(username__icontains=q) | Q(display_name__icontains=q) | Q(phone__icontains=q)
        people = people.filter(known | at | Exists(here.filter(department__icontains=q)))
    if state:
        people = in_state(people, state)
    return people.order_by(*_order(sort))


def _order(sort: str) -> list:
    first, *rest = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    field = F(first).desc(nulls_last=True) if sort.startswith("-") else F(first).asc(nulls_last=True)
    return [field, *rest]


def counts_by_role(county: County) -> dict[str, int]:
    """How many people have each role. One query."""
    counts = county.grants.order_by().values("role").annotate(people=Count("user", distinct=True))
    return dict(counts.values_list("role", "people"))


def towns_of(county: County) -> list[str]:
    towns = county.institutions.exclude(town="").order_by("town").values_list("town", flat=True)
    return list(towns.distinct())


def departments_of(county: County) -> dict[str, list[str]]:
    """The departments of what the county works towards, as they are called there, each with its other spellings."""
    return hooks.departments_of(county=county)


def uncovered(county: County) -> QuerySet[Institution]:
    """Institutions at work today for which nobody who can sign in fills in, in the official order.

    A village clinic or a station is covered where the institution that manages it has a clerk.
    """
    today = timezone.localdate()
    at_work = Q(opened_on__isnull=True) | Q(opened_on__lte=today), Q(closed_on__isnull=True) | Q(closed_on__gt=today)
    expired = Q(user__expires_on__lt=today)
    clerks = Grant.objects.filter(role=Role.DATA_CLERK, user__is_active=True).exclude(expired)
    own = Exists(clerks.filter(institution=OuterRef("pk")))
    manager = Exists(clerks.filter(institution=OuterRef("manager")))
    return (
        county.institutions.filter(*at_work)
        .exclude(own)
        .exclude(Q(manager, type__in=[each.value for each in PROXIED_TYPES]))
        .select_related("manager")
        .order_by("position", "code")
    )


def institutions_like(county: County, text: str) -> list[Institution]:
    """The first few institutions of the county whose code, name or town has this in it."""
    found = county.institutions.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(town__icontains=text))
    return list(found.order_by("position", "code")[:MAX_CHOICES])


def institution_meant(county: County, text: str) -> Institution | None:
    """The institution that a code, a name of which there is just one, or `choice_text` says; None: none, or several."""
    text = text.strip()
    code, _, name = text.partition(" ")
    told = Q(code=text) | Q(name=text) | Q(code=code, name=name.strip())
    found = list(county.institutions.filter(told))
    exact = [each for each in found if each.code == text] or found
    return exact[0] if len(exact) == 1 else None


def choice_text(institution: Institution) -> str:
    """How an institution stands in a list to choose from, and comes back from there. Codes have no blanks."""
    return f"{institution.code} {institution.name}"

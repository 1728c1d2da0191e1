"""The people of a county: the list, and the institutions for which nobody fills in."""

from collections.abc import Callable
from functools import wraps

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaulttags import querystring
from django.urls import reverse
from django.views.decorators.http import require_safe

from institutions.access import county_of_people
from institutions.checks import without_unseen
from institutions.enums import Role
from institutions.models import County
from institutions.people import listing as people_list
from institutions.people.authority import Authority
from institutions.people.forms import PeopleFilter
from tcm_demo.accounts.enums import AccountState
from tcm_demo.accounts.locks import locked_names
from tcm_demo.accounts.queries import state_of

PER_PAGE = 50
# the look of each state (tcm_demo.lib.lights)
LIGHTS = {
    AccountState.ACTIVE: "accepted",
    AccountState.NEW: "open",
    AccountState.LOCKED: "submitted",
    AccountState.EXPIRED: "failing",
    AccountState.DISABLED: "not_applicable",
}


def people_page(view: Callable[..., HttpResponse]):
    """For views of `c/<county>/people/…`: calls `view(request, county, ...)` for those who make accounts there."""

    @wraps(view)
    def found(request: HttpRequest, county: str, **kwargs) -> HttpResponse:
        return view(request, county_of_people(request.user, county), **kwargs)

    return found


def people_url(name: str, county: County, **kwargs) -> str:
    return reverse(f"institutions:{name}", kwargs={"county": county.code} | kwargs)


def crumbs(county: County) -> list[tuple[str, str]]:
    return [("账号与授权", people_url("people", county))]


@require_safe
@people_page
def people(request: HttpRequest, county: County) -> HttpResponse:
    form = PeopleFilter(request.GET, county)
    by_link = {name: request.GET.get(name, "") for name in ("role", "sort")}
    found = people_list.listed(county, **form.chosen(), **by_link)
    page = Paginator(found.prefetch_related("grants"), PER_PAGE).get_page(request.GET.get("page"))
    authority, locked = Authority(request.user), locked_names()
    for person in page.object_list:
        person.state = state_of(person, locked)
        person.light = LIGHTS[person.state]
        person.url = people_url("person", county, person=person.pk)
        person.may_reset = authority.fault_of_account(person) is None
    context = {
        "county": county,
        "form": form,
        "page": page,
        "roles": _role_links(request, county),
        "uncovered": people_list.uncovered(county).count(),
        "urls": {
            name: people_url(f"people-{name}", county) for name in ("new", "uncovered", "import", "reset", "template")
        },
    }
    return render(request, "people/people.html", context)


def _role_links(request: HttpRequest, county: County) -> list[dict]:
    """How many people have each role, each a filter that keeps the others."""
    counts, chosen = people_list.counts_by_role(county), request.GET.get("role", "")
    everybody = {
        "label": "全部",
        "count": people_list.people_of(county).count(),
        "current": not chosen,
        "url": querystring(None, request.GET, role=None, page=None),
    }
    return [everybody] + [
        {
            "label": role.label,
            "count": counts[role],
            "current": role == chosen,
            "url": querystring(None, request.GET, role=role.value, page=None),
        }
        for role in Role
        if counts.get(role)
    ]


@require_safe
@people_page
def institution_choices(request: HttpRequest, county: County) -> HttpResponse:
    """What is offered while somebody types an institution: options of a list, of this county alone."""
    text = without_unseen(request.GET.get("institution", "").strip())
    found = people_list.institutions_like(county, text)
    return render(request, "people/_choices.html", {"choices": [people_list.choice_text(each) for each in found]})


@require_safe
@people_page
def uncovered(request: HttpRequest, county: County) -> HttpResponse:
    page = Paginator(people_list.uncovered(county), PER_PAGE).get_page(request.GET.get("page"))
    new = people_url("people-new", county)
    for institution in page.object_list:
        institution.url = new + querystring(None, request.GET, institution=institution.code, page=None)
    context = {
        "county": county,
        "crumbs": crumbs(county),
        "page": page,
        "template_url": f"{people_url('people-template', county)}?for=uncovered",
        "import_url": people_url("people-import", county),
    }
    return render(request, "people/uncovered.html", context)

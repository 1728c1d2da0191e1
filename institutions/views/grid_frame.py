"""What the pages of the grid share: which rows a page has, addresses, what the base template needs."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from institutions.filling.form import days_left_words
from institutions.filling.grid import managed_to_fill
from institutions.models import Institution, Round
from institutions.period import Period
from tcm_demo.lib.dates import zh_date

# so many rows of 31 figures with what stood there stay below the number of fields that the server takes
PER_PAGE = 60


def page_of(request: HttpRequest, round: Round, manager: Institution) -> Page:
    return Paginator(managed_to_fill(request.user, round, manager), PER_PAGE).get_page(request.GET.get("page"))


def grid_url(round: Round, manager: Institution, name: str, page: str = "", **kwargs) -> str:
    here = {"county": round.county.code, "period": round.period, "code": manager.code}
    address = reverse(f"institutions:{name}", kwargs=here | kwargs)
    return f"{address}?page={page}" if page.isdecimal() and len(page) < 4 else address


def row_url(round: Round, manager: Institution, institution: Institution) -> str:
    return grid_url(round, manager, "fill-grid-row", row=institution.code)


def render_grid(
    request: HttpRequest, round: Round, manager: Institution, template: str, context: dict, *, inside: bool = False
) -> HttpResponse:
    """`inside`: a page below the grid's."""
    due = days_left_words(round.due_on, timezone.localdate())
    page, home = request.GET.get("page", ""), grid_url(round, manager, "fill-grid")
    shared = {
        "county": round.county.name,
        "period": str(Period.parse(round.period)),
        "round": round,
        "manager": manager,
        "lead": f"由{manager.name}代报 · 截止 {zh_date(round.due_on)}" + ("" if round.is_closed else f"，{due}"),
        "can_type": round.is_open_on(timezone.localdate()),
        "crumbs": [("我的填报", reverse("institutions:my-reports"))] + ([("代报", home)] if inside else []),
        "grid_url": home,
        "save_url": grid_url(round, manager, "fill-grid-save", page),
        "submit_url": grid_url(round, manager, "fill-grid-submit", page),
    }
    return render(request, f"filling/{template}", shared | context)

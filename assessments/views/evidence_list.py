"""All evidence of a county in one list, to find, to check many at once, and as a workbook."""

from io import BytesIO

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaulttags import querystring
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.evidence.list_rows import Lister
from assessments.evidence.list_workbook import evidence_workbook
from assessments.evidence.listing import (
    DEFAULT_SORT,
    STATES,
    Asked,
    EvidenceFilter,
    asked_for,
    counts_by_state,
    listed,
    twins_on,
)
from assessments.evidence.words import version_words
from assessments.models import Campaign, Piece
from assessments.views.frame import page_url
from institutions.access import county_for, may_check
from institutions.models import County
from tcm_demo.audit.exports import exported
from tcm_demo.lib.downloads import download

PER_PAGE = 30


@require_safe
def evidence_list(request: HttpRequest, county: str) -> HttpResponse:
    found = county_for(request.user, county)
    campaigns = _campaigns(found)
    form = EvidenceFilter(request.GET, found)
    asked = asked_for(found, campaigns, form)
    page = Paginator(_listed(request, asked), PER_PAGE).get_page(request.GET.get("page"))
    lister = Lister(found, campaigns, request.user, checks=may_check(request.user, found))
    pieces = list(page.object_list)
    twins = twins_on(found, pieces)
    rows = [lister.row(piece, twins) for piece in pieces]
    context = {
        "county": found.name,
        "county_code": found.code,
        "form": form,
        "states": _state_links(request, asked),
        "page": page,
        "rows": [(row, version_words(row.piece.version), _uses(row)) for row in rows],
        "checks": lister.checks,
        "acceptable": sum(row.acceptable for row in rows),
        "may_pick": any(use.may_tick for row in rows for use in row.uses),
        "default_sort": DEFAULT_SORT,
        "export_url": f"{reverse('assessments:evidence-export', args=[found.code])}"
        f"{querystring(None, request.GET, page=None)}",
    }
    return render(request, "evidence/list.html", context)


@require_safe
def evidence_export(request: HttpRequest, county: str) -> FileResponse:
    """The list as filtered and sorted, all pages of it."""
    found = county_for(request.user, county)
    campaigns = _campaigns(found)
    pieces = _listed(request, asked_for(found, campaigns, EvidenceFilter(request.GET, found)))
    lister = Lister(found, campaigns, request.user, checks=False)
    data, lines = evidence_workbook(pieces, lister)
    name = f"{found.name}佐证材料清单.xlsx"
    exported(request, "evidence_list", found, place=found.code, rows=lines, file=name)
    return download(BytesIO(data), name)


def _campaigns(county: County) -> list[Campaign]:
    return list(county.campaigns.select_related("county", "standard"))


def _listed(request: HttpRequest, asked: Asked) -> QuerySet[Piece]:
    return listed(asked, state=request.GET.get("state", ""), sort=request.GET.get("sort", ""))


def _uses(row) -> list[tuple]:
    """Each use with the address of its item's page; "" where the county has no such page."""
    return [
        (use, page_url(use.campaign, "item", use.campaign.period, number=use.number) if use.campaign else "")
        for use in row.uses
    ]


def _state_links(request: HttpRequest, asked: Asked) -> list[dict]:
    """How many of the pieces asked for are in each state, each a filter that keeps the others."""
    counts, chosen = counts_by_state(asked), request.GET.get("state", "")
    return [
        {
            "label": label,
            "count": counts[state],
            "current": state == chosen,
            "url": querystring(None, request.GET, state=state or None, page=None) or request.path,
        }
        for state, label in {"": "全部", **STATES}.items()
    ]

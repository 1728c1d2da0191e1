"""Proxy entry: one grid for all institutions that report through another one, and what is typed into it."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from institutions.filling.grid import grid_rows, managed_to_fill, manager_to_fill, tables_of
from institutions.filling.grid_row import GridRow
from institutions.filling.services import CONFLICT, LOCKED, SAVED, UNREAD, CellResult, save_cells
from institutions.period import Period
from institutions.refusals import Refused
from institutions.views.grid_frame import grid_url, page_of, render_grid
from institutions.views.typed import cells_of
from tcm_demo.lib.lights import light

TOO_MANY = "一次发来的格子太多，没有保存；请分几次粘贴，每次不超过 2000 格。填写的内容还在页面上。"


@require_safe
@never_cache
def grid(request: HttpRequest, county: str, period: str, code: str) -> HttpResponse:
    round, manager = manager_to_fill(request.user, county, period, code)
    page = page_of(request, round, manager)
    rows = grid_rows(round, page.object_list)
    context = {
        "page": page,
        "tables": tables_of(rows),
        "ready": sum(row.is_ready for row in rows),
        "previous": next((str(Period.parse(row.background.period)) for row in rows if row.background.period), ""),
    }
    return render_grid(request, round, manager, "grid.html", context)


def _says_when_too_much(view):
    """Too many fields make a sentence instead of a page that says nothing. The token of the form is checked after that,
    for it is read from the same fields."""
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            request.POST  # noqa: B018 it is read here
        except TooManyFieldsSent:
            return JsonResponse({"error": TOO_MANY}, status=413)
        return checked(request, *args, **kwargs)

    return answered


@require_POST
@_says_when_too_much
def save(request: HttpRequest, county: str, period: str, code: str) -> HttpResponse:
    """What was typed, in rows of any page. Scripts get JSON: what became of each cell, and how the rows stand now."""
    round, manager = manager_to_fill(request.user, county, period, code)
    by_script = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    institutions = managed_to_fill(request.user, round, manager)
    cells, explanations = cells_of(request.POST, institutions, only_changed=not by_script)
    try:
        results = save_cells(round, cells, by=request.user, explanations=explanations)
    except Refused as refused:
        if by_script:
            return JsonResponse({"error": str(refused)}, status=409)
        messages.error(request, str(refused))
        return redirect(grid_url(round, manager, "fill-grid"))
    if not by_script:
        _tell(request, results)
        return redirect(grid_url(round, manager, "fill-grid", page=request.GET.get("page", "")))
    touched = [each for each in institutions if each.pk in {cell.institution.pk for cell in cells}]
    rows = [_row_json(row) for row in grid_rows(round, touched)]
    return JsonResponse({"cells": [_cell_json(result) for result in results], "rows": rows})


def _cell_json(result: CellResult) -> dict:
    return {
        "name": f"{result.institution.pk}-{result.element}",
        "status": result.status,
        "text": result.text,
        "sentence": result.sentence,
    }


def _row_json(row: GridRow) -> dict:
    return {
        "pk": row.institution.pk,
        "light": render_to_string("components/light.html", {"light": light(row.state, row.word)}),
        "filled": row.filled,
        "asked": row.asked,
        "faults": len(row.faults),
        "cautions": len(row.unexplained),
        "ready": row.is_ready,
        "marks": row.marks,
    }


def _tell(request: HttpRequest, results: list[CellResult]) -> None:
    saved = sum(result.status in (SAVED, UNREAD) for result in results)
    if saved:
        messages.success(request, f"已保存 {saved} 项。")
    for result in results:
        if result.status in (CONFLICT, UNREAD, LOCKED):
            messages.warning(request, f"{result.institution.name}：{result.sentence}")

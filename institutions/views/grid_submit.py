"""Checking and submitting rows of the grid: one with its faults and cautions, or all that are ready."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from institutions.filling.form import doubt_of
from institutions.filling.grid import grid_rows, managed_to_fill, manager_to_fill
from institutions.filling.services import Unfit, save_cells, submit_report
from institutions.models import Institution, Round
from institutions.refusals import Refused
from institutions.views.grid_frame import PER_PAGE, grid_url, page_of, render_grid, row_url
from institutions.views.typed import cells_of, texts_of


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, county: str, period: str, code: str, row: str) -> HttpResponse:
    """One row's faults and cautions with room for words on them: beside the grid, or a page of its own."""
    round, manager = manager_to_fill(request.user, county, period, code)
    institution = get_object_or_404(managed_to_fill(request.user, round, manager), code=row)
    if request.method == "POST":
        return _explain(request, round, manager, institution)
    return _show_row(request, round, manager, institution)


def _show_row(
    request: HttpRequest,
    round: Round,
    manager: Institution,
    institution: Institution,
    words: Mapping | None = None,
) -> HttpResponse:
    """`words`: typed on its cautions, by key, and not stored."""
    (found,) = grid_rows(round, [institution])
    explanations = found.report.explanations
    doubts = [doubt_of(each, explanations, words or {}) for each in found.cautions]
    to_write = sum(not each.explanation for each in doubts)
    context = {"row": found, "doubts": doubts, "to_write": to_write, "row_url": row_url(round, manager, institution)}
    if request.htmx:
        return render(request, "filling/_grid_row.html", context | {"manager": manager})
    return render_grid(request, round, manager, "grid_row.html", context, inside=True)


def _explain(request: HttpRequest, round: Round, manager: Institution, institution: Institution) -> HttpResponse:
    """Keep the words; where asked to, submit. Faults and cautions that are in the way show again beside their words."""
    _, words = cells_of(request.POST, [institution])
    try:
        save_cells(round, [], by=request.user, explanations=words)
    except Refused as refused:
        messages.error(request, str(refused))
        return _show_row(request, round, manager, institution, texts_of(words.get(institution.pk, {})))
    try:
        if request.POST.get("then") == "submit":
            submit_report(round, institution, by=request.user)
            messages.success(request, f"已提交：{institution.name}（由{manager.name}代报）。")
        elif words:
            messages.success(request, f"已保存“{institution.name}”的说明。")
    except Unfit as unfit:
        messages.warning(request, str(unfit))
        return redirect(row_url(round, manager, institution))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{grid_url(round, manager, 'fill-grid')}#row-{institution.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, county: str, period: str, code: str) -> HttpResponse:
    """All rows that are ready, in one go; each has its own outcome. First a page that says which, and which not."""
    round, manager = manager_to_fill(request.user, county, period, code)
    institutions = managed_to_fill(request.user, round, manager)
    if request.method == "POST":
        chosen = institutions.filter(code__in=request.POST.getlist("row")[:PER_PAGE])
        _submit_all(request, round, manager, list(chosen))
        return redirect(grid_url(round, manager, "fill-grid"))
    rows = grid_rows(round, page_of(request, round, manager).object_list)
    context = {
        "ready": [each for each in rows if each.is_ready],
        "waiting": [each for each in rows if each.is_open and not each.is_ready and each.report.values],
        "empty": [each for each in rows if each.is_open and not each.report.values],
    }
    return render_grid(request, round, manager, "grid_submit.html", context, inside=True)


def _submit_all(request: HttpRequest, round: Round, manager: Institution, institutions: list[Institution]) -> None:
    done, refusals = [], []
    for institution in institutions:
        try:
            submit_report(round, institution, by=request.user)
            done.append(institution.name)
        except Refused as refused:
            refusals.append(str(refused))
    if done:
        messages.success(request, f"已提交 {len(done)} 家（由{manager.name}代报）：{'、'.join(done)}。")
    for sentence in refusals:
        messages.warning(request, sentence)

"""Before a report is handed in: what is wrong, what needs a word, what is empty; then the handing in; its history."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from institutions.filling.findings import MISSING
from institutions.filling.form import doubt_of
from institutions.filling.services import Unfit, figures_version, save_cells, submit_report
from institutions.refusals import Refused
from institutions.report_history import history_of
from institutions.views.fill_desk import Desk, desk_page
from institutions.views.typed import cells_of, texts_of


@require_safe
@never_cache
@desk_page
def check(request: HttpRequest, desk: Desk) -> HttpResponse:
    if not desk.can_edit:
        return redirect(desk.url("fill"))
    return _page(request, desk)


@require_POST
@desk_page
def submit(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keeps the words on cautions, and hands the report in where nothing stands against it."""
    _, words = cells_of(request.POST, [desk.institution])
    try:
        save_cells(desk.round, [], by=request.user, explanations=words)
        submit_report(desk.round, desk.institution, by=request.user, seen=request.POST.get("seen"))
    except Unfit as unfit:
        messages.error(request, str(unfit))
        return redirect(desk.url("fill" if unfit.faults else "fill-check"))
    except Refused as refused:
        messages.error(request, str(refused))
        if desk.can_edit:
            return _page(request, desk, texts_of(words.get(desk.institution.pk, {})), status=409)
        return redirect(desk.url("fill"))
    messages.success(
        request, "已提交。创建办审核后接受；有问题的会逐项退回并写明原因，退回后在这里改正再提交。需要留底可打印本页。"
    )
    return redirect(desk.url("fill"))


@require_safe
@never_cache
@desk_page
def history(request: HttpRequest, desk: Desk) -> HttpResponse:
    found = history_of(desk.report, request.GET.get("steps", 1))
    return desk.render(request, "history.html", {"history": found})


def _page(request: HttpRequest, desk: Desk, words: dict | None = None, status: int = 200) -> HttpResponse:
    report = desk.report
    missing = [e for c, e in desk.elements.items() if c not in report.values and c not in report.unread]
    doubts = [doubt_of(each, report.explanations, words or {}) for each in desk.cautions]
    place = {"county": desk.round.county.code, "period": desk.round.period, "code": desk.institution.code}
    context = {
        "faults": desk.faults,
        "doubts": doubts,
        "to_write": sum(not each.explanation for each in doubts),
        "missing": missing,
        "missing_key": MISSING,
        "seen": figures_version(report),
        "filled": sum(code in report.values for code in desk.elements),
        "meaning_url": reverse("assessments:meaning", kwargs=place),
    }
    return desk.render(request, "check.html", context, status)

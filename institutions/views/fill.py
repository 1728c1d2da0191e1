"""The form of one institution: filled in, saved while typing or by its button, last period's facts copied."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from institutions.filling.explanations import is_outdated, typed_words
from institutions.filling.form import Clash
from institutions.filling.services import (
    CONFLICT,
    LOCKED,
    SAVED,
    UNREAD,
    CellResult,
    copy_facts,
    save_cells,
    stored_text,
)
from institutions.refusals import Refused
from institutions.review.services import version_of
from institutions.views.fill_desk import Desk, desk_page, named
from institutions.views.typed import cells_of, texts_of
from tcm_demo.lib.dates import zh_datetime
from tcm_demo.lib.lights import light


@require_safe
@never_cache
@desk_page
def fill(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _form(request, desk)


@require_POST
@desk_page
def save(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Takes what was typed. Scripts ask for JSON and are told about each cell; a browser without them gets a page."""
    by_script = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    cells, words = cells_of(request.POST, [desk.institution], only_changed=not by_script)
    if not by_script:
        taken = request.POST.get("theirs")
        cells = [cell for cell in cells if cell.element != taken]
    try:
        results = save_cells(desk.round, cells, by=request.user, explanations=words)
    except Refused as refused:
        if by_script:
            return JsonResponse({"error": str(refused)}, status=409)
        messages.error(request, f"没有保存：{refused}")
        typed = {cell.element: cell.text for cell in cells}
        words = texts_of(words.get(desk.institution.pk, {}))
        return _form(request, desk, typed=typed, words=words, status=409)
    desk = Desk(desk.user, desk.round, desk.institution)
    return _answer(desk, results) if by_script else _after(request, desk, results, cells)


def _answer(desk: Desk, results: Iterable[CellResult]) -> JsonResponse:
    report, explanations = desk.report, desk.report.explanations
    return JsonResponse(
        {
            "cells": {
                each.element: {
                    "status": each.status,
                    "text": each.text,
                    "sentence": each.sentence,
                    "by": each.by,
                    "at": zh_datetime(each.at),
                }
                for each in results
            },
            "texts": {code: stored_text(report, element) for code, element in desk.elements.items()},
            "faults": [{"key": f.key, "elements": f.elements, "text": f.text} for f in desk.faults],
            "cautions": [
                {
                    "key": c.key,
                    "elements": c.elements,
                    "text": c.text,
                    "explanation": typed_words(explanations, c.key),
                    "outdated": is_outdated(explanations, c),
                }
                for c in desk.cautions
            ],
            "filled": sum(code in report.values for code in desk.elements),
            "due": len(desk.elements),
            "unread": desk.unread_count,
            "light": render_to_string("components/light.html", {"light": light(*desk.state)}),
            "state": report.state,
            "can_edit": desk.can_edit,
            "version": version_of(report) if report.pk else "",
            "saved_at": f"{timezone.localtime():%H:%M}",
        }
    )


def _after(request: HttpRequest, desk: Desk, results: list[CellResult], cells) -> HttpResponse:
    """The page after a form that was sent without scripts."""
    typed = {cell.element: cell.text for cell in cells}
    clashes = {r.element: Clash(r.text, r.sentence) for r in results if r.status == CONFLICT}
    locked = [r for r in results if r.status == LOCKED]
    unread = [r.element for r in results if r.status == UNREAD]
    saved = sum(r.status in (SAVED, UNREAD) for r in results)
    if saved:
        messages.success(request, f"已保存 {saved} 项。")
    if unread:
        messages.warning(request, f"{named(desk, unread)}认不出来，请按栏目下的提示改正。")
    for each in locked:
        messages.error(request, f"没有保存“{typed[each.element].strip()[:60]}”：{each.sentence}")
    if clashes:
        sentence = "有别人同时改动，您填的还没有保存，请逐项选用哪一个。"
        messages.warning(request, f"{named(desk, list(clashes))}：{sentence}")
        return _form(request, desk, typed={code: typed[code] for code in clashes}, clashes=clashes, status=409)
    if locked:
        return redirect(desk.url("fill"))
    if "check" in request.POST:
        return redirect(desk.url("fill-check"))
    if "back" in request.POST:
        return redirect(desk.first_fault_url)
    if not saved:
        messages.info(request, "没有新的改动，已填的都保存着。")
    return redirect(desk.url("fill"))


@require_POST
@desk_page
def copy(request: HttpRequest, desk: Desk) -> HttpResponse:
    try:
        codes = copy_facts(desk.round, desk.institution, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if codes:
            messages.success(
                request, f"已沿用上期 {len(codes)} 项：{named(desk, codes)}。有变化的请改过来；数字仍由您填。"
            )
        else:
            messages.info(request, "没有可以沿用的：是否和选项都已经填了，或上期没有填。")
    return redirect(desk.url("fill"))


def _form(request: HttpRequest, desk: Desk, *, typed=None, words=None, clashes=None, status: int = 200) -> HttpResponse:
    sheet = desk.sheet(typed=typed, words=words, clashes=clashes)
    context = {"sheet": sheet, "last": desk.last_step, "to_copy": desk.to_copy}
    return desk.render(request, "fill.html", context, status)

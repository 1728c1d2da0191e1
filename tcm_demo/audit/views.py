"""The trail, for its auditors. For everybody else these pages do not exist, whatever else they may do."""

from collections.abc import Callable
from functools import wraps
from tempfile import TemporaryFile

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaulttags import querystring
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tcm_demo.audit.chain import content_digest
from tcm_demo.audit.content import HEADINGS, cells_of, row_of
from tcm_demo.audit.exports import exported
from tcm_demo.audit.forms import TrailFilter
from tcm_demo.audit.models import Event, Seal
from tcm_demo.audit.queries import NEWEST_FIRST, page_of, wanted
from tcm_demo.audit.scope import Scope, scope_of
from tcm_demo.audit.sealing import COLUMNS
from tcm_demo.audit.words import action_word, subject_word
from tcm_demo.lib.downloads import download
from tcm_demo.lib.spreadsheets import write_table

PER_PAGE = 50
MOST_CELLS = 500
MOST_EXPORTED = 100_000


def for_auditors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Calls `view(request, scope, ...)`; 404 for who is no auditor."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs) -> HttpResponse:
        scope = scope_of(request.user)
        if scope is None:
            raise Http404
        return view(request, scope, **kwargs)

    return guarded


@require_safe
@for_auditors
def events(request: HttpRequest, scope: Scope) -> HttpResponse:
    form = TrailFilter(request.GET, scope)
    page = page_of(wanted(scope.events(), form.cleaned_data), PER_PAGE, request.GET.get("page", ""))
    for event in page.events:
        event.word = action_word(event.action)
        event.place_name = scope.places.get(event.place, event.place)
    context = {
        "form": form,
        "page": page,
        "places": "、".join(scope.places.values()),
        "newer_url": page.newer and _url(request, page.newer),
        "older_url": page.older and _url(request, page.older),
        "newest_url": _url(request),
        "export_url": reverse("audit:export") + _url(request),
    }
    return render(request, "audit/events.html", context)


def _url(request: HttpRequest, page: str | None = None) -> str:
    """What was asked for, from this page of it on; None: from the newest."""
    return querystring(None, request.GET, page=page)


@require_safe
@for_auditors
def event(request: HttpRequest, scope: Scope, pk: int) -> HttpResponse:
    found = get_object_or_404(scope.events(), pk=pk)
    cells, seal = cells_of(found), Seal.objects.filter(event=pk).first()
    context = {
        "event": found,
        "title": action_word(found.action),
        "facts": _facts(found, scope),
        "seal": seal,
        "is_whole": seal and content_digest({name: getattr(found, name) for name in COLUMNS}) == seal.content,
        "cells": cells[:MOST_CELLS],
        "more": max(0, len(cells) - MOST_CELLS),
        "crumbs": [("操作记录", reverse("audit:events"))],
    }
    return render(request, "audit/event.html", context)


def _facts(event: Event, scope: Scope) -> list[tuple[str, str]]:
    account = get_user_model().objects.filter(pk=event.actor_id).first()
    subject = [subject_word(event.subject_type), event.subject_id and f"编号 {event.subject_id}"]
    facts = [
        ("编号", str(event.pk)),
        ("时间", f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}"),
        ("操作人", f"{event.actor_name}（用户名 {account.username}）" if account else event.actor_name),
        ("对象", event.subject_name),
        ("对象类型", "，".join(filter(None, subject))),
        ("地区", scope.places.get(event.place, "")),
        ("来源地址", event.address),
        ("命令", event.command and f"manage.py {event.command}"),
    ]
    return [(name, text) for name, text in facts if text]


@require_safe
@for_auditors
def export(request: HttpRequest, scope: Scope) -> HttpResponse:
    """What was filtered, all pages of it."""
    form = TrailFilter(request.GET, scope)
    found = wanted(scope.events(), form.cleaned_data)
    if found.order_by()[: MOST_EXPORTED + 1].count() > MOST_EXPORTED:
        messages.error(request, f"一次最多导出 {MOST_EXPORTED} 条，请用时间缩小范围后再导出。")
        return redirect(reverse("audit:events") + _url(request))
    seal = Subquery(Seal.objects.filter(event=OuterRef("pk")).values("number"))
    rows = found.annotate(seal=seal).order_by(*NEWEST_FIRST).iterator(chunk_size=2000)
    file = TemporaryFile()  # noqa: SIM115 - closed by the answer
    count = write_table(file, "操作记录", HEADINGS, (row_of(event, event.seal) for event in rows))
    name = f"操作记录_{timezone.localtime():%Y%m%d_%H%M}.xlsx"
    exported(request, "events", "操作记录", rows=count, file=name)
    file.seek(0)
    return download(file, name)

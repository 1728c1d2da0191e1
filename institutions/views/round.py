"""The worklist of a round, and what is done to many of its rows at once. Also as a workbook."""

from datetime import datetime
from io import BytesIO

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaulttags import querystring
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from institutions.access import CHECKING_ROLES, WRITING_ROLES, roles_in
from institutions.enums import ReportState
from institutions.models import Institution, Round
from institutions.period import Period
from institutions.refusals import Refused
from institutions.review.services import Decided, accept_many, return_many
from institutions.rounds.forms import ReasonForm
from institutions.rounds.progress import missing_by_town, stage_of
from institutions.rounds.queries import asked_institutions, round_for
from institutions.rounds.reminder_queries import reminded_today
from institutions.rounds.worklist import (
    NO_TOWN,
    STATES,
    UNFINISHED,
    WorklistFilter,
    counts_by_town,
    filtered,
    sorted_by,
)
from institutions.rounds.worklist_export import worklist_workbook
from institutions.rounds.worklist_lines import lines_of, with_figures
from institutions.views.rounds import crumbs
from tcm_demo.audit.exports import exported
from tcm_demo.lib.downloads import download
from tcm_demo.notices.mail import has_mail_server

PER_PAGE = 50


@require_safe
def worklist(request: HttpRequest, county: str, period: str) -> HttpResponse:
    round, now = round_for(request.user, county, period), timezone.now()
    form = WorklistFilter(request.GET, round)
    by_town = counts_by_town(filtered(round, form, now, but=("state", "town")))
    rows = sorted_by(filtered(round, form, now), request.GET.get("sort", ""))
    page = Paginator(with_figures(rows), PER_PAGE).get_page(request.GET.get("page"))
    roles = roles_in(request.user, round.county)
    may_check = not roles.isdisjoint(CHECKING_ROLES)
    here = [numbers for town, numbers in by_town.items() if form.chosen("town") in ("", town or NO_TOWN)]
    totals = {state: sum(numbers[state] for numbers in here) for state in STATES}
    shown = {state: number for state, number in totals.items() if not form.states or state in form.states}
    context = {
        **head(round, now),
        "form": form,
        "town": form.chosen("town").removeprefix(NO_TOWN),
        "page": page,
        "lines": lines_of(round, page.object_list),
        "tally": _tally(request, form, totals),
        "towns": _town_rows(request, by_town) if len(by_town) > 1 else [],
        "totals": totals,
        "all_states_url": querystring(None, request.GET, state=None, page=None) or "?",
        "is_filtered": bool(form.states or any(form.chosen(name) for name in form.fields)),
        "query": querystring(None, request.GET, page=None).removeprefix("?"),
        "may_write": not roles.isdisjoint(WRITING_ROLES),
        "may_check": may_check,
        "unfinished": sum(shown.get(state, 0) for state in UNFINISHED),
        "to_remind": _to_remind(round, form, now) if may_check else 0,
        "clean": _clean(round, form, now) if may_check else [],
        "seen_at": now.isoformat(),
        "missing_towns": missing_by_town(round.county, round.missing_at_close) if round.missing_at_close else [],
        "has_mail": has_mail_server(),
    }
    return render(request, "rounds/round.html", context)


@require_safe
def workbook(request: HttpRequest, county: str, period: str) -> FileResponse:
    """The worklist as filtered and sorted, all pages of it."""
    round, now = round_for(request.user, county, period), timezone.now()
    form = WorklistFilter(request.GET, round)
    rows = sorted_by(filtered(round, form, now), request.GET.get("sort", ""))
    lines = lines_of(round, with_figures(rows))
    name = f"{round.county.name}{Period.parse(period)}填报进度.xlsx"
    data = worklist_workbook(round, lines)
    exported(request, "worklist", round, place=county, rows=len(lines), file=name)
    return download(BytesIO(data), name)


@require_POST
def accept(request: HttpRequest, county: str, period: str) -> HttpResponse:
    """Accept the ticked reports; with `all` those that were named as submitted without cautions."""
    round = round_for(request.user, county, period, to_check=True)
    chosen, clean = _ticked(request, round), "all" in request.POST
    return _decided(
        request, round, chosen, "接受", lambda **more: accept_many(round, chosen, without_cautions=clean, **more)
    )


@require_POST
def send_back(request: HttpRequest, county: str, period: str) -> HttpResponse:
    """Return the ticked reports, for one reason."""
    round = round_for(request.user, county, period, to_check=True)
    form, chosen = ReasonForm(request.POST), _ticked(request, round)
    if not form.is_valid():
        messages.error(request, f"没有退回：{'；'.join(form.errors['reason'])}")
        return redirect(back_to(request, round))
    reason = form.cleaned_data["reason"]
    return _decided(request, round, chosen, "退回", lambda **more: return_many(round, chosen, reason=reason, **more))


def back_to(request: HttpRequest, round: Round) -> str:
    """The worklist as it was filtered."""
    url = reverse("institutions:round", kwargs={"county": round.county.code, "period": round.period})
    return f"{url}{querystring(None, request.GET)}" if request.GET else url


def head(round: Round, now: datetime) -> dict:
    """What all pages of a round say at the top."""
    today = timezone.localtime(now).date()
    light, word = stage_of(round, today)
    return {
        "county": round.county,
        "round": round,
        "round_url": reverse("institutions:round", kwargs={"county": round.county.code, "period": round.period}),
        "period_words": str(Period.parse(round.period)),
        "crumbs": crumbs(round.county),
        "stage_light": light,
        "stage_word": word,
        "days_left": (round.due_on - today).days,
    }


def _clean(round: Round, form: WorklistFilter, now: datetime) -> QuerySet[Institution]:
    """Those of the filter that can be accepted without a second look."""
    return filtered(round, form, now, states=[ReportState.SUBMITTED]).filter(cautions=0)


def _to_remind(round: Round, form: WorklistFilter, now: datetime) -> int:
    """How many of the filter have not handed in and have not been reminded today."""
    return filtered(round, form, now, states=UNFINISHED).exclude(pk__in=reminded_today(round, now)).count()


def _ticked(request: HttpRequest, round: Round):
    """Those of the ticked that the round asks: others do not exist here."""
    keys = [int(text) for text in request.POST.getlist("institution") if text.isascii() and text.isdigit()]
    return asked_institutions(round).filter(pk__in=[key for key in keys if key < 2**63])


def _decided(request: HttpRequest, round: Round, chosen, word: str, decide) -> HttpResponse:
    chosen = list(chosen)
    if not chosen:
        messages.warning(request, f"没有可以{word}的填报：请先勾选机构。")
        return redirect(back_to(request, round))
    try:
        decided = decide(by=request.user, seen_at=_seen_at(request))
    except Refused as refused:
        messages.error(request, f"没有{word}：{refused}")
    else:
        _tell(request, decided, word)
    return redirect(back_to(request, round))


def _seen_at(request: HttpRequest) -> datetime:
    """When the list was made; a request that does not say it has seen nothing newer than now."""
    try:
        found = parse_datetime(request.POST.get("seen_at", ""))
    except ValueError:
        found = None
    return found if found and timezone.is_aware(found) else timezone.now()


def _tell(request: HttpRequest, decided: Decided, word: str) -> None:
    """How many, and of the others each name under the reason that it shares."""
    if decided.reports:
        messages.success(request, f"已{word} {len(decided.reports)} 家的填报。")
    by_reason: dict[str, list[Institution]] = {}
    for institution, reason in sorted(decided.refused, key=lambda pair: (pair[0].position, pair[0].code)):
        by_reason.setdefault(reason, []).append(institution)
    for reason, institutions in by_reason.items():
        names = "、".join(institution.name for institution in institutions)
        messages.warning(request, f"没有{word} {len(institutions)} 家：{reason}（{names}）")


def _tally(request: HttpRequest, form: WorklistFilter, totals: dict[str, int]) -> list[dict]:
    """One button for each state; several may be chosen."""
    found = []
    for state, word in STATES.items():
        chosen = [each for each in STATES if (each in form.states) != (each == state)]
        url = querystring(None, request.GET, state=chosen or None, page=None) or "?"
        found.append({"code": state, "word": word, "number": totals[state], "chosen": state in form.states, "url": url})
    return found


def _town_rows(request: HttpRequest, by_town: dict[str, dict[str, int]]) -> list[dict]:
    """Town by state, each number with the filter that lists it."""
    return [
        {
            "town": town,
            "total": sum(numbers.values()),
            "url": querystring(None, request.GET, town=town or NO_TOWN, state=None, page=None),
            "cells": [
                (numbers[state], querystring(None, request.GET, town=town or NO_TOWN, state=state, page=None))
                for state in STATES
            ],
        }
        for town, numbers in by_town.items()
    ]

"""Closing a round, which lists what is missing, and reopening it, which needs a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from institutions.enums import ReportState
from institutions.models import Round
from institutions.refusals import Refused
from institutions.rounds.forms import ReopenForm
from institutions.rounds.progress import missing_by_town
from institutions.rounds.queries import round_for
from institutions.rounds.services import close_round, missing_of, reopen_round
from institutions.views.round import head
from institutions.views.rounds import FORM_METHODS, crumbs


@require_http_methods(FORM_METHODS)
def close(request: HttpRequest, county: str, period: str) -> HttpResponse:
    """What is missing; by POST it stays missing. A closed round shows what was."""
    round = round_for(request.user, county, period, to_write=True)
    if request.method != "POST":
        return _page(request, round)
    try:
        missing = close_round(round, by=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        left = f"{len(missing)} 家机构有缺报，已列在任务里。" if missing else "没有缺报。"
        messages.success(request, f"填报已关闭，{left}")
    return redirect("institutions:round-close", county=county, period=period)


@require_http_methods(FORM_METHODS)
def reopen(request: HttpRequest, county: str, period: str) -> HttpResponse:
    round = round_for(request.user, county, period, to_write=True)
    if request.method != "POST":
        return redirect("institutions:round-close", county=county, period=period)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _page(request, round, form)
    try:
        reopen_round(round, **form.cleaned_data, by=request.user)
    except Refused as refused:
        if round_for(request.user, county, period).is_closed:
            form.add_error(None, str(refused))
            return _page(request, round, form)
        messages.warning(request, str(refused))
    else:
        messages.success(request, "填报已重新开放，机构可以继续填写，审核也可以继续。")
    return redirect("institutions:round", county=county, period=period)


def _page(request: HttpRequest, round: Round, form: ReopenForm | None = None) -> HttpResponse:
    if form:
        faulty = next((name for name in form.errors if name in form.fields), "reason")
        form.fields[faulty].widget.attrs["autofocus"] = True
    missing = round.missing_at_close if round.is_closed else missing_of(round)
    context = {
        **head(round, timezone.now()),
        "missing": missing,
        "unchecked": sum(each["state"] == ReportState.SUBMITTED.label for each in missing),
        "towns": missing_by_town(round.county, missing),
        "form": form or ReopenForm(initial={"due_on": round.due_on}),
    }
    context["crumbs"] = crumbs(round.county, (context["period_words"], context["round_url"]))
    return render(request, "rounds/close.html", context)

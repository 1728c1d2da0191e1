"""The county's rounds in one list, setting one up, and who may accept what."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.enums import InstitutionType
from institutions.access import WRITING_ROLES, county_for, roles_in
from institutions.importing.uploads import default_period
from institutions.models import County, Round
from institutions.period import Period
from institutions.refusals import Refused
from institutions.registry import save_county
from institutions.rounds.forms import USED, RoundForm
from institutions.rounds.progress import progress_of
from institutions.rounds.queries import round_for
from institutions.rounds.services import save_round

PER_PAGE = 20
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def rounds(request: HttpRequest, county: str) -> HttpResponse:
    found = county_for(request.user, county)
    page = Paginator(Round.objects.filter(county=found), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "county": found,
        "page": page,
        "rounds": progress_of(found, page.object_list, timezone.localdate()),
        "may_write": not roles_in(request.user, found).isdisjoint(WRITING_ROLES),
    }
    return render(request, "rounds/rounds.html", context)


@require_http_methods(FORM_METHODS)
def new(request: HttpRequest, county: str) -> HttpResponse:
    found = county_for(request.user, county, to_write=True)
    form = RoundForm(request.POST or None, county=found, initial=_suggested(request, found))
    if request.method == "POST" and form.is_valid() and (round := _save(form, request.user)):
        messages.success(request, f"已新建{Period.parse(round.period)}填报任务。")
        return redirect("institutions:round", county=found.code, period=round.period)
    return render(request, "rounds/edit.html", {"county": found, "form": form})


@require_http_methods(FORM_METHODS)
def edit(request: HttpRequest, county: str, period: str) -> HttpResponse:
    round = round_for(request.user, county, period, to_write=True)
    form = RoundForm(request.POST or None, county=round.county, round=round)
    if request.method == "POST" and form.is_valid() and _save(form, request.user):
        messages.success(request, f"已保存{Period.parse(period)}填报任务。")
        return redirect("institutions:round", county=county, period=period)
    context = {"county": round.county, "form": form, "round": round, "period_words": str(Period.parse(period))}
    return render(request, "rounds/edit.html", context)


@require_POST
def one_person(request: HttpRequest, county: str) -> HttpResponse:
    """Whether whoever submitted figures may accept them, too."""
    found = county_for(request.user, county, to_write=True)
    found.one_person_checks = request.POST.get("allowed") == "yes"
    save_county(found, by=request.user)
    allowed = "已允许" if found.one_person_checks else "不再允许"
    messages.success(request, f"{allowed}同一人提交并接受，已记入操作记录。")
    return redirect("institutions:rounds", county=found.code)


def _save(form: RoundForm, user) -> Round | None:
    """None where it cannot be; the form then says why."""
    facts = form.facts()
    facts.pop("scope")
    is_new = form.round is None
    period = facts.pop("period") if is_new else form.round.period
    try:
        return save_round(form.county, period, **facts, is_new=is_new, by=user)
    except Refused as refused:
        form.add_error("period" if is_new else None, str(refused))
        return None


def _suggested(request: HttpRequest, county: County) -> dict:
    """What the office most likely wants; the deadline is for it to say. Other pages name the period they miss."""
    return {
        "period": request.GET.get("period") or _next_year(county) or default_period(county),
        "opens_on": timezone.localdate(),
        "scope": USED,
        "types": InstitutionType.values,
    }


def _next_year(county: County) -> str:
    """The year after the last one with a round; "" without any. One query."""
    periods = Round.objects.filter(county=county).values_list("period", flat=True)
    years = [int(period) for period in periods if len(period) == 4]
    return str(max(years) + 1) if years else ""


def crumbs(county: County, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The pages above a page of rounds."""
    return [("填报任务", reverse("institutions:rounds", kwargs={"county": county.code})), *more]

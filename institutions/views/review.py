"""One institution's report as the county office checks it: beside what it is compared with; accept, or return."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from institutions.access import CHECKING_ROLES, NOT_CHECKING, roles_in
from institutions.hooks import standards_of
from institutions.models import Institution, Report, Round
from institutions.period import Period
from institutions.refusals import Refused
from institutions.review.page import Place, ReviewPage, around, contacts_of, hands_of, places_of, review_page
from institutions.review.services import REASON_LENGTH, WHOLE, decide, version_of
from institutions.rounds.queries import report_of, round_for

# one tap instead of typing
REASONS = ("与上期差异过大，请核对", "与佐证材料不符", "单位可能有误", "漏填，请补报")
# what the buttons say, in the field `do`
ACCEPT_ALL, ACCEPT_NEXT, ACCEPT = "accept-all", "accept-next", "accept"
# return what is ticked, only what has a reason of its own (then the figure at which the button stands), or all of it
RETURN, RETURN_OWN, RETURN_WHOLE = "return", "return-own", "return-whole"
# the name of a figure's own reason is this and its code
_REASON = "r-"


@dataclass(frozen=True)
class Checked:
    """A report on its reviewer's desk."""

    round: Round
    institution: Institution
    report: Report
    places: list[Place]
    may_check: bool

    def url(self, name: str, place: Place | None = None) -> str:
        code = place.code if place else self.institution.code
        return reverse(f"institutions:{name}", args=[self.round.county.code, self.round.period, code])


@require_safe
def review(request: HttpRequest, county: str, period: str, code: str) -> HttpResponse:
    return _page(request, _checked(request.user, county, period, code))


@require_POST
def review_decide(request: HttpRequest, county: str, period: str, code: str) -> HttpResponse:
    """Accepts and returns; what was refused comes back as a page that still has what was typed."""
    checked = _checked(request.user, county, period, code)
    if not checked.may_check:
        raise PermissionDenied(NOT_CHECKING)
    decision = _decision(request.POST, checked.report)
    if fault := _reason_fault(request.POST, decision):
        return _page(request, checked, typed=request.POST, fault=fault, status=409)
    try:
        decide(checked.round, checked.institution, **decision, by=request.user, seen=request.POST.get("seen", ""))
    except Refused as refused:
        messages.error(request, str(refused))
        # as it is now, which may not be what was looked at
        return _page(request, _checked(request.user, county, period, code), typed=request.POST, status=409)
    messages.success(request, _done(checked.institution, decision))
    if request.POST.get("do") == ACCEPT_NEXT:
        return redirect(_next_url(request, checked))
    return redirect(checked.url("review"))


def _checked(user, county: str, period: str, code: str) -> Checked:
    """Raises Http404: also for institutions that the round does not ask and that have reported nothing."""
    round = round_for(user, county, period)
    institutions = Institution.objects.select_related("manager").filter(county_id=round.county_id)
    institution = get_object_or_404(institutions, code=code)
    institution.county = round.county
    report, places = report_of(round, institution), places_of(round)
    report.institution = institution
    if report.pk is None and all(place.pk != institution.pk for place in places):
        raise Http404("不在本次填报范围。")
    may_check = not roles_in(user, round.county).isdisjoint(CHECKING_ROLES)
    return Checked(round, institution, report, places, may_check)


def _decision(typed: QueryDict, report: Report) -> dict:
    """What `decide` takes, from the page's form."""
    do, picked, reason = _pressed(typed)[0], typed.getlist("pick"), typed.get("reason", "")
    returns = _own_reasons(typed)
    if do in (ACCEPT_ALL, ACCEPT_NEXT):
        return {"accept_all": True, "returns": returns}
    if do == ACCEPT:
        return {"accept": picked, "returns": returns}
    if do == RETURN_WHOLE:
        return {"returns": {WHOLE: reason} | returns}
    if do not in (RETURN, RETURN_OWN):
        return {}
    if do == RETURN:
        returns = dict.fromkeys(picked, reason) | returns
    rest = [code for code in report.values if code not in returns] if returns and typed.get("rest") else []
    return {"accept": rest, "returns": returns}


def _pressed(typed: Mapping) -> tuple[str, str]:
    """The button, and the figure at which it stands; "" for the buttons of the bar."""
    do, _, figure = typed.get("do", "").partition(" ")
    return do, figure


def _reason_fault(typed: Mapping, decision: Mapping) -> tuple[str, str] | None:
    """Where a return lacks its reason: (the figure, "" for the bar's field, and what to do)."""
    do, figure = _pressed(typed)
    sentence = f"请写明退回理由（{REASON_LENGTH.start} 至 {REASON_LENGTH.stop - 1} 个字），填报人要照着改。"
    if do == RETURN_OWN and figure and len(typed.get(f"{_REASON}{figure}", "").strip()) < REASON_LENGTH.start:
        return figure, sentence
    if do in (RETURN, RETURN_WHOLE) and any(not reason.strip() for reason in decision["returns"].values()):
        return "", sentence
    return None


def _own_reasons(typed: Mapping) -> dict[str, str]:
    names = [name for name in typed if name.startswith(_REASON)]
    return {name.removeprefix(_REASON): typed[name] for name in names if typed[name].strip()}


def _done(institution: Institution, decision: Mapping) -> str:
    returns, accept = decision["returns"], decision.get("accept", ())
    if decision.get("accept_all"):
        return f"已接受“{institution.name}”的填报。"
    if WHOLE in returns:
        return f"已退回“{institution.name}”的整份填报。"
    parts = [f"接受 {len(accept)} 项"] if accept else []
    parts += [f"退回 {len(returns)} 项"] if returns else []
    return f"“{institution.name}”：已{'，'.join(parts)}。"


def _next_url(request: HttpRequest, checked: Checked) -> str:
    """The next report that waits for being checked; the list where none does."""
    if waiting := around(checked.places, checked.institution).next_submitted:
        return checked.url("review", waiting)
    messages.info(request, "没有别的填报在等待审核了。")
    return reverse("institutions:round", args=[checked.round.county.code, checked.round.period])


def _page(
    request: HttpRequest,
    checked: Checked,
    typed: QueryDict | None = None,
    fault: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`fault`: of _reason_fault, to be said beside the field."""
    round, report, institution = checked.round, checked.report, checked.institution
    standards = standards_of(county=round.county)
    page = review_page(round, report, checked.places, standards, request.GET.get("steps"))
    if typed is not None:
        _put_back(page, typed, fault)
    words = str(Period.parse(round.period))
    list_url = reverse("institutions:round", args=[round.county.code, round.period])
    context = {
        "county": round.county,
        "period": words,
        "round": round,
        "institution": institution,
        "page": page,
        "report": report,
        "hands": hands_of(round, report, request.user, may_check=checked.may_check),
        "contacts": contacts_of(institution) if checked.may_check else [],
        "may_check": checked.may_check,
        "seen": version_of(report) if report.pk else "",
        "standard": standards[0].title if standards else "",
        "standard_code": standards[0].code if standards else "",
        "reasons": REASONS,
        "typed": typed or {},
        "pressed": _pressed(typed)[0] if typed else "",
        "bar_fault": fault[1] if fault and not fault[0] else "",
        "urls": {
            "decide": checked.url("review-decide"),
            "previous": page.around.previous and checked.url("review", page.around.previous),
            "next": page.around.next and checked.url("review", page.around.next),
            "waiting": page.around.next_submitted and checked.url("review", page.around.next_submitted),
        },
        "crumbs": [("填报任务", reverse("institutions:rounds", args=[round.county.code])), (words, list_url)],
    }
    return render(request, "review/review.html", context, status=status)


def _put_back(page: ReviewPage, typed: QueryDict, fault: tuple[str, str] | None) -> None:
    """What was ticked and typed, into the rows, and what is wrong with it."""
    picked, reasons = set(typed.getlist("pick")), _own_reasons(typed)
    for row in page.sheet:
        row.is_picked, row.own_reason = row.code in picked, reasons.get(row.code, "")
        row.fault = fault[1] if fault and fault[0] == row.code else ""

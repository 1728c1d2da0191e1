"""Workbooks to fill in outside the browser: for the county office by institution, town or all; for a clerk the own."""

from io import BytesIO

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from institutions.models import Institution, Round
from institutions.period import Period
from institutions.rounds.queries import asked_institutions, round_for
from institutions.workbook.contents import clerks_institutions
from institutions.workbook.make import round_workbook
from tcm_demo.audit.exports import exported
from tcm_demo.lib.downloads import download

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def workbook(request: HttpRequest, county: str, period: str) -> HttpResponse:
    """?institution=code, ?town=name, or the county. One that the round does not ask is not found."""
    round = round_for(request.user, county, period, to_check=True)
    asked, name = asked_institutions(round).order_by("position", "code"), round.county.name
    if code := request.GET.get("institution"):
        asked = asked.filter(code=code)
        name = asked.values_list("name", flat=True).first()
    elif town := request.GET.get("town"):
        asked, name = asked.filter(town=town), f"{name}{town}"
    institutions = list(asked)
    if not institutions:
        raise Http404("nobody to ask there")
    return _file(request, round, institutions, name, for_clerk=False)


@require_safe
def fill_workbook(request: HttpRequest, county: str, period: str, code: str) -> HttpResponse:
    """The clerk's institution, with those that report through it."""
    round, institution, institutions = clerks_institutions(request.user, county, period, code)
    return _file(request, round, institutions, institution.name, for_clerk=True)


def _file(
    request: HttpRequest, round: Round, institutions: list[Institution], name: str, *, for_clerk: bool
) -> HttpResponse:
    content = round_workbook(round, institutions, for_clerk=for_clerk)
    file = f"{name}{Period.parse(round.period)}填报表.xlsx"
    place = round.county.code
    exported(request, "workbook", round, place=place, rows=len(institutions), file=file, period=round.period)
    return download(BytesIO(content), file, content_type=XLSX)

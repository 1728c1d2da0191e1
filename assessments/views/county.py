"""The first thing seen: where the county stands, what holds it back, and what to do next."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import charts
from assessments.content import Holdback, ItemContent, StandingContent
from assessments.desks.today import has_work
from assessments.models import Campaign, Standing
from assessments.prefecture.access import prefectures_for
from assessments.queries import figures_as_of
from assessments.round_progress import round_progress
from assessments.scoring.items import STATUSES
from assessments.views.frame import Frame, assessment_page, page_url
from assessments.words import STATUS
from assessments.work.queries import LocalDepartment, local_departments
from institutions.access import counties_for, county_for, may_write
from institutions.enums import CountyLevel, Role
from institutions.models import County
from institutions.period import Period

SHOWN_HOLDBACKS = 8
SHOWN_WAITING = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where the person's work is: what waits for them, the prefecture, the county, or the list of counties."""
    if has_work(request.user):
        return redirect("assessments:today")
    if not request.user.is_superuser and (prefecture := prefectures_for(request.user).first()):
        return redirect("assessments:prefecture-home", prefecture.code)
    counties = list(counties_for(request.user).filter(level=CountyLevel.COUNTY))
    if len(counties) == 1:
        return redirect("assessments:county-home", county=counties[0].code)
    if not counties and (page := _page_without_county(request.user)):
        return redirect(page)
    return render(request, "assessments/home.html", {"rows": _county_rows(counties)})


def _page_without_county(user) -> str:
    """First page of somebody who reads no county: a data clerk, a system administrator, an auditor."""
    grants = list(user.grants.select_related("county").order_by("county__code"))
    roles = {grant.role: grant.county.code for grant in reversed(grants)}
    if Role.DATA_CLERK in roles:
        return reverse("institutions:my-reports")
    if Role.SYSTEM_ADMIN in roles:
        return reverse("institutions:people", kwargs={"county": roles[Role.SYSTEM_ADMIN]})
    return reverse("audit:events") if Role.AUDITOR in roles else ""


def _county_rows(counties: list[County]) -> list[dict]:
    """Every county with its campaigns and their headlines. Two queries."""
    standings = Standing.objects.filter(county__in=counties)
    headlines = {
        (county, standard, period): summary
        for county, standard, period, summary in standings.values_list(
            "county_id", "standard_id", "period", "result__summary"
        )
    }
    rows = {county.pk: {"county": county, "campaigns": []} for county in counties}
    for each in Campaign.objects.filter(county__in=counties).select_related("county", "standard"):
        summary = headlines.get((each.county_id, each.standard_id, each.period))
        url = page_url(each, "county", each.period)
        period = Period.parse(each.period)
        campaign = {"standard": each.standard, "period": period, "url": url, "summary": summary}
        rows[each.county_id]["campaigns"].append(campaign)
    return list(rows.values())


@require_safe
def county_home(request: HttpRequest, county: str) -> HttpResponse:
    """On to the county's first campaign, in the period asked for; where there is none, what to do about it."""
    found = county_for(request.user, county)
    campaign = found.campaigns.select_related("standard", "county").first()
    if campaign:
        return redirect(page_url(campaign, "county", _period_asked_for(request) or campaign.period))
    writes = may_write(request.user, found)
    return render(request, "assessments/no_campaign.html", {"county": found, "may_write": writes})


def _period_asked_for(request: HttpRequest) -> str:
    """`?period=2022`, as rooms below this one ask for it; "" where that is no period."""
    try:
        return Period.parse(request.GET.get("period", "")).text
    except ValueError:
        return ""


@require_safe
@assessment_page(empty=True)
def overview(request: HttpRequest, frame: Frame) -> HttpResponse:
    progress, open_rounds = round_progress(frame.county, frame.period.text, open_ones=frame.may_check)
    if frame.standing is None or not frame.standing.result["coverage"]["due"]:
        empty = {"import_url": _import_url(frame), "open_rounds": open_rounds}
        return frame.render(request, "assessments/county_empty.html", empty)
    content = frame.content
    waiting = [_waiting(frame, item) for item in _least_evidence_first(content)]
    departments = local_departments(frame.campaign)
    holdbacks = [_holdback(frame, each, departments) for each in content.holdbacks]
    context = {
        "content": content,
        "progress": progress,
        "open_rounds": open_rounds,
        "counts": [(s, content.summary[s], f"{frame.url('items')}?status={s}") for s in STATUSES[1:]],
        "sections": _tiles(frame),
        "holdbacks": holdbacks[:SHOWN_HOLDBACKS],
        "more_holdbacks": holdbacks[SHOWN_HOLDBACKS:],
        "waiting": waiting[:SHOWN_WAITING],
        "more_waiting": waiting[SHOWN_WAITING:],
        "waiting_count": len(waiting),
        "chart": charts.sections_chart(content.sections),
        "chart_height": charts.sections_height(content.sections),
        "chart_words": _chart_words(content),
        "as_of": figures_as_of(frame.county, frame.period.text),
        "days": _days_to_inspection(frame.campaign),
        "missing_url": f"{frame.url('institutions')}?reported=no",
        "import_url": _import_url(frame),
        "report_url": frame.url("report"),
        "campaign_url": reverse("assessments:campaign-settings", args=[frame.county.code, frame.standard.code]),
    }
    return frame.render(request, "assessments/county.html", context)


def _tiles(frame: Frame) -> list[dict]:
    return [
        {
            "title": section.name,
            "items": [
                {
                    "number": item.number,
                    "title": item.title,
                    "status": item.status,
                    "url": frame.url("item", number=item.number),
                }
                for item in section.items
            ],
        }
        for section in frame.content.sections
    ]


def _holdback(frame: Frame, holdback: Holdback, departments: Mapping[str, LocalDepartment]) -> dict:
    """`lead`: who has to see to it, as the county calls them."""
    item = holdback.item
    lead = dict.fromkeys(departments[each].name if each in departments else each for each in item.lead)
    url = frame.url("item", number=item.number)
    return {"item": item, "criterion": holdback.criterion, "lead": tuple(lead), "url": url}


def _least_evidence_first(content: StandingContent) -> list[ItemContent]:
    """Items that lack documents alone; those whose figures are met come before those that have none."""
    return sorted(content.waiting_for_evidence, key=lambda item: (item.status != "nearly", item.evidence_count["open"]))


def _waiting(frame: Frame, item: ItemContent) -> dict:
    return {"item": item, "url": frame.url("item", number=item.number)}


def _chart_words(content: StandingContent) -> str:
    return "；".join(
        f"{section.name}{len(section.items)}条，"
        + "，".join(f"{STATUS[s]}{section.count(s)}" for s in STATUSES if section.count(s))
        for section in content.sections
    )


def _days_to_inspection(campaign: Campaign) -> int | None:
    return (campaign.inspection_on - timezone.localdate()).days if campaign.inspection_on else None


def _import_url(frame: Frame) -> str:
    """With the period that is looked at as the one to import."""
    url = reverse("institutions:import", kwargs={"county": frame.county.code})
    return f"{url}?period={frame.period.text}" if frame.may_write else ""

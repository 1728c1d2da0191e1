"""What the county works towards and with whom: read by everybody who reads the county, set by its office."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.campaigns.forms import SettingsForm, StartForm
from assessments.campaigns.not_asked import not_asked
from assessments.campaigns.queries import PhaseLine, department_lines, phase_lines, timeline_of
from assessments.campaigns.services import change_campaign
from assessments.campaigns.versions import newer_version, take_up_version
from assessments.services import start_campaign
from assessments.views.campaign_frame import campaign_frame, campaign_url, crumbs, of_campaign
from assessments.views.frame import Frame, page_url
from indicators.differences.addresses import compare_url, key_of
from indicators.models import Standard
from institutions.access import county_for, may_write
from institutions.models import County
from institutions.refusals import Refused
from tcm_demo.lib.dates import zh_date

FORM_METHODS = ["GET", "HEAD", "POST"]
PARTS = ("settings", "version", "phases", "leading-group", "departments", "contacts")


@require_http_methods(FORM_METHODS)
def first_campaign(request: HttpRequest, county: str) -> HttpResponse:
    """The county's first campaign; where it has none, the form that starts it. What is sent here starts another."""
    if request.method == "POST":
        return _start(request, county)
    frame = campaign_frame(request, county)
    if frame:
        return _page(request, frame)
    found = county_for(request.user, county)
    form = StartForm(None, found, initial=_asked_for(request)) if may_write(request.user, found) else None
    return _start_page(request, found, form)


def _asked_for(request: HttpRequest) -> dict:
    """`?standard=`: the one that was just published, say, is chosen already."""
    return {"standard": request.GET.get("standard", "")}


def _start_page(request: HttpRequest, county: County, form: StartForm | None) -> HttpResponse:
    """`form`: None for who may only read."""
    context = {"county": county, "form": form, "start_url": _start_url(county)}
    return render(request, "campaigns/start.html", context)


def _start_url(county: County) -> str:
    return reverse("assessments:campaign", kwargs={"county": county.code})


def _start(request: HttpRequest, county: str) -> HttpResponse:
    found = county_for(request.user, county, to_write=True)
    form = StartForm(request.POST, found)
    if not form.is_valid():
        return _start_page(request, found, form)
    given = form.cleaned_data
    campaign = start_campaign(
        found, given["standard"], period=given["period"], inspection_on=given["inspection_on"], by=request.user
    )
    messages.success(request, "创建工作已开始，阶段和责任部门按建设标准列出，可以在“创建工作”页修改。")
    return redirect(page_url(campaign, "county", campaign.period))


@require_safe
@of_campaign
def campaign_page(request: HttpRequest, frame: Frame) -> HttpResponse:
    return _page(request, frame)


def _page(request: HttpRequest, frame: Frame) -> HttpResponse:
    campaign, today = frame.campaign, timezone.localdate()
    phases = phase_lines(campaign, today)
    departments = department_lines(campaign, whole_phones=frame.may_write)
    newer = newer_version(campaign) if frame.may_write else None
    another = (
        StartForm(None, frame.county, initial=_asked_for(request) | {"period": campaign.period})
        if frame.may_write
        else None
    )
    context = {
        "campaign": campaign,
        "not_asked": not_asked(campaign),
        "round_url": reverse("institutions:round-edit", args=[frame.county.code, campaign.period]),
        "urls": {part.replace("-", "_"): campaign_url(campaign, f"campaign-{part}") for part in PARTS},
        "standard_url": _standard_url(frame.standard),
        "newer": newer,
        "newer_url": _standard_url(newer) if newer else "",
        "changes_url": compare_url(frame.standard, newer) if newer else "",
        "trial_url": _trial_url(frame, newer) if newer else "",
        "inspection_words": _inspection_words(frame),
        "phase_words": _phase_words(phases),
        "phases": phases,
        "timeline": timeline_of(phases, campaign, today),
        "today": today,
        "members": campaign.leading_members.all(),
        "departments": departments,
        "without_contact": sum(not line.contact or bool(line.contact.fault) for line in departments),
        "start_url": _start_url(frame.county),
        "another": another if another and another.fields["standard"].queryset else None,
    }
    return frame.render(request, "campaigns/campaign.html", context)


def _standard_url(standard: Standard) -> str:
    return f"{reverse('indicators:standard', kwargs={'code': standard.code})}?version={standard.version}"


def _trial_url(frame: Frame, newer: Standard) -> str:
    """Where the county's figures stand under both versions."""
    query = urlencode({"a": key_of(frame.standard), "b": key_of(newer)})
    return f"{reverse('assessments:standards-compare', args=[frame.county.code, frame.period.text])}?{query}"


def _inspection_words(frame: Frame) -> str:
    day = frame.campaign.inspection_on
    if day is None:
        return "未定"
    left = (day - timezone.localdate()).days
    told = f"还有 {left} 天" if left > 0 else f"已过 {-left} 天" if left else "今天"
    return f"{zh_date(day)}（{told}）"


def _phase_words(phases: list[PhaseLine]) -> str:
    """Which phases are now; else what lies before and after today."""
    if not phases:
        return "未设"
    now = [f"{line.phase.name}（{line.words}）" for line in phases if line.state == "now"]
    if now:
        return "、".join(now)
    ahead = [line for line in phases if line.state == "ahead"]
    if not ahead:
        return "各阶段都已结束"
    following = min(ahead, key=lambda line: line.phase.start)
    return f"今天不在任何阶段；{following.phase.name} {following.words}"


@require_http_methods(FORM_METHODS)
@of_campaign(to_write=True)
def settings(request: HttpRequest, frame: Frame) -> HttpResponse:
    campaign = frame.campaign
    first = {"period": campaign.period, "inspection_on": campaign.inspection_on}
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        change_campaign(campaign, **form.cleaned_data, by=request.user)
        messages.success(request, "填报期和评审日期已保存。")
        return redirect(campaign_url(campaign))
    context = {"form": form, "crumbs": crumbs(frame), "back": campaign_url(campaign)}
    return frame.render(request, "campaigns/settings.html", context)


@require_POST
@of_campaign(to_write=True)
def take_up(request: HttpRequest, frame: Frame) -> HttpResponse:
    """The newer version of the standard, which the office has seen and sends back as `to`."""
    newer = newer_version(frame.campaign)
    if newer is None or request.POST.get("to") != str(newer.pk):
        messages.error(request, "没有改用：这一版本已经改用，或者又载入了更新的版本，请核对后再试。")
        return redirect(campaign_url(frame.campaign))
    try:
        take_up_version(frame.campaign, newer, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已改用第 {newer.version} 版，各期达标情况已重新计算。")
    return redirect(campaign_url(frame.campaign))


@require_safe
@of_campaign
def contacts(request: HttpRequest, frame: Frame) -> HttpResponse:
    """The list to print and hand round."""
    context = {
        "crumbs": crumbs(frame),
        "departments": department_lines(frame.campaign, whole_phones=frame.may_write),
        "today": timezone.localdate(),
    }
    return frame.render(request, "campaigns/contacts.html", context)

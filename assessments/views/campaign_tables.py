"""Changing a campaign's phases, leading group and departments: one table each."""

from collections.abc import Callable

from django.contrib import messages
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assessments.campaigns.department_form import DepartmentForm, department_forms
from assessments.campaigns.department_services import Kept, save_departments, version_of_departments
from assessments.campaigns.forms import member_rows, phase_rows
from assessments.campaigns.queries import version_of
from assessments.campaigns.rows import with_more_rows
from assessments.campaigns.services import save_leading_group, save_phases
from assessments.views.campaign_frame import campaign_url, crumbs, of_campaign
from assessments.views.frame import Frame
from institutions.refusals import Refused

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@of_campaign(to_write=True)
def phases(request: HttpRequest, frame: Frame) -> HttpResponse:
    rows = frame.campaign.phases.all()
    return _rows_page(request, frame, "campaigns/phases.html", phase_rows, rows, save_phases, "阶段已保存。")


@require_http_methods(FORM_METHODS)
@of_campaign(to_write=True)
def leading_group(request: HttpRequest, frame: Frame) -> HttpResponse:
    rows = frame.campaign.leading_members.all()
    return _rows_page(
        request, frame, "campaigns/leading_group.html", member_rows, rows, save_leading_group, "领导小组已保存。"
    )


def _rows_page(
    request: HttpRequest, frame: Frame, template: str, rows_of: Callable, stored, save: Callable, done: str
) -> HttpResponse:
    """A table whose rows come and go. `more` asks for further empty rows, and saves nothing."""
    if request.method != "POST":
        return _rows(request, frame, template, rows_of(frame.campaign), stored)
    seen = request.POST.get("seen", "")
    if "more" in request.POST:
        return _rows(request, frame, template, rows_of(frame.campaign, with_more_rows(request.POST)), stored, seen=seen)
    table = rows_of(frame.campaign, request.POST)
    if not table.is_valid():
        return _rows(request, frame, template, table, stored, seen=seen)
    try:
        save(frame.campaign, table.given(), seen=seen, by=request.user)
    except Refused as refused:
        return _rows(request, frame, template, table, stored, refusal=refused)
    messages.success(request, done)
    return redirect(campaign_url(frame.campaign))


def _rows(
    request: HttpRequest,
    frame: Frame,
    template: str,
    table: BaseFormSet,
    stored,
    refusal: Refused | None = None,
    seen: str | None = None,
) -> HttpResponse:
    """`seen`: of which rows the table was made; those that are stored now where it is None."""
    context = {
        "table": table,
        "seen": version_of(stored) if seen is None else seen,
        "refusal": refusal,
        "crumbs": crumbs(frame),
        "back": campaign_url(frame.campaign),
    }
    return frame.render(request, template, context)


@require_http_methods(FORM_METHODS)
@of_campaign(to_write=True)
def departments(request: HttpRequest, frame: Frame) -> HttpResponse:
    campaign, refusal, seen = frame.campaign, None, None
    table = department_forms(campaign, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        if all(form.is_valid() for form in table):
            try:
                kept = save_departments(campaign, [form.given() for form in table], seen=seen, by=request.user)
            except Refused as refused:
                refusal, seen = refused, None
            else:
                _tell(request, kept)
                return redirect(campaign_url(campaign))
    return _departments(request, frame, table, refusal, version_of_departments(campaign) if seen is None else seen)


def _departments(
    request: HttpRequest, frame: Frame, table: list[DepartmentForm], refusal: Refused | None, seen: str
) -> HttpResponse:
    context = {
        "table": table,
        "faulty": any(form.errors for form in table),
        "seen": seen,
        "refusal": refusal,
        "crumbs": crumbs(frame),
        "back": campaign_url(frame.campaign),
    }
    return frame.render(request, "campaigns/departments.html", context)


def _tell(request: HttpRequest, kept: list[Kept]) -> None:
    messages.success(request, "部门和联络员已保存。")
    for each in kept:
        people = "、".join(str(person) for person in each.people)
        messages.info(
            request, f"{people}的联络员授权写的是“{each.name}”，已把它留作“{each.department}”的别称，他们照常办理。"
        )

"""A county's feature projects: all of them with their progress, a new one, changing, reporting, taking back."""

from collections.abc import Mapping
from dataclasses import asdict

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.features.forms import ProgressForm, ProjectForm, WithdrawForm
from assessments.features.queries import projects_of, reported_number, withdrawn_of
from assessments.features.services import (
    add_project,
    change_project,
    described,
    report_progress,
    version_of,
    withdraw_project,
)
from assessments.models import FeatureProject
from institutions.access import county_for, may_write
from institutions.enums import CountyLevel
from institutions.models import County
from institutions.refusals import Refused


@require_safe
def features(request: HttpRequest, county: str) -> HttpResponse:
    return _list(request, _county(request, county), {})


def feature_new(request: HttpRequest, county: str) -> HttpResponse:
    found = _county(request, county, to_write=True)
    form = ProjectForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            project = add_project(found, form.described(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已登记特色项目“{project.name}”。接着可以报进展。")
            return redirect("assessments:features", county=county)
    return _form(request, found, form, None)


def feature(request: HttpRequest, county: str, pk: int) -> HttpResponse:
    """Its description, to be changed."""
    found = _county(request, county, to_write=True)
    project = _project(found, pk)
    seen = {"seen": version_of(project)}
    form = ProjectForm(request.POST or None, initial=asdict(described(project)) | seen)
    if form.is_valid():
        given = form.described()
        try:
            change_project(project, given, seen=form.cleaned_data["seen"], by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"“{given.name}”已修改。")
            return redirect("assessments:features", county=county)
    return _form(request, found, form, project)


@require_POST
def feature_progress(request: HttpRequest, county: str, pk: int) -> HttpResponse:
    found = _county(request, county, to_write=True)
    project, form = _project(found, pk), ProgressForm(request.POST, auto_id=f"progress-{pk}-%s")
    if form.is_valid():
        try:
            step = report_progress(project, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"“{project.name}”的进展已记下：{step.done}%。")
            return redirect("assessments:features", county=county)
    return _list(request, found, {pk: form})


@require_POST
def feature_withdraw(request: HttpRequest, county: str, pk: int) -> HttpResponse:
    found = _county(request, county, to_write=True)
    project, form = _project(found, pk), WithdrawForm(request.POST)
    try:
        form.is_valid()
        withdraw_project(project, reason=form.cleaned_data.get("reason", ""), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"“{project.name}”已撤回，写过的进展都保留着。")
    return redirect("assessments:features", county=county)


def _county(request: HttpRequest, code: str, *, to_write: bool = False) -> County:
    """A prefecture has no projects of its own."""
    county = county_for(request.user, code, to_write=to_write)
    if county.level != CountyLevel.COUNTY:
        raise Http404("特色项目由县（区）登记。")
    return county


def _project(county: County, pk: int) -> FeatureProject:
    return get_object_or_404(FeatureProject, county=county, pk=pk)


def _list(request: HttpRequest, county: County, typed: Mapping[int, Form]) -> HttpResponse:
    """`typed`: what could not be stored, by the project's pk."""
    writes = may_write(request.user, county)
    projects = projects_of([county]).get(county.pk, [])
    today = {"on": timezone.localdate()}
    rows = [
        {
            "project": project,
            "form": writes
            and (typed.get(project.pk) or ProgressForm(initial=today, auto_id=f"progress-{project.pk}-%s")),
            "refused": project.pk in typed,
            "withdraw_form": writes and WithdrawForm(auto_id=f"withdraw-{project.pk}-%s"),
        }
        for project in projects
    ]
    reported = reported_number(county)
    context = {
        "county": county.name,
        "place": county,
        "rows": rows,
        "withdrawn": withdrawn_of(county),
        "reported": reported,
        "differs": reported is not None and reported.number != len(projects),
        "may_write": writes,
    }
    return render(request, "features/features.html", context)


def _form(request: HttpRequest, county: County, form: ProjectForm, project: FeatureProject | None) -> HttpResponse:
    crumbs = [("特色项目", reverse("assessments:features", args=[county.code]))]
    context = {"county": county.name, "place": county, "form": form, "project": project, "crumbs": crumbs}
    return render(request, "features/project.html", context)

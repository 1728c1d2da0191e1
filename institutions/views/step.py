"""What the steps of an import share: permission and fetch in one, the plan, the frame around each page."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from institutions.access import county_for
from institutions.ledger.workbook import LedgerUnreadable
from institutions.models import County, LedgerUpload
from institutions.period import Period
from institutions.uploads import plan_upload, read_upload, upload_for

STEPS = ("上传", "识别", "核对", "确认")
UPLOAD, COLUMNS, CHECK, CONFIRM = range(1, 5)


def step_url(upload: LedgerUpload, name: str) -> str:
    return reverse(f"institutions:{name}", kwargs={"county": upload.county.code, "upload": upload.pk})


def start_url(county: County) -> str:
    return reverse("institutions:import", kwargs={"county": county.code})


def upload_page(view: Callable[..., HttpResponse]):
    """For addresses of one upload: calls `view(request, upload)`. Raises Http404, PermissionDenied."""

    @wraps(view)
    def found(request: HttpRequest, county: str, upload: UUID) -> HttpResponse:
        return view(request, upload_for(county_for(request.user, county, to_write=True), upload))

    return found


def plan_page(view: Callable[..., HttpResponse]):
    """For steps before the writing: calls `view(request, upload, ledger, plan)`; what was written shows its result."""

    @upload_page
    @wraps(view)
    def planned(request: HttpRequest, upload: LedgerUpload) -> HttpResponse:
        if upload.written_at:
            return redirect(step_url(upload, "import-result"))
        try:
            ledger = read_upload(upload)
        except LedgerUnreadable as unreadable:
            messages.error(request, f"“{upload.file_name}”不能再读取，请重新上传。{unreadable}")
            return redirect(start_url(upload.county))
        return view(request, upload, ledger, plan_upload(upload, ledger))

    return planned


def render_step(request: HttpRequest, upload: LedgerUpload, step: int, template: str, context: dict) -> HttpResponse:
    """The page of a step, with the address of every other one as `urls.<name>`."""
    names = ("result", "columns", "check", "marked", "write", "progress", "drop")
    shared = {
        "county": upload.county,
        "period": str(Period.parse(upload.period)),
        "upload": upload,
        "steps": STEPS,
        "step": step,
        "crumbs": [("导入台账", start_url(upload.county))],
        "urls": {name: step_url(upload, f"import-{name}") for name in names} | {"start": start_url(upload.county)},
    }
    return render(request, f"institutions/{template}", shared | context)

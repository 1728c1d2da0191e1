"""What the steps of an import share: permission and fetch in one, the plan, the frame around each page."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from institutions.enums import ImportWay
from institutions.importing.uploads import plan_upload, read_upload, upload_for
from institutions.ledger.workbook import LedgerUnreadable
from institutions.models import LedgerUpload
from institutions.period import Period

STEPS = ("上传", "识别", "核对", "确认")
UPLOAD, COLUMNS, CHECK, CONFIRM = range(1, 5)
# what became of figures
WRITTEN = {
    ImportWay.DRAFT: "已存为草稿",
    ImportWay.SUBMIT: "已提交，等待另一位审核员接受",
    ImportWay.ACCEPT: "已提交并接受",
}
UPLOADED_BY_OFFICE, UPLOADED_BY_CLERK = "导入台账", "用 Excel 填报"


def step_url(upload: LedgerUpload, name: str) -> str:
    return reverse(f"institutions:{name}", kwargs={"county": upload.county.code, "upload": upload.pk})


def start_url(upload: LedgerUpload) -> str:
    """Where another file is uploaded: at the form of the institution for a clerk."""
    if upload.institution_id:
        facts = {"county": upload.county.code, "period": upload.period, "code": upload.institution.code}
        return reverse("institutions:fill-import", kwargs=facts)
    return reverse("institutions:import", kwargs={"county": upload.county.code})


def way_of(upload: LedgerUpload) -> str:
    """What became of the figures of a written file, in words; "" where it had none."""
    way = upload.outcome.get("way")
    return WRITTEN[way] if way else ""


def upload_page(view: Callable[..., HttpResponse]):
    """For addresses of one upload: calls `view(request, upload)`. Raises Http404, PermissionDenied."""

    @wraps(view)
    def found(request: HttpRequest, county: str, upload: UUID) -> HttpResponse:
        return view(request, upload_for(request.user, county, upload))

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
            return redirect(start_url(upload))
        return view(request, upload, ledger, plan_upload(upload, ledger, request.user))

    return planned


def render_step(request: HttpRequest, upload: LedgerUpload, step: int, template: str, context: dict) -> HttpResponse:
    """The page of a step, with the address of every other one as `urls.<name>`."""
    names = ("result", "columns", "check", "marked", "write", "progress", "drop")
    urls = {name: step_url(upload, f"import-{name}") for name in names} | {"start": start_url(upload)}
    shared = {
        "county": upload.county,
        "period": str(Period.parse(upload.period)),
        "upload": upload,
        "title": UPLOADED_BY_CLERK if upload.institution_id else UPLOADED_BY_OFFICE,
        "steps": STEPS,
        "step": step,
        "urls": urls,
    }
    return render(request, f"institutions/{template}", shared | context)

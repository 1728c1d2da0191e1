"""Step 1: choose the file, and at the county office the period. Below it, what was imported earlier."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from institutions.access import county_for
from institutions.forms import LedgerForm, WorkbookForm
from institutions.importing.differences import counted
from institutions.importing.uploads import clerks_uploads, default_period, uploads_of
from institutions.ledger.workbook import LedgerUnreadable
from institutions.models import County, LedgerUpload, Round
from institutions.period import Period
from institutions.services import drop_upload, receive_ledger
from institutions.views.step import (
    STEPS,
    UPLOAD,
    UPLOADED_BY_CLERK,
    UPLOADED_BY_OFFICE,
    start_url,
    step_url,
    upload_page,
    way_of,
)
from institutions.workbook.contents import clerks_institutions

_PER_PAGE = 10


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, county: str) -> HttpResponse:
    """The county office's, for any period."""
    found = county_for(request.user, county, to_check=True)
    if request.method == "POST":
        form = LedgerForm(request.POST, request.FILES)
        if form.is_valid() and (upload := _receive(form, found, form.cleaned_data["period"], request.user)):
            return redirect(step_url(upload, "import-columns"))
    else:
        period = request.GET.get("period") or default_period(found) or str(timezone.localdate().year)
        form = LedgerForm(initial={"period": period})
    open_rounds = [(Period.parse(r.period), r.period) for r in Round.objects.filter(county=found, closed_at=None)]
    more = {"title": UPLOADED_BY_OFFICE, "open_rounds": open_rounds}
    return _page(request, found, form, uploads_of(found), more)


@require_http_methods(["GET", "HEAD", "POST"])
def fill_import(request: HttpRequest, county: str, period: str, code: str) -> HttpResponse:
    """A data clerk's, for the round of an institution's form; the file may hold all institutions of the clerk."""
    round, institution, _ = clerks_institutions(request.user, county, period, code)
    form = WorkbookForm(request.POST or None, request.FILES or None) if request.method == "POST" else WorkbookForm()
    if form.is_valid() and (upload := _receive(form, round.county, round.period, request.user, institution)):
        return redirect(step_url(upload, "import-columns"))
    uploads = clerks_uploads(request.user, institution, round.period)
    more = {"title": UPLOADED_BY_CLERK, "round": round, "institution": institution, "period": str(Period.parse(period))}
    return _page(request, round.county, form, uploads, more)


def _page(request: HttpRequest, county: County, form, uploads: Iterable[LedgerUpload], more: dict) -> HttpResponse:
    page = Paginator(uploads, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "county": county,
        "form": form,
        "steps": STEPS,
        "step": UPLOAD,
        "page": page,
        "earlier": [_earlier(upload) for upload in page],
    }
    return render(request, "institutions/import.html", context | more)


def _receive(form, county: County, period: str, user, institution=None) -> LedgerUpload | None:
    """None where the file cannot be read; the form then says why."""
    try:
        return receive_ledger(county, period, form.cleaned_data["file"], by=user, institution=institution)
    except LedgerUnreadable as unreadable:
        form.add_error("file", str(unreadable))
        return None


def _earlier(upload: LedgerUpload) -> dict:
    return {
        "upload": upload,
        "period": str(Period.parse(upload.period)),
        "url": step_url(upload, "import-result"),
        "counts": counted(upload.outcome),
        "way": way_of(upload),
    }


@require_POST
@upload_page
def drop(request: HttpRequest, upload: LedgerUpload) -> HttpResponse:
    if not drop_upload(upload, by=request.user):
        messages.warning(request, f"“{upload.file_name}”已经写入，不能放弃。")
        return redirect(step_url(upload, "import-result"))
    messages.success(request, f"已放弃“{upload.file_name}”，没有写入任何数据。")
    return redirect(start_url(upload))

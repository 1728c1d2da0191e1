"""Step 1: choose period and file. Below it, what was imported earlier."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from institutions.access import county_for
from institutions.differences import counted
from institutions.forms import LedgerForm
from institutions.ledger.workbook import LedgerUnreadable
from institutions.models import County, LedgerUpload
from institutions.period import Period
from institutions.services import drop_upload, receive_ledger
from institutions.uploads import default_period, uploads_of
from institutions.views.step import STEPS, UPLOAD, start_url, step_url, upload_page

_PER_PAGE = 10


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, county: str) -> HttpResponse:
    found = county_for(request.user, county, to_write=True)
    if request.method == "POST":
        form = LedgerForm(request.POST, request.FILES)
        if form.is_valid() and (upload := _receive(form, found, request.user)):
            return redirect(step_url(upload, "import-columns"))
    else:
        period = request.GET.get("period") or default_period(found) or str(timezone.localdate().year)
        form = LedgerForm(initial={"period": period})
    page = Paginator(uploads_of(found), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "county": found,
        "form": form,
        "steps": STEPS,
        "step": UPLOAD,
        "page": page,
        "earlier": [_earlier(upload) for upload in page],
    }
    return render(request, "institutions/import.html", context)


def _receive(form: LedgerForm, county: County, user) -> LedgerUpload | None:
    """None where the file cannot be read; the form then says why."""
    try:
        return receive_ledger(county, form.cleaned_data["period"], form.cleaned_data["file"], by=user)
    except LedgerUnreadable as unreadable:
        form.add_error("file", str(unreadable))
        return None


def _earlier(upload: LedgerUpload) -> dict:
    return {
        "upload": upload,
        "period": str(Period.parse(upload.period)),
        "url": step_url(upload, "import-result"),
        "counts": counted(upload.outcome),
    }


@require_POST
@upload_page
def drop(request: HttpRequest, upload: LedgerUpload) -> HttpResponse:
    if not drop_upload(upload):
        messages.warning(request, f"“{upload.file_name}”已经写入，不能放弃。")
        return redirect(step_url(upload, "import-result"))
    messages.success(request, f"已放弃“{upload.file_name}”，没有写入任何数据。")
    return redirect(start_url(upload.county))

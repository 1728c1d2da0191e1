"""A ledger between its upload and its import: found, read and planned anew for each page, and how far its writing is.

Nothing of a plan is kept: reading and planning 341 institutions takes 0.2 s, and is always against what is stored now.
"""

import time
from uuid import UUID

from django.core.cache import cache
from django.shortcuts import get_object_or_404

from institutions.ledger.plan import ImportPlan, Progress, plan_import
from institutions.ledger.workbook import LedgerFile, LedgerUnreadable, open_ledger
from institutions.models import County, LedgerUpload, Report
from institutions.period import Period

# A writer that has said nothing for so long (seconds) has died.
_SILENCE = 60
_PAUSE = 0.3


def upload_for(county: County, pk: UUID) -> LedgerUpload:
    """An upload of this county. Raises Http404."""
    return get_object_or_404(uploads_of(county), pk=pk)


def uploads_of(county: County):
    """All of a county's uploads, the latest first."""
    return county.ledger_uploads.select_related("uploaded_by")


def read_upload(upload: LedgerUpload) -> LedgerFile:
    """The uploaded file, read. Raises LedgerUnreadable where it is gone or cannot be read any more."""
    try:
        with upload.file.open("rb") as file:
            return open_ledger(file, upload.file_name)
    except FileNotFoundError as error:
        raise LedgerUnreadable("missing") from error


def plan_upload(upload: LedgerUpload, ledger: LedgerFile) -> ImportPlan:
    """What importing it would do now."""
    return plan_import(upload.county, Period.parse(upload.period), ledger.sheets)


def default_period(county: County) -> str:
    """The period that a county's next ledger most likely is for: that of its last one, of its figures, or ""."""
    last = county.ledger_uploads.values_list("period", flat=True).first()
    figures = Report.objects.filter(institution__county=county).order_by("-period")
    return last or figures.values_list("period", flat=True).first() or ""


def telling(upload: LedgerUpload) -> Progress:
    """A function that tells other processes how far the writing of this upload is."""
    last = 0.0

    def tell(done: int, total: int, what: str) -> None:
        nonlocal last
        if done and time.monotonic() - last < _PAUSE:
            return
        last = time.monotonic()
        cache.set(_key(upload), {"done": done, "total": total, "what": what}, _SILENCE)

    return tell


def progress_of(upload: LedgerUpload) -> dict | None:
    """`done`, `total` and `what` of the writing under way; None where none is."""
    return cache.get(_key(upload))


def forget_progress(upload: LedgerUpload) -> None:
    cache.delete(_key(upload))


def _key(upload: LedgerUpload) -> str:
    return f"ledger-upload-{upload.pk}"

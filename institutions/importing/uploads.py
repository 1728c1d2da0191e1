"""A ledger between its upload and its import: found, read and planned anew for each page, and how far its writing is.

Nothing of a plan is kept: reading and planning 341 institutions takes 0.2 s, and is always against what is stored now.
"""

import time
from uuid import UUID

from django.core.cache import cache
from django.shortcuts import get_object_or_404

from institutions.access import county_for, institutions_to_fill
from institutions.importing.terms import terms_of
from institutions.ledger.plan import ImportPlan, Progress
from institutions.ledger.planner import plan_import
from institutions.ledger.workbook import LedgerFile, LedgerUnreadable, open_ledger
from institutions.models import County, Institution, LedgerUpload, Report
from institutions.period import Period

# A writer that has said nothing for so long (seconds) has died.
_SILENCE = 60
_PAUSE = 0.3


def upload_for(user, county: str, pk: UUID) -> LedgerUpload:
    """An upload that the user goes on with: a clerk's own, or for who checks any of the county office's.

    Raises Http404, PermissionDenied.
    """
    own = LedgerUpload.objects.select_related("county", "institution", "uploaded_by")
    own = own.filter(pk=pk, county__code=county, uploaded_by=user, institution__in=institutions_to_fill(user))
    return own.first() or get_object_or_404(uploads_of(county_for(user, county, to_check=True)), pk=pk)


def uploads_of(county: County):
    """The uploads of a county's office, the latest first."""
    return county.ledger_uploads.filter(institution=None).select_related("county", "uploaded_by")


def clerks_uploads(user, institution: Institution, period: str):
    """What this clerk uploaded at the form of this institution, the latest first."""
    own = LedgerUpload.objects.filter(uploaded_by=user, institution=institution, period=period)
    return own.select_related("county", "institution", "uploaded_by")


def read_upload(upload: LedgerUpload) -> LedgerFile:
    """The uploaded file, read. Raises LedgerUnreadable where it is gone or cannot be read any more."""
    try:
        with upload.file.open("rb") as file:
            return open_ledger(file, upload.file_name)
    except FileNotFoundError as error:
        raise LedgerUnreadable("missing") from error


def plan_upload(upload: LedgerUpload, ledger: LedgerFile, user) -> ImportPlan:
    """What importing it would do now, on this user's terms."""
    return plan_import(upload.county, Period.parse(upload.period), ledger.sheets, terms=terms_of(upload, user))


def default_period(county: County) -> str:
    """The period that a county's next ledger most likely is for: that of its last one, of the round that is open, of
    its figures, or ""."""
    last = uploads_of(county).values_list("period", flat=True).first()
    open_round = county.rounds.filter(closed_at=None).values_list("period", flat=True)
    figures = Report.objects.filter(institution__county=county).order_by("-period")
    return last or open_round.first() or figures.values_list("period", flat=True).first() or ""


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

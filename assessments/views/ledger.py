"""The monthly ledger of a county: what was done in a month, item by item. Also as a workbook."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from assessments.monthly.arrangements import arrangement_lines
from assessments.monthly.ledger import Ledger, ledger_of
from assessments.monthly.months import asked_month, following
from assessments.monthly.sheets import ledger_workbook
from assessments.views.frame import Frame, assessment_page
from indicators.enums import ArrangementKind
from institutions.period import Period
from tcm_demo.audit.exports import exported
from tcm_demo.lib.downloads import download

# of one item's notes, in its row; all of them stand on the item's page and in the workbook
NOTES_SHOWN = 3


@require_safe
@assessment_page(empty=True)
def ledger_page(request: HttpRequest, frame: Frame) -> HttpResponse:
    """`?month=2026-11`; `&quiet=no` leaves out the items of which nothing happened."""
    month, complaint = asked_month(request.GET.get("month", ""))
    if complaint:
        messages.warning(request, complaint)
    ledger = ledger_of(frame.campaign, frame.period.text, month)
    only_busy = request.GET.get("quiet") == "no"
    context = {
        "ledger": ledger,
        "sections": [
            {"name": section.name, "rows": rows}
            for section in ledger.sections
            if (rows := [_row(frame, row) for row in section.rows if not (only_busy and row.is_quiet)])
        ],
        "only_busy": only_busy,
        "months": month_switch(ledger.month),
        "export_url": f"{frame.url('ledger-export')}?month={month.text}",
        "notes_shown": NOTES_SHOWN,
        "arrangements": arrangement_lines(frame.standard, ArrangementKind.LEDGER),
    }
    return frame.render(request, "monthly/ledger.html", context)


@require_safe
@assessment_page(empty=True)
def ledger_export(request: HttpRequest, frame: Frame) -> FileResponse:
    month, _ = asked_month(request.GET.get("month", ""))
    ledger: Ledger = ledger_of(frame.campaign, frame.period.text, month)
    name = f"{frame.county.name}{month}工作台账.xlsx"
    data = ledger_workbook(ledger)
    facts = {"rows": len(ledger.rows), "file": name, "month": month.text}
    exported(request, "monthly_ledger", frame.county, place=frame.county.code, **facts)
    return download(BytesIO(data), name)


def month_switch(month: Period) -> dict:
    """The months beside this one; `next` is "" where it has not begun."""
    after = following(month)
    begun, _ = asked_month(after.text)
    return {"shown": month, "previous": month.previous, "next": after if begun == after else ""}


def _row(frame: Frame, row) -> dict:
    return {"row": row, "url": frame.url("item", number=row.number), "more": max(len(row.notes) - NOTES_SHOWN, 0)}

"""The monthly ledgers of a prefecture's counties, item by item. Also as a workbook."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from assessments.monthly.arrangements import arrangement_lines
from assessments.monthly.months import asked_month
from assessments.prefecture.ledger import LedgerItem, PrefectureLedger, prefecture_ledger
from assessments.prefecture.sheets import prefecture_ledger_workbook
from assessments.views.frame import page_url
from assessments.views.ledger import month_switch
from assessments.views.prefecture_frame import PrefectureFrame, prefecture_view
from indicators.enums import ArrangementKind
from institutions.period import Period
from tcm_demo.audit.exports import exported
from tcm_demo.lib.downloads import download


@require_safe
@prefecture_view
def ledger_page(request: HttpRequest, frame: PrefectureFrame) -> HttpResponse:
    """`?month=2026-11`."""
    month, complaint = asked_month(request.GET.get("month", ""))
    if complaint:
        messages.warning(request, complaint)
    ledger = _ledger(frame, month)
    columns = [
        {
            "county": campaign.county,
            "url": f"{page_url(campaign, 'ledger', frame.period.text)}?month={month.text}",
            "total": total,
        }
        for campaign, total in zip(ledger.campaigns, ledger.totals, strict=True)
    ]
    context = {
        "ledger": ledger,
        "columns": columns,
        "sections": [
            (name, [{"item": item, "cells": _cells(ledger, item, frame)} for item in items])
            for name, items in ledger.sections
        ],
        "months": month_switch(month),
        "arrangements": arrangement_lines(frame.standard, ArrangementKind.LEDGER),
        "crumbs": [("全市比较", frame.url())],
        "export_url": f"{frame.url('prefecture-ledger-export')}?month={month.text}",
    }
    return frame.render(request, "prefecture/ledger.html", context)


@require_safe
@prefecture_view
def ledger_export(request: HttpRequest, frame: PrefectureFrame) -> FileResponse:
    month, _ = asked_month(request.GET.get("month", ""))
    ledger = _ledger(frame, month)
    name = f"{frame.prefecture.name}{month}工作台账.xlsx"
    data = prefecture_ledger_workbook(ledger)
    facts = {"rows": len(ledger.items) * len(ledger.counties), "file": name, "month": month.text}
    exported(request, "prefecture_ledger", frame.prefecture, place=frame.prefecture.code, **facts)
    return download(BytesIO(data), name)


def _ledger(frame: PrefectureFrame, month: Period) -> PrefectureLedger:
    return prefecture_ledger(frame.counties, frame.campaigns, frame.standard, frame.period.text, month)


def _cells(ledger: PrefectureLedger, item: LedgerItem, frame: PrefectureFrame) -> list[dict]:
    """With the way down; an item that the county's version may not have leads nowhere."""
    found = []
    for campaign, cell in zip(ledger.campaigns, item.cells, strict=True):
        is_there = cell.now or campaign.standard_id == frame.standard.pk
        url = page_url(campaign, "item", frame.period.text, number=item.number) if is_there else ""
        found.append({"cell": cell, "url": url})
    return found

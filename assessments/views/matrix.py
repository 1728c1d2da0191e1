"""One period's figures against all of the county's standards, side by side. Also as a workbook."""

from io import BytesIO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaulttags import querystring
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.matrix.content import Column, Line, MatrixContent, grouped, matrix_content
from assessments.matrix.forms import MatrixFilter
from assessments.matrix.queries import columns_of, periods_of
from assessments.matrix.sheets import matrix_workbook
from assessments.scoring.items import STATUSES
from assessments.views.frame import page_url
from institutions.access import county_for, may_write
from institutions.models import County
from institutions.period import Period
from tcm_demo.audit.exports import exported
from tcm_demo.lib.downloads import download


@require_safe
def matrix_page(request: HttpRequest, county: str, period: str) -> HttpResponse:
    found = county_for(request.user, county)
    content, form = matrix_content(columns_of(found, period)), MatrixFilter(request.GET)
    lines = [line for line in content.lines if form.shows(line)]
    context = {
        "county": found.name,
        "period": str(Period.parse(period)),
        "periods": _periods(found, period),
        "form": form,
        "content": content,
        "columns": [_column(column, period) for column in content.columns],
        "groups": [(name, [_line(content, line, period) for line in rows]) for name, rows in grouped(lines).items()],
        "shown": len(lines),
        "differing": sum(line.differs for line in content.lines),
        "campaign_url": reverse("assessments:campaign", args=[found.code]),
        "compare_url": reverse("assessments:standards-compare", args=[found.code, period]),
        "may_write": may_write(request.user, found),
        "export_url": reverse("assessments:matrix-export", args=[found.code, period])
        + querystring(None, request.GET, page=None),
    }
    return render(request, "matrix/matrix.html", context)


@require_safe
def matrix_export(request: HttpRequest, county: str, period: str) -> FileResponse:
    """As filtered."""
    found = county_for(request.user, county)
    content, form = matrix_content(columns_of(found, period)), MatrixFilter(request.GET)
    lines = [line for line in content.lines if form.shows(line)]
    name = f"{found.name}标准对照_{period}.xlsx"
    data = matrix_workbook(content, lines)
    exported(request, "matrix", found, place=found.code, rows=len(lines), period=period, file=name)
    return download(BytesIO(data), name)


def _periods(county: County, period: str) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is this one); empty where there is only this one."""
    texts = periods_of(county)
    if set(texts) <= {period}:
        return []
    return [
        (str(Period.parse(text)), reverse("assessments:matrix", args=[county.code, text]), text == period)
        for text in texts
    ]


def _column(column: Column, period: str) -> dict:
    return {
        "column": column,
        "url": page_url(column.campaign, "county", period) if column.has_pages else "",
        "tally": [(status, column.summary[status]) for status in STATUSES] if column.summary else [],
    }


def _line(content: MatrixContent, line: Line, period: str) -> dict:
    cells = []
    for column, cell in zip(content.columns, line.cells, strict=True):
        urls = [page_url(column.campaign, "item", period, number=ask.number) for ask in cell]
        linked = column.has_pages and column.summary is not None
        cells.append([(ask, url if linked else "") for ask, url in zip(cell, urls, strict=True)])
    return {"line": line, "cells": cells}

"""A prefecture's counties side by side: ranking, lights, what they come to together. Also as a workbook."""

from collections.abc import Sequence
from io import BytesIO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments import charts
from assessments.features.queries import projects_of
from assessments.monthly.arrangements import arrangement_lines
from assessments.prefecture.access import prefecture_for
from assessments.prefecture.comparison import CountyLine, compare
from assessments.prefecture.history import history_of
from assessments.prefecture.notes import notes_on
from assessments.prefecture.queries import counties_of, known_pages, most_used
from assessments.prefecture.ranking import RULE
from assessments.prefecture.sheets import comparison_workbook
from assessments.prefecture.tables import section_rows
from assessments.prefecture.together import together
from assessments.views.frame import page_url
from assessments.views.prefecture_frame import PrefectureFrame, prefecture_view
from indicators.enums import ArrangementKind
from tcm_demo.audit.exports import exported
from tcm_demo.lib.downloads import download

# what the ranking sorts by beside the rank; the least comes first
SORTS = {
    "county": lambda line: line.county.code,
    "met": lambda line: line.now.met,
    "nearly": lambda line: line.now.summary["nearly"],
    "unmet": lambda line: line.now.summary["unmet"],
    "incomplete": lambda line: line.now.summary["incomplete"],
    "points": lambda line: line.now.points,
    "coverage": lambda line: line.coverage,
    "change": lambda line: (line.change is not None, line.change),
    "computed": lambda line: line.computed_at,
}


@require_safe
def prefecture_home(request: HttpRequest, prefecture: str) -> HttpResponse:
    """On to the standard and period that most of its counties work with; where there are none, what to do about it."""
    found = prefecture_for(request.user, prefecture)
    counties = counties_of(found)
    if page := most_used(known_pages(counties)):
        return redirect("assessments:prefecture", found.code, *page)
    return render(request, "prefecture/nothing.html", {"county": found.name, "counties": counties})


@require_safe
@prefecture_view
def prefecture_page(request: HttpRequest, frame: PrefectureFrame) -> HttpResponse:
    comparison = compare(frame.counties, frame.campaigns, frame.period.text)
    whole = together(frame.campaigns, frame.standard, frame.period.text)
    history = history_of(comparison)
    projects = projects_of(frame.counties)
    context = {
        "comparison": comparison,
        "lines": [_with_url(line, frame) for line in _sorted(comparison.lines, request.GET.get("sort", ""))],
        "columns": [_with_url(line, frame) for line in comparison.shown],
        "sections": section_rows(frame.standard, comparison, whole, link=_item_url(frame)),
        "rule": RULE,
        "notes": notes_on(frame.standard, frame.newest, comparison, whole),
        "history": history,
        "chart": charts.history_chart(history.months, history.series) if history.is_worth_drawing else None,
        "features": [{"county": each, "projects": projects.get(each.pk, ())} for each in frame.counties],
        "arrangements": arrangement_lines(frame.standard, ArrangementKind.FEATURE),
        "links": {
            "export": frame.url("prefecture-export"),
            "ledger": frame.url("prefecture-ledger"),
        },
        "beside": [(each, frame.url(period=each.text)) if each else None for each in frame.beside.values()],
    }
    return frame.render(request, "prefecture/prefecture.html", context)


@require_safe
@prefecture_view
def prefecture_export(request: HttpRequest, frame: PrefectureFrame) -> FileResponse:
    """Ranking, items and criteria."""
    comparison = compare(frame.counties, frame.campaigns, frame.period.text)
    whole = together(frame.campaigns, frame.standard, frame.period.text)
    sections = section_rows(frame.standard, comparison, whole, link=_item_url(frame))
    data = comparison_workbook(comparison, sections, notes_on(frame.standard, frame.newest, comparison, whole))
    name = f"{frame.prefecture.name}{frame.period}县（区）对比.xlsx"
    facts = {"rows": len(comparison.lines), "file": name, "standard": str(frame.standard), "period": frame.period.text}
    exported(request, "prefecture", frame.prefecture, place=frame.prefecture.code, **facts)
    return download(BytesIO(data), name)


def _with_url(line: CountyLine, frame: PrefectureFrame) -> dict:
    """Down to the county's page at this standard and period; where it has not begun, to what it has."""
    if line.campaign is None:
        return {"line": line, "url": reverse("assessments:county-home", args=[line.county.code])}
    return {"line": line, "url": page_url(line.campaign, "county", frame.period.text)}


def _item_url(frame: PrefectureFrame):
    return lambda line, number: page_url(line.campaign, "item", frame.period.text, number=number)


def _sorted(lines: Sequence[CountyLine], sort: str) -> Sequence[CountyLine]:
    """Those that are not ranked stay at the end, whatever the order."""
    ranked = [line for line in lines if line.rank is not None]
    others = [line for line in lines if line.rank is None]
    if sort == "-rank":
        return [*ranked[::-1], *others]
    key = SORTS.get(sort.removeprefix("-"))
    return [*(sorted(ranked, key=key, reverse=sort.startswith("-")) if key else ranked), *others]

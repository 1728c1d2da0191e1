"""The self-assessment report: what is in it, exporting it as PDF, and the kept ones."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from assessments import exports
from assessments.exports import Export
from assessments.queries import figures_as_of
from assessments.report_services import ReportUnavailable, prepare_report
from assessments.scoring.display import figure
from assessments.snapshots.content import title_of
from assessments.snapshots.forms import NAMES, SnapshotForm
from assessments.snapshots.queries import snapshots_of, whole_snapshots
from assessments.views.frame import Frame, assessment_page
from assessments.words import exact
from institutions.refusals import Refused
from tcm_demo.audit.exports import exported
from tcm_demo.lib.dates import zh_datetime
from tcm_demo.lib.downloads import download

PER_PAGE = 20
# what assessments/reports/pdf.py draws
CHAPTERS = [
    ("自评结果", "达标条目数、各部分达标情况和图表"),
    ("基本情况", "机构构成、填报情况和主要数据合计"),
    ("逐条自评", "每条的状态、指标与目标、数据覆盖、差距和未满足要求的机构"),
    ("存在的问题", "未达标和数据不全的条目，不合格和待认定的佐证"),
    ("附件", "医疗卫生机构数据表、佐证材料清单、计算口径、字体说明"),
]


@require_safe
@assessment_page
def report_page(request: HttpRequest, frame: Frame) -> HttpResponse:
    export = exports.find(request.GET.get("export", ""), frame.county)
    context = _kept(request, frame) | {
        "form": SnapshotForm(),
        "names": NAMES,
        "draft_url": frame.url("report-draft"),
        "final_url": frame.url("report-final"),
        "chapters": CHAPTERS,
        "coverage": frame.standing.result["coverage"],
        "facts": _facts(frame),
        **(_status(frame, export) if export else {}),
    }
    return frame.render(request, "assessments/report.html", context)


@require_POST
@assessment_page
def export_draft(request: HttpRequest, frame: Frame) -> HttpResponse:
    return _begin(request, frame, exports.ask_for(frame.county, frame.standard, frame.period.text))


@require_POST
@assessment_page(to_write=True)
def export_final(request: HttpRequest, frame: Frame) -> HttpResponse:
    """Keep what the county comes to now, under a name, and have the report drawn from that."""
    given = {name: request.POST.get(name, "") for name in ("name", "note")}
    place = frame.county, frame.standard, frame.period.text
    try:
        assessment = prepare_report(*place, final=True, **given, by=request.user)
    except (Refused, ReportUnavailable) as reason:
        return _refuse(request, frame, str(reason))
    return _begin(request, frame, exports.ask_for(*place, assessment))


@require_POST
@assessment_page
def export_again(request: HttpRequest, frame: Frame, assessment: int) -> HttpResponse:
    """Of any snapshot of the county's work towards the standard, whatever the period of the page."""
    kept = get_object_or_404(whole_snapshots(frame.county, frame.standard), pk=assessment)
    return _begin(request, frame, exports.ask_for(frame.county, kept.standard, kept.period, kept))


@require_POST
@assessment_page
def make_export(request: HttpRequest, frame: Frame, token: str) -> HttpResponse:
    """Takes as long as the file takes; meanwhile the page asks `export_progress`."""
    export = _export(frame, token)
    exports.make(export, by=request.user)
    return _show(request, frame, export) if request.htmx else redirect(_page_of(frame, export))


@require_safe
@assessment_page
def export_progress(request: HttpRequest, frame: Frame, token: str) -> HttpResponse:
    return _show(request, frame, _export(frame, token))


@require_safe
@assessment_page
def export_file(request: HttpRequest, frame: Frame, token: str) -> FileResponse:
    export = _export(frame, token)
    try:
        content = export.path.open("rb")
    except FileNotFoundError:
        raise Http404("这个文件还没有生成，或已过期。请重新导出。") from None
    exported(request, "report_file", frame.county, place=frame.county.code, file=export.name, period=export.period)
    return download(content, export.name)


def _facts(frame: Frame) -> list[tuple[str, str]]:
    as_of = figures_as_of(frame.county, frame.period.text)
    return [
        ("填报期", str(frame.period)),
        ("数据截至", zh_datetime(as_of) if as_of else "尚无已接受的数据"),
        ("依据标准", f"{frame.standard.title}，第 {frame.standard.version} 版"),
    ]


def _kept(request: HttpRequest, frame: Frame) -> dict:
    """A page of those kept of the period, without the figures that they hold. Two queries."""
    rows = snapshots_of(frame.county, frame.standard).filter(period=frame.period.text)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.title = title_of(row)
        row.points_text = figure(exact(row.summary["points"]))
        row.url = frame.url("snapshot", assessment=row.pk)
        row.again_url = frame.url("report-again", assessment=row.pk)
    return {"page": page, "snapshots_url": frame.url("snapshots")}


def _export(frame: Frame, token: str) -> Export:
    export = exports.find(token, frame.county)
    if export is None:
        raise Http404("没有这个文件，或已过期。请重新导出。")
    return export


def _begin(request: HttpRequest, frame: Frame, export: Export) -> HttpResponse:
    """On to the page, or the part of it, that has the file made and shows how far it is."""
    if not request.htmx:
        return redirect(_page_of(frame, export))
    context = _status(frame, export) | (_kept(request, frame) if export.assessment else {})
    return frame.render(request, "assessments/report_begun.html", context)


def _page_of(frame: Frame, export: Export) -> str:
    return f"{frame.url('report')}?export={export.token}"


def _refuse(request: HttpRequest, frame: Frame, sentence: str) -> HttpResponse:
    if request.htmx:
        context = {"state": exports.State("failed", sentence=sentence)}
        return frame.render(request, "assessments/_export_status.html", context)
    messages.error(request, sentence)
    return redirect(frame.url("report"))


def _show(request: HttpRequest, frame: Frame, export: Export) -> HttpResponse:
    return frame.render(request, "assessments/_export_status.html", _status(frame, export))


def _status(frame: Frame, export: Export) -> dict:
    state = exports.state_of(export)
    return {
        "export": export,
        "state": state,
        "size": export.path.stat().st_size // 1024 if state.step == "ready" else 0,
        **{f"{name}_url": frame.url(f"report-{name}", token=export.token) for name in ("file", "make", "progress")},
    }

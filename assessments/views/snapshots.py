"""Snapshots: the list, one of them with its name and lock, and what the county office does with them."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Assessment
from assessments.scoring.display import figure
from assessments.snapshots.content import title_of
from assessments.snapshots.forms import NAMES, DeleteForm, SnapshotForm
from assessments.snapshots.queries import snapshots_of, structures_of, whole_snapshots
from assessments.snapshots.recompute import recompute
from assessments.snapshots.services import delete_snapshot, lock_snapshot, name_snapshot, take_snapshot
from assessments.views.frame import Frame, assessment_page, page_url
from assessments.words import exact
from institutions.period import Period
from institutions.refusals import Refused
from tcm_demo.lib.dates import zh_datetime

PER_PAGE = 20


@require_safe
@assessment_page(empty=True)
def snapshot_list(request: HttpRequest, frame: Frame) -> HttpResponse:
    return _list(request, frame, SnapshotForm())


@require_POST
@assessment_page(to_write=True)
def take(request: HttpRequest, frame: Frame) -> HttpResponse:
    form = SnapshotForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            kept = take_snapshot(frame.county, frame.standard, frame.period.text, **given, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已存档：{title_of(kept)}。以后数据变动不影响它。")
            return redirect(frame.url("snapshot", assessment=kept.pk))
    return _list(request, frame, form)


@require_safe
@assessment_page(empty=True)
def snapshot_page(request: HttpRequest, frame: Frame, assessment: int) -> HttpResponse:
    return _page(request, frame, _kept(frame, assessment))


@require_POST
@assessment_page(to_write=True, empty=True)
def rename(request: HttpRequest, frame: Frame, assessment: int) -> HttpResponse:
    kept, form = _kept(frame, assessment), SnapshotForm(request.POST)
    if form.is_valid():
        try:
            name_snapshot(kept, **form.cleaned_data, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "名称和说明已保存。")
        return redirect(frame.url("snapshot", assessment=kept.pk))
    return _page(request, frame, kept, naming=form)


@require_POST
@assessment_page(to_write=True, empty=True)
def lock(request: HttpRequest, frame: Frame, assessment: int) -> HttpResponse:
    kept = _kept(frame, assessment)
    try:
        lock_snapshot(kept, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{title_of(kept)}已锁定。")
    return redirect(frame.url("snapshot", assessment=kept.pk))


@require_POST
@assessment_page(to_write=True, empty=True)
def delete(request: HttpRequest, frame: Frame, assessment: int) -> HttpResponse:
    kept, form = _kept(frame, assessment), DeleteForm(request.POST)
    if not form.is_valid():
        return _page(request, frame, kept, deleting=form)
    try:
        delete_snapshot(kept, **form.cleaned_data, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(frame.url("snapshot", assessment=kept.pk))
    messages.success(request, f"{title_of(kept)}已删除，理由已记入操作记录。")
    return redirect(frame.url("snapshots"))


def _kept(frame: Frame, pk: int) -> Assessment:
    return get_object_or_404(whole_snapshots(frame.county, frame.standard), pk=pk)


def _list(request: HttpRequest, frame: Frame, form: SnapshotForm) -> HttpResponse:
    """Two queries beside those of every page."""
    page = Paginator(snapshots_of(frame.county, frame.standard), PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.title = title_of(row)
        row.period_words = str(Period.parse(row.period))
        row.points_text = figure(exact(row.summary["points"]))
        row.url = page_url(frame.campaign, "snapshot", row.period, assessment=row.pk)  # where now is of its own period
        row.again_url = frame.url("report-again", assessment=row.pk)
    context = {
        "page": page,
        "form": form,
        "names": NAMES,
        "take_url": frame.url("snapshot-take"),
        "compare_url": frame.url("snapshot-compare"),
        "crumbs": [("自评报告", frame.url("report"))],
        "several_versions": len({row.standard_id for row in page.object_list}) > 1,
    }
    return frame.render(request, "snapshots/list.html", context)


def _page(
    request: HttpRequest,
    frame: Frame,
    kept: Assessment,
    *,
    naming: SnapshotForm | None = None,
    deleting: DeleteForm | None = None,
) -> HttpResponse:
    """One snapshot; `naming` and `deleting` with their faults."""
    here = {"assessment": kept.pk}
    context = {
        "kept": kept,
        "title": title_of(kept),
        "facts": _facts(kept),
        "summary": kept.result["summary"],
        "coverage": kept.result["coverage"],
        "points": figure(exact(kept.result["summary"]["points"])),
        "sections": _sections(frame, kept),
        "check": recompute(kept),
        "crumbs": [("自评报告", frame.url("report")), ("存档", frame.url("snapshots"))],
        "again_url": frame.url("report-again", **here),
        "compare_url": _compare_url(frame, kept),
        "names": NAMES,
        **_writing(frame, kept, naming, deleting),
    }
    return frame.render(request, "snapshots/snapshot.html", context)


def _writing(frame: Frame, kept: Assessment, naming: Form | None, deleting: Form | None) -> dict:
    """The forms, for who may write while it is not locked."""
    if not frame.may_write or kept.locked_at:
        return {}
    urls = {f"{name}_url": frame.url(f"snapshot-{name}", assessment=kept.pk) for name in ("name", "lock", "delete")}
    form = naming or SnapshotForm(initial={"name": kept.name, "note": kept.note})
    return {"naming": form, "deleting": deleting or DeleteForm(), "delete_open": deleting is not None, **urls}


def _facts(kept: Assessment) -> list[tuple[str, str]]:
    as_of = kept.inputs["figures_as_of"]
    version = kept.inputs["standard"]["version"]
    facts = [
        ("填报期", str(Period.parse(kept.period))),
        ("存档时间", zh_datetime(kept.computed_at)),
        ("存档人", str(kept.computed_by or "系统（命令行）")),
        ("数据截至", zh_datetime(datetime.fromisoformat(as_of)) if as_of else "尚无已接受的数据"),
        ("依据标准", f"{kept.standard.title}，第 {version} 版"),
    ]
    if kept.locked_at:
        facts.append(("锁定", f"{kept.locked_by or '（账号已删除）'}，{zh_datetime(kept.locked_at)}"))
    return facts + ([("说明", kept.note)] if kept.note else [])


def _compare_url(frame: Frame, kept: Assessment) -> str:
    """Against now, or where there is no now to choose with what."""
    return f"{frame.url('snapshot-compare')}?a={kept.pk}" + ("&b=now" if frame.standing else "")


def _sections(frame: Frame, kept: Assessment) -> list[dict]:
    """The items with the light that each had, for the grid; each leads to what became of it. Three queries."""
    items = structures_of([kept.standard])[kept.standard_id].items
    sections: dict[str, list[dict]] = {}
    for result in kept.result["items"]:
        item = items[result["number"]]
        url = f"{_compare_url(frame, kept)}#item-{item.number}"
        tile = {"number": item.number, "title": item.title, "status": result["status"], "url": url}
        sections.setdefault(item.section.name, []).append(tile)
    return [{"title": name, "items": tiles} for name, tiles in sections.items()]

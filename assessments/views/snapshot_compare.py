"""Two snapshots side by side, or one and what the county comes to now. Also as a workbook."""

from io import BytesIO

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from assessments.services import compute_assessment
from assessments.snapshots.content import NOW, compared, title_of
from assessments.snapshots.forms import CHANGED, MOVED, CompareForm
from assessments.snapshots.queries import snapshots_of, whole_snapshots
from assessments.snapshots.sheets import comparison_workbook
from assessments.views.frame import Frame, assessment_page
from institutions.period import Period
from tcm_demo.audit.exports import exported
from tcm_demo.lib.dates import zh_date
from tcm_demo.lib.downloads import download

NOW_KEY = "now"
# of one criterion's figures, in its place; all of them have a page of their own
FIGURES_IN_PLACE = 8
NAMES_IN_PLACE = 12
FIGURES_PER_PAGE = 100
OTHERS = "others"


@require_safe
@assessment_page(empty=True)
def compare_page(request: HttpRequest, frame: Frame) -> HttpResponse:
    """`?a=3&b=5`, or `b=now`; `?pick=3&pick=5` from the list, the earlier one first."""
    if "pick" in request.GET:
        return _picked(request, frame)
    context = {
        "form": CompareForm(request.GET, _choices(frame)),
        "crumbs": _crumbs(frame),
        "compare_url": frame.url("snapshot-compare"),
    }
    pair = _pair(request, frame)
    if pair is None:
        return frame.render(request, "snapshots/compare.html", context)
    content, show = compared(*pair), context["form"].chosen("show")
    sides = {"a": content.old.key, "b": content.new.key}
    context |= {
        "content": content,
        "about": [(term, old, new) for (term, old), (_, new) in zip(content.old.about, content.new.about, strict=True)],
        "shown": content.moved if show == MOVED else content.changed,
        "folded": [] if show in (CHANGED, MOVED) else content.unchanged,
        "only_moved": show == MOVED,
        "in_place": FIGURES_IN_PLACE,
        "names_in_place": NAMES_IN_PLACE,
        "figures_url": f"{frame.url('snapshot-figures')}?{urlencode(sides)}",
        "others_code": OTHERS,
        "export_url": f"{frame.url('snapshot-export')}?{urlencode(sides)}",
        "swap_url": f"{frame.url('snapshot-compare')}?{urlencode({'a': sides['b'], 'b': sides['a']})}",
    }
    return frame.render(request, "snapshots/compare.html", context)


@require_safe
@assessment_page(empty=True)
def figures_page(request: HttpRequest, frame: Frame) -> HttpResponse:
    """Every figure that differs of one criterion (`&code=2.1`), or of none (`&code=others`)."""
    pair = _pair(request, frame)
    if pair is None:
        return redirect(frame.url("snapshot-compare"))
    content, code = compared(*pair), request.GET.get("code", "")
    criterion = content.criterion(code)
    if criterion is None and code != OTHERS:
        raise Http404("这一指标两边没有差别。")
    lines = criterion.figures if criterion else content.others
    back = f"{frame.url('snapshot-compare')}?{urlencode({'a': content.old.key, 'b': content.new.key})}"
    context = {
        "content": content,
        "criterion": criterion,
        "title": f"{criterion.code} {criterion.name}" if criterion else "未影响指标结果的数据变化",
        "page": Paginator(lines, FIGURES_PER_PAGE).get_page(request.GET.get("page")),
        "crumbs": [*_crumbs(frame), ("比较", back)],
    }
    return frame.render(request, "snapshots/figures.html", context)


@require_safe
@assessment_page(empty=True)
def compare_workbook(request: HttpRequest, frame: Frame) -> HttpResponse | FileResponse:
    pair = _pair(request, frame)
    if pair is None:
        return redirect(frame.url("snapshot-compare"))
    content = compared(*pair)
    name = f"{frame.county.name}存档比较_{_file_word(pair[0])}_{_file_word(pair[1])}.xlsx"
    data = comparison_workbook(content)
    exported(request, "comparison", frame.county, place=frame.county.code, rows=len(content.items), file=name)
    return download(BytesIO(data), name)


def _picked(request: HttpRequest, frame: Frame) -> HttpResponse:
    keys = [text for text in dict.fromkeys(request.GET.getlist("pick")) if _is_key(text)]
    chosen = list(snapshots_of(frame.county, frame.standard).filter(pk__in=keys)) if len(keys) == 2 else []
    if len(chosen) != 2:
        messages.warning(request, "请在列表里勾选两份存档，再按“比较勾选的两份”。")
        return redirect(frame.url("snapshots"))
    later, earlier = chosen
    return redirect(f"{frame.url('snapshot-compare')}?{urlencode({'a': earlier.pk, 'b': later.pk})}")


def _choices(frame: Frame) -> list[tuple[str, str]]:
    """What can be compared; one query."""
    kept = [(str(row.pk), _choice_words(row)) for row in snapshots_of(frame.county, frame.standard)]
    return [*kept, (NOW_KEY, f"{NOW}（{frame.period}，未存档）")] if frame.standing else kept


def _choice_words(row: Assessment) -> str:
    return f"{title_of(row)}（{Period.parse(row.period)}，{zh_date(row.computed_at)}）"


def _pair(request: HttpRequest, frame: Frame) -> tuple[Assessment, Assessment] | None:
    """Both sides that the address names; None where it does not name two. Raises Http404 for one that is not there."""
    keys = request.GET.get("a", ""), request.GET.get("b", "")
    if not all(keys):
        return None
    rows = whole_snapshots(frame.county, frame.standard).filter(pk__in={key for key in keys if _is_key(key)})
    found = {str(row.pk): row for row in rows}
    if NOW_KEY in keys and frame.standing:
        found[NOW_KEY] = compute_assessment(frame.county, frame.standard, frame.period.text)
    if missing := [key for key in keys if key not in found]:
        raise Http404(f"没有这份存档：{'、'.join(missing)}。它可能已被删除。")
    return found[keys[0]], found[keys[1]]


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def _crumbs(frame: Frame) -> list[tuple[str, str]]:
    return [("自评报告", frame.url("report")), ("存档", frame.url("snapshots"))]


def _file_word(assessment: Assessment) -> str:
    return f"第{assessment.pk}号" if assessment.pk else NOW

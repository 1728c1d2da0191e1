"""The county's institutions in one list: who has reported, and who has criteria to mend. Also as a workbook."""

from io import BytesIO

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.defaulttags import querystring
from django.views.decorators.http import require_safe

from assessments.institution_list import LIGHTS, WORDS, InstitutionsFilter, counts_by_type, listed, towns_of
from assessments.round_progress import round_of, round_progress
from assessments.views.frame import Frame, assessment_page
from institutions.models import Institution, Round
from tcm_demo.audit.exports import exported
from tcm_demo.lib.downloads import download
from tcm_demo.lib.spreadsheets import table_workbook

PER_PAGE = 50
# what links choose, beside the form: name in `listed` -> in the address
CHOSEN_BY_LINK = {"sort": "sort", "institution_type": "type", "manager": "manager"}
HEADINGS = [
    *("序号", "机构编码", "机构名称", "机构类型", "所在镇（街道）", "上级机构", "在用", "填报"),
    *("未达标指标数", "数据不全指标数", "停用日期", "备注"),
]


@require_safe
@assessment_page
def institution_table(request: HttpRequest, frame: Frame) -> HttpResponse:
    progress, _ = round_progress(frame.county, frame.period.text, open_ones=False)
    round = progress.round if progress else None
    form = InstitutionsFilter(request.GET, towns_of(frame.standing), round)
    rows = _asked_for(request, frame, form, round)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.url = frame.url("institution", code=row.code)
        row.light, row.word = LIGHTS.get(row.state), WORDS.get(row.state)
    context = {
        "form": form,
        "page": page,
        "manager": _manager(request, frame),
        "types": _type_links(request, frame, round),
        "progress": progress,
        "coverage": frame.standing.result["coverage"],
        "export_url": f"{frame.url('institutions-export')}{querystring(None, request.GET, page=None)}",
    }
    return frame.render(request, "assessments/institutions.html", context)


@require_safe
@assessment_page
def institution_workbook(request: HttpRequest, frame: Frame) -> FileResponse:
    """The list as filtered and sorted, all pages of it."""
    round = round_of(frame.county, frame.period.text)
    form = InstitutionsFilter(request.GET, towns_of(frame.standing), round)
    rows = _asked_for(request, frame, form, round).select_related("manager")
    cells = [_cells(number, row) for number, row in enumerate(rows, start=1)]
    data = table_workbook("机构清单", HEADINGS, cells)
    name = f"{frame.county.name}{frame.period}机构清单.xlsx"
    about = {"rows": len(cells), "file": name, "period": frame.period.text}
    exported(request, "institution_list", frame.county, place=frame.county.code, **about)
    return download(BytesIO(data), name)


def _asked_for(request: HttpRequest, frame: Frame, form: InstitutionsFilter, round: Round | None):
    chosen = {name: request.GET.get(key, "") for name, key in CHOSEN_BY_LINK.items()}
    return listed(frame.standing, round, form, **chosen)


def _cells(number: int, row) -> list:
    return [
        number,
        row.code,
        row.name,
        row.get_type_display(),
        row.town,
        row.manager.name if row.manager else "",
        "停用" if row.is_closed else "在用",
        WORDS.get(row.state, ""),
        row.unmet,
        row.unknown,
        row.closed_on,
        row.remark,
    ]


def _manager(request: HttpRequest, frame: Frame) -> Institution | None:
    """Whose institutions are listed, where the address names somebody."""
    code = request.GET.get("manager")
    return Institution.objects.filter(county=frame.county, code=code).first() if code else None


def _type_links(request: HttpRequest, frame: Frame, round: Round | None) -> list[dict]:
    """How many institutions of each type there are, each a filter that keeps the others."""
    chosen = request.GET.get("type", "")
    counts = counts_by_type(frame.standing, round)
    every = {"type": "", "label": "全部", **{key: sum(row[key] for row in counts) for key in ("total", "missing")}}
    return [
        row
        | {"current": row["type"] == chosen, "url": querystring(None, request.GET, type=row["type"] or None, page=None)}
        for row in [every, *counts]
    ]

"""Step 3: problems and differences, cell by cell."""

from io import BytesIO

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from institutions.access import may_write
from institutions.importing.differences import (
    changed_figures,
    counted,
    new_figures,
    problems_by_kind,
    returned_figures,
    roster_differences,
    with_hands,
)
from institutions.ledger.marked import marked_name, marked_workbook
from institutions.ledger.plan import ImportPlan
from institutions.ledger.workbook import LedgerFile
from institutions.models import LedgerUpload
from institutions.views.step import CHECK, plan_page, render_step, step_url
from tcm_demo.audit.exports import exported
from tcm_demo.lib.downloads import download

_PER_PAGE = 50
_SHOWN_NOTICES = 5
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@plan_page
def check(request: HttpRequest, upload: LedgerUpload, ledger: LedgerFile, plan: ImportPlan) -> HttpResponse:
    kind = request.GET.get("kind", "")
    problems = [problem for problem in plan.problems if kind in ("", problem.code)]
    lists = {
        "problems": ("问题", problems, len(plan.problems)),
        "returned": ("改动的已接受数值", returned := returned_figures(plan), len(returned)),
        "changed": ("改动的数值", changed := changed_figures(plan), len(changed)),
        "roster": ("机构名录", institutions := roster_differences(plan), len(institutions)),
        "new": ("新增的数值", added := new_figures(plan), len(added)),
        "notices": ("提示", plan.notices, len(plan.notices)),
    }
    filled = [name for name, (_, _, count) in lists.items() if count]
    show = request.GET.get("show")
    show = show if show in filled else next(iter(filled), "notices")
    page = Paginator(lists[show][1], _PER_PAGE).get_page(request.GET.get("page"))
    figures = with_hands(plan, page) if show in ("changed", "returned") else [(row, "", None) for row in page]
    context = {
        "plan": plan,
        # a round can be set up on the spot
        "lacks_round": plan.terms.obstacle == "no_round" and may_write(request.user, upload.county),
        "problem_count": len(plan.problems) + plan.more_problems,
        "kinds": problems_by_kind(plan.problems),
        "kind": kind,
        "counts": counted(plan.counts()),
        "views": [(name, lists[name][0], lists[name][2], name == show) for name in filled],
        "show": show,
        "page": page,
        "figures": figures,
        "notices": plan.notices[:_SHOWN_NOTICES] if show != "notices" else [],
    }
    return render_step(request, upload, CHECK, "import_check.html", context)


@require_safe
@plan_page
def marked(request: HttpRequest, upload: LedgerUpload, ledger: LedgerFile, plan: ImportPlan) -> HttpResponse:
    """The ledger with its faulty cells marked; where it has none (any more), back to the list."""
    if not plan.problems:
        return redirect(step_url(upload, "import-check"))
    file, name = BytesIO(marked_workbook(ledger, plan.problems)), marked_name(upload.file_name)
    exported(request, "marked_ledger", upload, place=upload.county.code, file=name, period=upload.period)
    return download(file, name, content_type=XLSX)

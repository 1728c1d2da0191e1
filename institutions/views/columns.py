"""Step 2: what was recognised, and boxes for the columns that were not."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from institutions.forms import MatchForm
from institutions.importing.columns import headings_to_match, sheets_of
from institutions.ledger.plan import ImportPlan
from institutions.ledger.workbook import LedgerFile
from institutions.models import LedgerUpload
from institutions.services import remember_headings
from institutions.views.step import COLUMNS, plan_page, render_step, step_url

# a box lists all data elements, so a hostile file with 2,000 headings must not get as many on one page
_BOXES = 20


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def columns(request: HttpRequest, upload: LedgerUpload, ledger: LedgerFile, plan: ImportPlan) -> HttpResponse:
    asked = request.GET.get("change", "")
    # a match holds for all of the county's imports: its office makes them
    by_hand = upload.institution_id is None
    headings = headings_to_match(plan, also=asked) if by_hand else []
    page = Paginator(headings, _BOXES).get_page(request.GET.get("page"))
    form = MatchForm(request.POST if request.method == "POST" else None, list(page))
    if form.is_valid():
        return _save(request, upload, form)
    context = {
        "form": form,
        "page": page,
        "asked": any(heading.field == asked for heading in headings),
        "sheets": sheets_of(plan),
        "by_hand": by_hand,
        "nothing": any(problem.code == "nothing_recognised" for problem in plan.problems),
    }
    return render_step(request, upload, COLUMNS, "import_columns.html", context)


def _save(request: HttpRequest, upload: LedgerUpload, form: MatchForm) -> HttpResponse:
    matches = form.matches()
    remember_headings(upload.county, matches, by=request.user)
    if matches:
        messages.success(request, f"已保存 {len(matches)} 列的对应，以后导入自动沿用。")
    return redirect(step_url(upload, "import-check" if "next" in request.POST else "import-columns"))

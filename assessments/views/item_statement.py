"""The county's self-assessment statement on an item: saved as one types, its versions, and one taken back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments.models import Statement
from assessments.views.frame import Frame, assessment_page
from assessments.views.item import show_item
from assessments.views.item_open import item_row
from assessments.views.item_work import demand_work, item_crumbs, statement_facts, why_not_work
from assessments.work.changes import changes
from assessments.work.forms import StatementForm
from assessments.work.queries import statement_of, statements_of
from assessments.work.statement_services import Overtaken, save_statement, take_back
from indicators.models import Item
from institutions.refusals import Refused
from tcm_demo.lib.dates import zh_datetime

PER_PAGE = 10
OUTDATED = "没有保存：页面不完整，请刷新页面后再试，写的内容先复制下来。"


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_page
def statement(request: HttpRequest, frame: Frame, number: str) -> HttpResponse:
    """All versions; by POST what was typed, from a form or from a script."""
    item = item_row(frame, number)
    if request.method == "POST":
        return _save(request, frame, item)
    page = Paginator(statements_of(frame.campaign, item, frame.period.text), PER_PAGE).get_page(request.GET.get("page"))
    return frame.render(
        request,
        "work/statement.html",
        {
            "title": "自评说明的各版本",
            "crumbs": item_crumbs(frame, item),
            "item": item,
            "page": page,
            "versions": _compared(page),
            "may_work": frame.desk.may_work_on(number),
        },
    )


@require_POST
@assessment_page
def back(request: HttpRequest, frame: Frame, number: str, version: int) -> HttpResponse:
    """The text of an older version counts again."""
    item = item_row(frame, number)
    demand_work(frame, number)
    try:
        made = take_back(frame.campaign, item, frame.period.text, version, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(frame.url("item-statement", number=number))
    messages.success(request, f"已恢复第 {version} 版的内容，存为第 {made.number} 版。")
    return redirect(f"{frame.url('item', number=number)}#statement")


def _compared(page) -> list[dict]:
    """Each version with what changed from the one before; that of the page's last is read apart."""
    versions = list(page)
    earlier = [*versions[1:], _before(versions[-1])] if versions else []
    return [
        {"version": version, "parts": changes(before.text if before else "", version.text), "is_first": before is None}
        for version, before in zip(versions, earlier, strict=True)
    ]


def _before(version: Statement) -> Statement | None:
    same = statements_of(version.campaign, version.item_id, version.period)
    return same.filter(number__lt=version.number).first()


def _save(request: HttpRequest, frame: Frame, item: Item) -> HttpResponse:
    by_script = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    if sentence := why_not_work(frame, item.number):
        if by_script:
            return JsonResponse({"error": sentence}, status=403)
        raise PermissionDenied(sentence)
    form, typed = StatementForm(request.POST), request.POST.get("text", "")
    if not form.is_valid():
        return _refused(request, frame, item, Refused(OUTDATED), typed, by_script)
    given = form.cleaned_data
    seen = (given["number"], given["edition"])
    try:
        saved = save_statement(
            frame.campaign, item, frame.period.text, text=typed, seen=seen, by=request.user, apart=given["apart"]
        )
    except Refused as refused:
        return _refused(request, frame, item, refused, typed, by_script)
    if by_script:
        return JsonResponse(_facts(saved) if saved else {"number": 0, "edition": 0, "saved": "", "by": ""})
    messages.success(request, "自评说明已保存。")
    return redirect(f"{frame.url('item', number=item.number)}#statement")


def _refused(
    request: HttpRequest, frame: Frame, item: Item, refused: Refused, typed: str, by_script: bool
) -> HttpResponse:
    """Nothing typed is lost: a script keeps it, a form gets it back. Who was overtaken sees both texts."""
    latest = refused.latest if isinstance(refused, Overtaken) else None
    if by_script:
        theirs = {"theirs": _facts(latest)} if latest else {}
        return JsonResponse({"error": str(refused)} | theirs, status=409 if latest else 400)
    if latest is None:
        latest = statement_of(frame.campaign, item, frame.period.text)
    facts = statement_facts(latest, typed, apart=isinstance(refused, Overtaken))
    return show_item(request, frame, item.number, statement=facts, statement_fault=str(refused))


def _facts(statement: Statement) -> dict:
    today = timezone.localdate() == timezone.localdate(statement.saved_at)
    saved = f"{timezone.localtime(statement.saved_at):%H:%M}" if today else zh_datetime(statement.saved_at)
    return {
        "number": statement.number,
        "edition": statement.edition,
        "text": statement.text,
        "saved": saved,
        "by": str(statement.written_by or ""),
    }

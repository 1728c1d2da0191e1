"""The pages of a draft that hold one form or one table: head, sections, departments, phases and so on."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assessments.campaigns.rows import with_more_rows
from assessments.drafting import parts, tables
from assessments.drafting.department_edits import save_departments, uses_of
from assessments.drafting.edits import StillFull, save_points, save_sections
from assessments.drafting.forms import HeadForm, PointsForm
from assessments.drafting.parts import Part, fingerprint
from assessments.drafting.queries import points_words
from assessments.drafting.services import ChangedMeanwhile, change_part
from assessments.drafting.views.frame import Draft, of_draft
from indicators.contents import StandardContent
from indicators.services import Refused

FORM_METHODS = ["GET", "HEAD", "POST"]
Edit = Callable[[StandardContent], StandardContent]


@require_http_methods(FORM_METHODS)
@of_draft(to_change=True)
def head(request: HttpRequest, draft: Draft) -> HttpResponse:
    content, seen, refusal = draft.content, None, None
    first = {name: getattr(content, name) for name in HeadForm.base_fields}
    form = HeadForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        if form.is_valid():
            given = form.cleaned_data
            seen, refusal = save(request, draft, parts.head, lambda stored: replace(stored, **given), seen)
            if refusal is None:
                messages.success(request, "标准的名称和依据已保存。")
                return redirect(draft.url())
    return draft.render(request, "drafting/head.html", shown(draft, parts.head, seen, refusal) | {"form": form})


def save(
    request: HttpRequest, draft: Draft, part: Part, edit: Edit, seen: str, *, insist: bool = True
) -> tuple[str | None, Refused | None]:
    """(what the form is to bring back as `seen`: None for what is stored now; why it was not saved, None where it was).

    Where somebody was faster the person is told, and may save what they typed in spite of it, unless `insist` is false.
    """
    try:
        change_part(draft.standard, part, edit, seen=seen, by=request.user)
    except ChangedMeanwhile as refused:
        draft.__dict__.pop("content", None)  # as it is now
        return None if insist else seen, refused
    except Refused as refused:
        return seen, refused
    return None, None


def shown(draft: Draft, part: Part, seen: str | None, refusal: Refused | None) -> dict:
    return {
        "seen": fingerprint(part(draft.content)) if seen is None else seen,
        "refusal": refusal,
        "meanwhile": isinstance(refusal, ChangedMeanwhile),
        "back": draft.url(),
    }


def _table_page(
    request: HttpRequest,
    draft: Draft,
    rows_of: Callable[..., BaseFormSet],
    part: Part,
    edit_of: Callable[[list], Edit],
    words: dict,
    *,
    insist: bool = True,
) -> HttpResponse:
    """A table whose rows come and go. `more` asks for further empty rows, and saves nothing.

    `edit_of` makes the change of what the rows say. `words`: `title` of the page, `lead` above the table, `done` once
    it is saved; `paste` where rows are likely to come from a spreadsheet.
    """
    table, seen, refusal = None, None, None
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        more = "more" in request.POST
        table = rows_of(draft.content, with_more_rows(request.POST) if more else request.POST)
        if not more and table.is_valid():
            seen, refusal = save(request, draft, part, edit_of(table.given()), seen, insist=insist)
            if refusal is None:
                messages.success(request, words["done"])
                return redirect(draft.url())
    table = rows_of(draft.content) if table is None else table
    _tell_uses(draft, table)
    context = shown(draft, part, seen, refusal) | {"table": table, "words": words}
    context["still_full"] = isinstance(refusal, StillFull)
    return draft.render(request, "drafting/table.html", context)


def _tell_uses(draft: Draft, table: BaseFormSet) -> None:
    """Beside each department where it is used."""
    if issubclass(table.form, tables.DepartmentRow):
        uses = uses_of(draft.content)
        for form in table:
            form.uses = uses.get(form["was"].value() or "")


@require_http_methods(FORM_METHODS)
@of_draft(to_change=True)
def sections(request: HttpRequest, draft: Draft) -> HttpResponse:
    with_items = "with_items" in request.POST

    def edit(given: list) -> Edit:
        return lambda content: save_sections(content, given, with_their_items=with_items)

    words = {
        "title": "部分",
        "lead": "条目分在各部分里。改名、调整顺序、增删都在这里；空着的行不保存。",
        "done": "各部分已保存。",
    }
    return _table_page(request, draft, tables.section_rows, parts.outline, edit, words, insist=False)


@require_http_methods(FORM_METHODS)
@of_draft(to_change=True)
def departments(request: HttpRequest, draft: Draft) -> HttpResponse:
    words = {
        "title": "责任部门",
        "lead": "改了名称，条目和佐证里的名称一起改。别称是文件里的其他写法，几个之间用顿号隔开；"
        "一组单位（如各成员单位）写明成员。",
        "done": "责任部门已保存。",
        "paste": True,
    }
    return _table_page(
        request,
        draft,
        tables.department_rows,
        parts.departments,
        lambda given: lambda content: save_departments(content, given),
        words,
        insist=False,
    )


@require_http_methods(FORM_METHODS)
@of_draft(to_change=True)
def phases(request: HttpRequest, draft: Draft) -> HttpResponse:
    def edit(given: list) -> Edit:
        numbered = [replace(each, number=number) for number, each in enumerate(given, 1)]
        return lambda content: replace(content, phases=numbered)

    words = {"title": "工作阶段", "lead": "文件写明的各阶段。空着的行不保存。", "done": "工作阶段已保存。"}
    return _table_page(request, draft, tables.phase_rows, parts.phases, edit, words)


@require_http_methods(FORM_METHODS)
@of_draft(to_change=True)
def leading_group(request: HttpRequest, draft: Draft) -> HttpResponse:
    def edit(given: list) -> Edit:
        return lambda content: replace(content, leading_group=given)

    words = {
        "title": "领导小组",
        "lead": "写单位及职务，不写姓名；姓名在“创建工作”里填。空着的行不保存。",
        "done": "领导小组已保存。",
        "paste": True,
    }
    return _table_page(request, draft, tables.seat_rows, parts.leading_group, edit, words)


@require_http_methods(FORM_METHODS)
@of_draft(to_change=True)
def arrangements(request: HttpRequest, draft: Draft) -> HttpResponse:
    def edit(given: list) -> Edit:
        return lambda content: replace(content, arrangements=given)

    words = {
        "title": "工作机制",
        "lead": "联席会议多久一次、由谁召集、议哪些事；工作台账多久报一次；要不要有特色项目。",
        "done": "工作机制已保存。",
    }
    return _table_page(request, draft, tables.arrangement_rows, parts.arrangements, edit, words)


@require_http_methods(FORM_METHODS)
@of_draft(to_change=True)
def points(request: HttpRequest, draft: Draft) -> HttpResponse:
    """`equal` gives all items an equal share of 100."""
    seen, refusal = None, None
    form = PointsForm(request.POST if request.method == "POST" else None, draft.content)
    if request.method == "POST":
        equal = "equal" in request.POST
        seen = request.POST.get("seen", "")
        if equal or form.is_valid():
            given = dict.fromkeys(form.numbers) if equal else form.given()
            seen, refusal = save(
                request, draft, parts.points, lambda content: save_points(content, given), seen, insist=False
            )
            if refusal is None:
                messages.success(request, "分值已改为各条平均。" if equal else "分值已保存。")
                return redirect(draft.url())
    context = shown(draft, parts.points, seen, refusal) | {"form": form, "total": points_words(draft.content)}
    return draft.render(request, "drafting/points.html", context)

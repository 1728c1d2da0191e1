"""The county's own standards: which there are, what can be done next with each, and how another one is begun."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from assessments.drafting.forms import BeginForm, CopyForm
from assessments.drafting.queries import own_standards, published_of, standards_to_copy
from assessments.drafting.views.frame import draft_url
from indicators.drafts import begin_draft, copy_standard, empty_content, free_code
from indicators.enums import StandardState
from indicators.models import Standard
from indicators.services import Refused
from institutions.access import county_for, may_write, owners_for
from institutions.models import County

LIGHTS = {StandardState.DRAFT: "draft", StandardState.CHECKED: "submitted", StandardState.PUBLISHED: "accepted"}


@dataclass(frozen=True)
class Line:
    """One of the county's own standards with the one thing to do next; `posts`: by a form, else by a link."""

    standard: Standard
    url: str
    light: str
    next_words: str = ""
    next_url: str = ""
    posts: bool = False


@require_safe
def own_standards_page(request: HttpRequest, county: str) -> HttpResponse:
    """Drafts are for the office alone; others see what is published."""
    found = county_for(request.user, county)
    if not may_write(request.user, found):
        lines = [Line(each, reader_url(each), LIGHTS[each.state]) for each in published_of(found)]
        return _page(request, found, {"lines": lines})
    copying = CopyForm(None, standards_to_copy(owners_for(request.user)))
    return _office_page(request, found, copying, BeginForm())


def _office_page(request: HttpRequest, county: County, copying: CopyForm, beginning: BeginForm) -> HttpResponse:
    standards = list(own_standards(county))
    latest = {each.code: each for each in sorted(standards, key=lambda each: each.pk)}
    used = {each.standard.code: each.standard for each in county.campaigns.select_related("standard")}
    lines = [_line(each, latest[each.code], used, county) for each in standards]
    status = 400 if copying.errors or beginning.errors else 200
    return _page(
        request, county, {"lines": lines, "may_write": True, "copying": copying, "beginning": beginning}, status
    )


def _page(request: HttpRequest, county: County, context: dict, status: int = 200) -> HttpResponse:
    shared = {"county": county.name, "place": county}
    return render(request, "drafting/standards.html", shared | context, status=status)


def reader_url(standard: Standard) -> str:
    query = urlencode({"version": standard.version})
    return f"{reverse('indicators:standard', kwargs={'code': standard.code})}?{query}"


def _line(standard: Standard, latest: Standard, used: dict[str, Standard], county: County) -> Line:
    """`latest`: the last version of it; `used`: by code the version that the county works towards."""

    def line(words: str, url: str, *, posts: bool = False) -> Line:
        return Line(standard, draft_url(standard), LIGHTS[standard.state], words, url, posts)

    taken_up = used.get(standard.code)
    if standard.state != StandardState.PUBLISHED:
        return line("发布" if standard.state == StandardState.CHECKED else "继续编辑", draft_url(standard))
    if standard != latest:
        return line("", "")
    if taken_up is None:
        return line("开始创建工作", reverse("assessments:campaign", kwargs={"county": county.code}))
    if taken_up != standard:
        here = {"county": county.code, "standard": standard.code}
        return line("改用这一版", reverse("assessments:campaign-of", kwargs=here))
    return line("另立新版本", draft_url(standard, "draft-version"), posts=True)


@require_POST
def begin(request: HttpRequest, county: str) -> HttpResponse:
    """A standard with nothing in it."""
    found = county_for(request.user, county, to_write=True)
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _office_page(request, found, CopyForm(None, standards_to_copy(owners_for(request.user))), form)
    content = empty_content(code=free_code(found.code), title=form.cleaned_data["title"])
    try:
        standard = begin_draft(content, owner=found.code, by=request.user)
    except Refused as refused:
        form.add_error("title", str(refused))
        return _office_page(request, found, CopyForm(None, standards_to_copy(owners_for(request.user))), form)
    messages.success(request, "已新建。先填写依据文件，再添加责任部门、部分和条目。")
    return redirect(draft_url(standard))


@require_POST
def copy(request: HttpRequest, county: str) -> HttpResponse:
    """A published standard, with all that it has, as the county's own."""
    found = county_for(request.user, county, to_write=True)
    form = CopyForm(request.POST, standards_to_copy(owners_for(request.user)))
    if not form.is_valid():
        return _office_page(request, found, form, BeginForm())
    try:
        standard = copy_standard(form.cleaned_data["standard"], owner=found.code, by=request.user)
    except Refused as refused:
        form.add_error("standard", str(refused))
        return _office_page(request, found, form, BeginForm())
    messages.success(request, "已复制为本县（区）的标准草稿，原标准不受影响。改好后检查、发布。")
    return redirect(draft_url(standard))

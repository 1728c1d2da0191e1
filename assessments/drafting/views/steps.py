"""The steps of a county's own standard: checked, published, its next version, thrown away; its items in order."""

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from assessments.drafting.edits import move_item, renumber_all
from assessments.drafting.parts import outline
from assessments.drafting.queries import is_only_version
from assessments.drafting.services import ChangedMeanwhile, change_part
from assessments.drafting.views.frame import Draft, draft_url, of_draft
from indicators.drafts import Unfinished, begin_version, check_draft, discard, publish
from indicators.services import Refused


@require_POST
@of_draft(to_change=True)
def check(request: HttpRequest, draft: Draft) -> HttpResponse:
    try:
        check_draft(draft.standard, seen=request.POST.get("digest", ""), by=request.user)
    except Unfinished as unfinished:
        messages.warning(request, f"还有 {len(unfinished.faults)} 处没有写好，列在下面，点一处就到该改的地方。")
        return redirect(f"{draft.url()}#lacks")
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "检查通过，可以发布了。再改动一处，就要重新检查。")
    return redirect(draft.url())


@require_POST
@of_draft(to_change=True)
def publish_it(request: HttpRequest, draft: Draft) -> HttpResponse:
    try:
        publish(draft.standard, seen=request.POST.get("digest", ""), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "已发布，从现在起不再改动。")
    return redirect(draft.url())


@require_POST
@of_draft
def next_version(request: HttpRequest, draft: Draft) -> HttpResponse:
    if not draft.is_published:
        raise PermissionDenied("这一版还没有发布，直接修改就可以。")
    try:
        begun = begin_version(draft.standard, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(draft.url())
    messages.success(request, f"第 {begun.version} 版的草稿已建好，内容与第 {draft.standard.version} 版相同。")
    return redirect(draft_url(begun))


@require_POST
@of_draft(to_change=True)
def discard_it(request: HttpRequest, draft: Draft) -> HttpResponse:
    try:
        discard(draft.standard, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(draft.url())
    messages.success(request, f"草稿“{draft.standard}”已删除。")
    return redirect(draft.crumbs[0][1])


# ---- the order of the items ----


@require_POST
@of_draft(to_change=True)
def order(request: HttpRequest, draft: Draft) -> HttpResponse:
    """`up` or `down`: the number of the item that goes one place."""
    up, down = request.POST.get("up"), request.POST.get("down")
    number, by = (up, -1) if up is not None else (down or "", 1)
    _change_outline(request, draft, lambda content: move_item(content, number, by))
    return redirect(f"{draft.url()}#item-{quote(number[:20])}")


@require_POST
@of_draft(to_change=True)
def renumber(request: HttpRequest, draft: Draft) -> HttpResponse:
    if not is_only_version(draft.standard):
        raise PermissionDenied("本标准已有别的版本，已交的材料按编号对应，不能全部重新编号。")
    if _change_outline(request, draft, renumber_all):
        messages.success(request, "条目已按顺序从 1 开始重新编号，佐证和指标的编号随之改了。")
    return redirect(draft.url())


def _change_outline(request: HttpRequest, draft: Draft, edit) -> bool:
    try:
        change_part(draft.standard, outline, edit, seen=request.POST.get("seen", ""), by=request.user)
    except ChangedMeanwhile:
        messages.error(request, "条目在您打开这一页以后又有人改过，没有改动。现在的顺序列在下面，请看过再改。")
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        return True
    return False

"""Progress notes and the discussion of an item: what people write, kept as it is."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from assessments.views.frame import Frame, assessment_page
from assessments.views.item import show_item
from assessments.views.item_open import item_row
from assessments.views.item_work import MAY_NOT_DISCUSS, comment_form, demand_work, note_form
from assessments.work.forms import WordsForm
from assessments.work.services import write_comment, write_note
from institutions.refusals import Refused


@require_POST
@assessment_page
def note(request: HttpRequest, frame: Frame, number: str) -> HttpResponse:
    item = item_row(frame, number)
    demand_work(frame, number)
    form = note_form(request.POST)
    try:
        write_note(frame.campaign, item, text=_typed(form), by=request.user, period=frame.period.text)
    except Refused as refused:
        return show_item(request, frame, number, note_form=_with_fault(form, refused))
    messages.success(request, "工作进展已记下。")
    return redirect(f"{frame.url('item', number=number)}#notes")


@require_POST
@assessment_page
def comment(request: HttpRequest, frame: Frame, number: str) -> HttpResponse:
    item = item_row(frame, number)
    if not frame.desk.may_discuss:
        raise PermissionDenied(MAY_NOT_DISCUSS)
    form = comment_form(request.POST)
    try:
        written = write_comment(frame.campaign, item, text=_typed(form), by=request.user, period=frame.period.text)
    except Refused as refused:
        return show_item(request, frame, number, comment_form=_with_fault(form, refused))
    if written.told:
        messages.success(request, f"已发表，并通知 {'、'.join(person.name for person in written.told)}。")
    else:
        messages.success(request, "已发表。")
    for word in written.unknown:
        messages.warning(request, f"没有找到“@{word}”所指的人，没有发出通知；可再写一条，从 @ 后的名单中选择。")
    return redirect(f"{frame.url('item', number=number)}#discussion")


def _typed(form: WordsForm) -> str:
    form.is_valid()
    return form.cleaned_data.get("text", "")


def _with_fault(form: WordsForm, refused: Refused) -> WordsForm:
    """The page is long: it opens where the fault is."""
    form.add_error("text", str(refused))
    form.fields["text"].widget.attrs["autofocus"] = True
    return form

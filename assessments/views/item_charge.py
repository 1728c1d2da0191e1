"""Who is in charge of an item, and until when: the office decides."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from assessments.views.frame import Frame, assessment_page
from assessments.views.item import show_item
from assessments.views.item_open import item_row
from assessments.work.forms import ChargeForm
from assessments.work.queries import who_may_be_in_charge, work_on
from assessments.work.services import charge_words, set_charge
from institutions.refusals import Refused

OFFICE_DECIDES = "责任人和完成时限由创建办确定。需要调整，请联系创建办。"


@require_POST
@assessment_page
def charge(request: HttpRequest, frame: Frame, number: str) -> HttpResponse:
    item = item_row(frame, number)
    if not frame.desk.works_on_all:
        raise PermissionDenied(OFFICE_DECIDES)
    work, people = work_on(frame.campaign, item), who_may_be_in_charge(frame.campaign, item)
    form = ChargeForm(request.POST, work=work, people=people)
    if form.is_valid():
        given = {"person": form.chosen, "due_on": form.cleaned_data["due_on"]}
        try:
            work = set_charge(frame.campaign, item, by=request.user, period=frame.period.text, **given)
        except Refused as refused:
            form.add_error("due_on", str(refused))
        else:
            messages.success(request, f"已保存：{charge_words(work)}。")
            return redirect(frame.url("item", number=number))
    return show_item(request, frame, number, charge_form=form)

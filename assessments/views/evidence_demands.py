"""Requirements that the county adds to an item: a new one, changing one, asking for it no longer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from assessments.evidence.demand_services import add_requirement, change_requirement, withdraw_requirement
from assessments.evidence.forms import DemandForm
from assessments.views.frame import Frame, assessment_page
from indicators.models import EvidenceRequirement, Item
from indicators.naming import item_name
from indicators.queries import responsible_for
from institutions.refusals import Refused


@assessment_page(to_write=True)
def requirement_new(request: HttpRequest, frame: Frame, number: str) -> HttpResponse:
    item = get_object_or_404(Item, standard=frame.standard, number=number)
    form = DemandForm(request.POST or None, departments=responsible_for(item))
    if form.is_valid():
        try:
            added = add_requirement(frame.campaign, item, form.demanded(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "佐证要求已增加，责任部门在本条的页面上可以看到。")
            return redirect(f"{frame.url('item', number=number)}#evidence-{added.code}")
    return _page(request, frame, item, form, None)


@assessment_page(to_write=True)
def requirement(request: HttpRequest, frame: Frame, number: str, code: str) -> HttpResponse:
    found = get_object_or_404(
        EvidenceRequirement.everyone.select_related("item"),
        item__standard=frame.standard,
        item__number=number,
        owner__in=("", frame.county.code),
        code=code,
        withdrawn_at=None,
    )
    if not found.owner:
        raise PermissionDenied("标准自带的佐证要求不能在这里修改；本县（区）增加的才可以。")
    if request.method == "POST" and request.POST.get("do") == "withdraw":
        try:
            withdraw_requirement(frame.campaign, found, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"已取消佐证要求“{found.text}”。交来的材料都保留着。")
        return redirect(f"{frame.url('item', number=number)}#evidence")
    fields = ("text", "required", "departments", "year", "needed", "seen_as", "institution_types")
    initial = {field: getattr(found, field) for field in fields}
    form = DemandForm(request.POST or None, initial=initial, departments=responsible_for(found.item))
    if form.is_valid():
        try:
            change_requirement(frame.campaign, found, form.demanded(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "佐证要求已修改。")
            return redirect(f"{frame.url('item', number=number)}#evidence-{code}")
    return _page(request, frame, found.item, form, found)


def _page(request, frame: Frame, item: Item, form: DemandForm, changed: EvidenceRequirement | None) -> HttpResponse:
    if frame.content.item(item.number) is None:
        raise Http404
    crumbs = [("条目", frame.url("items")), (item_name(item.number), frame.url("item", number=item.number))]
    context = {"form": form, "item": item, "changed": changed, "crumbs": crumbs}
    return frame.render(request, "evidence/requirement.html", context)

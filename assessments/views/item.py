"""One item: what is demanded, where the county stands, because of whom, and the evidence to judge."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from assessments.content import ItemContent
from assessments.enums import EvidenceState
from assessments.forms import EvidenceForm
from assessments.item_blocks import criterion_blocks
from assessments.models import EvidenceJudgement
from assessments.services import Refused, judge_evidence
from assessments.views.frame import Frame, assessment_page
from indicators.models import EvidenceRequirement


@require_safe
@assessment_page
def item_page(request: HttpRequest, frame: Frame, number: str) -> HttpResponse:
    return _page(request, frame, _item(frame, number))


@require_POST
@assessment_page(to_check=True)
def judge(request: HttpRequest, frame: Frame, number: str, code: str) -> HttpResponse:
    requirement = get_object_or_404(
        EvidenceRequirement.objects.select_related("item__standard"),
        item__standard=frame.standard,
        item__number=number,
        code=code,
    )
    form = EvidenceForm(request.POST, auto_id=f"{code}-%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            judge_evidence(frame.county, requirement, frame.period.text, by=request.user, **given)
        except Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            return _judged(request, frame, requirement)
    return _page(request, frame, _item(frame, number), {requirement.pk: form})


def _judged(request: HttpRequest, frame: Frame, requirement: EvidenceRequirement) -> HttpResponse:
    if not request.htmx:
        messages.success(request, f"“{requirement.text}”的认定已保存。")
        return redirect(f"{frame.url('item', number=requirement.item.number)}#evidence")
    frame.standing.refresh_from_db()
    return _page(request, frame, _item(frame, requirement.item.number), saved=requirement.pk)


def _item(frame: Frame, number: str) -> ItemContent:
    item = frame.content.item(number)
    if item is None:
        raise Http404("本标准没有这一条。")
    return item


def _page(request: HttpRequest, frame: Frame, item: ItemContent, forms=None, saved: int | None = None) -> HttpResponse:
    """The whole page, or after a judgement by htmx only what it changed. `forms`: by requirement, with their faults."""
    context = {
        "item": item,
        "evidence": _evidence(frame, item, forms or {}, saved),
        "judging": frame.may_check,
    }
    if request.htmx and request.method == "POST":
        return frame.render(request, "assessments/item_judged.html", context)
    numbers = [each.number for each in frame.content.items]
    place = numbers.index(item.number)
    section = next(s for s in frame.content.sections if item in s.items)
    context |= {
        "title": f"第 {item.number} 条 {item.title}",
        "previous": _neighbour(frame, numbers, place - 1),
        "next": _neighbour(frame, numbers, place + 1),
        "crumbs": [("达标总览", frame.url("county")), ("条目", frame.url("items")), (section.name, "")],
        "departments": [("牵头部门", "、".join(item.lead)), ("配合部门", "、".join(item.cooperating) or "—")],
        "blocks": criterion_blocks(
            item,
            frame.county,
            frame.period.text,
            frame.elements,
            pages=request.GET,
            link=lambda code: frame.url("institution", code=code),
        ),
    }
    return frame.render(request, "assessments/item.html", context)


def _neighbour(frame: Frame, numbers: list[str], place: int) -> dict | None:
    if not 0 <= place < len(numbers):
        return None
    return {"number": numbers[place], "url": frame.url("item", number=numbers[place])}


def _evidence(frame: Frame, item: ItemContent, forms: dict[int, EvidenceForm], saved: int | None) -> list[dict]:
    judgements = {
        judgement.requirement_id: judgement
        for judgement in EvidenceJudgement.objects.filter(
            county=frame.county, period=frame.period.text, requirement__in=[e.requirement_id for e in item.evidence]
        ).select_related("judged_by")
    }
    rows = []
    for required in item.evidence:
        judgement = judgements.get(required.requirement_id)
        state = judgement.state if judgement else EvidenceState.OPEN
        initial = {"state": state, "reason": judgement.reason if judgement else ""}
        form = forms.get(required.requirement_id) or EvidenceForm(initial=initial, auto_id=f"{required.code}-%s")
        rows.append(
            {
                "requirement": required,
                "state": state,
                "state_label": EvidenceState(state).label,
                "judgement": judgement,
                "form": form,
                "saved": required.requirement_id == saved,
                "url": frame.url("judge-evidence", number=item.number, code=required.code),
            }
        )
    return rows

"""One item, the place of work: how it stands and what is still open, then everything that belongs to it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from assessments.content import ItemContent
from assessments.evidence.review_services import judge_evidence
from assessments.forms import EvidenceForm
from assessments.item_blocks import criterion_blocks
from assessments.views.evidence_panel import panel
from assessments.views.frame import Frame, assessment_page
from assessments.views.item_open import open_context
from assessments.views.item_work import work_context
from indicators.models import EvidenceRequirement
from indicators.naming import item_name
from indicators.queries import requirements_of
from institutions.refusals import Refused

# the parts of the page, for the list that stays in sight
PARTS = [
    ("requirement", "要求"),
    ("evidence", "佐证"),
    ("criteria", "指标"),
    ("statement", "自评说明"),
    ("notes", "进展"),
    ("discussion", "讨论"),
    ("steps", "经过"),
]


@require_safe
@assessment_page
def item_page(request: HttpRequest, frame: Frame, number: str) -> HttpResponse:
    return _page(request, frame, _item(frame, number))


@require_POST
@assessment_page(to_check=True)
def judge(request: HttpRequest, frame: Frame, number: str, code: str) -> HttpResponse:
    requirement = get_object_or_404(
        requirements_of(frame.standard, owner=frame.county.code).select_related("item__standard"),
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
        return redirect(f"{frame.url('item', number=requirement.item.number)}#evidence-{requirement.code}")
    frame.standing.refresh_from_db()
    return _page(request, frame, _item(frame, requirement.item.number), saved=requirement.pk)


def show_item(request: HttpRequest, frame: Frame, number: str, **given) -> HttpResponse:
    """The whole page with what somebody typed and its faults; `given` as `work_context` takes it. Raises Http404."""
    return _page(request, frame, _item(frame, number), given=given)


def _item(frame: Frame, number: str) -> ItemContent:
    item = frame.content.item(number)
    if item is None:
        raise Http404("本标准没有这一条。")
    return item


def _page(
    request: HttpRequest, frame: Frame, item: ItemContent, forms=None, saved: int | None = None, given=None
) -> HttpResponse:
    """The whole page, or after a judgement by htmx only what it changed. `forms`: by requirement, with their faults."""
    context = {"item": item} | open_context(frame, item)
    context |= panel(frame, item, context["states"], context["departments"], forms, saved)
    if request.htmx and request.method == "POST":
        return frame.render(request, "assessments/item_judged.html", context)
    numbers = [each.number for each in frame.content.items]
    place = numbers.index(item.number)
    section = next(s for s in frame.content.sections if item in s.items)
    context |= {
        "title": f"{item_name(item.number)} {item.title}",
        "page_parts": [part for part in PARTS if part[0] != "discussion" or frame.desk.may_discuss],
        "previous": _neighbour(frame, numbers, place - 1),
        "next": _neighbour(frame, numbers, place + 1),
        "crumbs": [("达标总览", frame.url("county")), ("条目", frame.url("items")), (section.name, "")],
        "blocks": criterion_blocks(
            item,
            frame.county,
            frame.period.text,
            frame.elements,
            pages=request.GET,
            link=lambda code: frame.url("institution", code=code),
        ),
    }
    context |= work_context(frame, context["item_row"], context["work"], **(given or {}))
    return frame.render(request, "assessments/item.html", context)


def _neighbour(frame: Frame, numbers: list[str], place: int) -> dict | None:
    if not 0 <= place < len(numbers):
        return None
    return {"number": numbers[place], "url": frame.url("item", number=numbers[place])}

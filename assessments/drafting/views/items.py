"""An item of a draft: what it asks, who is responsible, what shows it; added, changed and removed."""

from dataclasses import dataclass

from django.contrib import messages
from django.forms.formsets import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from assessments.campaigns.rows import with_more_rows
from assessments.drafting import parts
from assessments.drafting.edits import (
    add_item,
    evidence_codes,
    next_number,
    remove_item,
    save_item,
    with_codes,
)
from assessments.drafting.forms import ItemForm
from assessments.drafting.item_tables import Responsible, evidence_rows, sent_choices, stored_choices
from assessments.drafting.parts import find
from assessments.drafting.queries import criterion_lines
from assessments.drafting.services import ChangedMeanwhile, change_part
from assessments.drafting.views.frame import Draft, of_draft
from assessments.drafting.views.tables import FORM_METHODS, save, shown
from indicators.contents import ItemContent, StandardContent
from indicators.drafts import draft_faults
from indicators.queries import specs_of
from indicators.services import Refused

GONE = "条目 {number} 在您打开以后被删去或改了编号。您填的内容在下面；还要的话，改好编号后保存为新条目。"
_FACTS = ("number", "title", "points", "source", "requirement", "wording")


@dataclass
class Page:
    """The three forms of an item's page, as stored or as sent."""

    form: ItemForm
    responsible: Responsible
    evidence: BaseFormSet

    def is_valid(self) -> bool:
        # each of them, so that everything that is wrong is told at once
        return all([self.form.is_valid(), self.evidence.is_valid(), not self.responsible.faults])

    @property
    def is_faulty(self) -> bool:
        return bool(self.form.errors or self.evidence.total_error_count() or self.responsible.faults)

    def item(self, taken: set[str]) -> ItemContent:
        """`taken`: codes of evidence that the standard has. Only where the page is valid."""
        given = self.form.cleaned_data
        return ItemContent(
            **{name: given[name] for name in _FACTS},
            lead=self.responsible.lead,
            cooperating=self.responsible.cooperating,
            evidence=with_codes(self.evidence.given(), self.form.stored_number or given["number"], taken),
            criteria=[],
        )


def _stored(content: StandardContent, number: str) -> Page:
    section, item = _found(content, number)
    first = {name: getattr(item, name) for name in _FACTS} | {"section": section}
    return Page(
        ItemForm(None, content, number, initial=first), stored_choices(content, item), evidence_rows(content, item)
    )


def _sent(request: HttpRequest, content: StandardContent, number: str) -> Page:
    """`more` asks for further rows."""
    item = _found(content, number)[1] if number else None
    rows = with_more_rows(request.POST) if "more" in request.POST else request.POST
    return Page(
        ItemForm(request.POST, content, number),
        sent_choices(content, request.POST),
        evidence_rows(content, item, rows),
    )


def _found(content: StandardContent, number: str) -> tuple[int, ItemContent]:
    found = find(content, number)
    if found is None:
        raise Http404("没有这个条目，或者它已被删去、改了编号。")
    return found


@require_http_methods(FORM_METHODS)
@of_draft(to_change=True)
def item(request: HttpRequest, draft: Draft, number: str) -> HttpResponse:
    content = draft.content
    if request.method != "POST":
        return _item_page(request, draft, number, _stored(content, number))
    if find(content, number) is None:
        return _new_page(request, draft, _sent(request, content, ""), Refused(GONE.format(number=number)))
    page, seen, refusal = _sent(request, content, number), request.POST.get("seen", ""), None
    if "more" not in request.POST and page.is_valid():
        seen, refusal = save(request, draft, parts.item(number), _changing(page, number), seen)
        if refusal is None:
            return _on(request, draft, page.form.cleaned_data["number"])
    return _item_page(request, draft, number, page, seen, refusal)


def _changing(page: Page, number: str):
    def edit(content: StandardContent) -> StandardContent:
        item = page.item(evidence_codes(content))
        return save_item(content, number, item, page.form.cleaned_data["section"])

    return edit


def _on(request: HttpRequest, draft: Draft, number: str) -> HttpResponse:
    """Back to the outline; to the next item, where that is asked for."""
    messages.success(request, f"条目 {number} 已保存。")
    if "next" in request.POST:
        numbers = [each.number for each in _now(draft).items]
        following = numbers[numbers.index(number) + 1 :] if number in numbers else []
        if following:
            return redirect(draft.url("draft-item", number=following[0]))
    return redirect(f"{draft.url()}#item-{number}")


def _on_after_new(request: HttpRequest, draft: Draft, page: Page) -> HttpResponse:
    """As `_on`; another new one in the same section, where that is asked for."""
    given = page.form.cleaned_data
    if "next" not in request.POST:
        return _on(request, draft, given["number"])
    messages.success(request, f"条目 {given['number']} 已添加。")
    return redirect(f"{draft.url('draft-item-new')}?section={given['section']}")


def _now(draft: Draft) -> StandardContent:
    draft.__dict__.pop("content", None)
    return draft.content


def _item_page(
    request: HttpRequest,
    draft: Draft,
    number: str,
    page: Page,
    seen: str | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    content = draft.content
    found = find(content, number)
    stored = found[1] if found else None
    numbers = [each.number for each in content.items]
    at = numbers.index(number) if number in numbers else -1
    context = shown(draft, parts.item(number), seen, refusal) | {
        "page": page,
        "stored": stored,
        "criteria": criterion_lines(stored, specs_of(draft.county.code)) if stored else [],
        "lacks": _lacks(draft, content, number),
        "before": numbers[at - 1] if at > 0 else "",
        "after": numbers[at + 1] if 0 <= at < len(numbers) - 1 else "",
        "departments_url": draft.url("draft-departments"),
    }
    return draft.render(request, "drafting/item.html", context)


def _lacks(draft: Draft, content: StandardContent, number: str) -> list[str]:
    return [fault.sentence for fault in draft_faults(draft.standard, content) if fault.item == number]


@require_http_methods(FORM_METHODS)
@of_draft(to_change=True)
def new_item(request: HttpRequest, draft: Draft) -> HttpResponse:
    """`section` in the address: where it goes."""
    content, refusal = draft.content, None
    if not content.sections:
        messages.warning(request, "先添加一个部分，再在里面添加条目。")
        return redirect(draft.url("draft-sections"))
    if request.method == "POST":
        page = _sent(request, content, "")
        if "more" not in request.POST and page.is_valid():
            # a new item is in nobody's way: nothing of what is stored has to be as it was
            refusal = _add(request, draft, page)
            if refusal is None:
                return _on_after_new(request, draft, page)
    else:
        first = {"number": next_number(content), "section": _section(request, content)}
        page = Page(ItemForm(None, content, initial=first), stored_choices(content, None), evidence_rows(content, None))
    return _new_page(request, draft, page, refusal)


def _new_page(request: HttpRequest, draft: Draft, page: Page, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "page": page,
        "refusal": refusal,
        "action": draft.url("draft-item-new"),
        "back": draft.url(),
        "departments_url": draft.url("draft-departments"),
    }
    return draft.render(request, "drafting/item.html", context)


def _section(request: HttpRequest, content: StandardContent) -> int:
    wanted = request.GET.get("section", "")
    return next((each.number for each in content.sections if str(each.number) == wanted), content.sections[-1].number)


def _add(request: HttpRequest, draft: Draft, page: Page) -> Refused | None:
    def edit(content: StandardContent) -> StandardContent:
        return add_item(content, page.item(evidence_codes(content)), page.form.cleaned_data["section"])

    try:
        change_part(draft.standard, lambda content: None, edit, seen=parts.fingerprint(None), by=request.user)
    except Refused as refused:
        return refused
    return None


@require_POST
@of_draft(to_change=True)
def remove(request: HttpRequest, draft: Draft, number: str) -> HttpResponse:
    _found(draft.content, number)
    seen = request.POST.get("seen", "")
    try:
        change_part(
            draft.standard, parts.item(number), lambda content: remove_item(content, number), seen=seen, by=request.user
        )
    except ChangedMeanwhile:
        messages.error(request, f"条目 {number} 在您打开以后又有人改过，没有删除。请看过再决定。")
        return redirect(draft.url("draft-item", number=number))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"条目 {number} 已删除。")
    return redirect(draft.url())

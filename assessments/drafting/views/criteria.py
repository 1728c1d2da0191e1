"""The criterion of an item: a new one, changing one, taking one away, and what it gives on the county's figures."""

from contextlib import suppress
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from assessments.drafting import plan_places as places
from assessments.drafting.criterion_edits import criterion_of, criterion_part, put_criterion, remove_criterion
from assessments.drafting.criterion_form import CriterionForm, as_sent, initial_of
from assessments.drafting.criterion_trial import try_criterion
from assessments.drafting.criterion_words import STARTS, cautions_of, start_of
from assessments.drafting.fields import limit
from assessments.drafting.known_criteria import known_criteria, search
from assessments.drafting.parts import find, fingerprint
from assessments.drafting.plan_edits import settle
from assessments.drafting.plan_services import change_plan
from assessments.drafting.services import ChangedMeanwhile, change_part
from assessments.drafting.views.frame import Draft, of_draft
from assessments.drafting.vocabulary import Vocabulary, vocabulary_of
from indicators.contents import CriterionContent, ItemContent
from indicators.models import Criterion
from indicators.services import Refused
from indicators.words import formula_words
from institutions.access import owners_for

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@of_draft(to_change=True)
def criterion_new(request: HttpRequest, draft: Draft, number: str) -> HttpResponse:
    """`start`: one of the ways to begin; `from`: a criterion of another standard; `q`: words to look for such;
    `source`: where in the plan it stands."""
    item, vocabulary = _item(draft, number), vocabulary_of(draft.county.code)
    start, query = start_of(request.GET.get("start")), request.GET.get("q", "")[:100]
    initial = start.initial if start else {}
    if taken := _taken_over(request, vocabulary):
        initial = taken
    if source := request.GET.get("source", "")[: limit(Criterion, "source")]:
        initial = initial | {"source": source}
    form = CriterionForm(request.POST or None, vocabulary=vocabulary, initial=initial)
    more = {
        "query": query,
        "known": search(owners_for(request.user), query, vocabulary.specs),
        "taken_over": bool(taken),
        "starts": STARTS,
    }
    return _form_page(request, draft, item, form, None, more)


@require_http_methods(FORM_METHODS)
@of_draft(to_change=True)
def criterion_edit(request: HttpRequest, draft: Draft, number: str, criterion: str) -> HttpResponse:
    item, vocabulary = _item(draft, number), vocabulary_of(draft.county.code)
    stored = criterion_of(draft.content, number, criterion)
    if stored is None and request.method != "POST":
        raise Http404("没有这个指标。")
    # what was typed for one that somebody has removed meanwhile is not lost: it can be saved again
    initial = initial_of(stored, vocabulary) if stored else {}
    form = CriterionForm(request.POST or None, vocabulary=vocabulary, code=criterion, initial=initial)
    return _form_page(request, draft, item, form, stored, {})


@require_POST
@of_draft(to_change=True)
def criterion_remove(request: HttpRequest, draft: Draft, number: str, criterion: str) -> HttpResponse:
    stored, part = _criterion(draft, number, criterion), criterion_part(number, criterion)
    seen = request.POST.get("seen", "")
    try:
        change_part(
            draft.standard,
            part,
            lambda content: remove_criterion(content, number, criterion),
            seen=seen,
            by=request.user,
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(draft.url("criterion-edit", number=number, criterion=criterion))
    messages.success(request, f"已删去指标 {criterion} {stored.name}。")
    return redirect(_back(draft, number))


@require_POST
@of_draft(to_change=True)
def criterion_preview(request: HttpRequest, draft: Draft, number: str) -> HttpResponse:
    """What is on the form, tried out; stores nothing."""
    form = CriterionForm(request.POST, vocabulary=vocabulary_of(draft.county.code))
    form.is_valid()
    return render(request, "drafting/_criterion_preview.html", _preview(draft, form))


def _form_page(
    request: HttpRequest,
    draft: Draft,
    item: ItemContent,
    form: CriterionForm,
    stored: CriterionContent | None,
    more: dict,
) -> HttpResponse:
    number, part = item.number, criterion_part(item.number, form.code)
    seen, status = fingerprint(part(draft.content)), 200
    trying = request.POST.get("do") == "try"
    if form.is_bound and form.is_valid() and not trying:
        criterion = form.criterion()
        try:
            change_part(
                draft.standard,
                part,
                lambda content: put_criterion(content, number, criterion),
                seen=request.POST.get("seen", ""),
                by=request.user,
            )
        except ChangedMeanwhile as refused:
            # what somebody else made of it is shown, and saving again goes over it
            form.add_error(None, str(refused))
            more, status = more | {"meanwhile": stored and initial_of(stored, form.vocabulary)}, 409
        except Refused as refused:
            form.add_error(None, str(refused))
            seen, status = request.POST.get("seen", ""), 409
        else:
            _settle_figure(request, draft)
            messages.success(request, f"已保存指标“{criterion.name}”。")
            return redirect(_from(request, draft, number))
    elif form.is_bound:
        seen = request.POST.get("seen", "")
    context = {
        "form": form,
        "item": item,
        "stored": stored,
        "seen": seen,
        "groups": form.vocabulary.groups,
        "preview_url": draft.url("criterion-preview", number=number),
        "new_url": draft.url("criterion-new", number=number),
        "remove_url": stored and draft.url("criterion-remove", number=number, criterion=stored.code),
        "back_url": _from(request, draft, number),
        "crumbs": [*draft.crumbs, (f"条目 {number} {item.title}", _back(draft, number))],
    }
    if form.is_bound or form.initial.get("formula"):
        context |= _preview(draft, form if form.is_bound else _as_sent(form))
    return draft.render(request, "drafting/criterion.html", context | more, status=status)


def _as_sent(form: CriterionForm) -> CriterionForm:
    sent = CriterionForm(as_sent(form.initial), vocabulary=form.vocabulary)
    sent.is_valid()
    return sent


def _preview(draft: Draft, form: CriterionForm) -> dict:
    """Faults in the text of the formula and of the target; else the formula in words and what it gives."""
    tried, specs = form.tried(), form.vocabulary.specs
    found = {
        "formula_faults": form.formula_faults,
        "target_faults": form.target_faults,
        "marked_formula": form.marked_formula,
        "marked_target": form.marked_target,
        "tried": tried,
        "has_target": form.has_target,
        "has_scope": form.has_scope,
    }
    if tried:
        found["in_words"] = formula_words(tried.expression, specs)
        found["cautions"] = cautions_of(tried, has_target=form.has_target)
        found["trial"] = try_criterion(draft.county, tried, specs)
    return found


def _taken_over(request: HttpRequest, vocabulary: Vocabulary) -> dict | None:
    pk = request.GET.get("from", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 12):
        return None
    row = known_criteria(owners_for(request.user)).filter(pk=pk).first()
    if row is None:
        raise Http404("没有这个指标。")
    names = CriterionContent.__dataclass_fields__
    return initial_of(CriterionContent(**{name: getattr(row, name) for name in names}), vocabulary) | {"source": ""}


def _item(draft: Draft, number: str) -> ItemContent:
    found = find(draft.content, number)
    if found is None:
        raise Http404("没有这个条目。")
    return found[1]


def _criterion(draft: Draft, number: str, code: str) -> CriterionContent:
    found = criterion_of(draft.content, number, code)
    if found is None:
        raise Http404("没有这个指标。")
    return found


def _settle_figure(request: HttpRequest, draft: Draft) -> None:
    """`place`: the figure of a plan that the criterion was written for; who has written it has looked at it."""
    at = request.GET.get("place", "")[:60]
    if at.startswith(f"{places.FIGURE}/"):
        with suppress(Refused):  # settled already, or the plan was taken in anew meanwhile
            change_plan(draft.standard, lambda state: settle(state, at), by=request.user)


def _from(request: HttpRequest, draft: Draft, number: str) -> str:
    """Back to where the person came from: `plan` is an item's number on the page of the plan that was taken in."""
    if plan := request.GET.get("plan"):
        return f"{draft.url('plan-review')}#item-{quote(plan[:20])}"
    return _back(draft, number)


def _back(draft: Draft, number: str) -> str:
    return draft.url("draft-item", number=number)

"""A plan taken in: its text pasted or uploaded, and the page on which the office settles what was read in it."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.drafting import plan_cuts, plan_edits
from assessments.drafting import plan_places as places
from assessments.drafting.parts import fingerprint
from assessments.drafting.parts import item as item_part
from assessments.drafting.plan_forms import (
    PlanEvidenceForm,
    PlanForm,
    PlanHeadForm,
    PlanItemForm,
    PlanLeadForm,
    PlanPhaseForm,
)
from assessments.drafting.plan_places import place
from assessments.drafting.plan_review import LIGHTS, WORDS, counts_of, review_of
from assessments.drafting.plan_services import begin_from_plan, change_plan
from assessments.drafting.plan_state import PlanState
from assessments.drafting.services import ChangedMeanwhile
from assessments.drafting.views.frame import Draft, draft_url, of_draft
from assessments.files.plan_text import text_of_plan
from assessments.files.refusals import BadFile
from indicators.enums import ArrangementKind, Every, LeadingPart
from indicators.models import PlanText
from indicators.plans.proposal import from_dict
from indicators.queries import specs_of
from indicators.services import Refused
from institutions.access import county_for, owners_of


class Faulty(Exception):
    """What was typed cannot be taken: `form` says why, `place` what it is about."""

    def __init__(self, place: str, form):
        super().__init__(place)
        self.place, self.form = place, form


# ---- taking one in ----


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, county: str) -> HttpResponse:
    found = county_for(request.user, county, to_write=True)
    form = PlanForm(request.POST, request.FILES) if request.method == "POST" else PlanForm()
    if form.is_valid():
        file, name = form.cleaned_data["file"], ""
        try:
            text = form.cleaned_data["text"]
            if file:
                name, text = file.name, _text_in(file)
            standard = begin_from_plan(found, text, file_name=name, owners=owners_of(found), by=request.user)
        except (Refused, BadFile) as refusal:
            form.add_error("file" if file else "text", str(refusal))
        else:
            plan = standard.plan
            found_items = len(plan.proposal["items"])
            messages.success(
                request, f"认出 {found_items} 个条目，{len(plan.open)} 处请您核对。草稿已建好，可以随时接着做。"
            )
            return redirect(draft_url(standard, "plan-review"))
    context = {
        "county": found.name,
        "place": found,
        "crumbs": [("本县标准", reverse("assessments:own-standards", kwargs={"county": found.code}))],
        "form": form,
    }
    return render(request, "drafting/plan_new.html", context, status=400 if form.errors else 200)


def _text_in(file) -> str:
    """Raises BadFile."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "plan")
        with path.open("wb") as copy:
            for piece in file.chunks():
                copy.write(piece)
        return text_of_plan(path, file.name)


# ---- what was read in it ----


@require_safe
@of_draft
def review(request: HttpRequest, draft: Draft) -> HttpResponse:
    """`?show=open`: only what is still to be settled. A fixed number of queries."""
    return _page(request, draft, {})


def _plan_of(draft: Draft) -> PlanText:
    plan = PlanText.objects.filter(standard=draft.standard).first()
    if plan is None:
        raise Http404("这个标准不是从方案导入的。")
    return plan


def _page(request: HttpRequest, draft: Draft, bound: dict, status: int = 200) -> HttpResponse:
    plan = _plan_of(draft)
    state = PlanState(draft.content, from_dict(plan.proposal), plan.open)
    only_open = request.GET.get("show") == "open"
    query = "?show=open" if only_open else ""
    context = {
        "plan": plan,
        "remarks": state.plan.remarks,
        "content": state.content,
        "review": review_of(state, specs_of(draft.county.code), only_open=only_open, bound=bound),
        "counts": [(WORDS[each], LIGHTS[each], n) for each, n in counts_of(state.open).items()],
        "only_open": only_open,
        "seats": [(LeadingPart(each.part).label, each.office) for each in state.content.leading_group],
        "arrangements": [
            (ArrangementKind(each.kind).label, Every(each.every).label if each.every else "", each)
            for each in state.content.arrangements
        ],
        **{f"{name}_url": draft.url(f"plan-{name}") + query for name in ("settle", "cut", "many")},
        "lead_form": bound.get("lead") or PlanLeadForm(),
    }
    return draft.render(request, "drafting/plan_review.html", context, status=status)


@require_POST
@of_draft(to_change=True)
def settle(request: HttpRequest, draft: Draft) -> HttpResponse:
    """`place`: which; `do`: keep (with what the form says) or drop."""
    at, dropping = request.POST.get("place", "")[:60], request.POST.get("do") == "drop"
    kind, _, rest = at.partition("/")

    def edit(state: PlanState) -> PlanState:
        entry = state.entry(at)
        if kind == places.HEAD:
            return plan_edits.settle_head(state, _valid(at, PlanHeadForm(request.POST)).given())
        if kind == places.PHASE:
            form = None if dropping else _valid(at, PlanPhaseForm(request.POST, prefix=f"phase-{rest}"))
            return plan_edits.settle_phase(state, int(rest), form and form.given())
        if kind == places.ITEM:
            return _settle_item(request, state, at, rest)
        if kind == places.EVIDENCE:
            form = None if dropping else _valid(at, PlanEvidenceForm(request.POST, prefix=f"evidence-{rest}"))
            return plan_edits.settle_evidence(state, rest, form.cleaned_data["text"] if form else "")
        drops = dropping and kind == places.FIGURE and entry["criterion"]
        return plan_edits.drop_figure(state, at) if drops else plan_edits.settle(state, at)

    return _changed(request, draft, edit, anchor=at)


def _settle_item(request: HttpRequest, state: PlanState, at: str, number: str) -> PlanState:
    item = state.item_of(number)
    form = _valid(at, PlanItemForm(request.POST, state.content, prefix=f"item-{number}"))
    if fingerprint(item_part(item.number)(state.content)) != request.POST.get("seen", ""):
        form.add_error(None, str(ChangedMeanwhile()))
        raise Faulty(at, form)
    return plan_edits.settle_item(state, number, form.given())


def _valid(at: str, form):
    if not form.is_valid():
        raise Faulty(at, form)
    return form


@require_POST
@of_draft(to_change=True)
def cut(request: HttpRequest, draft: Draft) -> HttpResponse:
    """`number`: of the plan's item; `do`: join it with the one before, part it at `at`, or remove it."""
    number, do, at = (request.POST.get(name, "")[:10] for name in ("number", "do", "at"))
    edits = {
        "join": lambda state: plan_cuts.join(state, number),
        "part": lambda state: plan_cuts.part(state, number, int(at) if at.isdecimal() else -1),
        "remove": lambda state: plan_cuts.take_out(state, number),
    }
    if do not in edits:
        raise Http404("没有这种改法。")
    return _changed(request, draft, edits[do], anchor=place(places.ITEM, number))


@require_POST
@of_draft(to_change=True)
def many(request: HttpRequest, draft: Draft) -> HttpResponse:
    """`do`: sure (all that the program is sure of), evidence (ask for all that is proposed), or lead (`department`)."""
    do, form = request.POST.get("do", ""), PlanLeadForm(request.POST)
    edits = {
        "sure": plan_edits.settle_sure,
        "evidence": plan_edits.settle_all_evidence,
        "lead": lambda state: plan_edits.lead_all(state, _valid("lead", form).cleaned_data["department"]),
    }
    if do not in edits:
        raise Http404("没有这种做法。")
    return _changed(request, draft, edits[do], anchor="top")


def _changed(request: HttpRequest, draft: Draft, edit, *, anchor: str) -> HttpResponse:
    """Back to the page, at the same place; with what was typed where it cannot be taken."""
    _plan_of(draft)
    try:
        change_plan(draft.standard, edit, by=request.user)
    except Faulty as faulty:
        # htmx shows no answer that is an error
        return _page(request, draft, {faulty.place: faulty.form}, status=200 if request.htmx else 400)
    except Refused as refused:
        messages.error(request, str(refused))
    query = "?show=open" if request.GET.get("show") == "open" else ""
    return redirect(f"{draft.url('plan-review')}{query}#{anchor.replace('/', '-')}")

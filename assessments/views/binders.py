"""The binders (迎检资料): what each holds and lacks, asking for them, and those that were made."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assessments.binders.choices import BinderForm, choices_of
from assessments.binders.jobs import ask_for_binders, binder_jobs, only_items
from assessments.binders.lacking import lines_of
from assessments.binders.write import Shape
from assessments.evidence.states import requirement_states
from assessments.views.frame import Frame, assessment_page
from tcm_demo.jobs.content import shown

PER_PAGE = 10


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_page
def binders(request: HttpRequest, frame: Frame) -> HttpResponse:
    """`item` (a number, section-<number> or all), `shape` and `missing` sent here ask for one."""
    own = only_items(frame.desk)
    form = BinderForm(request.POST if request.method == "POST" else None, choices_of(frame.content, own))
    if request.method == "POST":
        if form.is_valid():
            return _ask(request, frame, form)
        for faults in form.errors.values():
            messages.error(request, faults[0])
        return redirect(frame.url("binders"))
    return frame.render(request, "binders/binders.html", _context(request, frame, form, own))


def _ask(request: HttpRequest, frame: Frame, form: BinderForm) -> HttpResponse:
    chosen, shape = form.chosen, Shape(form.cleaned_data["shape"])
    ask_for_binders(
        frame.campaign,
        frame.period.text,
        chosen.numbers,
        shape=shape,
        title=chosen.title,
        by=request.user,
        tells_missing=form.cleaned_data["missing"],
    )
    return redirect(f"{frame.url('binders')}#made")


def _context(request: HttpRequest, frame: Frame, form: BinderForm, own: frozenset[str] | None) -> dict:
    states = requirement_states(frame.county, frame.standard, frame.period.text)
    sections = lines_of(frame.campaign, frame.content, states, own)
    jobs = binder_jobs(frame.campaign, frame.period.text, own)
    page = Paginator(jobs, PER_PAGE).get_page(request.GET.get("page"))
    lines = [line for section in sections for line in section.lines]
    return {
        "form": form,
        "sections": sections,
        "page": page,
        "jobs": shown(page.object_list, lambda job: frame.may_write or job.asked_by_id == request.user.pk),
        "pieces": sum(line.pieces for line in lines),
        "there": sum(line.there for line in lines),
        "due": sum(line.due for line in lines),
    }

"""The data elements that a county has: its own and the checks on them, to be changed; the shared ones to read."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.drafting.element_forms import CheckForm, ElementForm, initial_of_check
from assessments.drafting.element_rows import check_rows, element_rows, matching
from assessments.drafting.vocabulary import vocabulary_of
from indicators import own_elements as services
from indicators.models import Element, ElementCheck
from indicators.queries import elements_of
from indicators.services import Refused
from institutions.access import county_for
from institutions.models import County

FORM_METHODS = ["GET", "HEAD", "POST"]
PER_PAGE = 40


@require_safe
def own_elements(request: HttpRequest, county: str) -> HttpResponse:
    found = county_for(request.user, county, to_write=True)
    query, vocabulary = request.GET.get("q", "")[:100], vocabulary_of(found.code)
    own = [element for element in vocabulary.elements if element.owner]
    shared = matching((element for element in vocabulary.elements if not element.owner), query)
    page = Paginator(shared, PER_PAGE).get_page(request.GET.get("page"))
    rows = element_rows([*own, *page.object_list], found)
    context = {
        "own": rows[: len(own)],
        "checks": check_rows(ElementCheck.objects.filter(owner=found.code), vocabulary),
        "shared": rows[len(own) :],
        "page": page,
        "query": query,
    }
    return _render(request, found, "drafting/own_elements.html", context, crumbs=_crumbs(found)[:1])


@require_http_methods(FORM_METHODS)
def element_new(request: HttpRequest, county: str) -> HttpResponse:
    found = county_for(request.user, county, to_write=True)
    form = ElementForm(request.POST or None, initial={"minimum": 0})
    if form.is_valid():
        try:
            element = services.add_element(form.element(), owner=found.code, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已增设“{element.name}”。新建填报任务时可以选它，公式里可以用它。")
            return redirect("assessments:own-elements", county=found.code)
    return _render(request, found, "drafting/element.html", {"form": form})


@require_http_methods(FORM_METHODS)
def element_edit(request: HttpRequest, county: str, element: str) -> HttpResponse:
    found, stored = _own(request, county, element)
    form = ElementForm(request.POST or None, initial=vars(services.content_of_element(stored)))
    if form.is_valid():
        try:
            services.change_element(stored, form.element(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已保存“{form.cleaned_data['name']}”。")
            return redirect("assessments:own-elements", county=found.code)
    context = {"form": form, "stored": stored, "reasons": services.reasons_to_keep(stored)}
    return _render(request, found, "drafting/element.html", context)


@require_POST
def element_remove(request: HttpRequest, county: str, element: str) -> HttpResponse:
    found, stored = _own(request, county, element)
    return _removed(request, found, stored.name, lambda: services.remove_element(stored, by=request.user))


@require_http_methods(FORM_METHODS)
def check_new(request: HttpRequest, county: str) -> HttpResponse:
    found = county_for(request.user, county, to_write=True)
    form = CheckForm(request.POST or None, vocabulary=vocabulary_of(found.code))
    if form.is_valid():
        try:
            services.add_check(form.check(), owner=found.code, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "检查已增设，机构填报时就按它核对。")
            return redirect("assessments:own-elements", county=found.code)
    return _check_page(request, found, form, None)


@require_http_methods(FORM_METHODS)
def check_edit(request: HttpRequest, county: str, pk: int) -> HttpResponse:
    found, stored = _own_check(request, county, pk)
    vocabulary = vocabulary_of(found.code)
    form = CheckForm(request.POST or None, vocabulary=vocabulary, initial=initial_of_check(stored, vocabulary))
    if form.is_valid():
        try:
            services.change_check(stored, form.check(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "检查已保存。")
            return redirect("assessments:own-elements", county=found.code)
    return _check_page(request, found, form, stored)


@require_POST
def check_remove(request: HttpRequest, county: str, pk: int) -> HttpResponse:
    found, stored = _own_check(request, county, pk)
    return _removed(request, found, stored.message, lambda: services.remove_check(stored, by=request.user))


def _own(request: HttpRequest, county: str, code: str) -> tuple[County, Element]:
    """Raises Http404 also for the shared elements, which are nobody's to change here."""
    found = county_for(request.user, county, to_write=True)
    return found, get_object_or_404(elements_of(found.code), owner=found.code, code=code)


def _own_check(request: HttpRequest, county: str, pk: int) -> tuple[County, ElementCheck]:
    found = county_for(request.user, county, to_write=True)
    return found, get_object_or_404(ElementCheck, owner=found.code, pk=pk)


def _removed(request: HttpRequest, county: County, name: str, remove) -> HttpResponse:
    try:
        remove()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已删去“{name}”。")
    return redirect("assessments:own-elements", county=county.code)


def _check_page(request: HttpRequest, county: County, form: CheckForm, stored: ElementCheck | None) -> HttpResponse:
    context = {"form": form, "stored": stored, "groups": form.vocabulary.groups}
    return _render(request, county, "drafting/element_check.html", context)


def _crumbs(county: County) -> list[tuple[str, str]]:
    return [
        ("本县标准", reverse("assessments:own-standards", kwargs={"county": county.code})),
        ("数据元", reverse("assessments:own-elements", kwargs={"county": county.code})),
    ]


def _render(request: HttpRequest, county: County, template: str, context: dict, crumbs=None) -> HttpResponse:
    shared = {"county": county.name, "place": county, "crumbs": crumbs or _crumbs(county)}
    return render(request, template, shared | context)

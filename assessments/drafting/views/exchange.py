"""A county's own standard out as a file, and in: upload, what it would change, confirmation."""

from pathlib import PurePath

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.drafting.exchange_changes import changes_between, counted
from assessments.drafting.exchange_elements import plan_elements
from assessments.drafting.exchange_forms import ImportForm, StandardFileForm
from assessments.drafting.exchange_reading import packed, read_upload, unpacked
from assessments.drafting.exchange_services import REPLACE, VERSION, import_standard, targets_for
from assessments.drafting.views.frame import Draft, draft_url, of_draft
from indicators.contents import StandardContent
from indicators.dictionary_file import spec_of
from indicators.draft_checks import faults_of
from indicators.exchange.reading import ReadFile
from indicators.exchange.views import answer
from indicators.queries import content_of, specs_of
from indicators.services import Refused
from institutions.access import county_for
from institutions.models import County

SHOWN_FAULTS = 200
SHOWN_CHANGES = 100


@require_safe
@of_draft
def export(request: HttpRequest, draft: Draft) -> HttpResponse:
    """`?format=` xlsx or yaml (indicators.exchange.views.answer puts it on the trail)."""
    return answer(request, draft.standard, back=draft.url())


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, county: str) -> HttpResponse:
    """Nothing is written: the answer to a file is what it would do, or all that is wrong in it."""
    found = county_for(request.user, county, to_write=True)
    form = StandardFileForm(request.POST, request.FILES) if request.method == "POST" else StandardFileForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            read = read_upload(file.read(), file.name, found)
            sealed = "" if read.faults else packed(read, found, request.user)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return _preview(request, found, read, sealed, file.name)
    status = 400 if form.errors else 200
    return render(request, "drafting/import.html", _frame(found) | {"form": form}, status=status)


@require_POST
def confirm(request: HttpRequest, county: str) -> HttpResponse:
    """Write what the preview showed."""
    found = county_for(request.user, county, to_write=True)
    sealed, file = request.POST.get("sealed", ""), request.POST.get("file", "")[:200]
    try:
        read = unpacked(sealed, found, request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_frame(found)["start_url"])
    kind, seen = request.POST.get("kind", ""), request.POST.get("seen", "")
    try:
        standard = import_standard(found, read, kind=kind, seen=seen, file=file, by=request.user)
    except Refused as refusal:
        return _preview(request, found, read, sealed, file, refusal=f"没有写入任何内容。{refusal}")
    messages.success(request, f"已导入，共 {len(read.content.items)} 条。检查无误后发布。")
    return redirect(draft_url(standard))


def _frame(county: County) -> dict:
    here = {"county": county.code}
    return {
        "county": county.name,
        "place": county,
        "crumbs": [("本县标准", reverse("assessments:own-standards", kwargs=here))],
        "start_url": reverse("assessments:standard-import", kwargs=here),
    }


def _preview(
    request: HttpRequest, county: County, read: ReadFile, sealed: str, file: str, refusal: str = ""
) -> HttpResponse:
    context = _frame(county) | {"file": PurePath(file).name, "refusal": refusal}
    if read.faults:
        faults = {"faults": read.faults[:SHOWN_FAULTS], "fault_count": len(read.faults)}
        return render(request, "drafting/import_faults.html", context | faults, status=400)
    specs = specs_of(county.code) | {each.code: spec_of(each) for each in read.elements}
    elements, targets = plan_elements(read, county), targets_for(county, read.content)
    compared = next((each.standard for each in targets if each.kind in (REPLACE, VERSION)), None)
    changes = changes_between(content_of(compared), read.content) if compared else []
    context |= {
        "content": read.content,
        "figures": _figures(read.content),
        "notes": [fault for fault in read.unfinished if fault.code in ("stranger", "item_count")],
        "lacks": faults_of(read.content, specs),
        "elements": elements,
        "compared": compared,
        "changes": changes[:SHOWN_CHANGES],
        "change_count": len(changes),
        "counted": counted(changes),
        "form": ImportForm(None, targets),
        "seen": targets[0].seen,
        "sealed": "" if elements.clashes else sealed,
    }
    return render(request, "drafting/import_preview.html", context, status=400 if refusal else 200)


def _figures(content: StandardContent) -> list[tuple[int, str, str]]:
    items = content.items
    return [
        (len(content.sections), "部分", "个"),
        (len(items), "条目", "条"),
        (sum(len(item.criteria) for item in items), "指标", "项"),
        (sum(len(item.evidence) for item in items), "佐证要求", "项"),
        (len(content.departments), "责任部门", "个"),
    ]

"""Everything that happened about an item, thirty steps at a time, by kind where one is chosen."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from assessments.views.frame import Frame, assessment_page
from assessments.views.item_open import item_row
from assessments.views.item_work import item_crumbs, step_kinds, work_addresses
from assessments.work.queries import steps_of


@require_safe
@assessment_page
def steps(request: HttpRequest, frame: Frame, number: str) -> HttpResponse:
    """`?kind=note&before=4711`; by htmx only the list, or where it goes on. What is no kind filters nothing."""
    item = item_row(frame, number)
    kind = request.GET.get("kind", "")
    kinds = step_kinds(frame.desk)
    kind = kind if kind in kinds else ""
    before = request.GET.get("before", "")
    page = steps_of(
        frame.campaign,
        item,
        kinds=[kind] if kind else kinds,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )
    context = {
        "item": item,
        "step_page": page,
        "kind": kind,
        "kinds": [(each.value, each.label) for each in kinds],
        "goes_on": bool(before),
        "urls": work_addresses(frame, number),
    }
    if request.htmx:
        return frame.render(request, "work/_step_list.html", context)
    context |= {"title": "经过", "crumbs": item_crumbs(frame, item)}
    return frame.render(request, "work/steps.html", context)

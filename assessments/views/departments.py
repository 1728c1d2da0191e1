"""The departments of a campaign: all of them side by side, and one with its items as a list to print."""

from fractions import Fraction

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.desks.departments import DepartmentDesk, department_desks
from assessments.desks.items import item_desks
from assessments.evidence.states import requirement_states
from assessments.views.frame import Frame, assessment_page

# what the table sorts by; what is worst comes first, and who has nothing of it last
DEFAULT_SORT = "late"
SORTS = {
    "late": lambda desk: (-desk.late, -desk.returned, -desk.lacking),
    "returned": lambda desk: -desk.returned,
    "lacking": lambda desk: -desk.lacking,
    "waiting": lambda desk: -desk.waiting,
    "met": lambda desk: _least_first(desk.met_share),
    "evidence": lambda desk: _least_first(desk.share),
}


@require_safe
@assessment_page
def departments(request: HttpRequest, frame: Frame) -> HttpResponse:
    """Whose items stand how; one's own departments first, whatever the order."""
    own = frame.desk.departments
    sort = request.GET.get("sort") or DEFAULT_SORT
    key = SORTS.get(sort.removeprefix("-"))
    found = _desks(frame)
    if key:
        found.sort(key=key, reverse=sort.startswith("-"))
    elif sort == "-name":
        found.reverse()
    found.sort(key=lambda desk: desk.department.department_id not in own)
    return frame.render(request, "desks/departments.html", {"desks": found, "own": own})


@require_safe
@assessment_page
def department(request: HttpRequest, frame: Frame, pk: int) -> HttpResponse:
    desk = next((each for each in _desks(frame) if each.department.pk == pk), None)
    if desk is None:
        raise Http404("本县（区）没有这个部门。")
    context = {
        "desk": desk,
        "crumbs": [("达标总览", frame.url("county")), ("部门", frame.url("departments"))],
        "lead": sorted(desk.lead, key=_urgency),
        "cooperating": [(each, each.named_for(desk.names)) for each in sorted(desk.cooperating, key=_urgency)],
        "has_persons": any(each.person for each in desk.lead),
        "has_dates": any(each.due_on for each in desk.lead),
        "cooperating_dates": any(each.due_on for each in desk.cooperating),
    }
    return frame.render(request, "desks/department.html", context)


def _least_first(share: Fraction | None) -> tuple[bool, Fraction]:
    return share is None, share or Fraction(0)


def _urgency(desk) -> tuple:
    return desk.urgency


def _desks(frame: Frame) -> list[DepartmentDesk]:
    """A fixed number of queries, however many items, pieces and departments."""
    numbers = [item.number for item in frame.content.items]
    states = requirement_states(frame.county, frame.standard, frame.period.text)
    desks = item_desks(
        frame.campaign,
        frame.content,
        states,
        numbers,
        link=lambda number: frame.url("item", number=number),
        today=timezone.localdate(),
    )
    return department_desks(frame.campaign, desks, link=lambda pk: frame.url("department", pk=pk))

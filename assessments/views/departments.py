"""The departments of a campaign: all of them side by side, and one with its items as a list to print."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.desks.departments import DepartmentDesk, department_desks
from assessments.desks.items import item_desks
from assessments.evidence.states import requirement_states
from assessments.views.frame import Frame, assessment_page


@require_safe
@assessment_page
def departments(request: HttpRequest, frame: Frame) -> HttpResponse:
    """Whose items stand how; one's own departments first."""
    own = frame.desk.departments
    found = sorted(_desks(frame), key=lambda desk: desk.department.department_id not in own)
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
        "parts": [
            ("牵头的条目", sorted(desk.lead, key=_urgency)),
            ("配合的条目", sorted(desk.cooperating, key=_urgency)),
        ],
    }
    return frame.render(request, "desks/department.html", context)


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

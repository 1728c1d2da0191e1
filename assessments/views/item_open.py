"""The head of an item's page: what is still open until it is met, who has to see to it, and by when."""

from django.http import Http404
from django.utils import timezone

from assessments.content import ItemContent
from assessments.evidence.states import requirement_states
from assessments.views.frame import Frame
from assessments.work.open_points import deadline_words, open_points
from assessments.work.queries import LocalDepartment, local_departments, work_on
from indicators.models import Item


def item_row(frame: Frame, number: str) -> Item:
    """The item of this number. Raises Http404."""
    found = Item.objects.filter(standard=frame.standard, number=number).first()
    if found is None:
        raise Http404("本标准没有这一条。")
    found.standard = frame.standard
    return found


def open_context(frame: Frame, item: ItemContent) -> dict:
    """What `work/_open.html` draws; eight queries at most. `states`: of the item's evidence requirements."""
    row = item_row(frame, item.number)
    states = requirement_states(frame.county, row, frame.period.text)
    departments = local_departments(frame.campaign)
    work = work_on(frame.campaign, row)
    tone, words = deadline_words(work.due_on, timezone.localdate())
    return {
        "item_row": row,
        "departments": departments,
        "states": states,
        "points": open_points(item, states, departments, {}),
        "work": work,
        "deadline_tone": tone,
        "deadline_words": words,
        "parts_of": [
            ("牵头部门", _called(item.lead, departments)),
            ("配合部门", _called(item.cooperating, departments)),
        ],
    }


def _called(names: tuple[str, ...], departments: dict[str, LocalDepartment]) -> list[LocalDepartment]:
    """A group, which has no local name, under the standard's."""
    return [departments.get(name) or LocalDepartment(name) for name in names]

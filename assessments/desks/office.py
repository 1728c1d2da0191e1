"""What the county office looks after beside its own work: what is late anywhere, and whom nobody can reach."""

from collections.abc import Collection, Iterable, Mapping

from django.urls import reverse

from assessments.campaigns.queries import department_lines
from assessments.desks.items import ItemDesk
from assessments.desks.lines import SHOWN, Group, Line, group
from assessments.models import Campaign
from assessments.work.queries import LocalDepartment
from indicators.naming import item_name


def overdue_items(
    desks: Iterable[ItemDesk], departments: Mapping[str, LocalDepartment], besides: Collection[str], *, url: str
) -> Group:
    """Items of the whole county whose deadline is over, the latest first, with who has to see to them; `besides`:
    numbers of those that the person has on the desk anyway."""
    late = sorted(
        (desk for desk in desks if desk.late and desk.item.number not in besides), key=lambda desk: -desk.late
    )
    lines = [
        Line(
            desk.item.status,
            desk.item.status_label,
            f"{item_name(desk.item.number)} {desk.item.title}",
            (_who(desk, departments),),
            desk.due_words,
            desk.due_state,
            desk.url,
        )
        for desk in late
    ]
    return group("逾期的条目", lines, "条", url=url)


def _who(desk: ItemDesk, departments: Mapping[str, LocalDepartment]) -> str:
    lead = "、".join(dict.fromkeys(departments[each].name if each in departments else each for each in desk.item.lead))
    return f"{lead or '没有牵头部门'}，责任人 {desk.person or '未定'}"


def without_contact(campaign: Campaign) -> Group:
    """The campaign's departments that nobody can be called in: one thing to do, however many they are. Five queries."""
    names = [
        line.row.name
        for line in department_lines(campaign, whole_phones=True)
        if (line.lead or line.cooperating) and (line.contact is None or line.contact.fault)
    ]
    if not names:
        return group("没有联络员的部门", [], "个")
    url = reverse("assessments:campaign-departments", args=[campaign.county.code, campaign.standard.code])
    listed = "、".join(names[:SHOWN]) + (" 等" if len(names) > SHOWN else "")
    line = Line("open", "未定", f"给 {len(names)} 个部门确定联络员", (listed,), "", "", url)
    return group("没有联络员的部门", [line], "个", amount=len(names))

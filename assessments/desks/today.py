"""What waits for one person (等我办的), across counties, campaigns and roles: what came back and what is late first."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import groupby

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from assessments.access import Desk, desk_of
from assessments.content import standing_content
from assessments.desks.items import ItemDesk, item_desks
from assessments.desks.lines import SHOWN, Group, Line, group
from assessments.desks.office import overdue_items, without_contact
from assessments.enums import PlacementState
from assessments.evidence.owed import Asked, asked_of
from assessments.evidence.states import RequirementState, requirement_states
from assessments.models import Campaign, ItemWork, Placement, Standing
from assessments.round_progress import round_progress
from assessments.work.queries import local_departments
from indicators.formula import ElementSpec
from indicators.models import Department
from indicators.naming import item_name
from indicators.queries import element_specs
from institutions.access import CHECKING_ROLES, WRITING_ROLES
from institutions.enums import Role
from institutions.filling.my_reports import OwnRound, home_of
from institutions.models import County
from tcm_demo.accounts.models import User
from tcm_demo.lib.dates import zh_date
from tcm_demo.notices.models import Notice

# who has something to do of their own
WORKING_ROLES = (Role.DATA_CLERK, Role.LIAISON, *CHECKING_ROLES)


def waits_for(user: User) -> list[Group]:
    """Everything that waits for this person; groups without a line are left out.

    The number of queries grows with counties and campaigns, not with items, institutions or files.
    """
    today = timezone.localdate()
    grants = list(user.grants.select_related("county").order_by("county__code"))
    groups = []
    if any(grant.role == Role.DATA_CLERK for grant in grants):
        groups += [_reports_to_fill(user), _evidence_to_bring(user)]
    working = [grant for grant in grants if grant.role in (Role.LIAISON, *CHECKING_ROLES)]
    elements = element_specs() if working else {}
    for county, own in groupby(working, key=lambda grant: grant.county):
        roles = {grant.role for grant in own}
        if not roles.isdisjoint(CHECKING_ROLES):
            groups += [_evidence_to_check(user, county), _reports_to_check(county)]
        campaigns = list(county.campaigns.select_related("county", "standard"))
        if not campaigns and not roles.isdisjoint(WRITING_ROLES):
            groups.append(_no_campaign(county))
        for campaign in campaigns:
            found = _items(user, campaign, desk_of(user, campaign), elements, today)
            named = campaign.standard.title if len(campaigns) > 1 else ""
            groups += [replace(each, standard=named) for each in found]
    groups.append(_notices(user))
    return [each for each in groups if each.total]


def has_work(user: User) -> bool:
    """Whether the person has a role that gives them things to do. One query."""
    return user.grants.filter(role__in=WORKING_ROLES).exists()


def _no_campaign(county: County) -> Group:
    details = ("选定建设标准、填报期和评审日期后，各条目和部门才列得出来。",)
    url = reverse("assessments:campaign", kwargs={"county": county.code})
    return group("创建工作", [Line("open", "未开始", f"开始{county}的创建工作", details, "", "", url)], "项")


def _reports_to_fill(user: User) -> Group:
    lines = [_round_line(own) for own in home_of(user).opened if own.has_opened and not own.is_done]
    return group("填报", lines, "期", url=reverse("institutions:my-reports"))


def _evidence_to_bring(user: User) -> Group:
    """What the clerk's institutions owe, by requirement. Two queries, and three for each campaign."""
    owed = [asked for asked in asked_of(user) if asked.left and asked.requirement.required]
    lines = [_owed_line(asked) for asked in sorted(owed, key=lambda asked: not asked.has_returns)]
    return group("要交的佐证材料", lines, "项", url=reverse("assessments:my-evidence"))


def _owed_line(asked: Asked) -> Line:
    state, word = ("returned", "有退回") if asked.has_returns else ("open", "缺件" if asked.owing else "缺文件日期")
    shares = asked.owing or asked.undated
    item, names = asked.requirement.item, "、".join(share.institution.name for share in shares[:3])
    details = [f"{item_name(item.number)} {item.title}", f"{names} 等 {len(shares)} 家" if len(shares) > 3 else names]
    details += [_return_words([use for share in asked.owing for use in share.returned])] if asked.has_returns else []
    url = f"{reverse('assessments:my-evidence')}#asked-{asked.key}"
    return Line(state, word, asked.requirement.text, tuple(details), "", "", url)


def _return_words(uses: list[Placement]) -> str:
    """退回“门头照片”：看不清；“制度”：缺公章."""
    said = list(dict.fromkeys(f"“{use.piece.title}”：{use.reason}" for use in uses))
    return f"退回{'；'.join(said[:3])}{f' 等 {len(said)} 份' if len(said) > 3 else ''}"


def _round_line(own: OwnRound) -> Line:
    waiting = sum(each.waits_for_clerk for each in own.reports) + sum(each.waiting for each in own.managed)
    state, word = ("returned", "有退回") if own.has_returns else ("open", "待填报")
    names = "、".join(each.institution.name for each in own.reports[:3])
    details = tuple(filter(None, (names, f"{waiting} 份还没有提交")))
    due_state = "late" if own.is_late else ""
    return Line(state, word, f"{own.period}填报", details, own.due, due_state, reverse("institutions:my-reports"))


def _reports_to_check(county: County) -> Group:
    rounds = [each for each in round_progress(county, "", open_ones=True)[1] if each.waiting]
    lines = [
        Line(
            "submitted",
            f"待审 {each.waiting}",
            f"{each.period}填报",
            (f"还有 {each.outstanding} 家没有交",) if each.outstanding else (),
            f"已逾期 {each.late} 天" if each.late else f"{zh_date(each.round.due_on)}截止",
            "late" if each.late else "",
            each.waiting_url,
        )
        for each in rounds
    ]
    return group("待审核的填报", lines, "份", amount=sum(each.waiting for each in rounds))


def _evidence_to_check(user: User, county: County) -> Group:
    """By item: how many pieces wait that somebody else handed in. One query for each county."""
    waiting = Placement.objects.filter(
        piece__county=county, piece__withdrawn_at=None, state=PlacementState.UPLOADED
    ).exclude(piece__version__uploaded_by=user)
    rows = list(
        waiting.values("requirement__item__number", "requirement__item__title", "requirement__item__position")
        .annotate(number=Count("pk"), first=Min("placed_at"))
        .order_by("requirement__item__position")
    )
    url = reverse("assessments:evidence-list", kwargs={"county": county.code})
    lines = [
        Line(
            "submitted",
            f"待审 {row['number']}",
            f"{item_name(row['requirement__item__number'])} {row['requirement__item__title']}",
            (f"最早 {zh_date(row['first'])} 提交",),
            "",
            "",
            f"{url}?state=uploaded&item={row['requirement__item__number']}",
        )
        for row in rows
    ]
    amount = sum(row["number"] for row in rows)
    return group("待审核的佐证材料", lines, "份", amount=amount, url=f"{url}?state=uploaded")


def _items(user: User, campaign: Campaign, desk: Desk, elements: dict[str, ElementSpec], today: date) -> list[Group]:
    """The department's items that lack something, and the items that the person is in charge of; for the office also
    what is late anywhere. Some 15 queries, five more for the office."""
    works = ItemWork.objects.filter(campaign=campaign)
    in_charge = set(works.filter(person=user).values_list("item__number", flat=True))
    late = set(works.filter(due_on__lt=today).values_list("item__number", flat=True)) if desk.works_on_all else set()
    groups = [without_contact(campaign)] if desk.works_on_all else []
    own = desk.numbers | in_charge
    numbers = own | late
    standing = (
        numbers
        and Standing.objects.filter(county=campaign.county, standard=campaign.standard, period=campaign.period).first()
    )
    if not standing:
        return groups
    content = standing_content(campaign.standard, standing.result, elements)
    states = requirement_states(campaign.county, campaign.standard, campaign.period)
    desks = item_desks(campaign, content, states, numbers, link=_item_link(campaign), today=today)
    names = _names(desk)
    owed = {number: each.lacking if number in in_charge else each.lacking_from(names) for number, each in desks.items()}
    mine = sorted(
        (each for number, each in desks.items() if number in own and not each.is_done), key=lambda each: each.urgency
    )
    url = _items_url(campaign)
    if late:
        groups.insert(0, overdue_items(desks.values(), local_departments(campaign), own, url=url))
    for title, wanted in (
        ("退回要补正的佐证", lambda each: each.returned),
        ("逾期和临近时限的条目", lambda each: each.due_state),
        ("还缺材料的条目", lambda each: owed[each.item.number]),
        ("我负责的其他条目", lambda each: each.item.number in in_charge),
    ):
        found = [each for each in mine if wanted(each)]
        mine = [each for each in mine if each not in found]
        lines = [_item_line(each, owed[each.item.number], campaign.county.code) for each in found]
        groups.append(group(title, lines, "条", url=url))
    return groups


def _names(desk: Desk) -> set[str]:
    """What the person's departments, and the groups that they belong to, are called. One query."""
    rows = Department.objects.filter(pk__in=desk.departments).values_list("name", "aliases")
    return {called for name, aliases in rows for called in (name, *aliases)}


def _item_line(desk: ItemDesk, owed: list[RequirementState], county: str) -> Line:
    """Of an item to which one piece came back, that piece: there it is mended."""
    back = [use for each in desk.requirements for use in each.placements if use.state == PlacementState.RETURNED]
    what, url = f"{item_name(desk.item.number)} {desk.item.title}", desk.url
    details = [_return_words(back)] if back else []
    if len({use.piece_id for use in back}) == 1:
        piece = back[0].piece
        details = [what, f"退回：{'；'.join(desk.return_reasons)}"]
        what, url = f"“{piece.title}”", reverse("assessments:piece", args=[county, piece.pk])
    if owed:
        details.append(f"还缺 {len(owed)} 项：{owed[0].requirement.text}{' 等' if len(owed) > 1 else ''}")
    if desk.waiting:
        details.append(f"{desk.waiting} 份待审核")
    state = "returned" if back else desk.item.status
    word = "已退回" if back else desk.item.status_label
    return Line(state, word, what, tuple(details), desk.due_words, desk.due_state, url)


def _item_link(campaign: Campaign) -> Callable[[str], str]:
    here = {"county": campaign.county.code, "standard": campaign.standard.code, "period": campaign.period}
    return lambda number: reverse("assessments:item", kwargs=here | {"number": number})


def _items_url(campaign: Campaign) -> str:
    here = {"county": campaign.county.code, "standard": campaign.standard.code, "period": campaign.period}
    return reverse("assessments:departments", kwargs=here)


def _notices(user: User) -> Group:
    unread = Notice.objects.filter(user=user, read_at=None)
    lines = [
        Line("open", "未读", each.sentence, (f"{each.by_name} {zh_date(each.at)}",), "", "", each.url)
        for each in unread.order_by("-at")[:SHOWN]
    ]
    return group("没有读过的通知", lines, "条", total=unread.count(), url=reverse("notices:notices"))

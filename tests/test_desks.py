"""What waits for whom, and how the departments stand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.evidence.review_services import accept, return_
from assessments.models import CampaignDepartment, Placement
from assessments.work.services import set_charge, write_comment
from indicators.models import Department, EvidenceRequirement
from institutions.enums import ReportState
from institutions.models import Grant, Report, Round
from tests.evidence_world import accepted, hand_in, use_of
from tests.world import PERIOD, World, make_world

HERE = {"county": "A", "standard": "small", "period": PERIOD}
TODAY = "/today/"


@pytest.fixture
def world(db) -> World:
    return make_world()


def page(client, world: World, name: str, url: str = TODAY) -> str:
    client.force_login(world.users[name])
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def groups(client, world: World, name: str) -> dict[str, list]:
    client.force_login(world.users[name])
    return {group.title: list(group.lines) for group in client.get(TODAY).context["groups"]}


def item(world: World, number: str):
    return world.standard.items.get(number=number)


def departments_url() -> str:
    return reverse("assessments:departments", kwargs=HERE)


def department_url(name: str) -> str:
    pk = CampaignDepartment.objects.get(campaign__county__code="A", name=name).pk
    return reverse("assessments:department", kwargs=HERE | {"pk": pk})


# ---- what waits ----


@pytest.mark.parametrize("name", ["clerk", "liaison", "reviewer", "office"])
def test_who_has_work_lands_on_it_after_signing_in(client, world, name):
    client.force_login(world.users[name])
    assert client.get("/").url == TODAY


@pytest.mark.parametrize("name", ["leadership", "expert"])
def test_who_only_reads_lands_on_the_county(client, world, name):
    client.force_login(world.users[name])
    assert client.get("/").url == "/c/A/"


def test_a_liaison_sees_what_the_department_lacks_and_nobody_elses(client, world):
    lines = groups(client, world, "liaison")["还缺材料的条目"]
    assert [(line.what, line.details) for line in lines] == [("第 1 条 财政投入", ("还缺 2 项：资金文件 等",))]


def test_what_another_department_has_to_bring_waits_for_that_one(client, world):
    EvidenceRequirement.objects.filter(item__number="1").update(departments=["卫生健康局"])
    assert "还缺材料的条目" not in groups(client, world, "liaison")


def test_what_came_back_goes_first_with_its_reason(client, world, tmp_path):
    taken = hand_in(world, tmp_path)
    return_(world.county, [use_of(taken).pk], reason="缺公章", by=world.users["office"])
    found = groups(client, world, "liaison")
    assert next(iter(found)) == "退回要补正的佐证"
    [line] = found["退回要补正的佐证"]
    assert (line.what, line.url) == (f"“{taken.piece.title}”", f"/c/A/evidence/{taken.piece.pk}/")
    assert line.details[:2] == ("第 1 条 财政投入", "退回：缺公章")


def test_a_deadline_that_is_over_is_said_in_days(client, world):
    day = timezone.localdate() - timedelta(days=3)
    set_charge(world.campaign, item(world, "1"), person=world.users["liaison"], due_on=day, by=world.users["office"])
    (line,) = groups(client, world, "liaison")["逾期和临近时限的条目"]
    assert (line.due, line.due_state) == ("已逾期 3 天", "late")


def test_who_is_put_in_charge_has_the_item_on_the_desk(client, world):
    person = world.users["reviewer"]
    set_charge(world.campaign, item(world, "3"), person=person, due_on=None, by=world.users["office"])
    assert [line.what for line in groups(client, world, "reviewer")["还缺材料的条目"]] == ["第 3 条 中医诊疗量"]


def test_the_office_sees_what_waits_to_be_checked_but_not_what_it_uploaded(client, world, tmp_path):
    hand_in(world, tmp_path)
    hand_in(world, tmp_path, "3-1", by="office")
    assert [line.what for line in groups(client, world, "office")["待审核的佐证材料"]] == ["第 1 条 财政投入"]
    assert len(groups(client, world, "reviewer")["待审核的佐证材料"]) == 2


def test_the_head_counts_the_pieces_that_wait_not_the_lines(client, world, tmp_path):
    for _ in range(3):
        hand_in(world, tmp_path)
    html = page(client, world, "office")
    assert '待审核的佐证材料<span class="small">3 份</span>' in html
    assert "待审 3" in html


def test_the_office_sees_whatever_is_late_and_with_whom(client, world):
    CampaignDepartment.objects.filter(campaign=world.campaign, name="卫生健康局").update(name="甲县卫健局")
    office, day = world.users["office"], timezone.localdate()
    for number, days, person in (("1", 3, "liaison"), ("3", 9, None), ("2", -20, None)):
        due_on = day - timedelta(days=days)
        set_charge(world.campaign, item(world, number), person=world.users.get(person), due_on=due_on, by=office)
    first, second = groups(client, world, "office")["逾期的条目"]
    assert (first.what, first.details, first.due) == ("第 3 条 中医诊疗量", ("甲县卫健局，责任人 未定",), "已逾期 9 天")
    assert second.details == ("财政局，责任人 liaison",)
    assert "逾期的条目" not in groups(client, world, "liaison")
    assert "逾期的条目" not in groups(client, world, "reviewer")


def test_the_office_is_told_which_departments_have_no_contact(client, world):
    CampaignDepartment.objects.filter(campaign=world.campaign, name="财政局").update(contact_name="李娟")
    (line,) = groups(client, world, "office")["没有联络员的部门"]
    assert (line.what, line.details) == ("给 1 个部门确定联络员", ("卫生健康局",))
    assert client.get(line.url).status_code == 200
    CampaignDepartment.objects.filter(campaign=world.campaign).update(contact_name="王敏")
    assert "没有联络员的部门" not in groups(client, world, "office")


def test_reports_wait_for_clerk_and_checker_alike(client, world):
    today = timezone.localdate()
    Round.objects.create(county=world.county, period="2024", opens_on=today, due_on=today)
    (line,) = groups(client, world, "clerk")["填报"]
    assert (line.word, line.url) == ("待填报", "/fill/")
    institution = world.county.institutions.get(code="A-01")
    facts = {"period": "2024", "state": ReportState.SUBMITTED, "updated_at": timezone.now()}
    Report.objects.create(institution=institution, **facts)
    assert [each.word for each in groups(client, world, "office")["待审核的填报"]] == ["待审 1"]


def test_who_is_mentioned_finds_it_here(client, world):
    write_comment(world.campaign, item(world, "1"), text="@liaison 请补盖章", by=world.users["office"])
    (line,) = groups(client, world, "liaison")["没有读过的通知"]
    assert "请补盖章" in line.what


def test_nothing_to_do_is_said_kindly(client, world):
    assert "眼下没有等您办的事" in page(client, world, "leadership")


def test_another_county_does_not_shine_through(client, world, tmp_path):
    hand_in(world, tmp_path)
    assert "财政投入" not in page(client, world, "other_office")


@pytest.mark.parametrize("pieces", [1, 3])
def test_the_number_of_queries_does_not_follow_the_pieces(
    client, world, tmp_path, pieces, django_assert_max_num_queries
):
    for _ in range(pieces):
        hand_in(world, tmp_path)
    client.force_login(world.users["liaison"])
    with django_assert_max_num_queries(36):
        client.get(TODAY)


# ---- departments ----


def test_each_department_with_what_it_leads_and_lacks(client, world, tmp_path):
    accepted(world, tmp_path)
    html = page(client, world, "leadership", departments_url())
    assert "财政局" in html
    desk = next(each for each in client.get(departments_url()).context["desks"] if each.department.name == "财政局")
    assert (len(desk.lead), len(desk.cooperating), desk.accepted, desk.required, desk.lacking) == (1, 1, 1, 2, 1)


def test_ones_own_department_comes_first(client, world):
    client.force_login(world.users["liaison"])
    assert client.get(departments_url()).context["desks"][0].department.name == "财政局"


def order(client, sort: str = "") -> list[str]:
    desks = client.get(f"{departments_url()}{sort}").context["desks"]
    return [desk.department.name for desk in desks]


def test_who_is_worst_off_comes_first(client, world):
    client.force_login(world.users["leadership"])
    assert order(client) == ["财政局", "卫生健康局"]  # lacks two things, the other one
    day = timezone.localdate() - timedelta(days=1)
    set_charge(world.campaign, item(world, "3"), person=None, due_on=day, by=world.users["office"])
    assert order(client) == ["卫生健康局", "财政局"]
    assert order(client, "?sort=lacking") == ["财政局", "卫生健康局"]
    assert order(client, "?sort=-lacking") == ["卫生健康局", "财政局"]
    assert order(client, "?sort=nonsense") == order(client, "?sort=name") == ["卫生健康局", "财政局"]
    client.force_login(world.users["liaison"])
    assert order(client) == ["财政局", "卫生健康局"]  # one's own first


def test_counts_bear_their_unit(client, world, tmp_path):
    accepted(world, tmp_path)
    html = page(client, world, "leadership", departments_url())
    assert '1/2<span class="unit">项</span>' in html
    assert 'data-label="待补" class="num half">1<span class="unit">项</span>' in html


def test_who_may_name_the_contacts_is_led_there(client, world):
    assert "维护联络员" in page(client, world, "office", departments_url())
    assert "维护联络员" not in page(client, world, "leadership", departments_url())


def test_a_departments_page_lists_its_items_with_what_is_open(client, world, tmp_path):
    taken = hand_in(world, tmp_path)
    return_(world.county, [use_of(taken).pk], reason="缺公章", by=world.users["office"])
    html = page(client, world, "leadership", department_url("财政局"))
    for words in ("牵头的条目", "配合的条目", "1 财政投入", "退回 1 份：缺公章", "拨付凭证"):
        assert words in html


def test_of_an_item_to_cooperate_in_it_says_what_this_department_provides(client, world):
    made = {"item": item(world, "2"), "required": True}
    EvidenceRequirement.objects.create(code="2-1", text="资金到位证明", departments=["财政局"], **made)
    EvidenceRequirement.objects.create(code="2-2", text="中医馆照片", departments=["卫生健康局"], **made)
    html = page(client, world, "leadership", department_url("财政局"))
    part = html[html.index('aria-label="配合的条目"') :]
    assert "资金到位证明" in part
    assert "中医馆照片" not in part
    assert "待补佐证 2 项" in part
    assert "未达到的指标 2 项" in part


def test_columns_that_nobody_filled_in_take_no_room(client, world):
    html = page(client, world, "leadership", department_url("财政局"))
    assert "责任人" not in html
    assert "完成时限" not in html
    day, person = timezone.localdate() + timedelta(days=1), world.users["liaison"]
    set_charge(world.campaign, item(world, "1"), person=person, due_on=day, by=world.users["office"])
    html = page(client, world, "leadership", department_url("财政局"))
    assert 'data-label="责任人" class="half">liaison' in html
    assert html.count(">完成时限</th>") == 1  # of the items that it leads


def test_items_of_a_group_are_its_members_items(client, world):
    group = Department.objects.create(standard=world.standard, name="成员单位", members=["财政局"], position=9)
    world.standard.items.get(number="3").responsibilities.create(department=group, role="lead", position=5)
    assert "3 中医诊疗量" in page(client, world, "leadership", department_url("财政局"))


def test_a_local_name_is_what_the_county_reads_and_a_liaison_may_bear(client, world):
    CampaignDepartment.objects.filter(campaign=world.campaign, name="财政局").update(name="甲县财政与国资局")
    Grant.objects.filter(user=world.users["liaison"]).update(department="甲县财政与国资局")
    assert "甲县财政与国资局" in page(client, world, "leadership", departments_url())
    assert "还缺材料的条目" in groups(client, world, "liaison")


def test_another_countys_department_is_not_found(client, world):
    foreign = CampaignDepartment.objects.filter(campaign__county=world.other_county).first()
    client.force_login(world.users["office"])
    url = reverse("assessments:department", kwargs=HERE | {"pk": foreign.pk})
    assert client.get(url).status_code == 404


def test_departments_are_read_in_a_fixed_number_of_queries(client, world, tmp_path, django_assert_max_num_queries):
    taken = [hand_in(world, tmp_path) for _ in range(3)]
    accept(world.county, list(Placement.objects.values_list("pk", flat=True)), by=world.users["office"])
    assert len(taken) == 3
    client.force_login(world.users["office"])
    with django_assert_max_num_queries(28):
        client.get(departments_url())

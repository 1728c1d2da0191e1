"""The campaign's page, which everybody who reads the county reads; starting one, and changing its settings."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.campaigns.phones import masked
from assessments.campaigns.queries import item_counts, phase_lines
from assessments.campaigns.services import change_campaign
from assessments.campaigns.timeline import Span, timeline
from assessments.models import CampaignPhase, LeadingMember, Standing
from assessments.services import start_campaign
from indicators.models import Department, Standard
from institutions.models import County, Grant, Round
from tcm_demo.audit.models import Event
from tests.campaign import add_liaison, add_phases, own, url
from tests.world import PERIOD, World, make_standard, make_world

HOME = "/c/A/campaign/"


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


@pytest.fixture
def reader(client, world):
    client.force_login(world.users["leadership"])
    return client


def shown(client, address: str = HOME) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# ---- starting ----


def test_a_new_campaign_begins_with_the_standards_phases_and_departments(world):
    add_phases(world.standard)
    Department.objects.create(standard=world.standard, name="成员单位", members=["财政局"], position=2)
    Department.objects.filter(name="财政局").update(aliases=["财局"])
    campaign = start_campaign(County.objects.create(code="N", name="新县"), world.standard, period=PERIOD)
    assert list(campaign.phases.values_list("name", "start", "end", "tasks")) == [
        ("准备", date(2023, 9, 1), date(2023, 9, 30), "动员\n摸底"),
        ("实施", date(2023, 9, 15), date(2023, 12, 31), ""),
    ]
    named = list(campaign.departments.values_list("name", "aliases"))
    assert named == [("卫生健康局", []), ("财政局", ["财局"])]


def test_starting_again_leaves_what_the_county_made_of_them(world):
    add_phases(world.standard)
    CampaignPhase.objects.create(
        campaign=world.campaign, position=1, name="自定", start=date(2024, 1, 1), end=date(2024, 1, 2)
    )
    finance = own(world.campaign, "财政局")
    finance.name = "财政金融局"
    finance.save()
    start_campaign(world.county, world.standard, period="2022", inspection_on=date(2024, 5, 1))
    world.campaign.refresh_from_db()
    assert (world.campaign.period, world.campaign.inspection_on) == ("2022", date(2024, 5, 1))
    assert [phase.name for phase in world.campaign.phases.all()] == ["自定"]
    assert own(world.campaign, "财政局").name == "财政金融局"


def test_another_campaign_is_started_from_the_page_and_has_its_own_settings(office, world):
    other = make_standard("second")
    assert "再开始一项创建工作" in shown(office)
    answer = office.post(HOME, {"standard": other.pk, "period": "2022", "inspection_on": "2025-06-01"})
    assert answer.url == reverse("assessments:county", kwargs={"county": "A", "standard": "second", "period": "2022"})
    assert office.get(url(standard="second")).context["campaign"].inspection_on == date(2025, 6, 1)
    assert office.get(url()).context["campaign"].inspection_on == date(2024, 3, 1)
    assert [(entry[1], entry[2]) for entry in office.get(HOME).context["standards"]] == [
        (url(), True),
        (url(standard="second"), False),
    ]
    assert "再开始一项创建工作" not in shown(office)


def test_a_standard_that_is_in_use_cannot_be_started_again(office, world):
    make_standard("second")
    answer = office.post(HOME, {"standard": world.standard.pk, "period": "2020"})
    assert "请从列表中选择建设标准。" in answer.content.decode()
    world.campaign.refresh_from_db()
    assert world.campaign.period == PERIOD


def test_without_a_campaign_the_office_starts_one_and_readers_are_told(client, world):
    county = County.objects.create(code="N", name="新县")
    for user, role in (("stranger", "county_office"), ("leadership", "leadership")):
        Grant.objects.create(user=world.users[user], county=county, role=role)
    client.force_login(world.users["leadership"])
    html = shown(client, "/c/N/campaign/")
    assert "还没有选定建设标准" in html
    assert 'name="standard"' not in html
    client.force_login(world.users["stranger"])
    assert 'name="standard"' in shown(client, "/c/N/campaign/")


# ---- settings ----


def test_the_office_changes_period_and_inspection_day(office, world):
    assert office.post(url("settings"), {"period": "2023年第四季度", "inspection_on": "2024年4月2日"}).url == url()
    world.campaign.refresh_from_db()
    assert (world.campaign.period, world.campaign.inspection_on) == ("2023Q4", date(2024, 4, 2))
    event = Event.objects.filter(action="change_campaign").latest("pk")
    assert event.before == {"period": "2023", "inspection_on": "2024-03-01"}
    assert event.after == {"period": "2023Q4", "inspection_on": "2024-04-02"}
    assert event.actor == world.users["office"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"period": "2023-13"}, "填报期“2023-13”写法不对"),
        ({"period": ""}, "请填写填报期"),
        ({"period": "2023", "inspection_on": "明年"}, "日期写法不对，例如 2024-03-01。"),
    ],
)
def test_settings_that_cannot_be_are_told(office, world, data, sentence):
    assert sentence in office.post(url("settings"), data).content.decode()
    world.campaign.refresh_from_db()
    assert (world.campaign.period, world.campaign.inspection_on) == (PERIOD, date(2024, 3, 1))


def test_another_inspection_day_refreshes_the_standings_of_all_periods(world):
    start_campaign(world.county, world.standard, period="2022", inspection_on=world.campaign.inspection_on)
    start_campaign(world.county, world.standard, period=PERIOD, inspection_on=world.campaign.inspection_on)
    before = dict(Standing.objects.filter(county=world.county).values_list("period", "computed_at"))
    elsewhere = Standing.objects.get(county=world.other_county).computed_at
    change_campaign(world.campaign, period=PERIOD, inspection_on=date(2024, 9, 9), by=world.users["office"])
    after = dict(Standing.objects.filter(county=world.county).values_list("period", "computed_at"))
    assert after.keys() == before.keys() == {"2022", "2023"}
    assert all(after[period] > before[period] for period in before)
    assert Standing.objects.get(county=world.other_county).computed_at == elsewhere


def test_saving_what_stands_leaves_no_trace(office):
    office.post(url("settings"), {"period": PERIOD, "inspection_on": "2024-03-01"})
    assert not Event.objects.filter(action="change_campaign").exists()


# ---- another version of the standard ----


def publish_version(world: World, version: str) -> Standard:
    Standard.objects.filter(code="small").update(code="old")
    newer = make_standard()
    Standard.objects.filter(pk=newer.pk).update(version=version)
    Standard.objects.filter(code="old").update(code="small")
    return newer


def test_a_newer_version_is_taken_up_where_the_office_says_so(office, world):
    newer = publish_version(world, "2")
    assert "确定改用" in shown(office)
    # it is no other campaign to start
    assert "再开始一项创建工作" not in shown(office)
    answer = office.post(url("version"), {"to": newer.pk}, follow=True)
    assert "已改用第 2 版" in answer.content.decode()
    world.campaign.refresh_from_db()
    assert world.campaign.standard == newer
    assert "确定改用" not in answer.content.decode()


@pytest.mark.parametrize("to", ["", "0", "another"])
def test_only_the_version_that_the_office_has_seen_is_taken_up(office, world, to):
    publish_version(world, "2")
    assert "没有改用" in office.post(url("version"), {"to": to}, follow=True).content.decode()
    world.campaign.refresh_from_db()
    assert world.campaign.standard == world.standard


def test_a_version_that_would_lose_something_is_not_taken_up(office, world):
    newer = publish_version(world, "2")
    Department.objects.filter(standard=newer, name="财政局").update(name="审计局")
    answer = office.post(url("version"), {"to": newer.pk}, follow=True)
    assert "新版本里没有责任部门“财政局”" in answer.content.decode()
    world.campaign.refresh_from_db()
    assert world.campaign.standard == world.standard


def test_readers_are_not_offered_a_version(reader, world):
    publish_version(world, "2")
    assert "确定改用" not in shown(reader)


# ---- what readers see ----


def test_readers_see_everything_and_no_form(reader, world):
    CampaignPhase.objects.create(
        campaign=world.campaign,
        position=1,
        name="迎检",
        start=date(2024, 1, 1),
        end=date(2024, 3, 1),
        tasks="自查\n整改",
    )
    LeadingMember.objects.create(campaign=world.campaign, position=1, part="head", name="张三", office="县长")
    html = shown(reader)
    for words in ("测试标准", "2023年度", "2024年3月1日", "迎检", "整改", "组长", "张三", "县长", "财政局"):
        assert words in html
    main = html[html.index("<main") :]
    assert "<form" not in main
    assert "修改" not in main


def test_a_phase_is_past_now_or_ahead(world):
    add = {"campaign": world.campaign, "start": date(2024, 2, 1), "end": date(2024, 2, 10)}
    CampaignPhase.objects.create(position=1, name="自查", **add)
    told = {
        day: [(line.state, line.words) for line in phase_lines(world.campaign, day)]
        for day in (date(2024, 1, 30), date(2024, 2, 1), date(2024, 2, 10), date(2024, 2, 11))
    }
    assert list(told.values()) == [
        [("ahead", "2 天后开始")],
        [("now", "还有 9 天")],
        [("now", "今天结束")],
        [("past", "1 天前已结束")],
    ]


def test_items_of_a_group_are_those_of_its_members(world):
    group = Department.objects.create(standard=world.standard, name="成员单位", members=["财政局"], position=2)
    bureau = Department.objects.get(name="卫生健康局")
    bureau.responsibilities.filter(item__number="3").update(department=group)
    finance = Department.objects.get(name="财政局")
    assert item_counts(world.campaign)[finance.pk] == (2, 1)
    assert item_counts(world.campaign)[bureau.pk] == (1, 0)


def test_the_page_costs_the_same_for_any_number_of_departments(reader, world, django_assert_max_num_queries):
    reader.get(HOME)
    with django_assert_max_num_queries(26) as few:
        reader.get(HOME)
    for number in range(8):
        department = Department.objects.create(standard=world.standard, name=f"局{number}", position=9)
        liaison = add_liaison(world.county, f"l{number}", department.name)
        world.campaign.departments.create(department=department, name=department.name, contact=liaison)
    with django_assert_max_num_queries(len(few)):
        assert "局7" in shown(reader)


# ---- contact persons ----


def test_a_department_without_a_contact_person_is_shown_as_such(reader, world):
    own_row = own(world.campaign, "财政局")
    own_row.contact_name, own_row.contact_phone = "王五", "0533-1234567"
    own_row.save()
    lines = {line.row.name: line for line in reader.get(HOME).context["departments"]}
    assert lines["卫生健康局"].contact is None
    assert (lines["财政局"].contact.name, lines["财政局"].contact.phone) == ("王五", "0533-1234567")
    assert "1 个没有可用的联络员" in shown(reader)


def test_mobile_numbers_are_for_the_office_alone(client, world):
    liaison = add_liaison(world.county, "wang", "财政局", "王五", "13812341234")
    world.campaign.departments.filter(name="财政局").update(contact=liaison)
    world.campaign.departments.filter(name="卫生健康局").update(contact_name="赵六", contact_phone="139 0000 1111")
    for name in ("", "contacts"):
        client.force_login(world.users["office"])
        html = shown(client, url(name))
        assert "13812341234" in html
        assert "139 0000 1111" in html
        for role in ("leadership", "expert", "liaison", "reviewer", "prefecture"):
            client.force_login(world.users[role])
            html = shown(client, url(name))
            assert "138****1234" in html
            assert "139****1111" in html
            assert "13812341234" not in html
            assert "0000 1111" not in html


@pytest.mark.parametrize(
    ("change", "words"), [({"is_active": False}, "账号已停用"), ({"grants": None}, "已不是部门联络员")]
)
def test_an_account_that_is_no_liaison_any_more_is_pointed_out(reader, world, change, words):
    liaison = add_liaison(world.county, "wang", "财政局", "王五")
    world.campaign.departments.filter(name="财政局").update(contact=liaison)
    assert words not in shown(reader)
    if "grants" in change:
        liaison.grants.all().delete()
    else:
        liaison.is_active = False
        liaison.save()
    assert words in shown(reader)


@pytest.mark.parametrize(
    ("phone", "shown_as"),
    [
        ("13812341234", "138****1234"),
        ("+86 138-1234-1234", "+86 138****1234"),
        ("8613812341234", "86138****1234"),
        ("１３８１２３４１２３４", "138****1234"),
        ("13812341234/15900002222", "138****1234/159****2222"),
        ("0533-7180001", "0533-7180001"),
        ("", ""),
    ],
)
def test_a_masked_number(phone, shown_as):
    assert masked(phone) == shown_as


@given(st.from_regex(r"(\+?86[ -]?)?1[3-9][0-9]([ -]?[0-9]{4}){2}", fullmatch=True))
def test_no_mobile_number_is_told_whole(phone):
    digits = "".join(filter(str.isdigit, phone))[-11:]
    hidden = masked(phone)
    assert hidden.endswith(f"{digits[:3]}****{digits[-4:]}")
    assert sum(map(str.isdigit, hidden)) == sum(map(str.isdigit, phone)) - 4


# ---- the line of time ----

days = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def percent(text: str) -> float:
    assert text.endswith("%")
    return float(text[:-1])


@given(st.lists(st.tuples(days, days), min_size=1, max_size=6), days, st.none() | days)
def test_everything_lies_on_the_line_in_the_order_of_time(pairs, today, inspection):
    spans = [Span("阶段", min(pair), max(pair), "met") for pair in pairs]
    line = timeline(spans, today, inspection)
    places = [
        (today, percent(line.today)),
        *((s.start, percent(lane.x)) for s, lane in zip(spans, line.lanes, strict=True)),
    ]
    places += [(inspection, percent(line.inspection))] if inspection else []
    assert all(0 <= x <= 100 for _, x in places)
    assert all(percent(lane.x) + percent(lane.width) <= 100.01 for lane in line.lanes)
    assert all(percent(lane.width) > 0 for lane in line.lanes)
    ordered = [x for _, x in sorted(places)]
    assert ordered == sorted(ordered)
    ticks = [percent(tick.x) for tick in line.ticks]
    assert 1 <= len(ticks) <= 6
    assert ticks == sorted(set(ticks))


def test_no_line_without_phases():
    assert timeline([], date(2024, 1, 1), None) is None


def test_what_a_standard_computes_from_and_no_round_asks_for_is_said(office, world):
    assert "填报任务里没有要" not in shown(office)
    Round.objects.create(county=world.county, period=PERIOD, opens_on=date(2024, 1, 1), due_on=date(2024, 2, 1))
    assert "填报任务里没有要" not in shown(office)
    Round.objects.update(elements=["has_hall", "techniques", "visits"])
    assert "2 个数据元，2023年度填报任务里没有要：中医诊疗人次、中医药专项资金。" in shown(office)

"""The county's page and the table of items: what they say, to whom, and with how many queries."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.evidence.review_services import judge_evidence
from assessments.models import Campaign
from assessments.services import start_campaign
from indicators.models import EvidenceRequirement
from institutions.models import County, Grant, Report
from tests.world import HALLS, PERIOD, World, add_institution, make_item, make_standard, make_world

HERE = {"county": "A", "standard": "small", "period": PERIOD}


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


@pytest.fixture
def leader(client, world):
    client.force_login(world.users["leadership"])
    return client


def page(client, name: str = "county", query: str = "", **kwargs) -> str:
    response = client.get(reverse(f"assessments:{name}", kwargs=HERE | kwargs) + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def shown(client, name: str = "county", query: str = "", **kwargs):
    """What the page was drawn from."""
    return client.get(reverse(f"assessments:{name}", kwargs=HERE | kwargs) + query).context


def accept_all(world: World, number: str) -> None:
    for requirement in EvidenceRequirement.objects.filter(item__standard=world.standard, item__number=number):
        judge_evidence(world.county, requirement, PERIOD, state="accepted", reason="看过原件", by=world.users["office"])


# ---- the headline ----


def test_headline_counts_items_by_status(office, world):
    accept_all(world, "1")
    html = page(office)
    assert '<b>1</b><span class="of"> / 3</span>' in html
    assert [(code, number) for code, number, _ in shown(office)["counts"]] == [
        ("nearly", 0),
        ("unmet", 2),
        ("incomplete", 0),
    ]


def test_points_are_labelled_as_our_own(office):
    assert "本系统自评得分（非官方评分）" in page(office)


def test_the_time_is_that_of_the_last_accepted_figures(office, world):
    """The same as in the report, and not moved by a judgement of evidence."""
    Report.objects.filter(institution__county=world.county).update(
        accepted_at=datetime(2024, 1, 15, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    )
    accept_all(world, "1")
    assert "数据截至 2024年1月15日 09:30" in page(office)


def test_coverage_leads_to_those_that_have_not_reported(office):
    html = page(office)
    assert "<b>6/7</b>" in html
    assert f'href="{reverse("assessments:institutions", kwargs=HERE)}?reported=no"' in html


@pytest.mark.parametrize(
    ("days", "words"), [(90, "距评审还有"), (0, "评审日"), (-3, "已过")], ids=["ahead", "today", "past"]
)
def test_days_to_the_inspection(office, world, days, words):
    Campaign.objects.update(inspection_on=timezone.localdate() + timedelta(days=days))
    assert words in page(office)
    assert shown(office)["days"] == days


def test_without_a_date_the_office_is_asked_to_set_one(office, world):
    Campaign.objects.update(inspection_on=None)
    assert "设定评审日期" in page(office)


# ---- the lights and what holds the county back ----


def test_every_item_is_a_light_with_word_sign_and_link(leader):
    html = page(leader)
    assert f'href="{reverse("assessments:item", kwargs=HERE | {"number": "2"})}"' in html
    tile = html[html.index('<a class="tile') :]
    assert tile.count("tile-unmet") == 2
    assert "未达标" in tile.split("</a>")[1]
    assert [section["title"] for section in shown(leader)["sections"]] == ["组织管理", "服务能力"]


def test_what_lacks_least_comes_first(office):
    rows = shown(office)["holdbacks"]
    assert [(row["criterion"].code, row["criterion"].lack_text) for row in rows] == [
        ("2.2", "还差 1 家机构"),
        ("2.1", "还差 2 家机构"),
        ("3.1", "还差 45 人次（中医诊疗人次）"),
    ]


def test_what_holds_back_names_who_leads_it(leader, world):
    world.campaign.departments.filter(department__name="卫生健康局").update(name="甲县卫健局")
    assert {row["lead"] for row in shown(leader)["holdbacks"]} == {("甲县卫健局",)}
    assert '<span class="small soft gap-lead">甲县卫健局</span>' in page(leader)


def test_a_long_list_is_folded(office, world):
    section = world.standard.sections.last()
    for number in range(4, 12):
        criterion = (f"{number}.1", *HALLS[1:])
        make_item(section, str(number), f"条目{number}", world.standard.departments.first(), [criterion], [])
    start_campaign(world.county, world.standard, period=PERIOD)
    context = shown(office)
    assert len(context["holdbacks"]) == 8
    assert len(context["more_holdbacks"]) == 3
    assert "展开全部（还有 3 项）" in page(office)


def test_items_that_only_lack_evidence_stand_apart(office):
    rows = shown(office)["waiting"]
    assert [(row["item"].number, row["item"].evidence_count["open"]) for row in rows] == [("1", 2)]
    assert "佐证 0/2" in page(office)


def test_sections_are_drawn_as_a_chart(office):
    option = shown(office)["chart"]
    assert option["yAxis"]["data"] == ["组织管理", "服务能力"]
    assert {series["name"] for series in option["series"]} == {"达标", "基本达标", "未达标", "数据不全"}


# ---- the next thing to do ----


def test_the_office_is_led_to_the_report(office):
    assert "导出自评报告" in page(office)


def test_leadership_reads_and_is_not_asked_to_write(leader):
    html = page(leader)
    assert "查看自评报告" in html
    assert "导入台账" not in html
    assert "创建工作设置" not in html


def test_before_any_report_the_next_thing_is_the_ledger(office, world):
    for institution in world.county.institutions.all():
        institution.reports.all().delete()
    start_campaign(world.county, world.standard, period=PERIOD)
    html = page(office)
    assert "本期还没有机构填报" in html
    assert f'<a class="btn btn-primary" href="{shown(office)["import_url"]}">导入台账</a>' in html
    assert "导出自评报告" not in html


# ---- empty states ----


def test_a_period_without_data_says_so(office):
    html = page(office, period="2024")
    assert "2024年度还没有数据" in html
    assert "导入台账" in html


def test_other_pages_of_a_period_without_data_lead_to_the_county_page(office):
    url = reverse("assessments:items", kwargs=HERE | {"period": "2024"})
    response = office.get(url)
    assert response.url == reverse("assessments:county", kwargs=HERE | {"period": "2024"})


def test_a_county_without_institutions_is_told_to_import(client, world):
    county = County.objects.create(code="N", name="新县")
    Grant.objects.create(user=world.users["stranger"], county=county, role="county_office")
    start_campaign(county, world.standard, period=PERIOD)
    client.force_login(world.users["stranger"])
    assert "还没有机构名册" in page(client, county="N")


def test_a_county_without_a_campaign_can_take_one_up(client, world):
    county = County.objects.create(code="N", name="新县")
    Grant.objects.create(user=world.users["stranger"], county=county, role="county_office")
    client.force_login(world.users["stranger"])
    home = reverse("assessments:county-home", kwargs={"county": "N"})
    form = reverse("assessments:campaign", kwargs={"county": "N"})
    assert form in client.get("/", follow=True).content.decode()
    assert form in client.get(home).content.decode()
    answer = client.post(form, {"standard": world.standard.pk, "period": "2023-13"})
    assert "填报期“2023-13”写法不对" in answer.content.decode()
    answer = client.post(form, {"standard": world.standard.pk, "period": "2023", "inspection_on": "2024-06-01"})
    assert answer.url == reverse("assessments:county", kwargs=HERE | {"county": "N"})
    assert str(county.campaigns.get().inspection_on) == "2024-06-01"


def test_a_person_of_several_counties_chooses(client, world):
    client.force_login(world.users["superuser"])
    html = client.get("/").content.decode()
    assert "甲县" in html
    assert "乙县" in html


def test_the_list_of_counties_costs_the_same_for_any_number(client, world, django_assert_num_queries):
    client.force_login(world.users["superuser"])
    with django_assert_num_queries(9):
        client.get("/")
    for number in range(5):
        start_campaign(County.objects.create(code=f"N{number}", name=f"新县{number}"), world.standard, period=PERIOD)
    with django_assert_num_queries(9):
        html = client.get("/").content.decode()
    assert "新县4" in html


def test_somebody_without_a_grant_is_told_whom_to_ask(client, world):
    client.force_login(world.users["stranger"])
    assert "还没有授权" in client.get("/").content.decode()


# ---- switching ----


def test_no_switch_where_there_is_one_period(office):
    assert shown(office)["periods"] == []


def test_periods_and_standards_can_be_switched(office, world):
    other = make_standard("second")
    start_campaign(world.county, other, period="2022")
    start_campaign(world.county, world.standard, period="2022")
    page = shown(office)
    assert [(label, current) for label, _, current in page["periods"]] == [("2023年度", True), ("2022年度", False)]
    assert [(url, current) for _, url, current in page["standards"]] == [
        ("/c/A/small/2023/", True),
        ("/c/A/second/2022/", False),
    ]


def test_another_standard_is_shown_on_the_same_page(office, world):
    start_campaign(world.county, make_standard("second"), period="2023")
    assert [url for _, url, _ in shown(office, "items")["standards"]] == [
        "/c/A/small/2023/items/",
        "/c/A/second/2023/items/",
    ]


# ---- the table of items ----


def numbers(client, query: str = "") -> list[str]:
    return [row["item"].number for row in shown(client, "items", query)["rows"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["1", "2", "3"]),
        ("?status=incomplete", ["1"]),
        ("?section=2", ["2", "3"]),
        ("?department=财政局", ["1", "2"]),
        ("?q=适宜技术", ["2"]),
        ("?q=3", ["3"]),
        ("?status=met", []),
        ("?status=nonsense", ["1", "2", "3"]),
        ("?sort=status", ["1", "2", "3"]),
        ("?sort=-status", ["2", "3", "1"]),
        ("?sort=criteria", ["2", "3", "1"]),
        ("?sort=-number", ["3", "2", "1"]),
    ],
)
def test_items_are_filtered_and_sorted_by_the_address(office, query, found):
    assert numbers(office, query) == found


def test_each_row_says_what_is_missing(office):
    html = page(office, "items")
    assert "2.2 村卫生室开展适宜技术" in html
    assert "还差 1 家机构" in html
    assert "还缺 2 项" in html


def test_an_empty_choice_says_how_to_go_on(office):
    assert "没有符合条件的条目" in page(office, "items", "?status=met")


# ---- cost ----


@pytest.mark.parametrize("villages", [1, 60])
@pytest.mark.parametrize(("name", "queries"), [("county", 19), ("items", 16)])
def test_queries_do_not_grow_with_the_county(client, db, django_assert_num_queries, villages, name, queries):
    world = make_world(villages)
    add_institution(world.county, "A-99", "village_clinic", None)
    client.force_login(world.users["leadership"])
    url = reverse(f"assessments:{name}", kwargs=HERE)
    with django_assert_num_queries(queries):
        client.get(url)

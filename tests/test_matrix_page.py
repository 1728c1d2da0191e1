"""One period's figures against all standards of the county, side by side."""

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from assessments.matrix.content import Line, MatrixContent, matrix_content
from assessments.matrix.queries import columns_of
from assessments.models import Standing
from indicators.models import Criterion, Element
from institutions.models import Report
from tcm_demo.audit.models import Event
from tests.matrix_world import another, works_towards
from tests.world import PERIOD, World, make_world

FIFTEEN = {"expression": "share(techniques >= 15)"}


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def client(world) -> Client:
    client = Client()
    client.force_login(world.users["office"])
    return client


def url(name: str = "matrix", period: str = PERIOD) -> str:
    return reverse(f"assessments:{name}", args=["A", period])


def page(client: Client, **query) -> str:
    response = client.get(url(), query)
    assert response.status_code == 200
    return response.content.decode()


def content(world: World, period: str = PERIOD) -> MatrixContent:
    return matrix_content(columns_of(world.county, period))


def line(world: World, title: str) -> Line:
    (found,) = [each for each in content(world).lines if title in each.title]
    return found


def said(found: Line) -> list[list[tuple[str, str, str]]]:
    return [[(ask.words, ask.mark, ask.value_text) for ask in cell] for cell in found.cells]


def test_one_standard_alone_is_shown_and_a_second_can_be_taken_up(world, client):
    text = page(client)
    assert "现在只有一个标准" in text
    assert "满足全部标准" not in text
    assert len(content(world).lines) == 4


def test_without_a_standard_the_page_says_what_to_do(world, client):
    world.county.standings.all().delete()
    world.county.campaigns.all().delete()
    assert "去创建工作" in page(client)
    client.force_login(world.users["leadership"])
    text = page(client)
    assert "还没有建设标准" in text
    assert "去创建工作" not in text


def test_what_plans_ask_of_one_figure_stands_in_one_row_with_each_plans_own_result(world):
    works_towards(world, another("deep", c2_2=FIFTEEN, c3_1={"target": "30%"}))
    techniques = line(world, "适宜技术项数 ≥ ○")
    assert said(techniques) == [[("6 项，≥ 100%", "", "66.67%")], [("15 项，≥ 100%", "higher", "0%")]]
    assert techniques.needs == (("村卫生室", "15 项，≥ 100%"),)
    visits = line(world, "中医诊疗人次合计")
    assert said(visits) == [[("≥ 35%", "higher", "20%")], [("≥ 30%", "", "20%")]]
    assert visits.needs == (("乡镇卫生院", "≥ 35%"),)


def test_values_and_lights_are_those_that_are_stored(world):
    standing = Standing.objects.get(county=world.county)
    (criterion,) = [c for item in standing.result["items"] for c in item["criteria"] if c["code"] == "3.1"]
    criterion |= {"value": "1/3", "status": "met"}
    standing.save()
    (cell,) = line(world, "中医诊疗人次合计").cells
    assert [(ask.value_text, ask.status) for ask in cell] == [("33.33%", "met")]


def test_where_institutions_differ_each_value_is_shown_with_its_own(world):
    scope = ["township_centre", "village_clinic"]
    wide = another("wide", c3_1={"scope": scope, "target": "30%"})
    Element.objects.filter(code__in=("visits", "tcm_visits")).update(reported_by=scope)
    report = Report.objects.get(institution__code="A-1000")
    report.accepted |= {"visits": 100, "tcm_visits": 100}
    report.save()
    works_towards(world, wide)
    visits = line(world, "中医诊疗人次合计")
    assert said(visits) == [[("≥ 35%", "higher", "20%")], [("≥ 30%", "", "40%")]]
    assert [ask.scope for cell in visits.cells for ask in cell] == ["乡镇卫生院", "乡镇卫生院、村卫生室"]
    assert visits.needs == (("乡镇卫生院", "≥ 35%"), ("村卫生室", "≥ 30%"))


def test_demands_that_exclude_each_other_are_said_plainly(world, client):
    works_towards(world, another("few", title="限额方案", c3_1={"comparator": "<=", "target": "30%"}))
    assert "“测试标准”要求 ≥ 35%，“限额方案”要求 ≤ 30%，不能同时达到。" in page(client)


def test_a_target_that_the_county_plans_itself_is_worked_out_and_may_not_be_set(world):
    Element.objects.create(code="plan", name="规划数", group="测试", value_type="integer", reported_by=["county"])
    works_towards(world, another("plan", c1_1={"comparator": ">=", "target": "sum(plan)"}))
    fund = line(world, "中医药专项资金")
    assert said(fund)[1] == [("待设目标", "", "120.50 万元")]
    assert fund.needs == (("县（区）本级", "> 0 万元，另有一项待设目标"),)
    report = Report.objects.get(institution__code="A-00")
    report.accepted |= {"plan": 150}
    report.save()
    Standing.objects.all().delete()
    works_towards(world, another("plan2", c1_1={"comparator": ">=", "target": "sum(plan)"}))
    (ask,) = line(world, "中医药专项资金").cells[2]
    assert (ask.words, ask.planned) == ("≥ 150 万元", True)


def test_targets_by_year_are_those_of_the_period_and_later_ones_are_told(world):
    steps = {"2022": "30%", "2024": "40%", "2026": "sum(visits)"}
    works_towards(world, another("steps", c3_1={"targets": steps}))
    (ask,) = line(world, "中医诊疗人次合计").cells[1]
    assert (ask.words, ask.later) == ("≥ 30%", "2024 年起 ≥ 40%，2026 年起 按规划目标")


def test_a_period_without_results_shows_what_is_asked_and_no_lights(world, client):
    text = client.get(url(period="2019")).content.decode()
    assert "本期没有结果" in text
    assert 'class="ask"' in text
    assert "light-" not in text.split('id="list"')[1]


def test_the_totals_lead_to_each_standards_overview(world, client):
    works_towards(world, another("deep", c2_2=FIFTEEN))
    text = page(client)
    for code in ("small", "deep"):
        assert f'href="/c/A/{code}/2023/"' in text
        assert f'href="/c/A/{code}/2023/items/3/"' in text


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"show": "differs"}, {"“适宜技术项数 ≥ ○”的机构占比"}),
        ({"show": "alone"}, {"“设有中医馆”的机构数"}),
        ({"show": "not_met", "q": "3.1"}, {"中医诊疗人次合计 ÷ 总诊疗人次合计"}),
        ({"q": "财政投入"}, {"中医药专项资金"}),
        ({"q": "没有这样的"}, set()),
    ],
)
def test_filters(world, client, query, titles):
    works_towards(
        world, another("deep", c2_2=FIFTEEN, c2_1={"expression": "count(has_hall)", "target": "2", "unit": "家"})
    )
    if query.get("show") == "alone":
        Criterion.objects.filter(item__standard=world.standard, code="2.1").delete()
    rows = client.get(url(), query).context["groups"]
    assert {row["line"].title for _, lines in rows for row in lines} == titles


def test_choices_that_do_not_exist_filter_nothing(world, client):
    assert client.get(url(), {"show": "<x>", "q": " "}).context["shown"] == 4


@pytest.mark.parametrize("period", ["2023Q5", "1999", "2023-13", "x"])
def test_what_is_no_period_is_not_found(client, period):
    assert client.get(f"/c/A/matrix/{period}/").status_code == 404


def test_the_workbook_has_every_demand_exactly_and_is_on_the_trail(world, client):
    works_towards(world, another("deep", title="=深化方案", c2_2=FIFTEEN))
    response = client.get(url("matrix-export"), {"show": "differs"})
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert book.sheetnames == ["对照", "逐项", "合计"]
    heading, row = book["对照"].values
    assert heading[3:] == ("测试标准", "=深化方案", "满足全部标准", "说明")
    assert row[5] == "村卫生室：15 项，≥ 100%"
    assert [(row[2], row[8], row[9], row[12], row[15]) for row in list(book["逐项"].values)[1:]] == [
        ("测试标准", "6 项，≥ 100%", "1", None, "2/3"),
        ("=深化方案", "15 项，≥ 100%", "1", "要求更高", "0"),
    ]
    assert book["逐项"]["C3"].data_type == "s"
    event = Event.objects.latest("pk")
    assert (event.action, event.after["rows"], event.after["filters"]) == ("export_matrix", 1, {"show": "differs"})


def test_the_number_of_queries_does_not_depend_on_the_standards(world, client):
    counts = {}
    for number in range(1, 6):
        with CaptureQueriesContext(connection) as counted:
            page(client)
        counts[number] = len(counted)
        works_towards(world, another(f"s{number}", c3_1={"target": f"{30 + number}%"}))
    assert len(set(counts.values())) == 1, counts
    with CaptureQueriesContext(connection) as counted:
        assert len(content(world).columns) == 6
    assert len(counted) == 5

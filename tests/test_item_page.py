"""An item's page: each criterion, who stands in the way, and the evidence that the county office judges."""

import pytest
from django.urls import reverse

from assessments.models import EvidenceJudgement, Standing
from assessments.services import start_campaign
from indicators.models import Criterion
from tcm_demo.audit.models import Event
from tests.world import PERIOD, World, add_institution, make_item, make_world

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


def item_url(number: str, query: str = "") -> str:
    return reverse("assessments:item", kwargs=HERE | {"number": number}) + query


def judge_url(number: str, code: str) -> str:
    return reverse("assessments:judge-evidence", kwargs=HERE | {"number": number, "code": code})


def page(client, number: str, query: str = "") -> str:
    response = client.get(item_url(number, query))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def blocks(client, number: str, query: str = "") -> list:
    return client.get(item_url(number, query)).context["blocks"]


def lacks(block) -> list[tuple]:
    return [(line.institution.code, line.word, line.lacks) for line in block.lines]


def score_again(world: World) -> None:
    start_campaign(world.county, world.standard, period=PERIOD)


# ---- what is demanded ----


def test_requirement_departments_and_points(leader):
    html = page(leader, "2")
    assert "中医馆与适宜技术的要求。" in html
    assert "卫生健康局" in html
    assert "财政局" in html
    assert "本系统自评得分（非官方评分）" in html


def test_neighbours_lead_on(leader):
    html = page(leader, "2")
    assert f'rel="prev" href="{item_url("1")}"' in html
    assert f'rel="next" href="{item_url("3")}"' in html
    assert 'rel="prev"' not in page(leader, "1")
    assert 'rel="next"' not in page(leader, "3")


# ---- a share ----


def test_a_share_shows_value_target_range_coverage_and_formula(leader):
    html = page(leader, "2")
    assert "33.33%" in html
    assert "目标 ≥ 100%" in html
    assert "33.33%～66.67%" in html
    assert "已报 2/3，暂算" in html
    assert "“设有中医馆”的机构占比" in html
    assert "1 ÷ 3 = 33.33%" in html


def test_a_share_is_a_bar_of_met_failing_and_unknown(leader):
    halls, techniques = blocks(leader, "2")
    assert halls.parts == [("met", 1, "满足"), ("unmet", 1, "不满足"), ("incomplete", 1, "缺数据")]
    assert techniques.parts == [("met", 2, "满足"), ("unmet", 1, "不满足")]


def test_each_institution_that_stands_in_the_way_says_what_it_lacks(leader):
    halls, techniques = blocks(leader, "2")
    assert lacks(halls) == [("A-02", "不满足", ["设有中医馆：否"]), ("A-03", "缺数据", ["未填报：设有中医馆"])]
    assert lacks(techniques) == [("A-1000", "不满足", ["现为 4 项，还差 2 项"])]
    assert halls.lines[0].institution.url == reverse("assessments:institution", kwargs=HERE | {"code": "A-02"})


def test_where_the_unknown_can_turn_the_result_they_come_first(leader, world):
    Criterion.objects.filter(code="2.1").update(target="60%")
    score_again(world)
    halls = blocks(leader, "2")[0]
    assert halls.criterion.status == "undecided"
    assert [line.institution.code for line in halls.lines] == ["A-03", "A-02"]


def test_a_share_that_is_met_folds_its_list_and_still_says_what_is_lacking(leader, world):
    Criterion.objects.filter(code="2.2").update(target="10%")
    score_again(world)
    techniques = blocks(leader, "2")[1]
    assert not techniques.open
    assert lacks(techniques) == [("A-1000", "不满足", ["现为 4 项，还差 2 项"])]


def test_a_long_list_comes_a_page_at_a_time(leader, world):
    for i in range(45):
        add_institution(world.county, f"V-{i:02d}", "village_clinic", {"techniques": 0})
    score_again(world)
    html = page(leader, "2")
    assert "共 <b>46</b> 家，第 1—20 家" in html
    assert 'href="?page2=3"' in html
    last = blocks(leader, "2", "?page2=3")[1]
    assert [line.institution.code for line in last.lines][-1] == "V-44"
    assert len(last.lines) == 6
    assert [len(block.lines) for block in blocks(leader, "2", "?page2=nonsense")] == [2, 20]


# ---- a ratio ----


def test_a_ratio_compares_its_institutions_with_the_target(leader):
    (visits,) = blocks(leader, "3")
    assert visits.chart.words == "2 家机构：不低于目标 1 家，低于目标 1 家"
    assert visits.chart.option["yAxis"]["data"] == ["东镇卫生院", "西镇卫生院"]
    assert [bar["value"] for bar in visits.chart.option["series"][0]["data"]] == [40, 10]


def test_a_ratio_says_both_ways_to_make_up_for_it_and_who_has_room(leader):
    html = page(leader, "3")
    assert "还差 45 人次（中医诊疗人次）" in html
    assert "总数不变时需转化或调整 45 人次" in html
    (visits,) = blocks(leader, "3")
    assert [(room.institution.code, room.value_text, room.amount) for room in visits.rooms] == [
        ("A-02", "10%", "50 人次（中医诊疗人次）")
    ]


def test_who_has_not_reported_for_a_ratio_is_named_with_what_is_empty(leader):
    (visits,) = blocks(leader, "3")
    assert lacks(visits) == [("A-03", "缺数据", ["未填报：中医诊疗人次、总诊疗人次"])]


def test_many_ratios_become_a_distribution(leader, world):
    for i in range(50):
        add_institution(world.county, f"T-{i:02d}", "township_centre", {"visits": 100, "tcm_visits": i})
    score_again(world)
    (visits,) = blocks(leader, "3")
    below, above = visits.chart.option["series"]
    # 0 to 9.99 %, … 30 to 39.99 % are cut by the target of 35 %
    assert visits.chart.option["yAxis"]["data"] == ["0～10%", "10～20%", "20～30%", "30～40%", "40～50%"]
    assert [bar["value"] for bar in below["data"]] == [10, 11, 10, 5, 0]
    assert [bar["value"] for bar in above["data"]] == [0, 0, 0, 5, 11]


def test_an_extreme_tells_the_institutions_own_figure(leader, world):
    add = ("4.1", "最少项数", "hard", ["village_clinic"], "min(techniques)", ">=", "5", "项")
    make_item(world.standard.sections.last(), "4", "最少", world.standard.departments.first(), [add], [])
    score_again(world)
    (least,) = blocks(leader, "4")
    assert lacks(least) == [("A-1000", "不满足", ["现为 4 项"])]


def test_a_criterion_that_applies_to_nobody_says_so(leader, world):
    nobody = ("4.1", "站点", "hard", ["community_station"], "share(techniques >= 1)", ">=", "100%", "%")
    make_item(world.standard.sections.last(), "4", "站点", world.standard.departments.first(), [nobody], ["照片"])
    score_again(world)
    html = page(leader, "4")
    assert "不适用" in html
    assert blocks(leader, "4")[0].lines == []


def test_an_item_without_criteria_says_that_evidence_decides(leader, world):
    make_item(world.standard.sections.last(), "4", "只看材料", world.standard.departments.first(), [], ["文件"])
    score_again(world)
    assert "由佐证材料认定" in page(leader, "4")


# ---- evidence ----


def test_leadership_sees_evidence_but_no_form(leader):
    html = page(leader, "1")
    assert "资金文件" in html
    assert "缺件" in html
    assert '<form class="judge-form"' not in html


def test_a_reviewer_judges_evidence_too(client, world):
    client.force_login(world.users["reviewer"])
    assert '<form class="judge-form"' in page(client, "1")
    client.post(judge_url("1", "1-1"), {"state": "accepted", "reason": "看过原件"})
    assert Event.objects.filter(action="judge_evidence", actor=world.users["reviewer"]).exists()


def test_the_office_judges_and_the_item_follows(office, world):
    answer = office.post(judge_url("1", "1-1"), {"state": "accepted", "reason": "原件已核"})
    assert answer.url == f"{item_url('1')}#evidence-1-1"
    html = page(office, "1")
    assert "原件已核" in html
    assert "office" in html
    assert Standing.objects.get(county=world.county).result["items"][0]["evidence"]["accepted"] == 1
    assert Event.objects.filter(action="judge_evidence", actor=world.users["office"]).exists()


def test_with_htmx_only_what_changed_comes_back(office):
    answer = office.post(judge_url("1", "1-1"), {"state": "accepted", "reason": "看过原件"}, HTTP_HX_REQUEST="true")
    html = answer.content.decode()
    assert "<html" not in html
    assert 'id="evidence"' in html
    assert "已保存" in html
    assert 'id="item-state" class="item-state" hx-swap-oob="true"' in html
    assert "<b>1/2</b>" in html


@pytest.mark.parametrize("htmx", [{}, {"HTTP_HX_REQUEST": "true"}], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"state": "failing", "reason": " "}, "请写明理由"),
        ({"state": "accepted", "reason": " "}, "没有足够的已接受材料"),
        ({"state": "", "reason": ""}, "请选择认定结论"),
        ({"state": "nonsense"}, "请选择认定结论"),
        ({"state": "accepted", "reason": "长" * 301}, "理由最多 300 字"),
    ],
)
def test_a_judgement_that_cannot_be_is_said_in_place(office, data, sentence, htmx):
    answer = office.post(judge_url("1", "1-1"), data, **htmx)
    assert answer.status_code == 200
    html = answer.content.decode()
    place = html[html.index('id="evidence-1-1"') : html.index('id="evidence-1-2"')]
    assert sentence in place
    assert '<details class="judge no-print" open>' in place
    assert not EvidenceJudgement.objects.exists()


def test_what_was_typed_is_markup_nowhere(office):
    office.post(judge_url("1", "1-1"), {"state": "failing", "reason": "<script>alert(1)</script>"})
    html = page(office, "1")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html


# ---- cost ----


@pytest.mark.parametrize("villages", [1, 60])
@pytest.mark.parametrize(("number", "queries"), [("1", 29), ("2", 28), ("3", 32)])
def test_queries_do_not_grow_with_the_county(client, db, django_assert_num_queries, villages, number, queries):
    world = make_world(villages)
    client.force_login(world.users["leadership"])
    with django_assert_num_queries(queries):
        client.get(item_url(number))


@pytest.mark.parametrize(("who", "queries"), [("office", 34), ("liaison", 33)])
def test_those_who_work_here_pay_for_people_too(client, world, django_assert_num_queries, who, queries):
    client.force_login(world.users[who])
    with django_assert_num_queries(queries):
        client.get(item_url("1"))

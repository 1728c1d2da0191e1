"""The form of one institution as its clerk sees it, from the opening day to the county's acceptance."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import Element
from institutions.enums import Role
from institutions.filling.services import Cell, save_cells, submit_report
from institutions.models import Grant, Institution
from institutions.review.services import decide
from institutions.rounds.services import close_round
from tests.filling import NOW, open_round, report, url
from tests.world import make_world

FULL = {"has_hall": "是", "techniques": "6", "visits": "110", "tcm_visits": "50"}


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def round(world):
    return open_round(world, note="按年度统计口径。")


@pytest.fixture
def clerk(client, world):
    client.force_login(world.users["clerk"])
    return client


def centre() -> Institution:
    return Institution.objects.select_related("county", "manager").get(code="A-01")


def save(world, round, **texts) -> None:
    save_cells(round, [Cell(centre(), code, text) for code, text in texts.items()], by=world.users["clerk"])


def submit(world, round, **texts) -> None:
    save(world, round, **FULL | texts)
    submit_report(round, centre(), by=world.users["clerk"])


def html(client, name="fill", **place) -> str:
    response = client.get(url(name, **place))
    assert response.status_code == 200
    return response.content.decode()


def field(page: str, code: str) -> str:
    """What the page says about one element."""
    return page.split(f'id="f-{code}"')[1].split("</li>\n")[0].split('class="fill-field')[0]


# ---- what it shows ----


def test_it_asks_for_the_institutions_own_elements_alone(clerk, round):
    page = html(clerk)
    assert re.findall(r'id="f-(\w+)"', page) == ["has_hall", "techniques", "visits", "tcm_visits"]


def test_an_element_added_later_stands_with_its_group(clerk, round):
    facts = {"value_type": "integer", "reported_by": ["township_centre"]}
    Element.objects.create(code="other", name="别组的", group="别的", position=1000, **facts)
    Element.objects.create(code="late", name="后加的", group="测试", position=1001, **facts)
    page = html(clerk)
    assert re.findall(r'id="f-(\w+)"', page) == ["has_hall", "techniques", "visits", "tcm_visits", "late", "other"]
    assert page.count("测试</h") == 1


def test_a_round_may_ask_for_some_elements_only(clerk, round):
    round.elements = ["visits", "fund"]
    round.save()
    assert re.findall(r'id="f-(\w+)"', html(clerk)) == ["visits"]


def test_a_field_says_unit_definition_last_period_and_what_it_counts_for(clerk, round):
    Element.objects.filter(code="tcm_visits").update(definition="其中中医诊疗的人次")
    words = field(html(clerk), "tcm_visits")
    for expected in ("中医诊疗人次", "人次", "其中中医诊疗的人次", "上期 <b>40</b>", "计入标准第 3 条"):
        assert expected in words
    assert "3.1 中医诊疗人次占比" in words


def test_what_no_criterion_of_its_type_counts_says_nothing(clerk, round):
    """The techniques of a township centre are asked, but only those of village clinics count."""
    assert "计入标准" not in field(html(clerk), "techniques")


def test_numbers_are_typed_on_a_number_pad_and_answers_are_pressed(clerk, round):
    page = html(clerk)
    assert 'inputmode="numeric"' in field(page, "visits")
    answers = re.findall(r'type="radio"[^>]*value="([^"]*)"( checked)?', field(page, "has_hall"))
    assert answers == [("是", ""), ("否", ""), ("", " checked")]


def test_it_says_how_long_there_is_and_what_the_county_notes(clerk, round):
    page = html(clerk)
    assert "还有 5 天" in page
    assert "按年度统计口径。" in page


@pytest.mark.parametrize(("left", "words"), [(0, "今天截止"), (-3, "逾期 3 天")])
def test_late_reports_are_still_taken(clerk, round, left, words):
    round.opens_on = timezone.localdate() - timedelta(days=9)
    round.due_on = timezone.localdate() + timedelta(days=left)
    round.save()
    page = html(clerk)
    assert words in page
    assert 'data-fill="form"' in page


def test_what_is_stored_stands_in_the_fields_with_who_stored_it(clerk, world, round):
    save(world, round, visits="1870", has_hall="否", tcm_visits="很多")
    page = html(clerk)
    assert 'value="1870"' in field(page, "visits")
    assert re.search(r'value="否" checked', field(page, "has_hall"))
    assert 'value="很多"' in field(page, "tcm_visits")
    assert "不是数字" in field(page, "tcm_visits")
    assert "最近一次：clerk" in page
    assert "已填 <b data-filled>2</b> / 4" in page


def test_what_was_typed_is_escaped(clerk, world, round):
    save(world, round, visits='"><script>x</script>')
    page = html(clerk)
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


# ---- faults and cautions beside their fields ----


def test_faults_stand_beside_each_of_their_fields_and_on_top(clerk, world, round):
    save(world, round, visits="10", tcm_visits="20")
    page = html(clerk)
    for code in ("visits", "tcm_visits"):
        assert "中医诊疗人次不能大于总诊疗人次" in field(page, code)
    assert "有 1 处错误要改正" in page  # of two figures together


def test_a_caution_stands_beside_its_first_field_with_a_box_for_the_word(clerk, world, round):
    save(world, round, has_hall="是", techniques="0")
    page = html(clerk)
    assert "设有中医馆，却没有适宜技术" in field(page, "has_hall")
    assert f"x-{centre().pk}-rule:not has_hall or techniques &gt; 0" in field(page, "has_hall")
    assert "<textarea" not in field(page, "techniques")
    assert "见“设有中医馆”。" in field(page, "techniques")


def test_empty_fields_are_no_caution_while_they_are_being_filled_in(clerk, world, round):
    save(world, round, visits="10")
    assert "没有填" not in html(clerk).split("<template")[0]


# ---- copying ----


def test_copying_is_offered_where_there_is_something_to_copy(clerk, world, round):
    assert "沿用上期的是否和选项（1 项）" in html(clerk)
    save(world, round, has_hall="否")
    assert "沿用上期" not in html(clerk)


def test_copying_fills_answers_and_leaves_figures_empty(clerk, round):
    response = clerk.post(url("fill-copy"), follow=True)
    assert "已沿用上期 1 项：设有中医馆" in response.content.decode()
    assert report().values == {"has_hall": True}
    assert "没有可以沿用的" in clerk.post(url("fill-copy"), follow=True).content.decode()


# ---- states ----


def test_before_the_opening_day_it_shows_what_will_be_asked(clerk, world):
    open_round(world, since=-2, left=9)
    page = html(clerk)
    assert "开放填报，到时再来填" in page
    assert "<input" not in page.split('id="f-')[1]
    assert "核对并提交" not in page


def test_after_closing_it_shows_what_was_reported(clerk, world, round):
    save(world, round, visits="1870")
    close_round(round, by=world.users["office"])
    page = html(clerk)
    assert "关闭，不能再修改" in page
    assert "1,870" in page
    assert 'data-fill="form"' not in page


def test_where_nothing_is_asked_it_says_so(clerk, round):
    round.elements = ["fund"]
    round.save()
    assert "本期没有要填的项目" in html(clerk)


def test_a_submitted_report_is_read_only_and_says_who_and_when(clerk, world, round):
    submit(world, round)
    page = html(clerk)
    assert "提交人：clerk" in page
    assert "等待创建办审核" in page
    assert 'data-fill="form"' not in page


def test_the_words_on_cautions_stay_to_be_read(clerk, world, round):
    save(world, round, **FULL | {"techniques": "0"})
    words = {centre().pk: {"rule:not has_hall or techniques > 0": "正在筹备"}}
    save_cells(round, [], by=world.users["clerk"], explanations=words)
    submit_report(round, centre(), by=world.users["clerk"])
    assert "正在筹备" in field(html(clerk), "has_hall")


def test_an_accepted_report_says_so(clerk, world, round):
    submit(world, round)
    decide(round, centre(), accept_all=True, by=world.users["reviewer"])
    page = html(clerk)
    assert "审核人：reviewer" in page
    assert "计入全县（区）结果" in page
    assert 'data-fill="form"' not in page


def test_what_came_back_is_named_first_and_beside_its_field(clerk, world, round):
    submit(world, round)
    reviewer = world.users["reviewer"]
    decide(round, centre(), accept=["has_hall"], returns={"visits": "与年报不符"}, by=reviewer)
    page = html(clerk)
    assert "退回 1 项，请改正" in page
    assert page.index("与年报不符") < page.index('id="f-has_hall"')
    assert "与年报不符" in field(page, "visits")


def test_accepted_figures_are_locked_while_others_are_mended(clerk, world, round):
    submit(world, round)
    decide(round, centre(), accept=["has_hall"], returns={"visits": "与年报不符"}, by=world.users["reviewer"])
    page = html(clerk)
    assert "已接受" in field(page, "has_hall")
    assert "<input" not in field(page, "has_hall")
    assert "<input" in field(page, "visits")


def test_a_report_that_came_back_as_a_whole_says_why(clerk, world, round):
    submit(world, round)
    decide(round, centre(), returns={"": "填错了年度"}, by=world.users["reviewer"])
    page = html(clerk)
    assert "整份填报被退回" in page
    assert "退回理由：填错了年度" in page


def test_the_history_shows_each_step_with_its_cells(clerk, world, round):
    assert "还没有任何操作" in html(clerk, "fill-history")
    submit(world, round)
    page = html(clerk, "fill-history")
    assert "提交" in page
    assert "总诊疗人次" in page
    assert "110" in page


# ---- whose it is ----


def test_a_manager_fills_in_for_its_village_clinics_and_the_form_says_so(client, world, round):
    Institution.objects.filter(code="A-1000").update(manager=centre())
    client.force_login(world.users["clerk"])
    assert "由东镇卫生院代报" in html(client, code="A-1000")


@pytest.mark.parametrize(
    "place", [{"code": "A-02"}, {"code": "B-01"}, {"period": "2023"}, {"period": "x"}, {"county": "B"}]
)
def test_nothing_of_others_and_no_guessed_period_is_found(clerk, round, place):
    for name in ("fill", "fill-check", "fill-history"):
        assert clerk.get(url(name, **place)).status_code == 404
    for name in ("fill-save", "fill-copy", "fill-submit"):
        assert clerk.post(url(name, **place), {}).status_code == 404


def test_an_institution_that_the_round_does_not_ask_is_not_found(clerk, round):
    round.types = ["village_clinic"]
    round.save()
    assert clerk.get(url("fill")).status_code == 404


def test_pages_of_a_report_are_not_kept_by_the_browser(clerk, round):
    assert "no-store" in clerk.get(url("fill")).headers["Cache-Control"]


def test_a_page_of_many_fields_costs_as_many_queries_as_one_of_few(clerk, world, round):
    save(world, round, visits="10", tcm_visits="20")
    few = queries(clerk)
    Element.objects.bulk_create(
        Element(code=f"n{i}", name=f"数 {i}", group="许多", value_type="integer", reported_by=["township_centre"])
        for i in range(45)
    )
    assert queries(clerk) == few <= 20


def queries(client) -> int:
    client.get(url("fill"))
    with CaptureQueriesContext(connection) as captured:
        client.get(url("fill"))
    return len(captured)


def test_a_second_clerk_of_the_institution_sees_the_same_report(client, world, round):
    Grant.objects.create(user=world.users["stranger"], county=world.county, role=Role.DATA_CLERK, institution=centre())
    save(world, round, visits="77")
    client.force_login(world.users["stranger"])
    assert 'value="77"' in html(client)
    assert report().period == NOW

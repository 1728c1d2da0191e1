"""One report as the county office checks it: what stands beside each figure, what comes first, and deciding."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from indicators.models import ElementCheck
from institutions.filling.services import submit_report
from institutions.models import Institution, Report
from institutions.review.services import decide
from tests.reviewing import (
    VALUES,
    add_clerk,
    east,
    explain_all,
    fill,
    hand_in,
    html_of,
    open_round,
    page_of,
    report_before,
    rows_of,
    url_of,
)
from tests.world import add_institution, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def round(world):
    return open_round(world)


@pytest.fixture
def reviewer(client, world):
    client.force_login(world.users["reviewer"])
    return client


@pytest.fixture
def submitted(world, round):
    return hand_in(round, east(), world.users["clerk"])


# ---- beside each figure ----


def test_a_figure_stands_beside_the_last_periods_with_its_change(reviewer, round, submitted):
    report_before(east(), {"visits": 800, "tcm_visits": 400, "has_hall": False})
    rows = rows_of(reviewer)
    assert [(row.value, row.before, row.change) for row in rows.values()] == [
        ("是", "否", "有变化"),
        ("10", None, ""),
        ("1,000", "800", "+200（+25%）"),
        ("400", "400", "不变"),
    ]
    assert page_of(reviewer).before_words == "2022年度"


@pytest.mark.parametrize(
    ("before", "change"),
    [(0, "+1,000（上期为 0）"), (1001, "−1（不足 0.1%）"), (3000, "−2,000（−66.6%）"), (1000, "不变")],
)
def test_changes_are_cut_not_rounded_up(reviewer, round, submitted, before, change):
    report_before(east(), {"visits": before})
    assert rows_of(reviewer)["visits"].change == change


def test_a_figure_stands_beside_the_average_of_its_type(world, reviewer, round, submitted):
    clerk = world.users["clerk"]
    west, south = (Institution.objects.get(code=code) for code in ("A-02", "A-03"))
    hand_in(round, west, clerk, {"visits": "1001", "has_hall": "否"})
    # a draft is nobody's word yet, and another type is another thing
    fill(round, south, clerk, {"visits": "9"})
    hand_in(round, Institution.objects.get(code="A-1000"), clerk, {"techniques": "4"})
    rows = rows_of(reviewer)
    assert (rows["visits"].typical.text, rows["visits"].typical.count) == ("1,000.5", 2)
    assert (rows["has_hall"].typical.text, rows["techniques"].typical.text) == ("是 1/2", "10")
    assert "2/3 家" in html_of(reviewer)


def test_decimals_are_averaged_exactly(world, reviewer, round):
    own = Institution.objects.get(code="A-00")
    hand_in(round, own, world.users["clerk"], {"fund": "120.55"})
    assert rows_of(reviewer, "A-00")["fund"].typical.text == "120.55"


def test_a_figure_names_the_items_that_it_counts_for(reviewer, round, submitted):
    rows = rows_of(reviewer)
    assert (rows["visits"].uses, rows["has_hall"].uses) == (("3",), ("2",))
    assert "第 3 条" in html_of(reviewer)


def test_cautions_stand_beside_their_figures_with_the_institutions_own_words(world, reviewer, round):
    report_before(east(), {"visits": 500})
    clerk = world.users["clerk"]
    fill(round, east(), clerk)
    explain_all(round, east(), clerk)
    submit_report(round, east(), by=clerk)
    (note,) = rows_of(reviewer)["visits"].notes
    assert "由 500 人次变为 1,000 人次" in note.text
    assert note.words == "已核对原始报表"
    assert html_of(reviewer).count("已核对原始报表") == 1


def test_a_caution_about_two_figures_stands_at_the_first_and_points_there_from_the_other(world, reviewer, round):
    ElementCheck.objects.create(
        expression="tcm_visits <= 30% * visits", message="中医诊疗人次偏高", level="warning", position=0
    )
    hand_in(round, east(), world.users["clerk"])
    rows = rows_of(reviewer)
    texts = {code: [note.text for note in row.notes] for code, row in rows.items() if row.notes}
    assert texts["visits"][0].startswith("中医诊疗人次偏高")
    assert texts["tcm_visits"] == ["见“总诊疗人次”。"]


def test_faults_that_came_up_since_are_shown(reviewer, round, submitted):
    ElementCheck.objects.create(
        expression="tcm_visits <= 30% * visits", message="中医诊疗人次过高", level="error", position=0
    )
    (note, *_) = rows_of(reviewer)["visits"].notes
    assert note.is_fault
    assert "错误" in html_of(reviewer)


def test_missing_figures_are_listed_as_missing(world, reviewer, round):
    hand_in(round, east(), world.users["clerk"], {"visits": "1000", "tcm_visits": "400"})
    page = page_of(reviewer)
    assert [row.code for row in page.rows.first] == ["has_hall", "techniques"]
    assert all(row.is_missing for row in page.rows.first)
    assert [note.words for note in page.rows.above] == ["已核对原始报表"]
    assert html_of(reviewer).count("未填") >= 2


def test_a_figure_that_the_round_does_not_ask_for_is_shown_as_it_is_accepted_too(reviewer, round, submitted):
    round.elements = ["visits", "tcm_visits", "techniques"]
    round.save()
    rows = rows_of(reviewer)
    assert (rows["has_hall"].is_asked, rows["visits"].is_asked) == (False, True)
    assert "本次不要求填报" in html_of(reviewer)


# ---- what comes first ----


def test_what_needs_a_look_comes_first_and_what_is_the_same_is_folded(world, reviewer, round):
    report_before(east(), {"visits": 500, "tcm_visits": 390, "techniques": 10, "has_hall": True})
    hand_in(round, east(), world.users["clerk"])
    rows = page_of(reviewer).rows
    assert [[row.code for row in group] for group in (rows.first, rows.changed, rows.same)] == [
        ["visits"],
        ["tcm_visits"],
        ["has_hall", "techniques"],
    ]
    html = html_of(reviewer)
    assert "先看这些" in html
    assert '<details class="region review-same">' in html


def test_what_was_returned_before_comes_first_with_what_it_was_and_why(world, reviewer, round, submitted):
    report_before(east(), VALUES)
    decide(round, east(), accept_all=True, by=world.users["reviewer"])
    decide(round, east(), returns={"tcm_visits": "与佐证材料不符"}, by=world.users["reviewer"])
    assert rows_of(reviewer)["tcm_visits"].returned == "与佐证材料不符"
    fill(round, east(), world.users["clerk"], {"tcm_visits": "380"})
    submit_report(round, east(), by=world.users["clerk"])
    (row,) = page_of(reviewer).rows.first
    assert (row.code, row.value, row.past_value, row.past.reason, row.past.by) == (
        "tcm_visits", "380", "400", "与佐证材料不符", "reviewer",
    )  # fmt: skip
    assert "退回时为 400，理由：与佐证材料不符（reviewer）" in html_of(reviewer)


def test_after_a_return_of_the_whole_report_what_has_changed_since_comes_first(world, reviewer, round, submitted):
    report_before(east(), VALUES)
    decide(round, east(), returns={"": "请核对"}, by=world.users["reviewer"])
    fill(round, east(), world.users["clerk"], {"visits": "1010", "has_hall": ""})
    explain_all(round, east(), world.users["clerk"])
    submit_report(round, east(), by=world.users["clerk"])
    first = {row.code: (row.value, row.past_value) for row in page_of(reviewer).rows.first}
    assert first == {"visits": ("1,010", "1,000"), "has_hall": (None, "是")}


def test_without_a_period_before_nothing_is_said_to_have_changed(reviewer, round, submitted):
    html = html_of(reviewer)
    assert "其余各项" in html
    assert "没有上期数可比" in html


# ---- on top ----


def test_the_way_of_the_report_is_shown_with_who_and_when(world, reviewer, round, submitted):
    decide(round, east(), returns={"visits": "请核对"}, by=world.users["reviewer"])
    explain_all(round, east(), world.users["clerk"])
    submit_report(round, east(), by=world.users["clerk"])
    decide(round, east(), accept=["visits"], by=world.users["reviewer"])
    decide(round, east(), accept_all=True, by=world.users["office"])
    assert [(link.word, link.by) for link in page_of(reviewer).links] == [
        ("草稿", "clerk"), ("已提交", "clerk"), ("退回 1 项", "reviewer"),
        ("已提交", "clerk"), ("接受 1 项", "reviewer"), ("已接受", "office"),
    ]  # fmt: skip


@pytest.mark.parametrize(("day", "words"), [(31, ""), (34, "逾期 3 天提交")])
def test_it_says_by_how_many_days_the_report_came_late(reviewer, round, submitted, day, words):
    moment = timezone.make_aware(datetime(2024, 1, 1, 23, 59)) + timedelta(days=day - 1)
    Report.objects.update(submitted_at=moment)
    assert page_of(reviewer).lateness == words


def test_a_report_that_is_not_there_is_later_every_day_until_the_round_is_closed(reviewer, round):
    assert page_of(reviewer, "A-02").lateness.startswith("逾期 ")
    assert "未开始" in html_of(reviewer, "A-02")
    round.closed_at = timezone.make_aware(datetime(2024, 2, 2))
    round.save()
    assert page_of(reviewer, "A-02").lateness == "逾期 2 天"


def test_the_neighbours_are_those_of_the_worklist(world, reviewer, round):
    """By type, then as the county lists them: a centre that was added last stands among the centres."""
    add_institution(world.county, "A-99", "township_centre", None)
    around = page_of(reviewer, "A-99").around
    assert (around.previous.code, around.next.code) == ("A-03", "A-1000")


def test_the_clerks_can_be_phoned_by_those_who_check(world, client, reviewer, round):
    clerk = world.users["clerk"]
    clerk.phone = "13800000000"
    clerk.save()
    clinic = Institution.objects.get(code="A-1000")
    Institution.objects.filter(pk=clinic.pk).update(manager=east())
    own = add_clerk(clinic, "villager")
    gone = add_clerk(clinic, "gone")
    gone.is_active = False
    gone.save()
    contacts = client.get(url_of("A-1000")).context["contacts"]
    assert [(each.name, each.phone, each.proxy) for each in contacts] == [
        (str(own), "", ""),
        ("clerk", "13800000000", "东镇卫生院"),
    ]
    client.force_login(world.users["expert"])
    assert "13800000000" not in client.get(url_of("A-1000")).content.decode()


def test_it_leads_to_its_neighbours_in_the_countys_order_and_to_the_institutions_page(reviewer, round, submitted):
    html = html_of(reviewer)
    for code in ("A-00", "A-02"):
        assert f'href="{url_of(code)}"' in html
    assert reverse("assessments:institution", args=["A", "small", "2023", "A-01"]) in html


def test_only_what_the_round_asks_is_there(world, reviewer, round):
    round.types = ["township_centre"]
    round.save()
    assert reviewer.get(url_of("A-1000")).status_code == 404
    assert reviewer.get(url_of("A-99")).status_code == 404
    # what was reported before the round was narrowed can still be looked at
    hand_in_type(world, round)
    assert reviewer.get(url_of("A-1000")).status_code == 200


def hand_in_type(world, round):
    now = timezone.now()
    clinic = Institution.objects.get(code="A-1000")
    Report.objects.create(institution=clinic, period="2023", values={"techniques": 4}, updated_at=now)


# ---- on paper, and how fast ----


def test_the_sheet_for_the_archive_holds_values_states_words_and_history(world, reviewer, round):
    report_before(east(), {"visits": 500})
    hand_in(round, east(), world.users["clerk"])
    decide(round, east(), accept=["has_hall"], by=world.users["reviewer"])
    sheet = html_of(reviewer, part="review-sheet")
    for words in (
        "东镇卫生院 2023年度填报表",
        "机构编码 A-01",
        "1,000",
        "已接受",
        "待审核",
        "机构说明：已核对原始报表",
    ):
        assert words in sheet
    assert "总诊疗人次 空 → 1,000人次" in sheet
    assert "审核人（签字）" in sheet


def queries_of(client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url_of()).status_code == 200
    return len(queries)


def test_more_institutions_steps_and_cautions_cost_no_more_queries(world, reviewer, round, submitted):
    few = queries_of(reviewer)
    report_before(east(), {"visits": 500})
    for n in range(3):
        decide(round, east(), returns={"visits": "请核对", "has_hall": "请核对"}, by=world.users["reviewer"])
        fill(round, east(), world.users["clerk"], {"visits": str(900 + n)})
        explain_all(round, east(), world.users["clerk"])
        submit_report(round, east(), by=world.users["clerk"])
        centre = add_institution(world.county, f"A-5{n}", "township_centre", None)
        hand_in(round, centre, world.users["clerk"])
        add_clerk(east(), f"clerk{n}")
    # one for the figures of the period that there was not before; 6 are the frame's (session, navigation, notices)
    assert queries_of(reviewer) == few + 1 <= 23

"""The list of rounds, setting one up and changing it, and who may accept what they submitted."""

import re
from datetime import date
from unittest.mock import patch

import pytest

from institutions.enums import ReportState
from institutions.models import County, Institution, Round
from institutions.rounds.forms import PERIOD_FORMS, period_meant
from institutions.rounds.progress import stage_of
from tcm_demo.audit.models import Event
from tests.round_world import DUE, NEXT, OPENS, address, begin, hand_in, make_round
from tests.world import make_world

TYPES = ["county", "township_centre", "village_clinic"]
TYPED = {
    "period": "2024年度",
    "opens_on": "2025-01-01",
    "due_on": "2025年1月20日",
    "scope": "chosen",
    "elements": ["techniques", "visits"],
    "types": TYPES,
    "note": "请如实填报。",
}


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


def on(day: date):
    """Today is this day in the county."""
    return patch("django.utils.timezone.localdate", return_value=day)


# ---- the list ----


def test_without_a_round_the_page_says_what_one_is_and_how_to_begin(office):
    html = office.get(address("rounds", None)).content.decode()
    assert "一个填报任务约定" in html
    assert html.count("新建填报任务</a>") == 1


def test_readers_are_not_offered_what_they_may_not(client, world):
    client.force_login(world.users["leadership"])
    html = client.get(address("rounds", None)).content.decode()
    assert "还没有填报任务" in html
    assert address("round-new", None) not in html
    assert "允许同一人提交并接受" not in html


def test_each_round_shows_how_far_it_is(office, world):
    make_round(world)
    make_round(world, "2025Q1", types=["village_clinic"], opens_on=date(2025, 4, 1), due_on=date(2025, 4, 20))
    Institution.objects.filter(code="A-1002").update(closed_on=date(2024, 12, 1))
    begin("A-00")
    hand_in(world, "A-01")
    hand_in(world, "A-02", state=ReportState.RETURNED)
    hand_in(world, "A-1000", state=ReportState.ACCEPTED)
    hand_in(world, "A-1002")  # not asked: closed by the end of the period
    begin("A-1001", period="2025Q1", state=ReportState.SUBMITTED)
    quarter, year = office.get(address("rounds", None)).context["rounds"]
    assert year.parts == [
        ("accepted", 1, "已接受"),
        ("submitted", 1, "已提交"),
        ("returned", 1, "退回"),
        ("draft", 1, "草稿"),
        ("not_begun", 2, "未开始"),
    ]
    assert (year.handed_in, year.asked) == (2, 6)
    assert (quarter.handed_in, quarter.asked) == (1, 2)


@pytest.mark.parametrize(
    ("today", "word"),
    [(date(2024, 12, 31), "未开放"), (OPENS, "填报中"), (DUE, "填报中"), (date(2025, 1, 23), "逾期 3 天")],
)
def test_a_round_says_where_it_is(world, today, word):
    assert stage_of(make_round(world), today)[1] == word


def test_the_list_costs_the_same_for_any_number_of_rounds(office, world, django_assert_num_queries):
    make_round(world)
    for period in ("2024Q1", "2024Q2"):
        make_round(world, period)
        with django_assert_num_queries(12):
            office.get(address("rounds", None))


# ---- periods as people write them ----


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2024", "2024"),
        ("２０２４年度", "2024"),
        (" 2024 年 ", "2024"),
        ("2024年第四季度", "2024Q4"),
        ("2024年4季度", "2024Q4"),
        ("2024q4", "2024Q4"),
        ("2024年1月", "2024-01"),
        ("2024-11", "2024-11"),
        ("2024.3", "2024-03"),
        ("2023Q5", "2023Q5"),
        ("去年", "去年"),
    ],
)
def test_a_period_is_understood_as_people_write_it(typed, stored):
    assert period_meant(typed) == stored


# ---- setting one up ----


def test_other_pages_send_the_office_here_for_a_period(office):
    assert office.get(address("round-new", None), {"period": "2025Q1"}).context["form"]["period"].value() == "2025Q1"


def test_the_hint_of_the_period_names_the_forms_that_its_fault_names(office):
    html = office.get(address("round-new", None)).content.decode()
    assert "年度写 2023，季度写 2023Q4 或 2023年第四季度，月份写 2023-11 或 2023年11月。" in html


def test_the_year_after_the_last_round_is_proposed(office, world):
    make_round(world, "2024")
    make_round(world, "2026Q1")
    assert office.get(address("round-new", None)).context["form"]["period"].value() == "2025"


def test_who_chooses_one_by_one_begins_from_what_is_asked_now(office, world):
    every = ["has_hall", "techniques", "visits", "tcm_visits", "fund"]
    assert office.get(address("round-new", None)).context["form"]["elements"].value() == every
    make_round(world)  # all of the dictionary
    assert office.get(address("round-edit")).context["form"]["elements"].value() == every


def test_types_that_are_asked_nothing_are_greyed(office, world):
    make_round(world, elements=["techniques"])
    html = office.get(address("round-edit")).content.decode()
    rows = {
        value: before for before, value in re.findall(r'<tr( class="asks-nothing")?>\s*<th[^>]*>.*?value="(\w+)"', html)
    }
    assert (rows["county"], rows["village_clinic"]) == (' class="asks-nothing"', "")


def test_the_office_sets_a_round_up(office):
    response = office.post(address("round-new", None), TYPED)
    round = Round.objects.get()
    assert response.url == address("round")
    assert (round.period, round.opens_on, round.due_on, round.note) == (NEXT, OPENS, DUE, "请如实填报。")
    # nothing that the county's own figures could hold is asked
    assert (round.elements, round.types) == (["techniques", "visits"], ["township_centre", "village_clinic"])
    assert Event.objects.get(action="create_round").place == "A"


def test_all_that_the_countys_standards_use_is_one_choice(office, world):
    office.post(address("round-new", None), TYPED | {"scope": "used", "elements": []})
    assert Round.objects.get().elements == ["has_hall", "techniques", "visits", "tcm_visits", "fund"]


def test_everything_is_stored_as_everything_and_so_holds_for_elements_to_come(office):
    office.post(address("round-new", None), TYPED | {"scope": "everything"})
    assert Round.objects.get().elements == []


def test_the_form_says_how_many_fields_each_type_gets(office):
    form = office.get(address("round-new", None)).context["form"]
    shown = {choice["value"]: (choice["number"], choice["fields"]) for choice in form.type_choices()}
    assert shown["township_centre"] == (3, 4)
    assert shown["village_clinic"] == (3, 1)
    assert shown["tcm_hospital"] == (0, 0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"period": "2023Q5"},
            f"填报期“2023Q5”写法不对：{PERIOD_FORMS}",
        ),
        ({"period": ""}, "请填写填报期，例如 2023。"),
        ({"period": "2024\x00"}, "不允许是用空字符串。"),
        ({"due_on": "2024-12-31"}, "截止日期早于开放日期，请改正其中一个。"),
        ({"due_on": "下周"}, "截止日期写法不对，例如 2024-01-31。"),
        ({"elements": []}, "请至少勾选一个数据元，或选择上面的另一种范围。"),
        ({"elements": ["ufo"]}, "没有“ufo”这个数据元，请重新选择。"),
        ({"types": []}, "请至少选择一类机构。"),
        ({"types": ["ufo"]}, "没有“ufo”这种机构类型。"),
        ({"types": ["county"]}, "所选的数据元都不由所选的机构填报，请改选数据元或机构类型。"),
        ({"scope": ""}, "请选择填报哪些。"),
        ({"note": "长" * 501}, "500"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(office, change, sentence):
    response = office.post(address("round-new", None), TYPED | {"note": "请看这里。"} | change)
    html = response.content.decode()
    assert (response.status_code, Round.objects.count()) == (200, 0)
    assert sentence in html
    assert change.get("note") or "请看这里。" in html
    assert 'value="2025-01-01"' in html


def test_a_period_has_one_round(office, world):
    make_round(world)
    response = office.post(address("round-new", None), TYPED | {"due_on": "2025-02-28"})
    assert "2024年度已经有填报任务了，请在任务列表里打开它修改。" in response.content.decode()
    assert Round.objects.get().due_on == DUE


def test_a_round_is_changed_but_never_its_period(office, world):
    make_round(world, elements=["techniques"], types=["village_clinic"])
    form = office.get(address("round-edit")).context["form"]
    assert (form.scope_chosen(), form["elements"].value()) == ("chosen", ["techniques"])
    response = office.post(address("round-edit"), TYPED | {"period": "2030", "due_on": "2025-02-01"})
    assert response.url == address("round")
    round = Round.objects.get()
    assert (round.period, round.due_on, round.elements) == (NEXT, date(2025, 2, 1), ["techniques", "visits"])
    assert Event.objects.get(action="change_round").before["elements"] == ["techniques"]


def test_a_round_of_what_the_standards_use_opens_with_that_choice(office, world):
    office.post(address("round-new", None), TYPED | {"scope": "used"})
    assert office.get(address("round-edit")).context["form"].scope_chosen() == "used"


def test_a_closed_round_is_not_changed(office, world):
    from institutions.rounds.services import close_round

    close_round(make_round(world), by=world.users["office"])
    html = office.post(address("round-edit"), TYPED).content.decode()
    assert "2024年度填报已关闭，要修改请先重新开放。" in html


# ---- one person for both ----


def test_the_office_lets_one_person_do_both_and_takes_it_back_on_the_trail(office):
    office.post(address("rounds-one-person", None), {"allowed": "yes"})
    assert County.objects.get(code="A").one_person_checks
    html = office.get(address("rounds", None)).content.decode()
    assert "允许同一人提交并接受：已允许" in html
    office.post(address("rounds-one-person", None))
    assert not County.objects.get(code="A").one_person_checks
    events = Event.objects.filter(action="change_county", subject_name="甲县").order_by("pk")
    assert [event.after for event in events] == [{"one_person_checks": True}, {"one_person_checks": False}]
    assert {event.actor_name for event in events} == {"office"}

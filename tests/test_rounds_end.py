"""Closing a round lists what is missing, which stays missing; reopening needs a reason."""

import re
from datetime import UTC, date, datetime

import pytest

from indicators.models import Element
from institutions.enums import ReportState
from institutions.filling.rulebook import fields_of
from institutions.models import Institution, Round
from institutions.rounds.services import close_round, missing_of
from tcm_demo.audit.models import Event
from tests.round_world import DUE, address, begin, hand_in, make_round
from tests.world import make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def round(world):
    """Two of three clinics miss something."""
    found = make_round(world, types=["village_clinic"])
    Institution.objects.filter(code="A-1002").update(town="西镇")
    hand_in(world, "A-1000", state=ReportState.ACCEPTED, accepted={"techniques": 8})
    hand_in(world, "A-1001")
    return found


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_before_closing_the_page_lists_by_town_what_is_missing_and_that_it_stays_so(office, round):
    response = office.get(address("round-close"))
    listed = [
        (group["town"], row["code"], row["state"]) for group in response.context["towns"] for row in group["rows"]
    ]
    assert listed == [("东镇", "A-1001", "已提交"), ("西镇", "A-1002", "未开始")]
    html = response.content.decode()
    assert "下面 2 家机构缺的数仍算缺，不会当作零" in html
    assert "关闭2024年度填报</button>" in html
    assert not Round.objects.get().is_closed


def test_closing_keeps_the_list_and_opens_the_way_back(office, round):
    response = office.post(address("round-close"), follow=True)
    assert said(response) == ["填报已关闭，2 家机构有缺报，已列在任务里。"]
    begin("A-1002", {"techniques": 9}, state=ReportState.ACCEPTED, accepted={"techniques": 9})
    html = office.get(address("round-close")).content.decode()
    assert "关闭时缺报" in html  # as it was then
    assert "第2村卫生室" in html
    assert "第3村卫生室" in html
    assert "重新开放</button>" in html
    assert "关闭时有 2 家机构缺报，缺的仍算缺" in office.get(address("round")).content.decode()


def test_readers_of_a_closed_round_see_what_it_misses(client, world, round):
    close_round(round, by=world.users["office"])
    client.force_login(world.users["leadership"])
    html = client.get(address("round")).content.decode()
    listed = html.split("关闭时缺报的机构</summary>")[1].split("</details>")[0]
    assert ("第1村卫生室" in listed, "第2村卫生室" in listed, "第3村卫生室" in listed) == (False, True, True)
    assert client.get(address("round-close")).status_code == 403


def test_the_second_of_two_who_close_at_once_is_told(office, world, round):
    page_of_the_second = office.get(address("round-close"))
    assert page_of_the_second.status_code == 200
    close_round(round, by=world.users["superuser"])
    response = office.post(address("round-close"), follow=True)
    assert said(response) == ["2024年度填报已经关闭了。"]
    assert Event.objects.filter(action="close_round").count() == 1


def test_a_round_is_reopened_for_a_reason_and_with_another_deadline(office, world, round):
    close_round(round, by=world.users["office"])
    typed = {"reason": "两家补报", "due_on": "2025年2月10日"}
    response = office.post(address("round-reopen"), typed, follow=True)
    assert said(response) == ["填报已重新开放，机构可以继续填写，审核也可以继续。"]
    round.refresh_from_db()
    assert (round.is_closed, round.due_on, round.missing_at_close) == (False, date(2025, 2, 10), [])
    assert Event.objects.get(action="reopen_round").after["reason"] == "两家补报"


def test_the_way_back_stands_before_the_list_and_the_wrong_field_has_the_focus(office, world, round):
    close_round(round, by=world.users["office"])
    html = office.post(address("round-reopen"), {"reason": "", "due_on": "2025-02-10"}).content.decode()
    assert html.index("重新开放</button>") < html.index("关闭时缺报")
    assert "autofocus" in re.search(r"<textarea[^>]*>", html)[0]
    assert "autofocus" not in office.get(address("round-close")).content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": ""}, "请写明重新开放的理由。"),
        ({"reason": " 。 "}, "重新开放须写理由"),
        ({"reason": "长" * 10_000}, "理由最多 300 个字。"),
        ({"due_on": "2024-12-01"}, "早于开放日期"),
        ({"due_on": "以后"}, "新的截止日期写法不对"),
    ],
)
def test_it_stays_closed_without_a_good_reason_and_what_was_typed_stays(office, world, round, change, sentence):
    close_round(round, by=world.users["office"])
    typed = {"reason": "两家补报", "due_on": "2025-02-10"} | change
    response = office.post(address("round-reopen"), typed)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert response.context["form"]["reason"].value() == typed["reason"]
    assert Round.objects.get().is_closed


def test_the_second_of_two_who_reopen_at_once_is_told(office, world, round):
    response = office.post(address("round-reopen"), {"reason": "两家补报", "due_on": "2025-02-10"}, follow=True)
    assert said(response) == ["2024年度填报没有关闭，不用重新开放。"]
    assert Round.objects.get().due_on == DUE


def test_a_round_without_anything_missing_says_so(office, world, round):
    Institution.objects.filter(code__in=("A-1001", "A-1002")).update(closed_on=date(2024, 6, 1))
    assert "所有机构的数都已接受，没有缺报" in office.get(address("round-close")).content.decode()
    assert said(office.post(address("round-close"), follow=True)) == ["填报已关闭，没有缺报。"]


def test_a_closed_round_says_when_and_offers_nothing_to_change(office, world, round):
    close_round(round, by=world.users["office"])
    Round.objects.update(closed_at=datetime(2025, 1, 31, 16, 30, tzinfo=UTC))
    html = office.get(address("round")).content.decode()
    assert "2025年2月1日 00:30关闭" in html
    for word in ('name="institution"', "催报（", address("round-edit"), "接受全部"):
        assert word not in html


def test_what_comes_into_the_dictionary_later_was_not_asked_by_a_closed_round(world, round):
    """It asked for everything: for what there was."""
    fields = fields_of(round, "village_clinic").keys()
    closed = Round.objects.get(pk=round.pk)
    close_round(closed, by=world.users["office"])
    Element.objects.create(
        code="late", name="新增项数", group="g", value_type="integer", reported_by=["village_clinic"], position=99
    )
    assert round.elements == []
    assert fields_of(round, "village_clinic").keys() == {*fields, "late"}
    assert fields_of(Round.objects.get(), "village_clinic").keys() == fields
    assert [(row["code"], row["of"]) for row in missing_of(Round.objects.get())] == [("A-1001", 1), ("A-1002", 1)]

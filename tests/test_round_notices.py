"""Clerks learn that a round opens, closes and reopens; a return that was mended asks for nothing any more."""

from datetime import date
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions.enums import ReportState, Role
from institutions.filling.services import Cell, save_cells, submit_report
from institutions.models import Grant, Institution
from institutions.rounds.reminder_services import remind, tell_returned
from institutions.rounds.services import close_round, reopen_round, save_round
from tcm_demo.accounts.models import User
from tcm_demo.notices.models import Notice
from tests.round_world import DUE, NEXT, OPENS, begin, hand_in, make_round
from tests.world import make_world


@pytest.fixture
def world(db):
    """`clerk` reports for A-01 and, as its clinics, A-1000 and A-1001."""
    world = make_world()
    centre = Institution.objects.get(code="A-01")
    Institution.objects.filter(code__in=["A-1000", "A-1001"]).update(manager=centre)
    return world


def told(name: str = "clerk") -> list[str]:
    return list(Notice.objects.filter(user__username=name).order_by("pk").values_list("sentence", flat=True))


def unread(name: str = "clerk") -> int:
    return Notice.objects.filter(user__username=name, read_at=None).count()


def new_round(world, **facts):
    facts = {"opens_on": OPENS, "due_on": DUE, "types": ["township_centre"]} | facts
    return save_round(world.county, NEXT, **facts, by=world.users["office"])


def own_clerk(code: str, name: str) -> User:
    user = User.objects.create_user(name)
    institution = Institution.objects.get(code=code)
    Grant.objects.create(user=user, county=institution.county, role=Role.DATA_CLERK, institution=institution)
    return user


# ---- opening ----


def test_a_new_round_is_told_to_each_clerk_of_those_asked_and_leads_to_the_form(world):
    own_clerk("A-02", "west")
    new_round(world)
    assert told() == ["“东镇卫生院”的2024年度填报已经开放，截止日期 2025年1月20日。"]
    assert told("west") == ["“西镇卫生院”的2024年度填报已经开放，截止日期 2025年1月20日。"]
    assert Notice.objects.count() == 2  # nobody of the county office, of other counties or with another role
    assert Notice.objects.get(user__username="clerk").url == "/c/A/fill/2024/A-01/"


def test_who_reports_for_many_is_told_once(world):
    new_round(world, types=[])
    [sentence] = told()
    assert sentence.startswith("您负责的 3 家机构（东镇卫生院、第1村卫生室、第2村卫生室）的2024年度填报已经开放")


def test_a_day_to_come_is_told_when_the_round_is_set_up(world):
    with patch("django.utils.timezone.localdate", return_value=date(2024, 12, 1)):
        new_round(world)
    assert told() == ["“东镇卫生院”的2024年度填报将于 2025年1月1日开放，截止日期 2025年1月20日。"]


def test_changing_a_round_tells_nobody(world):
    new_round(world)
    new_round(world, note="另一句说明")
    assert len(told()) == 1


def test_opening_costs_the_same_for_any_number_of_clerks(world):
    def count() -> int:
        world.county.rounds.all().delete()
        with CaptureQueriesContext(connection) as queries:
            new_round(world, types=[])
        return len(queries)

    few = count()
    for number, code in enumerate(["A-02", "A-03", "A-1002"]):
        own_clerk(code, f"c{number}")
    assert count() == few


# ---- closing and reopening ----


def test_closing_says_what_is_missing(world):
    round = make_round(world, types=["village_clinic"])
    hand_in(world, "A-1000", state=ReportState.ACCEPTED, accepted={"techniques": 8})
    close_round(round, by=world.users["office"])
    assert told() == [
        "您负责的 2 家机构（第1村卫生室、第2村卫生室）的2024年度填报已关闭，不能再填写。"
        "其中 1 家（第2村卫生室）有缺报，缺的仍算缺；确需补报，请联系创建办。"
    ]


def test_closing_a_round_without_gaps_says_so(world):
    round = make_round(world, types=["village_clinic"])
    for code in ("A-1000", "A-1001"):
        hand_in(world, code, state=ReportState.ACCEPTED, accepted={"techniques": 8})
    close_round(round, by=world.users["office"])
    assert told()[0].endswith("的2024年度填报已关闭，不能再填写。各项数据都已接受。")


def test_reopening_gives_the_reason_and_the_new_deadline(world):
    round = make_round(world, types=["township_centre"])
    close_round(round, by=world.users["office"])
    reopen_round(round, reason="两家补报", due_on=date(2025, 2, 10), by=world.users["office"])
    assert told()[1:] == ["“东镇卫生院”的2024年度填报已重新开放，可以继续填写，截止日期 2025年2月10日。理由：两家补报"]


# ---- reminders and returns ----


def test_a_reminder_of_a_returned_report_says_that_it_was_returned(world):
    round = make_round(world)
    hand_in(world, "A-01", state=ReportState.RETURNED)
    remind(round, Institution.objects.filter(code="A-01"), by=world.users["office"])
    assert told()[0].startswith("“东镇卫生院”的2024年度填报退回后还没有重新提交，截止日期")
    begin("A-1000")
    both = Institution.objects.filter(code__in=["A-01", "A-1000"]).order_by("code")
    remind(round, both, by=world.users["office"], again=True)
    assert "还没有提交（其中 1 家是退回后还没有重新提交），截止日期" in told()[1]


def returned(world, *codes: str) -> None:
    reports = [hand_in(world, code, state=ReportState.RETURNED, returned={"": "重报"}) for code in codes]
    tell_returned(world.county.rounds.get(), [(each, {"": "重报"}) for each in reports], by=world.users["office"])


def mend(round, code: str, world) -> None:
    """The clerk changes what was returned, and hands it in again."""
    institution = Institution.objects.get(code=code)
    save_cells(round, [Cell(institution, "techniques", "5")], by=world.users["clerk"])
    submit_report(round, institution, by=world.users["clerk"])


def test_the_notice_of_a_return_is_read_once_the_report_is_in_again(world):
    round = make_round(world, types=["village_clinic"], due_on=date(2099, 1, 1))
    own_clerk("A-1002", "other")
    returned(world, "A-1000")
    returned(world, "A-1002")
    mend(round, "A-1000", world)
    assert (unread(), unread("other")) == (1, 1)  # of A-1002, which the clerk had handed in


def test_a_notice_of_several_returns_stays_until_the_last_of_them_is_in(world):
    round = make_round(world, types=["village_clinic"], due_on=date(2099, 1, 1))
    returned(world, "A-1000", "A-1001")
    assert unread() == 1
    mend(round, "A-1000", world)
    assert unread() == 1
    mend(round, "A-1001", world)
    assert unread() == 0

"""Accepting and returning many reports of the worklist at once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from institutions.enums import ReportState
from institutions.models import County, Institution, Report
from institutions.review.services import OWN_HANDS
from tcm_demo.notices.models import Notice
from tests.round_world import address, begin, hand_in, make_round
from tests.world import make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def round(world):
    return make_round(world)


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


def pks(*codes: str) -> list[int]:
    return list(Institution.objects.filter(code__in=codes).values_list("pk", flat=True))


def states() -> dict[str, str]:
    return dict(Report.objects.filter(period="2024").values_list("institution__code", "state"))


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_what_is_ticked_is_accepted_and_each_refusal_is_named_with_why(office, world, round):
    hand_in(world, "A-1000")
    hand_in(world, "A-1001", by="office")
    begin("A-1002")
    ticked = {"institution": pks("A-1000", "A-1001", "A-1002")}
    response = office.post(address("round-accept") + "?town=东镇", ticked, follow=True)
    assert response.redirect_chain[0][0] == address("round") + "?town=%E4%B8%9C%E9%95%87"
    assert states() == {"A-1000": "accepted", "A-1001": "submitted", "A-1002": "draft"}
    assert said(response) == [
        "已接受 1 家的填报。",
        f"没有接受 1 家：{OWN_HANDS}（第2村卫生室）",
        "没有接受 1 家：填报“草稿”，只有已提交的才能接受。（第3村卫生室）",
    ]


def test_all_of_the_filter_without_cautions_are_accepted_whatever_page_one_is_on(office, world, round):
    hand_in(world, "A-1000", {"techniques": 5})  # 4 the year before
    hand_in(world, "A-1001", warning_count=1)
    hand_in(world, "A-01", {"visits": 3})
    begin("A-1002")
    response = office.get(address("round"), {"type": "village_clinic"})
    assert [each.code for each in response.context["clean"]] == ["A-1000"]
    panel = response.content.decode().split("接受无提示的（1 家）</summary>")[1].split("</details>")[0]
    assert ("第1村卫生室" in panel, "接受 1 家</button>" in panel) == (True, True)
    named = re.findall('name="institution" value="(.*?)"', panel)
    assert named == [str(pk) for pk in pks("A-1000")]
    url = address("round-accept") + "?type=village_clinic"
    response = office.post(url, {"all": "clean"}, follow=True)
    assert said(response) == ["没有可以接受的填报：请先勾选机构。"]  # those that were named, never all of a filter
    office.post(url, {"all": "clean", "institution": named})
    assert states() == {"A-1000": "accepted", "A-1001": "submitted", "A-1002": "draft", "A-01": "submitted"}


def test_a_caution_that_came_after_the_submission_keeps_a_report_out_of_those_without(office, world, round):
    hand_in(world, "A-1000", {"techniques": 9})  # 4 the year before, though nobody said so when it came in
    office.post(address("round-accept"), {"all": "clean", "institution": pks("A-1000")})
    assert states() == {"A-1000": "submitted"}
    office.post(address("round-accept"), {"institution": pks("A-1000")})
    assert states() == {"A-1000": "accepted"}


def test_what_changed_after_the_list_was_made_is_not_accepted_unseen(office, world, round):
    hand_in(world, "A-1000", updated_at=timezone.now())
    hand_in(world, "A-1001")
    an_hour_ago = (timezone.now() - timedelta(hours=1)).isoformat()
    ticked = {"institution": pks("A-1000", "A-1001"), "seen_at": an_hour_ago}
    response = office.post(address("round-accept"), ticked, follow=True)
    assert states() == {"A-1000": "submitted", "A-1001": "accepted"}
    assert "填报刚刚有了变化（现在“已提交”），请核对后再操作。（第1村卫生室）" in said(response)[1]


def test_the_list_carries_the_moment_at_which_it_was_made(office, world, round):
    hand_in(world, "A-1000")
    before = timezone.now()
    seen_at = office.get(address("round")).context["seen_at"]
    assert before <= datetime.fromisoformat(seen_at) <= timezone.now()


def test_what_is_ticked_is_returned_for_one_reason_and_its_people_are_told(office, world, round):
    hand_in(world, "A-01", values={"visits": 3})
    hand_in(world, "A-1000", state=ReportState.ACCEPTED, accepted={"techniques": 8})
    ticked = {"institution": pks("A-01", "A-1000", "A-1001"), "reason": " 与年报 不一致 "}
    response = office.post(address("round-return"), ticked, follow=True)
    assert states() == {"A-01": "returned", "A-1000": "returned"}
    assert Report.objects.get(institution__code="A-01", period="2024").returned == {"": "与年报 不一致"}
    assert said(response)[0] == "已退回 2 家的填报。"
    assert "没有退回 1 家：填报还没有开始，没有可以退回的内容。（第2村卫生室）" in said(response)
    notices = Notice.objects.filter(user=world.users["clerk"]).order_by("pk")
    assert [notice.sentence for notice in notices] == [
        "您负责的 2 家机构（东镇卫生院、第1村卫生室）的2024年度填报被退回，请修改后重新提交。理由：与年报 不一致",
    ]


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "退回须写理由"), (" 。 ", "退回须写理由"), ("长" * 10_000, "没有退回"), ("理由\x00", "没有退回")],
)
def test_nothing_is_returned_without_a_reason_that_can_be_read(office, world, round, reason, sentence):
    hand_in(world, "A-1000")
    response = office.post(address("round-return"), {"institution": pks("A-1000"), "reason": reason}, follow=True)
    assert states() == {"A-1000": "submitted"}
    assert sentence in said(response)[0]


@pytest.mark.parametrize("name", ["round-accept", "round-return"])
def test_institutions_of_other_counties_and_rubbish_are_as_if_nothing_was_ticked(office, world, round, name):
    make_round(world, types=["village_clinic"])
    other = Institution.objects.get(code="B-01")
    before = Report.objects.get(institution=other).state
    rubbish = [other.pk, "-1", "x", "9" * 30, "١", "", *pks("A-01")]
    response = office.post(address(name), {"institution": rubbish, "reason": "核对"}, follow=True)
    assert Report.objects.get(institution=other).state == before
    assert "请先勾选机构" in said(response)[0]


def test_a_closed_round_is_not_checked_any_more(office, world, round):
    hand_in(world, "A-1000")
    round.closed_at = timezone.now()
    round.save()
    response = office.post(address("round-accept"), {"institution": pks("A-1000")}, follow=True)
    assert states() == {"A-1000": "submitted"}
    assert "2024年度填报已关闭，审核也随之结束" in said(response)[0]


def test_where_one_person_may_do_both_own_reports_can_be_accepted(office, world, round):
    County.objects.filter(code="A").update(one_person_checks=True)
    hand_in(world, "A-1000", by="office")
    office.post(address("round-accept"), {"institution": pks("A-1000")})
    assert states() == {"A-1000": "accepted"}


def test_a_moment_that_is_none_counts_as_now(office, world, round):
    hand_in(world, "A-1000", updated_at=datetime(2025, 1, 2, tzinfo=UTC))
    for seen_at in ("", "x", "2024-13-01T00:00:00+08:00", "2020-01-01T00:00:00"):
        Report.objects.filter(period="2024").update(state="submitted", accepted={})
        office.post(address("round-accept"), {"institution": pks("A-1000"), "seen_at": seen_at})
        assert states() == {"A-1000": "accepted"}

"""A clerk's home: every round with its own institutions, how far each is, and one next step."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from institutions.enums import ReportState, Role
from institutions.models import Grant, Institution, Report, Round
from institutions.rounds.services import close_round, save_round
from tests.grid_world import PERIOD, address, make_grid_world, row, save

HOME = reverse("institutions:my-reports")


@pytest.fixture
def world(db):
    return make_grid_world()[0]


@pytest.fixture
def round(world):
    return Round.objects.get(period=PERIOD)


@pytest.fixture
def clerk(client, world):
    client.force_login(world.users["clerk"])
    return client


def own_report(state: str, **more) -> None:
    centre = Institution.objects.get(code="A-01")
    facts = {"state": state, "updated_at": timezone.now(), "values": {"visits": 5}} | more
    Report.objects.create(institution=centre, period=PERIOD, **facts)


def first(client):
    return client.get(HOME).context["home"].opened[0]


@pytest.mark.parametrize(
    ("state", "more", "word", "progress", "button"),
    [
        (None, {}, "未开始", "", "开始填报"),
        ("draft", {}, "草稿", "1/4", "继续填报"),
        ("submitted", {}, "已提交", "", "查看"),
        ("accepted", {}, "已接受", "", "查看"),
        ("returned", {"returned": {"visits": "不符", "tcm_visits": "不符"}}, "退回", "2 项", "修改退回的 2 项"),
        ("returned", {"returned": {"": "整份重报"}}, "退回", "整份", "修改退回的填报"),
    ],
)
def test_each_state_has_its_word_and_one_next_step(clerk, state, more, word, progress, button):
    if state:
        own_report(state, **more)
    (report,) = first(clerk).reports
    assert (report.word, report.progress, report.next_step) == (word, progress, button)
    html = clerk.get(HOME).content.decode()
    assert f">{button}</a>" in html
    assert address("fill") in html


def test_returned_figures_are_named_with_their_reasons(clerk):
    own_report(ReportState.RETURNED, returned={"visits": "与月报不符", "": "请尽快"})
    html = clerk.get(HOME).content.decode()
    assert "<b>总诊疗人次</b>：与月报不符" in html
    assert "整份退回：</b>请尽快" in html


@pytest.mark.parametrize(
    ("days", "words", "late"), [(5, "还有 5 天", False), (0, "今天截止", False), (-3, "逾期 3 天", True)]
)
def test_the_deadline_stands_in_words(clerk, round, days, words, late):
    Round.objects.update(
        due_on=timezone.localdate() + timedelta(days=days), opens_on=timezone.localdate() - timedelta(9)
    )
    own = first(clerk)
    assert (own.due, own.is_late) == (words, late)
    assert words in clerk.get(HOME).content.decode()


def test_who_has_handed_everything_in_is_not_late(clerk, world):
    Round.objects.update(due_on=timezone.localdate() - timedelta(3))
    Institution.objects.filter(type="village_clinic").update(manager=None)
    own_report(ReportState.SUBMITTED)
    assert (first(clerk).is_done, first(clerk).is_late) == (True, False)
    assert "已全部提交" in clerk.get(HOME).content.decode()


def test_the_clinics_of_a_centre_are_summed_up_by_state(clerk):
    save(clerk, row("A-1000", doctors="1"))
    (managed,) = first(clerk).managed
    assert [(word, number) for _, word, number in managed.counts] == [("未开始", 2), ("草稿", 1)]
    assert (managed.total, managed.waiting) == (3, 3)
    html = clerk.get(HOME).content.decode()
    assert "代报村卫生室" in html
    assert address("fill-grid") in html


def test_the_latest_round_comes_first_and_closed_ones_are_folded_away(clerk, world, round):
    today, office = timezone.localdate(), world.users["office"]
    old = save_round(world.county, "2022", opens_on=today - timedelta(300), due_on=today - timedelta(200), by=office)
    close_round(old, by=office)
    save_round(world.county, "2025", opens_on=today - timedelta(1), due_on=today, by=office)
    home = clerk.get(HOME).context["home"]
    assert [each.round.period for each in home.opened] == ["2025", "2024"]
    assert [each.round.period for each in home.closed] == ["2022"]
    assert "已关闭的填报（1 期）" in clerk.get(HOME).content.decode()


def test_a_round_that_has_not_opened_offers_no_button(clerk, round):
    Round.objects.update(opens_on=timezone.localdate() + timedelta(2), due_on=timezone.localdate() + timedelta(9))
    html = clerk.get(HOME).content.decode()
    assert "开始填报" not in html
    assert "开放，截止" in html


def test_a_round_for_other_types_does_not_concern_the_clerk(clerk, world):
    Round.objects.update(types=["county"])
    assert clerk.get(HOME).context["home"].opened == []


def test_without_a_round_it_says_whom_to_ask(clerk, world):
    Round.objects.all().delete()
    world.users["office"].display_name, world.users["office"].phone = "王主任", "0533-1234567"
    world.users["office"].save()
    html = clerk.get(HOME).content.decode()
    assert "现在没有要填的" in html
    assert "东镇卫生院" in html
    assert "王主任" in html
    assert "0533-1234567" in html


@pytest.mark.parametrize(
    ("role", "sentence"),
    [("office", "您的账号不负责填报"), ("stranger", "您的账号还没有要填报的机构"), ("superuser", "不负责填报")],
)
def test_who_is_no_clerk_is_told_so(client, world, role, sentence):
    client.force_login(world.users[role])
    response = client.get(HOME)
    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_a_clerk_sees_own_institutions_alone(client, world):
    client.force_login(world.users["other_clerk"])
    html = client.get(HOME).content.decode()
    assert "乙县卫生院" in html
    assert "东镇卫生院" not in html


def test_the_number_of_queries_does_not_grow_with_institutions_and_rounds(clerk, world):
    with CaptureQueriesContext(connection) as few:
        clerk.get(HOME)
    today, office = timezone.localdate(), world.users["office"]
    for number in range(30):
        institution = Institution.objects.create(
            county=world.county, code=f"C-{number}", name=f"第{number}院", type="township_centre", position=number
        )
        Grant.objects.create(
            user=world.users["clerk"], county=world.county, role=Role.DATA_CLERK, institution=institution
        )
        facts = {"state": ReportState.DRAFT, "values": {"visits": number}, "updated_at": timezone.now()}
        Report.objects.create(institution=institution, period=PERIOD, **facts)
    for month in range(1, 7):
        opens, due = today - timedelta(month), today + timedelta(month)
        save_round(world.county, f"2024-{month:02d}", opens_on=opens, due_on=due, by=office)
    with CaptureQueriesContext(connection) as many:
        home = clerk.get(HOME).context["home"]
    assert len(home.opened) == 7
    assert len(home.opened[-1].reports) == 31
    assert len(many) == len(few)


def test_what_is_late_or_came_back_stands_above_what_is_due_later(clerk, world, round):
    today = timezone.localdate()
    save_round(world.county, "2025", by=world.users["office"], opens_on=today, due_on=today + timedelta(28))
    Round.objects.filter(period=PERIOD).update(due_on=today - timedelta(3))
    assert [own.round.period for own in clerk.get(HOME).context["home"].opened] == [PERIOD, "2025"]
    centre = Institution.objects.get(code="A-01")
    facts = {"values": {"visits": 5}, "returned": {"visits": "不符"}, "updated_at": timezone.now()}
    Report.objects.create(institution=centre, period="2025", state=ReportState.RETURNED, **facts)
    assert [own.round.period for own in clerk.get(HOME).context["home"].opened] == ["2025", PERIOD]


def test_what_has_not_begun_looks_as_in_the_worklist(clerk):
    assert "light-idle" in clerk.get(HOME).content.decode()

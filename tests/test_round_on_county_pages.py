"""What the county's pages say of a period that has a round: what waits, what has not come, who is in which state."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.services import refresh_standing, start_campaign
from institutions.enums import ReportState
from institutions.models import Report, Round
from institutions.rounds.services import close_round
from tests.round_world import NEXT, begin, hand_in, make_round
from tests.world import PERIOD, make_world


@pytest.fixture
def world(db):
    """Of 2024: the county itself accepted, one centre handed in, one returned, a clinic begun; three have nothing."""
    world = make_world()
    start_campaign(world.county, world.standard, period=NEXT)
    begin("A-00", {"fund": "1"}, accepted={"fund": "1"}, state=ReportState.ACCEPTED)
    hand_in(world, "A-01")
    hand_in(world, "A-02", state=ReportState.RETURNED)
    begin("A-1000")
    refresh_standing(world.county, world.standard, NEXT)
    return world


def open_round(world, *, days: int = -3, **more) -> Round:
    """A round that was due `days` from now."""
    today = timezone.localdate()
    return make_round(world, opens_on=today - timedelta(days=30), due_on=today + timedelta(days=days), **more)


def address(name: str = "county", period: str = NEXT) -> str:
    return reverse(f"assessments:{name}", kwargs={"county": "A", "standard": "small", "period": period})


def page(client, world, user: str, name: str = "county", period: str = NEXT, **query) -> str:
    client.force_login(world.users[user])
    response = client.get(address(name, period), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def worklist() -> str:
    return reverse("institutions:round", kwargs={"county": "A", "period": NEXT})


# ---- the line for those who check ----


@pytest.mark.parametrize("user", ["office", "reviewer"])
@pytest.mark.parametrize("period", [PERIOD, NEXT, "2022"])
def test_who_checks_is_told_on_any_periods_page_what_waits(client, world, user, period):
    open_round(world)
    html = page(client, world, user, period=period)
    assert "<b>2024年度填报</b>：" in html
    assert f'<a href="{worklist()}?state=submitted">待审 1</a>' in html
    assert f'<a href="{worklist()}?state=not_begun&amp;state=draft&amp;state=returned">未交 5</a> · 逾期 3 天' in html
    assert "去审核" in html


def test_in_time_nothing_is_late(client, world):
    open_round(world, days=0)
    assert "逾期" not in page(client, world, "office")


def test_where_nothing_waits_the_line_leads_to_the_progress(client, world):
    open_round(world)
    Report.objects.filter(period=NEXT, state=ReportState.SUBMITTED).update(state=ReportState.RETURNED)
    html = page(client, world, "office")
    assert "去审核" not in html
    assert f'<a class="next" href="{worklist()}">查看填报进度</a>' in html


def test_a_round_that_has_not_opened_or_was_closed_asks_for_nothing(client, world):
    round = open_round(world)
    close_round(round, by=world.users["office"])
    assert "round-line" not in page(client, world, "office")
    today = timezone.localdate()
    ahead = today + timedelta(days=5)
    make_round(world, "2025", opens_on=ahead, due_on=ahead)
    assert "round-line" not in page(client, world, "office")


@pytest.mark.parametrize("user", ["leadership", "expert", "prefecture"])
def test_who_reads_is_not_sent_to_check(client, world, user):
    open_round(world)
    assert "round-line" not in page(client, world, user)


# ---- how much has come in ----


@pytest.mark.parametrize("name", ["county", "institutions"])
def test_a_period_with_a_round_counts_what_is_accepted_waits_and_has_not_come(client, world, name):
    open_round(world)
    html = page(client, world, "leadership", name)
    key = html.split("round-coverage")[1]
    assert "应报 <b>7</b>" in key
    assert all(f"{word} <b>{number}</b>" in key for word, number in (("已接受", 1), ("待审", 1), ("未交", 5)))
    assert "已报 <b>" not in html


def test_a_period_without_a_round_counts_who_has_reported(client, world):
    open_round(world)
    html = page(client, world, "leadership", period=PERIOD)
    assert "已报 <b>6/7</b>" in html
    assert "未交 1 家" in html


def test_only_who_is_asked_counts(client, world):
    open_round(world, types=["village_clinic"])
    html = page(client, world, "leadership")
    assert "应报 <b>3</b>" in html
    assert "未交 <b>3</b>" in html


# ---- the list of institutions ----


def states(client, world, **query) -> dict[str, str]:
    client.force_login(world.users["leadership"])
    rows = client.get(address("institutions"), query).context["page"].object_list
    return {row.code: row.word for row in rows}


def test_each_institution_shows_the_state_that_the_worklist_shows(client, world):
    open_round(world)
    assert states(client, world) == {
        "A-00": "已接受",
        "A-01": "已提交",
        "A-02": "退回",
        "A-03": "未开始",
        "A-1000": "草稿",
        "A-1001": "未开始",
        "A-1002": "未开始",
    }
    html = page(client, world, "leadership", "institutions")
    assert "light-unmet" in html.split("西镇卫生院")[1].split("</tr>")[0]


@pytest.mark.parametrize(
    ("reported", "codes"),
    [
        ("not_begun", ["A-03", "A-1001", "A-1002"]),
        ("draft", ["A-1000"]),
        ("submitted", ["A-01"]),
        ("returned", ["A-02"]),
        ("accepted", ["A-00"]),
        ("no", ["A-00", "A-01", "A-02", "A-03", "A-1000", "A-1001", "A-1002"]),
    ],
)
def test_the_filter_offers_the_five_states(client, world, reported, codes):
    """What is not offered filters nothing."""
    open_round(world)
    assert list(states(client, world, reported=reported)) == codes


def test_states_sort_as_a_report_goes(client, world):
    open_round(world)
    assert list(states(client, world, sort="reported").values()) == [
        *("未开始", "未开始", "未开始"),
        *("草稿", "已提交", "退回", "已接受"),
    ]


def test_who_is_not_asked_has_reported_or_has_not(client, world):
    open_round(world, types=["township_centre"])
    found = states(client, world)
    assert (found["A-00"], found["A-02"], found["A-1000"]) == ("已报", "退回", "未交")
    assert list(states(client, world, reported="no")) == ["A-1000", "A-1001", "A-1002"]


def test_counts_by_type_name_what_has_not_come(client, world):
    open_round(world)
    client.force_login(world.users["leadership"])
    types = client.get(address("institutions")).context["types"]
    assert [(row["label"], row["total"], row["missing"]) for row in types] == [
        ("全部", 7, 5),
        ("县（区）本级", 1, 0),
        ("乡镇卫生院", 3, 2),
        ("村卫生室", 3, 3),
    ]


def test_the_workbook_names_the_same_states(client, world):
    open_round(world)
    client.force_login(world.users["leadership"])
    response = client.get(address("institutions-export"), {"reported": "returned"})
    sheet = openpyxl.load_workbook(BytesIO(response.getvalue())).active
    assert [(row[1], row[7]) for row in sheet.iter_rows(min_row=2, values_only=True)] == [("A-02", "退回")]


# ---- cost ----


@pytest.mark.parametrize(
    ("user", "name", "queries"),
    [("office", "county", 21), ("leadership", "county", 21), ("leadership", "institutions", 16)],
)
@pytest.mark.parametrize("villages", [1, 40])
def test_a_round_costs_the_same_for_any_number_of_institutions(client, db, user, name, queries, villages):
    world = make_world(villages)
    start_campaign(world.county, world.standard, period=NEXT)
    open_round(world)
    client.force_login(world.users[user])
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address(name)).status_code == 200
    assert len(seen) == queries

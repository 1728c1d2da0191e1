"""Days are days of the county's own clock: midnight in Asia/Shanghai, also at the end of a year."""

from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest

from institutions.filling.services import Cell, save_cells, submit_report
from institutions.models import Institution, Report
from institutions.period import Period
from institutions.refusals import Refused
from institutions.review.services import decide
from institutions.rounds.queries import previous_period
from institutions.rounds.services import close_round, missing_of, reopen_round, save_round
from tests.world import World, make_world

OPENS, DUE = date(2025, 1, 1), date(2025, 1, 20)


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def yearly(world):
    return save_round(world.county, "2024", opens_on=OPENS, due_on=DUE, by=world.users["office"])


def at(*moment):
    """The clock stands at this moment of UTC, which is eight hours behind the county."""
    return patch("django.utils.timezone.now", return_value=datetime(*moment, tzinfo=UTC))


def types(world: World, round, text: str = "100"):
    clinic = Institution.objects.get(code="A-1001")
    return save_cells(round, [Cell(clinic, "techniques", text)], by=world.users["superuser"])


def test_a_round_opens_at_midnight_of_new_year_in_the_county(world, yearly):
    with at(2024, 12, 31, 15, 59), pytest.raises(Refused, match="2024年度填报 2025-01-01 开放"):
        types(world, yearly)
    with at(2024, 12, 31, 16, 0):
        assert types(world, yearly)[0].status == "saved"


def test_after_the_deadline_reports_are_late_but_taken(world, yearly):
    with at(2025, 3, 1, 0, 0):
        types(world, yearly, "7")
        submit_report(yearly, Institution.objects.get(code="A-1001"), by=world.users["superuser"])
    report = Report.objects.get(institution__code="A-1001", period="2024")
    assert (report.state, report.submitted_at.date()) == ("submitted", date(2025, 3, 1))


def test_the_year_before_is_what_a_year_is_compared_with_and_no_quarter(world, yearly):
    clinic = Institution.objects.get(code="A-1001")
    for period in ("2022", "2023Q4", "2023-12"):
        Report.objects.create(institution=clinic, period=period, values={}, updated_at=datetime.now(UTC))
    assert previous_period(world.county, "2024") == "2023"
    assert previous_period(world.county, "2024Q1") == "2023Q4"
    assert previous_period(world.county, "2024-01") == "2023-12"
    assert previous_period(world.county, "2022") == ""


def test_an_institution_that_closed_on_the_last_day_of_the_year_is_not_asked(world, yearly):
    last_day = Period.parse("2024").last_day
    Institution.objects.filter(code="A-1001").update(closed_on=last_day)
    Institution.objects.filter(code="A-1002").update(closed_on=date(2025, 1, 1))
    asked = {each["code"] for each in missing_of(yearly)}
    assert "A-1001" not in asked
    assert "A-1002" in asked


def test_what_is_missing_at_closing_is_listed_and_stays_missing(world, yearly):
    with at(2025, 1, 5, 0, 0):
        types(world, yearly, "7")
        clinic = Institution.objects.get(code="A-1001")
        submit_report(yearly, clinic, by=world.users["superuser"])
        decide(yearly, clinic, accept_all=True, by=world.users["office"])
        types_second = Cell(Institution.objects.get(code="A-1002"), "techniques", "9")
        save_cells(yearly, [types_second], by=world.users["superuser"])
    missing = close_round(yearly, by=world.users["office"])
    states = {each["code"]: (each["state"], each["missing"], each["of"]) for each in missing}
    assert states["A-1002"] == ("草稿", 1, 1)
    assert states["A-03"][0] == "未开始"
    assert "A-1001" not in states
    yearly.refresh_from_db()
    assert yearly.missing_at_close == missing
    with pytest.raises(Refused, match="已关闭"):
        types(world, yearly)
    with pytest.raises(Refused, match="已关闭"):
        decide(yearly, clinic, returns={"": "请核对"}, by=world.users["office"])
    with pytest.raises(Refused, match="已经关闭"):
        close_round(yearly, by=world.users["office"])


def test_reopening_needs_a_reason_and_the_list_of_what_was_missing_goes(world, yearly):
    close_round(yearly, by=world.users["office"])
    with pytest.raises(Refused, match="须写理由"):
        reopen_round(yearly, reason=" ", by=world.users["office"])
    reopen_round(yearly, reason="三家补报", due_on=date(2025, 2, 1), by=world.users["office"])
    yearly.refresh_from_db()
    assert (yearly.closed_at, yearly.missing_at_close, yearly.due_on) == (None, [], date(2025, 2, 1))
    with at(2025, 1, 25, 0, 0):
        assert types(world, yearly)[0].status == "saved"


@pytest.mark.parametrize(
    ("period", "opens", "due", "sentence"),
    [
        ("2023Q5", OPENS, DUE, "写法不对"),
        ("2025", DUE, OPENS, "早于开放日期"),
    ],
)
def test_a_round_that_cannot_be_is_refused_with_a_sentence(world, period, opens, due, sentence):
    with pytest.raises(Refused, match=sentence):
        save_round(world.county, period, opens_on=opens, due_on=due, by=world.users["office"])


def test_unknown_elements_and_types_are_refused(world):
    for wrong in ({"elements": ["nothing"]}, {"types": ["ship"]}):
        with pytest.raises(Refused, match="请重新选择"):
            save_round(world.county, "2025", opens_on=OPENS, due_on=DUE, by=None, **wrong)

"""The worklist of a round: every institution that is asked, its state, its delay; filters, counts and the workbook."""

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from institutions.enums import ReportState, StepKind
from institutions.history import step_of
from institutions.models import County, Institution, Reminder
from institutions.rounds.worklist import WorklistFilter, filtered
from institutions.rounds.worklist_export import masked
from institutions.rounds.worklist_lines import lines_of, with_figures
from tcm_demo.audit.models import Event
from tests.round_world import DUE, NEXT, address, begin, hand_in, make_round
from tests.world import add_institution, make_world

LATER = datetime(2025, 1, 23, 4, tzinfo=UTC)


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


def lines(round, query: str = "", now: datetime = LATER):
    rows = filtered(round, WorklistFilter(QueryDict(query), round), now)
    return {line.institution.code: line for line in lines_of(round, with_figures(rows))}


def codes(round, query: str = "", now: datetime = LATER) -> list[str]:
    return list(lines(round, query, now))


# ---- the rows ----


def test_all_that_are_asked_are_listed_in_the_official_order_also_those_that_have_not_begun(world, round):
    add_institution(world.county, "A-50", "tcm_hospital", None)
    assert codes(round) == ["A-00", "A-50", "A-01", "A-02", "A-03", "A-1000", "A-1001", "A-1002"]
    assert {line.word for line in lines(round).values()} == {"未开始"}


def test_who_is_not_asked_is_not_listed(world, round):
    Institution.objects.filter(code="A-1000").update(closed_on=date(2024, 6, 1))
    Institution.objects.filter(code="A-1001").update(opened_on=date(2025, 1, 1))
    clinics = make_round(world, types=["village_clinic"])
    assert codes(clinics) == ["A-1002"]


def test_reports_of_another_period_say_nothing_about_this_one(round):
    assert lines(round)["A-01"].state == "not_begun"  # its report of 2023 is accepted
    begin("A-01", period="2024Q1", state=ReportState.SUBMITTED)
    assert lines(round)["A-01"].state == "not_begun"


def test_a_row_says_how_much_of_what_is_asked_is_filled_in_and_accepted(world):
    round = make_round(world, elements=["has_hall", "visits", "techniques"])
    begin("A-01", {"has_hall": True, "visits": 5, "fund": "1"}, accepted={"visits": 5}, state=ReportState.RETURNED)
    line = lines(round)["A-01"]
    assert (line.filled, line.accepted, line.asked, line.word) == (2, 1, 3, "退回")


def test_a_row_names_who_submitted_it_on_whose_behalf(world, round):
    report = hand_in(world, "A-1000")
    centre = Institution.objects.get(code="A-01")
    step_of(report, StepKind.SUBMITTED, by=world.users["clerk"], proxy=centre).save()
    hand_in(world, "A-1001", by="reviewer")  # imported: nobody pressed submit
    found = lines(round)
    assert (found["A-1000"].submitted_by, found["A-1000"].proxy) == ("clerk", "东镇卫生院")
    assert (found["A-1001"].submitted_by, found["A-1001"].proxy) == ("reviewer", "")


def test_a_row_says_when_it_was_reminded_last(world, round):
    clinic = Institution.objects.get(code="A-1000")
    for day in (21, 22):
        at = datetime(2025, 1, day, 4, tzinfo=UTC)
        Reminder.objects.create(round=round, institution=clinic, at=at, by_name="office", people=1)
    assert lines(round)["A-1000"].reminded_at == datetime(2025, 1, 22, 4, tzinfo=UTC)
    assert lines(round)["A-1001"].reminded_at is None


# ---- delay, by the county's own clock ----


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2025, 1, 20, 15, 59, tzinfo=UTC), ""),  # 23:59 of the last day in the county
        (datetime(2025, 1, 20, 16, 0, tzinfo=UTC), "逾期 1 天"),
        (datetime(2025, 1, 23, 4, 0, tzinfo=UTC), "逾期 3 天"),
    ],
)
def test_what_is_not_in_is_late_from_midnight_of_the_county(round, now, words):
    assert lines(round, now=now)["A-1000"].late_words == words
    assert ("A-1000" in codes(round, "late=yes", now)) == bool(words)


def test_what_came_late_says_by_how_much_and_grows_no_later(world, round):
    hand_in(world, "A-1000", day=date(2025, 1, 22))
    hand_in(world, "A-1001", day=DUE)
    assert lines(round)["A-1000"].late_words == "逾期 2 天提交"
    assert lines(round)["A-1001"].late_words == ""
    handed_in = {code for code in codes(round, "late=yes") if code in ("A-1000", "A-1001")}
    assert handed_in == {"A-1000"}


def test_delay_is_counted_across_new_year(world):
    round = make_round(world, "2024", opens_on=date(2024, 12, 1), due_on=date(2024, 12, 31))
    before, after = datetime(2024, 12, 31, 15, 59, tzinfo=UTC), datetime(2024, 12, 31, 16, 1, tzinfo=UTC)
    assert lines(round, now=before)["A-00"].days_late == 0
    assert lines(round, now=after)["A-00"].days_late == 1


def test_what_was_returned_is_late_although_it_was_once_in_time(world, round):
    hand_in(world, "A-1000", state=ReportState.RETURNED)
    assert lines(round)["A-1000"].late_words == "逾期 3 天"


def test_what_was_imported_as_accepted_is_not_late_as_nobody_knows_when_it_came(round):
    begin("A-1000", state=ReportState.ACCEPTED)
    assert lines(round)["A-1000"].late_words == ""
    assert "A-1000" not in codes(round, "late=yes")


def test_delay_stops_growing_when_the_round_is_closed(round):
    round.closed_at = datetime(2025, 1, 25, 4, tzinfo=UTC)
    round.save()
    assert lines(round, now=datetime(2025, 6, 1, tzinfo=UTC))["A-1000"].late_words == "逾期 5 天"


# ---- filters ----


@pytest.fixture
def mixed(world, round):
    """东镇 and 西镇; one report in each state, one with cautions."""
    Institution.objects.filter(code__in=("A-02", "A-1002")).update(town="西镇")
    Institution.objects.filter(code__in=("A-1000", "A-1001")).update(manager=Institution.objects.get(code="A-01"))
    begin("A-00")
    hand_in(world, "A-01", warning_count=2)
    hand_in(world, "A-02", day=date(2025, 1, 22))
    hand_in(world, "A-1000", state=ReportState.RETURNED)
    hand_in(world, "A-1001", state=ReportState.ACCEPTED)
    return round


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=submitted", ["A-01", "A-02"]),
        ("state=draft&state=returned", ["A-00", "A-1000"]),
        ("state=not_begun", ["A-03", "A-1002"]),
        ("town=西镇", ["A-02", "A-1002"]),
        ("type=village_clinic", ["A-1000", "A-1001", "A-1002"]),
        ("manager=A-01", ["A-1000", "A-1001"]),
        ("cautions=yes", ["A-01"]),
        ("cautions=no&state=submitted", ["A-02"]),
        ("late=yes&town=东镇&type=village_clinic", ["A-1000"]),
        ("late=yes&state=submitted", ["A-02"]),
        ("q=第1村", ["A-1000"]),
        ("q=A-10&state=accepted", ["A-1001"]),
        # what does not exist filters nothing
        ("state=gone&town=北镇&type=ufo&manager=B-01&late=perhaps", None),
        ("q=%00", None),
    ],
)
def test_filters_can_be_combined(mixed, query, expected):
    assert codes(mixed, query) == (expected or codes(mixed))


def test_the_page_counts_by_state_and_town_and_each_number_leads_to_its_rows(office, mixed):
    response = office.get(address("round"))
    numbers = {each["word"]: each["number"] for each in response.context["tally"]}
    assert numbers == {"未开始": 2, "草稿": 1, "已提交": 2, "退回": 1, "已接受": 1}
    west = response.context["towns"][1]
    assert (west["town"], west["total"], [number for number, _ in west["cells"]]) == ("西镇", 2, [1, 0, 1, 0, 0])
    submitted = office.get(address("round") + west["cells"][2][1])
    assert [line.institution.code for line in submitted.context["lines"]] == ["A-02"]


def test_who_has_no_town_is_counted_last_and_can_be_listed(office, world, mixed):
    Institution.objects.filter(code="A-00").update(town="")
    towns = office.get(address("round")).context["towns"]
    assert [(row["town"], row["total"]) for row in towns] == [("东镇", 4), ("西镇", 2), ("", 1)]
    response = office.get(address("round") + towns[2]["url"])
    assert [line.institution.code for line in response.context["lines"]] == ["A-00"]
    assert {each["word"]: each["number"] for each in response.context["tally"]}["草稿"] == 1


def test_counts_follow_the_other_filters_but_not_the_state_that_is_chosen(office, mixed):
    response = office.get(address("round"), {"state": "submitted", "town": "东镇"})
    assert [each["number"] for each in response.context["tally"]] == [1, 1, 1, 1, 1]
    assert [each["chosen"] for each in response.context["tally"]] == [False, False, True, False, False]
    assert [row["town"] for row in response.context["towns"]] == ["东镇", "西镇"]


def test_state_buttons_add_and_take_away_and_keep_the_other_filters(office, mixed):
    tally = office.get(address("round"), {"state": "draft", "town": "东镇", "page": "2"}).context["tally"]
    urls = {each["code"]: QueryDict(each["url"].removeprefix("?")) for each in tally}
    assert urls["draft"].dict() == {"town": "东镇"}
    assert (urls["returned"].getlist("state"), urls["returned"]["town"]) == (["draft", "returned"], "东镇")


def test_the_list_sorts(office, mixed):
    def by(sort: str) -> list[str]:
        return [line.institution.code for line in office.get(address("round"), {"sort": sort}).context["lines"]]

    assert by("-cautions")[0] == "A-01"
    assert by("state")[:3] == ["A-03", "A-1002", "A-00"]
    assert by("-state")[0] == "A-1001"
    assert by("ufo") == by("") == codes(mixed)


def test_pages_hold_fifty(office, world, round):
    for i in range(60):
        add_institution(world.county, f"A-2{i:03d}", "village_clinic", None)
    response = office.get(address("round"), {"q": "A-2", "page": "2"})
    assert [line.institution.code for line in response.context["lines"]] == [f"A-2{i:03d}" for i in range(50, 60)]


def test_what_people_called_an_institution_is_shown_as_text(office, round):
    Institution.objects.filter(code="A-01").update(name="<script>alert(1)</script>", town="<b>")
    html = office.get(address("round")).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;" in html


# ---- who sees what ----


def test_readers_get_the_list_without_anything_to_change(client, world, mixed):
    client.force_login(world.users["leadership"])
    html = client.get(address("round")).content.decode()
    assert "东镇卫生院" in html
    for word in ("接受", "催报（", "修改任务", "关闭填报", 'type="checkbox"'):
        assert word not in html.split('<div id="list"')[1].replace("已接受", "").replace("最近催报", ""), word


# ---- the workbook ----


def test_the_workbook_holds_the_list_as_filtered_masks_phones_and_runs_no_formula(office, world, mixed):
    Institution.objects.filter(code="A-01").update(name="=1+1")
    clerk = world.users["clerk"]
    clerk.phone, clerk.display_name = "13812345678", "+王"
    clerk.save()
    response = office.get(address("round-worklist"), {"state": "submitted"})
    sheet = openpyxl.load_workbook(BytesIO(response.getvalue())).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["A-01", "A-02"]
    first = dict(zip(rows[0], rows[1], strict=True))
    assert (first["机构名称"], first["状态"], first["提示数"], first["逾期天数"]) == ("=1+1", "已提交", 2, 0)
    assert (first["填报员"], first["电话（隐去中间）"]) == ("+王", "138****5678")
    assert (sheet["C2"].data_type, sheet["C2"].quotePrefix) == ("s", True)
    event = Event.objects.get(action="export_worklist")
    assert (event.place, event.after["rows"], event.after["filters"]) == ("A", 2, {"state": "submitted"})


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13812345678", "138****5678"), ("0533-7211234", "053****1234"), ("120", "****"), ("", "")],
)
def test_a_phone_leaves_the_house_masked(phone, shown):
    assert masked(phone) == shown


# ---- cost ----


@pytest.mark.parametrize("villages", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_list(client, db, villages):
    world = make_world(villages)
    round = make_round(world)
    for i in range(villages):
        hand_in(world, f"A-1{i:03d}")
        clinic = Institution.objects.get(code=f"A-1{i:03d}")
        Reminder.objects.create(round=round, institution=clinic, at=LATER, by_name="office", people=0)
    County.objects.filter(code="A").update(name="甲县")
    client.force_login(world.users["office"])
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address("round", NEXT)).status_code == 200
    assert len(queries) == 20

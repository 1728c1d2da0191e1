"""The grid for proxy entry: who gets it, what stands in it, at a fixed number of queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from institutions.enums import ReportState, Role
from institutions.models import Grant, Institution, Report
from institutions.review.services import decide
from institutions.rounds.services import close_round
from tcm_demo.accounts.models import User
from tests.grid_world import COMPLETE, PERIOD, address, make_grid_world, pk, report, row, save


@pytest.fixture
def world(db):
    return make_grid_world(villages=3, stations=1)[0]


@pytest.fixture
def clerk(client, world):
    client.force_login(world.users["clerk"])
    return client


def box(html: str, code: str, element: str) -> str:
    """The cell's own input, as text."""
    return re.search(rf'<td[^>]*><input [^>]*"v-{pk(code)}-{element}"[^>]*>', html)[0]


def html_of(client, **query) -> str:
    response = client.get(address(), query)
    assert response.status_code == 200
    return response.content.decode()


def test_rows_are_the_institutions_that_report_through_this_one_each_type_in_a_table_of_its_own(clerk, world):
    Institution.objects.filter(code="A-1002").update(manager=None)
    tables = clerk.get(address()).context["tables"]
    assert [(table.label, [each.institution.code for each in table.rows]) for table in tables] == [
        ("社区卫生服务站", ["A-2000"]),
        ("村卫生室", ["A-1000", "A-1001"]),
    ]
    assert [element.code for _, elements in tables[0].groups for element in elements] == [
        *("doctors", "tcm_doctors", "has_corner"),
    ]


def test_institutions_that_the_round_does_not_ask_are_not_in_it(clerk, world):
    Institution.objects.filter(code="A-1001").update(closed_on=timezone.localdate().replace(year=2024, month=1, day=1))
    html = html_of(clerk)
    assert "第1村卫生室" in html
    assert "第2村卫生室" not in html


@pytest.mark.parametrize("name", ["fill-grid", "fill-grid-submit"])
@pytest.mark.parametrize("role", ["office", "reviewer", "superuser", "other_clerk", "stranger", "auditor"])
def test_who_does_not_fill_in_for_the_centre_does_not_find_it(client, world, role, name):
    client.force_login(world.users[role])
    assert client.get(address(name)).status_code == 404


def test_a_clerk_of_another_centre_finds_neither_grid_nor_rows(client, world):
    other = User.objects.create_user("west")
    Grant.objects.create(
        user=other, county=world.county, role=Role.DATA_CLERK, institution=Institution.objects.get(code="A-02")
    )
    client.force_login(other)
    assert client.get(address()).status_code == 404
    assert client.get(address("fill-grid-row", row="A-1000")).status_code == 404
    assert client.get(address("fill-grid-row", code="A-02", row="A-1000")).status_code == 404
    assert client.get(address(code="A-02")).context["tables"] == []


def test_a_clerk_of_one_clinic_has_its_own_form_alone(client, world):
    own = User.objects.create_user("village")
    clinic = Institution.objects.get(code="A-1000")
    Grant.objects.create(user=own, county=world.county, role=Role.DATA_CLERK, institution=clinic)
    client.force_login(own)
    assert client.get(address()).status_code == 404
    assert client.post(address("fill-grid-save"), row("A-1000", techniques="3")).status_code == 404
    assert client.get(address("fill", code="A-1000")).status_code == 200
    assert not Report.objects.filter(period=PERIOD).exists()


def test_a_period_without_a_round_is_not_found(clerk):
    assert clerk.get(address(period="2019")).status_code == 404


def test_the_last_periods_value_stands_faintly_where_nothing_is_typed(clerk):
    cell = box(html_of(clerk), "A-1000", "techniques")
    assert 'placeholder="4"' in cell
    assert 'value=""' in cell


def test_faults_cautions_and_what_cannot_be_read_show_in_their_cells(clerk):
    save(clerk, row("A-1000", techniques="9", doctors="2", tcm_doctors="5") | row("A-1001", doctors="很多"))
    html = html_of(clerk)
    assert 'class="num fault"' in box(html, "A-1000", "doctors")
    assert "中医医师数不能大于医师数" in box(html, "A-1000", "tcm_doctors")
    assert 'class="num caution"' in box(html, "A-1000", "techniques")  # 4 -> 9
    assert 'value="很多"' in box(html, "A-1001", "doctors")
    assert 'class="num fault"' in box(html, "A-1001", "doctors")
    assert "3/4" in html


def test_what_is_submitted_is_locked_and_what_came_back_says_why(clerk, world):
    save(clerk, row("A-1000", **COMPLETE))
    Report.objects.filter(period=PERIOD).update(state=ReportState.SUBMITTED)
    assert "readonly" in box(html_of(clerk), "A-1000", "doctors")
    decide(
        report("A-1000").institution.county.rounds.get(period=PERIOD),
        Institution.objects.get(code="A-1000"),
        accept=["techniques"],
        returns={"doctors": "与花名册不符"},
        by=world.users["reviewer"],
    )
    html = html_of(clerk)
    assert "returned" in box(html, "A-1000", "doctors")
    assert "退回：与花名册不符" in box(html, "A-1000", "doctors")
    assert "readonly" in box(html, "A-1000", "techniques")
    assert "readonly" not in box(html, "A-1000", "tcm_doctors")


def test_a_closed_round_and_one_that_has_not_opened_can_only_be_looked_at(clerk, world):
    round = world.county.rounds.get(period=PERIOD)
    round.opens_on = round.due_on = timezone.localdate() + timedelta(days=3)
    round.save()
    html = html_of(clerk)
    assert "开放填报，现在只能查看" in html
    assert "readonly" in box(html, "A-1000", "doctors")
    close_round(round, by=world.users["office"])
    assert "本期填报已关闭" in html_of(clerk)


def test_a_centre_without_clinics_is_told_whom_to_ask(clerk, world):
    Institution.objects.filter(county=world.county).update(manager=None)
    assert "没有要代报的机构" in html_of(clerk)


def test_without_scripts_each_cell_brings_what_stood_there(clerk):
    save(clerk, row("A-1000", doctors="3"))
    html = html_of(clerk)
    assert f'<noscript><input type="hidden" name="b-{pk("A-1000")}-doctors" value="3"></noscript>' in html


@pytest.mark.parametrize("name", ["fill-grid", "fill-grid-submit"])
def test_the_number_of_queries_does_not_grow_with_the_rows(client, db, name):
    world, _ = make_grid_world(villages=1)
    client.force_login(world.users["clerk"])
    save(client, row("A-1000", **COMPLETE))
    client.get(address(name))
    counts = []
    for number in (1, 3):
        for extra in range(1, number):
            code = f"A-3{extra:03d}"
            manager = Institution.objects.get(code="A-01")
            Institution.objects.create(
                county=world.county, code=code, name=code, type="village_clinic", position=50 + extra, manager=manager
            )
            save(client, row(code, **COMPLETE))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(name)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 25


def test_more_rows_than_a_page_holds_come_on_further_pages(client, db):
    world, _ = make_grid_world(villages=61)
    client.force_login(world.users["clerk"])
    assert "第61村卫生室" not in html_of(client)
    last = client.get(address(), {"page": "2"})
    assert [each.institution.code for each in last.context["tables"][0].rows] == ["A-1060"]
    assert f'data-save-url="{address("fill-grid-save")}?page=2"' in last.content.decode()
    assert save(client, row("A-1060", doctors="1"))["cells"][0]["status"] == "saved"


def test_a_round_that_asks_clinics_for_nothing_has_no_table_of_them(clerk, world):
    world.county.rounds.filter(period=PERIOD).update(elements=["visits"])
    assert clerk.get(address()).context["tables"] == []

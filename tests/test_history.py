"""The history of a report: who did what, when, on whose behalf; cell by cell; the latest first."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import Element
from institutions.enums import Role, StepKind
from institutions.filling.services import Cell, copy_facts, save_cells, submit_report
from institutions.history import step_of
from institutions.models import Grant, Institution, Report
from institutions.report_history import STEPS_PER_PAGE, entries_of, history_of, steps_of
from institutions.review.services import WHOLE, decide
from institutions.rounds.services import save_round
from tcm_demo.accounts.models import User
from tests.world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def round(world):
    Report.objects.all().delete()
    return save_round(
        world.county, "2023", opens_on=date(2024, 1, 1), due_on=date(2024, 1, 31), by=world.users["office"]
    )


@pytest.fixture
def east(world) -> Institution:
    return Institution.objects.get(code="A-01")


def save(round, institution, by, **texts):
    save_cells(round, [Cell(institution, code, text) for code, text in texts.items()], by=by)


def report_of(institution) -> Report:
    return Report.objects.get(institution=institution, period="2023")


def entries(institution, **more):
    return history_of(report_of(institution), **more).entries


def html_of(institution) -> str:
    history = history_of(report_of(institution))
    return render_to_string("filling/_history.html", {"entries": history.entries, "page": history.page})


def test_each_cell_stands_with_its_name_its_unit_and_what_it_was_before(world, round, east):
    save(round, east, world.users["clerk"], has_hall="是", visits="1200")
    save(round, east, world.users["clerk"], visits="")
    (entry,) = entries(east)
    assert (entry.word, entry.by, entry.proxy) == ("填写", "clerk", "")
    assert [(each.name, each.old, each.new, each.unit) for each in entry.changes] == [
        ("总诊疗人次", "1,200", None, "人次"),
        ("设有中医馆", None, "是", ""),
        ("总诊疗人次", None, "1,200", "人次"),
    ]
    html = html_of(east)
    assert html.count("空") == 3
    assert "改动 3 处" in html


def test_what_one_person_types_without_a_pause_is_one_entry(world, round, east):
    clerk = world.users["clerk"]
    save(round, east, clerk, visits="1")
    report = report_of(east)
    later = [step_of(report, StepKind.SAVED, by=clerk, cells={"visits": [n, n + 1]}) for n in (1, 2)]
    for step in later:
        step.at += timedelta(minutes=31)
        step.save()
    late, early = entries(east)
    assert ([each.new for each in late.changes], late.since) == (["3", "2"], later[0].at)
    assert ([each.new for each in early.changes], early.since) == (["1"], None)


def test_another_persons_typing_is_an_entry_of_its_own(world, round, east):
    colleague = User.objects.create_user("colleague")
    Grant.objects.create(user=colleague, county=world.county, role=Role.DATA_CLERK, institution=east)
    save(round, east, world.users["clerk"], visits="100")
    save(round, east, colleague, visits="110")
    save(round, east, world.users["clerk"], visits="120")
    assert [entry.by for entry in entries(east)] == ["clerk", "colleague", "clerk"]


def test_proxy_entry_names_on_whose_behalf(world, round, east):
    clinic = Institution.objects.get(code="A-1000")
    Institution.objects.filter(pk=clinic.pk).update(manager=east)
    clinic.refresh_from_db()
    save(round, clinic, world.users["clerk"], techniques="6")
    (entry,) = entries(clinic)
    assert (entry.by, entry.proxy) == ("clerk", "东镇卫生院")
    assert "东镇卫生院代报" in html_of(clinic)


def test_returns_carry_their_reasons_field_by_field_and_as_a_whole(world, round, east):
    hand_in(world, round, east)
    decide(
        round, east, returns={"visits": "与佐证材料不符", WHOLE: "请对照台账"}, accept=["has_hall"],
        by=world.users["reviewer"],
    )  # fmt: skip
    returned, accepted, submitted, *_ = entries(east)
    assert (returned.word, returned.by, returned.reason) == ("退回", "reviewer", "请对照台账")
    assert [(each.name, each.reason) for each in returned.verdicts] == [("总诊疗人次", "与佐证材料不符")]
    assert (accepted.word, [each.name for each in accepted.verdicts]) == ("接受", ["设有中医馆"])
    assert (submitted.word, submitted.sign) == ("提交", "submitted")
    html = html_of(east)
    assert "整份退回：请对照台账" in html
    assert "总诊疗人次：与佐证材料不符" in html


def hand_in(world, round, institution):
    clerk = world.users["clerk"]
    save(round, institution, clerk, has_hall="是", techniques="6", visits="100", tcm_visits="40")
    submit_report(round, institution, by=clerk)


def test_copied_facts_are_named_as_such(world, round, east):
    now = timezone.now()
    Report.objects.create(
        institution=east, period="2022", state="accepted", values={}, accepted={"has_hall": True}, updated_at=now
    )
    copy_facts(round, east, by=world.users["clerk"])
    assert [(entry.word, entry.changes[0].new) for entry in entries(east)] == [("沿用上期", "是")]


def test_what_left_the_dictionary_is_shown_by_its_code(world, round, east):
    save(round, east, world.users["clerk"], visits="1200", has_hall="是")
    Element.objects.filter(code="visits").delete()
    # and another kind of value since
    Element.objects.filter(code="has_hall").update(value_type="integer")
    assert [(each.name, each.new) for each in entries(east)[0].changes] == [("设有中医馆", "True"), ("visits", "1200")]


def test_a_report_that_has_not_begun_has_no_history(east):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        history = history_of(Report(institution=east, period="2023"))
    assert (history.entries, len(queries)) == ((), 0)
    assert "还没有任何操作" in render_to_string("filling/_history.html", {"entries": ()})


def test_long_histories_are_paged_with_a_fixed_number_of_queries(world, round, east, rf):
    save(round, east, world.users["clerk"], visits="1")
    assert queries_of(east) == queries_with_more_steps(east)
    history = history_of(report_of(east), page=2)
    assert (history.page.number, history.page.has_next()) == (2, True)
    context = {"entries": history.entries, "page": history.page}
    assert "?steps=3" in render_to_string("filling/_history.html", context, request=rf.get("/", {"steps": "2"}))
    assert len(entries_of(steps_of(report_of(east)), {})) == 2 * STEPS_PER_PAGE + 2


def queries_of(institution) -> int:
    report = report_of(institution)
    with CaptureQueriesContext(connection) as queries:
        list(history_of(report).entries)
    return len(queries)


def queries_with_more_steps(institution) -> int:
    report = report_of(institution)
    for _ in range(2 * STEPS_PER_PAGE + 1):
        step_of(report, StepKind.SUBMITTED, by=None, proxy=institution).save()
    return queries_of(institution)

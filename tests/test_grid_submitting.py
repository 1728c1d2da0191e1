"""Checking and submitting rows of the grid: one by one, or all that are ready, each with its own outcome."""

import pytest

from institutions.enums import ReportState, StepKind
from institutions.models import Institution, Report, ReportStep, Round
from institutions.review.services import decide
from tcm_demo.audit.models import Event
from tests.filling import words_of
from tests.grid_world import COMPLETE, PERIOD, address, cell, make_grid_world, pk, report, row, save


@pytest.fixture
def world(db):
    return make_grid_world()[0]


@pytest.fixture
def clerk(client, world):
    client.force_login(world.users["clerk"])
    return client


def row_address(code: str) -> str:
    return address("fill-grid-row", row=code)


def ready(code: str, client) -> None:
    """A row without faults and cautions: 6 techniques last period, so that 8 swing too little to need a word."""
    save(client, row(code, **COMPLETE))


def states() -> dict:
    return dict(Report.objects.filter(period=PERIOD).values_list("institution__code", "state"))


def test_a_row_shows_its_faults_and_cautions_with_room_for_words(clerk):
    save(clerk, row("A-1000", techniques="9", doctors="2", tcm_doctors="5"))
    html = clerk.get(row_address("A-1000")).content.decode()
    assert "中医医师数不能大于医师数" in html
    assert f'name="x-{pk("A-1000")}-swing:techniques"' in html
    assert f'name="x-{pk("A-1000")}-missing"' in html
    assert "由东镇卫生院代报" in html
    assert 'value="submit"' not in html  # a fault is in the way


def test_beside_the_grid_comes_the_part_alone(clerk):
    html = clerk.get(row_address("A-1000"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in html
    assert "第1村卫生室" in html


def test_words_are_kept_and_the_row_submitted_by_proxy(clerk, world):
    save(clerk, row("A-1000", **COMPLETE))
    key = f"x-{pk('A-1000')}-swing:techniques"
    response = clerk.post(row_address("A-1000"), {key: "新开展四项", "then": "submit"}, follow=True)
    assert "已提交：第1村卫生室（由东镇卫生院代报）" in response.content.decode()
    stored = report("A-1000")
    assert (stored.state, stored.submitted_by) == (ReportState.SUBMITTED, world.users["clerk"])
    assert [(each["key"], each["explanation"]) for each in stored.warnings] == [("swing:techniques", "新开展四项")]
    step = ReportStep.objects.get(report=stored, kind=StepKind.SUBMITTED)
    assert (step.by, step.proxy.code) == (world.users["clerk"], "A-01")
    event = Event.objects.get(action="submit_report", subject_id=str(stored.pk))
    assert event.after["proxy"] == "东镇卫生院"


def test_without_the_words_it_stays_and_shows_what_is_in_the_way(clerk):
    save(clerk, row("A-1000", **COMPLETE))
    response = clerk.post(row_address("A-1000"), {"then": "submit"}, follow=True)
    assert response.redirect_chain[0][0] == row_address("A-1000")
    assert "1 条提示要写说明" in response.content.decode()
    assert states() == {"A-1000": ReportState.DRAFT}


def test_words_alone_are_kept_without_submitting(clerk):
    save(clerk, row("A-1000", techniques="9"))
    key = f"x-{pk('A-1000')}-missing"
    clerk.post(row_address("A-1000"), {key: "没有医师", "then": "explain"})
    assert words_of(report("A-1000")) == {"missing": "没有医师"}
    assert states() == {"A-1000": ReportState.DRAFT}


def test_words_too_short_are_refused_with_a_sentence_and_none_of_them_is_lost(clerk):
    save(clerk, row("A-1000", techniques="9"))
    words = {f"x-{pk('A-1000')}-missing": "无", f"x-{pk('A-1000')}-swing:techniques": "新开展五项"}
    html = clerk.post(row_address("A-1000"), words).content.decode()
    assert "说明请写 2 至 300 个字" in html
    assert ">新开展五项</textarea>" in html
    assert report("A-1000").explanations == {}


def test_words_on_another_institutions_row_are_not_found(clerk):
    assert clerk.post(row_address("A-1000"), {f"x-{pk('A-1001')}-missing": "没有"}).status_code == 404


def test_all_ready_rows_are_named_before_they_are_submitted_and_the_others_with_the_reason(clerk):
    ready("A-1001", clerk)
    ready("A-1002", clerk)
    save(clerk, row("A-1000", doctors="2", tcm_doctors="5"))
    page = clerk.get(address("fill-grid-submit"))
    assert [each.institution.code for each in page.context["ready"]] == ["A-1001", "A-1002"]
    html = page.content.decode()
    assert "由东镇卫生院代报，提交所选" in html
    assert "1 处错误要改正，1 条提示要写说明" in html
    assert set(states().values()) == {ReportState.DRAFT}  # looking submits nothing


def test_each_row_has_its_own_outcome(clerk):
    ready("A-1001", clerk)
    ready("A-1002", clerk)
    save(clerk, row("A-1000", doctors="2", tcm_doctors="5"))
    response = clerk.post(address("fill-grid-submit"), {"row": ["A-1000", "A-1001", "A-1002"]}, follow=True)
    html = response.content.decode()
    assert "已提交 2 家（由东镇卫生院代报）：第2村卫生室、第3村卫生室" in html
    assert "“第1村卫生室”还不能提交：1 处错误要改正" in html
    assert states() == {"A-1000": "draft", "A-1001": "submitted", "A-1002": "submitted"}
    assert {step.proxy.code for step in ReportStep.objects.filter(kind=StepKind.SUBMITTED)} == {"A-01"}


def test_a_row_of_another_institution_is_not_submitted(clerk):
    clerk.post(address("fill-grid-submit"), {"row": ["A-02", "B-01", "A-01"]})
    assert not Report.objects.filter(period=PERIOD).exists()


def test_a_second_click_submits_nothing_twice(clerk):
    ready("A-1001", clerk)
    for _ in range(2):
        clerk.post(address("fill-grid-submit"), {"row": ["A-1001"]})
    assert ReportStep.objects.filter(kind=StepKind.SUBMITTED).count() == 1


def test_what_came_back_is_not_just_sent_back_with_the_others(clerk, world):
    ready("A-1001", clerk)
    clerk.post(address("fill-grid-submit"), {"row": ["A-1001"]})
    round, clinic = Round.objects.get(period=PERIOD), Institution.objects.get(code="A-1001")
    decide(round, clinic, returns={"doctors": "与花名册不符"}, by=world.users["reviewer"])
    page = clerk.get(address("fill-grid-submit"))
    assert page.context["ready"] == []
    assert "退回的 1 处没有改动，要写说明" in page.content.decode()
    assert "<b>医师数</b>：与花名册不符" in clerk.get(row_address("A-1001")).content.decode()
    save(clerk, cell("A-1001", "doctors", "4", base="3"))
    assert [each.institution for each in clerk.get(address("fill-grid-submit")).context["ready"]] == [clinic]


def test_the_grid_counts_the_rows_that_are_ready(clerk):
    assert clerk.get(address()).context["ready"] == 0
    ready("A-1001", clerk)
    assert clerk.get(address()).context["ready"] == 1

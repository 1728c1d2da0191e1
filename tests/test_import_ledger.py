"""Importing writes institutions and accepted figures, all or nothing, and only what changes."""

from datetime import date
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from institutions.hooks import figures_changed
from institutions.models import County, Institution, Report, ReportStep
from institutions.queries import accepted_values
from institutions.services import (
    LedgerRefused,
    import_ledger,
)
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tests.ledgers import CENTRE, CLINIC, OTHER_CENTRE, REAL_LEDGER, make_county, registry, sheet, xlsx
from tests.wizard import open_round

HEAD = ["机构编码", "总诊疗人次", "中医诊疗人次"]
FIGURES = sheet("数据", HEAD, ["T1", 100, 40], ["V1", 30, ""])
BOTH = registry(CENTRE, CLINIC)


@pytest.fixture
def county(db):
    return make_county()


@pytest.fixture
def office(db):
    return User.objects.create_user("office")


@pytest.fixture
def announced():
    """What was announced to the rooms above, in order."""
    heard = []

    def of_figures(**facts):
        heard.append((facts["period"], facts["since"]))

    figures_changed.register(of_figures)
    yield heard
    figures_changed._listeners.remove(of_figures)


def bring(county, *sheets, period="2023", **more):
    return import_ledger(county, period, xlsx(*sheets), **more)


def stored(county, period="2023") -> dict:
    return accepted_values(county, period)


@pytest.fixture(scope="module")
def filled_cells():
    """The cells of the real ledger's tables that hold something, counted by openpyxl: sheet -> row code -> count."""
    book = load_workbook(REAL_LEDGER, read_only=True)
    counts = {}
    for page in book.worksheets[1:4]:
        for row in page.iter_rows(min_row=5, values_only=True):
            if row[1]:
                counts[row[1]] = sum(cell is not None and bool(str(cell).strip()) for cell in row[3:])
    county_rows = book.worksheets[4].iter_rows(min_row=4, values_only=True)
    counts["DEMO00"] = sum(row[2] is not None for row in county_rows)
    return counts


def test_the_real_ledger_goes_in_whole(county, office, announced, filled_cells):
    outcome = import_ledger(county, "2023", REAL_LEDGER, by=office)
    assert outcome.written
    assert outcome.plan.problems == []
    assert outcome.plan.recognition.unmatched() == []
    institutions = county.institutions.all()
    assert len(institutions) == 341
    assert [i.code for i in institutions][:3] == ["DEMO00", "DEMO-H01", "DEMO-H02"]
    assert institutions.filter(type="village_clinic").count() == 300
    assert institutions.filter(closed_on=date(2023, 1, 1)).count() == 9
    assert institutions.exclude(closed_on=None).count() == 9
    assert institutions.exclude(manager=None).count() == 324
    assert institutions.get(code="DEMO-V00300").manager.name == "金台镇卫生院"
    reports = Report.objects.filter(institution__county=county, period="2023", state="accepted", accepted_by=office)
    assert {code: len(values) for code, values in reports.values_list("institution__code", "values")} == filled_cells
    assert announced == [("2023", None)]


def test_values_of_the_real_ledger_are_exact_and_typed(county):
    import_ledger(county, "2023", REAL_LEDGER)
    values = stored(county)
    hospital, centre = values["DEMO-H01"], values["DEMO-T02"]
    assert (hospital["nurses"], hospital["hospital_grade"], hospital["capability_standard"]) == (142, 3, 0)
    assert (hospital["has_education_base"], hospital["has_western_learning_base"]) == (True, False)
    assert (centre["appraisal_points"], centre["appraisal_tcm_points"]) == ("600.5", "96.1")
    assert values["DEMO-T03"]["elderly_managed"] == 5992
    assert "children_managed" not in values["DEMO-T03"]
    assert values["DEMO-S005"]["education_people_tcm"] == 1870
    assert (values["DEMO00"]["tcm_fund"], values["DEMO00"]["cdc_has_tcm_officer"]) == ("120.5", False)
    assert "appraisal_points" not in values["DEMO-T04"]  # a lone blank
    assert len(values["DEMO-V00031"]) > 20  # closed, and its figures are kept all the same
    assert not any(isinstance(value, float) for row in values.values() for value in row.values())


def test_the_same_file_again_changes_nothing_and_says_so(county, announced):
    import_ledger(county, "2023", REAL_LEDGER)
    before = list(Report.objects.order_by("pk").values())
    events = Event.objects.count()
    announced.clear()
    outcome = import_ledger(county, "2023", REAL_LEDGER)
    assert (outcome.written, outcome.plan.changes_nothing) == (False, True)
    assert outcome.plan.unchanged_reports == 341
    assert list(Report.objects.order_by("pk").values()) == before
    assert Event.objects.count() == events
    assert announced == []


def test_only_what_changes_is_written_old_beside_new(county, office):
    bring(county, BOTH, FIGURES)
    untouched = Report.objects.get(institution__code="V1")
    outcome = bring(county, BOTH, sheet("数据", HEAD, ["T1", 120, 40], ["V1", 30, ""]), by=office)
    assert not list(outcome.plan.new_cells())
    (change,) = outcome.plan.overwritten_cells()
    assert (change.entry.code, change.element.code, change.old, change.new) == ("T1", "visits", 100, 120)
    assert str(change.place) == "“数据”B2"
    assert stored(county)["T1"] == {"visits": 120, "tcm_visits": 40}
    assert Report.objects.get(institution__code="T1").accepted_by == office
    assert Report.objects.get(institution__code="V1").updated_at == untouched.updated_at
    counts = outcome.plan.counts()
    assert (counts["reports_written"], counts["reports_unchanged"], counts["values_overwritten"]) == (1, 1, 1)


def test_the_import_leaves_one_event_with_file_counts_and_overwritten_cells(county, office):
    bring(county, BOTH, FIGURES)
    bring(county, registry(CENTRE, (*CLINIC[:3], "否")), sheet("数据", HEAD, ["T1", 120, 40]), by=office)
    event = Event.objects.filter(action="import_ledger").first()
    assert (event.actor, event.place, event.subject_name) == (office, "X", "某县")
    assert event.before["values"] == {"T1": {"visits": 100}}
    assert event.after["values"] == {"T1": {"visits": 120}}
    assert event.before["institutions"] == {"V1": {"closed_on": None}}
    assert event.after["institutions"] == {"V1": {"closed_on": "2023-01-01"}}
    assert event.after["counts"]["values_overwritten"] == 1
    assert len(event.after["sha256"]) == 64


def test_a_blank_never_erases_a_figure(county):
    bring(county, BOTH, FIGURES)
    outcome = bring(county, BOTH, sheet("数据", HEAD, ["T1", "", 41], ["V1", "—", 3]))
    assert stored(county) == {"T1": {"visits": 100, "tcm_visits": 41}, "V1": {"visits": 30, "tcm_visits": 3}}
    (notice,) = [notice for notice in outcome.plan.notices if notice.code == "blank_keeps_value"]
    assert "2 个空白" in notice.text


def test_checks_hold_the_file_against_what_is_stored_already(county):
    bring(county, BOTH, FIGURES)
    with pytest.raises(LedgerRefused) as refused:
        bring(county, BOTH, sheet("数据", ["机构编码", "中医诊疗人次"], ["T1", 101]))
    (problem,) = refused.value.plan.problems
    assert (problem.code, problem.cell) == ("part_over_whole", "B2")
    assert "1 处问题" in str(refused.value)


def test_with_one_problem_nothing_at_all_is_written(county, announced):
    with pytest.raises(LedgerRefused):
        bring(county, BOTH, sheet("数据", HEAD, ["T1", 100, 40], ["V1", "若干", ""]))
    assert (Institution.objects.count(), Report.objects.count(), Event.objects.count()) == (0, 0, 0)
    assert announced == []


def test_a_listener_that_fails_takes_the_whole_import_back(county):
    def refuse(**facts):
        raise RuntimeError("no")

    figures_changed.register(refuse)
    try:
        with pytest.raises(RuntimeError):
            bring(county, BOTH, FIGURES)
    finally:
        figures_changed._listeners.remove(refuse)
    assert (Institution.objects.count(), Report.objects.count()) == (0, 0)


def test_another_period_has_reports_of_its_own(county):
    bring(county, BOTH, FIGURES)
    bring(county, BOTH, FIGURES, period="2024")
    assert Report.objects.count() == 4
    assert stored(county, "2024") == stored(county, "2023")


def test_what_was_entered_and_is_not_in_the_file_stays_and_waits_to_be_accepted(county, office):
    bring(county, registry(CENTRE, CLINIC))
    centre, clinic = county.institutions.order_by("position")
    now = timezone.now()
    facts = {"period": "2023", "updated_at": now, "hands": [office.pk]}
    draft = {"beds": 9, "visits": 70, "tcm_visits": 40}
    Report.objects.create(institution=centre, state="submitted", values=draft, explanations={"missing": "x"}, **facts)
    Report.objects.create(institution=clinic, state="draft", values={"visits": 30}, unread={"beds": "两"}, **facts)
    outcome = bring(county, FIGURES)
    assert stored(county) == {"T1": {"visits": 100, "tcm_visits": 40}, "V1": {"visits": 30}}
    assert outcome.plan.reports[0].cells == {"visits": (70, 100), "tcm_visits": (None, 40)}
    first, second = Report.objects.order_by("pk")
    assert (first.state, first.values, first.hands) == ("submitted", {**draft, "visits": 100}, [office.pk])
    assert first.explanations == {"missing": "x"}
    assert (second.state, second.unread) == ("draft", {"beds": "两"})


def test_the_operators_import_is_a_step_of_each_reports_history(county):
    bring(county, BOTH, FIGURES)
    bring(county, sheet("数据", HEAD, ["T1", 120, 40]))
    steps = ReportStep.objects.filter(report__institution__code="T1")
    assert [(step.kind, step.reason, step.cells) for step in steps] == [
        ("imported", "命令行导入", {"visits": [None, 100], "tcm_visits": [None, 40]}),
        ("imported", "命令行导入", {"visits": [100, 120]}),
    ]
    assert [step.by_name for step in steps] == ["系统（命令行）"] * 2
    report = Report.objects.get(institution__code="T1")
    assert (report.state, report.values, report.accepted, report.hands) == (
        "accepted",
        {"visits": 120, "tcm_visits": 40},
        {"visits": 120, "tcm_visits": 40},
        [],
    )


def test_the_operator_accepts_what_was_returned_and_what_was_submitted(county):
    bring(county, BOTH, FIGURES)
    Report.objects.filter(institution__code="T1").update(
        state="returned", accepted={"tcm_visits": 40}, returned={"visits": "请核对"}, hands=[1]
    )
    bring(county, sheet("数据", HEAD, ["T1", 100, 40]))
    report = Report.objects.get(institution__code="T1")
    assert (report.state, report.accepted, report.returned, report.hands) == (
        "accepted",
        {"visits": 100, "tcm_visits": 40},
        {},
        [],
    )


def test_nothing_goes_into_a_closed_round(county):
    open_round(county, closed_at=timezone.now())
    with pytest.raises(LedgerRefused) as refused:
        bring(county, BOTH, FIGURES)
    (problem,) = refused.value.plan.problems
    assert problem.reason == "2023年度填报已关闭，不能再导入数值"
    assert not Institution.objects.exists()
    assert bring(county, BOTH).written  # a registry needs no round
    assert bring(county, FIGURES, period="2022").written  # nor does a period that has none


def test_no_closes_and_yes_reopens(county, announced):
    bring(county, BOTH, FIGURES)
    clinic = Institution.objects.get(code="V1")
    announced.clear()
    bring(county, registry(CENTRE, (*CLINIC[:3], "否")))
    clinic.refresh_from_db()
    assert clinic.closed_on == date(2023, 1, 1)
    assert announced == [("2023", date(2023, 1, 1))]
    assert not bring(county, registry(CENTRE, (*CLINIC[:3], "停用"))).written
    outcome = bring(county, registry(CENTRE, (*CLINIC[:3], "√")))
    assert outcome.plan.counts()["institutions_reopened"] == 1
    clinic.refresh_from_db()
    assert clinic.closed_on is None


def test_what_was_closed_earlier_or_closes_later_stays(county):
    early, late = date(2022, 6, 1), date(2024, 6, 1)
    Institution.objects.create(county=county, code="T1", name="东镇卫生院", type="township_centre", closed_on=early)
    Institution.objects.create(county=county, code="V1", name="东镇第1村卫生室", type="village_clinic", closed_on=late)
    assert not bring(county, registry((*CENTRE[:3], "否"), CLINIC)).written
    outcome = bring(county, registry(CENTRE, (*CLINIC[:3], "否")))
    assert [(c.entry.code, c.kind, c.fields["closed_on"]) for c in outcome.plan.institutions] == [
        ("T1", "reopened", (early, None)),
        ("V1", "closed", (late, date(2023, 1, 1))),
    ]


def test_what_opened_within_the_period_closes_after_that_day(county):
    opened = (*CENTRE[:3], "否", "", "", "", "2023-05-01")
    bring(county, registry(opened))
    assert Institution.objects.get().closed_on == date(2023, 5, 2)
    assert not bring(county, registry(opened)).written


def test_what_opens_after_the_period_is_neither_closed_nor_reopened(county):
    for in_use in ("否", "是"):
        bring(county, registry((*CENTRE[:3], in_use, "", "", "", "2024-05-01")))
        assert Institution.objects.get().closed_on is None


def test_reopening_reaches_back_to_earlier_periods(county, announced):
    early = date(2022, 6, 1)
    Institution.objects.create(county=county, code="T1", name="东镇卫生院", type="township_centre", closed_on=early)
    bring(county, registry(CENTRE))
    assert announced == [("2023", early)]


def test_dates_and_codes_of_the_registry_are_kept(county):
    bring(
        county,
        registry(
            (*CENTRE, "东镇", "", "91350100M000100Y43", "2010年5月1日", "", "旧址"),
            (*CLINIC[:3], "否", "东镇", "T1", "", "", "2023.6.30"),
        ),
    )
    centre, clinic = Institution.objects.get(code="T1"), Institution.objects.get(code="V1")
    assert (centre.opened_on, centre.credit_code, centre.remark) == (date(2010, 5, 1), "91350100M000100Y43", "旧址")
    assert (clinic.closed_on, clinic.manager, clinic.town) == (date(2023, 6, 30), centre, "东镇")


def test_a_registry_alone_changes_names_and_keeps_what_it_leaves_blank(county):
    bring(county, registry((*CENTRE, "东镇")), sheet("数据", HEAD, ["T1", 100, 40]))
    outcome = bring(county, registry(("T1", "东镇中心卫生院", "卫生院", "是", "")))
    (change,) = outcome.plan.institutions
    assert change.fields == {"name": ("东镇卫生院", "东镇中心卫生院")}
    assert Institution.objects.get().town == "东镇"


def test_the_order_of_the_registry_is_the_countys_order_and_later_ones_come_behind(county):
    bring(county, registry(CLINIC, CENTRE))
    bring(county, registry(OTHER_CENTRE, CENTRE, CLINIC))
    assert list(county.institutions.values_list("code", flat=True)) == ["V1", "T1", "T2"]


def test_institutions_that_the_file_leaves_out_stay_as_they_are(county):
    bring(county, BOTH, FIGURES)
    bring(county, sheet("数据", HEAD, ["T1", 101, 40]))
    assert Institution.objects.count() == 2
    assert stored(county)["V1"] == {"visits": 30}


def test_two_counties_may_use_the_same_codes(county):
    other = County.objects.create(code="Y", name="邻县")
    bring(county, BOTH, FIGURES)
    bring(other, BOTH, sheet("数据", HEAD, ["T1", 7, 1]))
    assert (stored(county)["T1"]["visits"], stored(other)["T1"]["visits"]) == (100, 7)


def test_a_year_that_is_none_is_refused(county):
    with pytest.raises(ValueError, match="填报期"):
        bring(county, BOTH, period="去年")


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_are_one_after_the_other():
    county = make_county()
    outcomes = []

    def bring_in():
        try:
            outcomes.append(import_ledger(county, "2023", REAL_LEDGER).written)
        finally:
            connection.close()

    threads = [Thread(target=bring_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]
    assert Report.objects.count() == 341


def test_progress_is_told_from_start_to_end(county):
    steps = []
    bring(county, BOTH, FIGURES, progress=lambda done, total, what: steps.append((done, total, what)))
    assert {what for _, _, what in steps} >= {"比对数据", "写入数据"}
    assert (2, 2, "写入数据") in steps
    assert all(0 <= done <= total for done, total, _ in steps)


def test_an_import_takes_few_statements_however_long_the_ledger(county, django_assert_max_num_queries):
    rows = [[f"T{n}", n, 0] for n in range(300)]
    names = registry(*((f"T{n}", f"第{n}卫生院", "卫生院", "是") for n in range(300)))
    with django_assert_max_num_queries(36):
        bring(county, names, sheet("数据", HEAD, *rows))

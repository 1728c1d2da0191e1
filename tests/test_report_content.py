"""What stands in a self-assessment report, before anything is drawn."""

from dataclasses import replace

import pytest

from assessments.evidence.demand_services import Demanded, add_requirement, withdraw_requirement
from assessments.evidence.review_services import judge_evidence
from assessments.reports.figure_tables import MOST_COLUMNS, figure_tables
from assessments.reports.numerals import chinese
from assessments.reports.parts import MOST_IN_PLACE
from assessments.reports.pdf import chapters_of
from assessments.reports.register import Register
from assessments.reports.self_assessment import SelfAssessment, self_assessment
from assessments.services import compute_assessment, save_assessment
from indicators.models import Element, EvidenceRequirement, Item
from institutions.models import Report
from tests.world import PERIOD, World, add_institution, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def report_of(world: World) -> SelfAssessment:
    return self_assessment(compute_assessment(world.county, world.standard, PERIOD))


def criterion(report: SelfAssessment, code: str):
    return next(c for item in report.items for c in item.criteria if c.content.code == code)


def wide_table(report: SelfAssessment):
    return report.figures.wide[0]


def test_every_page_says_whose_figures_of_when_and_from_how_many(world):
    Report.objects.update(accepted_at="2024-01-20T02:00:00+00:00")
    assert report_of(world).notice == "本系统自评（非官方评分）　数据截至2024年1月20日　已报 6/7"


def test_the_figures_are_those_of_the_countys_dictionary(world):
    for owner in "AB":
        facts = {"group": "g", "value_type": "integer", "reported_by": ["village_clinic"], "position": 99}
        Element.objects.create(code=f"own_{owner}", name=f"{owner} 自设的数", owner=owner, **facts)
    figures = report_of(world).figures
    columns = [column for table in figures.wide for column in table.columns]
    columns += [column for table in figures.upright for column, _ in table.lines]
    assert [each.spec.code for each in columns if each.spec.code.startswith("own_")] == ["own_A"]


def test_what_is_not_saved_is_a_draft(world):
    assert report_of(world).is_draft
    kept = self_assessment(save_assessment(world.county, world.standard, PERIOD))
    assert not kept.is_draft
    assert "号存档" in kept.made


def test_a_failing_institution_is_named_with_what_it_lacks(world):
    lacks = {lack.text: lack.names for lack in criterion(report_of(world), "2.1").lacks}
    assert lacks == {"设有中医馆：否": ("西镇卫生院",), "未填报：设有中医馆": ("南镇医院",)}


def test_a_pooled_criterion_names_who_is_not_counted_and_where_most_could_be_gained(world):
    pooled = criterion(report_of(world), "3.1")
    assert [(lack.text, lack.names) for lack in pooled.lacks] == [("未填报：中医诊疗人次、总诊疗人次", ("南镇医院",))]
    # 60 of 300 visits; the target is 35%
    assert pooled.rooms == ("西镇卫生院（现 10%，自身达到目标还差 50）",)


def test_twenty_institutions_stand_in_place_and_the_rest_in_the_annex(world):
    for number in range(30):
        add_institution(world.county, f"C{number:02d}", "village_clinic", {"techniques": 1}, f"新{number:02d}村卫生室")
    report = report_of(world)
    techniques = criterion(report, "2.2")
    assert sum(len(lack.names) for lack in techniques.lacks) == MOST_IN_PLACE
    assert techniques.rest_count == 11
    assert report.long_lists == [techniques]
    assert chapters_of(report)["lists"].number == "附件2"


def test_without_long_lists_their_annex_is_not_counted(world):
    chapters = chapters_of(report_of(world))
    assert [(c.number, c.key) for c in chapters.annexes] == [
        ("附件1", "figures"),
        ("附件2", "evidence"),
        ("附件3", "method"),
        ("附件4", "fonts"),
    ]


def test_institutions_of_one_name_are_told_apart_by_town_and_code():
    rows = [
        {"code": code, "name": name, "town": town, "type": "village_clinic", "values": {}}
        for code, name, town in [("1", "王村卫生室", "东镇"), ("2", "王村卫生室", ""), ("3", "李村卫生室", "东镇")]
    ]
    names = [member.name for member in Register(rows).members]
    assert names == ["王村卫生室（东镇，1）", "王村卫生室（2）", "李村卫生室"]


def test_missing_is_a_dash_and_what_a_type_does_not_report_a_stroke(world):
    Element.objects.create(
        code="rooms",
        name="诊室数",
        group="测试",
        value_type="integer",
        unit="间",
        position=9,
        reported_by=["community_station"],
    )
    for number in range(6):
        kind = "community_station" if number else "village_clinic"
        add_institution(world.county, f"S{number}", kind, {"rooms": number} if number > 1 else None, f"站{number}")
    table = wide_table(report_of(world))
    rooms = [column.spec.code for column in table.columns].index("rooms")
    assert {row.name: row.cells[rooms] for row in table.rows if row.name[0] == "站"} == {
        "站0": "／",
        "站1": "—",
        "站2": "2",
        "站3": "3",
        "站4": "4",
        "站5": "5",
    }
    assert table.reported[rooms] == "4"


def test_only_what_a_criterion_adds_up_is_added_up(world):
    """The number of techniques of six clinics together says nothing."""
    report = report_of(world)
    assert {line.name: (line.total, line.reported, line.due) for line in report.basics.sums} == {
        "总诊疗人次": ("300", 2, 3),
        "中医诊疗人次": ("60", 2, 3),
    }


def test_few_institutions_stand_side_by_side_and_many_below_each_other(world):
    upright = [(table.number, table.names) for table in report_of(world).figures.upright]
    assert upright == [
        ("表1", ("甲县本级",)),
        ("表2", ("东镇卫生院", "西镇卫生院", "南镇医院")),
        ("表3", ("第1村卫生室", "第2村卫生室", "第3村卫生室")),
    ]


def test_wide_tables_are_cut_to_fit_a_landscape_page(world):
    for number in range(40):
        Element.objects.create(
            code=f"e{number}",
            name=f"数{number}",
            group=f"组{number // 10}",
            value_type="integer",
            reported_by=["village_clinic"],
            position=100 + number,
        )
    for number in range(6):
        add_institution(world.county, f"D{number}", "village_clinic", {"e0": 1}, f"丁{number}")
    tables = report_of(world).figures.wide
    assert [table.number for table in tables] == ["表3-1", "表3-2", "表3-3", "表3-4"]
    assert all(len(table.columns) <= MOST_COLUMNS for table in tables)
    assert sum(len(table.columns) for table in tables) == 41
    assert [band for table in tables for band, _ in table.bands] == ["测试", "组0", "组1", "组2", "组3"]


def test_evidence_stands_with_its_state_and_reason(world):
    requirement = EvidenceRequirement.objects.get(code="3-1")
    judge_evidence(world.county, requirement, PERIOD, state="failing", reason="缺盖章页", by=world.users["office"])
    report = report_of(world)
    assert [(item.number, line.state_label, line.reason) for item, line in report.failing_evidence] == [
        ("3", "不合格", "缺盖章页")
    ]
    assert report.evidence_count == {"accepted": 0, "failing": 1, "open": 2, "all": 3}


def evidence_codes(report: SelfAssessment) -> list[str]:
    return [line.content.code for item in report.items for line in item.evidence]


def test_what_the_county_demands_itself_stands_beside_what_the_standard_does(world):
    item, office = Item.objects.get(number="2"), world.users["office"]
    own = add_requirement(world.campaign, item, Demanded(text="会议纪要"), by=office)
    kept = save_assessment(world.county, world.standard, PERIOD)
    withdraw_requirement(world.campaign, own, by=office)
    assert evidence_codes(self_assessment(kept)) == ["1-1", "1-2", own.code, "3-1"]
    assert evidence_codes(report_of(world)) == ["1-1", "1-2", "3-1"]


def test_what_is_asked_of_institutions_that_the_county_has_none_of_is_left_out(world):
    EvidenceRequirement.objects.filter(code="3-1").update(institution_types=["mch_hospital"])
    report = report_of(world)
    assert evidence_codes(report) == ["1-1", "1-2"]
    assert report.evidence_count["all"] == 2


def test_one_that_was_kept_before_requirements_were_noted_down_is_drawn_as_ever(world):
    kept = save_assessment(world.county, world.standard, PERIOD)
    drawn = self_assessment(kept)
    del kept.inputs["requirements"], kept.inputs["statements"]
    assert self_assessment(kept) == drawn


def test_a_kept_report_stays_as_it_was_when_everything_changes(world):
    requirement = EvidenceRequirement.objects.get(code="3-1")
    judge_evidence(world.county, requirement, PERIOD, state="failing", reason="缺盖章页", by=world.users["office"])
    kept = save_assessment(world.county, world.standard, PERIOD)
    before = self_assessment(kept)
    world.county.institutions.filter(code="A-01").update(name="改名卫生院", town="西镇")
    Report.objects.update(accepted={"has_hall": False, "visits": 1, "tcm_visits": 1, "techniques": 0})
    judge_evidence(world.county, requirement, PERIOD, state="accepted", reason="看过原件", by=world.users["office"])
    add_institution(world.county, "NEW", "village_clinic", {"techniques": 9}, "新村卫生室")
    kept.refresh_from_db()
    assert self_assessment(kept) == before
    assert replace(report_of(world), made=before.made, is_draft=False) != before


def test_content_is_read_in_a_fixed_number_of_queries(world, django_assert_num_queries):
    kept = save_assessment(world.county, world.standard, PERIOD)
    with django_assert_num_queries(8):
        self_assessment(kept)
    for number in range(5):
        add_institution(world.county, f"E{number}", "village_clinic", {"techniques": 1}, f"戊{number}")
    kept = save_assessment(world.county, world.standard, PERIOD)
    with django_assert_num_queries(8):
        self_assessment(kept)


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五")])
def test_chinese_numerals(number, text):
    assert chinese(number) == text


def test_a_county_without_institutions_of_a_group_has_no_table_for_it():
    tables = figure_tables(Register([]), [])
    assert (tables.upright, tables.wide) == ((), ())

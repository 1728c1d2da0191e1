"""Every kind of fault is named with its sheet, cell, value, reason and how to mend it; one is enough to stop all."""

import pytest

from institutions.importing.columns import sheets_of
from institutions.ledger.layout import MAX_TABLES
from institutions.ledger.problems import SENTENCES
from institutions.ledger.workbook import LedgerFile
from institutions.models import Institution
from institutions.period import Period
from institutions.services import import_ledger
from tests.ledgers import CENTRE, CLINIC, OTHER_CENTRE, faults_of, make_county, plan, registry, sheet, values_of

REGISTRY = registry(CENTRE, OTHER_CENTRE, CLINIC)
HEAD = ["机构编码", "机构名称"]
NAMES = {"T1": "东镇卫生院", "T2": "西镇卫生院", "V1": "东镇第1村卫生室"}


@pytest.fixture
def county(db):
    return make_county()


def data(headings, *rows, name="数据"):
    return sheet(name, [*HEAD, *headings], *([code, NAMES.get(code, ""), *cells] for code, *cells in rows))


CELLS = [
    ("总诊疗人次", "若干", "not_a_number"),
    ("总诊疗人次", -5, "negative"),
    ("总诊疗人次", 5.5, "not_whole"),
    ("总诊疗人次", 10**13, "too_large"),
    ("总诊疗人次", ("error", "#N/A"), "error_value"),
    ("总诊疗人次", ("formula", ""), "formula_without_result"),
    ("总诊疗人次", ("date", "2023-01-05"), "not_a_number_but_a_date"),
    ("规范开展的中医药适宜技术类数", 11, "out_of_range"),
    ("设置中医馆", "或许", "not_yes_or_no"),
]


@pytest.mark.parametrize(("heading", "cell", "code"), CELLS)
def test_a_faulty_cell(county, heading, cell, code):
    made = plan(county, REGISTRY, data([heading], ["T1", cell]))
    assert faults_of(made) == [(code, "数据", "C2")]
    (problem,) = made.problems
    assert problem.reason
    assert problem.mend.endswith("。")


def test_an_unknown_choice_names_those_that_there_are(county):
    own = registry(("H1", "中医院", "县级中医医院", "是"))
    (problem,) = plan(county, own, data(["医院等级"], ["H1", "特级"])).problems
    assert (problem.code, problem.value) == ("unknown_choice", "特级")
    assert "3 二级甲等" in problem.mend


def test_a_part_larger_than_its_whole(county):
    made = plan(county, REGISTRY, data(["总诊疗人次", "中医诊疗人次"], ["T1", 100, 101], ["T2", 100, 100]))
    assert faults_of(made) == [("part_over_whole", "数据", "D2")]
    assert "总诊疗人次 100" in made.problems[0].reason
    assert "中医诊疗人次 101" in made.problems[0].reason


def test_a_rule_over_several_figures(county):
    headings = ["执业（助理）医师数", "注册护士数", "卫生技术人员数"]
    assert faults_of(plan(county, REGISTRY, data(headings, ["T1", 5, 6, 10]))) == [("check_failed", "数据", "C2")]
    assert faults_of(plan(county, REGISTRY, data(headings, ["T1", 5, "", 10]))) == []


def test_a_part_on_another_sheet_than_its_whole(county):
    whole, part = data(["总诊疗人次"], ["T1", 100]), data(["中医诊疗人次"], ["T1", 101], name="中医")
    assert faults_of(plan(county, REGISTRY, whole, part)) == [("part_over_whole", "中医", "C2")]


def test_a_whole_number_and_its_noise_is_no_fault(county):
    made = plan(county, REGISTRY, data(["绩效考核总分"], ["T1", 16.099999999999998]))
    assert values_of(made) == {"T1": {"appraisal_points": "16.1"}}


def test_an_unknown_institution_comes_with_the_nearest_one(county):
    made = plan(county, REGISTRY, data(["总诊疗人次"], ["T9", 5]))
    assert faults_of(made) == [("unknown_institution", "数据", "A2")]
    by_name = plan(county, REGISTRY, sheet("数据", ["机构名称", "总诊疗人次"], ["东镇卫生院分院", 5]))
    assert faults_of(by_name) == [("unknown_institution", "数据", "A2")]
    assert "东镇卫生院" in by_name.problems[0].mend


def test_figures_without_an_institution(county):
    made = plan(county, REGISTRY, sheet("数据", ["机构编码", "总诊疗人次"], ["T1", 5], ["", 7]))
    assert faults_of(made) == [("no_institution", "数据", "A3")]


def test_two_rows_for_one_institution(county):
    made = plan(county, REGISTRY, data(["总诊疗人次"], ["T1", 5], ["T2", 5], ["T1", 5]))
    assert faults_of(made) == [("repeated_institution", "数据", "A4")]
    assert "第 2 行" in made.problems[0].reason


def test_two_sheets_that_differ_about_one_figure(county):
    first, second = data(["总诊疗人次"], ["T1", 5], ["T2", 7]), data(["总诊疗人次"], ["T1", 6], ["T2", 7], name="复制")
    assert faults_of(plan(county, REGISTRY, first, second)) == [("value_given_twice", "复制", "C2")]


def test_a_name_that_two_institutions_have(county):
    namesakes = registry(("V1", "东村卫生室", "村卫生室", "是"), ("V2", "东村卫生室", "村卫生室", "是"))
    by_name = sheet("数据", ["机构名称", "总诊疗人次"], ["东村卫生室", 5])
    assert faults_of(plan(county, namesakes, by_name)) == [("ambiguous_name", "数据", "A2")]
    assert faults_of(plan(county, namesakes, data(["总诊疗人次"], ["V1", 5]))) == []


def test_code_and_name_of_two_different_institutions(county):
    made = plan(county, REGISTRY, sheet("数据", [*HEAD, "总诊疗人次"], ["T1", "西镇卫生院", 5]))
    assert faults_of(made) == [("code_and_name_differ", "数据", "A2")]


def test_a_name_written_differently_is_only_a_notice(county):
    made = plan(county, REGISTRY, sheet("数据", [*HEAD, "总诊疗人次"], ["T1", "东镇医院", 5]))
    assert values_of(made) == {"T1": {"visits": 5}}
    assert "name_differs" in [notice.code for notice in made.notices]


def test_a_code_that_excel_turned_into_a_number(county):
    numbered = registry(("370305001", "东镇卫生院", "卫生院", "是"))
    assert values_of(plan(county, numbered, sheet("数据", ["机构编码", "总诊疗人次"], [370305001, 5]))) == {
        "370305001": {"visits": 5}
    }
    lost = sheet("数据", ["机构编码", "总诊疗人次"], [3703050010203040506, 5])
    assert faults_of(plan(county, numbered, lost)) == [("code_as_number", "数据", "A2")]


@pytest.mark.parametrize(
    ("title", "period", "wrong"),
    [("台账（2022年度）", "2023", True), ("台账（2023年度）", "2023", False), ("2023年第3季度台账", "2023Q4", True)],
)
def test_a_title_of_another_period(county, title, period, wrong):
    ledger = sheet("数据", [title], ["机构编码", "总诊疗人次"], ["T1", 5])
    made = plan(county, REGISTRY, ledger, period=Period.parse(period))
    assert faults_of(made) == ([("wrong_period", "数据", "A1")] if wrong else [])


def test_another_period_in_the_sheets_name_or_in_a_column(county):
    by_name = sheet("2022年", ["机构编码", "总诊疗人次"], ["T1", 5])
    assert faults_of(plan(county, REGISTRY, by_name)) == [("wrong_period", "2022年", "A1")]
    column = sheet("数据", ["机构编码", "年度", "总诊疗人次"], ["T1", 2023, 5], ["T2", "2022年", 5])
    assert faults_of(plan(county, REGISTRY, column)) == [("wrong_period", "数据", "B3")]


@pytest.mark.parametrize("period", ["2023Q4", "2023-11"])
def test_a_years_ledger_is_not_a_quarters_or_a_months(county, period):
    ledger = sheet("数据", ["台账（2023年度）"], ["机构编码", "总诊疗人次"], ["T1", 5])
    made = plan(county, REGISTRY, ledger, period=Period.parse(period))
    assert faults_of(made) == [("wrong_period", "数据", "A1")]


def test_a_year_beside_the_quarter_itself_is_no_whole_year(county):
    titles = [["2023年中医药台账"], ["2023年第四季度"]]
    ledger = sheet("2023", *titles, ["机构编码", "总诊疗人次"], ["T1", 5])
    assert faults_of(plan(county, REGISTRY, ledger, period=Period.parse("2023Q4"))) == []
    assert faults_of(plan(county, REGISTRY, ledger, period=Period.parse("2022Q4")))[0][0] == "wrong_period"
    year = sheet("数据", ["2023年度台账"], ["截至2023年12月31日"], ["机构编码", "总诊疗人次"], ["T1", 5])
    assert faults_of(plan(county, REGISTRY, year, period=Period.parse("2023Q4"))) == [("wrong_period", "数据", "A1")]
    assert faults_of(plan(county, REGISTRY, year)) == []


UNITS_ABOVE = [
    (["单位：万人次"], "A1"),
    (["2023年度台账（单位：万人次）"], "A1"),
    (["2023年度台账", "计量单 位: 千人次"], "B1"),
    (["单位：", "万人次"], "A1"),
    (["单位：万"], "A1"),
    (["单位：（万人）"], "A1"),
    (["单位：万人次、万元"], "A1"),
    (["单位：人次"], None),
    (["单位：人、万元"], None),
    (["单位：张、万人"], None),
    (["单位：万元"], None),
    (["单位：演示区卫生健康局"], None),
    (["填报单位：演示区卫生健康局"], None),
    (["单位：", "千人桥镇卫生院"], None),
    (["单位：万人次及其他"], None),
]


@pytest.mark.parametrize(("title", "cell"), UNITS_ABOVE)
def test_a_unit_above_the_table_holds_for_its_figures(county, title, cell):
    made = plan(county, REGISTRY, sheet("数据", title, ["机构编码", "总诊疗人次"], ["T1", 5]))
    assert faults_of(made) == ([("unit_above_differs", "数据", cell)] if cell else [])


def test_a_column_with_its_own_unit_does_not_ask_the_one_above(county):
    own = sheet("数据", ["单位：万人次"], ["机构编码", "总诊疗人次（人次）"], ["T1", 5])
    assert faults_of(plan(county, REGISTRY, own)) == []


def test_a_unit_above_a_list_of_the_countys_figures(county):
    in_yuan = sheet("县级", ["单位：元"], ["指标", "数值"], ["中医药专项资金", 100000], ["常住人口", 100])
    (problem,) = plan(county, REGISTRY, in_yuan).problems
    assert (problem.code, problem.cell) == ("unit_above_differs", "A1")
    assert "中医药专项资金" in problem.reason
    with_units = sheet(
        "县级", ["单位：元"], ["指标", "数值", "单位"], ["中医药专项资金", 10, "万元"], ["常住人口", 1, "人"]
    )
    assert faults_of(plan(county, REGISTRY, with_units)) == []


def test_a_stored_figure_beside_one_of_the_file_is_said_to_be_stored(county):
    import_ledger(county, "2023", LedgerFile("a.xlsx", b"a", [REGISTRY, data(["总诊疗人次"], ["T1", 100])]), by=None)
    (problem,) = plan(county, data(["中医诊疗人次"], ["T1", 101])).problems
    assert problem.code == "part_over_whole"
    assert "总诊疗人次 100（系统中已有）" in problem.reason
    assert "中医诊疗人次 101（" not in problem.reason


def test_more_tables_than_any_ledger_has_are_a_problem_and_are_not_listed(county):
    pages = [row for n in range(500) for row in ([*HEAD, "总诊疗人次"], ["T1" if n else "T2", "", 5])]
    made = plan(county, REGISTRY, sheet("数据", *pages))
    assert faults_of(made)[0] == ("too_many_tables", "数据", f"A{2 * MAX_TABLES + 1}")
    listed = sheets_of(made)
    assert sum(len(each.parts) for each in listed) <= MAX_TABLES + 1


def test_headings_without_end_in_many_sheets_are_a_problem(county):
    wide = [*HEAD, "总诊疗人次", *(f"列{n}" for n in range(1900))]
    made = plan(county, REGISTRY, *(sheet(f"表{n}", *[wide, wide, wide, ["T1"]]) for n in range(6)))
    assert ("too_many_tables", "表5", "A1") in faults_of(made)
    listed = sheets_of(made)
    assert sum(len(part.columns) for each in listed for part in each.parts) <= 3000
    assert "页面上不再列出" in listed[2].reason


def test_control_characters_do_not_reach_what_is_stored(county):
    named = registry(("T1", "东镇\x00卫生院\x01", "乡镇卫生院", "是"))
    made = plan(county, named, sheet("数据", ["机构编码\x00", "总\x01诊疗人次", "别的\x00列"], ["T1\x02", 5, "\x00x"]))
    assert faults_of(made) == []
    assert values_of(made) == {"T1": {"visits": 5}}
    assert [change.entry.name for change in made.institutions] == ["东镇卫生院"]
    ((_, heading),) = made.recognition.unmatched()
    assert (heading.key, heading.text, heading.samples) == ("别的列", "别的列", ["x"])


def test_nothing_but_columns_of_other_years(county):
    old = sheet("数据", ["机构编码", "2022年总诊疗人次"], ["T1", 5])
    assert faults_of(plan(county, REGISTRY, old)) == [("wrong_period", "数据", "B1")]


def test_one_element_in_two_columns(county):
    made = plan(county, REGISTRY, data(["总诊疗人次", "总诊疗人次（人次）"], ["T1", 5, 5]))
    assert faults_of(made) == [("repeated_heading", "数据", "D1")]
    by_hand = plan(county, REGISTRY, data(["总诊疗人次", "门诊量"], ["T1", 5, 6]), matches={"门诊量": "visits"})
    assert faults_of(by_hand) == [("repeated_heading", "数据", "D1")]


def test_a_heading_in_another_unit(county):
    own = registry(("X00", "某县本级", "县（区）本级", "是"))
    columns = sheet("本级", ["单位名称", "常住人口（万人）"], ["某县本级", 50])
    assert faults_of(plan(county, own, columns)) == [("unit_differs", "本级", "B1")]
    listed = sheet("本级", ["指标", "数值", "单位"], ["常住人口", 50, "万人"], ["中医药专项资金", 120, "万元"])
    assert faults_of(plan(county, own, listed)) == [("unit_differs", "本级", "A2")]


def test_a_workbook_with_nothing_in_it(county):
    assert faults_of(plan(county, sheet("说明", ["请按期填报"]))) == [("nothing_recognised", "", "")]


REGISTRY_FAULTS = {
    "registry_no_name": (("T1", "", "卫生院", "是"), "B2"),
    "registry_no_code": (("", "东镇卫生院", "卫生院", "是"), "A2"),
    "registry_bad_code": (("T/1", "东镇卫生院", "卫生院", "是"), "A2"),
    "registry_no_type": (("T1", "东镇卫生院", "", "是"), "C2"),
    "unknown_type": (("T1", "东镇卫生院", "药店", "是"), "C2"),
    "not_yes_or_no": (("T1", "东镇卫生院", "卫生院", "大概"), "D2"),
    "unknown_manager": (("T1", "东镇卫生院", "卫生院", "是", "", "无名医院"), "F2"),
    "manager_cycle": (("T1", "东镇卫生院", "卫生院", "是", "", "东镇卫生院"), "F2"),
    "bad_credit_code": (("T1", "东镇卫生院", "卫生院", "是", "", "", "91350100M000100Y44"), "G2"),
    "bad_date": (("T1", "东镇卫生院", "卫生院", "是", "", "", "", "2023年5月"), "H2"),
    "closed_before_opened": (("T1", "东镇卫生院", "卫生院", "", "", "", "", "2023-05-01", "2023-04-01"), "I2"),
    "use_and_date_differ": (("T1", "东镇卫生院", "卫生院", "是", "", "", "", "", "2023-04-01"), "I2"),
    "text_too_long": (("T1", "东" * 101, "卫生院", "是"), "B2"),
}


@pytest.mark.parametrize("code", REGISTRY_FAULTS)
def test_a_fault_in_the_registry(county, code):
    row, cell = REGISTRY_FAULTS[code]
    sound = ("T0", "好卫生院", "卫生院", "是")
    assert faults_of(plan(county, registry(row, sound))) == [(code, "机构名录", cell)]


def test_one_code_twice_in_the_registry(county):
    made = plan(county, registry(CENTRE, ("t1", "西镇卫生院", "卫生院", "是")))
    assert faults_of(made) == [("registry_repeated", "机构名录", "A3")]


def test_two_institutions_for_the_county_itself(county):
    Institution.objects.create(county=county, code="X0", name="旧本级", type="county")
    made = plan(county, registry(("X1", "新本级", "县（区）本级", "是")))
    assert [fault[0] for fault in faults_of(made)] == ["second_county"]


def test_the_county_twice_in_the_registry_leaves_its_figures_without_an_owner(county):
    twice = registry(("X0", "旧本级", "县（区）本级", "是"), ("X1", "新本级", "县（区）本级", "是"))
    made = plan(county, twice, sheet("本级", ["指标", "数值"], ["常住人口", 5000]))
    assert faults_of(made) == [("second_county", "机构名录", "A3"), ("two_county_rows", "本级", "B1")]


def test_a_column_of_values_that_is_nobodys(county):
    listed = sheet("对照", ["指标", "东镇卫生院", "南镇卫生院"], ["总诊疗人次", 5, 6], ["实有床位数", 7, 8])
    assert faults_of(plan(county, REGISTRY, listed)) == [("unknown_value_column", "对照", "C1")]


def test_a_manager_of_whom_there_are_two(county):
    first, second = ("T1", "东镇卫生院", "卫生院", "是"), ("T2", "东镇卫生院", "卫生院", "是")
    made = plan(county, registry(first, second, ("V1", "东村卫生室", "村卫生室", "是", "", "东镇卫生院")))
    assert faults_of(made) == [("ambiguous_manager", "机构名录", "F4")]


def test_managers_that_lead_in_a_circle(county):
    one = ("T1", "东镇卫生院", "卫生院", "是", "", "西镇卫生院")
    two = ("T2", "西镇卫生院", "卫生院", "是", "", "T1")
    found = faults_of(plan(county, registry(one, two)))
    assert found == [("manager_cycle", "机构名录", "F2"), ("manager_cycle", "机构名录", "F3")]


def test_one_fault_stops_the_sound_rows_too(county):
    made = plan(county, REGISTRY, data(["总诊疗人次"], ["T1", 5], ["T2", "若干"]))
    assert [problem.code for problem in made.problems] == ["not_a_number"]
    assert Institution.objects.count() == 0


def test_a_flood_of_faults_is_counted_but_not_kept(county):
    from institutions.ledger.problems import Findings

    rows = [[f"Z{number}", number] for number in range(Findings.MAX_PROBLEMS + 50)]
    made = plan(county, REGISTRY, sheet("数据", ["机构编码", "总诊疗人次"], *rows))
    assert (len(made.problems), made.more_problems) == (Findings.MAX_PROBLEMS, 50)


def test_what_a_type_does_not_report_is_ignored_and_said(county):
    made = plan(
        county, REGISTRY, data(["总诊疗人次", "注册护士数", "设置中医馆"], ["V1", 5, 3, ""], ["T1", 7, "", "是"])
    )
    assert values_of(made) == {"V1": {"visits": 5}, "T1": {"visits": 7, "has_tcm_hall": True}}
    (notice,) = [notice for notice in made.notices if notice.code == "not_reported_by_type"]
    assert (notice.sheet, notice.cell, notice.text) == ("数据", "D2", "“注册护士数”不由村卫生室填报，已忽略。")


def test_dashes_small_percentages_and_rows_without_figures_are_said(county):
    made = plan(
        county,
        registry(CENTRE, OTHER_CENTRE, ("X00", "某县本级", "县（区）本级", "是")),
        data(["总诊疗人次", "实有床位数"], ["T1", "—", 5], ["T2", "", ""]),
        sheet("本级", ["指标", "数值"], ["规划目标：中医药人员占比", 0.18], ["常住人口", 5000]),
    )
    assert faults_of(made) == []
    assert {"dash_is_blank", "no_values", "small_percentage"} <= {notice.code for notice in made.notices}
    assert values_of(made)["T1"] == {"beds": 5}


def test_every_sentence_says_how_to_mend(county):
    assert all(reason and mend.endswith(("。", "}")) for reason, mend in SENTENCES.values())

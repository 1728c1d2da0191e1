"""The registry of a ledger as a whole: one institution under two codes, what is missing, and how names are read."""

import pytest

from institutions.models import Institution
from tests.ledgers import CENTRE, CLINIC, OTHER_CENTRE, faults_of, make_county, plan, registry, sheet, values_of

EAST = ("V1", "东村卫生室", "村卫生室", "是", "东镇")
FIGURES = sheet("数据", ["机构编码", "总诊疗人次"], ["300", 5])


@pytest.fixture
def county(db):
    return make_county()


def notices_of(made) -> dict[str, str]:
    return {notice.code: notice.text for notice in made.notices}


def store(county, code="V1", **more) -> Institution:
    facts = {"name": "东村卫生室", "type": "village_clinic", "town": "东镇"} | more
    return Institution.objects.create(county=county, code=code, **facts)


# ---- one institution under two codes ---------------------------------------------------------------------------------


def test_a_corrected_code_does_not_make_a_second_institution(county):
    store(county)
    made = plan(county, registry(("300", *EAST[1:])), FIGURES)
    assert faults_of(made) == [("registry_code_changed", "机构名录", "A2")]
    assert "V1" in made.problems[0].reason
    assert "写为停用" in made.problems[0].mend


def test_a_corrected_code_goes_in_where_the_old_one_is_closed(county):
    store(county)
    made = plan(county, registry(("300", *EAST[1:]), ("V1", "东村卫生室", "村卫生室", "否", "东镇")), FIGURES)
    assert made.problems == []
    assert sorted((change.kind, change.entry.code) for change in made.institutions) == [
        ("closed", "V1"),
        ("created", "300"),
    ]
    assert values_of(made) == {"300": {"visits": 5}}


def test_two_listed_rows_that_differ_by_code_alone_are_pointed_out(county):
    made = plan(county, registry(EAST, ("V2", "东村 卫生室", "卫生室", "是", "东镇")))
    assert made.problems == []
    assert "名称、类型、所在镇（街道）都相同，现按两家算" in notices_of(made)["same_name"]


def test_a_name_that_becomes_that_of_another_institution(county):
    store(county)
    store(county, "V2", name="西村卫生室")
    made = plan(county, registry(EAST, ("V2", *EAST[1:])))
    assert (made.problems, "same_name" in notices_of(made)) == ([], True)
    store(county, "V3", name="南村卫生室")
    assert faults_of(plan(county, registry(("V3", *EAST[1:])))) == [("registry_code_changed", "机构名录", "A2")]


def test_namesakes_in_two_towns_or_of_two_types_are_two(county):
    store(county)
    west, centre = ("V2", "东村卫生室", "村卫生室", "是", "西镇"), ("T9", "东村卫生室", "乡镇卫生院", "是", "东镇")
    made = plan(county, registry(EAST, west, centre))
    assert (made.problems, made.notices) == ([], [])


def test_two_that_are_stored_as_two_stay_two(county):
    store(county)
    store(county, "V2")
    assert faults_of(plan(county, registry(EAST, ("V2", *EAST[1:])))) == []


def test_namesakes_without_a_town_are_pointed_out(county):
    store(county)
    made = plan(county, registry(("300", "东村卫生室", "村卫生室", "是")))
    assert made.problems == []
    assert "沿用 V1" in notices_of(made)["same_name"]


# ---- what is missing -------------------------------------------------------------------------------------------------


def test_institutions_in_use_that_the_registry_omits_are_named(county):
    for number in range(7):
        store(county, f"V{number}", name=f"第{number}村卫生室")
    store(county, "V9", name="旧卫生室", closed_on="2020-01-01")
    store(county, "X0", name="某县本级", type="county", town="")
    text = notices_of(plan(county, registry(("V0", "第0村卫生室", "村卫生室", "是", "东镇"))))["omitted_in_registry"]
    assert "6 家机构" in text
    assert "第1村卫生室（V1）" in text
    assert "第6村卫生室" not in text
    assert "旧卫生室" not in text
    assert "仍算在用" in text


def test_a_ledger_without_registry_omits_nobody(county):
    store(county)
    assert notices_of(plan(county, sheet("数据", ["机构编码", "总诊疗人次"], ["V1", 5]))) == {}


@pytest.mark.parametrize("column", ["是否在用", "所在镇（街道）", "备注"])
def test_a_registry_without_types_is_one_problem_that_names_the_column(county, column):
    head = ["机构编码", "机构名称", column]
    untyped = sheet("机构名录", head, ["300", "东村卫生室", "是"], ["301", "西村卫生室", "是"])
    made = plan(county, untyped, FIGURES)
    assert faults_of(made) == [("registry_lacks_type", "机构名录", "B1")]
    assert "机构名录缺少“机构类型”列" in made.problems[0].reason


def test_known_institutions_need_no_column_of_types(county):
    store(county)
    in_use = sheet("机构名录", ["机构编码", "机构名称", "是否在用"], ["V1", "东村卫生室", "否"])
    made = plan(county, in_use)
    assert made.problems == []
    assert [change.kind for change in made.institutions] == ["closed"]


def test_a_list_of_telephone_numbers_is_no_registry(county):
    store(county)
    phones = sheet("通讯", ["机构编码", "机构名称", "联系电话"], ["V7", "别的单位", "12345"])
    assert plan(county, phones, sheet("数据", ["机构编码", "总诊疗人次"], ["V1", 5])).problems == []


def test_headings_without_rows_are_no_import(county):
    made = plan(county, registry(), sheet("数据", ["机构编码", "总诊疗人次"]))
    assert faults_of(made) == [("nothing_to_import", "", "")]
    assert "只有表头" in made.problems[0].reason


# ---- cells -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [".", "..", "T/1", "T\\1", "T?1", "T#1", "T%1", "T 1", "T\u200b1"])
def test_a_code_whose_page_could_not_be_opened(county, code):
    assert faults_of(plan(county, registry((code, *CENTRE[1:])))) == [("registry_bad_code", "机构名录", "A2")]


@pytest.mark.parametrize(("cell", "code"), [("formula", "formula_without_result"), ("error", "error_value")])
@pytest.mark.parametrize(("column", "name"), [(0, "A3"), (1, "B3"), (2, "C3"), (4, "E3"), (5, "F3")])
def test_a_formula_without_result_is_called_so(county, cell, code, column, name):
    row = [*CLINIC, "东镇", "东镇卫生院"]
    row[column] = (cell, "")
    made = plan(county, registry(CENTRE, row), sheet("数据", ["机构编码", "总诊疗人次"], ["T1", 5]))
    assert faults_of(made) == [(code, "机构名录", name)]


def test_figures_of_an_institution_whose_name_has_no_result_are_not_blamed(county):
    nameless = registry(("V1", ("formula", ""), "村卫生室", "是"))
    made = plan(county, nameless, sheet("数据", ["机构编码", "机构名称", "总诊疗人次"], ["V1", "东村卫生室", 5]))
    assert faults_of(made) == [("formula_without_result", "机构名录", "B2")]


def test_characters_that_nobody_sees_are_left_out_of_names(county):
    odd = registry(("T1", "东镇\u200b卫\x07生院\u202e", "乡镇卫生院", "是", "东\x01镇"), OTHER_CENTRE)
    made = plan(county, odd, sheet("数据", ["机构名称", "总诊疗人次"], ["东镇卫\x07生院", 5]))
    assert made.problems == []
    assert (made.institutions[0].entry.name, made.institutions[0].entry.town) == ("东镇卫生院", "东镇")
    assert values_of(made) == {"T1": {"visits": 5}}

"""Tables are found wherever they stand and however their headers are built; no layout is fixed."""

import pytest

from institutions.ledger.workbook import read_workbook
from tests.ledgers import (
    CENTRE,
    CLINIC,
    OTHER_CENTRE,
    faults_of,
    make_county,
    ods,
    plan,
    registry,
    sheet,
    values_of,
    xls,
    xlsx,
)

REGISTRY = registry(CENTRE, OTHER_CENTRE, CLINIC)
PHYSICIANS, VISITS, HALL = "执业（助理）医师数（人）", "总诊疗人次", "设置中医馆"
EXPECTED = {"T1": {"physicians": 5, "visits": 100, "has_tcm_hall": True}, "T2": {"visits": 200}}


@pytest.fixture
def county(db):
    return make_county()


def assert_read(made, expected=None):
    assert faults_of(made) == []
    assert values_of(made) == (expected or EXPECTED)


LAYOUTS = {
    "one header row": sheet(
        "数据",
        ["机构编码", "机构名称", PHYSICIANS, VISITS, HALL],
        ["T1", "东镇卫生院", 5, 100, "是"],
        ["T2", "西镇卫生院", "", 200, ""],
    ),
    "titles, totals, notes and blank rows": sheet(
        "数据",
        ["中医药工作台账（2023年度）"],
        ["填报单位：某县卫生健康局", "", "填报日期：2024年1月15日"],
        [],
        ["序号", "机构编码", PHYSICIANS, VISITS, HALL],
        ["一、乡镇卫生院"],
        [1, "T1", 5, 100, "√"],
        [],
        [2, "T2", " ", 200, "—"],
        ["小计", "", 5, 300, 0],
        ["合 计", "", 5, 300, 0],
        ["注：空白表示未统计。"],
        ["填表人：张三", "", "审核人：李四", "电话：123"],
    ),
    "columns in another order, blank ones between": sheet(
        "数据",
        ["", HALL, "", VISITS, "机构名称", PHYSICIANS],
        ["", "有", "", 100, "东镇卫生院", 5],
        ["", "", "", 200, "西镇卫生院", ""],
    ),
    "groups in merged cells": sheet(
        "数据",
        ["台账"],
        ["机构编码", "机构名称", "人员", "服务", "", "设施"],
        ["", "", PHYSICIANS, VISITS, "中医诊疗人次", HALL],
        ["T1", "东镇卫生院", 5, 100, "", "是"],
        ["T2", "西镇卫生院", "", 200, "", ""],
        merges=[((0, 0), (0, 5)), ((1, 0), (2, 0)), ((1, 1), (2, 1)), ((1, 3), (1, 4))],
    ),
    "the headings of identity below the groups": sheet(
        "数据",
        ["", "", "人员", "服务", "设施"],
        ["机构编码", "机构名称", PHYSICIANS, VISITS, HALL],
        ["T1", "东镇卫生院", 5, 100, "是"],
        ["T2", "西镇卫生院", "", 200, ""],
    ),
    "three rows of headings": sheet(
        "数据",
        ["机构编码", "基础数据", "", ""],
        ["", "人员", "服务", "设施"],
        ["", "执业（助理）医师数", VISITS, HALL],
        ["T1", 5, 100, "是"],
        ["T2", "", 200, ""],
        merges=[((0, 0), (2, 0)), ((0, 1), (0, 3))],
    ),
    "units in a row of their own": sheet(
        "数据",
        ["机构编码", "执业（助理）医师数", VISITS, HALL],
        ["", "人", "人次", "是/否"],
        ["T1", 5, 100, "是"],
        ["T2", "", 200, ""],
    ),
    "a row of column numbers": sheet(
        "数据",
        ["机构编码", "机构名称", PHYSICIANS, VISITS, HALL],
        ["甲", "乙", 1, 2, 3],
        ["T1", "东镇卫生院", 5, 100, "是"],
        ["T2", "西镇卫生院", "", 200, ""],
    ),
    "the figure itself as the group": sheet(
        "数据",
        ["机构编码", "执业（助理）医师", "", VISITS, HALL],
        ["", "合计", "其中：中医类别", "", ""],
        ["T1", 5, "", 100, "是"],
        ["T2", "", "", 200, ""],
        merges=[((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (1, 3)), ((0, 4), (1, 4))],
    ),
    "the header again on the next page": sheet(
        "数据",
        ["机构编码", PHYSICIANS, VISITS, HALL],
        ["T1", 5, 100, "是"],
        ["机构编码", PHYSICIANS, VISITS, HALL],
        ["T2", "", 200, ""],
    ),
    "two tables in one sheet": sheet(
        "数据",
        ["一、人员"],
        ["机构编码", PHYSICIANS, "设置康复科（室）"],
        ["T1", 5, ""],
        ["二、服务"],
        ["机构名称", VISITS, HALL],
        ["东镇卫生院", 100, "是"],
        ["西镇卫生院", 200, ""],
    ),
    "a heading for the name that nobody knows": sheet(
        "数据",
        ["哪一家", PHYSICIANS, VISITS, HALL],
        ["东镇卫生院", 5, 100, "是"],
        ["西镇卫生院", "", 200, ""],
    ),
    "three years side by side": sheet(
        "数据",
        ["机构编码", VISITS, "", "", PHYSICIANS, HALL],
        ["", 2021, 2022, 2023, "", ""],
        ["T1", 80, 90, 100, 5, "是"],
        ["T2", 180, 190, 200, "", ""],
        merges=[((0, 0), (1, 0)), ((0, 1), (0, 3))],
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_table_is_read_in_any_layout(county, layout):
    assert_read(plan(county, REGISTRY, LAYOUTS[layout]))


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_the_same_out_of_each_kind_of_file(county, write):
    layout = LAYOUTS["groups in merged cells"]
    assert_read(plan(county, *read_workbook(write(REGISTRY, layout))))


def test_the_order_of_sheets_does_not_matter(county):
    assert_read(plan(county, LAYOUTS["one header row"], REGISTRY))


def test_figures_of_one_institution_may_stand_on_several_sheets(county):
    people = sheet("人员", ["机构编码", PHYSICIANS], ["T1", 5])
    services = sheet("服务", ["机构编码", VISITS, HALL], ["T1", 100, "是"], ["T2", 200, ""])
    assert_read(plan(county, REGISTRY, people, services))


def test_one_sheet_can_be_registry_and_figures(county):
    made = plan(
        county,
        sheet(
            "台账",
            ["机构编码", "机构名称", "机构类型", PHYSICIANS, VISITS, HALL],
            ["T1", "东镇卫生院", "卫生院", 5, 100, "是"],
            ["T2", "西镇卫生院", "镇卫生院", "", 200, ""],
        ),
    )
    assert_read(made)
    assert [change.entry.type for change in made.institutions] == ["township_centre"] * 2


COUNTY_LISTS = {
    "under headings": sheet(
        "本级",
        ["某县本级数据（2023年度）"],
        ["序号", "指标", "数值", "单位", "备注"],
        [1, "常住人口", "5,000", "人", ""],
        [2, "中医药专项资金", 120.5, "万元", "年初预算"],
        ["", "合计", 5120.5],
    ),
    "without headings": sheet("本级", ["常住人口", "人", 5000], ["中医药专项资金", "万元", 120.5]),
    "by years": sheet(
        "本级",
        ["指标名称", "计量单位", "2022年", "2023年"],
        ["常住人口", "人", 4900, 5000],
        ["中医药专项资金", "万元", 100, 120.5],
    ),
    "two lists side by side": sheet(
        "本级", ["指标", "数值", "指标", "数值"], ["常住人口（人）", 5000, "中医药专项资金（万元）", 120.5]
    ),
    "as one row": sheet("本级", ["常住人口", "中医药专项资金", "召开中医药工作联席会议次数"], [5000, 120.5, ""]),
    "as one row with its name": sheet("本级", ["单位名称", "常住人口", "中医药专项资金"], ["某县本级", 5000, 120.5]),
}


@pytest.mark.parametrize("layout", COUNTY_LISTS)
def test_the_countys_own_figures_in_any_layout(county, layout):
    own = registry(("X00", "某县本级", "县（区）本级", "是"))
    assert_read(plan(county, own, COUNTY_LISTS[layout]), {"X00": {"population": 5000, "tcm_fund": "120.5"}})


def test_without_a_county_in_the_registry_its_institution_is_made(county):
    made = plan(county, REGISTRY, COUNTY_LISTS["under headings"])
    assert_read(made, {"X": {"population": 5000, "tcm_fund": "120.5"}})
    assert [(c.kind, c.entry.name, c.entry.type) for c in made.institutions if c.entry.code == "X"] == [
        ("created", "某县", "county")
    ]


def test_a_list_can_have_one_column_for_each_institution(county):
    made = plan(
        county,
        REGISTRY,
        sheet(
            "对照",
            ["指标", "单位", "东镇卫生院", "西镇卫生院"],
            [PHYSICIANS, "人", 5, ""],
            [VISITS, "人次", 100, 200],
            [HALL, "", "是", ""],
        ),
    )
    assert_read(made)


def test_a_town_written_once_in_a_merged_cell_holds_for_its_rows(county):
    towns = sheet(
        "名录",
        ["所在镇", "机构编码", "机构名称", "机构类型"],
        ["东镇", "T1", "东镇卫生院", "卫生院"],
        ["", "V1", "东镇第1村卫生室", "村卫生室"],
        merges=[((1, 0), (2, 0))],
    )
    assert [change.entry.town for change in plan(county, towns).institutions] == ["东镇", "东镇"]


def test_hidden_sheets_other_sheets_and_the_list_of_problems_are_passed_over(county):
    hidden = LAYOUTS["one header row"]
    made = plan(
        county,
        REGISTRY,
        sheet("旧数据", *hidden.rows, hidden=True),
        sheet("填表说明", ["本表由各机构填报"], ["有疑问请联系创建办"]),
        sheet("问题清单", ["序号", "工作表", "单元格"], [1, "数据", "B2"]),
        sheet(
            "医师花名册", ["姓名", "机构名称", "类别"], ["张三", "东镇卫生院", "中医"], ["李四", "东镇卫生院", "临床"]
        ),
    )
    assert faults_of(made) == []
    assert values_of(made) == {}
    assert {n.sheet for n in made.notices if n.code == "sheet_not_read"} == {
        "旧数据",
        "填表说明",
        "问题清单",
        "医师花名册",
    }


def test_what_was_not_matched_is_listed_with_samples_and_guesses(county):
    odd = sheet("数据", ["机构编码", VISITS, "门诊总量", "中医类别医师人头（人）", "空列"], ["T1", 100, "九十", 3, ""])
    made = plan(county, REGISTRY, odd)
    found = {heading.text: heading for _, heading in made.recognition.unmatched()}
    assert set(found) == {"门诊总量", "中医类别医师人头（人）"}
    assert found["门诊总量"].samples == ["九十"]
    assert found["中医类别医师人头（人）"].guesses[0] == "tcm_physicians"


def test_a_heading_matched_by_hand_is_read_and_one_left_out_is_not(county):
    odd = sheet("数据", ["机构编码", "门诊总量", VISITS], ["T1", 100, 999])
    made = plan(county, REGISTRY, odd, matches={"门诊总量": "visits", VISITS: ""})
    assert values_of(made) == {"T1": {"visits": 100}}
    assert made.recognition.unmatched() == []


def test_two_unknown_headings_alike_are_told_apart_by_their_groups(county):
    odd = sheet(
        "数据",
        ["机构编码", "甲类", "", "乙类", "", VISITS],
        ["", "若干", "其余", "若干", "其余", ""],
        ["T1", 100, "", 5, "", ""],
        merges=[((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (0, 4)), ((0, 5), (1, 5))],
    )
    keys = [heading.key for _, heading in plan(county, REGISTRY, odd).recognition.unmatched()]
    assert keys == ["甲类/若干", "乙类/若干"]
    made = plan(county, REGISTRY, odd, matches=dict(zip(keys, ["visits", "beds"], strict=True)))
    assert values_of(made) == {"T1": {"visits": 100, "beds": 5}}

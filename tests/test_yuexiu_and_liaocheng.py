"""The two plans due by 2025, against their papers: who is responsible, what is only encouraged, what a table says."""

import pytest

from indicators.contents import CriterionContent, StandardContent
from tests.plan_files import contents

# Of each item: those who lead, those who cooperate, as the paper lists them.
LIAOCHENG = {
    "1": ("市卫生健康委、市委编办、市财政局、市科技局", "市发展改革委、市人力资源社会保障局"),
    "2": ("市卫生健康委、市发展改革委、市委编办、市教育体育局、市人力资源社会保障局、市科技局", ""),
    "3": ("市医保局", "市卫生健康委、市市场监管局"),
    "4": ("市卫生健康委、市教育体育局", ""),
    "5": (
        "市委组织部、市发展改革委、市教育体育局、市科技局、市工业和信息化局、市财政局、市人力资源社会保障局、"
        "市卫生健康委、市医保局、市市场监管局",
        "",
    ),
    "6": ("市卫生健康委、市财政局", "市医保局"),
    "7": ("市卫生健康委", "市委宣传部、市教育体育局、市文化和旅游局"),
    "8": (
        "市工业和信息化局、市民政局、市自然资源和规划局、市农业农村局、市商务投资促进局、市文化和旅游局、"
        "市卫生健康委、市市场监管局",
        "",
    ),
}
# Where not the health bureau leads alone: whose duties, in the paper's part of their own, fit the item.
YUEXIU = {
    "1": ("区卫生健康局", "发展改革部门、财政部门"),
    "2": ("区卫生健康局", "财政部门"),
    "4": ("区卫生健康局", "教育部门"),
    "5": ("区卫生健康局", "人力资源社会保障部门"),
    "6": ("人力资源社会保障部门", "区卫生健康局"),
    "14": ("区卫生健康局", "市场监管部门"),
    "16": ("区卫生健康局", "文化旅游部门"),
    "19": ("医疗保障部门", "区卫生健康局"),
}


@pytest.fixture(scope="module")
def yuexiu() -> StandardContent:
    return contents("yuexiu-2025")[1]


@pytest.fixture(scope="module")
def liaocheng() -> StandardContent:
    return contents("liaocheng-2025")[1]


def departments(standard: StandardContent) -> dict[str, tuple[str, str]]:
    return {item.number: ("、".join(item.lead), "、".join(item.cooperating)) for item in standard.items}


def criteria(standard: StandardContent) -> dict[str, CriterionContent]:
    return {each.code: each for item in standard.items for each in item.criteria}


def levels(standard: StandardContent, level: str) -> set[str]:
    return {code for code, criterion in criteria(standard).items() if criterion.level == level}


def test_departments_of_liaocheng_are_those_behind_each_task(liaocheng):
    assert departments(liaocheng) == LIAOCHENG


def test_departments_of_yuexiu_are_those_whose_duties_fit(yuexiu):
    alone = ("区卫生健康局", "")
    assert {number: both for number, both in departments(yuexiu).items() if both != alone} == YUEXIU
    duties = {each.name: len(each.duties) for each in yuexiu.departments}
    assert duties.pop("医疗保障部门") == 0, "the paper names it and says nothing of its duties"
    assert min(duties.values()) >= 1


def test_only_what_a_paper_encourages_is_soft(yuexiu, liaocheng):
    # 按三级医院标准、鼓励推荐标准、稳步提升、争取 3A、推动互通、鼓励组建
    assert levels(yuexiu, "soft") == {"1.3", "9.4", "10.1", "11.1", "15.2", "指标17.1"}
    # 加大支持力度、开展建设、省级或示范县标准; 100 persons are the whole prefecture's
    assert levels(liaocheng, "soft") == {"1.3", "2.6", "6.1"}
    assert levels(liaocheng, "info") == {"4.2"}
    both = {**criteria(yuexiu), **criteria(liaocheng)}
    assert all(each.note for each in both.values() if each.level != "hard")


def test_seventeen_indicators_in_the_five_groups_of_the_table(yuexiu):
    groups = {section.name: [item.number for item in section.items] for section in yuexiu.sections[7:]}
    assert groups == {
        "指标：服务覆盖面": ["指标1", "指标2", "指标3"],
        "指标：服务能力建设": [f"指标{n}" for n in range(4, 12)],
        "指标：人才队伍建设": [f"指标{n}" for n in range(12, 16)],
        "指标：管理能力建设": ["指标16"],
        "指标：医联体建设": ["指标17"],
    }


def test_more_than_25_percent_in_the_text_and_25_percent_in_the_table(yuexiu):
    by_code = criteria(yuexiu)
    assert (by_code["5.2"].comparator, by_code["5.2"].target) == (">", "25%")
    assert (by_code["指标13.1"].comparator, by_code["指标13.1"].target) == (">=", "25%")


def test_one_hospital_of_the_district_is_enough_where_the_paper_means_one(yuexiu):
    """Of two hospitals in the district the paper asks one for bases and centres; missing figures leave it open."""
    for code, criterion in criteria(yuexiu).items():
        if (criterion.comparator, criterion.target) == (">", "0%") and code != "10.1":
            assert criterion.scope == ["tcm_hospital"]
            assert criterion.expression.startswith("share("), code


def test_the_prefecture_keeps_a_monthly_ledger_one_feature_a_county_and_a_yearly_meeting(liaocheng):
    ledger, feature, meeting = liaocheng.arrangements
    assert (ledger.every, ledger.called_by, ledger.recorded_by) == ("month", "市卫生健康委", "市卫生健康委")
    assert (feature.name, feature.every, feature.matters) == ("一县一特色", "", [])
    assert meeting.every == "year"
    assert criteria(liaocheng)["1.2"].expression == "share(feature_projects >= 1)"

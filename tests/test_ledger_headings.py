"""Headings lead to data elements and fields however bureaus spell them; titles tell the period."""

import pytest

from institutions.ledger.headings import Vocabulary, heading_key
from institutions.ledger.stated_period import cell_fits, contradicts
from institutions.period import Period
from tests.ledgers import elements


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary(elements().values())


SPELLINGS = {
    "as it is": lambda name, unit: name,
    "full-width brackets": lambda name, unit: f"{name}（{unit}）",
    "half-width brackets": lambda name, unit: f"{name} ({unit})",
    "square brackets": lambda name, unit: f"{name}[{unit}]",
    "lenticular brackets": lambda name, unit: f"{name}【{unit}】",
    "unit on a second line": lambda name, unit: f"{name}\n{unit}",
    "unit in brackets on a second line": lambda name, unit: f"{name}\n（{unit}）",
    "unit after a stroke": lambda name, unit: f"{name}/{unit}",
    "unit in words": lambda name, unit: f"{name}（单位：{unit}）",
    "broken over two lines": lambda name, unit: f"{name[:3]}\n{name[3:]}",
    "numbered": lambda name, unit: f"3. {name}",
    "numbered in brackets": lambda name, unit: f"（3）{name}",
    "with a mark": lambda name, unit: f"*{name}：",
    "brackets the other way": lambda name, unit: name.translate(str.maketrans("（）", "()")),
    "other dashes": lambda name, unit: name.replace("—", "~"),
    "spread out": lambda name, unit: " ".join(name),
    "of which": lambda name, unit: f"其中：{name.removeprefix('其中')}",
    "with the year": lambda name, unit: f"2023年{name}",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_element_is_known_in_every_spelling(vocabulary, spelling):
    for element in elements().values():
        text = SPELLINGS[spelling](element.name, element.unit or "是/否")
        match = vocabulary.classify((text,))
        assert (match.kind, match.target) == ("element", element.code), text


def test_every_alias_leads_to_its_element(vocabulary):
    for element in elements().values():
        for alias in element.aliases:
            assert vocabulary.classify((alias,)).target == element.code


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("人员", "执业（助理）医师数（人）"), "physicians"),
        (("执业（助理）医师", "合计"), "physicians"),
        (("执业（助理）医师（人）", "其中：中医类别（人）"), "tcm_physicians"),
        (("健康教育宣传栏", "更换期数（期）"), "education_boards"),
        (("总诊疗人次", "2023年"), "visits"),
        (("2023年", "总诊疗人次"), "visits"),
        (("总诊疗人次数",), "visits"),
        (("执业（助理）医师",), "physicians"),
    ],
)
def test_groups_above_a_heading_help_to_understand_it(vocabulary, parts, code):
    assert vocabulary.classify(parts).target == code


@pytest.mark.parametrize(
    ("heading", "field"),
    [("机构编码*", "code"), ("单位名称", "name"), ("机构 类型", "type"), ("所在镇(街道)", "town"), ("序号", "unused")],
)
def test_fields_of_the_registry_are_told_from_elements(vocabulary, heading, field):
    match = vocabulary.classify((heading,))
    assert (match.kind, match.target) == ("field", field)


def test_a_row_label_is_always_an_element(vocabulary):
    assert vocabulary.classify(("镇（街道）",)).kind == "field"
    assert vocabulary.element(("镇（街道）数",)).target == "towns"


def test_the_unit_of_a_heading_is_told(vocabulary):
    assert vocabulary.classify(("常住人口（万人）",)).unit == "万人"
    assert vocabulary.classify(("常住人口\n人",)).unit == "人"


def test_what_is_not_known_gets_near_guesses_but_no_match(vocabulary):
    assert vocabulary.classify(("中医医师人数合计表",)) is None
    assert vocabulary.classify(("其中中医类别",)) is None
    assert vocabulary.classify(("中医科数",)) is None
    assert "tcm_physicians" in vocabulary.guesses(("中医类别的医师",))


def test_what_was_matched_by_hand_comes_first_under_its_own_or_its_whole_heading():
    by_hand = {"门急诊量": "visits", "人员 / 合计": "health_staff", "备注": "", "总诊疗人次": "no_such_element"}
    vocabulary = Vocabulary(elements().values(), by_hand)
    assert vocabulary.classify(("服务", "门急诊量")).target == "visits"
    assert vocabulary.classify(("人员", "合计")).target == "health_staff"
    assert vocabulary.classify(("设施", "合计")) is None
    assert vocabulary.classify(("备注",)).kind == "left_out"
    assert vocabulary.classify(("总诊疗人次",)).target == "visits"


def test_a_heading_is_remembered_in_one_spelling():
    assert heading_key(" 1.门急诊量（人次）：") == heading_key("门急诊量(人次)")
    assert len(heading_key("长" * 500)) == 200


@pytest.mark.parametrize(
    ("title", "period", "wrong"),
    [
        ("镇卫生院台账（2023年度）", "2023", False),
        ("镇卫生院台账（2022年度）", "2023", True),
        ("2022中医药台账", "2023", True),
        ("二〇二二年度台账", "2023", True),
        ("2023年第四季度报表", "2023", True),
        ("2023年1—12月", "2023", False),
        ("2023年1—9月", "2023", True),
        ("2023年1—9月", "2023Q3", False),
        ("2023年上半年", "2023Q2", False),
        ("2023年10月台账", "2023-11", True),
        ("2021—2023年度对照", "2023", False),
        # a whole year's figures are not those of its last quarter or month
        ("镇卫生院台账（2023年度）", "2023Q4", True),
        ("2023年中医药台账", "2023-11", True),
        ("2023年中医药台账（第四季度）", "2023Q4", False),
        ("2023年中医药台账（第三季度）", "2023Q4", True),
        ("2023年度台账（11月）", "2023-11", False),
        # but the year's end is theirs too
        ("2023年末台账", "2023Q4", False),
        ("截至2023年12月31日", "2023", False),
        ("台账（截至2023年12月31日）", "2023Q4", False),
        ("截至2023-12-31", "2023-12", False),
        ("截至2023年12月31日", "2023-11", True),
        ("截至2022年12月31日", "2023", True),
        ("数据截止2022年12月底", "2023", True),
        ("截至2023年6月30日", "2023", True),
        # none of these is about the period of the figures
        ("填报日期：2024年1月15日", "2023", False),
        ("截至2024年1月15日", "2023", False),
        ("填报截至2024年1月31日", "2023", False),
        ("上报截止日期：2024年1月31日", "2023", False),
        ("2024年1月", "2023", False),
        ("2023年12月台账", "2023", False),
        ("临卫〔2022〕5号", "2023", False),
        ("机构名录", "2023", False),
    ],
)
def test_a_title_tells_the_period(title, period, wrong):
    assert contradicts(title, Period.parse(period)) is wrong


@pytest.mark.parametrize(
    ("cell", "period", "fits"),
    [
        (2023.0, "2023", True),
        ("2023年度", "2023", True),
        ("２０２３", "2023", True),
        ("2023年1-12月", "2023", True),
        (2022.0, "2023", False),
        ("2023-12", "2023", False),
        ("2023年11月", "2023-11", True),
        ("2023", "2023-11", False),
        ("2023q4", "2023Q4", True),
        ("今年", "2023", False),
    ],
)
def test_a_cell_of_a_column_of_periods_must_name_it(cell, period, fits):
    assert cell_fits(cell, Period.parse(period)) is fits

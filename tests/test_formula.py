"""The notation: what it accepts, how it names a mistake, how it reads in Chinese, how missing spreads."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.formula import (
    ElementSpec,
    FormulaError,
    check_condition,
    check_criterion,
    compile_condition,
    describe,
    fill_in,
    parse,
)
from indicators.formula.tree import aggregates

CENTRE, COUNTY = frozenset({"township_centre"}), frozenset({"county"})
ELEMENTS = {
    e.code: e
    for e in [
        ElementSpec("physicians", "医师数", "integer", "人", CENTRE),
        ElementSpec("tcm_physicians", "中医医师数", "integer", "人", CENTRE),
        ElementSpec("points", "考核总分", "decimal", "分", CENTRE),
        ElementSpec("tcm_points", "中医分值", "decimal", "分", CENTRE),
        ElementSpec("has_hall", "设置中医馆", "boolean", "", CENTRE),
        ElementSpec("grade", "医院等级", "choice", "", CENTRE, {2: "二级乙等", 3: "二级甲等"}),
        ElementSpec("population", "常住人口", "integer", "人", COUNTY),
    ]
}


def faults(expression, target="1", scope=("all",)):
    return [(e.position, e.message) for e in check_criterion(expression, target, scope, ELEMENTS)]


@pytest.mark.parametrize(
    ("expression", "position", "part"),
    [
        ("sum(", 4, "公式到此结束"),
        ("sum(physicians", 14, "第 4 个字符处开始的括号没有合上"),
        ("sum(physicians))", 15, "不合写法"),
        ("sum(doctors)", 4, "没有“doctors”这个数据元"),
        ("total(physicians)", 0, "没有“total”这个函数"),
        ("physicians", 0, "要放在汇总函数里"),
        ("1 + 2", 0, "没有汇总函数"),
        ("share(physicians)", 6, "里应是条件"),
        ("sum(has_hall)", 4, "里应是数"),
        ("sum(has_hall + 1)", 4, "这里要一个数"),
        ("share(has_hall >= 1)", 6, "这里要一个数"),
        ("share(physicians and has_hall)", 6, "只能连接条件"),
        ("sum(physicians) >= 3", 16, "只能写在 count、share 里面"),
        ("sum(max(physicians))", 4, "不能套在"),
        ("sum(1)", 0, "没有数据元"),
        ("count(1 < physicians < 3)", 21, "比较不能连写"),
        ("sum(physicians) 医师", 16, "不认识“医”"),
        ("sum(physicians) * 1.2.3", 18, "不认识"),
        ("share(has_hall) __import__", 16, "不合写法"),
        ("", 0, "公式到此结束"),
    ],
)
def test_a_mistake_is_named_with_its_place(expression, position, part):
    [(found, message)] = faults(expression)
    assert (found, part in message) == (position, True), (found, message)


def test_a_mistake_in_the_target_is_named_as_one():
    assert faults("sum(physicians)", "sum(plan)") == [(4, "目标：没有“plan”这个数据元。")]
    assert faults("sum(physicians)", ">= 3")[0][1].startswith("目标：")


def test_an_element_that_nobody_in_scope_reports_is_a_mistake():
    assert faults("sum(population)", scope=["township_centre"]) == [(4, "适用机构都不填报数据元“常住人口”。")]
    assert faults("sum(population)", scope=["township_centre", "county"]) == []


@pytest.mark.parametrize(
    "text", ["(" * 900, "not " * 240 + "has_hall", "sum(" + "physicians+" * 80 + "1)", "1" * 2000, "1+" * 499 + "1"]
)
def test_a_formula_made_to_break_the_parser_is_refused_in_words(text):
    with pytest.raises(FormulaError):
        parse(text)


@given(st.text(alphabet="sumhare()+-*/<>=%0123456789. andotphysicians≥（）中", max_size=60))
def test_any_text_is_either_parsed_or_refused(text):
    with suppress(FormulaError):
        assert parse(text) == parse(text)


def test_chinese_keyboards_characters_are_understood():
    assert parse("share（tcm_physicians ≥ 25％ × physicians）") == parse("share(tcm_physicians >= 25% * physicians)")


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("share(has_hall)", "“设置中医馆”的机构占比"),
        ("count(not has_hall)", "“不满足（设置中医馆）”的机构数"),
        ("share(grade >= 3)", "“医院等级 ≥ 二级甲等”的机构占比"),
        ("sum(tcm_physicians) / sum(physicians)", "中医医师数合计 ÷ 医师数合计"),
        ("sum(physicians) / sum(population) * 1000", "医师数合计 ÷ 常住人口 × 1000"),
        ("sum(physicians - (tcm_physicians - 1))", "（医师数 − （中医医师数 − 1））合计"),
        ("(sum(physicians) + 1) * 2", "（医师数合计 + 1） × 2"),
        (
            "share(has_hall and (physicians > 0 or grade == 2))",
            "“设置中医馆 且 （医师数 > 0 或 医院等级 = 二级乙等）”的机构占比",
        ),
    ],
)
def test_a_formula_reads_in_chinese(formula, words):
    assert describe(parse(formula), ELEMENTS) == words


def test_a_formula_shows_its_values():
    tree = parse("sum(physicians) / sum(population) * 1000")
    values = dict(zip(aggregates(tree), (66, None), strict=True))
    assert fill_in(tree, values, str) == "66 ÷ ？ × 1000"


@pytest.mark.parametrize(
    ("condition", "values", "result"),
    [
        ("tcm_physicians >= 25% * physicians", {"tcm_physicians": 1, "physicians": 4}, True),
        ("tcm_physicians >= 25% * physicians", {"tcm_physicians": 1, "physicians": 5}, False),
        ("tcm_physicians >= 25% * physicians", {"tcm_physicians": 1}, None),
        ("tcm_points >= 15% * points", {"tcm_points": "90.075", "points": "600.5"}, True),
        ("tcm_points >= 15% * points", {"tcm_points": "90.074", "points": "600.5"}, False),
        ("physicians > 0 and has_hall", {"physicians": 0}, False),
        ("physicians > 0 and has_hall", {"physicians": 1}, None),
        ("physicians > 0 or has_hall", {"physicians": 1}, True),
        ("not has_hall", {}, None),
        ("not has_hall", {"has_hall": False}, True),
        ("tcm_physicians / physicians > 0.2", {"tcm_physicians": 1, "physicians": 0}, None),
        (
            "tcm_physicians / physicians > 0.2 or has_hall",
            {"tcm_physicians": 1, "physicians": 0, "has_hall": True},
            True,
        ),
        ("-physicians < 0", {"physicians": 3}, True),
        ("physicians == 3", {"physicians": 3}, True),
    ],
)
def test_a_condition_is_true_false_or_unknown(condition, values, result):
    assert check_condition(condition, ELEMENTS) == []
    assert compile_condition(condition, ELEMENTS)(values) is result

"""The sentences about what is missing, as the bureau would say them."""

from fractions import Fraction

import pytest

from assessments.scoring.as_json import gap_as_json
from assessments.scoring.gaps import gaps_of_condition
from assessments.scoring.program import Figures
from assessments.words import amount_words, gap_words
from indicators.formula import ElementSpec, parse

CENTRE = frozenset({"township_centre"})
ELEMENTS = {
    e.code: e
    for e in [
        ElementSpec("physicians", "执业（助理）医师数", "integer", "人", CENTRE),
        ElementSpec("tcm", "中医类别执业（助理）医师数", "integer", "人", CENTRE),
        ElementSpec("meetings", "召开联席会议次数", "integer", "次", CENTRE),
        ElementSpec("satisfied", "其中满意的问卷数", "integer", "份", CENTRE),
        ElementSpec("visits", "中医诊疗人次", "integer", "人次", CENTRE),
        ElementSpec("has_hall", "设置中医馆", "boolean", "", CENTRE),
        ElementSpec("grade", "医院等级", "choice", "", CENTRE, {2: "二级乙等", 3: "二级甲等"}),
    ]
}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("tcm", "1,200 名中医类别执业（助理）医师"),
        ("meetings", "1,200 次（召开联席会议）"),
        ("satisfied", "1,200 份（满意的问卷）"),
        ("visits", "1,200 人次（中医诊疗人次）"),
    ],
)
def test_an_amount_names_what_is_counted(code, words):
    assert amount_words(1200, f"sum({code}) / sum(visits) * 100", ELEMENTS) == words


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("sum(physicians + tcm) / sum(visits)", "5 人"),
        ("sum(meetings + satisfied + visits)", "5 项次"),
        ("sum(has_hall + grade) - sum(visits)", "5 项次"),
        ("sum(meetings * satisfied)", "5"),
    ],
)
def test_an_amount_of_several_elements_says_in_what_it_counts(formula, words):
    assert amount_words(5, formula, ELEMENTS) == words


@pytest.mark.parametrize(
    ("condition", "values", "words"),
    [
        (
            "physicians > 0 and tcm >= 25% * physicians",
            {"physicians": 17, "tcm": 3},
            "要求 中医类别执业（助理）医师数 ≥ 25% × 执业（助理）医师数，现为 3 人，还差 2 人",
        ),
        ("tcm >= 50% * physicians", {"physicians": 9, "tcm": 3}, "现为 3 人，还差 2 人，新增则需 3 人"),
        ("grade >= 3", {"grade": 2}, "要求 医院等级 ≥ 二级甲等，现为 二级乙等"),
        ("has_hall", {"has_hall": False}, "设置中医馆：否"),
        ("has_hall", {}, "未填报：设置中医馆"),
    ],
)
def test_a_gap_says_what_an_institution_lacks(condition, values, words):
    expression = f"share({condition})"
    tree = parse(expression).operand
    [gap] = gaps_of_condition(tree, Figures("甲", "township_centre", values), ELEMENTS)
    assert gap_words(expression, gap_as_json(gap, tree), ELEMENTS, brief=True) == words
    assert gap.value is None or isinstance(gap.value, Fraction)

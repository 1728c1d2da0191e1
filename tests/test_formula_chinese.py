"""A formula in Chinese: how it is written and read, and that a mistake is shown where it stands."""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from indicators.formula import ElementSpec, parse
from indicators.formula.chinese import MAX_TEXT, check_formula, check_rule, from_chinese, to_chinese
from indicators.formula.tree import Aggregate, Arithmetic, Comparison, Logic, Name, Negative, Not, Number

CENTRE, COUNTY = frozenset({"township_centre"}), frozenset({"county"})
ELEMENTS = {
    e.code: e
    for e in [
        ElementSpec("visits", "总诊疗人次", "integer", "人次", CENTRE),
        ElementSpec("tcm_visits", "中医诊疗人次", "integer", "人次", CENTRE),
        ElementSpec("physicians", "执业（助理）医师数", "integer", "人", CENTRE),
        ElementSpec("has_hall", "设置中医馆", "boolean", "", CENTRE),
        ElementSpec("elderly", "65岁以上老年人数", "integer", "人", CENTRE),
        ElementSpec("grade", "医院等级", "choice", "", CENTRE, {2: "二级乙等", 3: "二级甲等"}),
        ElementSpec("population", "常住人口", "integer", "人", COUNTY),
    ]
}
ALIASES = {"中医馆": "has_hall", "诊疗总人次": "visits"}
FILES = sorted(Path(settings.BASE_DIR, "fixtures/standards").glob("*.yaml"))


def read(text):
    return from_chinese(text, ELEMENTS, ALIASES)


def faults(text, target="1", scope=("all",)):
    found, _ = check_formula(read(text), read(target), scope, ELEMENTS)
    return found


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("合计(【中医诊疗人次】) / 合计(【总诊疗人次】)", "sum(tcm_visits) / sum(visits)"),
        ("合计（【中医诊疗人次】）÷合计（【 总诊疗人次 】）", "sum(tcm_visits)/sum(visits)"),
        ("合计(中医诊疗人次)/合计(总诊疗人次)", "sum(tcm_visits)/sum(visits)"),
        ("SUM(tcm_visits) / 合计(诊疗总人次)", "sum(tcm_visits) / sum(visits)"),
        ("占比(【中医馆】且【执业（助理）医师数】≥３)", "share(has_hall and physicians>=3)"),
        ("占比(中医馆且执业(助理)医师数不低于25％×总诊疗人次)", "share(has_hall and physicians>=25%*visits)"),
        ("家数(非【设置中医馆】或【总诊疗人次】=0)", "count(not has_hall or visits==0)"),
        ("占比(【医院等级】≥“二级甲等”)", "share(grade>=3)"),
        ("占比(“二级乙等” < 【医院等级】)", "share(2 < grade)"),
        ("平均值(65岁以上老年人数)", "mean(elderly)"),
        ("最小(【总诊疗人次】) + 1.5", "min(visits) + 1.5"),
    ],
)
def test_what_the_office_writes_becomes_the_notation(text, notation):
    reading = read(text)
    assert (reading.notation, reading.faults) == (notation, [])
    assert parse(read(to_chinese(notation, ELEMENTS)).notation) == parse(notation)


def test_a_formula_is_written_in_chinese():
    assert to_chinese("share(has_hall and grade >= 3)", ELEMENTS) == "占比(【设置中医馆】 且 【医院等级】 ≥ “二级甲等”)"
    assert to_chinese("sum(tcm_visits) / sum(gone)", ELEMENTS) == "合计(【中医诊疗人次】) / 合计(gone)"
    assert to_chinese("count(not has_hall)", ELEMENTS) == "家数(非【设置中医馆】)"


def test_a_name_that_two_elements_have_is_written_by_its_code():
    twins = {code: ElementSpec(code, "床位数", "integer") for code in ("beds", "own_a_1")}
    assert to_chinese("sum(beds)", twins) == "合计(beds)"
    [fault] = from_chinese("合计(【床位数】)", twins).faults
    assert (fault.sentence, fault.suggestions) == ("有 2 个数据元叫“床位数”，请写代码。", ("beds", "own_a_1"))


@pytest.mark.parametrize(
    ("text", "marked", "part", "suggestion"),
    [
        ("合计(【中医诊疗人数】)", "【中医诊疗人数】", "没有“中医诊疗人数”这个数据元", "【中医诊疗人次】"),
        ("合计(中医诊疗人)", "中医诊疗人", "没有“中医诊疗人”", "【中医诊疗人次】"),
        ("占比(【设置中医馆】且【床位】≥1)", "【床位】", "没有“床位”", None),
        ("总计(【总诊疗人次】)", "总计", "没有“总计”这个函数", "合计"),
        ("合计(【总诊疗人次)", "【", "没有合上", None),
        ("合计(【】)", "【】", "请填写", None),
        ("占比(【医院等级】≥“三甲”)", "“三甲”", "没有“三甲”这个选项", "“二级甲等”"),
        ("占比(【总诊疗人次】≥“二级甲等”)", "“二级甲等”", "选项类的数据元", None),
        ("合计(【总诊疗人次】", "", "第 3 个字符处开始的括号没有合上", None),
        ("【总诊疗人次】", "【总诊疗人次】", "数据元“总诊疗人次”要放在汇总函数里，如 合计(总诊疗人次)", None),
        ("1 + 占比( 【总诊疗人次】 )", "【总诊疗人次】", "占比 里应是条件", None),
        ("合计(【总诊疗人次】) ≥ 3", "≥", "只能写在 家数、占比 里面", None),
        ("合计(【总诊疗人次】)，", "，", "不认识“,”", None),
        ("3 + 4", "3", "没有汇总函数（合计、家数", None),
    ],
)
def test_a_mistake_is_shown_where_it_stands(text, marked, part, suggestion):
    [fault] = faults(text)
    assert text[fault.position : fault.position + fault.length] == marked
    assert part in fault.sentence
    assert suggestion is None or suggestion in fault.suggestions


def test_an_element_that_nobody_in_scope_reports_is_marked():
    text = "合计(【总诊疗人次】) / 合计(【常住人口】)"
    [fault] = faults(text, scope=["township_centre"])
    assert text[fault.position :].startswith("【常住人口】")


def test_mistakes_of_the_target_stand_in_the_target():
    formula, target = check_formula(read("合计(【总诊疗人次】)"), read("合计(【设置中医馆】)"), ["all"], ELEMENTS)
    assert formula == []
    assert (target[0].position, target[0].sentence) == (3, "合计 里应是数。")
    assert check_formula(read("合计(【总诊疗人次】)"), read("35％"), ["all"], ELEMENTS) == ([], [])


def test_a_check_is_written_in_chinese_too():
    assert check_rule(read("【中医诊疗人次】≤【总诊疗人次】"), ELEMENTS) == []
    [fault] = check_rule(read("【中医诊疗人次】 + 1"), ELEMENTS)
    assert "应是一个条件" in fault.sentence


def _dictionary():
    raw = yaml.safe_load(Path(settings.BASE_DIR, "fixtures/elements.yaml").read_text(encoding="utf-8"))
    specs, aliases = {}, {}
    for e in raw["elements"]:
        choices = {int(key): label for key, label in (e.get("choices") or {}).items()}
        specs[e["code"]] = ElementSpec(e["code"], e["name"], e["type"], "", frozenset(e["reported_by"]), choices)
        aliases |= dict.fromkeys(e.get("aliases") or (), e["code"])
    return specs, aliases, [check["rule"] for check in raw["checks"]]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_formula_of_the_plans_comes_back_to_the_letter(file):
    specs, aliases, rules = _dictionary()
    standard = yaml.safe_load(file.read_text(encoding="utf-8"))
    criteria = [c for s in standard["sections"] for item in s["items"] for c in item.get("criteria") or ()]
    texts = {str(c[key]) for c in criteria for key in ("formula", "target")} | set(rules)
    assert len(texts) > 10
    for text in texts:
        reading = from_chinese(to_chinese(text, specs), specs, aliases)
        assert (reading.notation, reading.faults) == (text, [])
        bare = to_chinese(text, specs).replace("【", "").replace("】", "")
        assert parse(from_chinese(bare, specs, aliases).notation) == parse(text), bare


numbers = st.one_of(
    st.integers(0, 999).map(str), st.integers(0, 99).map(lambda n: f"{n}%"), st.sampled_from(["0.5", "1.25"])
).map(lambda text: Number(Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text), text))
values = st.recursive(
    st.one_of(numbers, st.sampled_from(sorted(ELEMENTS)).map(Name)),
    lambda inner: st.one_of(st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner), st.builds(Negative, inner)),
    max_leaves=4,
)
conditions = st.recursive(
    st.one_of(
        st.just(Name("has_hall")), st.builds(Comparison, st.sampled_from([">=", "<=", ">", "<", "=="]), values, values)
    ),
    lambda inner: st.one_of(st.builds(Logic, st.sampled_from(["and", "or"]), inner, inner), st.builds(Not, inner)),
    max_leaves=4,
)
trees = st.one_of(
    st.builds(Aggregate, st.sampled_from(["sum", "min", "max", "mean"]), values),
    st.builds(Aggregate, st.sampled_from(["count", "share"]), conditions),
)


def notation(tree) -> str:
    """Fully bracketed."""
    if isinstance(tree, Number):
        return tree.text
    if isinstance(tree, Name):
        return tree.code
    if isinstance(tree, Aggregate):
        return f"{tree.function}({notation(tree.operand)})"
    if isinstance(tree, Negative):
        return f"(-({notation(tree.operand)}))"
    if isinstance(tree, Not):
        return f"(not {notation(tree.operand)})"
    return f"({notation(tree.left)} {tree.op} {notation(tree.right)})"


@given(trees)
def test_any_formula_comes_back_from_chinese(tree):
    text = notation(tree)
    reading = read(to_chinese(text, ELEMENTS))
    assert (reading.faults, reading.notation) == ([], text)
    assert parse(reading.notation) == tree


WORDS = [
    *'（）()【】[]“”"+-*/×÷≥≤=<>%％.,，。 　\n0９㎡\0',
    "合计",
    "占比",
    "且",
    "或",
    "非",
    "不低于",
    "中医",
    "诊疗人次",
    "医师",
]
WORDS += [*ELEMENTS, *ALIASES, *(e.name for e in ELEMENTS.values()), "二级甲等", "sum", "and", "İ", "ß", "𝟗"]


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=25).map("".join)))
def test_any_text_is_read_and_its_faults_lie_within_it(text):
    found, in_target = check_formula(read(text), read(text), ["township_centre"], ELEMENTS)
    for fault in (*found, *in_target, *check_rule(read(text), ELEMENTS)):
        assert 0 <= fault.position <= fault.position + fault.length <= len(text)
        assert fault.sentence.endswith(("。", "？"))
    assert isinstance(to_chinese(text, ELEMENTS), str)


@pytest.mark.parametrize(
    "text",
    ["合计(" * 700, "(" * MAX_TEXT, "【" * MAX_TEXT, "床" * MAX_TEXT, "非" * MAX_TEXT, "合" * 100_000, "且A" * 1000],
)
def test_a_text_made_to_break_the_reader_is_refused_in_words(text):
    assert faults(text)

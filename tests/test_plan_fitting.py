"""A plan's figure is put to the stored criterion that asks for the same thing of the same institutions."""

import pytest
import yaml

from indicators.formula import parse
from indicators.formula.tree import names
from indicators.loader import ELEMENTS_FILE
from indicators.plans import read_plan
from indicators.plans.fitting import KnownCriterion, as_text, fit
from tests.linzi import LINZI


def known_criteria() -> dict[str, KnownCriterion]:
    elements = {each["code"]: each for each in yaml.safe_load(ELEMENTS_FILE.read_text("utf-8"))["elements"]}
    standard = yaml.safe_load(LINZI.read_text("utf-8"))
    rows = [c for section in standard["sections"] for item in section["items"] for c in item.get("criteria", [])]
    return {row["code"]: known(row, elements) for row in rows}


def known(row: dict, elements: dict[str, dict]) -> KnownCriterion:
    codes = names(parse(row["formula"]))
    return KnownCriterion(
        row["name"],
        row["level"],
        row["scope"],
        row["formula"],
        row["comparator"],
        str(row["target"]),
        row.get("unit", ""),
        {code: [elements[code]["name"], *elements[code].get("aliases", [])] for code in codes},
        {code: elements[code].get("unit", "") for code in codes},
    )


KNOWN = known_criteria()


def fit_of(sentence: str, which: int = 0):
    item = read_plan(f"某县方案\n一、重点任务\n（一）服务。{sentence}\n（二）乙。\n").items[0]
    return fit(item.thresholds[which], item, list(KNOWN.values()))


@pytest.mark.parametrize(
    ("sentence", "code", "target"),
    [
        ("社区卫生服务中心、镇卫生院100%设置中医馆。", "24.4", "100%"),
        ("至少有15%的社区卫生服务站和村卫生室设置“中医阁”。", "25.2", "15%"),
        ("区中医院电子病历达到5级。", "26.1", "5"),
        ("区中医院中医类别医师占本机构医师总数的70%以上。", "28.1", "70%"),
        ("社区卫生服务中心、乡镇卫生院的中医诊疗人次占总诊疗人次的比例达到40%。", "32.1", "40%"),
        ("城乡居民中医药知识知晓率不低于95%。", "42.2", "95%"),
        ("老年人中医药健康管理率达到77%。", "35.1", "77%"),
        ("每万居民有0.8名中医类别全科医生。", "27.8", "0.8"),
        ("区中医院牵头组建医共体，覆盖人口不低于40%。", "23.1", "40%"),
    ],
)
def test_the_plan_s_number_becomes_the_target(sentence, code, target):
    fitted = fit_of(sentence)
    assert fitted.known is KNOWN[code]
    assert (fitted.expression, fitted.target) == (KNOWN[code].expression, target)


def test_categories_and_items_go_into_one_condition_together():
    sentence = "100%的社区卫生服务中心、乡镇卫生院能够规范开展6类15项以上中医药适宜技术。"
    for which in range(3):
        fitted = fit_of(sentence, which)
        assert fitted.expression == "share(technique_categories >= 6 and technique_items >= 15)"
        assert (fitted.name, fitted.target) == ("社区中心、镇卫生院开展 6 类 15 项以上适宜技术", "100%")


def test_a_share_of_each_institution_goes_into_the_condition_and_so_many_institutions_are_the_target():
    sentence = "90%的社区卫生服务中心、乡镇卫生院中医类别医师占本机构医师总数的比例超过30%。"
    fitted = fit_of(sentence, 1)
    assert fitted.known is KNOWN["28.2"]
    assert fitted.expression == "share(physicians > 0 and tcm_physicians > 30% * physicians)"
    assert (fitted.name, fitted.target) == ("社区中心、镇卫生院中医类别医师占比达 30% 的机构", "90%")


def test_only_the_institutions_that_the_plan_names_are_kept():
    fitted = fit_of("10%的村卫生室设置中医阁。")
    assert (fitted.known, fitted.scope) == (KNOWN["25.2"], ("village_clinic",))


@pytest.mark.parametrize(
    "sentence",
    [
        "财政投入不少于300万元。",
        "60%的县级中医医院设置老年病科。",
        "建成2个中医特色专科。",
        "区中医院开展45项以上中医药适宜技术。",
        "报销比例不低于85%。",
    ],
)
def test_what_no_known_criterion_asks_for_is_left_open(sentence):
    assert fit_of(sentence) is None


def test_every_proposed_formula_can_be_read():
    for path in ("yunling", "hechuan", "shanyang"):
        text = (LINZI.parents[2] / f"tests/plans/{path}.txt").read_text("utf-8")
        for item in read_plan(text).items:
            for threshold in item.thresholds:
                if fitted := fit(threshold, item, list(KNOWN.values())):
                    parse(fitted.expression)
                    parse(fitted.target)


@pytest.mark.parametrize(
    ("sentence", "written"), [("占比35%。", "35%"), ("占比12.5%。", "12.5%"), ("配备0.8名。", "0.8")]
)
def test_numbers_are_written_as_people_do(sentence, written):
    item = read_plan(f"某县方案\n一、重点任务\n1.{sentence}\n2.乙。\n").items[0]
    threshold = item.thresholds[0]
    assert as_text(threshold.value, threshold.unit) == written


def test_the_share_in_front_of_which_the_institutions_stand_is_the_target():
    fitted = fit_of("村卫生室80%能开展4类7项以上中医药适宜技术。", which=1)
    assert fitted.target == "80%"
    assert "technique_items >= 7" in fitted.expression


def test_a_share_that_the_plan_does_not_state_is_never_sure():
    assert fit_of("村卫生室能开展4类6项以上中医药适宜技术。").sureness != "high"


def test_how_much_more_than_last_year_is_not_how_much():
    difference = KnownCriterion(
        "中医诊疗人次占比高于上年",
        "hard",
        ["community_centre"],
        "sum(tcm_visits) / sum(visits) - sum(tcm_visits_previous) / sum(visits_previous)",
        ">",
        "0",
        "%",
        {"tcm_visits": ["中医诊疗人次"], "visits": ["总诊疗人次"]},
    )
    item = read_plan("某县方案\n一、重点任务\n（一）服务。社区卫生服务中心中医诊疗人次占比≥38%。\n（二）乙。\n").items[
        0
    ]
    assert fit(item.thresholds[0], item, [difference]) is None

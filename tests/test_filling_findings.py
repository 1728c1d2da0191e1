"""What is wrong with an institution's figures, and what needs a word of explanation: by example."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.formula import ElementSpec, compile_condition, names, parse
from indicators.models import Criterion, Element
from institutions.filling.findings import Background, Rule, Rulebook, cautions, faults
from institutions.filling.thresholds import thresholds_of
from institutions.filling.twins import ENOUGH, fingerprint

ELEMENTS = {
    element.code: element
    for element in [
        Element(code="physicians", name="医师数", value_type="integer", unit="人"),
        Element(code="tcm_physicians", name="中医医师数", value_type="integer", unit="人"),
        Element(code="has_hall", name="中医馆", value_type="boolean"),
        Element(code="techniques", name="适宜技术项数", value_type="integer", unit="项"),
        Element(code="fund", name="资金", value_type="decimal", unit="万元"),
    ]
}
FULL = {"physicians": 20, "tcm_physicians": 6, "has_hall": True, "techniques": 6, "fund": "600.5"}


def rule(expression: str, message: str) -> Rule:
    codes = names(parse(expression))
    specs = {code: ElementSpec(code, ELEMENTS[code].name, ELEMENTS[code].value_type) for code in codes}
    return Rule(expression, message, codes, compile_condition(expression, specs))


PART = rule("tcm_physicians <= physicians", "中医医师数不能大于医师数")
HALL = rule("not has_hall or tcm_physicians > 0", "设有中医馆，却没有中医医师")
ABLE = rule("techniques < 6 or tcm_physicians > 0", "开展 6 项以上适宜技术，却没有中医医师")


def share_of_physicians(
    target: str = "25%", scope=("township_centre",), expression="sum(tcm_physicians) / sum(physicians)"
):
    return Criterion(code="9.1", name="占比", scope=list(scope), expression=expression, comparator=">=", target=target)


def rules(*errors: Rule, cautions=(), criteria=()) -> Rulebook:
    thresholds = [t for criterion in criteria for t in thresholds_of(criterion, "township_centre", ELEMENTS)]
    return Rulebook(ELEMENTS, list(errors), list(cautions), thresholds)


def keys(found) -> list[str]:
    return [each.key for each in found]


# ---- faults ----


@pytest.mark.parametrize(("tcm", "wrong"), [(6, False), (20, False), (21, True), (None, False)])
def test_a_part_may_not_be_more_than_its_whole(tcm, wrong):
    found = faults(rules(PART), FULL | {"tcm_physicians": tcm}, {})
    assert bool(found) is wrong
    if wrong:
        assert found[0].elements == ("tcm_physicians", "physicians")
        assert found[0].text == "中医医师数不能大于医师数（中医医师数 21，医师数 20）。"


def test_what_could_not_be_read_has_to_be_mended():
    found = faults(rules(), {}, {"physicians": "二十"})
    assert keys(found) == ["unread:physicians"]
    assert found[0].text.startswith("医师数：“二十”不是数字")


def test_what_could_not_be_read_of_an_element_not_asked_any_more_is_let_be():
    assert faults(rules(), {}, {"gone": "二十"}) == []


# ---- cautions of the dictionary ----


@pytest.mark.parametrize(
    ("values", "warned"),
    [
        ({"has_hall": True, "tcm_physicians": 0}, True),
        ({"has_hall": True, "tcm_physicians": 1}, False),
        ({"has_hall": False, "tcm_physicians": 0}, False),
        ({"has_hall": True, "tcm_physicians": None}, False),
    ],
)
def test_a_hall_without_physicians(values, warned):
    found = cautions(rules(cautions=[HALL]), FULL | values, Background())
    assert any("设有中医馆，却没有中医医师" in each.text for each in found) is warned


@pytest.mark.parametrize(("techniques", "tcm", "warned"), [(6, 0, True), (5, 0, False), (6, 1, False)])
def test_six_techniques_and_nobody_able(techniques, tcm, warned):
    found = cautions(rules(cautions=[ABLE]), FULL | {"techniques": techniques, "tcm_physicians": tcm}, Background())
    assert any("适宜技术" in each.text for each in found) is warned


# ---- close to what is asked ----


@pytest.mark.parametrize(
    ("part", "whole", "warned"),
    [
        (250, 1000, "正好是要求的 25%"),
        (251, 1000, "为 25.1%，仅略高于要求的 25%"),  # 0.1 of a percentage point above
        (25_101, 100_000, ""),  # 0.101 above
        (252, 1000, ""),
        (249, 1000, ""),
        (0, 0, ""),
        (1000, 1000, ""),
    ],
)
def test_a_share_at_or_barely_above_what_is_asked(part, whole, warned):
    values = FULL | {"tcm_physicians": part, "physicians": whole}
    found = cautions(rules(criteria=[share_of_physicians()]), values, Background())
    texts = [each.text for each in found if each.key.startswith("share:")]
    assert len(texts) == bool(warned)
    assert all(warned in text and "9.1" in text for text in texts)


def test_a_demand_on_each_institution_is_a_threshold_too():
    demand = share_of_physicians(target="100%", expression="share(tcm_physicians >= 25% * physicians)")
    values = FULL | {"tcm_physicians": 5, "physicians": 20}
    assert keys(cautions(rules(criteria=[demand]), values, Background()))[0].startswith("share:")


def test_a_criterion_of_other_types_is_no_threshold():
    elsewhere = share_of_physicians(scope=["village_clinic"])
    values = FULL | {"tcm_physicians": 5, "physicians": 20}
    assert cautions(rules(criteria=[elsewhere]), values, Background()) == []


def test_two_criteria_that_ask_the_same_share_need_one_word():
    values = FULL | {"tcm_physicians": 5, "physicians": 20}
    found = cautions(rules(criteria=[share_of_physicians(), share_of_physicians()]), values, Background())
    assert len(found) == 1


# ---- against last period ----


@pytest.mark.parametrize(
    ("before", "now", "warned"),
    [
        (100, 130, False),  # exactly 30%
        (100, 131, True),
        (100, 70, False),
        (100, 69, True),
        (1, 2, False),  # twice as many, but just one more
        (2, 5, True),
        (0, 2, False),
        (0, 3, True),
        (None, 500, False),
        (500, None, False),
    ],
)
def test_a_swing_against_last_period(before, now, warned):
    found = cautions(rules(), FULL | {"physicians": now}, Background("2022", {"physicians": before}))
    assert ("swing:physicians" in keys(found)) is warned


@pytest.mark.parametrize(("now", "warned"), [("780.65", False), ("780.66", True), ("420.35", False), ("420.34", True)])
def test_decimals_swing_exactly(now, warned):
    found = cautions(rules(), FULL | {"fund": now}, Background("2022", {"fund": "600.5"}))
    assert ("swing:fund" in keys(found)) is warned


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_swing_says_both_figures_and_a_share_that_is_not_rounded_back_to_30(before, now):
    found = cautions(rules(), FULL | {"physicians": now}, Background("2022", {"physicians": before}))
    text = next((each.text for each in found if each.key == "swing:physicians"), "")
    change = abs(now - before)
    assert bool(text) is (change >= 3 and change * 10 > 3 * before)
    if text:
        assert f"由 {before:,} 人变为 {now:,} 人" in text
        if before:
            shown = Fraction(text.split("少 " if now < before else "加 ")[1].split("%")[0])
            assert shown > 30
            assert abs(shown - Fraction(change * 100, before)) <= Fraction(1, 20)


# ---- copies, and what is missing ----


def test_a_copy_of_another_institution_is_named():
    found = cautions(rules(), FULL, Background(twin="东村卫生室"))
    assert keys(found) == ["twin"]
    assert "东村卫生室" in found[0].text


def test_equal_numbers_have_equal_prints_whatever_else_was_answered():
    figures = {f"n{i}": i + 1 for i in range(ENOUGH)}
    assert fingerprint(figures | {"hall": True}) == fingerprint(figures | {"hall": False}) != ""
    assert fingerprint(figures) != fingerprint(figures | {"n0": 2})


def test_too_few_numbers_have_no_print():
    figures = {f"n{i}": i + 1 for i in range(ENOUGH - 1)}
    assert fingerprint(figures | {"zero": 0, "none": "0", "hall": True}) == ""


def test_what_is_empty_needs_one_word_for_all_of_it():
    found = cautions(rules(), {"physicians": 1}, Background())
    assert keys(found) == ["missing"]
    assert found[0].elements == ("tcm_physicians", "has_hall", "techniques", "fund")


def test_zero_and_no_are_not_empty():
    assert cautions(rules(), FULL | {"techniques": 0, "has_hall": False}, Background()) == []

"""A cell becomes an exact value, a blank, or a fault: never a guess."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from institutions.ledger.cells import BLANK, DASH, CellFault, parser_of, plain
from tests.ledgers import elements

PHYSICIANS, POINTS, SHARE = "physicians", "appraisal_points", "plan_tcm_staff_share"
HALL, GRADE, EMR = "has_tcm_hall", "hospital_grade", "emr_level"


def read(code: str, raw):
    return parser_of(elements()[code])(raw)


def fault(code: str, raw) -> str:
    with pytest.raises(CellFault) as caught:
        read(code, raw)
    return caught.value.code


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (5.0, 5),
        (0.0, 0),
        (-0.0, 0),
        (12.000000000000002, 12),
        (" 142 ", 142),
        ("１０９", 109),
        ("1,870", 1870),
        ("1，870", 1870),
        ("1 870", 1870),
        ("１，８７０", 1870),
        ("12.0", 12),
        ("13人", 13),
        ("13 人", 13),
        ("13（人）", 13),
        ("'7", 7),
        ("7\u200b", 7),
    ],
)
def test_whole_numbers_in_all_spellings(raw, value):
    assert read(PHYSICIANS, raw) == value
    assert type(read(PHYSICIANS, raw)) is int


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (16.099999999999998, "16.1"),
        (600.5, "600.5"),
        (100.0, "100"),
        ("600.50", "600.5"),
        ("96.1分", "96.1"),
        (-0.0, "0"),
    ],
)
def test_decimals_are_text_without_binary_noise(raw, value):
    assert read(POINTS, raw) == value


@pytest.mark.parametrize(("raw", "value"), [(("percent", 0.18), "18"), ("18%", "18"), ("18％", "18"), (18.0, "18")])
def test_percentages_count_in_hundredths(raw, value):
    assert read(SHARE, raw) == value


@pytest.mark.parametrize("raw", ["是", " 是 ", "有", "√", "✓", "✔", "Y", "ｙ", "yes", "TRUE", True, 1.0, "1"])
def test_yes(raw):
    assert read(HALL, raw) is True


@pytest.mark.parametrize("raw", ["否", "无", "×", "✗", "N", "no", "False", False, 0.0, "0", "x"])
def test_no(raw):
    assert read(HALL, raw) is False


@pytest.mark.parametrize("raw", ["二级甲等", "二级 甲等", "3", 3.0, "３"])
def test_choices_by_name_or_number(raw):
    assert read(GRADE, raw) == 3


@pytest.mark.parametrize("code", [PHYSICIANS, POINTS, HALL, GRADE])
def test_blanks_are_missing_and_lone_dashes_too(code):
    assert all(read(code, raw) is BLANK for raw in ("", " ", "\u00a0", "\u3000 ", "\n"))
    assert all(read(code, raw) is DASH for raw in ("—", "-", "/", "——", " － "))


@pytest.mark.parametrize(
    ("code", "raw", "expected"),
    [
        (PHYSICIANS, "若干", "not_a_number"),
        (PHYSICIANS, "1 87", "not_a_number"),
        (PHYSICIANS, "1,87", "not_a_number"),
        (PHYSICIANS, "1、870", "not_a_number"),
        (PHYSICIANS, "1e3", "not_a_number"),
        (PHYSICIANS, "13张", "not_a_number"),
        (PHYSICIANS, "1.2万", "not_a_number"),
        (PHYSICIANS, "9" * 100, "not_a_number"),
        (PHYSICIANS, True, "not_a_number"),
        (PHYSICIANS, ("date", "1900-01-05"), "not_a_number_but_a_date"),
        (PHYSICIANS, ("error", "#N/A"), "error_value"),
        (PHYSICIANS, "#DIV/0!", "error_value"),
        (PHYSICIANS, ("formula", ""), "formula_without_result"),
        (PHYSICIANS, 12.5, "not_whole"),
        (PHYSICIANS, "12.5", "not_whole"),
        (PHYSICIANS, -3.0, "negative"),
        (PHYSICIANS, "－3", "negative"),
        (PHYSICIANS, 2e12, "too_large"),
        (POINTS, -0.5, "negative"),
        (POINTS, "18%", "not_a_number"),
        (EMR, 9.0, "out_of_range"),
        (SHARE, ("percent", 1.2), "out_of_range"),
        (HALL, "或许", "not_yes_or_no"),
        (HALL, 2.0, "not_yes_or_no"),
        (HALL, ("error", "#REF!"), "error_value"),
        (GRADE, "二甲", "unknown_choice"),
        (GRADE, 7.0, "unknown_choice"),
        (GRADE, ("formula", ""), "formula_without_result"),
    ],
)
def test_faults(code, raw, expected):
    assert fault(code, raw) == expected


@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_a_decimal_is_kept_to_the_last_digit(number):
    assert Decimal(read(POINTS, str(number))) == number
    assert Decimal(plain(number)) == number


@given(st.text(max_size=30))
def test_no_text_ever_breaks_a_parser(text):
    for code in (PHYSICIANS, POINTS, SHARE, HALL, GRADE):
        try:
            value = read(code, text)
        except CellFault:
            continue
        assert value is BLANK or value is DASH or isinstance(value, int | str)
        assert not isinstance(value, float)


@pytest.mark.parametrize("text", ["34019①", "5²", "5¹", "5₀", "㊿", "3⑴", "½", "3㏠"])
def test_signs_that_only_look_like_digits_make_no_number(text):
    assert fault(PHYSICIANS, text) == "not_a_number"
    assert fault(POINTS, text) == "not_a_number"


def test_a_number_in_a_circle_is_no_answer_and_no_choice():
    assert fault(HALL, "①") == "not_yes_or_no"
    assert fault(GRADE, "③") == "unknown_choice"
    assert (read(HALL, "１"), read(GRADE, "３")) == (True, 3)


@pytest.mark.parametrize("content", [1.0, 0.5, 0.18])
def test_a_percentage_where_the_unit_is_another_is_a_fault(content):
    assert fault(PHYSICIANS, ("percent", content)) == "percent_format"
    assert fault(POINTS, ("percent", content)) == "percent_format"
    assert read(SHARE, ("percent", content)) == plain(Decimal(str(content)) * 100)

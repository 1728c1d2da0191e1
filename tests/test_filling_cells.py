"""A cell of a form: what people see is what they may type, and it stands for the same value again."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.models import Element
from institutions.filling.cells import LONGEST, Unread, cell_text, read_cell
from institutions.ledger.cells import LARGEST

COUNT = Element(code="visits", name="诊疗人次", value_type="integer", unit="人次", minimum=0)
MONEY = Element(code="fund", name="资金", value_type="decimal", unit="万元", minimum=0)
HALL = Element(code="hall", name="中医馆", value_type="boolean")
GRADE = Element(code="grade", name="等级", value_type="choice", choices={"0": "未定级", "1": "二级甲等", "2": "三级"})


@given(st.integers(0, LARGEST))
def test_whole_numbers_come_back(value):
    assert read_cell(COUNT, cell_text(COUNT, value)) == value


@given(st.decimals(0, 10**9, places=3, allow_nan=False, allow_infinity=False))
def test_decimals_come_back_to_the_last_digit(value):
    stored = read_cell(MONEY, format(value, "f"))
    assert read_cell(MONEY, cell_text(MONEY, stored)) == stored
    assert isinstance(stored, str)


@pytest.mark.parametrize("value", [True, False])
def test_yes_and_no_come_back(value):
    assert read_cell(HALL, cell_text(HALL, value)) is value


@pytest.mark.parametrize("value", [0, 1, 2])
def test_choices_come_back(value):
    assert read_cell(GRADE, cell_text(GRADE, value)) == value


@pytest.mark.parametrize("element", [COUNT, MONEY, HALL, GRADE], ids=lambda e: e.value_type)
def test_what_is_missing_is_a_blank_and_a_blank_is_missing(element):
    assert cell_text(element, None) == ""
    assert read_cell(element, "") is None
    assert read_cell(element, "  ") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("１２３", 123), ("1,870", 1870), ("12 人次", 12), ("  7 ", 7), ("12.0", 12), ("—", None), ("/", None)],
)
def test_numbers_as_people_write_them(text, value):
    assert read_cell(COUNT, text) == value


@pytest.mark.parametrize(
    "text",
    ["12人", "-5", "1e9", "=1+1", "+cmd|' /C calc'!A0", "1.5", "很多", "1 87", "12\x00", "①", "9" * 30, "1" * 10_000],
)
def test_what_is_no_number_says_why_and_how_to_mend_it(text):
    with pytest.raises(Unread) as unread:
        read_cell(COUNT, text)
    sentence = str(unread.value)
    assert sentence.startswith("“")
    assert sentence.endswith("。")
    assert len(sentence) < LONGEST + 80


@pytest.mark.parametrize(("element", "text"), [(HALL, "也许"), (HALL, "2"), (GRADE, "五级"), (GRADE, "9")])
def test_what_is_no_answer_is_not_guessed(element, text):
    with pytest.raises(Unread):
        read_cell(element, text)


@given(st.text(max_size=80))
def test_whatever_can_be_read_comes_back_and_nothing_else_breaks(text):
    for element in (COUNT, MONEY, HALL, GRADE):
        with suppress(Unread):
            value = read_cell(element, text)
            assert read_cell(element, cell_text(element, value)) == value

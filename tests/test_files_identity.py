"""Identity numbers in names and texts are pointed out, and never repeated."""

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.files.apart import process
from assessments.files.identity import identity_numbers_in, looks_personal
from assessments.files.kinds import kind_of
from tests import hostile_files as make

WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]  # as the standard defines them


def number(region: str = "370305", born: str = "19900307", order: str = "123") -> str:
    body = region + born + order
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return body + "10X98765432"[total % 11]


NUMBER = number()
MASKED = f"3703********{NUMBER[-4:]}"
WITH_X = next(n for n in (number(order=f"{order:03}") for order in range(1000)) if n.endswith("X"))
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"姓名：张某，身份证号{NUMBER}。",
        f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
        NUMBER.translate(FULL_WIDTH),
        f"sfz{NUMBER}.pdf",
        f"{NUMBER}\n{NUMBER}",
    ],
)
def test_a_number_is_found_however_it_is_written(text):
    assert identity_numbers_in(text) == [MASKED]


@pytest.mark.parametrize("text", [WITH_X, WITH_X.lower(), WITH_X.translate(FULL_WIDTH)])
def test_an_x_at_the_end_is_a_digit(text):
    assert identity_numbers_in(text) == [f"3703********{WITH_X[-4:]}"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        NUMBER[:17],
        f"1{NUMBER}",
        f"{NUMBER}1",
        number(region="990305"),
        number(born="19900230"),
        number(born="18991231"),
        number(born=f"{datetime.date.today().year + 1}0101"),
        NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2"),
        "12370305MB28407766",  # 统一社会信用代码
        "6222021603001234567",  # a bank card
    ],
)
def test_what_only_looks_like_one_is_none(text):
    assert identity_numbers_in(text) == []


BIRTHDAYS = st.dates(datetime.date(1900, 1, 1), datetime.date.today())


@given(st.sampled_from(["110101", "370305", "659001", "810000", "910000"]), BIRTHDAYS, st.integers(0, 999), st.text())
def test_every_right_number_is_found_and_none_is_repeated_whole(region, born, order, around):
    right = number(region, born.strftime("%Y%m%d"), f"{order:03}")
    around = re.sub(r"[0-9 ０-９]", "", around)
    found = identity_numbers_in(around + right + around)
    assert found == [f"{right[:4]}********{right[-4:]}"]


@given(BIRTHDAYS, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born, place, more):
    right = number(born=born.strftime("%Y%m%d"))
    wrong = right[:place] + str((int(right[place]) + more) % 10) + right[place + 1 :]
    assert identity_numbers_in(wrong) == []


@given(st.text())
def test_any_text_can_be_looked_at(text):
    assert all(re.fullmatch(r"[0-9]{4}\*{8}[0-9]{3}[0-9X]", found) for found in identity_numbers_in(text))


# ---- in files --------------------------------------------------------------------------------------------------------


@pytest.fixture
def sentences(tmp_path):
    def of(content: bytes, name: str) -> list[str]:
        path = tmp_path / "stored"
        path.write_bytes(content)
        found = looks_personal(name, path, kind_of(path, name).kind)
        assert not any(NUMBER in sentence for sentence in found)
        return found

    return of


def in_runs(text: str) -> str:
    """A paragraph in which formatting splits the text."""
    return f"<w:p><w:r><w:t>{text[:7]}</w:t></w:r><w:r><w:rPr/><w:t>{text[7:]}</w:t></w:r></w:p>"


SHEET = "<sst><si><t>{}</t></si><si><t>{}</t></si></sst>"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (make.pdf("first", f"ID {NUMBER}"), "名单.pdf"),
        (make.word(in_runs(NUMBER)), "名单.docx"),
        (make.office("xlsx", {"xl/sharedStrings.xml": SHEET.format("7", NUMBER)}), "名单.xlsx"),
        (make.office("pptx", {"ppt/slides/slide1.xml": f"<a:p><a:t>{NUMBER}</a:t></a:p>"}), "名单.pptx"),
    ],
)
def test_a_number_in_the_text_is_pointed_out(sentences, content, name):
    (sentence,) = sentences(content, name)
    assert MASKED in sentence
    assert sentence.startswith("文件内容")


def test_a_number_in_the_name_is_pointed_out(sentences):
    (sentence,) = sentences(make.picture(), f"张某{NUMBER}.jpg")
    assert sentence.startswith(f"文件名里像有身份证号：{MASKED}。")


def test_of_many_numbers_three_are_named(sentences):
    many = [number(order=f"{order:03}") for order in range(5)]
    (sentence,) = sentences(make.pdf(*many), "名单.pdf")
    assert sentence.count("********") == 3
    assert "等 5 个" in sentence


def test_cells_side_by_side_make_no_number(sentences):
    content = make.office("xlsx", {"xl/sharedStrings.xml": SHEET.format(NUMBER[:9], NUMBER[9:])})
    assert sentences(content, "台账.xlsx") == []


def test_pages_far_behind_are_not_looked_at(sentences):
    assert sentences(make.pdf(*["page"] * 50, NUMBER), "总结.pdf") == []


def test_a_text_that_cannot_be_read_stops_nothing(sentences, monkeypatch):
    monkeypatch.setattr(process, "MEMORY", 300 * 1024 * 1024)  # so that it is soon taken
    assert sentences(make.pdf_of_forms_within_forms(), "总结.pdf") == []

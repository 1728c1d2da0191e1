"""Binders as a ZIP of numbered folders with an Excel contents list."""

import re
import zipfile
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.binders.listing import COLUMNS
from assessments.binders.names import piece_names
from assessments.binders.sources import ALTERED, GONE
from assessments.binders.write import Shape
from tests.binders import binder, pdf, picture, piece, write

FORBIDDEN = re.compile(r'[\\:*?"<>|\x00-\x1f]')


@pytest.fixture
def folders(tmp_path):
    """The ZIP of two binders, one of whose files is gone."""
    contents = [
        binder("4", piece("04-01", pdf("a", "b"), document_date="2023-04-09", accepted_on="2024-01-02")),
        binder(
            "24",
            piece("24-01", picture("JPEG"), "jpg", institution="凤凰镇卫生院"),
            piece("24-02", b"PK office", "docx"),
            piece("24-03", None, title="丢失的"),
        ),
    ]
    written = write(contents, tmp_path / "x.zip", Shape.ZIP)
    assert written.notes == (f"24-03《丢失的》：{GONE}",)
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        yield opened


def test_originals_lie_in_numbered_folders_as_they_were_uploaded(folders):
    assert folders.testzip() is None
    assert folders.namelist() == [
        "04_中医馆建设/04-01_材料04-01_区卫生健康局.pdf",
        "04_中医馆建设/04-00_目录.pdf",
        "24_中医馆建设/24-01_材料24-01_凤凰镇卫生院_区卫生健康局.jpg",
        "24_中医馆建设/24-02_材料24-02_区卫生健康局.docx",
        "24_中医馆建设/24-00_目录.pdf",
        "档案目录.xlsx",
    ]
    assert folders.read(folders.namelist()[3]) == b"PK office"
    assert folders.read(folders.namelist()[2]) == picture("JPEG")
    assert {entry.compress_type for entry in folders.infolist()} == {zipfile.ZIP_STORED}


def test_the_own_pages_of_an_item_are_bound_as_they_are_read(folders):
    reader = PdfReader(BytesIO(folders.read("04_中医馆建设/04-00_目录.pdf")))
    words = [page.extract_text() for page in reader.pages]
    assert "迎 检 资 料" in words[0]
    assert "卷内目录" in words[2]
    assert "页数" in words[2]
    assert "条目要求" in words[3]


def test_the_list_has_a_row_for_each_piece(folders):
    book = load_workbook(BytesIO(folders.read("档案目录.xlsx")))
    rows = list(book["档案目录"].iter_rows(values_only=True))
    assert rows[0][0] == "演示区迎检资料档案目录（2023年）"
    assert rows[1] == tuple(heading for heading, _, _ in COLUMNS)
    assert rows[2] == (
        1,
        "04 中医馆建设",
        "04-01",
        "材料04-01",
        None,
        "区卫生健康局",
        "2023-04-09",
        2,
        "中医馆照片",
        None,
        "已接受 2024-01-02",
        "04_中医馆建设/04-01_材料04-01_区卫生健康局.pdf",
    )
    assert [row[7] for row in rows[3:]] == [1, None, None]
    assert [row[9] for row in rows[3:]] == ["凤凰镇卫生院", None, None]
    assert (rows[5][10], rows[5][11]) == ("已接受，文件读不出来", None)


def test_what_is_missing_is_on_the_second_sheet(folders):
    sheet = load_workbook(BytesIO(folders.read("档案目录.xlsx")))["缺件清单"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows == [
        (1, "04 中医馆建设", "区卫生健康局", "缺凤凰镇卫生院的照片。"),
        (2, "24 中医馆建设", "区卫生健康局", "缺凤凰镇卫生院的照片。"),
    ]


def sheets_of(tmp_path, content) -> dict:
    write([content], tmp_path / "x.zip", Shape.ZIP)
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        return {sheet.title: sheet for sheet in load_workbook(BytesIO(opened.read("档案目录.xlsx")))}


def test_what_does_not_count_is_on_a_sheet_of_its_own(tmp_path):
    content = binder("24", not_counted=("资金文件：另有 1 份不计入。",), unbound=("现场：已由创建办认可。",))
    sheet = sheets_of(tmp_path, content)["另行说明"]
    assert [row[2:] for row in sheet.iter_rows(min_row=3, values_only=True)] == [
        ("不计入的材料", "资金文件：另有 1 份不计入。"),
        ("已认可、没有材料的要求", "现场：已由创建办认可。"),
    ]


def test_for_inspectors_there_is_no_sheet_of_what_is_missing(tmp_path):
    assert list(sheets_of(tmp_path, binder("24", missing=(), tells_missing=False))) == ["档案目录"]


def test_hundreds_of_names_go_on_in_further_rows_that_are_high_enough(tmp_path):
    names = [f"第{n}村卫生室" for n in range(1, 301)]
    sheet = sheets_of(tmp_path, binder("24", missing=(f"照片：缺 300 家机构：{'、'.join(names)}。",)))["缺件清单"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert [row[0] for row in rows] == [1] + [None] * (len(rows) - 1)
    assert "".join(row[3] for row in rows).removeprefix("照片：缺 300 家机构：") == "、".join(names) + "。"
    # a Chinese character takes two columns of 84, a line 14 points
    needed = [len(row[3].encode("gbk")) / 84 * 14 for row in rows]
    given = [sheet.row_dimensions[number].height for number in range(3, 3 + len(rows))]
    assert all(low <= high <= 409 for low, high in zip(needed, given, strict=True))


def test_nothing_in_the_list_is_run_as_a_formula(tmp_path):
    write([binder("24", piece("24-01", b"x", "docx", title="=1+1"))], tmp_path / "x.zip", Shape.ZIP)
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        cell = load_workbook(BytesIO(opened.read("档案目录.xlsx")))["档案目录"]["D3"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


@pytest.mark.parametrize(
    "title",
    ['a/b\\c:d*e?f"g<h>i|j', "..", "很" * 200, "x" * 300, "尾.  ", "换\n行\t\u202e", "😀" * 90, "CON", "a" * 94 + "."],
)
def test_every_system_takes_the_names(tmp_path, title):
    content = binder("24", piece("24-01", b"x", "docx", title=title), item_title=title)
    write([content], tmp_path / "x.zip", Shape.ZIP)
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        names = opened.namelist()
        opened.extractall(tmp_path / "out")
    assert len(names) == len(set(names)) == 3
    for part in (part for name in names for part in name.split("/")):
        assert not FORBIDDEN.search(part)
        assert 0 < len(part) <= 100
        assert len(part.encode()) <= 255
        assert part == part.rstrip(" .")
    assert max(map(len, names)) < 180
    assert all(name.count("/") <= 1 and ".." not in name.split("/") for name in names)


def test_names_end_as_the_content_asks_for_whatever_the_upload_was_called():
    assert names_of(piece("24-01", b"", "pdf", file_name="照片.exe", issuer="")) == ["24-01_材料24-01.pdf"]


def names_of(*pieces) -> list[str]:
    return piece_names(binder("24", *pieces))


def test_what_the_title_says_already_is_not_said_again():
    centre = {"title": "东岭镇卫生院中医馆照片", "institution": "东岭镇卫生院", "issuer": "东岭镇卫生院"}
    assert names_of(piece("24-01", b"", "jpg", **centre)) == ["24-01_东岭镇卫生院中医馆照片.jpg"]
    same = {"title": "照片", "institution": "东岭镇卫生院", "issuer": "东岭镇卫生院"}
    assert names_of(piece("24-01", b"", "jpg", **same)) == ["24-01_照片_东岭镇卫生院.jpg"]


def test_pieces_without_a_number_do_not_overwrite_each_other(tmp_path):
    pieces = [piece("24-待编", word.encode(), "docx", title="A" if n else "a") for n, word in enumerate("xyz")]
    write([binder("24", *pieces)], tmp_path / "x.zip", Shape.ZIP)
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        names = opened.namelist()[:3]
        assert [opened.read(name) for name in names] == [b"x", b"y", b"z"]
    assert [name.partition("/")[2] for name in names] == [
        "24-待编_a_区卫生健康局.docx",
        "24-待编_A_区卫生健康局(2).docx",
        "24-待编_A_区卫生健康局(3).docx",
    ]


def test_an_original_that_is_not_as_long_as_it_was_is_packed_and_said(tmp_path):
    whole = pdf("a")
    cut = piece("04-01", whole[:-20], size=len(whole), title="残缺的")
    written = write([binder("4", cut)], tmp_path / "x.zip", Shape.ZIP)
    assert written.notes == (f"04-01《残缺的》：{ALTERED}",)

"""What is not taken: each refusal names the file and says how to mend it, and no file takes memory or time with it."""

import struct
import time

import pytest

from assessments.files import kinds
from assessments.files.kinds import kind_of
from assessments.files.refusals import BadFile
from tests import hostile_files as make

MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
JAR = make.archive({"META-INF/MANIFEST.MF": "", "Evil.class": b"\xca\xfe\xba\xbe"})
PAGE = "网页"
PROGRAM = "可执行程序"
BROKEN = "损坏"
BEHIND = "后面接着一个压缩包"
OUTSIDE = "文件之外的路径"


@pytest.fixture
def refusal(tmp_path):
    def of(content: bytes, name: str = "材料.pdf") -> str:
        path = tmp_path / "stored"
        path.write_bytes(content)
        with pytest.raises(BadFile) as error:
            kind_of(path, name)
        sentence = str(error.value)
        assert sentence.startswith("“")
        assert sentence.endswith("。")
        assert "请" in sentence, "says how to mend it"
        return sentence

    return of


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (b"", "空.pdf", "0 字节"),
        (make.HTML, "网页.pdf", PAGE),
        (make.HTML, "网页.jpg", PAGE),
        ("<html>".encode("utf-16"), "网页.docx", PAGE),
        (b"\xef\xbb\xbf\n  <!-- x --><HTML>", "表.xls", PAGE),
        (make.SVG, "图.png", "SVG"),
        (b"<svg onload=alert(1)>", "图.jpg", "SVG"),
        (b"<?php system($_GET[0]);", "图.jpg", "脚本程序"),
        (b"#!/bin/sh\nrm -rf /\n", "总结.pdf", "脚本程序"),
        (b"@echo off\r\nformat c:", "总结.pdf", "脚本程序"),
        (b"MZ\x90\0" + bytes(200), "总结.pdf", PROGRAM),
        (b"\x7fELF" + bytes(200), "总结.docx", PROGRAM),
        (b"\xca\xfe\xba\xbe" + bytes(200), "总结.docx", PROGRAM),
        (b"{\\rtf1 x}", "总结.doc", "RTF"),
        ("只有文字".encode(), "总结.doc", "纯文本"),
        (b"Rar!\x1a\x07\x00", "材料.pdf", "压缩包"),
        (b"\0\0\0\x18ftypheic" + bytes(99), "IMG_0001.jpg", "HEIC"),
        (b"\0\0\0\x18ftypmp42" + bytes(99), "IMG_0001.jpg", "视频"),
        (bytes(5000), "总结.pdf", "不是可以接收的文件"),
    ],
)
def test_what_is_no_document_is_refused_under_any_name(refusal, content, name, word):
    sentence = refusal(content, name)
    assert word in sentence
    assert f"“{name}”" in sentence


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.exe", "总结.pdf.js", "a.XLSM", "a.lnk"])
def test_a_name_that_a_computer_would_run_is_refused_whatever_is_inside(refusal, name):
    assert "扩展名" in refusal(make.pdf(), name)


# ---- PDF -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (make.pdf(password="geheim"), "打开密码"),
        (make.pdf("1", "2")[:-400], "不完整"),
        (b"%PDF-1.7\n" + bytes(4000) + b"\n%%EOF", BROKEN),
        (b"\n" + make.pdf(), "在 PDF 内容之前"),
        (make.HTML + make.pdf(), PAGE),
        (b"%PDF-1.4 <script>alert(1)</script>\n" + make.pdf(), "网页代码"),
        (make.pdf() + make.HTML, "网页代码"),
        (make.pdf() + make.office("docx"), BEHIND),
        (make.pdf() + make.archive({"a": b"x" * 70_000}, comment=b"%%EOF"), BEHIND),
        (make.pdf() + b"Rar!\x1a\x07\x00rest", BEHIND),
        (make.pdf_of_blanks(2 << 30), BROKEN),
    ],
)
def test_a_pdf_that_does_not_open_or_is_two_things_is_refused(refusal, content, word):
    assert word in refusal(content)


def test_a_pdf_of_nothing_is_refused(refusal):
    def empty(document):
        del document.pages[0]

    assert "一页也没有" in refusal(make.pdf_with(empty))


# ---- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (make.picture("JPEG", (900, 900))[:2000], BROKEN),
        (make.picture("PNG", (900, 900))[:-200], BROKEN),
        (make.picture("GIF", (900, 900), mode="P")[:300], BROKEN),
        (make.picture("WEBP", (900, 900))[:-200], BROKEN),
        (make.picture("TIFF", (900, 900))[:-200], BROKEN),
        (make.picture("BMP", (90, 90))[:-200], BROKEN),
        (b"\xff\xd8\xff\xe0" + make.HTML, BROKEN),
        (make.huge_png(100_000, 100_000), "万像素"),
        (make.picture("JPEG") + make.HTML, "网页代码"),
        (make.picture("JPEG", comment=make.HTML), "网页代码"),
        (make.picture("PNG") + b"<?php system(1); ?>", "网页代码"),
        (make.picture("GIF", mode="P") + JAR, BEHIND),
        (make.picture("GIF", mode="P", size=(9, 9)) + make.pdf(), "夹带了 PDF"),
        (make.picture("JPEG") + make.archive({"a": b"x"}), BEHIND),
        (make.picture("PNG") + b"7z\xbc\xaf\x27\x1c" + bytes(99), BEHIND),
    ],
)
def test_a_picture_that_is_not_whole_or_two_things_is_refused(refusal, content, word):
    assert word in refusal(content, "照片.jpg")


def test_what_phones_put_behind_a_photo_is_no_matter(tmp_path):
    path = tmp_path / "stored"
    path.write_bytes(make.picture("JPEG") + b"\0\0\0\x18ftypmp42" + bytes(90_000) + b"PK\x05\x06 by chance")
    assert kind_of(path, "IMG_0001.jpg").extension == "jpg"


# ---- Office ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (make.archive({"a.txt": "x"}), "压缩包"),
        (JAR, "压缩包"),
        (make.archive({"mimetype": "application/vnd.oasis.opendocument.text"}), "OpenDocument"),
        (make.archive({"OFD.xml": "<other/>"}), "压缩包"),
        (make.archive({"[Content_Types].xml": "<Types/>"}), "压缩包"),
        (make.office("docx", {"word/vbaProject.bin": b"x"}), "宏"),
        (make.office("docx", main_type=MACROS), "宏"),
        (make.office("xlsx", {"xl/macrosheets/sheet1.xml": "<x/>"}), "宏"),
        (make.office("xlsx", main_type="application/vnd.ms-excel.sheet.binary.macroEnabled.main"), "宏"),
        (make.office("docx", {"../../etc/cron.d/x": "x"}), OUTSIDE),
        (make.office("docx", {"word\\..\\..\\x": "x"}), OUTSIDE),
        (make.office("docx", {"/etc/passwd": "x"}), OUTSIDE),
        (make.office("docx", {"C:/x": "x"}), OUTSIDE),
        (make.office("docx", {"word/embeddings/a.exe": b"MZ"}), "程序"),
        (make.office("docx", {"Evil.class": b"x", "META-INF/MANIFEST.MF": ""}), "程序"),
        (make.office("docx")[:-30], BROKEN),
        (make.office("docx").replace(b"word/document.xml", b"word/document.xml\xff", 1), BROKEN),
        (make.zip_bomb(80 << 20), "大得不正常"),
        (make.zip_bomb(80 << 20, stated=1000), "大得不正常"),
        (make.office("docx", {f"{i}": "" for i in range(10_001)}), "多得不正常"),
    ],
)
def test_an_archive_that_is_no_plain_office_file_is_refused(refusal, content, word):
    assert word in refusal(content, "方案.docx")


@pytest.mark.parametrize("stated", [len(make.HTML), 0])
def test_what_stands_behind_an_archive_is_looked_at(refusal, stated):
    content = make.office("docx")[:-2] + struct.pack("<H", stated) + make.HTML
    assert "网页代码" in refusal(content, "方案.docx")


def test_an_office_file_that_is_a_pdf_too_is_refused(refusal):
    assert "夹带了 PDF" in refusal(make.stored_first(make.pdf()), "方案.docx")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (make.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "打开密码"),
        (make.ole({"WordDocument": bytes(10) + b"\0\x01"}), "打开密码"),
        (make.ole({"PowerPoint Document": b"", "EncryptedSummary": b""}), "打开密码"),
        (make.ole({"WordDocument": b""}, storages=("Macros",)), "宏"),
        (make.ole({"Workbook": b""}, storages=("_VBA_PROJECT_CUR",)), "宏"),
        (make.ole({"Workbook": make.record(0x809) + make.record(0x85, bytes(5) + b"\x01x")}), "宏"),
        (make.ole({"CONTENTS": b"MS Works"}), "不是 Word"),
        (make.ole({"__nameid_version1.0": b"a mail"}), "不是 Word"),
        (make.ole({"WordDocument": bytes(9000)})[:-3000], BROKEN),
        (make.ole({"WordDocument": b""})[:600], BROKEN),
    ],
)
def test_an_older_office_file_is_looked_into_by_its_streams(refusal, content, word):
    assert word in refusal(content, "方案.doc")


# ---- what costs memory or time ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [b"", b"%PDF-1.7\n", b"PK\x03\x04", make.picture("PNG")[:200], make.ole({"x": b""})])
def test_two_gigabytes_of_nothing_are_refused_at_once(tmp_path, head):
    path = tmp_path / "stored"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(2 << 30)
    began = time.monotonic()
    with pytest.raises(BadFile):
        kind_of(path, "材料.pdf")
    assert time.monotonic() - began < 10


def test_a_file_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(kinds, "INSPECT_SECONDS", 0.01)
    path = tmp_path / "stored"
    path.write_bytes(make.pdf())
    with pytest.raises(BadFile, match="没能检查完"):
        kind_of(path, "材料.pdf")


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "长" * 251 + ".pdf", "👨‍👩‍👧.pdf", "‮fdp.exe", ""])
def test_a_strange_name_is_named_cleanly(refusal, name):
    sentence = refusal(b"", name)
    assert "/" not in sentence.split("”")[0]
    assert len(sentence.split("”")[0]) <= 121
    assert "\u202e" not in sentence

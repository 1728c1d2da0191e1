"""What is taken, and as what: by the content, whatever the name says."""

import hashlib

import pytest

from assessments.files.digest import sha256_of
from assessments.files.enums import FileKind
from assessments.files.kinds import kind_of
from tests import hostile_files as make

OFD = '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"/>'
WORD_STREAM = b"\xec\xa5" + bytes(510)


@pytest.fixture
def put(tmp_path):
    def write(content: bytes):
        path = tmp_path / "stored"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    ("content", "name", "kind", "extension", "pages"),
    [
        (make.pdf("1", "2", "3"), "总结.pdf", FileKind.PDF, "pdf", 3),
        (make.picture("JPEG"), "照片.JPEG", FileKind.PICTURE, "jpg", 1),
        (make.picture("JPEG", progressive=True), "照片.jpg", FileKind.PICTURE, "jpg", 1),
        (make.picture("JPEG", mode="CMYK"), "印刷.jpg", FileKind.PICTURE, "jpg", 1),
        (make.picture("PNG"), "截图.png", FileKind.PICTURE, "png", 1),
        (make.picture("GIF", mode="P"), "图.gif", FileKind.PICTURE, "gif", 1),
        (make.picture("BMP"), "图.bmp", FileKind.PICTURE, "bmp", 1),
        (make.picture("WEBP"), "图.webp", FileKind.PICTURE, "webp", 1),
        (make.picture("TIFF"), "扫描.tif", FileKind.PICTURE, "tif", 1),
        (make.office("docx"), "方案.docx", FileKind.WORD, "docx", None),
        (make.office("xlsx"), "台账.xlsx", FileKind.SHEET, "xlsx", None),
        (make.office("pptx"), "汇报.pptx", FileKind.SLIDES, "pptx", None),
        (make.archive({"OFD.xml": OFD, "Doc_0/Document.xml": "<x/>"}), "公文.ofd", FileKind.WORD, "ofd", None),
        (make.ole({"WordDocument": WORD_STREAM}), "方案.doc", FileKind.WORD, "doc", None),
        (make.ole({"WordDocument": WORD_STREAM}), "方案.wps", FileKind.WORD, "wps", None),
        (make.ole({"Workbook": make.record(0x809)}), "台账.xls", FileKind.SHEET, "xls", None),
        (make.ole({"Book": make.record(0x809)}), "台账.et", FileKind.SHEET, "et", None),
        (make.ole({"PowerPoint Document": b""}), "汇报.ppt", FileKind.SLIDES, "ppt", None),
        (make.ole({"PowerPoint Document": b""}), "汇报.dps", FileKind.SLIDES, "dps", None),
    ],
)
def test_the_content_says_what_it_is(put, content, name, kind, extension, pages):
    found = kind_of(put(content), name)
    assert (found.kind, found.extension, found.pages, found.notes) == (kind, extension, pages, ())
    assert "/" in found.mime


def test_all_pages_of_a_scan_are_counted(put):
    from PIL import Image

    more = [Image.new("L", (50, 70)) for _ in range(3)]
    assert kind_of(put(make.picture("TIFF", save_all=True, append_images=more)), "扫描.tiff").pages == 4


def test_names_within_an_archive_may_be_written_as_windows_does(put):
    types = f'<Types><Override PartName="/xl/workbook.xml" ContentType="{make.MAIN_TYPES["xlsx"]}"/></Types>'
    content = make.archive({"[content_types].xml": types, "xl\\workbook.xml": "<workbook/>"})
    assert kind_of(put(content), "台账.xlsx").extension == "xlsx"


@pytest.mark.parametrize(
    ("content", "name", "extension"),
    [
        (make.picture("JPEG"), "照片.png", "jpg"),
        (make.pdf(), "总结.docx", "pdf"),
        (make.office("xlsx"), "台账.xls", "xlsx"),
        (make.ole({"Workbook": b""}), "方案.wps", "xls"),
    ],
)
def test_a_name_that_says_something_else_gives_no_right_and_is_told(put, content, name, extension):
    found = kind_of(put(content), name)
    assert found.extension == extension
    assert found.notes == (f"名字写的是 .{name.split('.')[1]}，内容其实是 .{extension}，按 .{extension} 处理",)


def test_a_name_without_an_extension_says_nothing_else(put):
    assert kind_of(put(make.pdf()), "总结").notes == ()


@pytest.mark.parametrize(
    ("act", "word"), [(make.runs_javascript, "脚本"), (make.launches, "启动其他程序"), (make.carries_a_file, "附件")]
)
def test_a_pdf_that_acts_by_itself_is_taken_and_told(put, act, word):
    notes = kind_of(put(make.pdf_with(act)), "a.pdf").notes
    assert len(notes) == 1
    assert word in notes[0]


def test_names_in_a_pdf_cannot_hide_behind_their_codes(put):
    hidden = make.pdf_with(make.runs_javascript).replace(b"/JavaScript", b"/J#61vaScript")
    assert b"/J#61vaScript" in hidden
    assert "脚本" in kind_of(put(hidden), "a.pdf").notes[0]


def test_a_lock_that_may_be_none_is_told(put):
    sheets = make.record(0x809) + make.record(0x2F, bytes(6)) + make.record(0x0A)
    assert "加了密" in kind_of(put(make.ole({"Workbook": sheets})), "a.xls").notes[0]


def test_nothing_is_stripped(put):
    content = make.photo(orientation=6)
    path = put(content)
    kind_of(path, "照片.jpg")
    assert path.read_bytes() == content


def test_the_digest_is_that_of_the_whole_file(put):
    content = b"x" * 3_000_000
    assert sha256_of(put(content)) == hashlib.sha256(content).hexdigest()


def test_what_a_pdf_only_writes_about_is_not_told(put):
    def links(document):
        to = make.Dictionary(S=make.Name.URI, URI="https://example.cn/JS/(1)/EF <a>")
        document.Root.OpenAction = to

    assert kind_of(put(make.pdf_with(links)), "a.pdf").notes == ()

"""A file becomes rows, or a clear sentence: never a traceback, never the server's memory."""

import io
import re
import resource
import struct
import time
import zipfile
import zlib
from datetime import date
from datetime import time as clock

import pytest
from openpyxl import load_workbook

from institutions.ledger.workbook import LedgerUnreadable, open_ledger, read_workbook
from tests.ledgers import REAL_LEDGER, ods, sheet, xls, xlsx

TABLE = sheet("台账", ["机构编码", "总诊疗人次"], ["T1", 5], ["T2", 16.1], ["", ""], ["", "合计"])


def refusal(data: bytes) -> str:
    with pytest.raises(LedgerUnreadable) as caught:
        read_workbook(data)
    assert str(caught.value).endswith("。")
    return caught.value.code


def outcome(data: bytes) -> str:
    """ "read", or why not."""
    try:
        read_workbook(data)
    except LedgerUnreadable as refused:
        return refused.code
    return "read"


def with_entry(data: bytes, name: str, content: bytes) -> bytes:
    """A workbook with one file of its archive replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == name else old.read(entry))
    return stream.getvalue()


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_each_kind_of_workbook_gives_the_same_rows(write):
    (read,) = read_workbook(write(TABLE))
    assert (read.name, read.hidden) == ("台账", False)
    assert read.rows == TABLE.rows


def test_cells_stay_in_their_place_when_rows_and_columns_before_them_are_empty():
    (read,) = read_workbook(xlsx(sheet("甲"), change=lambda book: book["甲"].__setitem__("C3", 7)))
    assert read.rows == [["", "", ""], ["", "", ""], ["", "", 7.0]]


def test_merged_cells_and_hidden_sheets_are_told():
    merged = sheet("甲", ["标题", ""], ["a", "b"], merges=[((0, 0), (0, 1))])
    first, second = read_workbook(xlsx(merged, sheet("乙", ["x"], hidden=True)))
    assert first.merges == [((0, 0), (0, 1))]
    assert (first.hidden, second.hidden) == (False, True)


def test_what_is_neither_number_nor_text_is_marked():
    def change(book):
        page = book.create_sheet("甲")
        page["A1"] = "#N/A"
        page["A1"].data_type = "e"
        page["B1"] = "=1+1"
        page["C1"] = 0.18
        page["C1"].number_format = "0.0%"
        page["D1"] = date(2023, 1, 5)
        page["E1"] = clock(3, 4)
        page["F1"] = True

    (read,) = read_workbook(xlsx(change=change))
    expected = [
        ("error", "#N/A"),
        ("formula", ""),
        ("percent", 0.18),
        ("date", "2023-01-05"),
        ("time", "03:04:00"),
        True,
    ]
    assert read.rows == [expected]


def test_an_error_and_a_percentage_are_marked_in_xls_too():
    import xlwt

    book = xlwt.Workbook()
    page = book.add_sheet("甲")
    page.row(1).set_cell_error(2, "#N/A!")
    page.write(1, 0, 0.18, xlwt.easyxf(num_format_str="0%"))
    page.write(2, 0, 5)
    page.write(2, 1, 6, xlwt.easyxf(num_format_str="0.00%"))
    stream = io.BytesIO()
    book.save(stream)
    (read,) = read_workbook(stream.getvalue())
    assert read.rows[1:] == [[("percent", 0.18), "", ("error", "#N/A")], [5.0, ("percent", 6.0), ""]]


def test_an_error_and_a_percentage_are_marked_in_ods_too():
    error = '<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#N/A</text:p>'
    percent = '<table:table-cell office:value-type="percentage" office:value="0.18"/>'
    wide = '<table:table-cell table:number-columns-repeated="2"/>'
    cells = {"错": f"{error}</table:table-cell>", "率": percent, "空": wide}
    (read,) = read_workbook(ods(sheet("甲", ["a", "b", "c", "d"], ["空", "错", "率"]), raw_cells=cells))
    assert read.rows[1] == ["", "", ("error", "#N/A"), ("percent", 0.18)]


def test_a_formula_with_an_empty_text_as_its_result_is_a_blank():
    data = xlsx(sheet("甲", ["a", "留"]))
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    formula = b'<c r="C1" t="str"><f>IF(A1="","",A1)</f><v></v></c></row>'
    (read,) = read_workbook(with_entry(data, "xl/worksheets/sheet1.xml", xml.replace(b"</row>", formula, 1)))
    assert [cell for cell in read.rows[0] if cell] == ["a", "留"]


def test_a_file_is_taken_from_bytes_a_path_or_an_upload():
    by_path = open_ledger(REAL_LEDGER)
    with REAL_LEDGER.open("rb") as file:
        by_file = open_ledger(file)
    by_bytes = open_ledger(REAL_LEDGER.read_bytes(), "ledger-2023.xlsx")
    assert by_path == by_file == by_bytes
    assert [s.name for s in by_path.sheets][:2] == ["机构名录", "县级医疗机构"]
    assert len(by_path.sha256) == 64


HOSTILE = {
    "empty": b"",
    "program": b"MZ\x90\x00" + bytes(500),
    "web_page": "<html><table><tr><td>机构编码".encode(),
    "text": "机构编码,总诊疗人次\r\nT1,5\r\n".encode("gb18030"),
    "not_a_workbook": b"%PDF-1.7\n" + bytes(range(256)),
    "damaged": b"PK\x03\x04" + b"a" * 400,
}


@pytest.mark.parametrize("code", HOSTILE)
def test_what_is_no_workbook_is_told_by_its_content(code):
    assert refusal(HOSTILE[code]) == code


def test_half_a_workbook_is_damaged():
    data = xlsx(TABLE)
    assert refusal(data[: len(data) // 2]) == "damaged"
    assert refusal(xls(TABLE)[:3000]) == "damaged"
    assert refusal(xls(TABLE)[:300]) == "damaged"


def test_a_workbook_whose_sheet_is_no_xml_is_damaged():
    assert refusal(with_entry(xlsx(TABLE), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c")) == "damaged"
    assert refusal(with_entry(xlsx(TABLE), "xl/workbook.xml", b"\x00\x01")) == "damaged"


def test_a_flipped_byte_in_the_packed_data_never_gives_a_traceback():
    data = bytearray(xlsx(TABLE))
    for position in range(60, len(data), len(data) // 12):
        broken = bytes(data[:position]) + bytes([data[position] ^ 0xFF]) + bytes(data[position + 1 :])
        assert outcome(broken) in ("read", "damaged", "not_a_workbook", "encrypted", "too_large_unpacked")


def test_a_word_document_is_no_workbook():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    assert refusal(stream.getvalue()) == "not_a_workbook"


def test_encrypted_workbooks_of_each_kind_are_told():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
    assert refusal(ole + "EncryptedPackage".encode("utf-16-le") + bytes(1000)) == "encrypted"
    old = xls(TABLE)
    assert refusal(old.replace(struct.pack("<HH", 0xE1, 2), struct.pack("<HH", 0x2F, 2), 1)) == "encrypted"
    manifest = io.BytesIO()
    with zipfile.ZipFile(manifest, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "scrambled")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert refusal(manifest.getvalue()) == "encrypted"


def bomb(size: int, *, honest: bool) -> bytes:
    """A workbook whose only sheet unpacks to `size` bytes; its directory may say something else."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join([packer.compress(b"<row></row>" * 100_000) for _ in range(size // 1_100_000)] + [packer.flush()])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"")
    data = stream.getvalue()
    # put the packed data in place of the empty entry, and its sizes into both headers
    name = b"xl/worksheets/sheet1.xml"
    local, central = data.index(name), data.rindex(name)
    empty = data[local + len(name) : data.index(b"PK\x01\x02")]
    sizes = struct.pack("<II", len(packed), size if honest else 1000)
    data = data[: central - 26] + sizes + data[central - 18 :]
    data = (
        data[: local - 12]
        + sizes
        + data[local - 4 : local + len(name)]
        + packed
        + data[local + len(name) + len(empty) :]
    )
    grown = len(packed) - len(empty)
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack("<I", data[end + 16 : end + 20])[0] + grown
    return data[: end + 16] + struct.pack("<I", start) + data[end + 20 :]


@pytest.mark.parametrize("honest", [True, False])
def test_a_zip_bomb_is_refused_even_where_its_directory_lies(honest):
    data = bomb(200_000_000, honest=honest)
    assert len(data) < 2_000_000
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    start = time.monotonic()
    assert refusal(data) == "too_large_unpacked"
    assert time.monotonic() - start < 10
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - before < 300_000  # kilobytes


def test_a_file_over_the_limit_is_not_even_opened(settings):
    settings.LEDGER_MAX_BYTES = 1000
    assert refusal(xlsx(TABLE)) == "too_big"
    with pytest.raises(LedgerUnreadable, match="超过"):
        open_ledger(REAL_LEDGER)


@pytest.mark.parametrize("cells", [["XFD1048576"], ["A1", "XFD1048576"], ["A1", "A1048576"]])
def test_a_stray_cell_far_away_is_named_or_at_least_stopped(cells):
    def change(book):
        for cell in cells:
            book["甲"][cell] = 1

    data = xlsx(sheet("甲"), change=change)
    with pytest.raises(LedgerUnreadable) as caught:
        read_workbook(data)
    assert caught.value.code in ("too_far", "too_large_unpacked")
    if caught.value.code == "too_far":
        assert f"甲!{cells[-1]}" in str(caught.value)


def test_an_ods_that_repeats_one_cell_a_million_times_is_stopped():
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    data = ods(sheet("甲", ["胀"]), raw_cells={"胀": cell})
    content = zipfile.ZipFile(io.BytesIO(data)).read("content.xml")
    many = content.replace(b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">')
    assert refusal(with_entry(data, "content.xml", many)) in ("too_far", "too_large_unpacked", "damaged")


def test_entities_that_blow_up_and_deep_nesting_stay_bounded():
    data = xlsx(TABLE)
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    strings = b"<sst><si><t>" + b"&b;" * 1000 + b"</t></si></sst>"
    for hostile in (
        laughs + strings,
        b"<sst>" + b"<si>" * 1_000_000,
        b"<sst>" + b"<si><t>x</t></si>" * 1_000_000 + b"</sst>",
    ):
        assert outcome(with_entry(data, "xl/sharedStrings.xml", hostile)) in ("read", "damaged", "too_large_unpacked")


def test_the_real_ledger_opens_in_openpyxl_too():
    assert load_workbook(REAL_LEDGER, read_only=True).sheetnames == [s.name for s in open_ledger(REAL_LEDGER).sheets]


@pytest.mark.parametrize(("far", "lost"), [("A1048576", "A1048576"), ("XFD1", "XFD1")])
def test_a_forgotten_cell_far_away_is_named_with_its_sheet(far, lost):
    def change(book):
        book["名录"][far] = "x"

    with pytest.raises(LedgerUnreadable) as caught:
        read_workbook(xlsx(sheet("首页", ["x"]), sheet("名录", *[["机构编码", "机构名称"]] * 2000), change=change))
    assert caught.value.code == "too_far"
    assert f"名录!{lost}" in str(caught.value)


@pytest.mark.parametrize("statement", [b"", b'<dimension ref="A1:XFD1048576"/>'])
def test_a_sheets_own_statement_of_its_size_is_not_believed(statement):
    """Some programs state the whole sheet, or nothing; a far cell that only has a format is none."""
    data = xlsx(sheet("甲", ["机构编码", "机构名称"]))
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    xml = re.sub(rb"<dimension[^>]*>", statement, xml)
    xml = xml.replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>')
    (read,) = read_workbook(with_entry(data, "xl/worksheets/sheet1.xml", xml))
    assert read.rows == [["机构编码", "机构名称"]]


def test_more_sheets_than_any_ledger_has_are_refused():
    with pytest.raises(LedgerUnreadable) as caught:
        read_workbook(xlsx(*(sheet(f"表{n}", ["x"]) for n in range(101))))
    assert caught.value.code == "too_many_sheets"
    assert "超过 100 张" in str(caught.value)

"""The door of the ledger's import: hostile files, odd names, and who may come in."""

import uuid
import zipfile
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from institutions.models import LedgerUpload
from tests.ledgers import make_county, registry, sheet, xls, xlsx
from tests.wizard import BOTH, FIGURES, HEAD, confirm, member, open_round, page_of, send, start_of, text_of, upload


@pytest.fixture
def county(db):
    found = make_county()
    open_round(found)
    return found


@pytest.fixture
def office(county):
    return member(county, "office")


def zip_bomb() -> bytes:
    """200 MB of blanks in a few hundred kB."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as entry:
            for _ in range(200):
                entry.write(b" " * 1024 * 1024)
    return file.getvalue()


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("台账.xlsx", lambda: b"MZ" + bytes(4096), "可执行程序"),
        ("台账.xlsx", zip_bomb, "展开后的内容过大"),
        ("台账.xlsx", encrypted, "打开密码"),
        ("台账.xlsx", lambda: b"", "文件是空的"),
        ("台账.xlsx", lambda: xlsx(BOTH)[:800], "已损坏"),
        ("台账.xls", lambda: xls(BOTH)[:2000], "已损坏"),
        ("台账.csv", lambda: "机构编码,床位\nT1,3\n".encode("gb18030"), "纯文本"),
        ("台账.xls", lambda: b"<html><table></table></html>", "网页"),
        ("台账.xlsx", lambda: bytes(settings.LEDGER_MAX_BYTES + 1), "超过 30 MB"),
    ],
    ids=["exe", "bomb", "encrypted", "empty", "cut", "cut-xls", "csv", "html", "large"],
)
def test_a_file_that_is_no_ledger_is_refused_in_place_and_not_kept(office, county, name, content, sentence):
    before = default_storage.listdir("ledgers")[1] if default_storage.exists("ledgers") else []
    answer = send(office, county, content(), name)
    assert sentence in text_of(answer)
    assert 'role="alert"' in answer.content.decode()
    assert not LedgerUpload.objects.exists()
    assert (default_storage.listdir("ledgers")[1] if default_storage.exists("ledgers") else []) == before


def test_no_file_and_no_period_are_asked_for(office, county):
    words = text_of(office.post(start_of(county), {"period": ""}))
    assert "请选择文件" in words
    assert "请填写填报期" in words


@pytest.mark.parametrize("period", ["去年", "2023-13", "1999", "2023Q5", "2023\x00", "<b>", "9" * 300])
def test_a_period_that_is_none_is_refused_with_how_to_write_it(office, county, period):
    answer = send(office, county, xlsx(BOTH), period=period)
    assert "写法不对" in text_of(answer) or "空字符" in text_of(answer)
    assert not LedgerUpload.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/台账.xlsx", "台账.xlsx"),
        ("..\\..\\台账.xlsx", "台账.xlsx"),
        ("台账😀🏥.xlsx", "台账😀🏥.xlsx"),
        ("<script>alert(1)</script>.xlsx", "script>.xlsx"),
        ("长" * 300 + ".xlsx", "长" * 250 + ".xlsx"),
        ("没有扩展名", "没有扩展名"),
    ],
)
def test_whatever_a_file_is_called_it_lies_under_a_name_of_our_own(office, county, name, kept):
    up = upload(office, county, BOTH, FIGURES, name=name)
    assert up.file_name == kept
    assert up.file.name == f"ledgers/{up.pk}"
    assert "<script>" not in office.get(page_of(up, "check")).content.decode().partition("<main")[2]
    confirm(office, up)
    assert up.period in office.get(page_of(up, "result")).content.decode()


def test_cells_are_shown_as_text(office, county):
    evil = sheet("<b>表", ["机构编码", "总诊疗人次", "<i>栏</i>"], ["T1", "<img src=x onerror=1>", "<u>"])
    up = upload(office, county, BOTH, evil)
    for page in ("columns", "check"):
        body = office.get(page_of(up, page)).content.decode()
        assert not any(tag in body for tag in ("<b>表", "<i>栏", "<img", "<u>"))


def test_leadership_is_told_that_it_may_not_and_strangers_find_nothing(office, county):
    up = upload(office, county, BOTH, FIGURES)
    leader = member(county, "leader", "leadership")
    stranger = member(make_county("Y", "别县"), "stranger")
    pages = [page_of(up, name) for name in ("result", "columns", "check", "write", "progress")]
    for url in [start_of(county), *pages]:
        assert leader.get(url).status_code == 403
        assert stranger.get(url).status_code == 404
    for url in (page_of(up, "write"), page_of(up, "drop"), page_of(up, "columns"), start_of(county)):
        assert leader.post(url).status_code == 403
        assert stranger.post(url).status_code == 404
    assert LedgerUpload.objects.get().written_at is None


def test_an_upload_is_not_found_under_another_county_or_a_guessed_number(office, county):
    up = upload(office, county, BOTH, FIGURES)
    other = make_county("Y", "别县")
    stranger = member(other, "stranger")
    for number in (up.pk, uuid.uuid4()):
        for client, code in ((stranger, "Y"), (office, "Y")):
            url = reverse("institutions:import-check", kwargs={"county": code, "upload": number})
            assert client.get(url).status_code == 404
    guessed = reverse("institutions:import-check", kwargs={"county": county.code, "upload": uuid.uuid4()})
    assert office.get(guessed).status_code == 404


def test_a_colleague_goes_on_where_one_stopped(office, county):
    up = upload(office, county, BOTH, FIGURES)
    colleague = member(county, "colleague")
    assert "未写入" in text_of(colleague.get(start_of(county)))
    assert confirm(colleague, up).url == page_of(up, "result")
    assert "colleague" not in text_of(colleague.get(start_of(county))).partition("以往导入")[2]


def queries_of(client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("page", ["columns", "check", "write"])
def test_a_page_takes_the_same_number_of_queries_however_long_the_ledger(office, county, page):
    taken = []
    for count in (1, 60):
        rows = [(f"V{number}", f"第{number}村卫生室", "村卫生室", "是") for number in range(count)]
        figures = sheet("机构数据", [*HEAD, "不认识"], *([code, 1, 90, "x"] for code, *_ in rows))
        taken.append(queries_of(office, page_of(upload(office, county, registry(*rows), figures), page)))
    assert taken[0] == taken[1] <= 24


def test_the_first_page_takes_the_same_number_of_queries_however_often_one_imported(office, county):
    taken = []
    for count in (1, 3):
        for number in range(count):
            name = f"V{count}{number}"
            confirm(office, upload(office, county, registry((name, f"{name}卫生室", "村卫生室", "是"))))
        taken.append(queries_of(office, start_of(county)))
    assert taken[0] == taken[1] <= 14

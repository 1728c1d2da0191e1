"""Uploading without scripts: an ordinary form, back to its page with a sentence for each file."""

import shutil

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from assessments.models import Piece, Upload
from assessments.uploads.area import upload_area
from indicators.models import EvidenceRequirement
from tests.evidence_files import pdf_bytes
from tests.uploading import HERE, client_of, key, stored_parts
from tests.world import World, make_world

PAGE = "/c/A/small/2023/items/1/?show=all"


@pytest.fixture
def world(db) -> World:
    shutil.rmtree(settings.UPLOAD_DIR, ignore_errors=True)
    return make_world()


@pytest.fixture
def liaison(world):
    return client_of(world, "liaison")


def upload(client, *files, came_from: str = f"http://testserver{PAGE}", **more):
    data = {"requirement": key("1-1"), "institution": "", "replaces": "", "file": list(files)} | more
    return client.post(HERE, data, headers={"Referer": came_from})


def said(answer) -> list[tuple[str, str]]:
    return [(message.level_tag, str(message)) for message in get_messages(answer.wsgi_request)]


def file(content: bytes | None = None, name: str = "资金文件.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf_bytes() if content is None else content)


def test_files_are_taken_in_and_the_page_comes_back(liaison):
    answer = upload(liaison, file(), file(name="第二份.pdf"))
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    told = [sentence for level, sentence in said(answer) if level == "success"]
    assert told == ["“资金文件.pdf”已上传，待审核。", "“第二份.pdf”已上传，待审核。"]
    assert [piece.title for piece in Piece.objects.all()] == ["资金文件", "第二份"]
    assert stored_parts() == []


def test_one_that_is_refused_does_not_keep_the_others_back(liaison):
    answer = upload(liaison, file(b"MZ", "程序.pdf"), file(b"", "空.pdf"), file())
    assert [level for level, _ in said(answer)] == ["error", "error", "success", "warning"]
    assert "可执行程序" in said(answer)[0][1]
    assert "空文件" in said(answer)[1][1]
    assert Piece.objects.count() == 1


def test_the_same_file_again(liaison):
    content = pdf_bytes()
    upload(liaison, file(content))
    again = upload(liaison, file(content, "另一份.pdf"), requirement=key("1-2"))
    assert said(again)[-1] == (
        "warning",
        "“另一份.pdf”：与“资金文件”（第 1 条）是同一个文件，请核对是否传重。",
    )


def test_nothing_was_chosen(liaison):
    assert said(upload(liaison)) == [("error", "没有选择文件。请先选择文件，再点“上传”。")]


def test_too_much_is_refused_before_it_is_read(liaison, settings):
    settings.EVIDENCE_MAX_BYTES = 1000
    answer = upload(liaison, file(b"%PDF-" + b"x" * 1_100_000))
    assert "合计超过 1000 字节" in said(answer)[0][1]
    assert not Upload.objects.exists()


def test_a_full_disk_leaves_nothing_half_done(liaison, settings):
    settings.EVIDENCE_MIN_FREE_BYTES = 2**62
    assert "存储空间不足" in said(upload(liaison, file()))[0][1]
    assert (Upload.objects.count(), stored_parts()) == (0, [])


def test_a_scanner_that_is_away_leaves_nothing_half_done(liaison, settings, tmp_path):
    settings.CLAMD = f"unix://{tmp_path}/nobody.sock"
    assert said(upload(liaison, file()))[0][0] == "error"
    assert (Upload.objects.count(), Piece.objects.count(), stored_parts()) == (0, 0, [])


def test_a_form_that_came_from_elsewhere_leads_nowhere_else(liaison):
    strange = ("xyz", "?show=all", "http://testserver", "http://testserver//elsewhere.example/", "//[", "http://[x/")
    for came_from in ("http://elsewhere.example/page", "javascript:alert(1)", "", *strange):
        assert upload(liaison, file(), came_from=came_from)["Location"] == "/c/A/"


@pytest.mark.parametrize("wrong", [{"requirement": "abc"}, {"replaces": "x"}, {"institution": "\0"}])
def test_fields_that_no_page_of_ours_sends(liaison, wrong):
    answer = upload(liaison, file(), **wrong)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert said(answer) == [("error", "上传请求不完整，可能是页面已过时。请刷新页面后重新选择文件。")]
    assert not Upload.objects.exists()


def test_a_storage_that_is_away_leaves_nothing_half_done(liaison, settings, tmp_path):
    (tmp_path / "file").write_bytes(b"where the directory was")
    backend = settings.STORAGES["evidence"]["BACKEND"]
    away = {"evidence": {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "file"}}}
    settings.STORAGES = settings.STORAGES | away
    assert "存储暂时不能使用" in said(upload(liaison, file()))[0][1]
    assert (Upload.objects.count(), Piece.objects.count(), stored_parts()) == (0, 0, [])


def test_permission_is_asked_as_ever(world):
    assert upload(client_of(world, "leadership"), file()).status_code == 403
    assert upload(client_of(world, "clerk"), file()).status_code == 404


def test_the_component_is_a_form_by_itself(world):
    requirement = EvidenceRequirement.objects.get(code="1-1")
    html = render_to_string("evidence/_upload.html", {"target": upload_area(world.county, requirement=requirement)})
    assert f'action="{HERE}"' in html
    assert 'enctype="multipart/form-data"' in html
    assert 'type="submit"' in html
    assert " multiple" in html
    assert "不超过 200 MB" in html
    assert "onclick" not in html
    assert "style=" not in html

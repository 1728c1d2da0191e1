"""Uploads that are interrupted and go on: nothing is lost, nothing is taken twice, nothing runs ahead of the disk."""

import io
import shutil
from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.utils import timezone

from assessments.evidence.services import take_in
from assessments.evidence.storage import local_path
from assessments.models import Piece, Placement, Upload, Version
from assessments.uploads import metadata, parts, services
from assessments.uploads.access import upload_for
from assessments.uploads.outcome import outcome_of
from indicators.models import EvidenceRequirement, Item
from tcm_demo.audit.models import Event
from tests.evidence_files import pdf_bytes
from tests.uploading import (
    HERE,
    TUS,
    ask_again,
    begin,
    begun,
    client_of,
    offset,
    outcome,
    part,
    row,
    send,
    sentence,
    stored_parts,
    uploaded,
)
from tests.world import World, make_world


@pytest.fixture
def world(db) -> World:
    shutil.rmtree(settings.UPLOAD_DIR, ignore_errors=True)
    return make_world()


@pytest.fixture
def liaison(world):
    return client_of(world, "liaison")


# ---- the way through ----


def test_a_file_becomes_evidence_with_its_last_byte(world, liaison):
    content = pdf_bytes()
    answer = begin(liaison, len(content))
    assert (answer.status_code, answer["Tus-Resumable"]) == (201, "1.0.0")
    url = answer["Location"]
    assert outcome(liaison, url)["state"] == "receiving"
    head = liaison.head(url, headers=TUS)
    assert (head["Upload-Offset"], head["Upload-Length"], head["Cache-Control"]) == (
        "0",
        str(len(content)),
        "no-store, private",
    )
    assert metadata.parse(head["Upload-Metadata"]).file_name == "资金文件.pdf"
    answer = send(liaison, url, 0, content)
    assert (answer.status_code, answer["Upload-Offset"]) == (204, str(len(content)))
    piece = Piece.objects.get()
    told = outcome(liaison, url)
    assert (told["state"], told["sentence"], told["url"]) == ("taken", "已上传，待审核", f"/c/A/evidence/{piece.pk}/")
    placement = Placement.objects.get()
    assert (placement.piece, placement.requirement.code, placement.state) == (piece, "1-1", "uploaded")
    assert (piece.version.file_name, piece.version.uploaded_by) == ("资金文件.pdf", world.users["liaison"])
    assert stored_parts() == []
    assert Event.objects.filter(action="upload_evidence", actor=world.users["liaison"]).count() == 1


def test_what_the_protocol_offers(liaison):
    answer = liaison.options(HERE)
    assert (answer.status_code, answer["Tus-Version"], answer["Tus-Extension"]) == (
        204,
        "1.0.0",
        "creation,termination",
    )
    assert answer["Tus-Max-Size"] == str(settings.EVIDENCE_MAX_BYTES)


def test_gateways_that_let_only_post_pass(liaison):
    content = pdf_bytes()
    url = begun(liaison, len(content))
    headers = TUS | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    answer = liaison.post(url, content, content_type="application/offset+octet-stream", headers=headers)
    assert (answer.status_code, outcome(liaison, url)["state"]) == (204, "taken")
    other = begun(liaison, 10)
    assert liaison.post(other, headers=TUS | {"X-HTTP-Method-Override": "DELETE"}).status_code == 204
    assert not Upload.objects.filter(piece=None).exists()


def test_a_new_version_of_a_piece(world, liaison):
    uploaded(liaison, pdf_bytes())
    piece = Piece.objects.get()
    told = uploaded(liaison, pdf_bytes(), requirement="", replaces=piece.pk, name="新.pdf")
    assert (told["state"], told["sentence"]) == ("taken", "已更换为第 2 版，待审核")
    assert [version.file_name for version in piece.versions.all()] == ["资金文件.pdf", "新.pdf"]


def test_what_the_document_still_lacks_is_said(liaison):
    assert "填写文件日期" in uploaded(liaison, pdf_bytes())["notes"][0]
    EvidenceRequirement.objects.filter(code="1-2").update(year="any")
    assert uploaded(liaison, pdf_bytes(), requirement="1-2")["notes"] == []


def test_an_identity_number_in_the_name_is_pointed_out_at_once(liaison):
    told = uploaded(liaison, pdf_bytes(), name="身份证11010519491231002X.pdf")
    assert "文件名里像有身份证号：1101********002X" in told["notes"][0]
    assert Version.objects.get().notes == told["notes"][:1]


def test_the_same_file_is_pointed_out(world, liaison):
    content = pdf_bytes()
    assert uploaded(liaison, content)["twins"] == []
    told = uploaded(liaison, content, name="又一份.pdf", requirement="1-2")
    assert told["twins"] == ["与“资金文件”（第 1 条）是同一个文件，请核对是否传重。"]


def test_of_many_that_are_the_same_a_few_are_named(world, liaison, django_assert_num_queries):
    content = pdf_bytes()
    item = Item.objects.get(number="1", standard=world.standard)
    for number in range(5):
        asked = EvidenceRequirement.objects.create(
            item=item, code=f"1-{number + 5}", text="又一项", position=number + 5
        )
        url = begun(liaison, len(content), name=f"第{number}份.pdf", requirement=asked.code)
        send(liaison, url, 0, content)
    told = outcome(liaison, url)["twins"]
    assert [words[:6] for words in told] == ["与“第0份”", "与“第1份”", "与“第2份”", "本县（区）另"]
    upload = upload_for(world.users["liaison"], "A", row(url).pk)
    with django_assert_num_queries(6):
        outcome_of(upload, world.users["liaison"])


# ---- interrupted ----


def test_interrupted_at_every_boundary_it_goes_on(liaison):
    content = pdf_bytes()
    size = len(content)
    cuts = [0, 1, 2, size // 2, size // 2 + 1, size - 1, size]
    url = begun(liaison, size)
    for start, end in pairwise(cuts):
        assert offset(liaison, url) == start
        assert send(liaison, url, start, content[start:end]).status_code == 204
    assert outcome(liaison, url)["state"] == "taken"
    with local_path(Version.objects.get().file) as stored:
        assert stored.read_bytes() == content


def test_a_connection_that_breaks_keeps_what_came(liaison):
    content = pdf_bytes()
    url = begun(liaison, len(content))
    # says that all comes, and then less does
    broken = {"wsgi.input": io.BytesIO(content[:100]), "CONTENT_LENGTH": str(len(content))}
    answer = send(liaison, url, 0, b"", **broken)
    assert (answer.status_code, answer["Upload-Offset"]) == (204, "100")
    assert (offset(liaison, url), row(url).received) == (100, 100)
    send(liaison, url, 100, content[100:])
    assert outcome(liaison, url)["state"] == "taken"


def test_a_reader_that_fails_has_come_to_its_end(world, liaison):
    url = begun(liaison, 1000)
    pieces = iter([b"x" * 300])

    def read(size: int) -> bytes:
        try:
            return next(pieces)
        except StopIteration:
            raise ConnectionResetError from None

    assert services.append(row(url), 0, read, 1000) == 300
    assert offset(liaison, url) == 300


def test_after_a_crash_the_disk_decides(liaison):
    """More on the disk than on the row: it died before the row was written; less: the disk lost its last bytes."""
    content = pdf_bytes()
    url = begun(liaison, len(content))
    send(liaison, url, 0, content[:200])
    with part(url).open("ab") as file:
        file.write(content[200:250])
    assert offset(liaison, url) == 250
    with part(url).open("r+b") as file:
        file.truncate(120)
    assert offset(liaison, url) == 120
    part(url).unlink()
    assert offset(liaison, url) == 0
    send(liaison, url, 0, content)
    assert outcome(liaison, url)["state"] == "taken"


def test_who_lost_the_answer_is_told_the_same_again(liaison):
    content = pdf_bytes()
    url = begun(liaison, len(content))
    send(liaison, url, 0, content)
    told = outcome(liaison, url)
    assert offset(liaison, url) == len(content)
    assert ask_again(liaison, url, len(content)).status_code == 204
    assert outcome(liaison, url) == told
    assert Piece.objects.count() == 1
    answer = send(liaison, url, 0, content)
    assert (answer.status_code, "已经处理完毕" in sentence(answer)) == (409, True)
    assert stored_parts() == []


def test_a_file_that_nobody_looked_at_is_taken_when_asked_again(world, liaison):
    """The program died between the last byte and the piece."""
    content = pdf_bytes()
    url = begun(liaison, len(content))
    send(liaison, url, 0, content[:-1])
    with part(url).open("ab") as file:
        file.write(content[-1:])
    assert outcome(liaison, url)["state"] == "whole"
    assert ask_again(liaison, url, len(content)).status_code == 204
    assert outcome(liaison, url)["state"] == "taken"


def test_a_scanner_that_is_away_leaves_the_file_whole(liaison, settings, tmp_path):
    settings.CLAMD = f"unix://{tmp_path}/nobody.sock"
    content = pdf_bytes()
    url = begun(liaison, len(content))
    answer = send(liaison, url, 0, content)
    assert (answer.status_code, sentence(answer) != "") == (503, True)
    assert (outcome(liaison, url)["state"], Piece.objects.count()) == ("whole", 0)
    settings.CLAMD = ""
    assert ask_again(liaison, url, len(content)).status_code == 204
    assert outcome(liaison, url)["state"] == "taken"


def test_piece_and_upload_are_written_together_or_not_at_all(world, liaison, tmp_path):
    def fail(taken) -> None:
        raise RuntimeError("the program dies here")

    source = tmp_path / "arrival"
    source.write_bytes(pdf_bytes())
    with pytest.raises(RuntimeError):
        take_in(source, name="一.pdf", county=world.county, by=world.users["liaison"], then=fail)
    assert (Piece.objects.count(), Version.objects.count()) == (0, 0)


def test_what_is_no_document_is_refused_once_and_for_all(liaison):
    content = b"<html><script>alert(1)</script></html>"
    url = begun(liaison, len(content), name="总结.pdf")
    assert send(liaison, url, 0, content).status_code == 204
    told = outcome(liaison, url)
    assert (told["state"], "网页" in told["sentence"]) == ("refused", True)
    assert ask_again(liaison, url, len(content)).status_code == 204
    assert outcome(liaison, url) == told
    assert (stored_parts(), Piece.objects.count()) == ([], 0)


# ---- given up ----


def test_given_up_it_leaves_nothing(liaison):
    url = begun(liaison, 100)
    send(liaison, url, 0, b"x" * 10)
    assert liaison.delete(url, headers=TUS).status_code == 204
    assert (stored_parts(), Upload.objects.count()) == ([], 0)
    assert liaison.head(url, headers=TUS).status_code == 404


def test_what_is_evidence_cannot_be_given_up(liaison):
    content = pdf_bytes()
    url = begun(liaison, len(content))
    send(liaison, url, 0, content)
    assert liaison.delete(url, headers=TUS).status_code == 409
    assert Piece.objects.count() == 1


def test_what_nobody_goes_on_with_goes_after_three_days(liaison):
    left, going_on, held, stray = begun(liaison, 100), begun(liaison, 100), begun(liaison, 100), begun(liaison, 100)
    for url in (left, going_on, held, stray):
        send(liaison, url, 0, b"x" * 10)
    now = timezone.now()
    later = now + services.KEPT + timedelta(hours=1)
    Upload.objects.filter(pk=row(going_on).pk).update(touched_at=later)
    stray_part = part(stray)
    row(stray).delete()
    assert services.clear_abandoned(now) == 0
    with parts.held(row(held).pk):
        assert services.clear_abandoned(later) == 1
    assert sorted(stored_parts()) == sorted(str(row(url).pk) for url in (going_on, held))
    assert not stray_part.exists()
    assert services.clear_abandoned(later) == 1
    assert stored_parts() == [str(row(going_on).pk)]

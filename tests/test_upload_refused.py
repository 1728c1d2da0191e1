"""What uploads do not let in, two writers at once, a disk that is full."""

import base64
import errno
import multiprocessing
import re
import shutil
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.test import Client

from assessments.models import Upload
from assessments.uploads import parts
from assessments.uploads.turns import MOST, MOST_EACH, turns
from tests.evidence_files import pdf_bytes
from tests.uploading import (
    HERE,
    TUS,
    ask_again,
    begin,
    begun,
    client_of,
    key,
    offset,
    outcome,
    part,
    row,
    send,
    sentence,
    stored_parts,
)
from tests.world import World, make_world


@pytest.fixture
def world(db) -> World:
    shutil.rmtree(settings.UPLOAD_DIR, ignore_errors=True)
    return make_world()


@pytest.fixture
def liaison(world):
    return client_of(world, "liaison")


# ---- what is not let in ----


def test_bytes_that_do_not_follow(liaison):
    url = begun(liaison, 1000)
    send(liaison, url, 0, b"x" * 10)
    for wrong in (0, 9, 11, 1000):
        answer = send(liaison, url, wrong, b"y" * 5)
        assert (answer.status_code, "应从那里接着传" in sentence(answer)) == (409, True)
    assert part(url).read_bytes() == b"x" * 10


def test_more_than_the_file_was_said_to_have(liaison):
    url = begun(liaison, 1000)
    answer = send(liaison, url, 0, b"x" * 1001)
    assert (answer.status_code, "比文件本身长" in sentence(answer)) == (413, True)
    assert offset(liaison, url) == 0


def test_too_large_before_a_byte_is_sent(liaison):
    answer = begin(liaison, 2 * 1024**3, name="录像.pdf")
    assert answer.status_code == 413
    assert sentence(answer) == "“录像.pdf”有 2 GB，超过单个文件 200 MB 的上限。请压缩或拆分后再传。"
    assert not Upload.objects.exists()
    assert begin(liaison, settings.EVIDENCE_MAX_BYTES).status_code == 201


def test_an_empty_file(liaison):
    answer = begin(liaison, 0)
    assert (answer.status_code, "空文件" in sentence(answer)) == (400, True)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        (r"C:\报表\总结.pdf", "总结.pdf"),
        ("长" * 251 + ".pdf", "长" * 116 + ".pdf"),
        ("留念😀📄.pdf", "留念😀📄.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("", "未命名"),
    ],
)
def test_names(liaison, name, kept):
    url = begun(liaison, 10, name=name)
    assert row(url).file_name == kept
    send(liaison, url, 0, b"12345")
    assert stored_parts() == [str(row(url).pk)]
    assert part(url).stat().st_mode & 0o777 == 0o600


def left_alone(first: Upload, count: int, *, size: int = 1, for_hours: float = 0) -> None:
    """So many more of the same person's that are not finished."""
    Upload.objects.bulk_create(
        Upload(
            county=first.county,
            requirement=first.requirement,
            file_name="x",
            size=size,
            by=first.by,
            made_at=first.made_at,
            touched_at=first.touched_at - timedelta(hours=for_hours),
        )
        for _ in range(count)
    )


def test_not_more_than_two_hundred_at_a_time(world, liaison):
    left_alone(row(begun(liaison, 10)), 199)
    answer = begin(liaison, 10)
    assert (answer.status_code, "200 个" in sentence(answer)) == (429, True)
    assert begin(client_of(world, "office"), 10).status_code == 201


def test_what_one_person_may_still_send_is_bounded(world, liaison):
    most = settings.EVIDENCE_MAX_BYTES
    first = row(begun(liaison, 10))
    left_alone(first, 4, size=most)
    assert begin(liaison, most - 10).status_code == 201
    answer = begin(liaison, 10)
    assert (answer.status_code, sentence(answer)) == (
        429,
        "您有 6 个文件还没有传完，合计 1000 MB。请先传完或取消；中断 1 小时以上的会自动让位。",
    )
    assert begin(client_of(world, "office"), most).status_code == 201
    # what was received is not to come any more
    Upload.objects.filter(size=most).update(received=most - 1)
    assert begin(liaison, most).status_code == 201


def test_what_was_left_alone_for_an_hour_makes_way_and_no_more_of_it_than_has_to(liaison):
    most = settings.EVIDENCE_MAX_BYTES
    kept = begun(liaison, 10)
    send(liaison, kept, 0, b"x")
    left_alone(row(kept), 3, size=most, for_hours=0.5)
    left_alone(row(kept), 2, size=most, for_hours=2)
    assert begin(liaison, most).status_code == 201
    assert Upload.objects.filter(file_name="x").count() == 3
    assert (offset(liaison, kept), part(kept).read_bytes()) == (1, b"x")
    assert begin(liaison, most).status_code == 429


def test_one_that_somebody_goes_on_with_does_not_make_way(liaison):
    old = row(begun(liaison, settings.EVIDENCE_MAX_BYTES))
    left_alone(old, 4, size=settings.EVIDENCE_MAX_BYTES)
    Upload.objects.filter(pk=old.pk).update(touched_at=old.touched_at - timedelta(hours=2))
    with parts.held(old.pk):
        assert begin(liaison, 10).status_code == 429
    assert begin(liaison, 10).status_code == 201
    assert not Upload.objects.filter(pk=old.pk).exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Length": ""}, 400),
        ({"Upload-Length": "-5"}, 400),
        ({"Upload-Length": "９"}, 400),
        ({"Upload-Length": "1" * 30}, 400),
        ({"Upload-Metadata": "requirement x"}, 400),
        ({"Upload-Metadata": "requirement MTI=, filename /////w=="}, 400),
        ({"Upload-Metadata": "requirement LTE="}, 400),
        ({"Upload-Metadata": ""}, 404),
    ],
)
def test_requests_that_no_page_of_ours_sends(liaison, headers, status):
    coded = base64.b64encode(key("1-1").encode()).decode()
    good = TUS | {"Upload-Length": "10", "Upload-Metadata": f"requirement {coded}"}
    answer = liaison.generic("POST", HERE, headers=good | headers)
    assert (answer.status_code, sentence(answer)[-1]) == (status, "。")
    assert not Upload.objects.exists()


def test_parts_that_no_page_of_ours_sends(liaison):
    url = begun(liaison, 10)
    assert liaison.patch(url, b"12345", content_type="text/plain", headers=TUS).status_code == 415
    assert liaison.patch(url, b"12345", content_type="text/plain").status_code == 412
    assert send(liaison, url, "x", b"12345").status_code == 400
    assert send(liaison, url, 0, b"", CONTENT_LENGTH="").status_code == 411
    assert liaison.post(url, headers=TUS).status_code == 400
    assert liaison.put(url).status_code == 405
    assert offset(liaison, url) == 0


def test_the_token_of_the_page_is_needed(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["liaison"])
    assert begin(client, 10).status_code == 403
    assert client.post(HERE, {"requirement": "1"}).status_code == 403
    token = re.search(r'"X-CSRFToken": "(\w+)"', client.get("/notices/").content.decode())[1]
    client.defaults["HTTP_X_CSRFTOKEN"] = token
    content = pdf_bytes()
    url = begun(client, len(content))
    assert send(client, url, 0, content).status_code == 204
    assert client.post(HERE, {"requirement": key("1-1")}).status_code == 302


# ---- two at once ----


def test_a_second_writer_has_to_wait(liaison):
    content = pdf_bytes()
    url = begun(liaison, len(content))
    with parts.held(row(url).pk):
        answer = send(liaison, url, 0, content)
        assert (answer.status_code, "另一个连接" in sentence(answer)) == (423, True)
        assert liaison.delete(url, headers=TUS).status_code == 423
    assert send(liaison, url, 0, content).status_code == 204


def test_of_many_at_once_the_next_comes_again(world, liaison):
    content = pdf_bytes()
    url = begun(liaison, len(content))
    with ExitStack() as stack:
        for number in range(MOST):
            stack.enter_context(turns.taken(f"somebody {number}"))
        answer = send(liaison, url, 0, content)
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert sentence(answer) == "正在上传的人较多，稍后自动继续"
        assert offset(liaison, url) == 0
    assert send(liaison, url, 0, content).status_code == 204


def test_one_person_does_not_take_the_turns_of_all(world, liaison):
    content = pdf_bytes()
    with ExitStack() as stack:
        for _ in range(MOST_EACH):
            stack.enter_context(turns.taken(world.users["liaison"].pk))
        answer = send(liaison, begun(liaison, len(content)), 0, content)
        assert (answer.status_code, "您同时上传的文件较多" in sentence(answer)) == (503, True)
        office = client_of(world, "office")
        assert send(office, begun(office, len(content)), 0, content).status_code == 204
    # also a turn that ended in a refusal is free again
    url = begun(liaison, 10)
    for _ in range(MOST + 1):
        assert send(liaison, url, 5, b"x").status_code == 409


def hold(token, folder, held, go) -> None:
    settings.UPLOAD_DIR = folder
    with parts.held(token):
        held.set()
        go.wait(30)


def test_a_writer_that_was_killed_lets_go(liaison):
    url = begun(liaison, 100)
    fork = multiprocessing.get_context("fork")
    held, go = fork.Event(), fork.Event()
    writer = fork.Process(target=hold, args=(row(url).pk, settings.UPLOAD_DIR, held, go))
    writer.start()
    assert held.wait(30)
    assert send(liaison, url, 0, b"x" * 10).status_code == 423
    writer.kill()
    writer.join(30)
    assert send(liaison, url, 0, b"x" * 10).status_code == 204


# ---- no room ----


def test_a_disk_that_is_nearly_full(liaison, settings):
    content = pdf_bytes()
    url = begun(liaison, len(content))
    send(liaison, url, 0, content[:100])
    room, settings.EVIDENCE_MIN_FREE_BYTES = settings.EVIDENCE_MIN_FREE_BYTES, 2**62
    answer = send(liaison, url, 100, content[100:])
    assert (answer.status_code, "存储空间不足" in sentence(answer)) == (507, True)
    assert begin(liaison, 10).status_code == 507
    assert offset(liaison, url) == 100
    settings.EVIDENCE_MIN_FREE_BYTES = room
    send(liaison, url, 100, content[100:])
    assert outcome(liaison, url)["state"] == "taken"


def test_a_disk_that_becomes_full_while_it_is_written_to(liaison):
    """/dev/full says so to whoever writes."""
    content = pdf_bytes()
    url = begun(liaison, len(content))
    part(url).symlink_to("/dev/full")
    answer = send(liaison, url, 0, content)
    assert (answer.status_code, "存储空间不足" in sentence(answer)) == (507, True)
    part(url).unlink()
    send(liaison, url, 0, content)
    assert outcome(liaison, url)["state"] == "taken"


class FullStorage(FileSystemStorage):
    def _save(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_evidence_that_finds_no_room_is_taken_in_later(liaison, settings):
    content = pdf_bytes()
    url = begun(liaison, len(content))
    storages, full = settings.STORAGES, {"evidence": {"BACKEND": f"{__name__}.FullStorage"}}
    settings.STORAGES = storages | full
    assert send(liaison, url, 0, content).status_code == 507
    assert outcome(liaison, url)["state"] == "whole"
    settings.STORAGES = storages
    assert ask_again(liaison, url, len(content)).status_code == 204
    assert outcome(liaison, url)["state"] == "taken"


# ---- the storage is away ----


class ClosedStorage(FileSystemStorage):
    """A bucket that cannot be reached: its client has errors of its own."""

    def _save(self, name, content):
        raise RuntimeError("EndpointConnectionError")


def test_evidence_whose_storage_is_away_is_taken_in_later(liaison, settings, tmp_path):
    (tmp_path / "file").write_bytes(b"where the directory was")
    usual = settings.STORAGES
    for backend in ("django.core.files.storage.FileSystemStorage", f"{__name__}.ClosedStorage"):
        content = pdf_bytes()
        url = begun(liaison, len(content))
        away = {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "file"}}
        settings.STORAGES = usual | {"evidence": away}
        for answer in (send(liaison, url, 0, content), ask_again(liaison, url, len(content))):
            assert (answer.status_code, "存储暂时不能使用" in sentence(answer)) == (503, True)
            assert "Retry-After" not in answer
        assert outcome(liaison, url)["state"] == "whole"
        settings.STORAGES = usual
        assert ask_again(liaison, url, len(content)).status_code == 204
        assert outcome(liaison, url)["state"] == "taken"

"""Stored files that are missing, not whole, or out of reach: said so, never handed out as something else."""

import pytest
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from django.urls import reverse

from assessments.evidence.prepare import prepare
from assessments.evidence.storage import storage
from assessments.models import Version
from tcm_demo.audit.models import Event
from tests.evidence_world import hand_in
from tests.world import World, make_world

LOST, AWAY = "存储中没有这份文件，或者文件已经损坏", "存储暂时不能使用"


class ClosedStorage(FileSystemStorage):
    """A bucket that cannot be reached: its client has errors of its own."""

    def _open(self, name, mode="rb"):
        raise RuntimeError("EndpointConnectionError")


@pytest.fixture
def world(db) -> World:
    cache.clear()
    return make_world()


@pytest.fixture
def taken(world, tmp_path):
    return hand_in(world, tmp_path)


def path_of(taken):
    return storage().path(taken.version.file)


def removed(taken, settings, tmp_path) -> None:
    storage().delete(taken.version.file)


def emptied(taken, settings, tmp_path) -> None:
    open(path_of(taken), "wb").close()


def lengthened(taken, settings, tmp_path) -> None:
    with open(path_of(taken), "ab") as file:
        file.write(b"x")


def replaced_by_a_file(taken, settings, tmp_path) -> None:
    (tmp_path / "file").write_bytes(b"where the directory was")
    away = {"evidence": settings.STORAGES["evidence"] | {"OPTIONS": {"location": tmp_path / "file"}}}
    settings.STORAGES = settings.STORAGES | away


def closed(taken, settings, tmp_path) -> None:
    settings.STORAGES = settings.STORAGES | {"evidence": {"BACKEND": f"{__name__}.ClosedStorage"}}


@pytest.mark.parametrize(
    ("happened", "status", "sentence"),
    [
        (removed, 404, LOST),
        (emptied, 404, LOST),
        (lengthened, 404, LOST),
        (replaced_by_a_file, 503, AWAY),
        (closed, 503, AWAY),
    ],
)
def test_it_is_said_in_place_of_the_file_and_of_its_pages(
    client, world, taken, settings, tmp_path, happened, status, sentence
):
    happened(taken, settings, tmp_path)
    client.force_login(world.users["office"])
    where = ["A", taken.piece.pk, 1]
    answer = client.get(reverse("assessments:evidence-file", args=where))
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert sentence in answer.content.decode()
    assert "系统管理员" in answer.content.decode()
    assert not answer.has_header("Content-Disposition")
    assert not Event.objects.filter(action="export_evidence").exists(), "nothing was handed out"
    answer = client.get(reverse("assessments:evidence-page", args=[*where, 1]))
    assert (answer.status_code, answer["Content-Type"]) == (status, "image/svg+xml")
    drawn = "".join(
        part.partition("</text>")[0].rpartition(">")[2] for part in answer.content.decode().split("<text")[1:]
    )
    assert sentence in drawn
    assert client.get(reverse("assessments:piece", args=where[:2])).status_code == 200


def test_preparing_what_is_lost_comes_to_an_end(taken, settings, tmp_path):
    removed(taken, settings, tmp_path)
    Version.objects.filter(pk=taken.version.pk).update(kind="word", prepared_at=None)
    taken.version.refresh_from_db()
    prepare(taken.version)
    taken.version.refresh_from_db()
    assert LOST in taken.version.fault
    assert taken.version.prepared_at

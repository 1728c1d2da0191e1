"""A server that is killed (kill -9) while it takes a file in: the file is there once, or still whole to be taken in."""

import os
import shutil
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from assessments.models import Piece, Placement, Version
from assessments.uploads import parts
from assessments.uploads.services import KEPT, clear_abandoned
from tests.evidence_files import pdf_bytes
from tests.uploading import begun, client_of, offset, outcome, row, stored_parts
from tests.world import World, make_world

CONTENT = pdf_bytes()
BEFORE = [
    ("os.link", ""),
    ("os.rename", ".whole"),
    ("sql", 'INSERT INTO "assessments_version"'),
    ("sql", 'INSERT INTO "assessments_placement"'),
    ("sql", 'UPDATE "assessments_upload"'),
]


@pytest.fixture
def world(transactional_db) -> World:
    shutil.rmtree(settings.UPLOAD_DIR, ignore_errors=True)
    return make_world()


@pytest.fixture
def liaison(world):
    return client_of(world, "liaison")


@pytest.fixture
def url(liaison) -> str:
    """Of an upload of which every byte is there."""
    url = begun(liaison, len(CONTENT))
    with parts.held(row(url).pk) as file:
        os.write(file, CONTENT)
    return url


def take_in(url: str, what: str = "never", where: str = "") -> int:
    """How the process ended."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tcm_demo.settings",
        "VAR_DIR": str(settings.VAR_DIR),
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    arguments = [str(connection.settings_dict["NAME"]), str(row(url).pk), what, where]
    return subprocess.run(
        [sys.executable, "-m", "tests.dying_upload", *arguments], env=environment, timeout=60, check=False
    ).returncode


def test_killed_before_it_is_evidence_the_file_is_still_whole(liaison, url):
    for what, where in BEFORE:
        assert take_in(url, what, where) == -signal.SIGKILL, where
        assert (Piece.objects.count(), Version.objects.count(), Placement.objects.count()) == (0, 0, 0), where
        assert outcome(liaison, url)["state"] == "whole", where
        assert parts.path_of(row(url).pk).read_bytes() == CONTENT, where
    assert take_in(url) == 0
    assert outcome(liaison, url)["state"] == "taken"
    assert (Piece.objects.count(), stored_parts()) == (1, [])


def test_killed_afterwards_it_is_evidence_once(liaison, url):
    token = str(row(url).pk)
    assert take_in(url, "os.remove", token) == -signal.SIGKILL
    assert (Piece.objects.count(), stored_parts()) == (1, [token])
    assert (outcome(liaison, url)["state"], offset(liaison, url)) == ("taken", len(CONTENT))
    assert take_in(url) == 0
    assert Piece.objects.count() == 1
    clear_abandoned(timezone.now() + 2 * KEPT)
    assert stored_parts() == []

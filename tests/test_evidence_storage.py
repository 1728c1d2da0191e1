"""Where the files of evidence lie: a directory nobody serves, or S3-compatible storage by setting."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.config import Config
from django.conf import settings
from django.core.files.storage import storages

from assessments.evidence.storage import drop, keep, local_path, storage
from tests.s3_server import s3_server

READ_SETTINGS = """
import json
from django.conf import settings
options = settings.STORAGES["evidence"]
options["OPTIONS"].pop("client_config", None)
print(json.dumps({"backend": options["BACKEND"], **options["OPTIONS"]}, default=str))
"""


def settings_with(**environment) -> dict:
    """STORAGES["evidence"] as a new process reads it from these variables."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tcm_demo.settings", "SECRET_KEY": "x" * 50, **environment}
    done = subprocess.run(
        [sys.executable, "-c", READ_SETTINGS],
        env=env,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture
def source(tmp_path) -> Path:
    path = tmp_path / "资料.pdf"
    path.write_bytes(b"%PDF-1.7 content")
    return path


@pytest.fixture
def bucket(settings):
    """The storage that the settings of an installation with a bucket describe."""
    with s3_server() as (address, objects):
        told = settings_with(
            EVIDENCE_S3_BUCKET="tcm", EVIDENCE_S3_ENDPOINT=address, EVIDENCE_S3_KEY="key", EVIDENCE_S3_SECRET="secret"
        )
        options = {name: value for name, value in told.items() if name not in ("backend", "region_name")}
        options |= {"region_name": "cn", "client_config": Config(s3={"addressing_style": "path"})}
        settings.STORAGES = settings.STORAGES | {"evidence": {"BACKEND": told["backend"], "OPTIONS": options}}
        yield objects


def test_files_lie_outside_of_what_is_served_for_the_owner_alone(source):
    name = keep(source, "pdf")
    path = Path(storage().path(name))
    assert path.read_bytes() == b"%PDF-1.7 content"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "资料" not in name
    assert not path.is_relative_to(settings.STATIC_ROOT)
    assert not source.exists(), "moved, not copied"


def test_what_was_put_there_in_vain_can_be_taken_back(source):
    name = keep(source, "pdf")
    drop(name)
    assert not storage().exists(name)


def test_no_two_files_have_one_name(tmp_path):
    names = set()
    for number in range(20):
        path = tmp_path / str(number)
        path.write_bytes(b"x")
        names.add(keep(path, "pdf"))
    assert len(names) == 20


def test_a_directory_is_where_they_lie_unless_a_bucket_is_named():
    assert settings_with(EVIDENCE_S3_BUCKET="")["backend"].endswith("FileSystemStorage")
    told = settings_with(EVIDENCE_S3_BUCKET="tcm", EVIDENCE_S3_ENDPOINT="http://10.0.0.5:9000")
    assert (told["bucket_name"], told["endpoint_url"]) == ("tcm", "http://10.0.0.5:9000")
    assert told["file_overwrite"] is False


def test_in_a_bucket_a_file_is_kept_read_and_dropped_the_same(bucket, source):
    name = keep(source, "pdf")
    assert bucket == {f"/tcm/{name}": b"%PDF-1.7 content"}
    with local_path(name) as path:
        assert path.read_bytes() == b"%PDF-1.7 content"
    assert not path.exists(), "the copy lasts as long as it is read"
    assert storages["evidence"].open(name).read() == b"%PDF-1.7 content"
    drop(name)
    assert bucket == {}

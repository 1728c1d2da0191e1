"""A server that is killed (kill -9) in the middle of an import leaves all of it or nothing."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from institutions.enums import Role
from institutions.models import Institution, LedgerUpload, Report, ReportStep
from institutions.services import grant, receive_ledger
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tests.ledgers import REAL_LEDGER, make_county
from tests.wizard import open_round

NOTHING, ALL = (0, 0, 0, 0, False), (341, 332, 664, 1, True)


@pytest.fixture
def upload(transactional_db) -> LedgerUpload:
    county = make_county()
    open_round(county)
    office = User.objects.create_user("office")
    grant(office, county, Role.COUNTY_OFFICE)
    return receive_ledger(county, "2023", SimpleUploadedFile("台账.xlsx", REAL_LEDGER.read_bytes()), by=office)


def start(upload: LedgerUpload, what: str = "never", done: int = 0) -> subprocess.Popen:
    database = str(connection.settings_dict["NAME"])
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tcm_demo.settings",
        "VAR_DIR": str(settings.VAR_DIR),
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    arguments = [database, str(upload.pk), "office", what, str(done)]
    return subprocess.Popen([sys.executable, "-m", "tests.dying_import", *arguments], env=environment)


def found(upload: LedgerUpload) -> tuple:
    """Institutions, reports, steps, events of the import, and whether the upload is written."""
    event = Event.objects.filter(action="import_figures")
    upload.refresh_from_db()
    counts = (each.count() for each in (Institution.objects, Report.objects, ReportStep.objects, event))
    return (*counts, upload.written_at is not None)


def test_killed_at_any_of_its_steps_it_leaves_nothing_and_can_be_done_again(upload):
    for what, done in (("比对数据", 0), ("写入数据", 0), ("写入数据", 332), ("重新计算达标情况", 0)):
        assert start(upload, what, done).wait(60) == -signal.SIGKILL, what
        assert found(upload) == NOTHING, what
    assert start(upload).wait(60) == 0
    assert found(upload) == ALL


def test_killed_from_outside_at_any_time_it_leaves_all_or_nothing(upload):
    for seconds in (0.9, 1.3, 1.7):
        process = start(upload)
        time.sleep(seconds)
        process.kill()
        process.wait(60)
        assert found(upload) in (NOTHING, ALL), seconds

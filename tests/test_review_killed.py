"""The process is killed (kill -9) in the middle of accepting 300 reports: all of them or none, and all that follows."""

import os
import random
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Standing
from assessments.standing_services import score
from institutions.models import Institution, Report, ReportStep
from institutions.review.services import accept_many
from tcm_demo.audit.models import Event, Waiting
from tcm_demo.audit.sealing import seal_waiting
from tests.reviewing import open_round
from tests.world import PERIOD, make_world

CLINICS = 300
# Accepts them all, and kills itself before the statement of this number; 0: right after the commit.
SCRIPT = """
import os, signal, sys, django
django.setup()
from django.db import connection, transaction
from institutions.models import Institution, Round
from institutions.review.services import accept_many
from tcm_demo.accounts.models import User

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def count(execute, *call):
    global left
    left -= 1
    return die() if left == 0 else execute(*call)

database, left = sys.argv[1], int(sys.argv[2])
committed = left == 0
connection.settings_dict["NAME"] = database
round, reviewer = Round.objects.get(), User.objects.get(username="reviewer")
clinics = list(Institution.objects.filter(type="village_clinic"))
with connection.execute_wrapper(count), transaction.atomic():
    if committed:
        transaction.on_commit(die)
    accept_many(round, clinics, by=reviewer)
"""


@pytest.fixture
def world(transactional_db):
    world = make_world(villages=CLINICS)
    open_round(world)
    now, clerk = timezone.now(), world.users["clerk"].pk
    Report.objects.bulk_create(
        Report(
            institution=clinic, period=PERIOD, state="submitted", values={"techniques": n % 9}, hands=[clerk],
            submitted_at=now, updated_at=now,
        )
        for n, clinic in enumerate(clinics())
    )  # fmt: skip
    return world


def clinics() -> list[Institution]:
    return list(Institution.objects.filter(type="village_clinic"))


def statements(world) -> int:
    """How many the whole takes; done, and taken back."""
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        accept_many(world.county.rounds.get(), clinics(), by=world.users["reviewer"])
        transaction.set_rollback(True)
    return len(queries)


def run_until_killed(statement: int) -> None:
    # Not the tests' settings: they would leave a directory behind when they are killed.
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tcm_demo.settings", "VAR_DIR": str(settings.VAR_DIR)}
    command = [sys.executable, "-c", SCRIPT, str(connection.settings_dict["NAME"]), str(statement)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr


def facts(world) -> tuple:
    return (
        sorted(Report.objects.values_list("institution__code", "state", "updated_at")),
        [accepted for accepted in Report.objects.values_list("accepted", flat=True) if accepted],
        ReportStep.objects.count(),
        Event.objects.count(),
        Standing.objects.get(county=world.county, standard=world.standard, period=PERIOD).result,
    )


def test_all_or_nothing(world):
    total, before = statements(world), facts(world)
    # in the middle anywhere, and where everything is written but not committed
    for number in [*random.sample(range(2, total - 5), 3), total - 5]:
        run_until_killed(number)
        assert facts(world) == before, f"killed before statement {number} of {total}"
    run_until_killed(0)
    states, accepted, steps, events, result = facts(world)
    assert {state for _, state, _ in states} == {"accepted"}
    assert (len(accepted), steps, events - before[3]) == (CLINICS, CLINICS, CLINICS)
    assert ReportStep.objects.values("report").distinct().count() == CLINICS
    assert result == score(world.county, world.standard, PERIOD).result != before[4]
    # what the killed one left waiting is taken up by whoever comes next
    assert Waiting.objects.count() == CLINICS
    seal_waiting()
    assert not Waiting.objects.exists()

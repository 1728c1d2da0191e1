"""The worker as it is in use: processes of their own, killed, stopped, started again, and several at once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings as real_settings
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tcm_demo.accounts.models import User
from tcm_demo.jobs import files
from tcm_demo.jobs.enums import JobState
from tcm_demo.jobs.keeper import Keeper
from tcm_demo.jobs.models import Job, Worker
from tcm_demo.jobs.services import cancel
from tests.jobs import REAL_QUEUE, ask, beat, die, go_on, prepare, register, runs

register()
SECONDS = 30


@pytest.fixture
def user(transactional_db, settings, tmp_path) -> User:
    settings.VAR_DIR, settings.TASKS = tmp_path, REAL_QUEUE
    return User.objects.create_user("office")


@contextmanager
def worker() -> Iterator[subprocess.Popen]:
    """Killed at the end, if it still lives."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tcm_demo.settings",
        "VAR_DIR": str(real_settings.VAR_DIR),
        "PYTHONPATH": str(real_settings.BASE_DIR),
    }
    command = [sys.executable, "-m", "tests.jobs_worker", str(connection.settings_dict["NAME"])]
    process = subprocess.Popen(command, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        until(lambda: not children_of(process))


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


def state(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def is_at_work(job: Job) -> bool:
    return state(job) == JobState.RUNNING and str(job.token) in runs()


def has_its_file_alone(job: Job) -> bool:
    made = files.file_of(job)
    return made.read_text() == "0\n1\n2\n" and list(made.parent.iterdir()) == [made]


# by worker: the processes that it was seen to have
_known: dict[int, set[int]] = {}


def children_of(process: subprocess.Popen) -> list[int]:
    """Living processes that this worker started, as far as it was ever seen to have them."""
    own = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True).stdout
    _known.setdefault(process.pid, set()).update(int(pid) for pid in own.split())
    return [pid for pid in _known[process.pid] if is_alive(pid)]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout


def test_short_tasks_need_not_wait_behind_long_jobs(user):
    job = ask(user, "linger")
    with worker():
        until(lambda: is_at_work(job))
        prepare.enqueue("文件.docx")
        until(lambda: DBTaskResult.objects.successful().exists())
        assert state(job) == JobState.RUNNING
    assert runs() == [str(job.token), "文件.docx"]


def test_killed_in_the_middle_the_next_one_finishes_its_job(user):
    job = ask(user, "linger")
    with worker() as first:
        until(lambda: is_at_work(job))
        lanes = children_of(first)
        assert lanes
        first.kill()
        first.wait()
        until(lambda: not any(map(is_alive, lanes)))
    assert state(job) == JobState.RUNNING
    Worker.objects.update(seen_at=timezone.now() - timedelta(seconds=31))
    go_on()
    with worker():
        until(lambda: state(job) == JobState.DONE)
    assert job.attempts == 2
    assert has_its_file_alone(job)


def test_a_process_that_is_killed_at_a_job_is_replaced_at_once(user):
    job = ask(user, "linger")
    with worker() as process:
        until(lambda: is_at_work(job))
        lanes = children_of(process)
        go_on()
        for pid in lanes:
            os.kill(pid, signal.SIGKILL)
        until(lambda: state(job) == JobState.DONE)
        assert process.poll() is None
    assert job.attempts == 2


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl+C"])
def test_stopped_in_order_the_job_waits_for_the_restart(user, stop):
    job = ask(user, "linger")
    with worker() as process:
        until(lambda: is_at_work(job))
        lanes = children_of(process)
        process.send_signal(stop)
        assert process.wait(10) == 0
        assert not any(map(is_alive, lanes))
    assert (state(job), job.attempts) == (JobState.WAITING, 0)
    go_on()
    with worker():
        until(lambda: state(job) == JobState.DONE)
    assert job.attempts == 1
    assert has_its_file_alone(job)


def test_two_workers_never_do_a_job_twice(user):
    with worker(), worker():
        until(lambda: Worker.objects.count() == 2)
        jobs = [ask(user, steps=steps) for steps in range(1, 9)]
        until(lambda: all(state(job) == JobState.DONE for job in jobs))
    assert sorted(runs()) == sorted(str(job.token) for job in jobs)
    assert {job.attempts for job in jobs} == {1}


def test_asked_for_by_many_at_once_it_is_made_once(user):
    together = Barrier(4)

    def press(_) -> Job:
        try:
            together.wait()
            return ask(user)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        assert len(set(people.map(press, range(4)))) == 1
    assert DBTaskResult.objects.count() == Job.objects.count() == 1


def test_a_job_that_is_cancelled_stops_within_seconds(user):
    job, after = ask(user, "linger"), ask(user)
    with worker():
        until(lambda: is_at_work(job))
        cancel(job, by=user)
        until(lambda: state(after) == JobState.DONE)
    assert state(job) == JobState.CANCELLED
    assert not list(files.root().glob(f"{job.token.hex}/*"))


def test_one_that_hangs_is_ended_when_it_is_cancelled(user):
    job, after = ask(user, "hang"), ask(user)
    with worker():
        until(lambda: is_at_work(job))
        cancel(job, by=user)
        Job.objects.filter(pk=job.pk).update(ended_at=job.ended_at - timedelta(seconds=10))
        until(lambda: state(after) == JobState.DONE)
    assert state(job) == JobState.CANCELLED


def test_a_task_that_takes_its_process_along_is_given_up_and_the_worker_lives_on(user):
    die.enqueue("坏文件")
    with worker() as process:
        until(lambda: DBTaskResult.objects.failed().exists())
        prepare.enqueue("好文件")
        until(lambda: DBTaskResult.objects.successful().exists())
        assert process.poll() is None
    assert runs() == ["坏文件"] * 3 + ["好文件"]


def test_it_goes_on_when_the_database_comes_back_and_says_so_once(monkeypatch, caplog):
    turns = iter([OperationalError("away"), OperationalError("away"), None])

    def turn(keeper):
        fault = next(turns)
        if fault:
            raise fault
        keeper.stopping = True

    monkeypatch.setattr(Keeper, "_turn", turn)
    monkeypatch.setattr("tcm_demo.jobs.keeper._LOOK_WHEN_AWAY", 0)
    monkeypatch.setattr("tcm_demo.jobs.keeper.take_up_stalled", lambda name, counts: 0)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    Keeper().run()
    said = [line.getMessage() for line in caplog.records]
    assert said == ["the worker cannot go on; it tries again", "the worker goes on"]


def test_it_clears_away_from_the_start(user):
    job = ask(user)
    Job.objects.filter(pk=job.pk).update(state=JobState.CANCELLED, expires_at=job.made_at)
    beat("long gone", seconds_ago=2 * 86400)
    with worker():
        until(lambda: not Job.objects.exists())
        until(lambda: not Worker.objects.filter(name="long gone").exists())

"""Kinds of jobs for tests, and what the tests of them share."""

import errno
import os
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from tcm_demo.jobs import kinds
from tcm_demo.jobs.kinds import CannotBeMade, Kind, Made
from tcm_demo.jobs.models import Job, Worker
from tcm_demo.jobs.services import ask_for

# the worker and its queue as they are in use
REAL_QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "jobs"]}}


def diary() -> Path:
    """Where each run of a job or a task leaves a line."""
    return Path(settings.VAR_DIR) / "diary.txt"


def runs() -> list[str]:
    return diary().read_text().splitlines() if diary().exists() else []


def note(line: str) -> None:
    with diary().open("a") as lines:
        lines.write(f"{line}\n")


def count(job: Job, directory: Path, progress) -> Made:
    """Writes a file in `steps` steps."""
    note(str(job.token))
    path = directory / "work.txt"
    with path.open("w") as file:
        for step in range(job.arguments["steps"]):
            progress(step, job.arguments["steps"], "数数")
            file.write(f"{step}\n")
    return Made(path, "数.txt", "text/plain", ("第 2 步数得慢。",))


def go_on() -> None:
    """Let the jobs `linger` and `hang` come to their end."""
    (Path(settings.VAR_DIR) / "go").touch()


def may_go_on() -> bool:
    return (Path(settings.VAR_DIR) / "go").exists()


def linger(job: Job, directory: Path, progress) -> Made:
    """At work until it may go on, with half a file beside it."""
    (directory / "half.txt").write_text("half")
    note(str(job.token))
    while not may_go_on():
        progress(1, 3, "等着")
        time.sleep(0.02)
    return count(job, directory, progress)


def fill_disk(job: Job, directory: Path, progress) -> Made:
    (directory / "half.txt").write_text("half")
    try:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError as error:
        raise RuntimeError("as libraries tell of it") from error


def refuse(job: Job, directory: Path, progress) -> Made:
    raise CannotBeMade("第 24 条还没有佐证材料。")


def crash(job: Job, directory: Path, progress) -> Made:
    (directory / "half.txt").write_text("half")
    raise ValueError("a fault of the program")


def hang(job: Job, directory: Path, progress) -> Made:
    """At work without ever looking up."""
    note(str(job.token))
    while not may_go_on():
        time.sleep(0.02)
    return count(job, directory, progress)


@task
def prepare(name: str) -> None:
    note(name)


@task
def die(name: str) -> None:
    note(name)
    os.abort()


def register() -> None:
    for make in (count, linger, hang, fill_disk, refuse, crash):
        own = lambda user, job: user == job.asked_by  # noqa: E731
        seen = lambda user, job: user == job.asked_by or user.username == "leadership"  # noqa: E731
        kinds.register(Kind(make.__name__, make, may_see=seen, may_change=own, page=lambda job: "/"))


def ask(user, kind: str = "count", title: str = "第 24 条（PDF）", place: str = "A", **arguments) -> Job:
    return ask_for(kind, title=title, arguments={"steps": 3} | arguments, place=place, by=user)


def beat(name: str = "w", seconds_ago: int = 0) -> None:
    """A worker was seen."""
    Worker.objects.update_or_create(name=name, defaults={"seen_at": timezone.now() - timedelta(seconds=seconds_ago)})

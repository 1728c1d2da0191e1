"""The worker: one small process that looks after the queue and starts others (lanes) that do the work.

A lane is a process so that a job that eats memory, hangs or crashes in a library harms nobody else, and so that being
stopped and being killed are one and the same: the lane is ended, whatever it does, and its work is taken up again.
While nothing is to be done there are no lanes.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import wait
from uuid import uuid4

from django.db import close_old_connections, connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult

from tcm_demo.jobs.enums import JobState
from tcm_demo.jobs.housekeeping import keep_house
from tcm_demo.jobs.models import Job, Worker
from tcm_demo.jobs.stalled import take_up_stalled
from tcm_demo.jobs.tasks import LONG
from tcm_demo.lib.processes import end_with_parent

logger = logging.getLogger(__name__)
HOUSE = "housekeeping"
_LOOK_EVERY, _BEAT_EVERY, _HOUSE_EVERY = 1, 5, 30  # seconds
_LOOK_WHEN_AWAY = 5  # seconds, while the database does not answer
# a cancelled job that has not stopped by itself after so long is ended
_OBEYS_WITHIN = timedelta(seconds=10)
_processes = get_context("fork")


class Keeper:
    """`run()` works until SIGTERM or SIGINT; what its lanes were doing then waits for the next worker."""

    def __init__(self):
        self.name = uuid4().hex
        self.lanes: dict[str, _Lane] = {}  # by queue
        self.numbers = count(1)
        self.stopping = self.failing = False
        self.beat_at = self.house_at = float("-inf")

    def run(self) -> None:
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, self._stop_soon)
        while not self.stopping:
            self._try(self._turn)
            wait([lane.sentinel for lane in self.lanes.values()], _LOOK_WHEN_AWAY if self.failing else _LOOK_EVERY)
        for lane in self.lanes.values():
            lane.end()
        self._try(lambda: take_up_stalled(self.name, counts=False))

    def _stop_soon(self, *_) -> None:
        self.stopping = True

    def _try(self, step: Callable[[], object]) -> None:
        """A database that is away comes back; until then it is said once."""
        try:
            close_old_connections()
            step()
        except Exception:
            if not self.failing:
                logger.exception("the worker cannot go on; it tries again")
            self.failing = True
            connections.close_all()
        else:
            if self.failing:
                logger.warning("the worker goes on")
            self.failing = False

    def _turn(self) -> None:
        now = time.monotonic()
        for queue in [queue for queue, lane in self.lanes.items() if lane.has_ended]:
            if self.lanes.pop(queue).crashed and queue != HOUSE:
                self.house_at = float("-inf")  # what it left is taken up now
        if now - self.beat_at >= _BEAT_EVERY:
            Worker.objects.update_or_create(name=self.name, defaults={"seen_at": timezone.now()})
            self.beat_at = now
            self._end_disobedient()
        if now - self.house_at >= _HOUSE_EVERY:
            take_up_stalled(self.name, [lane.name for lane in self.lanes.values()])
            self._start(HOUSE)
            self.house_at = now
        for queue in DBTaskResult.objects.ready().order_by().values_list("queue_name", flat=True).distinct():
            self._start(queue)

    def _start(self, queue: str) -> None:
        """Unless there is one for this queue; what it left is done when it ends."""
        if queue not in self.lanes:
            connections.close_all()  # one connection cannot serve two processes
            self.lanes[queue] = _Lane(f"{self.name}-{next(self.numbers)}", queue)

    def _end_disobedient(self) -> None:
        """Lanes whose job was cancelled and that do not look up from it, as when a library hangs."""
        named = {lane.name: lane for lane in self.lanes.values()}
        if not named:
            return
        given_up = Job.objects.filter(worker__in=named, state=JobState.CANCELLED)
        for worker in given_up.filter(ended_at__lte=timezone.now() - _OBEYS_WITHIN).values_list("worker", flat=True):
            named[worker].end()


class _Lane:
    """A process that works through a queue; in a group of its own, so that what it starts is ended with it."""

    def __init__(self, name: str, queue: str):
        self.name = name
        self.process = _processes.Process(target=_work, args=(os.getpid(), queue, name))
        self.process.start()
        self.sentinel = self.process.sentinel

    @property
    def has_ended(self) -> bool:
        return not self.process.is_alive()

    @property
    def crashed(self) -> bool:
        return self.process.exitcode != 0

    def end(self) -> None:
        for kill in (os.killpg, os.kill):  # itself, too: it may not have its group yet
            with suppress(ProcessLookupError):
                kill(self.process.pid, signal.SIGKILL)
        self.process.join()


def _work(parent: int, queue: str, name: str) -> None:
    os.setpgid(0, 0)
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)
    end_with_parent(parent, signal.SIGKILL)
    if queue == HOUSE:
        keep_house()
    else:
        _work_through(queue, name)


def _work_through(queue: str, name: str) -> None:
    """Do what is ready in one queue; of long work one piece, as memory it took is given back when the process ends."""
    QueueWorker(
        queue_names=[queue],
        interval=_LOOK_EVERY,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1 if queue == LONG else None,
        worker_id=name,
        excluded_queue_names=[],
    ).run()

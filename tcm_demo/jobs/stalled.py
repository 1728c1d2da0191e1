"""What dead workers left: jobs wait again, and other tasks are ready again, until they have been tried too often."""

import logging
from collections.abc import Collection

from django.db import transaction
from django_tasks import TaskResultStatus, task_backends
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from tcm_demo.jobs.enums import JobState
from tcm_demo.jobs.models import Job
from tcm_demo.jobs.queries import workers_alive
from tcm_demo.jobs.running import fail
from tcm_demo.jobs.services import enqueue
from tcm_demo.jobs.tasks import run_job

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 3
GIVEN_UP = "后台程序三次中途停止，没有生成文件。请再试一次；仍不行请联系系统管理员。"


@transaction.atomic
def take_up_stalled(me: str = "", lanes: Collection[str] = (), *, counts: bool = True) -> int:
    """Give the work of workers that are gone to others; how many jobs and tasks that were.

    `me`: the worker that asks, and `lanes` its processes that live: of its own it knows better than by waiting.
    `counts`: False where the worker was stopped in order, which is not the work's fault.
    """
    alive = workers_alive() - {me}
    gone = _Gone(alive, lanes)
    taken = _tasks(gone, counts) + _jobs(gone, counts)
    _queue_waiting()
    return taken


class _Gone:
    """Whether a process (`<worker>-<number>`) is gone."""

    def __init__(self, workers: Collection[str], lanes: Collection[str]):
        self.workers, self.lanes = workers, lanes

    def __call__(self, lane: str) -> bool:
        return lane not in self.lanes and lane.partition("-")[0] not in self.workers


def _tasks(gone: _Gone, counts: bool) -> int:
    """Jobs have their own account of what happened to them: their entries just go."""
    taken = 0
    for task in DBTaskResult.objects.running().select_for_update(skip_locked=True):
        if not gone(task.worker_ids[-1]):
            continue
        if task.task_path == run_job.module_path:
            task.delete()
            continue
        taken += 1
        if counts and len(task.worker_ids) >= MOST_ATTEMPTS:
            task.set_failed(RuntimeError(f"its worker ended {MOST_ATTEMPTS} times"))
            logger.error("task %s (%s) is given up: its worker ended %s times", task.pk, task.task_path, MOST_ATTEMPTS)
            continue
        task.status = TaskResultStatus.READY
        task.worker_ids = task.worker_ids if counts else task.worker_ids[:-1]
        task.save(update_fields=["status", "worker_ids"])
    return taken


def _jobs(gone: _Gone, counts: bool) -> int:
    taken = 0
    for job in Job.objects.filter(state=JobState.RUNNING).select_for_update(skip_locked=True):
        if not gone(job.worker):
            continue
        taken += 1
        if counts and job.attempts >= MOST_ATTEMPTS:
            fail(job, GIVEN_UP)
            continue
        job.state, job.worker = JobState.WAITING, ""
        job.attempts -= 0 if counts else 1
        job.save(update_fields=["state", "worker", "attempts"])
    return taken


def _queue_waiting() -> None:
    """Each waiting job has an entry in the queue, whatever became of the one it had."""
    if not isinstance(task_backends["default"], DatabaseBackend):
        return
    unended = DBTaskResult.objects.filter(task_path=run_job.module_path, finished_at=None)
    queued = {str(pk) for pk in unended.values_list("pk", flat=True)}
    for job in Job.objects.filter(state=JobState.WAITING):
        if job.task_id not in queued:
            enqueue(job)

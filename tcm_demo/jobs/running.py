"""Doing one job: taking it, telling how far it is, leaving its file or saying why there is none.

Whoever does a job writes to it only as long as it is theirs (`worker`): one that was cancelled, or taken up by another
worker because this one was thought dead, is changed no more.
"""

import errno
import logging
import time
from datetime import timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from tcm_demo.audit.services import record
from tcm_demo.jobs import files
from tcm_demo.jobs.enums import JobState
from tcm_demo.jobs.kinds import CannotBeMade, Ended, Made, kind_of
from tcm_demo.jobs.models import Job

logger = logging.getLogger(__name__)
KEPT = timedelta(days=7)
BACKGROUND = "系统（后台程序）"
NO_SPACE = "服务器的磁盘满了，文件没有生成，也没有留下半个文件。请联系系统管理员清理磁盘，再试一次。"
NO_ROOM = "服务器的磁盘快满了，文件没有生成。请删除不用的文件，或联系系统管理员清理磁盘，再试一次。"
PROGRAM_FAULT = "程序出错，没有生成文件，原因记在服务器日志里。请再试一次；仍不行请联系系统管理员。"
UNKNOWN_KIND = "现在的程序不再做这种文件。请到原来的页面重新申请。"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_SECONDS_BETWEEN = 1.0  # two words about how far it is


def run(token: UUID, worker: str) -> None:
    """Do the job of this token, unless it is done, cancelled or somebody else's.

    Raises OperationalError or InterfaceError where the database is away; the job is then taken up again.
    """
    job = take(token, worker)
    if job is None:
        return
    try:
        kind = kind_of(job)
    except LookupError:
        fail(job, UNKNOWN_KIND)
        return
    try:
        _check_room()
        _finish(job, kind.make(job, files.workplace(job), JobProgress(job)))
    except Ended:
        files.clear(job)
    except CannotBeMade as reason:
        fail(job, str(reason))
    except (OperationalError, InterfaceError):
        files.clear(job)
        raise
    except Exception as reason:
        logger.exception("job %s", token)
        fail(job, NO_SPACE if _is_full(reason) else PROGRAM_FAULT)


def take(token: UUID, worker: str) -> Job | None:
    """Begin a waiting job; None where it does not wait. One statement, so that only one of several workers gets it."""
    begun = {"state": JobState.RUNNING, "worker": worker, "started_at": timezone.now(), "attempts": F("attempts") + 1}
    fresh = {"done": 0, "total": 0, "words": ""}
    if not Job.objects.filter(token=token, state=JobState.WAITING).update(**begun, **fresh):
        return None
    return Job.objects.select_related("asked_by").get(token=token)


@transaction.atomic
def fail(job: Job, fault: str) -> bool:
    """Note down why there is no file, if the job is still this worker's; nothing half made stays."""
    files.clear(job)
    failed = _write(job, state=JobState.FAILED, fault=fault, **_ended())
    if failed:
        record("fail_job", job, by=BACKGROUND, place=job.place, after={"fault": fault})
    return failed


def _check_room() -> None:
    """Leave the database, which may lie on the same disk, the room that it needs. Raises CannotBeMade."""
    if not files.has_room():
        raise CannotBeMade(NO_ROOM)


def _is_full(reason: BaseException | None) -> bool:
    """Also where a library tells of it in words of its own."""
    return reason is not None and (getattr(reason, "errno", None) in _FULL or _is_full(reason.__cause__))


def _finish(job: Job, made: Made) -> None:
    size = made.path.stat().st_size
    kept = files.keep(job, made.path)
    file = {"file_path": kept, "file_name": made.name, "file_size": size, "content_type": made.content_type}
    if not _write(job, state=JobState.DONE, fault="", notes=list(made.notes), **file, **_ended()):
        (files.root() / kept).unlink(missing_ok=True)
        return
    earlier = Job.objects.filter(digest=job.digest, asked_by=job.asked_by, state=JobState.DONE).exclude(pk=job.pk)
    # One's own, made before of the same: the next housekeeping takes them away.
    earlier.update(expires_at=timezone.now())


def _ended() -> dict:
    now = timezone.now()
    return {"ended_at": now, "expires_at": now + KEPT, "words": ""}


def _write(job: Job, **values) -> bool:
    """False where the job is not this worker's any more."""
    return bool(Job.objects.filter(token=job.token, state=JobState.RUNNING, worker=job.worker).update(**values))


class JobProgress:
    """See kinds.Progress."""

    def __init__(self, job: Job):
        self.job = job
        self.told_at = -_SECONDS_BETWEEN

    def __call__(self, done: int, total: int, words: str = "") -> None:
        now = time.monotonic()
        if now - self.told_at < _SECONDS_BETWEEN:
            return
        self.told_at = now
        try:
            goes_on = _write(self.job, done=done, total=total, words=words[:200])
        except (OperationalError, InterfaceError):
            # The work itself may need no database; who watches sees an old figure for a while.
            logger.warning("job %s cannot tell how far it is", self.job.token)
            connection.close()
            return
        if not goes_on:
            raise Ended
        _check_room()

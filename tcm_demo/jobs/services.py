"""Asking for long work, and cancelling it."""

import hashlib
import json

from django.db import IntegrityError, transaction
from django.utils import timezone

from tcm_demo.accounts.models import User
from tcm_demo.audit.services import record
from tcm_demo.jobs.enums import UNENDED, JobState
from tcm_demo.jobs.models import Job
from tcm_demo.jobs.running import KEPT
from tcm_demo.jobs.tasks import run_job


@transaction.atomic
def ask_for(kind: str, *, title: str, arguments: dict, place: str, by: User) -> Job:
    """A job of this kind (kinds.py) for the county of the code `place`; its worker begins after the commit.

    `arguments`: what JSON can hold. Where the same is being made already, by whomever, that job is returned.
    """
    digest = _digest(kind, place, arguments)
    same = Job.objects.filter(digest=digest, state__in=UNENDED)
    if found := same.first():
        return found
    job = Job(kind=kind, title=title, arguments=arguments, digest=digest, place=place, asked_by=by)
    job.made_at = timezone.now()
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:  # somebody else asked for it at the same moment
        return same.get()
    record("ask_job", job, by=by, place=place, after={"kind": kind, "arguments": arguments})
    enqueue(job)
    job.refresh_from_db()
    return job


def ask_again(job: Job, *, by: User) -> Job:
    """A new job for the same as one that has ended."""
    return ask_for(job.kind, title=job.title, arguments=job.arguments, place=job.place, by=by)


@transaction.atomic
def cancel(job: Job, *, by: User) -> bool:
    """Nobody works on it any more, or will; its worker stops within seconds. False where it had ended before."""
    now = timezone.now()
    ended = {"state": JobState.CANCELLED, "ended_at": now, "expires_at": now + KEPT, "words": ""}
    cancelled = bool(Job.objects.filter(token=job.token, state__in=UNENDED).update(**ended))
    if cancelled:
        record("cancel_job", job, by=by, place=job.place)
    job.refresh_from_db()
    return cancelled


def enqueue(job: Job) -> None:
    """Put a waiting job into the queue, in the caller's transaction."""
    result = run_job.enqueue(str(job.token))
    Job.objects.filter(token=job.token).update(task_id=result.id)


def _digest(kind: str, place: str, arguments: dict) -> str:
    return hashlib.sha256(json.dumps([kind, place, arguments], sort_keys=True).encode()).hexdigest()

"""What others ask about jobs and workers."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from tcm_demo.jobs.enums import UNENDED
from tcm_demo.jobs.models import Job, Worker

# a worker beats every few seconds; after so long without, it is gone and its work is for others
DEAD_AFTER = timedelta(seconds=30)
# and after so long people are told that there is none
MISSED_AFTER = timedelta(seconds=60)


def jobs_of(kind: str, place: str) -> QuerySet[Job]:
    """The latest first, those whose time is over not among them."""
    expired = Q(expires_at__lte=timezone.now())
    return Job.objects.filter(kind=kind, place=place).exclude(expired).select_related("asked_by")


def workers_alive() -> set[str]:
    return set(Worker.objects.filter(seen_at__gte=timezone.now() - DEAD_AFTER).values_list("name", flat=True))


def is_anybody_working() -> bool:
    return Worker.objects.filter(seen_at__gte=timezone.now() - MISSED_AFTER).exists()


def queue() -> list[UUID]:
    """Tokens of all jobs that run or wait, the first one first."""
    unended = Job.objects.filter(state__in=UNENDED)
    return list(unended.order_by("made_at", "pk").values_list("pk", flat=True))

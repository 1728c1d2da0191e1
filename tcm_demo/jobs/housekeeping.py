"""What a worker clears away every half minute. Other rooms add theirs: `register(function)`."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tcm_demo.jobs import files
from tcm_demo.jobs.enums import UNENDED, JobState
from tcm_demo.jobs.models import Job, Worker

logger = logging.getLogger(__name__)
_chores: list[Callable[[], object]] = []
# what has ended is kept so long in the queue, for whoever looks for a fault
_KEPT_IN_QUEUE = timedelta(days=7)


def register(function: Callable[[], object]) -> Callable[[], object]:
    """Have this called every half minute, by one worker at least, in no request and in no transaction.

    It does little where there is little to do, and does no harm when two workers call it at once.
    """
    _chores.append(function)
    return function


def keep_house() -> None:
    """All of it; what fails is logged and keeps nothing else from being done."""
    for chore in _chores:
        try:
            chore()
        except Exception:
            logger.exception("housekeeping: %s.%s", chore.__module__, chore.__qualname__)


@register
def clear_away() -> int:
    """Delete jobs whose week is over, with their files, and files that belong to no job; how many jobs that were."""
    over = list(Job.objects.filter(expires_at__lte=timezone.now()).values_list("pk", flat=True))
    Job.objects.filter(pk__in=over).delete()
    stored = files.stored()
    if stored:
        # A job is there before its directory is; a failed one and a cancelled one have nothing to keep.
        kept = Job.objects.filter(state__in=(*UNENDED, JobState.DONE)).values_list("pk", flat=True)
        for token in stored - set(kept):
            files.drop(token)
    return len(over)


@register
def clear_queue() -> None:
    now = timezone.now()
    DBTaskResult.objects.finished().filter(finished_at__lte=now - _KEPT_IN_QUEUE).delete()
    Worker.objects.filter(seen_at__lte=now - timedelta(days=1)).delete()

"""A job as pages show it (templates/jobs/_job.html); any room's page includes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tcm_demo.jobs.enums import JobState
from tcm_demo.jobs.models import Job
from tcm_demo.jobs.queries import is_anybody_working, queue

# state -> light (tcm_demo/lib/lights.py); the word is the state's own
_LIGHTS = {
    JobState.WAITING: "open",
    JobState.RUNNING: "submitted",
    JobState.DONE: "accepted",
    JobState.FAILED: "returned",
    JobState.CANCELLED: "not_begun",
}
NOBODY_WORKS = "后台程序没有运行，请联系管理员。"


@dataclass(frozen=True)
class ShownJob:
    """`may_change`: cancel it, ask for it again. `waits_for`: why it has not begun; "" for all that do not wait."""

    job: Job
    light: str
    may_change: bool
    waits_for: str


def shown(jobs: Sequence[Job], may_change: Callable[[Job], bool]) -> list[ShownJob]:
    """The same jobs in the same order. Two queries where one of them waits, else none but those of `may_change`."""
    waits_for = _Waiting() if any(job.state == JobState.WAITING for job in jobs) else None
    return [
        ShownJob(job, _LIGHTS[job.state], may_change(job), waits_for(job) if job.state == JobState.WAITING else "")
        for job in jobs
    ]


class _Waiting:
    def __init__(self):
        self.queue = queue()
        self.has_worker = is_anybody_working()

    def __call__(self, job: Job) -> str:
        if not self.has_worker:
            return NOBODY_WORKS
        ahead = self.queue.index(job.token) if job.token in self.queue else 0  # it may have ended since it was read
        return f"前面还有 {ahead} 个。" if ahead else "马上开始。"

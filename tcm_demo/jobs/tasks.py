"""What stands in the queue."""

from uuid import UUID

from django_tasks import TaskContext, task

from tcm_demo.jobs import running

# Long work has a queue of its own, so that short work of others need not wait behind it.
LONG = "jobs"


@task(queue_name=LONG, takes_context=True)
def run_job(context: TaskContext, token: str) -> None:
    running.run(UUID(token), context.task_result.worker_ids[-1])

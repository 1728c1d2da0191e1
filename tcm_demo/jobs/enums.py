from django.db.models import TextChoices


class JobState(TextChoices):
    WAITING = "waiting", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "没有做成"
    CANCELLED = "cancelled", "已取消"


# somebody still works on it, or will
UNENDED = (JobState.WAITING, JobState.RUNNING)

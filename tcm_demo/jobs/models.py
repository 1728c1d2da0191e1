"""Long work that somebody asked for, and the workers that do it. What the work is about, only its kind knows."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from tcm_demo.jobs.enums import UNENDED, JobState


class Job(models.Model):
    token = models.UUIDField("编号", primary_key=True, default=uuid4, editable=False)
    # by which kinds.py finds the function that does it
    kind = models.CharField("种类", max_length=40)
    title = models.CharField("名称", max_length=200)
    arguments = models.JSONField("参数", default=dict)
    # of kind, place and arguments: what makes two jobs the same
    digest = models.CharField("摘要", max_length=64)
    place = models.CharField("所属地区代码", max_length=30)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="申请人", on_delete=models.CASCADE, related_name="jobs"
    )
    state = models.CharField("状态", max_length=10, choices=JobState, default=JobState.WAITING)
    # how far it is, in its own unit; a total of 0 is a length that is not known
    done = models.PositiveIntegerField("已做", default=0)
    total = models.PositiveIntegerField("共", default=0)
    words = models.CharField("正在做", max_length=200, blank=True)
    fault = models.CharField("没有做成的原因", max_length=600, blank=True)
    # below files.root()
    file_path = models.CharField("存放", max_length=200, blank=True)
    file_name = models.CharField("文件", max_length=200, blank=True)
    file_size = models.PositiveBigIntegerField("字节数", default=0)
    content_type = models.CharField("文件类型", max_length=100, blank=True)
    # sentences that who takes the file should read
    notes = models.JSONField("说明", default=list, blank=True)
    made_at = models.DateTimeField("申请时间")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    expires_at = models.DateTimeField("保留到", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("做过几次", default=0)
    # who does it now: the only one that may write how far it is, and that it is done
    worker = models.CharField("后台程序", max_length=64, blank=True)
    # the entry in the queue that is to do it
    task_id = models.CharField("队列编号", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["kind", "place", "-made_at"], name="job_of_place"),
            models.Index(fields=["expires_at"], name="job_expires"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=models.Q(state__in=UNENDED), name="job_asked_for_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unended(self) -> bool:
        return self.state in UNENDED


class Worker(models.Model):
    """One running `manage.py work`."""

    name = models.CharField("编号", max_length=32, primary_key=True)
    seen_at = models.DateTimeField("最后一次出现")

    class Meta:
        verbose_name = verbose_name_plural = "后台程序"

    def __str__(self) -> str:
        return self.name

"""A county's feature projects (一县一特色): what it does that others do not, and how far that is."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from institutions.models import County


class FeatureProject(models.Model):
    """One feature project of a county, for all plans that ask for one."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="feature_projects", verbose_name="地区")
    name = models.CharField("项目名称", max_length=60)
    aim = models.TextField("内容和目标", max_length=1000, blank=True)
    # the department or institution that sees to it, by name
    in_charge = models.CharField("责任单位", max_length=60, blank=True)
    start = models.DateField("开始", null=True, blank=True)
    end = models.DateField("计划完成", null=True, blank=True)
    # taken back: it counts no more, what was written about it stays
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "特色项目"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class FeatureStep(models.Model):
    """What was reported of a project's progress; never changed, a later step corrects an earlier one."""

    project = models.ForeignKey(FeatureProject, on_delete=models.PROTECT, related_name="steps")
    on = models.DateField("日期")
    # how much of it is done, in percent
    done = models.PositiveSmallIntegerField("完成进度", validators=[MaxValueValidator(100)])
    text = models.TextField("进展", max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField("填写人", max_length=150)
    created_at = models.DateTimeField("填写时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "特色项目进展"
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=models.Q(done__lte=100), name="feature_step_done")]

    def __str__(self) -> str:
        return f"{self.project}：{self.done}%"

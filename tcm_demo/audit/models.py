"""Who changed what. Rows are only ever added, and outlive their subjects: names are copied, not referred to."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Event(models.Model):
    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_name = models.CharField("操作人姓名", max_length=150)
    action = models.CharField("操作", max_length=60, db_index=True)
    place = models.CharField("所属地区代码", max_length=30, blank=True, db_index=True)
    subject_type = models.CharField("对象类型", max_length=60)
    subject_id = models.CharField("对象编号", max_length=60, blank=True)
    subject_name = models.CharField("对象名称", max_length=200, blank=True)
    before = models.JSONField("改前", null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField("改后", null=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = verbose_name_plural = "操作记录"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action} {self.subject_name}"

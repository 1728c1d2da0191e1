"""Who changed what. Rows are only ever added, and outlive their subjects: names are copied, not referred to.

The database itself refuses to change or delete events and seals (append_only.py). Nothing in the product deletes them:
they are kept for as long as the database is, so for the 180 days that the law asks for in any case.
"""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Event(models.Model):
    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    # A plain number to the database: that an account goes must neither be refused nor change what it did.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="操作人",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    actor_name = models.CharField("操作人姓名", max_length=150)
    action = models.CharField("操作", max_length=60, db_index=True)
    place = models.CharField("所属地区代码", max_length=30, blank=True, db_index=True)
    subject_type = models.CharField("对象类型", max_length=60)
    subject_id = models.CharField("对象编号", max_length=60, blank=True)
    subject_name = models.CharField("对象名称", max_length=200, blank=True)
    before = models.JSONField("改前", null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField("改后", null=True, encoder=DjangoJSONEncoder)
    # Where it came from (origin.py): a request has an address and a number, the command line a command.
    address = models.CharField("来源地址", max_length=45, blank=True)
    request_id = models.CharField("请求号", max_length=32, blank=True, db_index=True)
    command = models.CharField("命令", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "操作记录"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.action} {self.subject_name}"


class Seal(models.Model):
    """One link of the chain over the events (chain.py): its number counts from 1 without a gap."""

    number = models.BigIntegerField("封存号", primary_key=True)
    event = models.BigIntegerField("操作记录编号", unique=True)
    content = models.CharField("内容指纹", max_length=64)
    digest = models.CharField("链指纹", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "封条"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"


class Head(models.Model):
    """The end of the chain, in one row: whoever seals holds it."""

    number = models.BigIntegerField("封存号")
    digest = models.CharField("链指纹", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "末号"

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"


class Waiting(models.Model):
    """An event that has no seal yet: added with the event, gone with its seal."""

    event = models.BigIntegerField("操作记录编号", primary_key=True)

    class Meta:
        verbose_name = verbose_name_plural = "待封存"

    def __str__(self) -> str:
        return str(self.event)

"""The work on an item: who is in charge until when, what the county says of itself, and what happened."""

from django.conf import settings
from django.db import models

from assessments.enums import ItemStepKind
from assessments.models.campaign import Campaign
from assessments.models.evidence import Piece
from indicators.models import Item
from institutions.models import check_period


class ItemWork(models.Model):
    """Who is in charge (责任人) of an item in a campaign, and until when it is to be done."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="item_works")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="works")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="责任人",
    )
    due_on = models.DateField("完成时限", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "条目分工"
        constraints = [models.UniqueConstraint(fields=["campaign", "item"], name="item_work_once")]

    def __str__(self) -> str:
        return f"{self.item}"


class Statement(models.Model):
    """One version of the county's self-assessment statement (自评说明) on an item for a period.

    It is saved as one types: the last version of the same writer grows for a while, then a new one begins
    (work.services). The text of the highest number counts.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="statements")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="statements")
    period = models.CharField("填报期", max_length=7, validators=[check_period])
    number = models.PositiveIntegerField("版本号")
    text = models.TextField("自评说明", blank=True)
    # how often it was saved: what an editor saw last
    edition = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    begun_at = models.DateTimeField("开始时间")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "自评说明"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "item", "period", "number"], name="statement_number"),
        ]

    def __str__(self) -> str:
        return f"{self.item} 第 {self.number} 版"


class ItemStep(models.Model):
    """One thing that happened about an item in a county, in the order of time. Nothing changes or deletes one.

    Progress notes and the discussion are steps, too: `text` is what was written.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="steps")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="steps")
    period = models.CharField("填报期", max_length=7, blank=True)
    kind = models.CharField("事项", max_length=12, choices=ItemStepKind.choices)
    text = models.TextField("内容", blank=True)
    piece = models.ForeignKey(Piece, null=True, on_delete=models.PROTECT, related_name="steps")
    # names of the people whom a comment calls (@)
    mentioned = models.JSONField("提到", default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField("操作人", max_length=150)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "条目经过"
        ordering = ["pk"]
        indexes = [models.Index(fields=["campaign", "item", "kind"], name="item_step_kind")]

    def __str__(self) -> str:
        return f"{self.item} {self.get_kind_display()}"

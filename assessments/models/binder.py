"""The numbers that pieces of evidence bear in the binders (档案号)."""

from django.db import models

from assessments.models.campaign import Campaign
from assessments.models.evidence import Piece
from indicators.models import Item


class BinderNumber(models.Model):
    """The place of a piece in an item's binder, as 3 in 24-03: given when it is first printed, kept for ever."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="binder_numbers")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="binder_numbers")
    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="binder_numbers")
    number = models.PositiveIntegerField("序号")
    given_at = models.DateTimeField("编号时间")

    class Meta:
        verbose_name = verbose_name_plural = "档案号"
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "item", "piece"], name="binder_piece_once"),
            models.UniqueConstraint(fields=["campaign", "item", "number"], name="binder_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item.number}-{self.number:02d}"

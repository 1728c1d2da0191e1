"""How far a county is: the stored result of now, and snapshots of what it was."""

from django.conf import settings
from django.db import models

from indicators.models import Standard
from institutions.models import County, Institution


class Standing(models.Model):
    """The stored result of scoring a county against a standard with the figures as they are now.

    Kept up to date by standing_services, in the transaction of every write that it depends on, so that pages read one
    row. `result` is what `manage.py assess` prints. `contributions` (scoring.stored) is what all active institutions
    together give to each criterion: where one's figures change, its part is exchanged and nobody else is read, nor is
    the evidence.
    """

    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="standings")
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="standings")
    period = models.CharField("填报期", max_length=7)
    result = models.JSONField("结果")
    contributions = models.JSONField("合并的贡献", null=True, editable=False)
    # requirement code -> state of the evidence that was counted; null in rows of earlier versions
    evidence = models.JSONField("计入的佐证", null=True, editable=False)
    computed_at = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = verbose_name_plural = "当前达标情况"
        constraints = [
            models.UniqueConstraint(fields=["county", "standard", "period"], name="standing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.standard} {self.period}"


class InstitutionStanding(models.Model):
    """One institution's part in a standing: what the list of institutions filters and sorts by."""

    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="institutions")
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="standings")
    reported = models.BooleanField("已报")
    unmet = models.PositiveIntegerField("未达标指标数")
    unknown = models.PositiveIntegerField("数据不全指标数")
    # scoring.stored.fingerprint of the accepted values that the standing counts; "" in rows of earlier versions
    counted = models.CharField("计入数值的摘要", max_length=24, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "机构达标情况"
        constraints = [
            models.UniqueConstraint(fields=["standing", "institution"], name="institution_standing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.institution}"


class Assessment(models.Model):
    """A snapshot (scoring.md rule 13): what was computed, from which accepted reports, when and by whom."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="assessments")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="assessments")
    period = models.CharField("填报期", max_length=7)
    result = models.JSONField("结果")
    # [{"institution": code, "type": type, "values": {...} or null}], the evidence states, and the standard's digest
    inputs = models.JSONField("依据")
    digest = models.CharField("结果摘要", max_length=64)
    computed_at = models.DateTimeField("计算时间")
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="计算人"
    )
    # what people call it: 一次自评, 预评估, 迎检; once it is locked, name and note stay and it cannot be deleted
    name = models.CharField("名称", max_length=40, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    locked_at = models.DateTimeField("锁定时间", null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="锁定人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "自评存档"
        ordering = ["-computed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.county} {self.period} {self.name or '自评'}（{self.computed_at:%Y-%m-%d}）"


class MonthStanding(models.Model):
    """How far the county was at the end of a calendar month, or is in the running one: what "against last month" is
    measured by. Written with the standing itself, so a month in which nothing changed has no row: the latest before
    it counts."""

    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="month_standings")
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="month_standings")
    period = models.CharField("填报期", max_length=7)
    # "2026-11"
    month = models.CharField("月份", max_length=7)
    # as in Standing.result
    summary = models.JSONField("概况")
    coverage = models.JSONField("填报情况")
    # item number -> status
    items = models.JSONField("条目")
    # criterion code -> [status, exact value or null]
    criteria = models.JSONField("指标")
    computed_at = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = verbose_name_plural = "月度达标情况"
        ordering = ["month", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["county", "standard", "period", "month"], name="month_standing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.standard} {self.period}（{self.month}）"

"""A county works towards a standard: when, who leads it, and who its departments are."""

from django.conf import settings
from django.db import models

from indicators.enums import LeadingPart
from indicators.models import Department, Standard
from institutions.models import County, check_period


class Campaign(models.Model):
    """A county works towards a standard (创建工作)."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="campaigns", verbose_name="地区")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="campaigns", verbose_name="建设标准")
    inspection_on = models.DateField("评审日期", null=True, blank=True)
    # the period that its pages open with
    period = models.CharField("当前填报期", max_length=7, validators=[check_period])

    class Meta:
        verbose_name = verbose_name_plural = "创建工作"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["county", "standard"], name="campaign_once")]

    def __str__(self) -> str:
        return f"{self.county}：{self.standard}"


class CampaignPhase(models.Model):
    """A phase (阶段) of the county's own schedule; phases may overlap and lie in the past."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="phases")
    position = models.PositiveIntegerField("顺序")
    name = models.CharField("阶段", max_length=50)
    start = models.DateField("开始")
    end = models.DateField("结束")
    # one task a line
    tasks = models.TextField("任务", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "创建阶段"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="campaign_phase_end"),
        ]

    def __str__(self) -> str:
        return self.name


class LeadingMember(models.Model):
    """A member of the county's leading group (领导小组)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="leading_members")
    position = models.PositiveIntegerField("顺序")
    part = models.CharField("组内职务", max_length=10, choices=LeadingPart.choices, default=LeadingPart.MEMBER)
    # blank until the county says who holds the seat that its plan names by office alone
    name = models.CharField("姓名", max_length=40, blank=True)
    # unit and office, as 区卫生健康局局长
    office = models.CharField("单位及职务", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "领导小组成员"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name or self.office


class CampaignDepartment(models.Model):
    """What a department of the standard is called in this county, and who is its contact person (联络员).

    Groups of the standard (领导小组成员单位) have no row: they stand for their members.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="departments")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name="标准中的部门")
    name = models.CharField("本地名称", max_length=60)
    # other spellings: a liaison's grant may bear any of them
    aliases = models.JSONField("别称", default=list, blank=True)
    # an account of the program, where the contact person has one
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="账号",
    )
    contact_name = models.CharField("联络员", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=30, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "本县（区）部门"
        ordering = ["department__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "department"], name="campaign_department_once"),
            models.UniqueConstraint(fields=["campaign", "name"], name="campaign_department_name"),
        ]

    def __str__(self) -> str:
        return self.name

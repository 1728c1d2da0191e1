"""Who reports, and what they reported."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from indicators.enums import InstitutionType
from institutions.checks import check_county, check_institution
from institutions.credit_code import is_credit_code
from institutions.enums import CountyLevel, ReportState, Role
from institutions.period import Period


def check_credit_code(value: str) -> None:
    if not is_credit_code(value):
        raise ValidationError("统一社会信用代码校验不通过，请对照证照核对 18 位代码。")


def check_period(value: str) -> None:
    try:
        Period.parse(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class County(models.Model):
    """A county (区县), or a prefecture (市) that has counties below it."""

    code = models.CharField("代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=12, choices=CountyLevel.choices, default=CountyLevel.COUNTY)
    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="counties"
    )

    class Meta:
        verbose_name = verbose_name_plural = "地区"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        check_county(self)


class Grant(models.Model):
    """What one person may do in one county. Without a grant a county does not exist for that person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="grants", verbose_name="地区")
    role = models.CharField("角色", max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = verbose_name_plural = "授权"
        constraints = [models.UniqueConstraint(fields=["user", "county", "role"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.user}：{self.county}{self.get_role_display()}"


class Institution(models.Model):
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="institutions", verbose_name="地区")
    code = models.CharField("机构编码", max_length=40)
    name = models.CharField("机构名称", max_length=100)
    type = models.CharField("机构类型", max_length=20, choices=InstitutionType.choices)
    town = models.CharField("所在镇（街道）", max_length=40, blank=True)
    manager = models.ForeignKey(
        "self", verbose_name="上级机构", null=True, blank=True, on_delete=models.PROTECT, related_name="managed"
    )
    opened_on = models.DateField("启用日期", null=True, blank=True)
    # the first day on which it is no longer active
    closed_on = models.DateField("停用日期", null=True, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True, validators=[check_credit_code])
    remark = models.CharField("备注", max_length=200, blank=True)
    # the place in the county's own list
    position = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "机构"
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="institution_code")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        check_institution(self)

    def is_active_on(self, day) -> bool:
        return (self.opened_on is None or self.opened_on <= day) and (self.closed_on is None or self.closed_on > day)


class Report(models.Model):
    """One institution's values for one period.

    `values` is one JSON object by element code: integers as numbers, yes/no as true/false, a choice as its number,
    decimals as text ("600.5", so that nothing binary touches them). An element that is not there is missing.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="reports")
    period = models.CharField("填报期", max_length=7, validators=[check_period])
    state = models.CharField("状态", max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    values = models.JSONField("数值", default=dict)
    accepted_at = models.DateTimeField("接受时间", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    updated_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = verbose_name_plural = "填报"
        constraints = [models.UniqueConstraint(fields=["institution", "period"], name="report_once")]
        indexes = [models.Index(fields=["period", "state"], name="report_period_state")]

    def __str__(self) -> str:
        return f"{self.institution} {self.period}"


class HeadingMatch(models.Model):
    """A ledger heading that the county once matched by hand: to an element, or to nothing (leave the column out)."""

    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="heading_matches")
    heading = models.CharField("表头", max_length=200)
    element_code = models.CharField("数据元", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "表头对应"
        constraints = [models.UniqueConstraint(fields=["county", "heading"], name="heading_once")]

    def __str__(self) -> str:
        return self.heading


class LedgerUpload(models.Model):
    """A ledger on its way in: uploaded, looked at, and then written or dropped."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="ledger_uploads")
    period = models.CharField("填报期", max_length=7, validators=[check_period])
    file = models.FileField("文件", upload_to="ledgers/")
    file_name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    written_at = models.DateTimeField("写入时间", null=True, blank=True)
    # what was written: counts by kind, for the page that says so
    outcome = models.JSONField("结果", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "台账导入"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name

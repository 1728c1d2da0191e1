"""Who reports, and what they reported."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from indicators.enums import InstitutionType
from institutions.checks import check_county, check_grant, check_institution
from institutions.credit_code import is_credit_code
from institutions.enums import CountyLevel, ReportState, Role, StepKind
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
    # small offices: who submits or imports figures may accept them, too; the trail then says so
    one_person_checks = models.BooleanField("允许同一人提交并接受", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "地区"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        check_county(self)


class Grant(models.Model):
    """What one person may do in one county. Without a grant a county does not exist for that person.

    A data clerk's is for one institution, a liaison's for one department (by its name, as the county's standards spell
    it); all others are for the county.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="grants", verbose_name="地区")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    institution = models.ForeignKey(
        "Institution", null=True, blank=True, on_delete=models.CASCADE, related_name="grants", verbose_name="机构"
    )
    department = models.CharField("部门", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "授权"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "county", "role", "department"],
                condition=models.Q(institution__isnull=True),
                name="grant_once",
            ),
            models.UniqueConstraint(fields=["user", "role", "institution"], name="grant_institution_once"),
            models.CheckConstraint(
                condition=models.Q(role=Role.DATA_CLERK, institution__isnull=False)
                | ~models.Q(role=Role.DATA_CLERK) & models.Q(institution__isnull=True),
                name="grant_institution_of_clerk",
            ),
            models.CheckConstraint(
                condition=models.Q(role=Role.LIAISON) & ~models.Q(department="")
                | ~models.Q(role=Role.LIAISON) & models.Q(department=""),
                name="grant_department_of_liaison",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.county}{self.scope_name}{self.get_role_display()}"

    @property
    def scope_name(self) -> str:
        """The institution or department that it is for; "" where it is for the county."""
        return self.institution.name if self.institution_id else self.department

    def clean(self) -> None:
        check_grant(self)


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


class Round(models.Model):
    """A reporting round (填报任务): which institutions report which elements of a period, from when, by when."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="rounds", verbose_name="地区")
    period = models.CharField("填报期", max_length=7, validators=[check_period])
    # codes of data elements, institution types; empty: all of them
    elements = models.JSONField("数据元", default=list, blank=True)
    types = models.JSONField("机构类型", default=list, blank=True)
    opens_on = models.DateField("开放日期")
    # the last day on which a report is in time
    due_on = models.DateField("截止日期")
    note = models.CharField("填报说明", max_length=500, blank=True)
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)
    # what was missing when it was closed: [{"code", "name", "state", "missing": n}]
    missing_at_close = models.JSONField("关闭时缺报", default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "填报任务"
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["county", "period"], name="round_once"),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("opens_on")), name="round_due_after_opening"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.county}{Period.parse(self.period)}填报"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def is_open_on(self, day) -> bool:
        """Whether institutions can fill in: also after the deadline, until the county closes it."""
        return self.closed_at is None and self.opens_on <= day


class Report(models.Model):
    """One institution's figures for one period.

    `values` is one JSON object by element code, as the institution has entered it: integers as numbers, yes/no as
    true/false, a choice as its number, decimals as text ("600.5", so that nothing binary touches them). An element that
    is not there is missing. `accepted` holds, in the same form, the figures that the county office has accepted: they
    alone are counted (scoring.md rule 2, figure by figure). Both change only through filling_services, review_services
    and imports, which also write the ReportStep.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="reports")
    period = models.CharField("填报期", max_length=7, validators=[check_period])
    state = models.CharField("状态", max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    values = models.JSONField("数值", default=dict)
    accepted = models.JSONField("已接受的数值", default=dict, blank=True)
    # element code -> what was typed there and cannot be read as a value: kept until it is mended
    unread = models.JSONField("未能识别的内容", default=dict, blank=True)
    # element code -> why the county office returned it; "" for the report as a whole
    returned = models.JSONField("退回理由", default=dict, blank=True)
    # key of a caution -> the institution's words on it, and the sentence they are on (filling.explanations)
    explanations = models.JSONField("说明", default=dict, blank=True)
    # the warnings with which it was submitted, as filling.warnings.Warning.as_json; and how many
    warnings = models.JSONField("提示", default=list, blank=True)
    warning_count = models.PositiveIntegerField("提示数", default=0)
    # digest of its numbers (filling.twins), by which copies are found; "" where it has too few to tell
    fingerprint = models.CharField("数值摘要", max_length=64, blank=True, db_index=True)
    # pk of everybody who entered, imported or submitted figures that are not accepted yet: they do not accept them
    hands = models.JSONField("经手人", default=list, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
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


class ReportStep(models.Model):
    """One thing done to a report, by whom, when and why. Kept forever; nothing changes or deletes one."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField("操作", max_length=10, choices=StepKind.choices)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField("操作人", max_length=150)
    # the managing institution whose clerk did it for this one (代报)
    proxy = models.ForeignKey(
        Institution, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="代报机构"
    )
    reason = models.CharField("理由", max_length=500, blank=True)
    # element code -> [old value, new value]; null: missing
    cells = models.JSONField("改动", default=dict, blank=True)
    # of an acceptance or a return: element code -> reason ("" where there is none)
    marks = models.JSONField("逐项结论", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "填报经过"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.report} {self.get_kind_display()}"


class Reminder(models.Model):
    """An institution was reminded that its report is late."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="reminders")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="reminders")
    at = models.DateTimeField("时间")
    by_name = models.CharField("催报人", max_length=150)
    # how many people were told; 0: nobody has an account for it
    people = models.PositiveIntegerField("通知人数")

    class Meta:
        verbose_name = verbose_name_plural = "催报"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.institution} {self.at:%Y-%m-%d}"


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
    # at whose form a data clerk uploaded it: it is the clerk's own then; null: the county office's
    institution = models.ForeignKey(
        Institution, null=True, on_delete=models.CASCADE, related_name="+", verbose_name="机构"
    )
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

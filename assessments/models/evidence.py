"""Evidence (佐证材料): pieces with their versions, what they are used for, and the county office's word."""

import uuid

from django.conf import settings
from django.db import models

from assessments.enums import EvidenceState, PlacementState
from assessments.files.enums import FileKind
from indicators.models import EvidenceRequirement
from institutions.models import County, Institution, check_period


class Piece(models.Model):
    """One document or picture of a county, whatever its versions; it may serve several items and years.

    Its date is the document's own, not that of the upload. `first_year`..`last_year`: the years that it is good for
    (a plan of 2023 for 2023 to 2025); without them the document's year alone.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="pieces", verbose_name="地区")
    title = models.CharField("题名", max_length=120)
    document_date = models.DateField("文件日期", null=True, blank=True)
    document_number = models.CharField("文号", max_length=60, blank=True)
    issuer = models.CharField("责任者", max_length=80, blank=True)
    first_year = models.PositiveSmallIntegerField("适用年度起", null=True, blank=True)
    last_year = models.PositiveSmallIntegerField("适用年度止", null=True, blank=True)
    # the last day on which it holds, of certificates
    valid_until = models.DateField("有效期至", null=True, blank=True)
    # the version that counts now; the older ones stay
    version = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ["pk"]
        indexes = [models.Index(fields=["county", "made_at"], name="piece_county_made")]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """One file of a piece, as it was uploaded; never changed, never deleted.

    `file` and `shown` are names in the storage "evidence" (settings.STORAGES), chosen by us: nothing of the uploader's
    name is in them. `shown`: the PDF made of an Office file, "" where there is none.
    """

    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本号")
    file = models.CharField("存放处", max_length=100, unique=True)
    file_name = models.CharField("文件名", max_length=150)
    size = models.BigIntegerField("大小")
    sha256 = models.CharField(max_length=64, db_index=True)
    kind = models.CharField("类型", max_length=10, choices=FileKind.choices)
    extension = models.CharField("扩展名", max_length=8)
    mime = models.CharField(max_length=100)
    pages = models.PositiveIntegerField("页数", null=True, blank=True)
    # sentences to heed: looks like an identity number, holds scripts
    notes = models.JSONField("提醒", default=list, blank=True)
    shown = models.CharField("预览用 PDF", max_length=100, blank=True)
    # when the background work on it (pages, PDF form) was done; `fault`: why an Office file has no PDF form
    prepared_at = models.DateTimeField("处理时间", null=True, blank=True)
    fault = models.CharField("处理说明", max_length=200, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "佐证版本"
        ordering = ["piece", "number"]
        constraints = [models.UniqueConstraint(fields=["piece", "number"], name="evidence_version_number")]

    def __str__(self) -> str:
        return f"{self.piece} 第 {self.number} 版"


class Placement(models.Model):
    """A piece is used for a requirement, perhaps for one institution of it; each use is accepted or returned."""

    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="placements")
    requirement = models.ForeignKey(EvidenceRequirement, on_delete=models.PROTECT, related_name="placements")
    institution = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="placements", verbose_name="机构"
    )
    state = models.CharField(
        "状态", max_length=10, choices=PlacementState.choices, default=PlacementState.UPLOADED, db_index=True
    )
    reason = models.CharField("退回理由", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="审核人"
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    placed_at = models.DateTimeField("提交时间")

    class Meta:
        verbose_name = verbose_name_plural = "佐证用途"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["piece", "requirement"],
                condition=models.Q(institution__isnull=True),
                name="placement_once",
            ),
            models.UniqueConstraint(fields=["piece", "requirement", "institution"], name="placement_institution_once"),
        ]

    def __str__(self) -> str:
        return f"{self.piece}：{self.requirement}"


class EvidenceJudgement(models.Model):
    """The county office's word on one evidence requirement for one period; without a row its pieces decide."""

    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="evidence_judgements")
    requirement = models.ForeignKey(EvidenceRequirement, on_delete=models.PROTECT, related_name="judgements")
    period = models.CharField("填报期", max_length=7, validators=[check_period])
    state = models.CharField("结论", max_length=10, choices=EvidenceState.choices)
    reason = models.CharField("理由", max_length=300, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="认定人"
    )
    judged_at = models.DateTimeField("认定时间")

    class Meta:
        verbose_name = verbose_name_plural = "佐证认定"
        constraints = [
            models.UniqueConstraint(fields=["county", "requirement", "period"], name="judgement_once"),
        ]

    def __str__(self) -> str:
        return f"{self.requirement}：{self.get_state_display()}"


class Upload(models.Model):
    """A file on its way in, which may be interrupted and taken up again (tus): `received` of `size` bytes are there.

    What it is for: a requirement, perhaps for one institution, or a new version of a piece (`replaces`). The bytes lie
    in settings.UPLOAD_DIR under the token. When it is whole it becomes a version of `piece`, and the row stays a while
    so that whoever asks again is told so.
    """

    token = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="+")
    requirement = models.ForeignKey(EvidenceRequirement, null=True, on_delete=models.CASCADE, related_name="+")
    institution = models.ForeignKey(Institution, null=True, on_delete=models.CASCADE, related_name="+")
    replaces = models.ForeignKey(Piece, null=True, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField("文件名", max_length=150)
    size = models.BigIntegerField("大小")
    received = models.BigIntegerField("已收到", default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField("开始时间")
    touched_at = models.DateTimeField("最近一次收到", db_index=True)
    piece = models.ForeignKey(Piece, null=True, on_delete=models.CASCADE, related_name="+")
    # why the whole file was not taken; `piece` is then the one that is this very file, where that was why
    fault = models.CharField("未收下的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "上传"

    def __str__(self) -> str:
        return self.file_name

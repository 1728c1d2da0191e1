from django.db import models


class EvidenceState(models.TextChoices):
    """How a county stands with an evidence requirement."""

    OPEN = "open", "待认定"
    ACCEPTED = "accepted", "已认可"
    FAILING = "failing", "不合格"


class PlacementState(models.TextChoices):
    """What became of a piece of evidence at one requirement."""

    UPLOADED = "uploaded", "待审核"
    ACCEPTED = "accepted", "已接受"
    RETURNED = "returned", "已退回"


class ItemStepKind(models.TextChoices):
    """What happened about an item (ItemStep)."""

    UPLOADED = "uploaded", "上传佐证"
    REPLACED = "replaced", "更换版本"
    DESCRIBED = "described", "修改文件信息"
    PLACED = "placed", "用于本条"
    DISPLACED = "displaced", "不再用于本条"
    WITHDRAWN = "withdrawn", "撤回佐证"
    ACCEPTED = "accepted", "接受佐证"
    RETURNED = "returned", "退回佐证"
    JUDGED = "judged", "认定"
    DEMANDED = "demanded", "增改佐证要求"
    STATEMENT = "statement", "自评说明"
    NOTE = "note", "工作进展"
    COMMENT = "comment", "讨论"
    CHARGE = "charge", "责任人和时限"

from django.db import models


class EvidenceState(models.TextChoices):
    OPEN = "open", "待认定"
    ACCEPTED = "accepted", "已认可"
    FAILING = "failing", "不合格"

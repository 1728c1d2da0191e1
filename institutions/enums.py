from django.db import models


class CountyLevel(models.TextChoices):
    COUNTY = "county", "县（区）"
    PREFECTURE = "prefecture", "市"


class ReportState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "已接受"


class Role(models.TextChoices):
    """What a grant lets a person do in its county."""

    COUNTY_OFFICE = "county_office", "创建办"
    LEADERSHIP = "leadership", "领导"

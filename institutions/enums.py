from django.db import models


class CountyLevel(models.TextChoices):
    COUNTY = "county", "县（区）"
    PREFECTURE = "prefecture", "市"


class ReportState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "已接受"


class StepKind(models.TextChoices):
    """What was done to a report (ReportStep)."""

    SAVED = "saved", "填写"
    COPIED = "copied", "沿用上期"
    IMPORTED = "imported", "导入"
    SUBMITTED = "submitted", "提交"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "接受"


class ImportWay(models.TextChoices):
    """What becomes of the figures of a file that somebody imports in the browser."""

    DRAFT = "draft", "存为草稿"
    SUBMIT = "submit", "提交"
    # small offices, where one person may do both (County.one_person_checks)
    ACCEPT = "accept", "提交并接受"


class Role(models.TextChoices):
    """What a grant lets a person do in its county (see access.py); in the order in which people list them."""

    DATA_CLERK = "data_clerk", "填报员"
    REVIEWER = "reviewer", "审核员"
    COUNTY_OFFICE = "county_office", "创建办管理员"
    LIAISON = "liaison", "部门联络员"
    LEADERSHIP = "leadership", "领导"
    EXPERT = "expert", "评审专家"
    PREFECTURE = "prefecture", "市级"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    AUDITOR = "auditor", "审计员"

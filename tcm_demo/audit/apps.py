from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "tcm_demo.audit"
    label = "audit"
    verbose_name = "操作留痕"

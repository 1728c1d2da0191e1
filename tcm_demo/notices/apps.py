from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tcm_demo.notices"
    label = "notices"
    verbose_name = "通知"

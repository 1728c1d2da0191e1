from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "tcm_demo.jobs"
    label = "jobs"
    verbose_name = "后台任务"

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "达标评估"

    def ready(self):
        from assessments import listeners  # noqa: F401 - registers what follows a change of figures
        from assessments.binders import jobs  # noqa: F401 - tells the worker what binders are

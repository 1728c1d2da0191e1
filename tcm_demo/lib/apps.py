from django.apps import AppConfig


class LibConfig(AppConfig):
    """Small helpers without a domain; an app only so that its template tags are found."""

    name = "tcm_demo.lib"
    label = "lib"

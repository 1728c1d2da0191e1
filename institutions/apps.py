from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "institutions"
    verbose_name = "机构与填报"

    def ready(self):
        from indicators import hooks
        from institutions import access

        hooks.owners_for.register(access.owners_for)

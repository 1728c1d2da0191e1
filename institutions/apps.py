from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "institutions"
    verbose_name = "机构与填报"

    def ready(self):
        from indicators import hooks
        from institutions import access, element_uses

        hooks.owners_for.register(access.owners_for)
        hooks.uses_of_element.register(element_uses.uses_of)
        hooks.element_removed.register(element_uses.forget)

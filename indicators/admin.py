"""Standards in the admin: to be looked at, and departments and items exchanged as Excel tables with a preview."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from import_export.admin import ImportExportMixin

from indicators.models import Department, Element, EvidenceRequirement, Item, Standard
from indicators.requirement_resources import RequirementResource
from indicators.resources import DepartmentResource, ItemResource
from indicators.words import requirement_words
from tcm_demo.audit.exports import RecordedExport
from tcm_demo.lib.table_format import Workbook


class ReadOnlyAdmin(admin.ModelAdmin):
    """What is written goes through `load_standard` or an import, which check and leave a trail."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class TableAdmin(RecordedExport, ImportExportMixin, ReadOnlyAdmin):
    import_formats = export_formats = [Workbook]

    def has_import_permission(self, request):
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def process_result(self, result, request):
        """Between preview and confirmation the world may have changed: say so instead of claiming success."""
        if not (result.has_errors() or result.has_validation_errors()):
            return super().process_result(result, request)
        reasons = [str(error.error) for error in result.base_errors]
        reasons += [str(error.error) for _, errors in result.row_errors() for error in errors]
        reasons += [message for row in result.invalid_rows for message in row.error.messages]
        messages.error(request, f"没有导入：{'；'.join(reasons)}")
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))


@admin.register(Element)
class ElementAdmin(ReadOnlyAdmin):
    list_display = ("name", "code", "group", "value_type", "unit")
    list_filter = ("group", "value_type")
    search_fields = ("name", "code", "definition")


@admin.register(Standard)
class StandardAdmin(ReadOnlyAdmin):
    list_display = ("title", "code", "version", "state", "source_document", "source_date", "loaded_at")
    list_filter = ("state",)


@admin.register(Department)
class DepartmentAdmin(TableAdmin):
    export_word = "departments"
    resource_classes = [DepartmentResource]
    list_display = ("name", "standard", "aliases", "members")
    list_filter = ("standard",)
    list_select_related = ("standard",)
    search_fields = ("name",)


@admin.register(Item)
class ItemAdmin(TableAdmin):
    export_word = "items"
    resource_classes = [ItemResource]
    list_display = ("number", "title", "section", "points", "standard")
    list_filter = ("standard", "section")
    list_select_related = ("standard", "section")
    search_fields = ("number", "title", "requirement")


@admin.register(EvidenceRequirement)
class EvidenceRequirementAdmin(TableAdmin):
    """The standards' own: what a county added is looked at on its pages."""

    export_word = "requirements"
    resource_classes = [RequirementResource]
    list_display = ("code", "text", "required", "details", "standard")
    list_filter = ("item__standard", "required", "year", "seen_as")
    list_select_related = ("item__standard",)
    search_fields = ("code", "text")
    ordering = ("item__standard", "item__position", "position")

    @admin.display(description="要求")
    def details(self, requirement: EvidenceRequirement) -> str:
        return requirement_words(requirement)

    @admin.display(description="建设标准")
    def standard(self, requirement: EvidenceRequirement) -> Standard:
        return requirement.item.standard

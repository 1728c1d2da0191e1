"""The registries in the admin. Whatever is written goes through institutions.registry, so it is on the audit trail."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm

from institutions import registry
from institutions.access import counties_for, counties_of_people, counties_to_write, may_write
from institutions.models import County, Grant, Institution
from institutions.people.authority import Authority
from institutions.registry_columns import Workbook
from institutions.resources import InstitutionResource
from tcm_demo.audit.exports import RecordedExport


class RegistryAdmin(admin.ModelAdmin):
    """Rows of the counties that the person may read; changes only where they may write."""

    list_per_page = 50
    write = remove = None  # functions of institutions.registry

    def county_of(self, row) -> County:
        return row.county

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may_write(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._may_write(request, obj)

    def _may_write(self, request, row) -> bool:
        return row is None or may_write(request.user, self.county_of(row))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is County:
            kwargs["queryset"] = counties_to_write(request.user)
        elif db_field.related_model is Institution:
            kwargs["queryset"] = Institution.objects.filter(county__in=counties_to_write(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        type(self).write(obj, by=request.user)

    def delete_model(self, request, obj):
        type(self).remove(obj, by=request.user)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for row in queryset:
            self.delete_model(request, row)


@admin.register(County)
class CountyAdmin(RegistryAdmin):
    list_display = ["code", "name", "level", "parent"]
    search_fields = ["code", "name"]
    write, remove = registry.save_county, registry.delete_county

    def county_of(self, row) -> County:
        return row

    def get_queryset(self, request):
        return counties_for(request.user).select_related("parent")


class GrantForm(forms.ModelForm):
    """`by`, whose authority counts, is set on the class by the admin."""

    by = None

    class Meta:
        labels = {"user": "用户"}

    def clean(self):
        given = super().clean()
        if given.get("user") and given.get("county") and given.get("role"):
            grant = Grant(**{name: given[name] for name in ("user", "county", "role")})
            if fault := Authority(self.by).fault_of_grant(grant):
                raise ValidationError(fault)
        return given


@admin.register(Grant)
class GrantAdmin(RegistryAdmin):
    """Given and taken back; to change one, take it back and give another."""

    form = GrantForm
    list_display = ["person", "county", "role", "institution", "department"]
    list_filter = ["role", ("county", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["user__username", "user__display_name", "institution__name", "department"]
    fields = ["user", "county", "role", "institution", "department"]
    autocomplete_fields = ["user", "institution"]
    write, remove = registry.save_grant, registry.revoke_grant

    class Media:
        js = ["js/admin-grant.js"]

    @admin.display(description="用户", ordering="user__username")
    def person(self, grant) -> str:
        return f"{grant.user}（{grant.user.username}）"

    def get_queryset(self, request):
        grants = super().get_queryset(request).select_related("user", "county", "institution")
        return grants.filter(county__in=counties_of_people(request.user))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        allowed = admin.ModelAdmin.has_delete_permission(self, request, obj)
        return allowed and (obj is None or Authority(request.user).fault_of_grant(obj) is None)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        counties = counties_of_people(request.user)
        if db_field.name == "county":
            kwargs["queryset"] = counties
        elif db_field.name == "institution":
            kwargs["queryset"] = Institution.objects.filter(county__in=counties)
        return admin.ModelAdmin.formfield_for_foreignkey(self, db_field, request, **kwargs)


@admin.register(Institution)
class InstitutionAdmin(RecordedExport, ImportExportMixin, RegistryAdmin):
    export_word = "institutions"
    resource_classes = [InstitutionResource]
    formats = [Workbook]
    export_form_class = ExportForm
    import_template_name = "admin/institutions/import.html"
    skip_admin_log = True  # the audit trail has it
    list_display = ["code", "name", "type", "town", "manager", "opened_on", "closed_on"]
    list_filter = [("county", admin.RelatedOnlyFieldListFilter), "type"]
    search_fields = ["code", "name", "town"]
    autocomplete_fields = ["manager"]
    fieldsets = [
        (None, {"fields": ["county", "code", "name", "type", "town", "manager", "credit_code"]}),
        ("启用与停用", {"fields": ["opened_on", "closed_on"], "description": "停用日期是不再在用的第一天。"}),
        (None, {"fields": ["remark", "position"]}),
    ]
    write, remove = registry.save_institution, registry.delete_institution

    def get_queryset(self, request):
        institutions = super().get_queryset(request).select_related("county", "manager")
        return institutions.filter(county__in=counties_for(request.user))

    def get_search_results(self, request, queryset, search_term):
        """Beside a grant's county (static/js/admin-grant.js sends it) only institutions of that county are offered."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        county = request.GET.get("county", "")
        return (found.filter(county=county) if county.isdecimal() else found), may_repeat

    def get_readonly_fields(self, request, obj=None):
        return ["county"] if obj else []  # its figures belong to that county

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def export_place(self, queryset) -> str:
        codes = set(queryset.order_by().values_list("county__code", flat=True))
        return codes.pop() if len(codes) == 1 else ""

    def get_resource_kwargs(self, request, *args, **kwargs):
        return {"user": request.user}

    def get_import_data_kwargs(self, **kwargs):
        return super().get_import_data_kwargs(**kwargs) | {"rollback_on_validation_errors": True}

    def add_data_read_fail_error_to_form(self, form, e):
        sentence = str(e) if isinstance(e, ValueError) else "文件不能读取。请用 Excel 或 WPS 另存为 .xlsx 后再上传。"
        form.add_error("import_file", sentence)

    def process_result(self, result, request):
        if result.has_errors() or result.has_validation_errors():
            # somebody else wrote between the preview and the confirmation
            messages.error(request, "核对之后名册又有变动，这次没有写入任何内容。请重新上传核对。")
            return HttpResponseRedirect(reverse("admin:institutions_institution_import"))
        return super().process_result(result, request)

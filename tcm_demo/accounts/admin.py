"""Accounts in the admin. What a person may do in a county is granted there (institutions.Grant)."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.generic import RedirectView
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm

from tcm_demo.accounts import factor_services, services
from tcm_demo.accounts.models import FailedSignIn, User
from tcm_demo.accounts.resources import AccountResource
from tcm_demo.accounts.views.sign_in import SignOutView, staff_sign_in
from tcm_demo.audit.exports import RecordedExport
from tcm_demo.lib.table_format import Workbook

admin.site.site_title = admin.site.site_header = "示范县创建工作台 · 后台管理"
admin.site.index_title = "名册、账号与授权"
# One way in and out for everybody: with locks, the second factor and the trail
admin.site.login = staff_sign_in
admin.site.logout = SignOutView.as_view()
admin.site.password_change = RedirectView.as_view(pattern_name="accounts:password")
admin.site.unregister(Group)  # roles are granted by county, not by group
admin.site.unregister([TOTPDevice, StaticDevice])  # they would show the keys of others


class AccountForm(UserChangeForm):
    def clean(self):
        given = super().clean()
        apart = set(settings.ROLES_APART_FROM_SUPERUSERS)
        if given.get("is_superuser") and apart & import_string(settings.ACCOUNT_ROLES)(self.instance):
            self.add_error("is_superuser", "这个人是审计员，不能同时是超级用户：请先收回审计员的授权。")
        return given


@admin.register(User)
class AccountAdmin(RecordedExport, ImportExportMixin, UserAdmin):
    export_word = "accounts"
    form = AccountForm
    resource_classes = [AccountResource]
    formats = [Workbook]
    export_form_class = ExportForm
    import_template_name = "admin/accounts/import.html"
    skip_admin_log = True  # the audit trail has it
    list_display = ["username", "display_name", "phone", "is_active", "expires_on", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["username", "display_name", "phone"]
    filter_horizontal = ["user_permissions"]
    readonly_fields = ["last_login", "date_joined", "must_change_password"]
    fieldsets = [
        (None, {"fields": ["username", "password", "must_change_password"]}),
        ("个人信息", {"fields": ["display_name", "phone", "email"]}),
        ("后台权限", {"fields": ["is_active", "expires_on", "is_staff", "is_superuser", "user_permissions"]}),
        ("登录", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "display_name", "phone", "password1", "password2"]})]
    actions = ["reset_passwords", "unlock", "end_sessions", "turn_off_second_factor"]

    # Whoever may change an account may take it over, an auditor's too: that is for superusers alone. Staff to whom
    # the permission was given see accounts; the county's office and system administrators have pages of their own.
    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return False  # the trail names people for good: accounts are made inactive

    def has_import_permission(self, request):
        return request.user.is_superuser

    def has_export_permission(self, request):
        return request.user.is_superuser

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
            messages.error(request, "核对之后账号又有变动，这次没有写入任何内容。请重新上传核对。")
            return HttpResponseRedirect(reverse("admin:accounts_user_import"))
        if result.totals["new"]:
            messages.info(request, "新账号还不能登录：请勾选它们，用“重置密码（给一次性密码）”打印一次性密码。")
        return super().process_result(result, request)

    def get_queryset(self, request):
        accounts = super().get_queryset(request)
        return accounts if request.user.is_superuser else accounts.filter(is_superuser=False)

    def get_fieldsets(self, request, obj=None):
        """Who only looks sees nothing of the password."""
        sets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return sets
        return [(title, {"fields": [name for name in each["fields"] if name != "password"]}) for title, each in sets]

    def save_model(self, request, obj, form, change):
        services.save_account(obj, by=request.user)

    def save_related(self, request, form, formsets, change):
        before = services.permissions_of(form.instance)
        super().save_related(request, form, formsets, change)
        services.record_permissions(form.instance, before, by=request.user)

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            services.password_was_set(self.get_object(request, id), by=request.user)
        return response

    @admin.action(description="重置密码（给一次性密码）", permissions=["change"])
    def reset_passwords(self, request, queryset):
        # Shown in this answer alone: a message would travel in a cookie.
        given = [(user, services.reset_password(user, by=request.user)) for user in queryset]
        context = self.admin_site.each_context(request) | {"title": "一次性密码", "given": given}
        response = TemplateResponse(request, "admin/accounts/one_time_passwords.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    @admin.action(description="解除登录锁定", permissions=["change"])
    def unlock(self, request, queryset):
        for user in queryset:
            services.unlock_account(user, by=request.user)
        messages.success(request, "已解除所选账号的登录锁定。网络地址被锁定的，请到“登录失败”里解除。")

    @admin.action(description="结束全部登录", permissions=["change"])
    def end_sessions(self, request, queryset):
        count = sum(services.end_sessions(user, by=request.user) for user in queryset)
        messages.success(request, f"已结束 {count} 个登录。")

    @admin.action(description="停用动态口令（换手机）", permissions=["change"])
    def turn_off_second_factor(self, request, queryset):
        count = sum(factor_services.turn_off(user, by=request.user) for user in queryset)
        messages.success(request, f"已停用 {count} 个账号的动态口令。")


@admin.register(FailedSignIn)
class FailureAdmin(admin.ModelAdmin):
    """Failed sign-ins that still count; taking them back unlocks."""

    list_display = ["account", "address", "failures", "at"]
    search_fields = ["username", "ip_address"]
    actions = ["unlock_addresses"]
    list_display_links = None

    @admin.display(description="用户名", ordering="username")
    def account(self, row):
        return row.username

    @admin.display(description="网络地址", ordering="ip_address")
    def address(self, row):
        return row.ip_address

    @admin.display(description="输错次数", ordering="failures_since_start")
    def failures(self, row):
        return row.failures_since_start

    @admin.display(description="最近一次", ordering="attempt_time")
    def at(self, row):
        return row.attempt_time

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("accounts.change_user")

    def has_unlock_permission(self, request) -> bool:
        return request.user.is_superuser

    @admin.action(description="解除这些地址的锁定", permissions=["unlock"])
    def unlock_addresses(self, request, queryset):
        for address in set(queryset.exclude(ip_address=None).values_list("ip_address", flat=True)):
            services.unlock_address(address, by=request.user)
        messages.success(request, "已解除所选地址的登录锁定。")

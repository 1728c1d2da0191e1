"""Accounts in the admin. What a person may do in a county is granted there (institutions.Grant)."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction

from tcm_demo.accounts import services
from tcm_demo.accounts.models import User
from tcm_demo.audit.services import record

admin.site.site_title = admin.site.site_header = "示范县创建工作台 · 后台管理"
admin.site.index_title = "名册、账号与授权"
admin.site.unregister(Group)  # roles are granted by county, not by group


@admin.register(User)
class AccountAdmin(UserAdmin):
    list_display = ["username", "display_name", "phone", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["username", "display_name", "phone"]
    filter_horizontal = ["user_permissions"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("个人信息", {"fields": ["display_name", "phone", "email"]}),
        ("后台权限", {"fields": ["is_active", "is_staff", "is_superuser", "user_permissions"]}),
        ("登录", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "display_name", "phone", "password1", "password2"]})]

    def has_delete_permission(self, request, obj=None):
        return False  # the trail names people for good: accounts are made inactive

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
            record("change_password", self.get_object(request, id), by=request.user)
        return response

"""Accounts as a table: what the admin's import and export read and write. No passwords, and no rights: a new account
has no password until somebody gives it one."""

import re
from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from import_export import fields, resources, widgets
from import_export.results import RowResult

from tcm_demo.accounts import facts, services
from tcm_demo.accounts.models import User
from tcm_demo.lib.text import plain

_DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?(?: 00:00:00)?")
_YES_NO = {"是": True, "": True, "否": False}


class Cleaned(widgets.Widget):
    """Text that one of the functions of `facts` cleans."""

    def __init__(self, clean: Callable[[str], object]):
        super().__init__()
        self.clean_text = clean

    def clean(self, value, row=None, **kwargs):
        try:
            return self.clean_text("" if value is None else str(value))
        except ValidationError as error:
            raise ValueError("".join(error.messages)) from None  # which import-export gathers by cell

    def render(self, value, obj=None, **kwargs):
        if isinstance(value, bool):
            return "是" if value else "否"
        return "" if value is None else value if isinstance(value, date) else str(value)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    found = _DAY.fullmatch(plain(text))
    try:
        return date(*map(int, found.groups()))
    except (AttributeError, ValueError):
        raise ValidationError(f"“{text}”不是日期，请写成 2026-12-31。") from None


def _yes_no(text: str) -> bool:
    if plain(text) not in _YES_NO:
        raise ValidationError(f"“{text}”应为“是”或“否”。")
    return _YES_NO[plain(text)]


class AccountResource(resources.ModelResource):
    """Known by the user name: a known account is updated, another one is created, and what is not there stays."""

    username = fields.Field("username", column_name="用户名", widget=Cleaned(facts.clean_username))
    display_name = fields.Field("display_name", column_name="姓名", widget=Cleaned(facts.clean_name))
    phone = fields.Field("phone", column_name="电话", widget=Cleaned(facts.clean_phone))
    email = fields.Field("email", column_name="邮箱", widget=Cleaned(facts.clean_email))
    is_active = fields.Field("is_active", column_name="在用", widget=Cleaned(_yes_no))
    expires_on = fields.Field("expires_on", column_name="有效期至", widget=Cleaned(_day))

    class Meta:
        model = User
        import_id_fields = ("username",)
        fields = ("username", "display_name", "phone", "email", "is_active", "expires_on")
        use_transactions = True
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False
        name = "账号"

    def __init__(self, user: User, **kwargs):
        """`user` is who imports."""
        super().__init__(**kwargs)
        self.user = user
        self._rows: dict[str, int] = {}

    def before_import(self, dataset, **kwargs):
        known = [field.column_name for field in self.get_import_fields()]
        if missing := [name for name in ("用户名", "姓名") if name not in dataset.headers]:
            raise ValueError(f"第一行须是表头，其中没有“{'”“'.join(missing)}”。可以先导出账号，在导出的表里修改。")
        if unknown := [str(name) for name in dataset.headers if name not in known]:
            raise ValueError(f"不认识的表头：“{'”“'.join(unknown)}”。请删去这些列，或改成：{'、'.join(known)}。")

    def import_row(self, row, instance_loader, **kwargs):
        if any(value not in (None, "") for value in row.values()):
            return super().import_row(row, instance_loader, **kwargs)
        blank = self.get_row_result_class()()
        blank.import_type = RowResult.IMPORT_TYPE_SKIP
        return blank

    def before_import_row(self, row, **kwargs):
        number = kwargs["row_number"] + 1  # as a spreadsheet counts, the headings being the first
        name = facts.clean_username(str(row["用户名"] or ""))
        earlier = self._rows.setdefault(name.lower(), number)
        if earlier != number:
            raise ValidationError({"username": f"用户名“{name}”与第 {earlier} 行重复，请只留一行。"})

    def init_instance(self, row=None) -> User:
        name = facts.clean_username(str(row["用户名"] or ""))
        if namesake := facts.namesake_of(name):
            raise ValidationError({"username": f"已有用户名“{namesake.username}”，只差大小写，请照样写或换一个。"})
        user = User(username=name)
        user.set_unusable_password()
        return user

    def do_instance_save(self, instance, is_create):
        if instance.pk == self.user.pk and (not instance.is_active or instance.has_expired):
            raise ValidationError({"is_active": "不能停用自己的账号。"})
        services.save_account(instance, by=self.user)

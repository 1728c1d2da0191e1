"""Departments and items of standards as tables: what the admin's import and export read and write.

Rows are found by standard, version and name or number. What a standard demands is in its file; a table changes its
words, points and responsibilities, never how many items there are.
"""

import re
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from import_export import fields, resources, widgets
from import_export.results import RowResult

from indicators import services
from indicators.enums import DepartmentRole
from indicators.models import Department, Item, Standard
from indicators.queries import names_of


class Text(widgets.Widget):
    def clean(self, value, row=None, **kwargs) -> str:
        return "" if value is None else str(value).strip()

    def render(self, value, obj=None, **kwargs) -> str:
        return "" if value is None else str(value)


class Names(widgets.Widget):
    """Several names in one cell: 区财政局、区卫生健康局."""

    def clean(self, value, row=None, **kwargs) -> list[str]:
        return [name.strip() for name in re.split(r"[、，,；;\n]", str(value or "")) if name.strip()]

    def render(self, value, obj=None, **kwargs) -> str:
        return "、".join(value or [])


class Points(widgets.Widget):
    def clean(self, value, row=None, **kwargs) -> Decimal | None:
        text = str(value if value is not None else "").strip()
        try:
            return Decimal(text) if text else None
        except InvalidOperation:
            raise ValueError(f"“{text}”不是分值，请填数字，或留空表示平均分配。") from None

    def render(self, value, obj=None, **kwargs):
        return value


class DepartmentsInRole(fields.Field):
    """An item's departments in one role: those read from a row, else those stored."""

    def __init__(self, role: str, column_name: str):
        super().__init__(f"{role}_names", column_name=column_name, widget=Names())
        self.role = role

    def get_value(self, instance) -> list[str]:
        given = instance.__dict__.get(self.attribute)
        return names_of(instance, self.role) if given is None and instance.pk else given or []


class PartOfStandard(resources.ModelResource):
    """What both tables share. A table is written whole or not at all."""

    standard_code = fields.Field("standard__code", column_name="标准代码", widget=Text(), readonly=True)
    standard_version = fields.Field("standard__version", column_name="标准版本", widget=Text(), readonly=True)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.touched: dict[int, Standard] = {}
        self._rows: dict[tuple, int] = {}

    def get_queryset(self):
        return super().get_queryset().select_related("standard")

    def standard_of(self, instance) -> Standard:
        return instance.standard

    def import_data(self, dataset, *args, **kwargs):
        kwargs.setdefault("rollback_on_validation_errors", True)
        return super().import_data(dataset, *args, **kwargs)

    def before_import(self, dataset, **kwargs):
        known = [field.column_name for field in self.get_import_fields()]
        keys = [self.fields[name].column_name for name in self._meta.import_id_fields]
        if missing := [name for name in keys if name not in dataset.headers]:
            raise ValueError(f"第一行须是表头，其中没有“{'”“'.join(missing)}”。可以先导出，在导出的表里修改。")
        if unknown := [str(name) for name in dataset.headers if name not in known]:
            raise ValueError(f"不认识的表头：“{'”“'.join(unknown)}”。请删去这些列，或改成：{'、'.join(known)}。")

    def import_row(self, row, instance_loader, **kwargs):
        if any(value not in (None, "") for value in row.values()):
            return super().import_row(row, instance_loader, **kwargs)
        blank = self.get_row_result_class()()
        blank.import_type = RowResult.IMPORT_TYPE_SKIP
        return blank

    def before_import_row(self, row, **kwargs):
        number = kwargs["row_number"] + 1  # as Excel counts, the headings being the first
        key = tuple(self.fields[name].clean(row) for name in self._meta.import_id_fields)
        earlier = self._rows.setdefault(key, number)
        if earlier != number:
            raise ValidationError(f"“{key[-1]}”与第 {earlier} 行重复，请只留一行。")

    def save_instance(self, instance, is_create, row, **kwargs):
        try:
            self.write(instance, by=kwargs.get("user"))
        except services.Refused as error:
            raise ValidationError(str(error)) from error
        standard = self.standard_of(instance)
        self.touched[standard.pk] = standard

    def write(self, instance, *, by) -> None:
        raise NotImplementedError

    def after_import(self, dataset, result, **kwargs):
        if not (kwargs.get("dry_run") or result.has_errors() or result.has_validation_errors()):
            for standard in self.touched.values():
                services.finish_editing(standard)


class DepartmentResource(PartOfStandard):
    """A name that the standard does not have yet is a new department."""

    name = fields.Field("name", column_name="部门", widget=Text())
    aliases = fields.Field("aliases", column_name="别称", widget=Names())
    members = fields.Field("members", column_name="成员单位", widget=Names())

    class Meta:
        model = Department
        import_id_fields = ("standard_code", "standard_version", "name")
        fields = ("standard_code", "standard_version", "name", "aliases", "members")
        use_transactions = True
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False
        name = "责任部门"

    def init_instance(self, row=None):
        code, version = self.fields["standard_code"].clean(row), self.fields["standard_version"].clean(row)
        standard = Standard.objects.filter(code=code, version=version).first()
        if standard is None:
            raise ValidationError(f"没有代码“{code}”、版本“{version}”的标准，请先用 load_standard 载入。")
        return Department(standard=standard)

    def write(self, instance, *, by) -> None:
        services.change_department(instance, by=by)


class ItemResource(PartOfStandard):
    number = fields.Field("number", column_name="编号", widget=Text())
    title = fields.Field("title", column_name="标题", widget=Text())
    requirement = fields.Field("requirement", column_name="要求", widget=Text())
    points = fields.Field("points", column_name="分值", widget=Points())
    lead = DepartmentsInRole(DepartmentRole.LEAD, "牵头部门")
    cooperating = DepartmentsInRole(DepartmentRole.COOPERATING, "配合部门")

    class Meta:
        model = Item
        import_id_fields = ("standard_code", "standard_version", "number")
        fields = (
            "standard_code",
            "standard_version",
            "number",
            "title",
            "requirement",
            "points",
            "lead",
            "cooperating",
        )
        use_transactions = True
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False
        name = "条目"

    def init_instance(self, row=None):
        raise ValidationError("标准里没有这个编号的条目。增减条目请修改标准文件，用 load_standard 载入。")

    def filter_export(self, queryset, **kwargs):
        return queryset.select_related("standard").prefetch_related("responsibilities__department")

    def write(self, instance, *, by) -> None:
        lead, cooperating = self.fields["lead"], self.fields["cooperating"]
        services.change_item(
            instance, lead=lead.get_value(instance), cooperating=cooperating.get_value(instance), by=by
        )
        # the preview shows what is stored, not an alias that the table used
        for field in (lead, cooperating):
            instance.__dict__.pop(field.attribute, None)

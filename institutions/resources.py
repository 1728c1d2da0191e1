"""The registry of institutions as a table: what the admin's import and export read and write."""

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from import_export import fields, resources
from import_export.results import RowResult

from institutions import registry
from institutions.access import counties_for, counties_to_write
from institutions.models import County, Institution
from institutions.registry_columns import CountyByCode, Day, ManagerByCode, Text, TypeByName, Whole


class InstitutionResource(resources.ModelResource):
    """Known by county and code: a known one is updated, another one is created, and what is not there stays."""

    county = fields.Field("county", column_name="地区代码")
    code = fields.Field("code", column_name="机构编码", widget=Text())
    name = fields.Field("name", column_name="机构名称", widget=Text())
    type = fields.Field("type", column_name="机构类型", widget=TypeByName())
    town = fields.Field("town", column_name="所在镇（街道）", widget=Text())
    manager = fields.Field("manager", column_name="上级机构编码")
    opened_on = fields.Field("opened_on", column_name="启用日期", widget=Day())
    closed_on = fields.Field("closed_on", column_name="停用日期", widget=Day())
    credit_code = fields.Field("credit_code", column_name="统一社会信用代码", widget=Text())
    remark = fields.Field("remark", column_name="备注", widget=Text())
    position = fields.Field("position", column_name="顺序", widget=Whole())

    class Meta:
        model = Institution
        import_id_fields = ("county", "code")
        fields = (
            *("county", "code", "name", "type", "town", "manager"),
            *("opened_on", "closed_on", "credit_code", "remark", "position"),
        )
        use_transactions = True
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False
        name = "机构名册"

    def __init__(self, user, **kwargs):
        """`user` may import into the counties that they may change, and export those that they may read."""
        super().__init__(**kwargs)
        self.user = user
        self.changes: list[registry.Change | None] = []
        self._rows: dict[tuple[str, str], int] = {}
        self.fields["county"].widget = CountyByCode(self)
        self.fields["manager"].widget = ManagerByCode(self)

    @cached_property
    def counties(self) -> dict[str, County]:
        return {county.code: county for county in counties_to_write(self.user)}

    def get_queryset(self):
        return Institution.objects.filter(county__in=counties_for(self.user)).select_related("county", "manager")

    def before_import(self, dataset, **kwargs):
        known = [field.column_name for field in self.get_import_fields()]
        missing = [name for name in ("地区代码", "机构编码") if name not in dataset.headers]
        if missing:
            raise ValueError(f"第一行须是表头，其中没有“{'”“'.join(missing)}”。可以先导出名册，在导出的表里修改。")
        if unknown := [name for name in dataset.headers if name not in known]:
            raise ValueError(f"不认识的表头：“{'”“'.join(unknown)}”。请删去这些列，或改成：{'、'.join(known)}。")

    def import_row(self, row, instance_loader, **kwargs):
        if any(row.values()):
            return super().import_row(row, instance_loader, **kwargs)
        blank = self.get_row_result_class()()
        blank.import_type = RowResult.IMPORT_TYPE_SKIP
        return blank

    def before_import_row(self, row, **kwargs):
        number = kwargs["row_number"] + 1  # as Excel counts, the headings being the first
        earlier = self._rows.setdefault((row["地区代码"], row["机构编码"]), number)
        if earlier != number:
            raise ValidationError({"code": f"机构编码“{row['机构编码']}”与第 {earlier} 行重复，请只留一行。"})

    def do_instance_save(self, instance, is_create):
        self.changes.append(registry.write_institution(instance, by=self.user))

    def after_import(self, dataset, result, **kwargs):
        if not (kwargs.get("dry_run") or result.has_errors() or result.has_validation_errors()):
            registry.announce(self.changes)

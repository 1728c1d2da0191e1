"""Evidence requirements of standards as a table: it changes their details; their words are in the standard's file."""

import re

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from import_export import fields, widgets

from indicators import services
from indicators.enums import InstitutionType, SeenAs, YearRule
from indicators.models import EvidenceRequirement, Standard
from indicators.resources import Names, PartOfStandard, Text


class YesNo(widgets.Widget):
    WORDS = {"是": True, "否": False}

    def clean(self, value, row=None, **kwargs) -> bool:
        text = str(value or "").strip()
        if text not in self.WORDS:
            raise ValueError(f"“{text}”不对，请填“是”或“否”。")
        return self.WORDS[text]

    def render(self, value, obj=None, **kwargs) -> str:
        return "是" if value else "否"


class Word(widgets.Widget):
    """One of a closed list, by its label."""

    def __init__(self, choices: type[TextChoices]):
        super().__init__()
        self.choices = choices

    def clean(self, value, row=None, **kwargs) -> str:
        return self.code_of(str(value or "").strip())

    def code_of(self, label: str) -> str:
        for choice in self.choices:
            if choice.label == label:
                return choice.value
        raise ValueError(f"“{label}”不对，可填：{'、'.join(self.choices.labels)}。")

    def render(self, value, obj=None, **kwargs) -> str:
        return self.choices(value).label


class Words(Word):
    """Several of them in one cell, or none."""

    def clean(self, value, row=None, **kwargs) -> list[str]:
        return [self.code_of(label) for label in Names().clean(value)]

    def render(self, value, obj=None, **kwargs) -> str:
        return "、".join(self.choices(each).label for each in value or [])


class Count(widgets.Widget):
    def clean(self, value, row=None, **kwargs) -> int:
        text = re.sub(r"\.0+$", "", str(value if value is not None else "").strip())
        if not re.fullmatch("[1-9][0-9]{0,5}", text):
            raise ValueError(f"“{text}”不是份数，请填 1、2、3 这样的整数。")
        return int(text)

    def render(self, value, obj=None, **kwargs):
        return value


class RequirementResource(PartOfStandard):
    """The standards' own requirements; what counties added is theirs."""

    standard_code = fields.Field("item__standard__code", column_name="标准代码", widget=Text(), readonly=True)
    standard_version = fields.Field("item__standard__version", column_name="标准版本", widget=Text(), readonly=True)
    code = fields.Field("code", column_name="编号", widget=Text())
    text = fields.Field("text", column_name="佐证材料", widget=Text())
    required = fields.Field("required", column_name="必备", widget=YesNo())
    departments = fields.Field("departments", column_name="提供部门", widget=Names())
    year = fields.Field("year", column_name="年度", widget=Word(YearRule))
    needed = fields.Field("needed", column_name="份数", widget=Count())
    seen_as = fields.Field("seen_as", column_name="查看方式", widget=Word(SeenAs))
    institution_types = fields.Field(
        "institution_types", column_name="逐家提供的机构类型", widget=Words(InstitutionType)
    )

    class Meta:
        model = EvidenceRequirement
        import_id_fields = ("standard_code", "standard_version", "code")
        fields = (
            "standard_code",
            "standard_version",
            "code",
            "text",
            "required",
            "departments",
            "year",
            "needed",
            "seen_as",
            "institution_types",
        )
        use_transactions = True
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False
        name = "佐证要求"

    def get_queryset(self):
        return EvidenceRequirement.objects.select_related("item__standard")

    def standard_of(self, instance) -> Standard:
        return instance.item.standard

    def init_instance(self, row=None):
        raise ValidationError("标准里没有这个编号的佐证要求。增减佐证要求请修改标准文件，用 load_standard 载入。")

    def filter_export(self, queryset, **kwargs):
        ordered = queryset.order_by("item__standard__code", "item__standard__version", "item__position", "position")
        return ordered.select_related("item__standard")

    def write(self, instance, *, by) -> None:
        services.change_requirement(instance, by=by)

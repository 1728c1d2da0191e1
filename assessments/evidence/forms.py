"""What people type in about evidence."""

from django import forms

from assessments.evidence.demand_services import MOST_NEEDED, Demanded
from assessments.evidence.services import Description
from indicators.enums import InstitutionType, SeenAs, YearRule

_DATE = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), "required": False}
_DATE |= {"error_messages": {"invalid": "日期写法不对，请写成 2024-03-05。"}}
_YEAR = {"required": False, "min_value": 1949, "max_value": 2099}
_YEAR |= {"error_messages": {"invalid": "年份请写四位数字，例如 2024。"}}


class DateForm(forms.Form):
    """The date of a document alone."""

    document_date = forms.DateField()


class DescriptionForm(forms.Form):
    """What is known of a document apart from its file."""

    title = forms.CharField(label="材料名称", max_length=120)
    document_date = forms.DateField(label="文件日期", help_text="文件落款或照片拍摄的日期，不是上传日期。", **_DATE)
    document_number = forms.CharField(label="文号", max_length=60, required=False)
    issuer = forms.CharField(label="发文单位", max_length=80, required=False, help_text="没有发文的填出具单位。")
    first_year = forms.IntegerField(label="适用年度起", help_text="一份材料管几年的才填，例如规划。", **_YEAR)
    last_year = forms.IntegerField(label="适用年度止", **_YEAR)
    valid_until = forms.DateField(label="有效期至", help_text="证书、批文有有效期的才填。", **_DATE)

    def described(self) -> Description:
        return Description(**self.cleaned_data)


class DemandForm(forms.Form):
    """A requirement that the county adds."""

    text = forms.CharField(label="要什么材料", max_length=200)
    required = forms.BooleanField(label="必备（计入达标）", required=False, initial=True)
    departments = forms.MultipleChoiceField(
        label="由谁提供",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选就由本条的责任部门提供。",
    )
    year = forms.ChoiceField(label="年度", choices=YearRule.choices, initial=YearRule.PERIOD)
    needed = forms.IntegerField(label="份数", min_value=1, max_value=MOST_NEEDED, initial=1)
    seen_as = forms.ChoiceField(label="查看方式", choices=SeenAs.choices, initial=SeenAs.DOCUMENT)
    institution_types = forms.MultipleChoiceField(
        label="逐家提供的机构",
        required=False,
        choices=InstitutionType.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="选了就要这些类型的每家机构各交一份，例如每家中医馆的照片。",
    )

    def __init__(self, *args, departments: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["departments"].choices = [(name, name) for name in departments]

    def demanded(self) -> Demanded:
        given = self.cleaned_data
        lists = {name: tuple(given[name]) for name in ("departments", "institution_types")}
        return Demanded(**given | lists)

"""What the county office gives on the pages of a campaign."""

from collections.abc import Mapping, Sequence

from django import forms
from django.forms.formsets import BaseFormSet

from assessments.campaigns.rows import RowForm, rows
from assessments.campaigns.services import TURNED, MemberGiven, PhaseGiven
from assessments.models import Campaign, CampaignPhase, LeadingMember
from indicators.enums import LeadingPart
from indicators.models import Standard
from indicators.queries import standards_for
from institutions.access import owners_of
from institutions.models import County, check_period
from institutions.rounds.forms import PERIOD_FORMS, PeriodMeantField
from tcm_demo.accounts import facts

_DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
_MAX_TASKS = 2000


def _day(label: str, **more) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=_DAYS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}日期。", "invalid": "日期写法不对，例如 2024-03-01。"},
        **more,
    )


class SettingsForm(forms.Form):
    """The period that a campaign's pages open with, and the day of the inspection."""

    period = PeriodMeantField(
        label="当前填报期",
        max_length=20,
        validators=[check_period],
        help_text=f"各页打开时显示的一期。{PERIOD_FORMS}",
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "请填写填报期，例如 2023。", "max_length": "填报期写法不对：例如 2023。"},
    )
    inspection_on = _day(
        "评审日期",
        required=False,
        help_text="佐证材料的有效期按这一天计算；填写后，总览页显示距评审还有多少天。",
    )


class StartForm(SettingsForm):
    """Another campaign of the county: which of the published standards, that it does not work towards yet."""

    field_order = ("standard", "period", "inspection_on")

    standard = forms.ModelChoiceField(
        Standard.objects.none(),
        label="建设标准",
        empty_label="请选择",
        error_messages={"required": "请选择建设标准。", "invalid_choice": "请从列表中选择建设标准。"},
    )

    def __init__(self, data, county: County, **kwargs):
        super().__init__(data, **kwargs)
        # a newer version of a standard is taken up by the campaign that there is (versions.take_up_version)
        taken = county.campaigns.values("standard__code")
        self.fields["standard"].queryset = standards_for(owners_of(county)).exclude(code__in=taken)


# ---- tables whose rows come and go ----


class PhaseForm(RowForm):
    name = forms.CharField(
        label="阶段",
        max_length=CampaignPhase._meta.get_field("name").max_length,
        error_messages={"required": "请填写阶段名称；不要这一行，请勾选“删除”。"},
    )
    start = _day("开始")
    end = _day("结束")
    tasks = forms.CharField(
        label="任务",
        required=False,
        max_length=_MAX_TASKS,
        widget=forms.Textarea({"rows": 3, "placeholder": "一行写一项"}),
        error_messages={"max_length": f"任务最多 {_MAX_TASKS} 个字。"},
    )

    def clean_tasks(self) -> str:
        return "\n".join(filter(None, (line.strip() for line in self.cleaned_data["tasks"].splitlines())))

    def clean(self) -> dict:
        given = super().clean()
        if given.get("start") and given.get("end") and given["end"] < given["start"]:
            self.add_error("end", TURNED.format(name=given.get("name") or "这个阶段"))
        return given

    def given(self) -> PhaseGiven:
        return PhaseGiven(**self.own_data())


class MemberForm(RowForm):
    part = forms.ChoiceField(
        label="组内职务",
        choices=LeadingPart.choices,
        initial=LeadingPart.MEMBER,
        error_messages={"required": "请选择组内职务。", "invalid_choice": "请选择组长、副组长或成员。"},
    )
    name = forms.CharField(label="姓名", required=False, max_length=LeadingMember._meta.get_field("name").max_length)
    office = forms.CharField(
        label="单位及职务", required=False, max_length=LeadingMember._meta.get_field("office").max_length
    )

    def clean_name(self) -> str:
        """Blank where the plan names the office alone and nobody was said to hold it yet."""
        name = self.cleaned_data["name"]
        return facts.clean_name(name) if name else ""

    def clean(self) -> dict:
        given = super().clean()
        if not (given.get("name") or given.get("office") or self.errors):
            self.add_error("name", "请填写姓名或单位及职务；不要这一行，请勾选“删除”。")
        return given

    def given(self) -> MemberGiven:
        return MemberGiven(**self.own_data())


def phase_rows(campaign: Campaign, data: Mapping | None = None) -> BaseFormSet:
    return _rows(PhaseForm, campaign.phases.all(), data, least=1, most=30)


def member_rows(campaign: Campaign, data: Mapping | None = None) -> BaseFormSet:
    return _rows(MemberForm, campaign.leading_members.all(), data, least=3, most=100)


def _rows(form: type[RowForm], stored: Sequence, data: Mapping | None, *, least: int, most: int) -> BaseFormSet:
    names = [name for name in form.base_fields if name != "pk"]
    initial = [{"pk": row.pk} | {name: getattr(row, name) for name in names} for row in stored]
    return rows(form, data, initial, least=least, most=most)

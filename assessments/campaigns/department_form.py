"""The table of a campaign's departments: as many rows as the standard has, so none comes or goes."""

import re
from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError

from assessments.campaigns.department_services import DepartmentGiven
from assessments.campaigns.queries import liaisons_of, own_departments
from assessments.models import Campaign, CampaignDepartment
from indicators.models import Department
from tcm_demo.accounts import facts
from tcm_demo.accounts.models import User
from tcm_demo.lib.text import is_unseen

_NAME_LENGTH = CampaignDepartment._meta.get_field("name").max_length
_BETWEEN = re.compile(r"[、,，;；/\r\n\t]+")


class DepartmentForm(forms.Form):
    """One department; what its names may be beside the others', department_services decides."""

    use_required_attribute = False

    name = forms.CharField(
        label="本地名称", max_length=_NAME_LENGTH, error_messages={"required": "请填写部门在本县（区）的名称。"}
    )
    aliases = forms.CharField(label="别称", required=False, max_length=500)
    contact = forms.ChoiceField(
        label="联络员账号",
        required=False,
        error_messages={"invalid_choice": "请从列表中选择账号，或直接填写姓名和电话。"},
    )
    contact_name = forms.CharField(
        label="联络员姓名",
        required=False,
        max_length=CampaignDepartment._meta.get_field("contact_name").max_length,
    )
    contact_phone = forms.CharField(
        label="电话",
        required=False,
        max_length=CampaignDepartment._meta.get_field("contact_phone").max_length,
        widget=forms.TextInput({"inputmode": "tel"}),
    )

    def __init__(self, data, department: Department, row: CampaignDepartment, liaisons: Mapping[User, list[str]]):
        self.department, self.row = department, row
        active = [user for user in liaisons if user.is_active]
        self.accounts = {str(user.pk): user for user in (*active, *filter(None, [row.contact]))}
        super().__init__(data, prefix=f"d{department.pk}", initial=self._as_it_is())
        spelled = {row.name, *row.aliases, department.name, *department.aliases}
        own = [user for user in active if spelled & set(liaisons[user])]
        others = [user for user in self.accounts.values() if user not in own]
        groups = [("本部门联络员", own), ("其他联络员", others)]
        self.fields["contact"].choices = [
            ("", "不用账号"),
            *((label, [(str(user.pk), str(user)) for user in users]) for label, users in groups if users),
        ]

    def _as_it_is(self) -> dict:
        row = self.row
        return {
            "name": row.name,
            "aliases": "、".join(row.aliases),
            "contact": str(row.contact_id or ""),
            "contact_name": row.contact_name,
            "contact_phone": row.contact_phone,
        }

    @property
    def known_as(self) -> list[str]:
        """By which names a row that is pasted finds this one."""
        names = (self.department.name, *self.department.aliases, self.row.name, *self.row.aliases)
        return list(dict.fromkeys(names))

    def clean_name(self) -> str:
        return _plain_line(self.cleaned_data["name"])

    def clean_aliases(self) -> tuple[str, ...]:
        aliases = tuple(dict.fromkeys(filter(None, map(str.strip, _BETWEEN.split(self.cleaned_data["aliases"])))))
        for alias in map(_plain_line, aliases):
            if len(alias) > _NAME_LENGTH:
                raise ValidationError(f"别称“{alias[:10]}…”超过 {_NAME_LENGTH} 个字。几个别称之间请用顿号隔开。")
        return aliases

    def clean_contact(self) -> User | None:
        return self.accounts.get(self.cleaned_data["contact"])

    def clean_contact_name(self) -> str:
        name = self.cleaned_data["contact_name"]
        return facts.clean_name(name) if name else ""

    def clean_contact_phone(self) -> str:
        return facts.clean_phone(self.cleaned_data["contact_phone"])

    def clean(self) -> dict:
        given = super().clean()
        someone = given.get("contact") or given.get("contact_name")
        if given.get("contact_phone") and not someone and "contact_name" not in self.errors:
            self.add_error("contact_name", "填了电话，请写明联络员是谁。")
        return given

    def given(self) -> DepartmentGiven:
        return DepartmentGiven(self.department.pk, **self.cleaned_data)


def department_forms(campaign: Campaign, data: Mapping | None = None) -> list[DepartmentForm]:
    """One for each department, in the standard's order. Three queries."""
    liaisons = liaisons_of(campaign.county)
    return [DepartmentForm(data, department, row, liaisons) for department, row in own_departments(campaign)]


def _plain_line(text: str) -> str:
    """Raises ValidationError where something in it is not seen."""
    if any(map(is_unseen, text)):
        raise ValidationError("名称里有看不见的控制字符，请删去后重新填写。")
    return text

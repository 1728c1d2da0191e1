"""What people give on the pages about accounts."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from institutions.models import County, Grant, Institution
from institutions.people.authority import Authority
from institutions.people.listing import departments_of, institution_meant, towns_of
from institutions.people.rows import MAX_BYTES
from institutions.people.services import NewPerson, RoleGiven
from tcm_demo.accounts import facts
from tcm_demo.accounts.enums import AccountState
from tcm_demo.accounts.models import User

_ALL = [("", "全部")]


class PeopleFilter(forms.Form):
    """The filter of the list. A choice that does not exist filters nothing."""

    q = forms.CharField(label="姓名、用户名、电话或机构", required=False, widget=forms.TextInput({"type": "search"}))
    town = forms.ChoiceField(label="机构所在镇（街道）", required=False)
    state = forms.ChoiceField(label="账号状态", required=False, choices=[*_ALL, *AccountState.choices])

    def __init__(self, data, county: County):
        super().__init__(data)
        self.fields["town"].choices = [*_ALL, *((town, town) for town in towns_of(county))]
        self.is_valid()

    def chosen(self) -> dict[str, str]:
        """As `people_list.listed` takes it."""
        return {name: self.cleaned_data.get(name, "").strip() for name in self.fields}


class _ForOneRole:
    """Mixin for a field that one role needs and others must leave empty, which `check_grant` tells."""

    def validate(self, value):
        if value not in self.empty_values:
            super().validate(value)


class _TextForOneRole(_ForOneRole, forms.CharField):
    pass


class _ChoiceForOneRole(_ForOneRole, forms.ChoiceField):
    pass


class RoleForm(forms.Form):
    """A role and what it is for. Offers what `authority` hands out in this county, and nothing of other counties."""

    use_required_attribute = False  # what is needed depends on the role

    role = forms.ChoiceField(
        label="角色", error_messages={"required": "请选择角色。", "invalid_choice": "请从列表中选择角色。"}
    )
    institution = _TextForOneRole(
        label="机构",
        max_length=300,
        help_text="填报员为哪家机构填报：输入名称或编码的一部分，从列表中选择。",
    )
    department = _ChoiceForOneRole(
        label="部门",
        help_text="部门联络员属于哪个责任部门。",
        error_messages={"invalid_choice": "请从列表中选择部门。"},
    )

    def __init__(self, data, county: County, authority: Authority, **kwargs):
        super().__init__(data, **kwargs)
        self.county = county
        self.fields["role"].choices = [("", "请选择"), *((r.value, r.label) for r in authority.roles_to_give(county))]
        self.fields["department"].choices = [("", "—"), *((name, name) for name in departments_of(county))]
        # choices come as one types, from this county alone
        self.fields["institution"].widget.attrs |= {
            "list": "institution-choices",
            "autocomplete": "off",
            "hx-get": reverse("institutions:people-institutions", kwargs={"county": county.code}),
            "hx-trigger": "input changed delay:200ms, focus once",
            "hx-target": "#institution-choices",
            "hx-sync": "this:replace",
        }

    def clean_institution(self) -> Institution | None:
        text = self.cleaned_data["institution"]
        if not text.strip():
            return None
        institution = institution_meant(self.county, text)
        if institution is None:
            raise ValidationError(
                f"本县（区）没有找到机构“{text.strip()}”，或有几家同名。请从列表中选择，或填机构编码。"
            )
        return institution

    def clean(self) -> dict:
        given = super().clean()
        if not self.errors:
            grant = Grant(county=self.county, **self._scope())
            try:
                grant.clean()
            except ValidationError as error:
                self.add_error(None, error)
        return given

    def role_given(self) -> RoleGiven:
        return RoleGiven(**self._scope())

    def _scope(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("role", "institution", "department")}


class FactsForm(forms.Form):
    """What is known of a person beside the user name."""

    name = forms.CharField(label="姓名", max_length=200, error_messages={"required": "请填写姓名。"})
    phone = forms.CharField(label="电话", required=False, max_length=40, widget=forms.TextInput({"inputmode": "tel"}))
    email = forms.CharField(label="邮箱", required=False, max_length=254, help_text="设了邮件服务的，催报会发到这里。")
    expires_on = forms.DateField(
        label="有效期至",
        required=False,
        help_text="这一天仍可登录；不填表示长期有效。",
        error_messages={"invalid": "日期写法不对，例如 2026-12-31。"},
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    @classmethod
    def of(cls, person: User) -> "FactsForm":
        """The form with what is known now."""
        known = {"name": person.display_name, "phone": person.phone, "email": person.email}
        return cls(initial=known | {"expires_on": person.expires_on})

    def clean_name(self) -> str:
        return facts.clean_name(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        return facts.clean_phone(self.cleaned_data["phone"])

    def clean_email(self) -> str:
        return facts.clean_email(self.cleaned_data["email"])

    def clean_expires_on(self):
        day = self.cleaned_data["expires_on"]
        if day != self.initial.get("expires_on"):
            facts.check_expiry(day)
        return day

    def changes(self) -> dict:
        """As `people_services.change_account` takes it."""
        given = dict(self.cleaned_data)
        return {"display_name": given.pop("name")} | given


class AccountForm(RoleForm, FactsForm):
    """A new person with the first role."""

    field_order = ("username", "name", "phone", "email", "role", "institution", "department", "expires_on")

    username = forms.CharField(
        label="用户名",
        max_length=200,
        error_messages={"required": "请填写用户名。"},
        help_text="登录用，定了不再改：字母、数字或汉字，例如姓名的拼音或机构编码。",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_username(self) -> str:
        name = facts.clean_username(self.cleaned_data["username"])
        if facts.namesake_of(name):
            raise ValidationError(f"用户名“{name}”已被使用，请换一个用户名。")
        return name

    def new_person(self) -> NewPerson:
        given = self.cleaned_data
        named = {name: given[name] for name in ("username", "name", "phone", "email", "expires_on")}
        return NewPerson(**named, roles=(self.role_given(),))


class PeopleFileForm(forms.Form):
    """A workbook of accounts. Whether it can be read, reading it tells."""

    file = forms.FileField(
        label="账号表",
        allow_empty_file=True,
        help_text="可以把文件拖到框里。Excel 或 WPS 工作簿：.xlsx、.xls 或 .ods。",
        error_messages=dict.fromkeys(("required", "invalid", "missing"), "请选择账号表。"),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.ods", "class": "drop-box", "data-max-bytes": MAX_BYTES}),
    )

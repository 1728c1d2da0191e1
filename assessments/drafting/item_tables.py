"""Who is responsible for an item, and what evidence it demands: the two tables on its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet

from assessments.campaigns.rows import RowForm, rows
from assessments.drafting.fields import Line, Names, limit
from assessments.drafting.tables import NO_ROW
from indicators.contents import DepartmentContent, EvidenceContent, ItemContent, StandardContent
from indicators.enums import DepartmentRole, InstitutionType, SeenAs, YearRule
from indicators.models import Department, EvidenceRequirement

_MOST = 60
_NEEDED = 999


# ---- departments ----


@dataclass(frozen=True)
class Choice:
    """A department as the item has it. `role`: "" where it has none; `order`: as typed, or its place."""

    name: str
    members: list[str]
    role: str
    order: str


class Responsible:
    """Each department of the standard with its part in one item; those that have a part first, in their order."""

    def __init__(self, choices: list[Choice], faults: list[str]):
        self.choices, self.faults = choices, faults

    @property
    def chosen(self) -> list[Choice]:
        return [each for each in self.choices if each.role]

    @property
    def others(self) -> list[Choice]:
        return [each for each in self.choices if not each.role]

    def names(self, role: str) -> list[str]:
        return [each.name for each in self.chosen if each.role == role]

    @property
    def lead(self) -> list[str]:
        return self.names(DepartmentRole.LEAD)

    @property
    def cooperating(self) -> list[str]:
        return self.names(DepartmentRole.COOPERATING)


def stored_choices(content: StandardContent, item: ItemContent | None) -> Responsible:
    parts = [(name, DepartmentRole.LEAD.value) for name in item.lead] if item else []
    parts += [(name, DepartmentRole.COOPERATING.value) for name in item.cooperating] if item else []
    order = {name: str(n) for n, (name, _) in enumerate(parts, 1)}
    return _responsible(content.departments, dict(parts), order)


def sent_choices(content: StandardContent, data: Mapping) -> Responsible:
    """`department-3` is a name, `role-3` its part, `order-3` its place among those that have a part."""
    roles: dict[str, str] = {}
    order: dict[str, str] = {}
    faults = []
    known = {each.name for each in content.departments}
    for at in range(len(known) + 100):
        name, role = data.get(f"department-{at}"), data.get(f"role-{at}", "")
        if name is None or role not in DepartmentRole.values:
            continue
        if name not in known:
            faults.append(f"部门“{name[:60]}”不在责任部门里，没有选上；请先在“责任部门”里添加。")
            continue
        roles[name], order[name] = role, data.get(f"order-{at}", "").strip()
    return _responsible(content.departments, roles, order, faults)


def _responsible(
    departments: Iterable[DepartmentContent],
    roles: Mapping[str, str],
    order: Mapping[str, str],
    faults: list[str] | None = None,
) -> Responsible:
    choices = [
        Choice(each.name, each.members, roles.get(each.name, ""), order.get(each.name, "")) for each in departments
    ]
    return Responsible(sorted(choices, key=_place), faults or [])


def _place(choice: Choice) -> tuple[bool, int]:
    at = choice.order
    return not choice.role, int(at) if at.isascii() and at.isdigit() and len(at) < 6 else _MOST * 1000


# ---- evidence ----


class EvidenceRow(RowForm):
    """`code`: of the stored requirement; a new one gets its own when it is saved."""

    code = forms.CharField(required=False, widget=forms.HiddenInput)
    text = Line(
        "佐证材料",
        limit(EvidenceRequirement, "text"),
        widget=forms.Textarea({"rows": 2, "data-line": True}),
        error_messages={"required": NO_ROW.format("请写明要什么材料")},
    )
    required = forms.BooleanField(label="必备", required=False, initial=True)
    departments = Names(
        "由谁提供",
        limit(Department, "name"),
        widget=forms.Textarea({"rows": 2, "placeholder": "不填：各责任部门"}),
    )
    year = forms.ChoiceField(label="年度", choices=YearRule.choices, initial=YearRule.PERIOD)
    needed = forms.IntegerField(
        label="份数",
        min_value=1,
        max_value=_NEEDED,
        initial=1,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={
            "required": "请填写份数。",
            "invalid": "份数请填整数。",
            "min_value": "份数至少是 1。",
            "max_value": f"份数最多 {_NEEDED}。",
        },
    )
    seen_as = forms.ChoiceField(label="查看方式", choices=SeenAs.choices, initial=SeenAs.DOCUMENT)
    institution_types = forms.MultipleChoiceField(
        label="逐家提供",
        choices=InstitutionType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请从列表中选择机构类型。"},
    )

    def __init__(self, *args, spelling: Mapping[str, str], codes: Iterable[str], **kwargs):
        """`spelling`: names and aliases of the standard's departments, each with the name. `codes`: of the item."""
        super().__init__(*args, **kwargs)
        self.spelling, self.codes = spelling, codes

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        return code if code in self.codes else ""

    def clean_departments(self) -> list[str]:
        written = self.cleaned_data["departments"]
        unknown = [name for name in written if name not in self.spelling]
        if unknown:
            raise ValidationError(f"“{'、'.join(unknown)[:60]}”不在责任部门里，请核对名称。")
        return list(dict.fromkeys(self.spelling[name] for name in written))

    def clean_institution_types(self) -> list[str]:
        chosen = self.cleaned_data["institution_types"]
        return [each for each in InstitutionType.values if each in chosen]

    @property
    def shown_code(self) -> str:
        return str(self["code"].value() or "")

    @property
    def types_words(self) -> str:
        chosen = self["institution_types"].value() or []
        return "、".join(label for value, label in InstitutionType.choices if value in chosen)

    @property
    def is_going(self) -> bool:
        return bool(self[DELETION_FIELD_NAME].value())

    def given(self) -> EvidenceContent:
        values = self.own_data()
        del values["pk"]
        return EvidenceContent(**values)


def evidence_rows(content: StandardContent, item: ItemContent | None, data: Mapping | None = None) -> BaseFormSet:
    evidence = item.evidence if item else []
    spelling = {spelled: each.name for each in content.departments for spelled in (*each.aliases, each.name)}
    known = {"spelling": spelling, "codes": {each.code for each in evidence}}
    return rows(EvidenceRow, data, [vars(each) for each in evidence], most=_MOST, form_kwargs=known)

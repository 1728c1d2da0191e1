"""The tables of a standard whose rows come and go: sections, departments, phases, leading group, arrangements."""

from collections.abc import Mapping

from django import forms
from django.forms.formsets import BaseFormSet

from assessments.campaigns.rows import RowForm, rows
from assessments.drafting.department_edits import DepartmentGiven, Uses
from assessments.drafting.edits import SectionGiven
from assessments.drafting.fields import Day, Line, Names, Sentences, limit
from indicators.contents import ArrangementContent, PhaseContent, SeatContent, StandardContent
from indicators.enums import ArrangementKind, Every, LeadingPart
from indicators.head_lines import MAX_NAME, MAX_NOTE
from indicators.models import Department, Phase, Section

NO_ROW = "{}；不要这一行，请勾选“删除”。"


def _line(label: str, longest: int, **more) -> Line:
    return Line(label, longest, error_messages={"required": NO_ROW.format(f"请填写{label}")}, **more)


class SectionRow(RowForm):
    name = _line("部分名称", limit(Section, "name"))

    def given(self) -> SectionGiven:
        return SectionGiven(self.cleaned_data["pk"], self.cleaned_data["name"])


class DepartmentRow(RowForm):
    was = forms.CharField(required=False, widget=forms.HiddenInput)
    name = _line("部门", limit(Department, "name"))
    aliases = Names("别称", limit(Department, "name"), widget=forms.Textarea({"rows": 1}))
    members = Names("成员单位", limit(Department, "name"), widget=forms.Textarea({"rows": 1}))
    duties = Sentences("职责", 300, rows=1)

    # Uses of the department; set where the table is shown
    uses: Uses | None = None

    def cells(self) -> list[forms.BoundField]:
        return [cell for cell in super().cells() if cell.name != "was"]

    def given(self) -> DepartmentGiven:
        values = self.own_data()
        del values["pk"]
        return DepartmentGiven(**values)


class PhaseRow(RowForm):
    name = _line("阶段", limit(Phase, "name"))
    start = Day("开始日期")
    end = Day("结束日期")
    tasks = Sentences("任务", 300, rows=2)

    def clean(self) -> dict:
        given = super().clean()
        if given.get("start") and given.get("end") and given["end"] < given["start"]:
            self.add_error("end", "结束日期早于开始日期，请改正其中一个。")
        return given

    def given(self) -> PhaseContent:
        values = self.own_data()
        del values["pk"]
        return PhaseContent(number=0, **values)


class SeatRow(RowForm):
    part = forms.ChoiceField(
        label="组内职务",
        choices=LeadingPart.choices,
        initial=LeadingPart.MEMBER,
        error_messages={"required": "请选择组内职务。", "invalid_choice": "请选择组长、副组长或成员。"},
    )
    office = _line("单位及职务", MAX_NAME)

    def given(self) -> SeatContent:
        return SeatContent(self.cleaned_data["part"], self.cleaned_data["office"])


class ArrangementRow(RowForm):
    kind = forms.ChoiceField(
        label="类别",
        choices=ArrangementKind.choices,
        initial=ArrangementKind.MEETING,
        error_messages={"required": "请选择类别。", "invalid_choice": "请从列表中选择类别。"},
    )
    name = _line("名称", MAX_NAME)
    every = forms.ChoiceField(
        label="多久一次",
        choices=Every.choices,
        required=False,
        error_messages={"invalid_choice": "请从列表中选择多久一次。"},
    )
    called_by = Line("召集", MAX_NAME, required=False)
    recorded_by = Line("记录", MAX_NAME, required=False)
    matters = Sentences("事项", 300, rows=2)
    note = Line("说明", MAX_NOTE, required=False, widget=forms.Textarea({"rows": 2, "data-line": True}))

    def given(self) -> ArrangementContent:
        values = self.own_data()
        del values["pk"]
        return ArrangementContent(**values)


def section_rows(content: StandardContent, data: Mapping | None = None) -> BaseFormSet:
    stored = [{"pk": each.number, "name": each.name} for each in content.sections]
    return rows(SectionRow, data, stored, most=60)


def department_rows(content: StandardContent, data: Mapping | None = None) -> BaseFormSet:
    return rows(DepartmentRow, data, [{"was": each.name} | vars(each) for each in content.departments], most=200)


def phase_rows(content: StandardContent, data: Mapping | None = None) -> BaseFormSet:
    return rows(PhaseRow, data, [vars(each) for each in content.phases], most=30)


def seat_rows(content: StandardContent, data: Mapping | None = None) -> BaseFormSet:
    return rows(SeatRow, data, [vars(each) for each in content.leading_group], most=100, least=3)


def arrangement_rows(content: StandardContent, data: Mapping | None = None) -> BaseFormSet:
    return rows(ArrangementRow, data, [vars(each) for each in content.arrangements], most=30)

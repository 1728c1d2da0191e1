"""What people type in on the pages of this room."""

from django import forms

from assessments.content import StandingContent
from assessments.enums import EvidenceState
from assessments.scoring.items import STATUSES
from assessments.words import STATUS


class EvidenceForm(forms.Form):
    """The county office's word on one evidence requirement. What may be said, `services.judge_evidence` decides."""

    state = forms.ChoiceField(
        label="认定结论",
        choices=EvidenceState.choices,
        error_messages={"required": "请选择认定结论。", "invalid_choice": "请选择认定结论：已认可、不合格或待认定。"},
    )
    reason = forms.CharField(label="理由", required=False, widget=forms.TextInput(attrs={"maxlength": 300}))


class ItemsFilter(forms.Form):
    """The filter of the list of items. A choice that does not exist filters nothing."""

    status = forms.ChoiceField(label="状态", required=False)
    section = forms.ChoiceField(label="部分", required=False)
    department = forms.ChoiceField(label="责任部门", required=False)
    q = forms.CharField(label="编号或文字", required=False, widget=forms.TextInput(attrs={"type": "search"}))

    def __init__(self, data, content: StandingContent):
        super().__init__(data)
        departments = dict.fromkeys(name for item in content.items for name in (*item.lead, *item.cooperating))
        self._choose("status", [(status, STATUS[status]) for status in STATUSES])
        self._choose("section", [(str(section.number), section.name) for section in content.sections])
        self._choose("department", [(name, name) for name in departments])
        self.is_valid()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", "全部"), *choices]

    def chosen(self, name: str) -> str:
        return self.cleaned_data.get(name, "").strip()

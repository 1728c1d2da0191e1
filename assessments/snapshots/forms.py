"""What people type in and choose on the pages of snapshots."""

from django import forms

from assessments.snapshots.services import NAME_LENGTH, NOTE_LENGTH, REASON_LENGTH

NAMES = ("一次自评", "预评估", "迎检")
CHANGED, MOVED = "changed", "status"


class SnapshotForm(forms.Form):
    """What a snapshot is called. The page lists NAMES for the box to offer; anything else may be typed."""

    name = forms.CharField(
        label="名称",
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput({"list": "snapshot-names", "autocomplete": "off", "placeholder": "如：一次自评"}),
    )
    note = forms.CharField(label="说明", required=False, max_length=NOTE_LENGTH)


class DeleteForm(forms.Form):
    reason = forms.CharField(
        label="删除理由",
        min_length=REASON_LENGTH.start,
        max_length=REASON_LENGTH.stop - 1,
        help_text="理由和这份存档的结果、摘要记入操作记录。",
        error_messages={"required": "请写明删除理由，理由记入操作记录。"},
    )


class CompareForm(forms.Form):
    """Which two to hold against each other, and how much of it to show."""

    a = forms.ChoiceField(label="由", required=False)
    b = forms.ChoiceField(label="到", required=False)
    show = forms.ChoiceField(
        label="显示",
        required=False,
        choices=[("", "全部条目"), (CHANGED, "只看变化的"), (MOVED, "只看状态变化的")],
    )

    def __init__(self, data, choices: list[tuple[str, str]]):
        """`choices`: (key, title) of the snapshots, and of now."""
        super().__init__(data)
        self.fields["a"].choices = self.fields["b"].choices = [("", "请选择"), *choices]
        self.is_valid()

    def chosen(self, name: str) -> str:
        return self.cleaned_data.get(name, "")

"""What people choose on the pages that show the same figures under several standards."""

from django import forms

from assessments.matrix.content import Line
from assessments.matrix.pair import SAME, ItemPair

# what a choice shows, by its word in the address
SHOWN = {
    "differs": lambda line: line.differs,
    "shared": lambda line: line.asked_by > 1,
    "alone": lambda line: line.asked_by == 1,
    "not_met": lambda line: line.not_met,
}


class MatrixFilter(forms.Form):
    """A choice that does not exist filters nothing."""

    show = forms.ChoiceField(
        label="显示",
        required=False,
        choices=[
            ("", "全部指标"),
            ("differs", "要求不同的"),
            ("not_met", "未达标或缺数的"),
            ("shared", "几个标准都要求的"),
            ("alone", "只有一个标准要求的"),
        ],
    )
    q = forms.CharField(label="编号或文字", required=False, widget=forms.TextInput(attrs={"type": "search"}))

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()

    def shows(self, line: Line) -> bool:
        text = self.cleaned_data.get("q", "").strip()
        passes = SHOWN.get(self.cleaned_data.get("show", ""))
        return (passes is None or passes(line)) and (not text or line.mentions(text))


class PairForm(forms.Form):
    """Which two standards to hold against each other under the same figures."""

    a = forms.ChoiceField(label="由", required=False)
    b = forms.ChoiceField(label="到", required=False)
    show = forms.ChoiceField(
        label="显示",
        required=False,
        choices=[("", "全部条目"), ("changed", "只看有变化的"), ("status", "只看状态变化的")],
    )

    def __init__(self, data, choices: list[tuple[str, str]]):
        super().__init__(data)
        self.fields["a"].choices = self.fields["b"].choices = [("", "请选择"), *choices]
        self.is_valid()

    def shows(self, item: ItemPair) -> bool:
        show = self.cleaned_data.get("show", "")
        if show == "status":
            return item.old_status != item.new_status
        return show != "changed" or item.change != SAME

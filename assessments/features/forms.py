"""What people type in about feature projects. What may be said, the services decide."""

from django import forms

from assessments.features.services import IN_CHARGE_LENGTH, NAME_LENGTH, TEXT_LENGTH, Described

_WRONG_DAY = {"invalid": "日期写法不对，请写成 2024-03-05。"}


def _day(label: str, **more) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=_WRONG_DAY | more.pop("messages", {}), **more)


def _words(label: str, rows: int, **more) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": TEXT_LENGTH})
    return forms.CharField(label=label, widget=widget, strip=False, required=False, **more)


class ProjectForm(forms.Form):
    """A project as it is described; `seen`: version_of the one that is changed."""

    name = forms.CharField(label="项目名称", max_length=NAME_LENGTH, error_messages={"required": "请填写项目名称。"})
    aim = _words("内容和目标", 4, help_text="做什么、与别的县（区）有什么不同、做到什么程度。")
    in_charge = forms.CharField(label="责任单位", max_length=IN_CHARGE_LENGTH, required=False)
    start = _day("开始", required=False)
    end = _day("计划完成", required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def described(self) -> Described:
        return Described(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class ProgressForm(forms.Form):
    """How far a project is."""

    on = _day("日期", messages={"required": "请填写进展的日期。"})
    done = forms.IntegerField(
        label="完成进度（%）",
        widget=forms.NumberInput(attrs={"min": 0, "max": 100, "inputmode": "numeric"}),
        error_messages={"required": "请填写完成进度。", "invalid": "完成进度请填 0 到 100 之间的整数。"},
    )
    text = _words("进展", 3)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="撤回理由", required=False, widget=forms.TextInput(attrs={"maxlength": 300}))

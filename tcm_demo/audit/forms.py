"""What an auditor may ask of the trail."""

from django import forms

from tcm_demo.audit.queries import NOWHERE
from tcm_demo.audit.scope import Scope
from tcm_demo.audit.words import action_choices

_MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and a time of the office's time zone, to the minute."""

    def __init__(self, label: str):
        widget = forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT)
        wrong = {"invalid": f"“{label}”不是一个时间，请写成 2024-03-01T08:30 的样子。"}
        formats = [_MOMENT, "%Y-%m-%d %H:%M", "%Y-%m-%d"]
        super().__init__(label=label, required=False, widget=widget, input_formats=formats, error_messages=wrong)


class TrailFilter(forms.Form):
    since = MomentField("时间从")
    until = MomentField("时间到")
    action = forms.ChoiceField(label="操作", required=False)
    place = forms.ChoiceField(label="地区", required=False)
    who = forms.CharField(label="操作人（姓名或用户名）", required=False)
    subject = forms.CharField(label="对象（名称或编号）", required=False)
    address = forms.CharField(label="来源地址", required=False)
    request = forms.CharField(label="请求号", required=False)

    def __init__(self, data, scope: Scope):
        super().__init__(data)
        places = [(code, name) for code, name in scope.places.items()]
        self.fields["action"].choices = [("", "全部"), *action_choices()]
        self.fields["place"].choices = [("", "全部"), (NOWHERE, "无（登录、账号、系统）"), *places]
        for name in ("action", "place"):
            label = self.fields[name].label
            self.fields[name].error_messages["invalid_choice"] = f"没有这一项{label}，请重新选择。"
        self.is_valid()

    def chosen(self, name: str):
        """What was asked for; None or "" where nothing was, or nothing that can be."""
        return self.cleaned_data.get(name)

    @property
    def faults(self) -> list[str]:
        return [sentence for sentences in self.errors.values() for sentence in sentences]

"""What the county office gives on the pages of its own standard, but for the tables (tables.py)."""

import re

from django import forms
from django.core.exceptions import ValidationError

from assessments.drafting.fields import Day, Line, Points, Text, limit
from indicators.contents import StandardContent
from indicators.models import Item, Standard

# what an item's number consists of: it stands in addresses, names of files and codes
_NUMBER = re.compile(r"[\w（）()〔〕.\-—·]+")
_NO_NUMBER = (".", "..", "new")


class HeadForm(forms.Form):
    title = Line("标准名称", limit(Standard, "title"))
    source_document = Line("依据文件", limit(Standard, "source_document"), required=False, help_text="文件的全称。")
    source_number = Line("文号", limit(Standard, "source_number"), required=False)
    source_date = Day("发文日期")
    deadline = Day("完成时限", required=False, help_text="各项指标最迟在哪一天达到；文件没有写明的不填。")


class BeginForm(forms.Form):
    """A new standard with nothing in it yet."""

    title = Line("标准名称", limit(Standard, "title"))


class CopyForm(forms.Form):
    standard = forms.ModelChoiceField(
        Standard.objects.none(),
        label="复制哪个标准",
        empty_label="请选择",
        error_messages={"required": "请选择要复制的标准。", "invalid_choice": "请从列表中选择标准。"},
    )

    def __init__(self, data, readable):
        super().__init__(data)
        self.fields["standard"].queryset = readable


class ItemForm(forms.Form):
    """An item but its departments, evidence and criteria."""

    number = Line("编号", limit(Item, "number"), widget=forms.TextInput({"autocomplete": "off"}))
    title = Line("标题", limit(Item, "title"))
    section = forms.TypedChoiceField(
        label="所属部分",
        coerce=int,
        error_messages={"required": "请选择所属部分。", "invalid_choice": "选的部分已被删去，请另选一个。"},
    )
    points = Points(help_text="不填为平均分。")
    source = Line("出处", limit(Item, "source"), required=False, help_text="在文件的什么地方，如“第三部分（二）4”。")
    requirement = Text("要求", rows=4, required=False)
    wording = Text("官方原文", rows=3, required=False, help_text="文件的原话，照抄；与要求一起显示。")

    def __init__(self, data, content: StandardContent, number: str = "", **kwargs):
        """`number`: of the stored item; "" for a new one."""
        super().__init__(data, **kwargs)
        self.content, self.stored_number = content, number
        self.fields["section"].choices = [(each.number, each.name) for each in content.sections]

    def clean_number(self) -> str:
        number = self.cleaned_data["number"]
        if not _NUMBER.fullmatch(number) or number in _NO_NUMBER:
            raise ValidationError("编号只能用数字、字母、汉字、括号、点和短横，例如 24 或 3-1。")
        others = {item.number: item.title for item in self.content.items if item.number != self.stored_number}
        if number in others:
            raise ValidationError(f"编号 {number} 已用于“{others[number]}”，请换一个。")
        return number


class PointsForm(forms.Form):
    """The points of all items."""

    def __init__(self, data, content: StandardContent):
        super().__init__(data)
        self.content = content
        for item in content.items:
            self.fields[_points_of(item.number)] = Points(initial=item.points)

    @property
    def numbers(self) -> list[str]:
        return [item.number for item in self.content.items]

    def sections(self) -> list[tuple]:
        """(section, [(item, box)])"""
        return [
            (section, [(item, self[_points_of(item.number)]) for item in section.items])
            for section in self.content.sections
        ]

    def given(self) -> dict:
        return {number: self.cleaned_data[_points_of(number)] for number in self.numbers}


def _points_of(number: str) -> str:
    return f"points-{number}"

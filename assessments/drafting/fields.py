"""Form fields as the pages of a standard have them, with sentences that say what is wrong and where."""

import re
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from indicators.yaml_lines import YEARS
from tcm_demo.lib.text import is_unseen

_BETWEEN = re.compile(r"[、,，;；/\r\n\t]+")
DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
# of texts that have no limit in the database
LONGEST_TEXT = 5000
_HUNDREDTH = Decimal("0.01")


def limit(model: type, name: str) -> int:
    return model._meta.get_field(name).max_length


class Line(forms.CharField):
    """One line, in which nothing stands that is not seen."""

    def __init__(self, label: str, longest: int, **more):
        told = {"required": f"请填写{label}。", "max_length": f"{label}最多 {longest} 个字。"}
        told |= more.pop("error_messages", {})
        super().__init__(label=label, max_length=longest, error_messages=told, **more)

    def clean(self, value) -> str:
        # a box of several lines takes line breaks, too
        text = super().clean(" ".join(str(value or "").splitlines()))
        if any(map(is_unseen, text)):
            raise ValidationError(f"{self.label}里有看不见的控制字符，请删去后重新填写。")
        return text


class Text(forms.CharField):
    """Several lines."""

    def __init__(self, label: str, rows: int = 3, longest: int = LONGEST_TEXT, **more):
        attrs = {"rows": rows} | more.pop("attrs", {})
        told = {"required": f"请填写{label}。", "max_length": f"{label}最多 {longest} 个字。"}
        told |= more.pop("error_messages", {})
        super().__init__(label=label, max_length=longest, widget=forms.Textarea(attrs), error_messages=told, **more)

    def clean(self, value) -> str:
        text = "\n".join(line.rstrip() for line in super().clean(value).splitlines()).strip()
        if any(is_unseen(character) for character in text if character not in "\n\t"):
            raise ValidationError(f"{self.label}里有看不见的控制字符，请删去后重新填写。")
        return text


class Sentences(Text):
    """A list, one sentence a line."""

    def __init__(self, label: str, each: int, **more):
        super().__init__(label, attrs={"placeholder": "一行写一项"}, required=False, **more)
        self.each = each

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        for line in lines:
            if len(line) > self.each:
                raise ValidationError(f"{self.label}里“{line[:10]}…”超过 {self.each} 个字。一行写一项。")
        return lines

    def has_changed(self, initial, data) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class Names(forms.CharField):
    """Several names in one line, with 、 between them; each once."""

    def __init__(self, label: str, each: int, **more):
        more = {"required": False, "max_length": 1000} | more
        super().__init__(label=label, **more, error_messages={"max_length": f"{label}最多 1000 个字。"})
        self.each = each

    def prepare_value(self, value):
        return "、".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value) -> list[str]:
        names = list(dict.fromkeys(filter(None, map(str.strip, _BETWEEN.split(super().clean(value))))))
        for name in names:
            if len(name) > self.each:
                raise ValidationError(f"{self.label}“{name[:10]}…”超过 {self.each} 个字。几个之间请用顿号隔开。")
            if any(map(is_unseen, name)):
                raise ValidationError(f"{self.label}里有看不见的控制字符，请删去后重新填写。")
        return names

    def has_changed(self, initial, data) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class Day(forms.DateField):
    def __init__(self, label: str, **more):
        super().__init__(
            label=label,
            input_formats=DAYS,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            error_messages={"required": f"请填写{label}。", "invalid": "日期写法不对，例如 2024-03-01。"},
            **more,
        )

    def clean(self, value) -> date | None:
        day = super().clean(value)
        if day and day.year not in YEARS:
            raise ValidationError(f"{self.label}的年份不对，请核对。")
        return day


class Points(forms.DecimalField):
    """Points of an item; None is an equal share of 100."""

    def __init__(self, **more):
        super().__init__(
            label="分值",
            required=False,
            min_value=0,
            max_digits=6,
            decimal_places=2,
            widget=forms.TextInput({"inputmode": "decimal", "class": "points-box", "autocomplete": "off"}),
            error_messages={"invalid": "分值请填数字，例如 2.5；不填为平均分。"}
            | dict.fromkeys(["max_digits", "max_whole_digits"], "分值最大 9999.99。")
            | {"max_decimal_places": "分值最多两位小数。", "min_value": "分值不能是负数。"},
            **more,
        )

    def clean(self, value):
        given = super().clean(value)
        return None if given is None else given.quantize(_HUNDREDTH)

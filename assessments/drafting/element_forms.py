"""What the office gives for a data element or a check of its own; indicators.own_elements decides whether it may be."""

import re
from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError

from assessments.drafting.criterion_form import formula_text
from assessments.drafting.criterion_words import marked
from assessments.drafting.fields import Line, Names, Text, limit
from assessments.drafting.vocabulary import Vocabulary
from indicators.contents import CheckContent, ElementContent
from indicators.enums import CheckLevel, InstitutionType, ValueType
from indicators.formula.chinese import ChineseFault, check_rule
from indicators.models import Element, ElementCheck

OWN_GROUP = "本县自设"
_CHOICE = re.compile(r"([0-9]{1,3})[\s.:、：．)）]+(\S.*)")


class ChoiceLines(Text):
    """Options from the lowest to the highest, one a line: `0 未定级`; a line without a number gets the next one."""

    def prepare_value(self, value):
        return "\n".join(f"{number} {label}" for number, label in value.items()) if isinstance(value, dict) else value

    def clean(self, value) -> dict[str, str]:
        choices: dict[str, str] = {}
        for line in filter(None, map(str.strip, super().clean(value).splitlines())):
            found = _CHOICE.fullmatch(line)
            number = int(found[1]) if found else max(map(int, choices), default=-1) + 1
            if str(number) in choices:
                raise ValidationError(f"选项编号 {number} 写了两次，请改一个。")
            choices[str(number)] = found[2].strip() if found else line
        return choices


class Whole(forms.IntegerField):
    def __init__(self, label: str):
        super().__init__(
            label=label,
            required=False,
            widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={"invalid": f"{label}请填整数，不填就不限。"},
        )


class _Types:
    """The types of institutions as a list to tick."""

    def choices_of(self, name: str) -> list[tuple[str, str, bool]]:
        chosen = self[name].value() or []
        return [(kind.value, kind.label, kind.value in chosen) for kind in InstitutionType]


class ElementForm(_Types, forms.Form):
    name = Line("名称", limit(Element, "name"), help_text="填报表和台账表头里的叫法。")
    aliases = Names("别名", limit(Element, "name"), help_text="台账里的其他叫法，几个之间用顿号隔开。")
    group = Line("分组", limit(Element, "group"), initial=OWN_GROUP)
    value_type = forms.ChoiceField(
        label="类型",
        choices=ValueType.choices,
        error_messages={"required": "请选择类型。", "invalid_choice": "请从列表中选择类型。"},
    )
    unit = Line("单位", limit(Element, "unit"), required=False, help_text="如人、张、人次。")
    choices = ChoiceLines(
        "选项", rows=4, longest=2000, required=False, help_text="类型是“选项”时填写，由低到高，一行一个，如 0 未定级。"
    )
    reported_by = forms.MultipleChoiceField(
        label="由谁填报",
        choices=InstitutionType.choices,
        error_messages={
            "required": "请选择由哪些机构填报，至少一类。",
            "invalid_choice": "没有“%(value)s”这种机构类型。",
        },
    )
    definition = Text("口径", longest=500, required=False, help_text="怎样算、算到哪一天，填报的人会看到。")
    minimum = Whole("最小值")
    maximum = Whole("最大值")

    @property
    def reporters(self) -> list[tuple[str, str, bool]]:
        return self.choices_of("reported_by")

    def element(self) -> ElementContent:
        """Only where the form is valid. Limits of what is no figure are left out, options of what is no choice, too."""
        given = self.cleaned_data | {"code": ""}
        if given["value_type"] not in (ValueType.INTEGER, ValueType.DECIMAL):
            given |= {"minimum": None, "maximum": None}
        if given["value_type"] != ValueType.CHOICE:
            given |= {"choices": {}}
        given["reported_by"] = [kind for kind in InstitutionType.values if kind in given["reported_by"]]
        return ElementContent(**given)


class CheckForm(_Types, forms.Form):
    """`rule_faults`: what is wrong with the rule, each at its place in the text as it was typed."""

    rule = forms.CharField(
        label="规则",
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "请填写规则，如 【中医诊疗人次】 ≤ 【总诊疗人次】。"},
    )
    message = Line("不合规则时说什么", limit(ElementCheck, "message"), help_text="如：中医诊疗人次不能大于总诊疗人次。")
    level = forms.ChoiceField(
        label="级别",
        choices=CheckLevel.choices,
        initial=CheckLevel.ERROR.value,
        error_messages={"required": "请选择级别。", "invalid_choice": "请选择错误或提示。"},
        help_text="错误：改正后才能提交。提示：可以写一句说明后提交。",
    )
    types = forms.MultipleChoiceField(
        label="机构类型",
        required=False,
        choices=InstitutionType.choices,
        error_messages={"invalid_choice": "没有“%(value)s”这种机构类型。"},
    )

    def __init__(self, data: Mapping | None, *, vocabulary: Vocabulary, initial: dict | None = None):
        super().__init__(data, initial=initial)
        self.vocabulary = vocabulary
        self.rule_faults: list[ChineseFault] = []

    @property
    def kinds(self) -> list[tuple[str, str, bool]]:
        return self.choices_of("types")

    @property
    def marked_rule(self) -> list[tuple[str, bool]]:
        return marked(formula_text(self["rule"].value()), self.rule_faults)

    def clean(self) -> dict:
        given = super().clean()
        text = formula_text(self["rule"].value())
        reading = self.vocabulary.read(text)
        self.rule_faults = check_rule(reading, self.vocabulary.specs) if text.strip() else []
        if self.rule_faults:
            self.add_error("rule", self.rule_faults[0].sentence)
        given["expression"] = reading.notation.strip()
        return given

    def check(self) -> CheckContent:
        """Only where the form is valid."""
        given = self.cleaned_data
        types = [kind for kind in InstitutionType.values if kind in given["types"]]
        return CheckContent(given["expression"], given["message"], given["level"], types)


def initial_of_check(check: ElementCheck, vocabulary: Vocabulary) -> dict:
    return {
        "rule": vocabulary.write(check.expression),
        "message": check.message,
        "level": check.level,
        "types": check.types,
    }

"""What the office gives on the page of a criterion."""

import re
from collections.abc import Mapping

from django import forms
from django.http import QueryDict

from assessments.drafting.criterion_words import LEVELS, marked
from assessments.drafting.fields import Line, limit
from assessments.drafting.vocabulary import Vocabulary
from indicators.contents import CriterionContent
from indicators.enums import Comparator, InstitutionType, Level
from indicators.formula import ALL
from indicators.formula.chinese import ChineseFault, check_formula
from indicators.models import Criterion

SCOPES = [(ALL, "全部机构"), *InstitutionType.choices]
_TARGET = limit(Criterion, "target")
_YEAR = re.compile(r"20[0-9]{2}")
# empty rows for targets of further years
_MORE_YEARS = 2
_MOST_YEARS = 20


_NAMES = CriterionContent.__dataclass_fields__.keys() - {"code"}


def formula_text(value) -> str:
    """As it was typed; a line break is one character, as the browser counts places."""
    return str(value or "").replace("\r\n", "\n").replace("\0", " ")


class CriterionForm(forms.Form):
    """`formula_faults`, `target_faults`: what is wrong with them, each at its place in the text as it was typed."""

    name = Line("指标名称", limit(Criterion, "name"))
    level = forms.ChoiceField(
        label="级别",
        choices=[(level.value, level.label) for level in Level],
        initial=Level.HARD.value,
        error_messages={"required": "请选择级别。", "invalid_choice": "请选择必达、提示或参考。"},
    )
    scope = forms.MultipleChoiceField(
        label="适用机构",
        choices=SCOPES,
        error_messages={"required": "请至少选择一类机构。", "invalid_choice": "没有“%(value)s”这种机构类型。"},
    )
    formula = forms.CharField(
        label="公式",
        widget=forms.Textarea({"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "请填写公式。可以从上面的几种写法开始。"},
    )
    comparator = forms.ChoiceField(
        label="比较",
        choices=Comparator.choices,
        initial=Comparator.GE.value,
        error_messages={"required": "请选择怎样比较。", "invalid_choice": "请从列表中选择怎样比较。"},
    )
    target = forms.CharField(
        label="目标",
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="一个数（如 4）、百分数（如 35%），或县级数据元的公式（如 合计(【规划目标：医护比】)）。",
        error_messages={"required": "请填写目标，例如 35%。"},
    )
    unit = Line(
        "单位", limit(Criterion, "unit"), required=False, help_text="如 %、人、项。占比和比例填 %，结果按百分数显示。"
    )
    note = Line("说明", limit(Criterion, "note"), required=False)
    source = Line("出处", limit(Criterion, "source"), required=False, help_text="在文件的什么地方，或文件里的原话。")

    def __init__(self, data: Mapping | None, *, vocabulary: Vocabulary, code: str = "", initial: dict | None = None):
        super().__init__(data, initial=initial)
        self.vocabulary, self.code = vocabulary, code
        self.formula_faults: list[ChineseFault] = []
        self.target_faults: list[ChineseFault] = []

    @property
    def levels(self) -> list[tuple[str, str, str, bool]]:
        """(code, word, what it means, whether it is chosen)"""
        chosen = self["level"].value()
        return [(level.value, level.label, LEVELS[level], level.value == chosen) for level in Level]

    @property
    def scopes(self) -> list[tuple[str, str, bool]]:
        chosen = self["scope"].value() or []
        return [(code, label, code in chosen) for code, label in SCOPES]

    @property
    def marked_formula(self) -> list[tuple[str, bool]]:
        return marked(formula_text(self["formula"].value()), self.formula_faults)

    @property
    def marked_target(self) -> list[tuple[str, bool]]:
        return marked(formula_text(self["target"].value()), self.target_faults)

    @property
    def years(self) -> list[tuple[str, str]]:
        """(year, target) as they were typed, or as they are stored, and a few empty rows."""
        given = self._typed_years() if self.is_bound else list((self.initial.get("targets") or {}).items())
        return given + [("", "")] * _MORE_YEARS

    def _typed_years(self) -> list[tuple[str, str]]:
        years, targets = self.data.getlist("year"), self.data.getlist("year_target")
        pairs = [(year.strip(), formula_text(target).strip()) for year, target in zip(years, targets, strict=False)]
        return [pair for pair in pairs if any(pair)][:_MOST_YEARS]

    def clean_scope(self) -> list[str]:
        chosen = self.cleaned_data["scope"]
        return [ALL] if ALL in chosen else [code for code, _ in SCOPES if code in chosen]

    def clean(self) -> dict:
        given = super().clean()
        texts = {name: formula_text(self[name].value()) for name in ("formula", "target")}
        formula, target = (self.vocabulary.read(text) for text in texts.values())
        scope = given.get("scope") or [ALL]
        in_formula, in_target = check_formula(formula, target, scope, self.vocabulary.specs)
        for name, faults in (("formula", in_formula), ("target", in_target)):
            if texts[name].strip() and faults:
                setattr(self, f"{name}_faults", faults)
                self.add_error(name, faults[0].sentence)
        if len(target.notation) > _TARGET:
            self.add_error("target", f"目标最多 {_TARGET} 个字符。")
        given |= {"expression": formula.notation.strip(), "target": target.notation.strip()}
        given["targets"] = self._targets(formula, scope)
        return given

    def _targets(self, formula, scope: list[str]) -> dict[str, str]:
        """{"2024": "30%"}; what is wrong is said at the form."""
        targets: dict[str, str] = {}
        for year, text in self._typed_years():
            reading = self.vocabulary.read(text)
            _, faults = check_formula(formula, reading, scope, self.vocabulary.specs)
            if not _YEAR.fullmatch(year):
                self.add_error(None, f"分年目标的年份“{year[:10]}”写法不对，例如 2024。")
            elif year in targets:
                self.add_error(None, f"分年目标里 {year} 年写了两次，请删去一个。")
            elif not text or faults or len(reading.notation) > _TARGET:
                why = faults[0].sentence if text and faults else "请填写目标，例如 30%。"
                self.add_error(None, f"{year} 年的目标：{why}")
            targets[year] = reading.notation.strip()
        return dict(sorted(targets.items()))

    def criterion(self) -> CriterionContent:
        """Only where the form is valid."""
        return CriterionContent(code=self.code, **{name: self.cleaned_data[name] for name in _NAMES})

    def tried(self) -> CriterionContent | None:
        """What can be tried out before all is filled in; None where the formula or its target is at fault. Without a
        target, any will do: `has_target` tells."""
        given = self.cleaned_data
        if not given.get("expression") or self.formula_faults or self.target_faults:
            return None
        usual = {"scope": [ALL], "level": Level.INFO.value, "comparator": Comparator.GE.value}
        known = {name: given.get(name) or usual.get(name, "") for name in _NAMES - {"targets"}}
        known |= {"name": "", "note": "", "source": "", "target": given["target"] if self.has_target else "0"}
        return CriterionContent(code="0", targets={} if self.non_field_errors() else given["targets"], **known)

    @property
    def has_scope(self) -> bool:
        return bool(self["scope"].value())

    @property
    def has_target(self) -> bool:
        return bool(formula_text(self["target"].value()).strip())


def initial_of(criterion: CriterionContent, vocabulary: Vocabulary) -> dict:
    """What the form of a stored criterion begins with."""
    values = {name: getattr(criterion, name) for name in CriterionForm.base_fields if name != "formula"}
    targets = {year: vocabulary.write(target) for year, target in sorted(criterion.targets.items())}
    return values | {
        "formula": vocabulary.write(criterion.expression),
        "target": vocabulary.write(criterion.target),
        "targets": targets,
    }


def as_sent(initial: Mapping) -> QueryDict:
    """What a form begins with, as if it had been filled in and sent: it can be tried out at once."""
    sent = QueryDict(mutable=True)
    for name, value in initial.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    targets = initial.get("targets", {})
    sent.setlist("year", list(targets))
    sent.setlist("year_target", list(targets.values()))
    return sent

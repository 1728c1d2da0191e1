"""What the county office gives on the pages of rounds."""

import re
import unicodedata
from collections import Counter
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from indicators.enums import InstitutionType
from indicators.queries import elements_of
from institutions.models import County, Round
from institutions.period import Period
from institutions.rounds.progress import numbers_by_type
from institutions.rounds.queries import used_by
from institutions.rounds.reminder_services import WORDS_LENGTH

USED, EVERYTHING, CHOSEN = "used", "everything", "chosen"
SCOPES = [
    (USED, "创建工作用到的全部数据元"),
    (EVERYTHING, "字典里的全部数据元"),
    (CHOSEN, "自己选"),
]
PERIOD_FORMS = "年度写 2023，季度写 2023Q4 或 2023年第四季度，月份写 2023-11 或 2023年11月。"
_DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
_DIGITS = str.maketrans("一二三四", "1234")
_QUARTER = re.compile(r"(20\d\d)年?(?:第?([1-9一二三四])季度?|q([1-9]))", re.IGNORECASE)
_MONTH = re.compile(r"(20\d\d)(?:年(\d\d?)月?|[-./](\d\d?))")
_YEAR = re.compile(r"(20\d\d)(?:年度?|年全年)?")


def period_meant(text: str) -> str:
    """A period as people write it, as it is stored: 2023年第四季度 -> 2023Q4, 2023年1月 -> 2023-01. What is not
    understood comes back as it was; the rest is the matter of the field's check."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if found := _YEAR.fullmatch(plain):
        return found[1]
    if found := _QUARTER.fullmatch(plain):
        return f"{found[1]}Q{(found[2] or found[3]).translate(_DIGITS)}"
    if found := _MONTH.fullmatch(plain):
        return f"{found[1]}-{int(found[2] or found[3]):02d}"
    return plain


def _check_meant(text: str) -> None:
    """As check_period; the sentence says what this form takes."""
    try:
        Period.parse(text)
    except ValueError:
        raise ValidationError(f"填报期“{text}”写法不对：{PERIOD_FORMS}") from None


class PeriodMeantField(forms.CharField):
    def to_python(self, value) -> str:
        return period_meant(super().to_python(value))


def _day(label: str, hint: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        input_formats=_DATE_FORMATS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}。", "invalid": f"{label}写法不对，例如 2024-01-31。"},
    )


class RoundForm(forms.Form):
    """A round: of which period, from when to when, which elements from whom. With `round` its period stands."""

    period = PeriodMeantField(
        label="填报期",
        max_length=20,
        validators=[_check_meant],
        help_text=PERIOD_FORMS,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "请填写填报期，例如 2023。", "max_length": "填报期写法不对：例如 2023。"},
    )
    opens_on = _day("开放日期", "从这一天起机构可以填写。")
    due_on = _day("截止日期", "这一天提交仍算按时；之后提交记为逾期。")
    scope = forms.ChoiceField(
        label="填报哪些数据元",
        choices=SCOPES,
        widget=forms.RadioSelect({"class": "form-check-input"}),
        error_messages={"required": "请选择填报哪些。"},
    )
    elements = forms.MultipleChoiceField(
        label="数据元",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "没有“%(value)s”这个数据元，请重新选择。"},
    )
    types = forms.MultipleChoiceField(
        label="由哪些机构填报",
        widget=forms.CheckboxSelectMultiple,
        choices=InstitutionType.choices,
        error_messages={"required": "请至少选择一类机构。", "invalid_choice": "没有“%(value)s”这种机构类型。"},
    )
    note = forms.CharField(
        label="给机构的说明",
        required=False,
        max_length=500,
        help_text="显示在每张填报表的上方，最多 500 个字。",
        widget=forms.Textarea({"rows": 3, "maxlength": 500}),
    )

    def __init__(self, data=None, *, county: County, round: Round | None = None, initial: dict | None = None):
        self.county, self.round = county, round
        self.dictionary = list(elements_of(county.code))
        self.used = used_by(county, self.dictionary)
        first = {"elements": self.used} | (initial or {})
        super().__init__(data, initial=self._as_it_stands(round) if round else first)
        self.fields["elements"].choices = [(element.code, element.name) for element in self.dictionary]
        if round:
            del self.fields["period"]
        if not self.used:
            self.fields["scope"].choices = [choice for choice in SCOPES if choice[0] != USED]

    def facts(self) -> dict:
        """As round_services.save_round takes it, but for the period of a round that exists."""
        return self.cleaned_data | {"elements": self._elements(), "types": self._types()}

    def clean(self) -> dict:
        cleaned = super().clean()
        opens_on, due_on = cleaned.get("opens_on"), cleaned.get("due_on")
        if opens_on and due_on and due_on < opens_on:
            self.add_error("due_on", "截止日期早于开放日期，请改正其中一个。")
        if cleaned.get("scope") == CHOSEN and not cleaned.get("elements") and "elements" not in self.errors:
            self.add_error("elements", "请至少勾选一个数据元，或选择上面的另一种范围。")
        if not self.errors and not self._types_with_fields():
            raise ValidationError("所选的数据元都不由所选的机构填报，请改选数据元或机构类型。")
        return cleaned

    # ---- for the page ----

    def scope_chosen(self) -> str:
        return self["scope"].value() or ""

    def groups(self) -> list[dict]:
        """The dictionary by groups: name, and elements with `checked` and the types that report them."""
        ticked = set(self["elements"].value() or [])
        groups: dict[str, list] = {}
        for element in self.dictionary:
            entry = {"element": element, "checked": element.code in ticked, "used": element.code in self.used}
            groups.setdefault(element.group, []).append(entry)
        return [
            {"name": name, "entries": entries, "ticked": sum(entry["checked"] for entry in entries)}
            for name, entries in groups.items()
        ]

    def type_choices(self) -> list[dict]:
        """Each institution type: how many there are, how many fields each gets, and whether it is ticked."""
        fields = Counter(kind for e in self.dictionary if e.code in self._asked_now() for kind in e.reported_by)
        numbers = numbers_by_type(self.county, self._day())
        ticked = set(self["types"].value() or [])
        return [
            {"value": k, "label": label, "number": numbers[k], "fields": fields[k], "checked": k in ticked}
            for k, label in InstitutionType.choices
        ]

    def _asked_now(self) -> set[str]:
        scope = self.scope_chosen()
        if scope == CHOSEN:
            return set(self["elements"].value() or [])
        return set(self.used) if scope == USED else {element.code for element in self.dictionary}

    def _day(self) -> date:
        """The one that decides which institutions are asked; today as long as there is no period."""
        text = self.round.period if self.round else period_meant(str(self["period"].value() or ""))
        try:
            return Period.parse(text).last_day
        except ValueError:
            return timezone.localdate()

    # ---- what is stored ----

    def _elements(self) -> list[str]:
        scope = self.cleaned_data["scope"]
        if scope == EVERYTHING:
            return []
        wanted = set(self.used if scope == USED else self.cleaned_data["elements"])
        return [element.code for element in self.dictionary if element.code in wanted]

    def _types_with_fields(self) -> list[str]:
        """The chosen types that report at least one of the elements: of others nothing can be asked."""
        elements = set(self._elements()) or {element.code for element in self.dictionary}
        reporting = {kind for e in self.dictionary if e.code in elements for kind in e.reported_by}
        return [kind for kind in InstitutionType.values if kind in self.cleaned_data["types"] and kind in reporting]

    def _types(self) -> list[str]:
        types = self._types_with_fields()
        return [] if types == InstitutionType.values else types

    def _as_it_stands(self, round: Round) -> dict:
        scope = EVERYTHING if not round.elements else USED if set(round.elements) == set(self.used) else CHOSEN
        return {
            "opens_on": round.opens_on,
            "due_on": round.due_on,
            "scope": scope,
            # who chooses one by one begins from what is asked now
            "elements": round.elements or [element.code for element in self.dictionary],
            "types": round.types or InstitutionType.values,
            "note": round.note,
        }


class ReasonForm(forms.Form):
    """Why many reports are returned; whether it is enough, review_services decides."""

    reason = forms.CharField(label="理由", required=False, max_length=300, widget=forms.Textarea({"rows": 2}))


class RemindForm(forms.Form):
    words = forms.CharField(
        label="附言",
        required=False,
        max_length=WORDS_LENGTH,
        error_messages={"max_length": f"附言最多 {WORDS_LENGTH} 个字，现在是 %(show_value)d 个字。"},
        widget=forms.TextInput({"maxlength": WORDS_LENGTH}),
    )
    again = forms.BooleanField(label="今天催过的也再催一次", required=False)


class ReopenForm(forms.Form):
    """Whether the reason is enough, round_services decides."""

    reason = forms.CharField(
        label="重新开放的理由",
        max_length=300,
        widget=forms.Textarea({"rows": 2, "maxlength": 300}),
        error_messages={"required": "请写明重新开放的理由。", "max_length": "理由最多 300 个字。"},
    )
    due_on = _day("新的截止日期", "不改就留着原来的日期。")

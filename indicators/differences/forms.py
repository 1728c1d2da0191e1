"""Which two standards to hold against each other, and how much of it to show."""

from collections.abc import Iterable

from django import forms

from indicators.differences.addresses import key_of
from indicators.models import Standard

FIGURES = "figures"
_SHOWN = [("", "全部改动"), (FIGURES, "只看影响得数的改动")]


class CompareForm(forms.Form):
    """Its fields are called `from`, `to` and `only`, as in the address."""

    def __init__(self, data, standards: Iterable[Standard]):
        super().__init__(data)
        choices = [("", "请选择"), *((key_of(each), str(each)) for each in standards)]
        self.fields["from"] = forms.ChoiceField(label="由", required=False, choices=choices)
        self.fields["to"] = forms.ChoiceField(label="到", required=False, choices=choices)
        self.fields["only"] = forms.ChoiceField(label="显示", required=False, choices=_SHOWN)
        self.is_valid()

    @property
    def figures_alone(self) -> bool:
        return self.cleaned_data.get("only") == FIGURES

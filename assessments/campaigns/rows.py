"""Tables of which rows are added, moved and removed, with scripts and without."""

from collections.abc import Mapping, Sequence

from django import forms
from django.forms.formsets import (
    DELETION_FIELD_NAME,
    ORDERING_FIELD_NAME,
    TOTAL_FORM_COUNT,
    BaseFormSet,
    formset_factory,
)

# how many empty rows come at a time where there are no scripts
MORE = 3


class _RowKey(forms.CharField):
    """Which stored row it is; None for a new one, and for what nobody but a guesser would send."""

    def clean(self, value) -> int | None:
        text = str(value or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


class RowForm(forms.Form):
    """One row. A new one in which nothing stands but its place is no row at all."""

    use_required_attribute = False  # rows that are to be removed, and empty ones, lack what they may

    pk = _RowKey(required=False, widget=forms.HiddenInput)

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - {ORDERING_FIELD_NAME, DELETION_FIELD_NAME})

    def own_data(self) -> dict:
        """Without place and removal, which are the table's."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in (ORDERING_FIELD_NAME, DELETION_FIELD_NAME)
        }

    def cells(self) -> list[forms.BoundField]:
        """What stands in the row's columns."""
        hidden = ("pk", ORDERING_FIELD_NAME, DELETION_FIELD_NAME)
        return [self[name] for name in self.fields if name not in hidden]


class RowFormSet(BaseFormSet):
    ordering_widget = forms.NumberInput({"min": "1", "inputmode": "numeric"})
    default_error_messages = {
        "missing_management_form": "提交的表格不完整，请刷新页面后重新填写。",
        "too_many_forms": "最多保存 %(num)d 行，请删去一些。",
    }

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields[ORDERING_FIELD_NAME].label = "顺序"
        form.fields[ORDERING_FIELD_NAME].error_messages["invalid"] = "顺序请填整数。"
        form.fields[DELETION_FIELD_NAME].label = "删除"

    def given(self) -> list:
        """The rows that stay, in their order. Only where the table is valid."""
        return [form.given() for form in self.ordered_forms]


def rows(
    form: type[RowForm],
    data: Mapping | None,
    initial: Sequence[dict],
    *,
    most: int,
    least: int = 1,
    form_kwargs: dict | None = None,
) -> BaseFormSet:
    """With `least` empty rows at the end, for those who add some without scripts; `most` can be saved.
    `form_kwargs`: what each row needs to know."""
    kind = formset_factory(
        form,
        RowFormSet,
        extra=least,
        can_order=True,
        can_delete=True,
        max_num=most,
        absolute_max=most + 100,
        validate_max=True,
    )
    given = {"data": data} if data is not None else {"initial": initial}
    return kind(**given, prefix="rows", form_kwargs=form_kwargs)


def with_more_rows(data: Mapping, prefix: str = "rows") -> Mapping:
    """What was sent, with a few empty rows more."""
    more, name = data.copy(), f"{prefix}-{TOTAL_FORM_COUNT}"
    count = str(data.get(name, ""))
    more[name] = str(int(count) + MORE) if count.isascii() and count.isdigit() and len(count) < 5 else count
    return more

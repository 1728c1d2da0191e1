"""What people type in on an item's page. What may be said, the services decide."""

from django import forms

from assessments.models import ItemWork
from assessments.work.queries import Colleague
from assessments.work.services import LONGEST


class WordsForm(forms.Form):
    """A progress note, or a word in the discussion."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}))

    def __init__(self, data=None, *, name: str, label: str, hint: str = ""):
        super().__init__(data, auto_id=f"{name}-%s")
        self.fields["text"].label = label
        self.fields["text"].widget.attrs["placeholder"] = hint


class StatementForm(forms.Form):
    """The statement as it was typed, and on which text: version and edition, 0 where there was none."""

    text = forms.CharField(required=False, strip=False)
    number = forms.IntegerField(min_value=0, error_messages={"required": "", "invalid": ""})
    edition = forms.IntegerField(min_value=0)
    apart = forms.BooleanField(required=False)


class ChargeForm(forms.Form):
    """Who is in charge of the item, and until when it is to be done."""

    person = forms.TypedChoiceField(label="责任人", required=False, coerce=int, empty_value=None)
    due_on = forms.DateField(
        label="完成时限",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "完成时限请写成 2024-03-01 这样的日期。"},
    )

    def __init__(self, data=None, *, work: ItemWork, people: list[Colleague]):
        super().__init__(data, initial={"person": work.person_id, "due_on": work.due_on}, auto_id="charge-%s")
        self.people = {each.user.pk: each.user for each in people}
        choices = [(each.user.pk, f"{each.name}（{each.does}）") for each in people]
        # who was put in charge and has another office now may stay
        if work.person_id and work.person_id not in self.people:
            self.people[work.person_id] = work.person
            choices.append((work.person_id, str(work.person)))
        self.fields["person"].choices = [("", "未定"), *choices]
        self.fields["person"].error_messages["invalid_choice"] = "所选的责任人不在名单中，请重新选择。"

    @property
    def chosen(self):
        return self.people.get(self.cleaned_data["person"])

"""What people give on the pages of the ledger's import."""

import unicodedata

from django import forms
from django.conf import settings

from institutions.importing.columns import LEAVE_OUT, RECOGNISE, ToMatch
from institutions.importing.readiness import Outlook
from institutions.ledger.workbook import LedgerUnreadable
from institutions.models import check_period

_A_SENTENCE = forms.Textarea(attrs={"rows": 2, "maxlength": 300})
MAX_MEGABYTES = settings.LEDGER_MAX_BYTES // (1024 * 1024)


class PeriodField(forms.CharField):
    """`２０２３ｑ４ ` is 2023Q4; the rest is the matter of check_period."""

    def to_python(self, value) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value)).strip().upper()


class WorkbookForm(forms.Form):
    """A workbook. Whether it can be read, reading it tells."""

    file = forms.FileField(
        label="Excel 文件",
        allow_empty_file=True,  # reading says in the same words as the command that there is nothing in it
        help_text=f"可以把文件拖到框里。Excel 或 WPS 工作簿：.xlsx、.xls 或 .ods，不超过 {MAX_MEGABYTES} MB。",
        error_messages=dict.fromkeys(("required", "invalid", "missing"), "请选择文件。"),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,.xls,.ods", "class": "drop-box", "data-max-bytes": settings.LEDGER_MAX_BYTES}
        ),
    )

    def clean_file(self):
        """What is too large is refused before it is read."""
        file = self.cleaned_data["file"]
        if file.size > settings.LEDGER_MAX_BYTES:
            raise forms.ValidationError(str(LedgerUnreadable("too_big", f"{file.size / 1024 / 1024:.1f}")))
        return file


class LedgerForm(WorkbookForm):
    """A workbook and the period that it is for."""

    period = PeriodField(
        label="填报期",
        max_length=20,
        validators=[check_period],
        help_text="台账里是哪一期的数据：年度写 2023，季度写 2023Q4，月份写 2023-11。",
        error_messages={"required": "请填写填报期，例如 2023。", "max_length": "填报期写法不对：例如 2023。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["period", "file"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].label = "台账文件"


class DecisionForm(forms.Form):
    """What becomes of the figures of a file. What is needed when, services.write_upload tells."""

    way = forms.ChoiceField(label="写入后", required=False)
    words = forms.CharField(label="本次导入的说明", required=False, widget=_A_SENTENCE)
    reason = forms.CharField(label="退回理由", required=False, widget=_A_SENTENCE)
    unchanged = forms.BooleanField(required=False)

    def __init__(self, data, outlook: Outlook):
        super().__init__(data)
        self.fields["way"].choices = [(way.value, way.label) for way in outlook.ways]


class MatchForm(forms.Form):
    """One box for each heading that is to be matched by hand; a box may stay open."""

    def __init__(self, data, headings: list[ToMatch]):
        super().__init__(data)
        self.headings = headings
        for heading in headings:
            self.fields[heading.field] = forms.ChoiceField(
                label=heading.text,
                choices=heading.choices,
                initial=heading.chosen,
                required=False,
                error_messages={"invalid_choice": "请从列表中选择一个指标，或“不导入此列”。"},
            )

    def boxes(self) -> list[tuple[ToMatch, forms.BoundField]]:
        return [(heading, self[heading.field]) for heading in self.headings]

    def matches(self) -> dict[str, str | None]:
        """What was chosen, as services.remember_headings takes it; boxes left open or as they were are not in it."""
        meaning = {LEAVE_OUT: "", RECOGNISE: None}
        chosen = [(heading, self.cleaned_data[heading.field]) for heading in self.headings]
        return {h.key: meaning.get(value, value) for h, value in chosen if value and value != h.chosen}

"""What the office gives to take a standard in from a file."""

from django import forms

from assessments.drafting.exchange_reading import MAX_BYTES
from assessments.drafting.exchange_services import Target

_TOO_LARGE = f"文件超过 {MAX_BYTES // 1024 // 1024} MB，不像是标准文件。请用本系统导出的文件修改后再上传。"


class StandardFileForm(forms.Form):
    """A YAML or Excel file. Whether it can be read, reading it tells."""

    file = forms.FileField(
        label="标准文件",
        allow_empty_file=True,
        help_text=f"可以把文件拖到框里。本系统导出的 .xlsx 或 .yaml，不超过 {MAX_BYTES // 1024 // 1024} MB。",
        error_messages=dict.fromkeys(("required", "invalid", "missing"), "请选择文件。"),
        widget=forms.FileInput({"accept": ".xlsx,.yaml,.yml", "class": "drop-box", "data-max-bytes": MAX_BYTES}),
    )

    def clean_file(self):
        """What is too large is refused before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_TOO_LARGE)
        return file


class ImportForm(forms.Form):
    """What becomes of a file that was looked at."""

    kind = forms.ChoiceField(
        label="导入后", widget=forms.RadioSelect, error_messages={"required": "请选择导入后怎样。"}
    )

    def __init__(self, data, targets: list[Target]):
        super().__init__(data, initial={"kind": targets[0].kind})
        self.fields["kind"].choices = [(target.kind, target.words) for target in targets]

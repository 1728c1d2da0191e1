"""What the office gives to take a plan in, and on the page of what was read in it."""

from django import forms
from django.core.exceptions import ValidationError

from assessments.drafting.fields import Day, Line, Names, Sentences, Text, limit
from assessments.drafting.forms import HeadForm
from assessments.drafting.plan_edits import HeadGiven, ItemGiven
from indicators.contents import PhaseContent, StandardContent
from indicators.models import Department, EvidenceRequirement, Item, Phase

MAX_BYTES = 20 * 1024 * 1024
_KINDS = (".txt", ".docx", ".pdf")
_DEPARTMENT = limit(Department, "name")
# an official text, which the office shortens when it has the time
_LONGEST = 20_000


class PlanForm(forms.Form):
    """The text, pasted or in a file. What is in a file, reading it tells."""

    text = forms.CharField(
        label="粘贴正文",
        required=False,
        widget=forms.Textarea({"rows": 14, "placeholder": "从标题到附件，整篇粘贴"}),
    )
    file = forms.FileField(
        label="或上传文件",
        required=False,
        allow_empty_file=True,
        help_text=f"Word（.docx）、文字版 PDF 或 .txt，不超过 {MAX_BYTES // 1024 // 1024} MB。扫描件认不出文字。",
        widget=forms.FileInput({"accept": ",".join(_KINDS), "class": "drop-box", "data-max-bytes": MAX_BYTES}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MAX_BYTES:
            megabytes = f"{file.size / 1024 / 1024:.1f}"
            raise ValidationError(f"文件有 {megabytes} MB，超过 {MAX_BYTES // 1024 // 1024} MB 的上限。请只粘贴正文。")
        return file

    def clean(self):
        given = super().clean()
        text = (given.get("text") or "").strip()
        if not self.errors and not text and not given.get("file"):
            raise ValidationError("请粘贴方案的正文，或选择文件。")
        if text and given.get("file"):
            raise ValidationError("正文和文件只要一样：请清空文本框，或取消选择文件。")
        return given


class PlanHeadForm(HeadForm):
    def given(self) -> HeadGiven:
        return HeadGiven(**{name: self.cleaned_data[name] for name in HeadGiven.__dataclass_fields__})


class PlanItemForm(forms.Form):
    title = Line("标题", limit(Item, "title"))
    section = forms.TypedChoiceField(
        label="部分", coerce=int, error_messages={"invalid_choice": "选的部分已被删去，请另选一个。"}
    )
    lead = Names("牵头部门", _DEPARTMENT)
    cooperating = Names("配合部门", _DEPARTMENT)
    requirement = Text("要求", rows=5, longest=_LONGEST, required=False)

    def __init__(self, data, content: StandardContent, **more):
        super().__init__(data, **more)
        self.fields["section"].choices = [(each.number, each.name) for each in content.sections]

    def given(self) -> ItemGiven:
        return ItemGiven(**{name: self.cleaned_data[name] for name in ItemGiven.__dataclass_fields__})


class PlanPhaseForm(forms.Form):
    name = Line("阶段", limit(Phase, "name"))
    start = Day("开始日期")
    end = Day("结束日期")
    tasks = Sentences("任务", 500)

    def clean(self):
        given = super().clean()
        if given.get("start") and given.get("end") and given["start"] > given["end"]:
            self.add_error("end", "结束日期早于开始日期，请核对。")
        return given

    def given(self) -> PhaseContent:
        return PhaseContent(0, *(self.cleaned_data[name] for name in ("name", "start", "end", "tasks")))


class PlanEvidenceForm(forms.Form):
    text = Line("佐证材料", limit(EvidenceRequirement, "text"))


class PlanLeadForm(forms.Form):
    department = Line("部门", _DEPARTMENT)

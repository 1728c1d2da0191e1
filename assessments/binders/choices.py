"""What binders can be made of: one item, a section, or all that somebody may see."""

from collections.abc import Collection
from dataclasses import dataclass

from django import forms

from assessments.binders.write import Shape
from assessments.content import StandingContent
from indicators.naming import item_name

ALL = "all"
SHAPES = {Shape.PDF: "一个 PDF，带书签", Shape.ZIP: "文件夹和档案目录（ZIP）"}
NO_SUCH_ITEM = "请从列出的条目中选择：一条、一个部分或全部。联络员只能生成本部门条目的迎检资料。"


@dataclass(frozen=True)
class Choice:
    """`value` as it is sent, `label` as it is chosen, `title` as the file is called, `numbers` of the items in it."""

    value: str
    label: str
    title: str
    numbers: tuple[str, ...]


def choices_of(content: StandingContent, own: Collection[str] | None) -> list[tuple[str, list[Choice]]]:
    """In groups, each with its heading. `own`: the only items that may be chosen; None: all."""
    sections = [
        (section, [item for item in section.items if own is None or item.number in own]) for section in content.sections
    ]
    sections = [(section, items) for section, items in sections if items]
    numbers = tuple(item.number for _, items in sections for item in items)
    name = f"全部 {len(numbers)} 条" if own is None else f"本部门的 {len(numbers)} 条"
    groups = [("", [Choice(ALL, name, name, numbers)])] if numbers else []
    whole = [_of_section(section, items) for section, items in sections]
    groups += [("部分", whole)] if len(whole) > 1 else []
    return groups + [(section.name, [_of_item(item) for item in items]) for section, items in sections]


def _of_section(section, items) -> Choice:
    label = f"{section.name} {len(items)} 条"
    return Choice(f"section-{section.number}", label, label, tuple(item.number for item in items))


def _of_item(item) -> Choice:
    return Choice(item.number, f"{item.number} {item.title}", f"{item_name(item.number)} {item.title}", (item.number,))


class BinderForm(forms.Form):
    """Of which items, as what, and whether they tell what is missing. `groups` come from `choices_of`."""

    item = forms.ChoiceField(
        label="哪些条目", error_messages={"required": NO_SUCH_ITEM, "invalid_choice": NO_SUCH_ITEM}
    )
    shape = forms.ChoiceField(
        label="装成什么",
        choices=list(SHAPES.items()),
        initial=Shape.PDF,
        error_messages={"required": "请选择 PDF 或 ZIP。", "invalid_choice": "请选择 PDF 或 ZIP。"},
    )
    missing = forms.BooleanField(label="含缺件清单", required=False, initial=True)

    def __init__(self, data, groups: list[tuple[str, list[Choice]]]):
        super().__init__(data)
        self.by_value = {choice.value: choice for _, choices in groups for choice in choices}
        options = [(name, [(choice.value, choice.label) for choice in choices]) for name, choices in groups]
        # the first group is no group
        self.fields["item"].choices = [*(options[0][1] if options else []), *options[1:]]

    @property
    def chosen(self) -> Choice:
        return self.by_value[self.cleaned_data["item"]]

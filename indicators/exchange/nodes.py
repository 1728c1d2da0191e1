"""Values of a workbook in the form in which a YAML file's are read: they know their cell instead of their line."""

import re
from collections.abc import Iterable

import yaml
from openpyxl.utils import get_column_letter

from indicators.exchange.columns import HEAD, ITEM_SHEET, ITEM_SHEETS, ITEMS, PLAIN_SHEETS, STANDARD_SHEET
from indicators.yaml_lines import Fault, Place

_TAG = "tag:yaml.org,2002:"
# What sentences about a YAML file call things, and what they are called in a workbook. The key of an entry stands in
# quotes there; which heading it means depends on the sheet.
_SHEET_COLUMNS = {
    STANDARD_SHEET: HEAD,
    ITEM_SHEET: ITEMS,
    **dict((*PLAIN_SHEETS.values(), *ITEM_SHEETS.values())),
}
_PHRASES = [
    ("，请填写或删去这一行。", "，请填写。"),
    ("没有列在 departments 里", "没有列在“部门”表里"),
    ("没有牵头部门（lead）", "没有牵头部门"),
    ("；由条目的各责任部门提供的，请删去这一行", ""),
    ("请先写进 lead 或 cooperating", "请先写进牵头部门或配合部门"),
    ("应是 true 或 false", "应写“是”或“否”"),
    ("写了 all，就不能再列机构类型", "写了全部机构，就不能再列机构类型"),
    ("应是文字；若是数字或“是否”，请加引号", "应是文字"),
]
# sections stand in the sheet of the items
_OF_SECTION = re.compile(r"部分|第 [0-9]+ 个部分")


class CellPlace(Place):
    """A value whose faults name its cell, in the words of the workbook."""

    def fault(self, code: str, sentence: str) -> None:
        mark = self.node.start_mark
        for phrase, said in _PHRASES:
            sentence = sentence.replace(phrase, said)
        if mark.name == ITEM_SHEET and _OF_SECTION.match(sentence):
            sentence = sentence.replace("“number”", "“部分序号”").replace("“name”", "“部分”")
        for column in _SHEET_COLUMNS.get(mark.name, ()):
            sentence = sentence.replace(f"“{column.key}”", f"“{column.heading}”")
        letter = get_column_letter(mark.column + 1)
        self.faults.append(Fault(code, mark.name, self.line, sentence, self.key, letter))


def mark_at(sheet: str, row: int, column: int) -> yaml.Mark:
    """`row` and `column` count from 0."""
    return yaml.Mark(sheet, 0, row, column, None, None)


def scalar(text: str, mark: yaml.Mark, kind: str = "str") -> yaml.ScalarNode:
    """`kind`: str, int, bool or null."""
    return yaml.ScalarNode(_TAG + kind, text, mark, mark)


def sequence(nodes: Iterable[yaml.Node], mark: yaml.Mark) -> yaml.SequenceNode:
    return yaml.SequenceNode(_TAG + "seq", list(nodes), mark, mark)


def mapping(entries: dict[str, yaml.Node], mark: yaml.Mark) -> yaml.MappingNode:
    pairs = [(scalar(key, node.start_mark), node) for key, node in entries.items()]
    return yaml.MappingNode(_TAG + "map", pairs, mark, mark)

"""Reads a standard's workbook, whose cells were taken out of the file by the reader of ledgers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import yaml

from indicators.exchange.cells import LINE_SIGN, NAME_SIGN, NO, YES, day_in, pairs_of, parts_of
from indicators.exchange.columns import (
    HEAD,
    ITEM_SHEET,
    ITEM_SHEETS,
    ITEMS,
    NO_LIMIT,
    PLAIN_SHEETS,
    SOURCE,
    STANDARD_SHEET,
    Column,
    Kind,
)
from indicators.exchange.nodes import CellPlace, mapping, mark_at, scalar, sequence
from indicators.exchange.reading import ReadFile, read_tree
from indicators.formula import ElementSpec
from indicators.yaml_lines import Fault
from tcm_demo.lib.text import plain

MAX_ROWS = 5000
_DEMANDED = (STANDARD_SHEET, "部门", ITEM_SHEET)
_WHOLE_ROW = 0
# the table itself is not as it should be: its cells are not looked at
_HEADING, _CELL = "heading", "cell"


class Sheet(Protocol):
    """A worksheet; for what a cell may be see institutions.ledger.workbook.SheetRows."""

    name: str
    rows: list[list]


@dataclass(frozen=True)
class Row:
    """One thing: its values by key, as nodes."""

    number: int
    nodes: dict[str, yaml.Node]


def read_sheets(sheets: Sequence[Sheet], specs: Mapping[str, ElementSpec]) -> ReadFile:
    """What the workbook says; `specs`: the elements that the county has."""
    reader = _Reader(sheets)
    top = reader.top()
    if top is None or any(fault.code == _HEADING for fault in reader.faults):
        return ReadFile(faults=reader.faults)
    read = read_tree(CellPlace(top, STANDARD_SHEET, reader.faults), specs, reader.faults)
    # what a cell holds instead was said first
    read.faults = list({(fault.file, fault.line, fault.column): fault for fault in reversed(read.faults)}.values())
    read.unfinished = reader.strangers + read.unfinished
    order = [plain(sheet.name) for sheet in sheets]
    read.faults.sort(key=lambda fault: (order.index(fault.file), fault.line))
    return read


class _Reader:
    def __init__(self, sheets: Sequence[Sheet]):
        self.faults: list[Fault] = []
        named = {plain(sheet.name): sheet for sheet in sheets}
        known = {STANDARD_SHEET: HEAD, ITEM_SHEET: ITEMS, **dict(PLAIN_SHEETS.values()), **dict(ITEM_SHEETS.values())}
        self.sheets = {name: sheet for name, sheet in named.items() if name in known}
        self.strangers = [
            Fault("stranger", name, 1, f"“{name}”表不是标准的内容，没有读取。", column="A")
            for name, sheet in named.items()
            if name not in known and any(any(cell != "" for cell in row) for row in sheet.rows)
        ]

    def fault(self, sheet: str, row: int, column: int, sentence: str, code: str = _CELL) -> None:
        CellPlace(scalar("", mark_at(sheet, row, column)), sheet, self.faults).fault(code, sentence)

    def top(self) -> yaml.MappingNode | None:
        missing = [name for name in _DEMANDED if name not in self.sheets]
        if missing:
            names = "”“".join(missing)
            self.faults.append(Fault("sheet", "", 0, f"工作簿里没有“{names}”表。请用本系统导出的工作簿修改后再导入。"))
            return None
        mark = mark_at(STANDARD_SHEET, 0, 0)
        sections = self.sections()
        # a workbook does not announce how many items it has: what is there counts
        count = sum(len(section.value[-1][1].value) for section in sections.value)
        entries = {"standard": self.head(count), "sections": sections}
        for key, (title, columns) in PLAIN_SHEETS.items():
            rows = self.rows(title, columns)
            if rows or key in ("departments", "phases"):
                members = [mapping(row.nodes, mark_at(title, row.number, _WHOLE_ROW)) for row in rows]
                entries[key] = sequence(members, mark_at(title, 0, 0))
        return mapping(entries, mark)

    # ---- the sheet of the standard as a whole ----

    def head(self, count: int) -> yaml.MappingNode:
        rows = self.sheets[STANDARD_SHEET].rows
        found = {}
        for number, cells in enumerate(rows):
            if name := plain(_shown(cells[0])) if cells else "":
                found.setdefault(name, (number, cells[1] if len(cells) > 1 else ""))
        mark = mark_at(STANDARD_SHEET, 0, 1)
        nodes: dict[str, yaml.Node] = {}
        for column in HEAD:
            number, cell = found.get(column.heading, (None, ""))
            if number is None and column.demanded:
                self.fault(STANDARD_SHEET, len(rows), 0, f"没有“{column.heading}”这一行，请补上。", _HEADING)
            elif number is not None:
                nodes |= self.node(column, cell, STANDARD_SHEET, number, 1)
        source = mapping({key: nodes.pop(key) for key in SOURCE if key in nodes}, mark)
        return mapping(nodes | {"source": source, "items": scalar(str(count), mark, "int")}, mark)

    # ---- sheets of one row a thing ----

    def rows(self, title: str, columns: list[Column]) -> list[Row]:
        """The rows that hold something; [] where there is no such sheet."""
        sheet = self.sheets.get(title)
        if sheet is None:
            return []
        at = self.places(sheet, title, columns)
        rows = []
        for number, cells in enumerate(sheet.rows[1:], start=1):
            held = {key: cells[place] for key, place in at.items() if place < len(cells) and cells[place] != ""}
            if not held:
                continue
            nodes = {}
            for column in columns:
                if column.key in at:
                    place = at[column.key]
                    nodes |= self.node(column, held.get(column.key, ""), title, number, place)
            rows.append(Row(number, nodes))
        if len(rows) > MAX_ROWS:
            self.fault(title, MAX_ROWS + 1, 0, f"超过 {MAX_ROWS} 行，不像是标准。")
            return []
        return rows

    def places(self, sheet: Sheet, title: str, columns: list[Column]) -> dict[str, int]:
        """key -> column, from 0, by the headings of the first row."""
        headings = [plain(_shown(cell)) for cell in sheet.rows[0]] if sheet.rows else []
        known = {column.heading: column.key for column in columns}
        at: dict[str, int] = {}
        for place, heading in enumerate(headings):
            if heading and heading not in known:
                self.fault(title, 0, place, f"不认识的表头“{heading}”，可用：{'、'.join(known)}。", _HEADING)
            elif heading and known[heading] in at:
                self.fault(title, 0, place, f"表头“{heading}”出现了两次，请只留一列。", _HEADING)
            elif heading:
                at[known[heading]] = place
        for column in columns:
            if column.demanded and column.key not in at:
                self.fault(title, 0, 0, f"没有“{column.heading}”这一列，请补上。", _HEADING)
        return at

    # ---- items, and what hangs on them ----

    def sections(self) -> yaml.SequenceNode:
        rows_of_items = self.rows(ITEM_SHEET, ITEMS)
        numbers = {node.value for row in rows_of_items if (node := row.nodes.get("number"))}
        hanging = {key: self.hanging(title, columns, numbers) for key, (title, columns) in ITEM_SHEETS.items()}
        sections: dict[str, tuple[dict[str, yaml.Node], list[yaml.Node]]] = {}
        for row in rows_of_items:
            number, name = row.nodes.pop("section_number", None), row.nodes.pop("section_name", None)
            if number is None or name is None:
                continue  # the column is missing, which was said
            head, items = sections.setdefault(number.value, ({"number": number, "name": name}, []))
            if head["name"].value != name.value:
                told = f"第 {number.value} 部分在前面叫“{head['name'].value}”，这里叫“{name.value}”，请写成一样。"
                self.fault(ITEM_SHEET, name.start_mark.line, name.start_mark.column, told)
            if _is_empty(row):
                continue  # a section without items
            node = row.nodes.get("number")
            for key, by_item in hanging.items():
                if node is not None and (rows := by_item.pop(node.value, None)):
                    row.nodes[key] = sequence(rows, rows[0].start_mark)
            items.append(mapping(row.nodes, mark_at(ITEM_SHEET, row.number, _WHOLE_ROW)))
        return sequence(
            (
                mapping(head | {"items": sequence(items, head["number"].start_mark)}, head["number"].start_mark)
                for head, items in sections.values()
            ),
            mark_at(ITEM_SHEET, 0, 0),
        )

    def hanging(self, title: str, columns: list[Column], numbers: set[str]) -> dict[str, list[yaml.Node]]:
        """Number of the item -> its criteria or evidence, in their order."""
        by_item: dict[str, list[yaml.Node]] = {}
        for row in self.rows(title, columns):
            item = row.nodes.pop("item", None)
            if item is None:
                continue  # the column is missing, which was said
            if item.value not in numbers:
                sentence = f"“条目”表里没有编号为“{item.value}”的条目。" if item.value else "没有写属于哪个条目。"
                self.fault(title, row.number, item.start_mark.column, sentence)
            by_item.setdefault(item.value, []).append(mapping(row.nodes, mark_at(title, row.number, _WHOLE_ROW)))
        return by_item

    # ---- cells ----

    def node(self, column: Column, cell, sheet: str, row: int, place: int) -> dict[str, yaml.Node]:
        """{key: node}, {} where the cell is empty and may be."""
        mark = mark_at(sheet, row, place)
        if isinstance(cell, tuple) and cell[0] in ("error", "formula"):
            shown = f"是错误值 {cell[1]}" if cell[0] == "error" else "是没有结果的公式"
            self.fault(sheet, row, place, f"这一格{shown}，请改成文字。")
            return {column.key: scalar("", mark, "null")}
        text = _shown(cell)
        if not text:
            return {column.key: _blank(column, mark)} if column.demanded else {}
        kind = column.kind
        if kind is Kind.WORD:
            return {column.key: scalar(self.word(column, text, mark), mark)}
        if kind is Kind.WORDS:
            words = [self.word(column, each, mark) for each in parts_of(text, NAME_SIGN)]
            return {column.key: sequence((scalar(word, mark) for word in words), mark)}
        if kind in (Kind.NAMES, Kind.LINES):
            parts = parts_of(text, NAME_SIGN if kind is Kind.NAMES else LINE_SIGN)
            return {column.key: sequence((scalar(each, mark) for each in parts), mark)}
        if kind is Kind.PAIRS:
            return {column.key: self.pairs(column, text, mark)}
        if kind is Kind.WHOLE:
            return {column.key: _whole(text, mark)}
        if kind is Kind.YES_NO:
            value = {YES: "true", NO: "false"}.get(text)
            return {column.key: scalar(value or text, mark, "bool" if value else "str")}
        return {column.key: scalar(day_in(text) if kind is Kind.DAY else text, mark)}

    def word(self, column: Column, text: str, mark: yaml.Mark) -> str:
        """The word of the file for what people write; the first where it is none, which is a fault."""
        code = next((code for code, label in column.words.items() if plain(text) in (plain(label), code)), None)
        if code is None:
            told = f"“{column.heading}”写的是“{text}”，可以写：{'、'.join(column.words.values())}。"
            self.fault(mark.name, mark.line, mark.column, told)
        return code or next(iter(column.words))

    def pairs(self, column: Column, text: str, mark: yaml.Mark) -> yaml.MappingNode:
        pairs = pairs_of(text)
        if pairs is None:
            self.fault(mark.name, mark.line, mark.column, f"“{column.heading}”每行写一个，如“2025：35%”。")
        nodes = [(_whole(key, mark), scalar(value, mark)) for key, value in pairs or ()]
        return yaml.MappingNode("tag:yaml.org,2002:map", nodes, mark, mark)


def _blank(column: Column, mark: yaml.Mark) -> yaml.Node:
    if column.kind in (Kind.NAMES, Kind.WORDS, Kind.LINES):
        return sequence((), mark)
    return scalar("", mark, "null")


def _whole(text: str, mark: yaml.Mark) -> yaml.ScalarNode:
    if text == NO_LIMIT:
        return scalar("", mark, "null")
    return scalar(text, mark, "int" if text.removeprefix("-").isdecimal() and text.isascii() else "str")


def _is_empty(row: Row) -> bool:
    """Nothing but the section stands in it."""
    return all(
        (isinstance(node, yaml.SequenceNode) and not node.value) or node.tag.endswith(":null")
        for node in row.nodes.values()
    )


def _shown(cell) -> str:
    """A cell as the text that a person sees."""
    if isinstance(cell, bool):
        return YES if cell else NO
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, tuple):
        kind, value = cell
        return f"{(Decimal(repr(value)) * 100).normalize():f}%" if kind == "percent" else str(value)
    return cell.strip()

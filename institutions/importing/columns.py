"""What was recognised in a ledger, ready to print, and the headings that people match to data elements by hand."""

import hashlib
from dataclasses import dataclass, field

from indicators.enums import InstitutionType
from institutions.ledger.plan import ImportPlan
from institutions.ledger.rows import is_empty, is_note, is_total, text_of
from institutions.ledger.tables import FigureList, Heading, SheetReading, Table, cell_name
from institutions.ledger.words import FIELD_LABELS

# what a box may say besides the code of an element
LEAVE_OUT, RECOGNISE = "-", "~"
_NAMED_ROWS = 3
# Of a hostile file; no ledger that people fill in comes near.
_MAX_PARTS, _MAX_COLUMNS, _MAX_BOXES = 100, 3000, 2000


@dataclass(frozen=True)
class Column:
    """A heading and what became of it. `state`: element, field, left_out, other_period, empty, unmatched."""

    cell: str
    text: str
    state: str
    meaning: str
    unit: str
    by_hand: bool
    # the name of its box, by which the page is asked for one
    box: str


@dataclass(frozen=True)
class Part:
    """A table or a list in a sheet. `rows` are institutions, or figures where `is_list`."""

    kind: str
    is_list: bool
    head: str
    rows: int
    # totals and notes that are no data: "第 340 行“合计”"
    passed: list[str]
    columns: list[Column]

    @property
    def matched(self) -> int:
        return sum(column.state == "element" for column in self.columns)


@dataclass(frozen=True)
class Sheet:
    name: str
    parts: list[Part]
    reason: str

    @property
    def kinds(self) -> list[str]:
        return list(dict.fromkeys(part.kind for part in self.parts if part.kind))


@dataclass
class ToMatch:
    """A heading with its box. `chosen` is what it is matched to now: a code, LEAVE_OUT, or "" for nothing."""

    field: str
    key: str
    text: str
    samples: list[str]
    filled: int
    choices: list
    chosen: str
    places: list[str] = field(default_factory=list)


def box_name(key: str) -> str:
    return "box-" + hashlib.sha256(key.encode()).hexdigest()[:12]


def sheets_of(plan: ImportPlan) -> list[Sheet]:
    """The sheets of the workbook in their order, without those of ours that hold no figures; tables beyond what a page
    can hold are named in `reason` alone."""
    sheets, parts, columns = [], 0, 0
    for reading in plan.recognition.sheets:
        if reading.is_ours:
            continue
        sheet = _sheet(reading, plan.elements, _MAX_PARTS - parts, _MAX_COLUMNS - columns)
        parts += len(sheet.parts)
        columns += sum(len(part.columns) for part in sheet.parts)
        sheets.append(sheet)
    return sheets


def _sheet(reading: SheetReading, elements: dict, max_parts: int, max_columns: int) -> Sheet:
    found = [(_table, table, len(table.headings)) for table in reading.tables]
    found += [(_list, one, len(one.labels)) for one in reading.lists]
    parts = []
    for describe, what, columns in found[:max_parts]:
        max_columns -= columns
        if max_columns < 0:
            break
        parts.append(describe(what, elements))
    left = len(found) - len(parts)
    return Sheet(reading.sheet.name, parts, reading.reason or (f"另有 {left} 个表，页面上不再列出。" if left else ""))


def _table(table: Table, elements: dict) -> Part:
    kinds = ["机构名录"] * table.is_registry + ["机构数据"] * bool(table.figures)
    first, last = table.header_first + 1, table.header_last + 1
    head = f"第 {first} 行" if first == last else f"第 {first}—{last} 行"
    rows, passed = _rows(table)
    return Part("和".join(kinds), False, head, rows, passed, [_column(h, elements) for h in table.headings])


def _rows(table: Table) -> tuple[int, list[str]]:
    """How many rows hold data, and which are totals or notes."""
    columns = [heading.column for heading in table.headings]
    identity = [column for column in (table.column("code"), table.column("name")) if column is not None]
    count, passed = 0, []
    for number in range(table.header_last + 1, table.last_row + 1):
        row = table.sheet.rows[number]
        if is_note(row) or any(is_total(text_of(row[column])) for column in identity):
            first = next(text for cell in row if (text := text_of(cell)))
            passed.append(f"第 {number + 1} 行“{first[:20]}”")
        else:
            count += not is_empty(row, columns)
    return count, passed if len(passed) <= _NAMED_ROWS else [*passed[:_NAMED_ROWS], f"等 {len(passed)} 行"]


def _list(one: FigureList, elements: dict) -> Part:
    own = all(elements[h.element].reported_by == [InstitutionType.COUNTY] for h in one.labels if h.element)
    columns = [_column(label, elements) for label in one.labels]
    rows = sum(column.state == "element" for column in columns)
    kind = "县级数据" if own else "机构数据"
    return Part(kind, True, f"第 {one.header_first + 1} 行", rows, [], [c for c in columns if c.state != "empty"])


def _column(heading: Heading, elements: dict) -> Column:
    match, meaning, unit = heading.match, "", ""
    if heading.other_period:
        state = "other_period"
    elif match is None:
        state = "unmatched" if heading.filled else "empty"
    else:
        state = match.kind
        if state == "element":
            meaning, unit = elements[match.target].name, elements[match.target].unit
        elif state == "field":
            meaning = FIELD_LABELS[match.target]
    by_hand = bool(match and match.by_hand)
    place = cell_name(heading.row, heading.column)
    return Column(place, heading.text, state, meaning, unit, by_hand, box_name(heading.key))


def headings_to_match(plan: ImportPlan, also: str = "") -> list[ToMatch]:
    """Those that nothing is known about, and the one whose box is asked for; headings of one key share a box."""
    used = {heading.element for _, heading in plan.recognition.headings()} - {""}
    found: dict[str, ToMatch] = {}
    asked = [pair for pair in plan.recognition.headings() if also and box_name(pair[1].key) == also]
    for sheet, heading in [*asked, *plan.recognition.unmatched()]:
        if heading.key not in found:
            if len(found) == _MAX_BOXES:
                continue
            found[heading.key] = _to_match(heading, plan.elements, used)
        place = f"{sheet.name}!{cell_name(heading.row, heading.column)}"
        if place not in found[heading.key].places:
            found[heading.key].places.append(place)
    return list(found.values())


def _to_match(heading: Heading, elements: dict, used: set[str]) -> ToMatch:
    by_hand = bool(heading.match and heading.match.by_hand)
    chosen = (heading.match.target or LEAVE_OUT) if heading.match else ""
    choices = [("", "请选择")] if not chosen else []
    if heading.guesses:
        choices.append(("名称相近的指标", [(code, _name(elements[code])) for code in heading.guesses]))
    choices.append((LEAVE_OUT, "不导入此列"))
    if by_hand:
        choices.append((RECOGNISE, "取消手工对应"))
    choices += _groups(elements, used - {chosen}, set(heading.guesses))
    return ToMatch(box_name(heading.key), heading.key, heading.text, heading.samples, heading.filled, choices, chosen)


def _groups(elements: dict, used: set[str], guessed: set[str]) -> list[tuple[str, list]]:
    """All elements by group; those that another column gives already come last."""
    groups: dict[str, list] = {}
    taken = []
    for code, element in elements.items():
        if code in used:
            taken.append((code, _name(element)))
        elif code not in guessed:
            groups.setdefault(element.group, []).append((code, _name(element)))
    return [*groups.items(), *([("台账中已有对应列的指标", taken)] if taken else [])]


def _name(element) -> str:
    return f"{element.name}（{element.unit}）" if element.unit else element.name

"""Tables of tasks and of indicators: their rows as items."""

import re
from dataclasses import dataclass

from indicators.plans.headings import kind_of
from indicators.plans.lines import folded, tidy
from indicators.plans.outline import Node

_UNIT = re.compile(r"\(([^()\d]{1,4})\)$")
LONGEST_UNIT = 4
LONGEST_CATEGORY = 14
MOST_COLUMNS = 40
MOST_ROWS = 500

# a line in front of a table is its name where it says what the table is, and not who signed the letter before it
_NAMES_A_TABLE = re.compile(r"[^。，；,;]*(?:表|清单|指标|任务|分工|计划|目标|附件|措施|要点|台账)[^。，；,;]*")


@dataclass(frozen=True)
class Row:
    """`text` is the `task` with its target's cell behind it; `category` also where its cell is merged with another."""

    number: int
    category: str
    task: str
    text: str
    lead: str
    cooperating: str
    cells: str


@dataclass(frozen=True)
class Table:
    name: str
    is_indicators: bool
    rows: tuple[Row, ...]
    leads: bool = True  # its column names those who lead, and not all who are responsible


def tables_of(nodes: list[Node]) -> list[Table]:
    """Of everything below the nodes, in order; only tables that say what has to be done."""
    found = []
    for top in nodes:
        for node in top.walk():
            block: list[str] = []
            name = re.sub(r"^附\s*[件表录]\s*\d*\s*[:：.、]?\s*", "", node.name)
            for paragraph in [*node.body, ""]:
                if "\t" in paragraph:
                    block.append(paragraph)
                    continue
                if table := _table(name, block):
                    found.append(table)
                block = []
                name = paragraph if len(paragraph) <= 40 and _NAMES_A_TABLE.fullmatch(paragraph) else name
    return found


def _table(name: str, block: list[str]) -> Table | None:
    rows = [[tidy(cell) for cell in line.strip("\n\r ").split("\t")[:MOST_COLUMNS]] for line in block]
    for at, row in enumerate(rows[:4]):
        columns = _columns(row)
        if "text" in columns and len(columns) >= 2:
            kept = _rows(rows[at + 1 :], columns, len(row))
            heading = row[columns["text"]]
            leads = "cooperating" in columns or bool(re.search("牵头|主", row[columns.get("lead", 0)]))
            return Table(name, "指标" in heading or "指标" in name, tuple(kept), leads) if kept else None
    return None


def _columns(row: list[str]) -> dict[str, int]:
    """What each column holds; a heading that two kinds fit is of the first."""
    columns: dict[str, int] = {}
    for at, cell in enumerate(row):
        kind = kind_of(cell)
        if kind == "text" and "text" in columns and "category" not in columns:
            columns["category"] = columns["text"]  # 一级任务, 二级任务: the finer one is the item
            columns["text"] = at
        elif kind == "lead" and "lead" in columns:
            columns.setdefault("cooperating", at)  # 牵头单位, 责任单位
        elif kind == "target":
            columns[f"target {cell}"] = at  # one for each year
        elif kind:
            columns.setdefault(kind, at)
    return columns


def _rows(rows: list[list[str]], columns: dict[str, int], width: int) -> list[Row]:
    whole: list[dict[str, str]] = []
    for cells in rows[:MOST_ROWS]:
        if len(cells) < width and "category" in columns and _skips_category(cells, columns, width):
            cells = [*cells[: columns["category"]], "", *cells[columns["category"] :]]
        cell = {kind: cells[at] if at < len(cells) else "" for kind, at in columns.items()}
        if _columns(cells).keys() == columns.keys():  # its heading again, on a new page
            continue
        if whole and "number" in columns and not cell["number"] and not cell.get("category"):
            whole[-1] = {kind: whole[-1][kind] + text for kind, text in cell.items()}  # cut by a page's end
        else:
            whole.append(cell)
    return _numbered(whole)


def _numbered(whole: list[dict[str, str]]) -> list[Row]:
    kept: list[Row] = []
    category = ""
    for cell in whole:
        if not cell["text"]:  # a line across the table
            category = _across(cell) or category
            continue
        category = cell.get("category") or category
        wanted = _wanted(cell)
        unit = cell.get("unit", "")
        number = folded(cell.get("number", "")).strip(" .、")
        kept.append(
            Row(
                number=int(number) if number.isdecimal() and len(number) <= 3 else len(kept) + 1,
                category=category,
                task=cell["text"],
                text=f"{cell['text']}：{wanted}" if wanted else cell["text"],
                lead=cell.get("lead", "") or (unit if len(unit) > LONGEST_UNIT else ""),
                cooperating=cell.get("cooperating", ""),
                cells="\t".join(cell.values()).strip(),
            )
        )
    return kept


def _across(cell: dict[str, str]) -> str:
    """The name of a group of rows, which stands alone in its row: 一、强化组织领导（2项）."""
    said = [text for text in cell.values() if text]
    name = (
        re.sub(
            r"^(?:[一二三四五六七八九十]{1,3}[、.]|[(（][一二三四五六七八九十]{1,3}[)）])|[(（]\d+[项条个][)）]$",
            "",
            said[0],
        )
        if said
        else ""
    )
    return name if len(said) == 1 and not name.isdecimal() else ""


def _wanted(cell: dict[str, str]) -> str:
    """What its targets' cells say, with their years where there are several, and the unit that stands elsewhere."""
    named = (_UNIT.search(folded(text)) for kind, text in cell.items() if kind == "text" or kind.startswith("target "))
    unit = cell.get("unit", "") or next((match[1] for match in named if match), "")
    said = []
    for heading, target in cell.items():
        value = target.strip("—-/ ")
        if not heading.startswith("target ") or not value:
            continue
        if re.fullmatch(r"[\d.]+", folded(value)) and 0 < len(unit) <= LONGEST_UNIT:
            value = f"目标{value}{unit}"
        year = heading.removeprefix("target ")
        said.append((year if re.search(r"\d{4}", year) else "", value))
    if len(said) < 2:
        return said[0][1] if said else ""
    return "，".join(year + (value.removeprefix("目标") if "目标" in year else value) for year, value in said)


def _skips_category(cells: list[str], columns: dict[str, int], width: int) -> bool:
    """A row copied from a page leaves the merged cell out altogether: the task stands where its category would."""
    at = columns["category"]
    return len(cells) == width - 1 and at < len(cells) and at < columns["text"] and len(cells[at]) > LONGEST_CATEGORY

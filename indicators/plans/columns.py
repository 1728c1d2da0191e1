"""Tables that lost their tabs on the way: each cell on a line of its own, or columns kept apart by blanks."""

import re
from dataclasses import dataclass
from itertools import pairwise

from indicators.plans.folding import folded, width_of
from indicators.plans.headings import kind_of

FEWEST = 3  # columns
MOST = 12
LONGEST_HEADING = 14
LONGEST_ROW = 60  # lines
_CELL = re.compile(r"\S+(?: \S+)*")  # one blank stands inside a cell
_OFFICE = (
    r"[^、,;。:\s]{1,24}(?:局|委|办|部|院|中心|政府|办公室|处|会|站|所|镇|乡|村|街道|单位|部门|公司|学校|医院|联|队|科|室|股|组)"
    r"(?:\([^()]{1,20}\))?等?"
)
_OFFICES = re.compile(rf"{_OFFICE}(?:[、,;\s]{_OFFICE})*[、,]?")
_DATE = re.compile(
    r"(?:19|20)\d\d(?:年|\.\d{1,2}|[-/]\d{1,2}).{0,12}|全年|长期(?:坚持)?|持续推进|年底前?|\d{1,2}月(?:底|份)?前?"
)
_GROUP = re.compile(r"(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\))\s*\S{2,30}$")
_UNDER_WAY = ("、", "，", ",", "（", "(")
_FILLED = {"lead": "offices", "cooperating": "offices", "due": "date"}


@dataclass(frozen=True)
class _Head:
    """Kinds of the columns, where each begins (none where blanks do not tell), and the lines it takes."""

    kinds: list[str]
    starts: list[int]
    lines: int
    cells: list[str]


def with_tabs(lines: list[str]) -> list[str]:
    """The lines, with each row of such a table as one line with its cells apart by tabs."""
    made: list[str] = []
    at = 0
    while at < len(lines):
        head = _head(lines, at)
        rows, end = _rows(lines, at + head.lines, head) if head else ([], at)
        if rows:
            made += ["\t".join(head.cells), *("\t".join(row) for row in rows)]
            at = end
        else:
            made.append(lines[at])
            at += 1
    return made


def _head(lines: list[str], at: int) -> _Head | None:
    """The table's heading that begins here: in one line, or a column a line; 序号 comes first."""
    first = lines[at].strip()
    if "\t" in lines[at] or not first or kind_of(first.split()[0][:LONGEST_HEADING]) != "number":
        return None
    chunks = list(_CELL.finditer(folded(lines[at])))
    if len(chunks) < FEWEST:
        chunks = list(re.finditer(r"\S+", folded(lines[at])))
    if len(chunks) >= FEWEST:
        wide = all(chunk.start() - before.end() >= 2 for before, chunk in pairwise(chunks))
        starts = [width_of("x" + lines[at][: chunk.start()] + "x") - 2 for chunk in chunks] if wide else []
        return _checked([chunk[0] for chunk in chunks], starts, 1)
    cells, end = [], at
    while end < len(lines) and len(cells) < MOST:
        cell = lines[end].strip()
        if cell and (len(cell) > LONGEST_HEADING or kind_of(cell) is None):
            break
        cells += [cell] if cell else []
        end += 1
    return _checked(cells, [], end - at)


def _checked(cells: list[str], starts: list[int], lines: int) -> _Head | None:
    kinds = [kind_of(cell) or "" for cell in cells]
    good = FEWEST <= len(kinds) <= MOST and "text" in kinds and kinds.count("") <= 1
    return _Head(kinds, starts, lines, cells) if good else None


def _rows(lines: list[str], at: int, head: _Head) -> tuple[list[list[str]], int]:
    """The rows 1, 2, 3 …, and where the table ends."""
    rows: list[list[str]] = []
    number = 1
    while True:
        group = _group(lines, at)
        start = _numbered(lines, at if group is None else group + 1, number)
        if start is None:
            return rows, at
        if group is not None:
            rows.append([lines[group].strip(), *[""] * (len(head.kinds) - 1)])
        at = _row_end(lines, start, number + 1, head)
        rows.append(_by_place(lines[start:at], head) if head.starts else _by_kind(lines[start:at], head))
        number += 1


def _group(lines: list[str], at: int) -> int | None:
    """The line over several rows: 一、强化组织领导."""
    last = min(len(lines), at + LONGEST_ROW)
    while at < last and not lines[at].strip():
        at += 1
    return at if at < last and _GROUP.match(folded(lines[at]).strip()) else None


def _numbered(lines: list[str], at: int, number: int) -> int | None:
    """The line with which the row of this number begins, blank lines aside."""
    last = min(len(lines), at + LONGEST_ROW)
    while at < last and not lines[at].strip():
        at += 1
    begins = at < last and re.match(rf"0?{number}[.、]?(?:\s|$)", folded(lines[at]).strip())
    return at if begins else None


def _row_end(lines: list[str], start: int, following: int, head: _Head) -> int:
    """Where the next row begins; the last row ends where it has all its cells or text of another kind comes."""
    last = min(len(lines), start + LONGEST_ROW)
    for at in range(start + 1, last):
        if _numbered(lines, at, following) is not None or _GROUP.match(folded(lines[at]).strip()):
            return at
    if head.starts:
        at = start + 1
        while at < last and lines[at].strip() and lines[at].startswith((" ", "\u3000")):
            at += 1
        return at
    cells, at = 0, start
    while at < last and cells < len(head.kinds):
        cells += len(lines[at].split())
        at += 1
    return at


def _by_place(lines: list[str], head: _Head) -> list[str]:
    """Cells that stand below one another, each line's pieces put to the column above them."""
    row = [""] * len(head.kinds)
    for line in lines:
        for chunk in re.finditer(r"\S+(?: \S+)*", line.replace("\u3000", "  ")):
            place = width_of("x" + line[: chunk.start()] + "x") - 2
            column = max((at for at, start in enumerate(head.starts) if start <= place + 2), default=0)
            row[column] += chunk[0]
    return row


def _by_kind(lines: list[str], head: _Head) -> list[str]:
    """Cells in their order; where some are empty or broken over lines, by what they hold."""
    cells = [cell for line in lines for cell in line.split()]
    whole = [line.strip() for line in lines if line.strip()]
    cells = whole if len(whole) > 1 else cells
    if len(cells) == len(head.kinds) and not any(cell.endswith(_UNDER_WAY) for cell in cells):
        return cells
    row = [cells[0], *[""] * (len(head.kinds) - 1)]
    at = 0
    for cell in cells[1:]:
        goes_on = row[at].endswith(_UNDER_WAY)
        wanted = _holds(cell)
        if not goes_on:
            following = [n for n in range(at + 1, len(row)) if _FILLED.get(head.kinds[n], "words") == wanted]
            at = following[0] if following else at or 1
        row[at] += cell
    return row


def _holds(cell: str) -> str:
    plain = folded(cell)
    if _OFFICES.fullmatch(plain):
        return "offices"
    return "date" if _DATE.fullmatch(plain) else "words"

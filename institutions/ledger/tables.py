"""What was recognised in a workbook, as plain objects: the import works on them and the wizard shows them. Pure."""

from collections import Counter
from dataclasses import dataclass, field

from institutions.ledger.headings import Match, clean, heading_key, path
from institutions.ledger.workbook import SheetRows


def column_letters(index: int) -> str:
    """0 -> A, 26 -> AA."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Counted from 0: (4, 1) -> B5."""
    return f"{column_letters(column)}{row + 1}"


def shown(cell) -> str:
    """A cell as people see it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return format(cell, ".15g")
    if isinstance(cell, tuple):
        kind, content = cell
        return f"{format(content * 100, '.15g')}%" if kind == "percent" else str(content)
    return clean(cell)[:100]


@dataclass
class Heading:
    """One heading with its place: of a column, or in a table of one figure per row the label of that row."""

    row: int
    column: int
    parts: tuple[str, ...]
    match: Match | None
    # what a match by hand is remembered by: the heading's own text, or with its groups where that occurs twice
    key: str = ""
    # only where nothing matched: how many filled cells it has, the first few of them,
    filled: int = 0
    samples: list[str] = field(default_factory=list)
    # and the codes of the elements that it may mean
    guesses: list[str] = field(default_factory=list)
    # it states another period than the one asked for (2022年), and is passed over
    other_period: bool = False

    @property
    def text(self) -> str:
        return path(self.parts)

    @property
    def element(self) -> str:
        """The element's code, or "" where the figures go nowhere."""
        return self.match.target if self.match and self.match.kind == "element" and not self.other_period else ""

    @property
    def field(self) -> str:
        return self.match.target if self.match and self.match.kind == "field" else ""


def set_keys(headings: list[Heading]) -> None:
    """Give the headings of one table their keys."""
    own = Counter(heading_key(heading.parts[-1]) for heading in headings)
    for heading in headings:
        key = heading_key(heading.parts[-1])
        heading.key = key if own[key] == 1 else heading_key(heading.text)


@dataclass
class Table:
    """A table of one institution per row. Rows count from 0; `last_row` is the last one that may hold data."""

    sheet: SheetRows
    header_first: int
    header_last: int
    last_row: int
    headings: list[Heading]

    def column(self, name: str) -> int | None:
        """The column of a field of the registry."""
        return next((h.column for h in self.headings if h.field == name), None)

    @property
    def figures(self) -> list[Heading]:
        return [heading for heading in self.headings if heading.element]

    @property
    def is_registry(self) -> bool:
        """Its rows say of what type institutions are, so they can create them; or whether they are in use."""
        fields = {heading.field for heading in self.headings}
        if "type" in fields:
            return bool(fields & {"code", "name"})
        return {"code", "name"} <= fields and bool(fields & {"in_use", "not_in_use", "closed_on", "credit_code"})


@dataclass
class ValueColumn:
    """A column of values beside labels: the county's own figures, or those of the institution named above it."""

    column: int
    row: int
    text: str
    own: bool


@dataclass
class FigureList:
    """A table of one figure per row."""

    sheet: SheetRows
    header_first: int
    labels: list[Heading]
    values: list[ValueColumn]
    unit_column: int | None = None


@dataclass
class SheetReading:
    """One sheet: what was found in it, or why it was passed over (`reason`, a sentence)."""

    sheet: SheetRows
    tables: list[Table] = field(default_factory=list)
    lists: list[FigureList] = field(default_factory=list)
    reason: str = ""
    # made by this program for people or for itself, without figures: nothing needs to be said about it
    is_ours: bool = False
    # the cells above the first heading, and the sheet's name
    titles: list[tuple[int, int, str]] = field(default_factory=list)
    # the row from which on nothing was read, since there are too many tables
    unread_from: int | None = None


@dataclass
class Recognition:
    """The whole workbook."""

    sheets: list[SheetReading]

    @property
    def tables(self) -> list[Table]:
        return [table for reading in self.sheets for table in reading.tables]

    @property
    def lists(self) -> list[FigureList]:
        return [one for reading in self.sheets for one in reading.lists]

    def headings(self) -> list[tuple[SheetRows, Heading]]:
        """Every heading of figures, matched or not; without what belongs to the registry."""
        found = [(t.sheet, h) for t in self.tables for h in t.headings if not h.field]
        return found + [(one.sheet, h) for one in self.lists for h in one.labels]

    def unmatched(self) -> list[tuple[SheetRows, Heading]]:
        """Headings over figures that nothing is known about: for the box to match them by hand."""
        return [(sheet, h) for sheet, h in self.headings() if h.match is None and h.filled and not h.other_period]

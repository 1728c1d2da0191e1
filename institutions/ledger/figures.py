"""Reads the figures of institutions: tables of one institution per row, and lists of one figure per row. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from indicators.enums import InstitutionType
from institutions.ledger import words
from institutions.ledger.cells import BLANK, DASH, CellFault, parser_of
from institutions.ledger.headings import Vocabulary, fold, scale
from institutions.ledger.identify import Identifier
from institutions.ledger.problems import Findings
from institutions.ledger.roster import Entry, Roster
from institutions.ledger.rows import text_of
from institutions.ledger.stated_period import cell_fits
from institutions.ledger.tables import FigureList, Heading, Recognition, Table, cell_name, shown
from institutions.ledger.workbook import SheetRows
from institutions.period import Period

_PROGRESS_ROWS = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands; row and column count from 0."""

    sheet: SheetRows
    row: int
    column: int

    @property
    def raw(self):
        return self.sheet.rows[self.row][self.column]

    def __str__(self) -> str:
        return f"“{self.sheet.name}”{cell_name(self.row, self.column)}"


@dataclass(slots=True)
class Source:
    """One row of a table, or one column of a list, with the figures of one institution that it gave."""

    sheet: SheetRows
    values: dict
    # a table's row, with the columns of its elements; or a list's column, with the rows of its elements
    row: int | None
    column: int | None
    at: dict[str, int]

    def place(self, element: str) -> Place:
        if self.row is not None:
            return Place(self.sheet, self.row, self.at[element])
        return Place(self.sheet, self.at[element], self.column)


class FigureReader:
    """Collects figures from a recognised workbook.

    `values`: institution code -> element code -> value. `blanks`: institution code -> codes of the elements that it
    should report and whose cell is empty. `restricted`: the roster holds only the institutions of one person.
    """

    def __init__(self, vocabulary: Vocabulary, roster: Roster, period: Period, findings: Findings, restricted=False):
        self.values: dict[str, dict] = {}
        self.blanks: dict[str, set[str]] = {}
        self._elements = vocabulary.elements
        self._identifier = Identifier(roster, findings, restricted)
        self._roster = roster
        self._restricted = restricted
        self._period = period
        self._findings = findings
        self._parsers: dict[str, Callable] = {}
        self._sources: dict[str, list[Source]] = {}
        # (sheet, institution) -> its first row there, and the elements of that table
        self._rows_seen: dict[tuple[str, str], tuple[int, dict]] = {}

    def read(self, recognition: Recognition, progress: Callable[[int, int], None]) -> None:
        """All tables and lists; `progress` is told rows done and rows in all."""
        tables = [table for table in recognition.tables if table.figures]
        total = sum(table.last_row - table.header_last for table in tables)
        done = 0
        for table in tables:
            self._check_headings(table.sheet, table.figures)
            for number in self._read_table(table):
                progress(done + number - table.header_last, total)
            done += table.last_row - table.header_last
        for one in recognition.lists:
            self._check_headings(one.sheet, [label for label in one.labels if label.element], one.unit_column)
            self._read_list(one)

    def place(self, institution: str, element: str) -> Place | None:
        """Where the ledger gave this figure of this institution."""
        for source in self._sources.get(institution, ()):
            if element in source.values:
                return source.place(element)
        return None

    def _check_headings(self, sheet: SheetRows, headings: list[Heading], unit_column: int | None = None) -> None:
        """One heading per element, in the element's unit (万人 for 人 would be wrong ten thousand times over)."""
        first: dict[str, Heading] = {}
        for heading in headings:
            element = self._elements[heading.element]
            place = (sheet.name, heading.row, heading.column, heading.text)
            other = first.setdefault(heading.element, heading)
            if other is not heading:
                where = cell_name(other.row, other.column)
                self._findings.problem("repeated_heading", *place, name=element.name, other=where)
            unit = heading.match.unit
            if unit_column is not None:
                unit = text_of(sheet.rows[heading.row][unit_column]) or unit
            if unit and scale(unit) != scale(element.unit):
                self._findings.problem("unit_differs", *place, unit=unit, wanted=element.unit or "无单位")

    def _parser(self, code: str) -> Callable:
        if code not in self._parsers:
            self._parsers[code] = parser_of(self._elements[code])
        return self._parsers[code]

    def _read_table(self, table: Table):
        """Reads a table; yields a row number now and then, for the progress."""
        figures = [(h.column, h.element, self._parser(h.element)) for h in table.figures]
        columns = [column for column, _, _ in figures]
        county_only = all(self._elements[code].reported_by == [InstitutionType.COUNTY] for _, code, _ in figures)
        find = self._identifier.finder(table, columns, county_only)
        at = {code: column for column, code, _ in figures}
        by_type: dict[str, tuple[list, list]] = {}
        period_column = table.column("period")
        for number in range(table.header_last + 1, table.last_row + 1):
            if number % _PROGRESS_ROWS == 0:
                yield number
            entry = find(number)
            if entry is None:
                continue
            if period_column is not None:
                self._check_period(table, number, period_column)
            if entry.type not in by_type:
                by_type[entry.type] = self._split(figures, entry.type)
            reported, others = by_type[entry.type]
            row = table.sheet.rows[number]
            if self._is_first(table, number, entry, at):
                values = self._read_row(table.sheet, number, entry, reported)
                self._add(entry, Source(table.sheet, values, number, None, at))
            for column, code, _ in others:
                if row[column] != "":
                    self._ignored(table.sheet.name, number, column, row[column], code, entry)

    def _split(self, figures: list, kind: str) -> tuple[list, list]:
        """The columns that institutions of this type report, and the others."""
        reported = [figure for figure in figures if kind in self._elements[figure[1]].reported_by]
        return reported, [figure for figure in figures if figure not in reported]

    def _is_first(self, table: Table, number: int, entry: Entry, at: dict[str, int]) -> bool:
        """One row for an institution, but in another table of the sheet that holds other elements."""
        first, elements = self._rows_seen.setdefault((table.sheet.name, entry.code), (number, at))
        if first == number or not elements.keys() & at.keys():
            return True
        column = table.column("code")
        column = table.column("name") if column is None else column
        place = (table.sheet.name, number, column or 0, entry.name)
        self._findings.problem("repeated_institution", *place, other=first + 1)
        return False

    def _read_row(self, sheet: SheetRows, number: int, entry: Entry, figures: list) -> dict:
        """The figures of one row. (This loop sees every cell of a ledger.)"""
        row, values = sheet.rows[number], {}
        blanks = self.blanks.setdefault(entry.code, set())
        for column, code, parse in figures:
            raw = row[column]
            if raw == "":
                blanks.add(code)
                continue
            try:
                value = parse(raw)
            except CellFault as fault:
                self._findings.problem(fault.code, sheet.name, number, column, raw, **fault.facts)
                continue
            if value is BLANK or value is DASH:
                blanks.add(code)
                if value is DASH:
                    self._dash(sheet.name, number, column, raw)
            else:
                values[code] = value
        return values

    def _add(self, entry: Entry, source: Source) -> None:
        """Figures of one institution may come from several sheets; a figure given twice must be the same."""
        known = self.values.get(entry.code)
        if known:
            for code, value in source.values.items():
                if known.get(code, value) != value:
                    here, there = source.place(code), self.place(entry.code, code)
                    place = (here.sheet.name, here.row, here.column, here.raw)
                    name = self._elements[code].name
                    self._findings.problem("value_given_twice", *place, name=name, other=there)
        self.values[entry.code] = {**known, **source.values} if known else source.values
        self._sources.setdefault(entry.code, []).append(source)

    def _dash(self, sheet: str, number: int, column: int, raw) -> None:
        text = f"单独的“{shown(raw)}”按空白处理，不当作 0。"
        self._findings.notice("dash_is_blank", text, sheet, number, column, per=(shown(raw),))

    def _ignored(self, sheet: str, number: int, column: int, raw, code: str, entry: Entry) -> None:
        text = text_of(raw)
        if text and fold(text) not in words.DASHES:
            kind = InstitutionType(entry.type).label if entry.type else "这家机构"
            sentence = f"“{self._elements[code].name}”不由{kind}填报，已忽略。"
            self._findings.notice("not_reported_by_type", sentence, sheet, number, column, per=(code, entry.type))

    def _check_period(self, table: Table, number: int, column: int) -> None:
        raw = table.sheet.rows[number][column]
        if text_of(raw) and not cell_fits(raw if isinstance(raw, float) else text_of(raw), self._period):
            self._findings.problem("wrong_period", table.sheet.name, number, column, raw, period=self._period)

    def _read_list(self, one: FigureList) -> None:
        """The county's own figures, or one column for each institution named in the heading."""
        for value in one.values:
            found = [] if value.own else self._roster.find_named(value.text)
            if len(found) == 1:
                self._read_list_column(one, value.column, found[0])
            elif value.own or len(one.values) == 1:
                if county := self._identifier.county(one.sheet.name, value.row, value.column):
                    self._read_list_column(one, value.column, county)
            else:
                place = (one.sheet.name, value.row, value.column, value.text)
                if self._restricted:
                    self._findings.problem("not_your_institution", *place)
                    continue
                self._findings.problem("unknown_value_column", *place, hint=self._roster.hint(value.text))

    def _read_list_column(self, one: FigureList, column: int, entry: Entry) -> None:
        values, at = {}, {label.element: label.row for label in reversed(one.labels) if label.element}
        for code, number in at.items():
            reported = entry.type in self._elements[code].reported_by
            if reported:
                values |= self._read_row(one.sheet, number, entry, [(column, code, self._parser(code))])
            elif one.sheet.rows[number][column] != "":
                self._ignored(one.sheet.name, number, column, one.sheet.rows[number][column], code, entry)
        self._add(entry, Source(one.sheet, values, None, column, at))

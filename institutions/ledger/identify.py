"""Tells whose row it is: by code, else by name, else by what the columns hold. Pure."""

from collections.abc import Callable, Sequence

from indicators.enums import InstitutionType
from institutions.checks import without_unseen
from institutions.ledger.headings import Match, fold
from institutions.ledger.problems import Findings
from institutions.ledger.roster import Entry, Roster
from institutions.ledger.rows import code_text, is_empty, is_note, is_total, text_of
from institutions.ledger.tables import Table

# (row number) -> the institution, or None for a row that is to be passed over; problems are noted on the way
Finder = Callable[[int], Entry | None]


class Identifier:
    """Finds the institutions of a ledger's rows in a roster."""

    def __init__(self, roster: Roster, findings: Findings, restricted: bool = False):
        self.roster = roster
        self.findings = findings
        self.restricted = restricted

    def county(self, sheet: str, row: int, column: int) -> Entry | None:
        """The county's own institution."""
        own = self.roster.of_type(InstitutionType.COUNTY)
        if len(own) > 1:
            self.findings.problem("two_county_rows", sheet, row, column, count=len(own))
        if not own and self.restricted:
            self.findings.problem("not_your_institution", sheet, row, column)
        return own[0] if len(own) == 1 else None

    def finder(self, table: Table, figures: Sequence[int], county_only: bool) -> Finder:
        """For a table with these columns of figures; `county_only`: only the county's own institution reports them."""
        code_column, name_column = table.column("code"), table.column("name")
        if code_column is None and name_column is None:
            code_column, name_column = self._by_content(table)
        if code_column is None and name_column is None:
            return self._without_identity(table, figures, county_only)
        rows, by_code = table.sheet.rows, self.roster.by_code

        def find(number: int) -> Entry | None:
            row = rows[number]
            code = row[code_column] if code_column is not None else ""
            entry = by_code.get(code) if type(code) is str else None
            if entry is None or name_column is None or entry.name != row[name_column]:
                return self._look_closer(table, number, code_column, name_column, figures)
            return entry

        return find

    def _look_closer(self, table: Table, number: int, code_column, name_column, figures) -> Entry | None:
        row, sheet = table.sheet.rows[number], table.sheet.name
        code = code_text(row[code_column]) if code_column is not None else ""
        name = without_unseen(text_of(row[name_column])) if name_column is not None else ""
        column = code_column if code or name_column is None else name_column
        if code is None:
            self.findings.problem("code_as_number", sheet, number, code_column, row[code_column])
        elif not code and not name:
            if not is_note(row) and not is_empty(row, figures):
                self.findings.problem("no_institution", sheet, number, column)
        elif code and (entry := self.roster.with_code(code)):
            return self._agreed(entry, code, name, (sheet, number, column))
        elif not code and len(found := self.roster.named(name)) > 0:
            if len(found) == 1:
                return found[0]
            self.findings.problem("ambiguous_name", sheet, number, column, name, count=len(found))
        elif not is_note(row) and not is_note([row[column]]) and not is_total(name) and not is_total(code):
            self._unknown(table, number, column, code or name, figures)
        return None

    def _agreed(self, entry: Entry, code: str, name: str, place: tuple[str, int, int]) -> Entry | None:
        """The institution of the code, unless the name is that of another one; a name not known at all is a notice."""
        if not name or fold(name) == fold(entry.name):
            return entry
        if self.roster.named(name):
            self.findings.problem("code_and_name_differ", *place, f"{code} {name}", code_name=entry.name)
            return None
        text = f"编码“{code}”在名录中是“{entry.name}”，此处写作“{name}”；以编码为准。"
        self.findings.notice("name_differs", text, *place, per=(place[1],))
        return entry

    def _unknown(self, table: Table, number: int, column: int, text: str, figures) -> None:
        row, sheet = table.sheet.rows[number], table.sheet.name
        if is_empty(row, figures):
            roster = "您填报的机构之内" if self.restricted else "机构名录中"
            sentence = f"“{text}”不在{roster}，也没有数值，已跳过。"
            self.findings.notice("row_passed_over", sentence, sheet, number, column, per=(number,))
        elif self.restricted:
            self.findings.problem("not_your_institution", sheet, number, column, row[column])
        else:
            hint = self.roster.hint(text) or "在机构名录中补上这家机构，或改正编码、名称。"
            self.findings.problem("unknown_institution", sheet, number, column, row[column], hint=hint)

    def _by_content(self, table: Table) -> tuple[int | None, int | None]:
        """Without a heading for it: the column of which at least half the cells are known codes or names."""
        rows = table.sheet.rows[table.header_last + 1 : table.last_row + 1]
        for heading in table.headings:
            if heading.element or heading.field not in ("", "unused"):
                continue
            cells = [text for row in rows if (text := text_of(row[heading.column]))]
            codes = sum(self.roster.with_code(cell) is not None for cell in cells)
            names = sum(bool(self.roster.named(cell)) for cell in cells)
            if cells and max(codes, names) * 2 >= len(cells):
                heading.match = Match("field", "code" if codes >= names else "name")
                return (heading.column, None) if codes >= names else (None, heading.column)
        return None, None

    def _without_identity(self, table: Table, figures, county_only: bool) -> Finder:
        """A table of the county's own figures needs no name in its row; any other one does."""

        def find(number: int) -> Entry | None:
            row = table.sheet.rows[number]
            if is_note(row) or is_empty(row, figures):
                return None
            if county_only:
                return self.county(table.sheet.name, number, figures[0])
            self.findings.problem("no_institution", table.sheet.name, number, figures[0])
            return None

        return find

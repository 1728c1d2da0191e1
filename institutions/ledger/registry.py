"""Reads the ledger's registry (机构名录): which institutions there are, and whether they are in use."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from indicators.enums import InstitutionType
from institutions.checks import check_code, without_unseen
from institutions.credit_code import is_credit_code
from institutions.ledger import words
from institutions.ledger.headings import fold
from institutions.ledger.problems import Findings
from institutions.ledger.registry_whole import check_county, check_namesakes, look_for_omitted, settle_managers
from institutions.ledger.roster import Entry, Roster
from institutions.ledger.rows import code_text, is_note, text_of, type_of
from institutions.ledger.tables import Table
from institutions.period import Period

_TYPE_NAMES = "、".join(InstitutionType.labels)
_DATE = re.compile(r"((?:19|20)\d\d)(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?|((?:19|20)\d\d)(\d\d)(\d\d)")
_REGISTRY_NAMES = re.compile("名录|名册|名单")
# the longest texts that the database takes
LIMITS = {"code": 40, "name": 100, "town": 40, "remark": 200}
_FAULTY_CELLS = {"error": "error_value", "formula": "formula_without_result"}


class RegistryReader:
    """Puts the rows of registry tables into a roster."""

    def __init__(self, roster: Roster, period: Period, findings: Findings):
        self.roster = roster
        self.period = period
        self.findings = findings
        # code -> the first row that lists it
        self.rows: dict[str, _Row] = {}
        # whose manager is named how, to be found once all are known
        self.managers: list[tuple[Entry, str, _Row]] = []

    def read(self, tables: list[Table]) -> None:
        """All registries of a workbook; what refers to other rows is settled at the end."""
        for table in tables:
            for row in _rows(self, table):
                row.read()
            if "type" not in {heading.field for heading in table.headings}:
                self._check_types(table)
        self.roster.index_names()
        settle_managers(self)
        check_county(self)
        check_namesakes(self)
        look_for_omitted(self, tables)

    def look_for_untyped(self, tables: list[Table]) -> None:
        """For a ledger without registry: a list of institutions that would be one, had it a column of types."""
        for table in filter(_may_be_registry, tables):
            for row in _rows(self, table):
                row.add_untyped()
            self._check_types(table)
        self.roster.index_names()

    def earlier_place(self, entry: Entry, row: "_Row") -> str:
        """Where this institution already stood ("“机构名录”第 4 行"), or ""."""
        first = self.rows.setdefault(entry.code, row)
        return "" if first is row else first.place

    def _check_types(self, table: Table) -> None:
        """One problem for the column that is missing, not one for each institution that needs it."""
        if any(not self.roster.by_code[code].type for code, row in self.rows.items() if row.table is table):
            place = (table.sheet.name, table.header_first, table.column("name") or 0)
            self.findings.problem("registry_lacks_type", *place, types=_TYPE_NAMES)


class _Row:
    """One row of a registry."""

    def __init__(self, reader: RegistryReader, table: Table, number: int, columns: dict, cells: dict):
        self.reader = reader
        self.findings = reader.findings
        self.table = table
        self.number = number
        self.columns = columns
        self.cells = cells
        # fields whose formula gave nothing: a fault of its own, not a missing text
        self.faulty: set[str] = set()

    @property
    def place(self) -> str:
        return f"“{self.table.sheet.name}”第 {self.number + 1} 行"

    def problem(self, code: str, field: str, **facts) -> None:
        column = self.columns.get(field, self.columns.get("name", 0))
        self.findings.problem(code, self.table.sheet.name, self.number, column, self.cells.get(field, ""), **facts)

    def text(self, name: str) -> str:
        """A field's text; blank where it is empty or a dash, cut off where it is too long (which is a problem)."""
        text = without_unseen(text_of(self.cells.get(name, "")))
        if fold(text) in words.DASHES:
            return ""
        limit = LIMITS.get(name, LIMITS["name"])
        if len(text) > limit:
            self.problem("text_too_long", name, name=words.FIELD_LABELS[name], limit=limit)
        return text[:limit]

    def add_untyped(self) -> None:
        """Know its institution, so that rows of figures are not blamed for what the registry lacks."""
        code, name = code_text(self.cells.get("code", "")), self.text("name")
        if code and name and _is_code(code) and not self.reader.roster.with_code(code):
            self.reader.earlier_place(self.reader.roster.add(Entry(code, name)), self)

    def read(self) -> None:
        self._check_formulas()
        entry = self._entry()
        if entry is None:
            return
        if earlier := self.reader.earlier_place(entry, self):
            self.problem("registry_repeated", "code", other=earlier)
            return
        for name in ("town", "remark"):
            setattr(entry, name, self.text(name) or getattr(entry, name))
        self._type(entry)
        self._credit_code(entry)
        if manager := self.text("manager"):
            self.reader.managers.append((entry, manager, self))
        self._dates(entry)

    def _check_formulas(self) -> None:
        for name, cell in self.cells.items():
            if type(cell) is tuple and cell[0] in _FAULTY_CELLS and name not in ("unused", "period"):
                self.problem(_FAULTY_CELLS[cell[0]], name)
                self.faulty.add(name)

    def _entry(self) -> Entry | None:
        """The institution of this row, new or known; None for a row that is none (a line between groups, say)."""
        roster = self.reader.roster
        code, name = code_text(self.cells.get("code", "")), self.text("name")
        if "code" in self.faulty:
            return None
        if code is None:
            self.problem("code_as_number", "code")
            return None
        if "name" in self.faulty:
            name = code  # nothing will be written; but its figures have an owner
        if not code and not self.cells.get("type"):
            if name and len(self.cells) > 1 and not roster.named(name):
                self.problem("registry_no_code", "code")
            return None if not roster.named(name) else self._named(name)
        if len(code) > LIMITS["code"]:
            self.problem("text_too_long", "code", name=words.FIELD_LABELS["code"], limit=LIMITS["code"])
            return None
        if not _is_code(code):
            self.problem("registry_bad_code", "code")
            return None
        if not name:
            self.problem("registry_no_name", "name")
            return None
        if not code:
            return self._named(name)
        entry = roster.with_code(code) or roster.add(Entry(code, name))
        entry.name = name
        return entry

    def _named(self, name: str) -> Entry | None:
        found = self.reader.roster.named(name)
        if len(found) == 1:
            return found[0]
        if found:
            self.problem("ambiguous_name", "name", count=len(found))
        else:
            self.problem("registry_no_code", "code")
        return None

    def _type(self, entry: Entry) -> None:
        text = self.text("type")
        kind = type_of(text)
        if kind:
            entry.type = kind
        elif text:
            self.problem("unknown_type", "type", types=_TYPE_NAMES)
        elif not entry.type and "type" in self.columns and "type" not in self.faulty:
            self.problem("registry_no_type", "type", types=_TYPE_NAMES)

    def _credit_code(self, entry: Entry) -> None:
        text = code_text(self.cells.get("credit_code", ""))
        text = fold(text or "").upper() if text is not None else None
        if text is None or (text and text not in words.DASHES and not is_credit_code(text)):
            self.problem("bad_credit_code", "credit_code")
        elif text and text not in words.DASHES:
            entry.credit_code = text

    def _dates(self, entry: Entry) -> None:
        opened, closed = self._date("opened_on"), self._date("closed_on")
        entry.opened_on = opened or entry.opened_on
        entry.closed_on = closed or entry.closed_on
        if closed and entry.opened_on and closed <= entry.opened_on:
            self.problem("closed_before_opened", "closed_on")
        in_use, last_day = self._in_use(), self.reader.period.last_day
        if in_use is False and entry.is_active_on(last_day):
            self._close(entry, closed)
        elif in_use and entry.closed_on and entry.closed_on <= last_day:
            if closed:
                self._differ(f"填“在用”，停用日期 {closed} 却不晚于期末")
            else:
                entry.closed_on = None

    def _close(self, entry: Entry, closed: date | None) -> None:
        """Out of use for the whole period, or from the day after it was opened in it."""
        first_day, last_day = self.reader.period.first_day, self.reader.period.last_day
        opened = entry.opened_on
        day = max(first_day, opened + timedelta(days=1)) if opened else first_day
        if closed:
            self._differ(f"填“停用”，停用日期 {closed} 却在期末之后")
        elif day > last_day:
            self._differ(f"填“停用”，启用日期却是期末当天 {opened}")
        else:
            entry.closed_on = day

    def _differ(self, why: str) -> None:
        self.problem("use_and_date_differ", "closed_on" if "closed_on" in self.columns else "in_use", why=why)

    def _in_use(self) -> bool | None:
        for name in ("in_use", "not_in_use"):
            text = fold(str(text_of(self.cells.get(name, ""))))
            if text and text not in words.DASHES:
                if text in words.IN_USE | words.OUT_OF_USE:
                    return (text in words.IN_USE) == (name == "in_use")
                self.problem("not_yes_or_no", name)
        return None

    def _date(self, name: str) -> date | None:
        text = fold(text_of(self.cells.get(name, "")))
        if not text or text in words.DASHES:
            return None
        match = _DATE.fullmatch(text)
        try:
            return date(*(int(part) for part in match.groups() if part))
        except (AttributeError, ValueError):
            self.problem("bad_date", name)
            return None


def _rows(reader: RegistryReader, table: Table) -> Iterator[_Row]:
    """Its rows that are not blank and no notes."""
    columns = {h.field: h.column for h in reversed(table.headings) if h.field}
    for number in range(table.header_last + 1, table.last_row + 1):
        row = table.sheet.rows[number]
        cells = {name: row[column] for name, column in columns.items() if row[column] != ""}
        if cells and not is_note(row):
            yield _Row(reader, table, number, columns, cells)


def _may_be_registry(table: Table) -> bool:
    """Codes and names without figures, and by its name or a column more than a list of telephone numbers."""
    fields = {heading.field for heading in table.headings}
    is_list = {"code", "name"} <= fields and not table.figures and not table.is_registry
    return is_list and bool(fields & {"town", "manager"} or _REGISTRY_NAMES.search(table.sheet.name))


def _is_code(code: str) -> bool:
    try:
        check_code(code)
    except ValidationError:
        return False
    return True

"""Reads the ledger's registry (机构名录): which institutions there are, and whether they are in use."""

import re
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from indicators.enums import InstitutionType
from institutions.checks import check_code
from institutions.credit_code import is_credit_code
from institutions.ledger import words
from institutions.ledger.headings import fold
from institutions.ledger.problems import Findings
from institutions.ledger.roster import Entry, Roster
from institutions.ledger.rows import code_text, is_note, text_of, type_of
from institutions.ledger.tables import Table
from institutions.period import Period

_TYPE_NAMES = "、".join(InstitutionType.labels)
_DATE = re.compile(r"((?:19|20)\d\d)(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?|((?:19|20)\d\d)(\d\d)(\d\d)")
# the longest texts that the database takes
LIMITS = {"code": 40, "name": 100, "town": 40, "remark": 200}


class RegistryReader:
    """Puts the rows of registry tables into a roster."""

    def __init__(self, roster: Roster, period: Period, findings: Findings):
        self.roster = roster
        self.period = period
        self.findings = findings
        self._seen: dict[str, tuple[str, int]] = {}
        self._managers: list[tuple[Entry, str, Table, int, int]] = []

    def read(self, tables: list[Table]) -> None:
        """All registries of a workbook; what refers to other rows is settled at the end."""
        for table in tables:
            columns = {h.field: h.column for h in reversed(table.headings) if h.field}
            for number in range(table.header_last + 1, table.last_row + 1):
                row = table.sheet.rows[number]
                cells = {name: row[column] for name, column in columns.items() if row[column] != ""}
                if cells and not is_note(row):
                    _Row(self, table, number, columns, cells).read()
        self.roster.index_names()
        self._settle_managers()
        self._check_county()

    def earlier_place(self, entry: Entry, table: Table, number: int) -> str:
        """Where this institution already stood ("“机构名录”第 4 行"), or ""."""
        sheet, first = self._seen.setdefault(entry.code, (table.sheet.name, number))
        return "" if (sheet, first) == (table.sheet.name, number) else f"“{sheet}”第 {first + 1} 行"

    def manager_later(self, entry: Entry, text: str, table: Table, number: int, column: int) -> None:
        self._managers.append((entry, text, table, number, column))

    def _settle_managers(self) -> None:
        for entry, text, table, number, column in self._managers:
            found = self.roster.find(text)
            place = (table.sheet.name, number, column, text)
            if not found:
                self.findings.problem("unknown_manager", *place, hint=self.roster.hint(text))
            elif len(found) > 1:
                self.findings.problem("ambiguous_manager", *place, count=len(found))
            else:
                entry.manager = found[0].code
        for entry, text, table, number, column in self._managers:
            if chain := self._cycle(entry):
                self.findings.problem("manager_cycle", table.sheet.name, number, column, text, chain=chain)

    def _cycle(self, entry: Entry) -> str:
        names, seen, at = [entry.name], {entry.code}, entry
        while at.manager and (at := self.roster.by_code.get(at.manager)):
            names.append(at.name)
            if at.code == entry.code:
                return " → ".join(names)
            if at.code in seen:
                return ""
            seen.add(at.code)
        return ""

    def _check_county(self) -> None:
        own = self.roster.of_type(InstitutionType.COUNTY)
        if len(own) > 1:
            last = own[-1]
            sheet, number = self._seen.get(last.code, ("", None))
            self.findings.problem("second_county", sheet, number, 0, last.name, other=own[0].name)


class _Row:
    """One row of a registry."""

    def __init__(self, reader: RegistryReader, table: Table, number: int, columns: dict, cells: dict):
        self.reader = reader
        self.findings = reader.findings
        self.table = table
        self.number = number
        self.columns = columns
        self.cells = cells

    def problem(self, code: str, field: str, **facts) -> None:
        column = self.columns.get(field, self.columns.get("name", 0))
        self.findings.problem(code, self.table.sheet.name, self.number, column, self.cells.get(field, ""), **facts)

    def text(self, name: str) -> str:
        """A field's text; blank where it is empty or a dash, cut off where it is too long (which is a problem)."""
        text = text_of(self.cells.get(name, ""))
        if fold(text) in words.DASHES:
            return ""
        limit = LIMITS.get(name, LIMITS["name"])
        if len(text) > limit:
            self.problem("text_too_long", name, name=words.FIELD_LABELS[name], limit=limit)
        return text[:limit]

    def read(self) -> None:
        entry = self._entry()
        if entry is None:
            return
        if earlier := self.reader.earlier_place(entry, self.table, self.number):
            self.problem("registry_repeated", "code", other=earlier)
            return
        for name in ("town", "remark"):
            setattr(entry, name, self.text(name) or getattr(entry, name))
        self._type(entry)
        self._credit_code(entry)
        if manager := self.text("manager"):
            self.reader.manager_later(entry, manager, self.table, self.number, self.columns["manager"])
        self._dates(entry)

    def _entry(self) -> Entry | None:
        """The institution of this row, new or known; None for a row that is none (a line between groups, say)."""
        roster = self.reader.roster
        code, name = code_text(self.cells.get("code", "")), self.text("name")
        if code is None:
            self.problem("code_as_number", "code")
            return None
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
        elif not entry.type:
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


def _is_code(code: str) -> bool:
    try:
        check_code(code)
    except ValidationError:
        return False
    return True

"""What importing a ledger would do. Reads the database and writes nothing."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from indicators.enums import InstitutionType, ValueType
from institutions import queries
from institutions.enums import ReportState
from institutions.filling.rulebook import fields_of
from institutions.filling.services import OPEN_STATES
from institutions.importing.terms import operators_terms
from institutions.ledger.changes import NOT_BEGUN, ReportChange, compare, compare_to_accept
from institutions.ledger.checks import compile_checks
from institutions.ledger.figures import FigureReader
from institutions.ledger.headings import Vocabulary
from institutions.ledger.layout import MAX_HEADINGS, MAX_TABLES, recognise
from institutions.ledger.own_workbook import said_in
from institutions.ledger.plan import ImportPlan, Progress
from institutions.ledger.problems import Findings
from institutions.ledger.registry import RegistryReader
from institutions.ledger.roster import Entry, Roster
from institutions.ledger.stated_period import contradicts, names_itself
from institutions.ledger.stated_unit import contradicting_unit, stated_units
from institutions.ledger.terms import Terms
from institutions.ledger.workbook import SheetRows
from institutions.models import County
from institutions.period import Period


def plan_import(
    county: County,
    period: Period,
    sheets: list[SheetRows],
    *,
    terms: Terms | None = None,
    matches: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> ImportPlan:
    """Read a ledger (workbook.read_workbook) against what is stored for this county and period.

    `terms`: import_terms; None: the command line's. `matches` maps headings (Heading.key or its text) to element codes,
    or to "" for a column to leave out; it comes on top of what the county matched earlier.
    """
    elements, rules = queries.dictionary(county)
    vocabulary = Vocabulary(elements, {**queries.remembered_headings(county), **(matches or {})})
    recognition = recognise(sheets, vocabulary, period)
    terms = operators_terms(county, period) if terms is None else terms
    planner = _Planner(county, period, recognition, vocabulary, terms, progress or (lambda done, total, what: None))
    return planner.plan(compile_checks(rules, vocabulary.elements))


class _Planner:
    def __init__(self, county, period, recognition, vocabulary, terms, progress):
        self.county, self.period, self.progress = county, period, progress
        self.recognition, self.elements, self.terms = recognition, vocabulary.elements, terms
        self.findings = Findings()
        self.roster: Roster = queries.roster_of(county, terms.institutions)
        self.reader = FigureReader(vocabulary, self.roster, period, self.findings, terms.is_restricted)
        self.plan_made = ImportPlan(county, period, recognition, vocabulary.elements, terms, _reader=self.reader)
        # institution type -> codes that its form asks in the round
        self._asked: dict[str, set[str]] = {}

    def plan(self, checks) -> ImportPlan:
        made = self.plan_made
        if (
            not any(table.figures or table.is_registry for table in self.recognition.tables)
            and not self.recognition.lists
        ):
            self.findings.problem("nothing_recognised")
        self._check_own_workbook()
        self._check_numbers_of_tables()
        self._check_periods()
        self._check_units_above()
        self._read_registry()
        self.reader.read(self.recognition, lambda done, total: self.progress(done, total, "核对数值"))
        if self.reader.values and self.terms.obstacle:
            self.findings.problem(self.terms.obstacle, **self.terms.facts)
        self._compare(queries.stored_reports(self.county, self.period.text), checks)
        if not (self.registry_rows or self.reader.values or self.findings.problems):
            self.findings.problem("nothing_to_import")
        self._look_at_percentages()
        self._look_at_sheets()
        made.institutions = self.roster.changes(self.period)
        made.problems, made.more_problems = self.findings.problems, self.findings.more_problems
        made.notices = self.findings.notices
        return made

    def _check_own_workbook(self) -> None:
        """A workbook of ours says which county and period it was made for, whatever was typed at the upload."""
        for reading in self.recognition.sheets:
            said = said_in(reading.sheet)
            if said and (said.county != self.county.code or said.period != self.period.text):
                found, wanted = said.name or f"{said.county} {said.period}", f"{self.county.name}{self.period}"
                self.findings.problem("other_workbook", found=found, wanted=wanted)

    def _check_numbers_of_tables(self) -> None:
        for reading in self.recognition.sheets:
            if reading.unread_from is not None:
                limits = {"tables": MAX_TABLES, "headings": MAX_HEADINGS}
                self.findings.problem("too_many_tables", reading.sheet.name, reading.unread_from, 0, **limits)

    def _check_periods(self) -> None:
        """A sheet whose title, or whose name, states another period is not for this import."""
        for reading in self.recognition.sheets:
            name = reading.sheet.name
            named = any(names_itself(text, self.period) for text in (name, *(title[2] for title in reading.titles)))
            wrong = [t for t in reading.titles if contradicts(t[2], self.period, year_is_enough=named)]
            if wrong:
                self.findings.problem("wrong_period", name, *wrong[0], period=self.period)
            elif (reading.tables or reading.lists) and contradicts(name, self.period, year_is_enough=named):
                self.findings.problem("wrong_period", name, 0, 0, name, period=self.period)
            headings = [h for table in reading.tables for h in table.headings]
            headings += [label for one in reading.lists for label in one.labels]
            late = [h for h in headings if h.other_period and h.match and h.match.kind == "element"]
            if late and not any(h.element for h in headings):
                self.findings.problem(
                    "wrong_period", name, late[0].row, late[0].column, late[0].text, period=self.period
                )
            for heading in late:
                text = f"“{heading.text}”是其他填报期的数值，没有导入。"
                self.findings.notice("other_period", text, name, heading.row, heading.column, per=(heading.column,))

    def _check_units_above(self) -> None:
        """A unit stated once above a table holds for the columns that state none."""
        for reading in self.recognition.sheets:
            headings = [h for table in reading.tables for h in table.figures]
            headings += [h for one in reading.lists if one.unit_column is None for h in one.labels if h.element]
            counted = [self.elements[h.element] for h in headings if not h.match.unit]
            counted = [element for element in counted if element.unit not in ("", "%")]
            for (row, column, text), (next_row, _, beside) in pairwise([*reading.titles, (-1, 0, "")]):
                units = stated_units(
                    f"{text} {beside}" if row == next_row and text.rstrip().endswith((":", "：")) else text
                )
                wrong = ((unit, e) for e in counted if (unit := contradicting_unit(units, e.unit)))
                if first := next(wrong, None):
                    facts = {"unit": first[0], "name": first[1].name, "wanted": first[1].unit}
                    self.findings.problem("unit_above_differs", reading.sheet.name, row, column, text, **facts)

    def _read_registry(self) -> None:
        registries = [table for table in self.recognition.tables if table.is_registry]
        if not self.terms.changes_registry:
            for table in registries:
                text = "机构名录由创建办管理员维护，没有读取；只导入数值。"
                self.findings.notice("registry_not_read", text, table.sheet.name)
            self.registry_rows = 0
            return
        pure = [table for table in registries if not table.figures]
        # beside a sheet that is nothing but the registry, types in sheets of figures are only repeated there
        reader = RegistryReader(self.roster, self.period, self.findings)
        reader.read(pure or registries)
        if not registries:
            reader.look_for_untyped(self.recognition.tables)
        self.registry_rows = len(reader.rows)
        if self.recognition.lists and not self.roster.of_type(InstitutionType.COUNTY):
            self.roster.add(Entry(self.county.code, self.county.name, InstitutionType.COUNTY.value))
            self.findings.notice("county_created", f"机构名录中没有县（区）本级，将以“{self.county.name}”建立一家。")

    def _compare(self, stored: dict, checks) -> None:
        """Lay the file's figures over those that were entered; hold the outcome against the checks."""
        by_type = {kind: self._checks_for(kind, checks) for kind in InstitutionType.values}
        against = compare_to_accept if self.terms.accepts else compare
        kept = 0
        for count, (code, values) in enumerate(self.reader.values.items()):
            if count % 500 == 0:
                self.progress(count, len(self.reader.values), "比对数据")
            entry = self.roster.by_code[code]
            if not values:
                self.findings.notice("no_values", f"“{entry.name}”一行没有任何数值。", per=(entry.code,))
                continue
            if not self.terms.accepts:
                values = self._only_asked(entry, values)
            if values:
                change = against(entry, values, stored.get(code, NOT_BEGUN))
                kept += len(self.reader.blanks.get(code, set()) & change.stored.values.keys() - values.keys())
                for check in by_type.get(entry.type, ()):
                    if check.holds(change.values) is False:
                        self._check_failed(check, entry, change.values, values)
                self._note(change)
        if kept:
            text = f"台账中有 {kept} 个空白单元格在系统中已有数值，原值保留，没有清除。"
            self.findings.notice("blank_keeps_value", text)

    def _checks_for(self, kind: str, checks) -> list:
        return [
            check
            for check in checks
            if (not check.types or kind in check.types)
            and all(kind in self.elements[code].reported_by for code in check.elements)
        ]

    def _only_asked(self, entry: Entry, values: dict) -> dict:
        """The figures that the round asks from this institution; the others nobody would check."""
        if self.terms.round is None:
            return values
        if not entry.is_active_on(self.period.last_day):
            text = f"“{entry.name}”等机构在期末已停用，不在填报范围，它们的数值没有导入。"
            self.findings.notice("closed_with_values", text)
            return {}
        if entry.type not in self._asked:
            self._asked[entry.type] = set(fields_of(self.terms.round, entry.type, self.elements.values()))
        asked = self._asked[entry.type]
        for code in values.keys() - asked:
            place, name = self.reader.place(entry.code, code), self.elements[code].name
            kind = InstitutionType(entry.type).label if entry.type else "这家机构"
            text = f"“{name}”不在这次填报任务要{kind}报的内容里，没有导入。"
            where = (place.sheet.name, place.row, place.column)
            self.findings.notice("not_asked", text, *where, per=(code, entry.type))
        return {code: value for code, value in values.items() if code in asked}

    def _note(self, change: ReportChange) -> None:
        entry, made = change.entry, self.plan_made
        if self.terms.accepts and not entry.is_active_on(self.period.last_day):
            text = f"“{entry.name}”等机构在期末已停用，台账中的数值照常保存，不参与计算。"
            self.findings.notice("closed_with_values", text)
        if change.changes_figures:
            made.reports.append(change)
            if not self.terms.returns:
                self._check_locked(change)
            return
        made.unchanged_reports += 1
        if not self.terms.accepts and change.stored.state == ReportState.DRAFT:
            made.waiting.append(change)

    def _check_locked(self, change: ReportChange) -> None:
        """What an institution has submitted, or the county has accepted, its clerk does not change."""
        entry = change.entry
        for code in change.returned:
            place, name = self.reader.place(entry.code, code), self.elements[code].name
            self.findings.problem("accepted_figure", place.sheet.name, place.row, place.column, place.raw, name=name)
        others = [*change.new, *change.overwritten]
        state = change.stored.state
        if others and state and state not in OPEN_STATES:
            place = self.reader.place(entry.code, others[0])
            facts = {"name": entry.name, "state": ReportState(state).label}
            self.findings.problem("report_handed_in", place.sheet.name, place.row, place.column, place.raw, **facts)

    def _check_failed(self, check, entry: Entry, merged: dict, values: dict) -> None:
        """Shown at the first of the figures that the file has; figures that were stored before are not its fault."""
        given = [code for code in check.elements if code in values]
        if not given:
            return
        place = self.reader.place(entry.code, given[0])
        figures = "，".join(
            f"{self.elements[code].name} {merged[code]}{'' if code in values else '（系统中已有）'}"
            for code in check.elements
            if code in merged
        )
        facts = {"message": check.message, "figures": f"{entry.name}：{figures}"}
        self.findings.problem(check.code, place.sheet.name, place.row, place.column, place.raw, **facts)

    def _look_at_percentages(self) -> None:
        """0.18 under % is 0.18%, and most likely meant as 18%."""
        percentages = [e for e in self.elements.values() if e.unit == "%" and e.value_type == ValueType.DECIMAL]
        for element in percentages:
            for code, values in self.reader.values.items():
                if element.code in values and 0 < Decimal(values[element.code]) <= 1:
                    place = self.reader.place(code, element.code)
                    if isinstance(place.raw, float):
                        text = f"“{element.name}”读作 {values[element.code]}%；若是占比的小数写法，请改填百分数。"
                        where = (place.sheet.name, place.row, place.column)
                        self.findings.notice("small_percentage", text, *where, per=(element.code,))

    def _look_at_sheets(self) -> None:
        for reading in self.recognition.sheets:
            if reading.reason and not reading.is_ours:
                self.findings.notice("sheet_not_read", reading.reason, reading.sheet.name)
        for reading in self.recognition.sheets:
            if reading.tables and not any(table.figures or table.is_registry for table in reading.tables):
                self.findings.notice("sheet_not_read", "没有认出任何数据元，没有导入。", reading.sheet.name)
        for sheet, heading in self.recognition.unmatched():
            text = f"“{heading.text}”没有对应的数据元，没有导入。"
            self.findings.notice(
                "heading_not_matched", text, sheet.name, heading.row, heading.column, per=(heading.key,)
            )

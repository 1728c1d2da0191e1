"""What importing a ledger would do: problems, notices and differences. Reads the database and writes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from indicators.enums import InstitutionType, ValueType
from institutions import queries
from institutions.enums import ReportState
from institutions.ledger.checks import compile_checks
from institutions.ledger.figures import FigureReader, Place
from institutions.ledger.headings import Vocabulary
from institutions.ledger.layout import MAX_HEADINGS, MAX_TABLES, recognise
from institutions.ledger.problems import Findings, Notice, Problem
from institutions.ledger.registry import RegistryReader
from institutions.ledger.roster import Entry, InstitutionChange, Roster
from institutions.ledger.stated_period import contradicts, names_itself
from institutions.ledger.stated_unit import contradicting_unit, stated_units
from institutions.ledger.tables import Recognition
from institutions.ledger.workbook import SheetRows
from institutions.models import County
from institutions.period import Period

# (done, total, what is being done)
Progress = Callable[[int, int, str], None]


@dataclass
class ReportChange:
    """One institution's report: its values as they will be; `new` and `overwritten` say what that changes."""

    entry: Entry
    values: dict
    new: list[str]
    # element code -> (old, new)
    overwritten: dict[str, tuple]


@dataclass
class CellChange:
    """One figure that changes. `old` is None where there was none; `place` is where the file has it."""

    entry: Entry
    element: object
    old: object
    new: object
    place: Place | None


@dataclass
class ImportPlan:
    """The outcome of reading a ledger against what is stored. Nothing may be written while there are problems."""

    county: County
    period: Period
    recognition: Recognition
    elements: dict
    problems: list[Problem] = field(default_factory=list)
    # problems beyond those listed
    more_problems: int = 0
    notices: list[Notice] = field(default_factory=list)
    institutions: list[InstitutionChange] = field(default_factory=list)
    reports: list[ReportChange] = field(default_factory=list)
    # institutions with figures that are stored already, just so
    unchanged_reports: int = 0
    # values of reports that were not accepted yet and are replaced: institution code -> values
    replaced: dict[str, dict] = field(default_factory=dict)
    _reader: FigureReader | None = None

    @property
    def changes_nothing(self) -> bool:
        return not self.institutions and not self.reports

    def counts(self) -> dict[str, int]:
        """What would be written, by kind."""
        kinds = [change.kind for change in self.institutions]
        last_day = self.period.last_day
        new_and_closed = sum(c.kind == "created" and not c.entry.is_active_on(last_day) for c in self.institutions)
        return {
            "institutions_created": kinds.count("created"),
            "institutions_changed": kinds.count("changed"),
            "institutions_closed": kinds.count("closed") + new_and_closed,
            "institutions_reopened": kinds.count("reopened"),
            "reports_written": len(self.reports),
            "reports_unchanged": self.unchanged_reports,
            "values_new": sum(len(report.new) for report in self.reports),
            "values_overwritten": sum(len(report.overwritten) for report in self.reports),
        }

    def cell_changes(self, *, only_overwritten: bool = False):
        """Each figure that changes, in the order of the ledger (a generator: there may be hundreds of thousands)."""
        for report in self.reports:
            code = report.entry.code
            for element, (old, new) in report.overwritten.items():
                yield CellChange(report.entry, self.elements[element], old, new, self._reader.place(code, element))
            for element in () if only_overwritten else report.new:
                value = report.values[element]
                yield CellChange(report.entry, self.elements[element], None, value, self._reader.place(code, element))


def plan_import(
    county: County,
    period: Period,
    sheets: list[SheetRows],
    *,
    matches: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> ImportPlan:
    """Read a ledger (workbook.read_workbook) against what is stored for this county and period.

    `matches` maps headings (Heading.key or its text) to element codes, or to "" for a column to leave out; it comes on
    top of what the county matched earlier.
    """
    elements, rules = queries.dictionary()
    vocabulary = Vocabulary(elements, {**queries.remembered_headings(county), **(matches or {})})
    recognition = recognise(sheets, vocabulary, period)
    planner = _Planner(county, period, recognition, vocabulary, progress or (lambda done, total, what: None))
    return planner.plan(compile_checks(rules, vocabulary.elements))


class _Planner:
    def __init__(self, county, period, recognition, vocabulary, progress):
        self.county, self.period, self.progress = county, period, progress
        self.recognition, self.elements = recognition, vocabulary.elements
        self.findings = Findings()
        self.roster: Roster = queries.roster_of(county)
        self.reader = FigureReader(vocabulary, self.roster, period, self.findings)
        self.plan_made = ImportPlan(county, period, recognition, vocabulary.elements, _reader=self.reader)

    def plan(self, checks) -> ImportPlan:
        made = self.plan_made
        if (
            not any(table.figures or table.is_registry for table in self.recognition.tables)
            and not self.recognition.lists
        ):
            self.findings.problem("nothing_recognised")
        self._check_numbers_of_tables()
        self._check_periods()
        self._check_units_above()
        self._read_registry()
        self.reader.read(self.recognition, lambda done, total: self.progress(done, total, "核对数值"))
        self._compare(queries.reports_by_institution(self.county, self.period.text), checks)
        if not (self.registry_rows or self.reader.values or self.findings.problems):
            self.findings.problem("nothing_to_import")
        self._look_at_percentages()
        self._look_at_sheets()
        made.institutions = self.roster.changes(self.period)
        made.problems, made.more_problems = self.findings.problems, self.findings.more_problems
        made.notices = self.findings.notices
        return made

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
        """Lay the file's figures over those that are accepted; hold the outcome against the checks."""
        by_type = {kind: self._checks_for(kind, checks) for kind in InstitutionType.values}
        kept = 0
        for count, (code, values) in enumerate(self.reader.values.items()):
            if count % 500 == 0:
                self.progress(count, len(self.reader.values), "比对数据")
            entry = self.roster.by_code[code]
            state, before = stored.get(code, (None, {}))
            old = before if state == ReportState.ACCEPTED else {}
            merged = {**old, **values} if old else values
            kept += len(self.reader.blanks.get(code, set()) & old.keys() - values.keys())
            for check in by_type.get(entry.type, ()):
                if check.holds(merged) is False:
                    self._check_failed(check, entry, merged, values)
            self._note_change(entry, values, old, merged, state, before)
        if kept:
            text = f"台账中有 {kept} 个空白单元格在系统中已有数值，原值保留，没有清除。"
            self.findings.notice("blank_keeps_value", text)

    def _checks_for(self, kind: str, checks) -> list:
        return [check for check in checks if all(kind in self.elements[code].reported_by for code in check.elements)]

    def _note_change(self, entry: Entry, values: dict, old: dict, merged: dict, state, before: dict) -> None:
        if not values:
            self.findings.notice("no_values", f"“{entry.name}”一行没有任何数值。", per=(entry.code,))
            return
        if not entry.is_active_on(self.period.last_day):
            text = f"“{entry.name}”等机构在期末已停用，台账中的数值照常保存，不参与计算。"
            self.findings.notice("closed_with_values", text)
        new = [code for code in values if code not in old] if old else list(values)
        changed = {code: (old[code], value) for code, value in values.items() if code in old and old[code] != value}
        if not new and not changed:
            self.plan_made.unchanged_reports += 1
            return
        if state is not None and state != ReportState.ACCEPTED and before:
            self.plan_made.replaced[entry.code] = before
            text = "有机构的填报尚未接受（草稿、已提交或退回），将由台账的数值代替。"
            self.findings.notice("unaccepted_replaced", text)
        self.plan_made.reports.append(ReportChange(entry, merged, new, changed))

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
            if reading.reason:
                self.findings.notice("sheet_not_read", reading.reason, reading.sheet.name)
        for reading in self.recognition.sheets:
            if reading.tables and not any(table.figures or table.is_registry for table in reading.tables):
                self.findings.notice("sheet_not_read", "没有认出任何数据元，没有导入。", reading.sheet.name)
        for sheet, heading in self.recognition.unmatched():
            text = f"“{heading.text}”没有对应的数据元，没有导入。"
            self.findings.notice(
                "heading_not_matched", text, sheet.name, heading.row, heading.column, per=(heading.key,)
            )

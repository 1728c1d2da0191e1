"""The outcome of reading a ledger: problems, notices and differences. planner.plan_import makes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from institutions.ledger.changes import CellChange, ReportChange
from institutions.ledger.figures import FigureReader
from institutions.ledger.problems import Notice, Problem
from institutions.ledger.roster import InstitutionChange
from institutions.ledger.tables import Recognition
from institutions.ledger.terms import Terms
from institutions.models import County
from institutions.period import Period

# (done, total, what is being done)
Progress = Callable[[int, int, str], None]


@dataclass
class ImportPlan:
    """The outcome of reading a ledger against what is stored. Nothing may be written while there are problems."""

    county: County
    period: Period
    recognition: Recognition
    elements: dict
    terms: Terms = field(default_factory=Terms)
    problems: list[Problem] = field(default_factory=list)
    # problems beyond those listed
    more_problems: int = 0
    notices: list[Notice] = field(default_factory=list)
    institutions: list[InstitutionChange] = field(default_factory=list)
    reports: list[ReportChange] = field(default_factory=list)
    # institutions with figures that are stored already, just so
    unchanged_reports: int = 0
    # those of them that are drafts, which this import may submit
    waiting: list[ReportChange] = field(default_factory=list)
    _reader: FigureReader | None = None

    @property
    def changes_nothing(self) -> bool:
        """All of it is stored already; but perhaps there is something to submit (`waiting`)."""
        return not self.institutions and not self.reports

    @property
    def does_nothing(self) -> bool:
        return self.changes_nothing and not self.waiting

    @property
    def touched(self) -> list[ReportChange]:
        """The reports that the import may write, those among them that it can only submit."""
        return [*self.reports, *self.waiting]

    @property
    def returns_accepted(self) -> bool:
        """Accepted figures have to be returned for it."""
        return any(report.returned for report in self.reports)

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
            "values_returned": sum(len(report.returned) for report in self.reports),
            "reports_waiting": len(self.waiting),
        }

    # Each figure that changes, in the order of the ledger. Generators: there may be hundreds of thousands.

    def new_cells(self) -> Iterator[CellChange]:
        """Figures where there was none."""
        for report in self.reports:
            for code in report.new:
                yield self._cell(report, code, None, report.values[code])

    def overwritten_cells(self) -> Iterator[CellChange]:
        """Figures that another one takes the place of."""
        for report in self.reports:
            for code, (old, new) in report.overwritten.items():
                yield self._cell(report, code, old, new)

    def returned_cells(self) -> Iterator[CellChange]:
        """Accepted figures that have to be returned for another one."""
        for report in self.reports:
            for code, (old, new) in report.returned.items():
                yield self._cell(report, code, old, new)

    def _cell(self, report: ReportChange, code: str, old, new) -> CellChange:
        place = self._reader.place(report.entry.code, code)
        return CellChange(report.entry, self.elements[code], old, new, place, report.stored.state)

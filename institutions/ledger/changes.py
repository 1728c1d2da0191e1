"""What a file's figures change in the reports that are stored. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from institutions.ledger.figures import Place
from institutions.ledger.roster import Entry


@dataclass(frozen=True, slots=True)
class Stored:
    """A report before the import; models.Report says what its fields hold. `state` is "" where there is none."""

    state: str = ""
    values: Mapping = field(default_factory=dict)
    accepted: Mapping = field(default_factory=dict)
    unread: Mapping = field(default_factory=dict)
    returned: Mapping = field(default_factory=dict)
    explanations: Mapping = field(default_factory=dict)
    hands: tuple[int, ...] = ()


NOT_BEGUN = Stored()


@dataclass(slots=True)
class ReportChange:
    """One institution's report: `values` as they will be; the rest says what the file changes about them."""

    entry: Entry
    stored: Stored
    values: dict
    new: list[str] = field(default_factory=list)
    # element code -> (old, new); `returned`: of figures that are accepted, and have to be returned for it
    overwritten: dict[str, tuple] = field(default_factory=dict)
    returned: dict[str, tuple] = field(default_factory=dict)

    @property
    def changes_figures(self) -> bool:
        return bool(self.new or self.overwritten or self.returned)

    @property
    def cells(self) -> dict[str, tuple]:
        """Element code -> (old, new) of every figure that changes. (Tuples: lists would keep the garbage collector busy
        with hundreds of thousands of them.)"""
        values = self.values
        return {**{code: (None, values[code]) for code in self.new}, **self.overwritten, **self.returned}


@dataclass(slots=True)
class CellChange:
    """One figure that changes. `old` is None where there was none; `place` is where the file has it."""

    entry: Entry
    element: object
    old: object
    new: object
    place: Place | None
    # the report's before the import
    state: str


def compare(entry: Entry, values: dict, stored: Stored) -> ReportChange:
    """Lay a file's figures over those that were entered. Blanks erase nothing, equal figures change nothing."""
    if not stored.state:
        return ReportChange(entry, stored, values, list(values))
    change = ReportChange(entry, stored, {**stored.values, **values})
    for code, value in values.items():
        accepted, entered = stored.accepted.get(code), stored.values.get(code)
        if accepted is not None and accepted != value:
            change.returned[code] = (accepted, value)
        elif entered is None:
            change.new.append(code)
        elif entered != value:
            change.overwritten[code] = (entered, value)
    return change


def compare_to_accept(entry: Entry, values: dict, stored: Stored) -> ReportChange:
    """The same where the file's figures are accepted at once: what was entered and not accepted is news, too."""
    if not stored.state:
        return ReportChange(entry, stored, values, list(values))
    change = ReportChange(entry, stored, {**stored.values, **values})
    for code, value in values.items():
        accepted, entered = stored.accepted.get(code), stored.values.get(code)
        old = accepted if accepted not in (None, value) else entered
        if old is not None and old != value:
            change.overwritten[code] = (old, value)
        elif accepted is None:
            change.new.append(code)
    return change

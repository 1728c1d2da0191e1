"""A report's figures as the county office checks them: each beside what it is compared with, what needs a look first.

Pure functions over plain values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from indicators.enums import ValueType
from institutions.enums import StepKind
from institutions.filling.findings import MISSING, Finding
from institutions.review.type_figures import Typical, rounded
from institutions.values import value_text

# a caution about so many elements stands above the table instead of beside each of them
_BESIDE = 4
SAME = "不变"


@dataclass(frozen=True)
class Note:
    """A fault or a caution, with the institution's words on it."""

    text: str
    words: str = ""
    is_fault: bool = False


@dataclass(frozen=True)
class PastReturn:
    """The figure was returned before: what it was then, and why. `reason` is "" where the whole report was returned."""

    value: object
    reason: str
    at: datetime
    by: str


@dataclass
class Row:
    """One element. Texts are ready to print; None where there is no figure."""

    code: str
    name: str
    unit: str
    definition: str
    value: str | None
    is_accepted: bool
    # the accepted figure that counts until this one is accepted, where it is another
    accepted: str | None
    before: str | None
    change: str
    is_same: bool
    typical: Typical | None
    # why it is the institution's turn with this figure now; None where it is not
    returned: str | None
    # what it was when it was last returned (the text, None for missing), and the return
    past_value: str | None
    past: PastReturn | None
    notes: list[Note] = field(default_factory=list)
    uses: tuple[str, ...] = ()
    is_asked: bool = True
    # what the reviewer had chosen and typed, where the page comes back
    is_picked: bool = False
    own_reason: str = ""
    # what is wrong with that
    fault: str = ""

    @property
    def is_missing(self) -> bool:
        return self.value is None

    @property
    def rank(self) -> int:
        """What a reviewer looks at first: the smaller, the sooner."""
        if self.notes:
            return 0 if any(note.is_fault for note in self.notes) else 1
        if self.past or self.returned is not None or self.accepted is not None or not self.is_asked:
            return 2
        return 3 if self.is_missing else 4


@dataclass(frozen=True)
class Compared:
    """What the values of a report are held against, by element code."""

    values: Mapping
    accepted: Mapping
    returned: Mapping
    before: Mapping
    typical: Mapping[str, Typical]
    past: Mapping[str, PastReturn]
    uses: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Rows:
    """`first`: look at these; `changed`: other figures than last time; `same`: the last time's. `above`: notes about
    the report as a whole."""

    first: list[Row]
    changed: list[Row]
    same: list[Row]
    above: list[Note]


def rows_of(fields: Mapping[str, object], others: Mapping[str, object], compared: Compared) -> list[Row]:
    """A row for each element asked, in their order, and for each of the `others` that holds a figure: not asked in this
    round, but accepted with the rest."""
    held = [element for code, element in others.items() if code in compared.values and code not in fields]
    asked = [_row(element, compared) for element in fields.values()]
    for element in held:
        row = _row(element, compared)
        row.is_asked = False
        asked.append(row)
    return asked


def group(rows: Sequence[Row], faults: Iterable[Finding], cautions: Iterable[tuple[Finding, str]]) -> Rows:
    """Put the findings (cautions with the institution's words) to their rows, and sort the rows."""
    above = []
    for finding in faults:
        above += _put(rows, finding, "", is_fault=True)
    for finding, words in cautions:
        above += _put(rows, finding, words, is_fault=False)
    first = sorted((row for row in rows if row.rank < 4), key=lambda row: row.rank)
    rest = [row for row in rows if row.rank == 4]
    return Rows(first, [row for row in rest if not row.is_same], [row for row in rest if row.is_same], above)


def past_returns(values: Mapping, steps: Iterable) -> dict[str, PastReturn]:
    """The last return of each figure. Where the whole report was returned, only figures that have changed since.

    `steps`: ReportSteps, the latest first. What a figure was then is found by taking the later changes back.
    """
    found: dict[str, PastReturn] = {}
    current = dict(values)
    for step in steps:
        if step.kind == StepKind.RETURNED:
            marks = {code: reason for code, reason in step.marks.items() if code}
            if "" in step.marks:
                marks |= dict.fromkeys(_between(current, values) - marks.keys(), "")
            for code, reason in marks.items():
                found.setdefault(code, PastReturn(current.get(code), reason, step.at, step.by_name))
        for code, (old, _) in step.cells.items():
            current[code] = old
    return found


def _between(one: Mapping, other: Mapping) -> set[str]:
    return {code for code in {**one, **other} if one.get(code) != other.get(code)}


def _row(element, compared: Compared) -> Row:
    def text(value) -> str | None:
        return value_text(element.value_type, element.choices, value)

    code = element.code
    now, before, accepted = (each.get(code) for each in (compared.values, compared.before, compared.accepted))
    past = compared.past.get(code) if code not in compared.returned else None
    return Row(
        code=code,
        name=element.name,
        unit=element.unit,
        definition=element.definition,
        value=text(now),
        is_accepted=accepted is not None and accepted == now,
        accepted=text(accepted) if accepted != now else None,
        before=text(before),
        change=(change := change_text(element, now, before)),
        is_same=change == SAME,
        typical=compared.typical.get(code),
        returned=compared.returned.get(code),
        past_value=text(past.value) if past else None,
        past=past,
        uses=compared.uses.get(code, ()),
    )


def change_text(element, now, before) -> str:
    """ "+120（+12.3%）"; "不变"; "有变化" for what is no number; "" where one of the two is missing."""
    if now is None or before is None:
        return ""
    if now == before:
        return SAME
    if element.value_type in (ValueType.BOOLEAN, ValueType.CHOICE):
        return "有变化"
    change, whole = Fraction(now) - Fraction(before), Fraction(before)
    if not change:
        return SAME
    places = max((len(str(each).partition(".")[2]) for each in (now, before)), default=0)
    return _signed(change, places) + _percent(change, whole)


def _percent(change: Fraction, whole: Fraction) -> str:
    """Cut, as the cautions do: 29.96% shall not read as 30%."""
    if not whole:
        return "（上期为 0）"
    tenths = int(change / abs(whole) * 1000)
    return f"（{_signed(Fraction(tenths, 10), 1)}%）" if tenths else "（不足 0.1%）"


def _signed(number: Fraction, places: int) -> str:
    return ("−" if number < 0 else "+") + rounded(abs(number), places)


def _put(rows: Sequence[Row], finding: Finding, words: str, *, is_fault: bool) -> list[Note]:
    """Beside the rows that it is about; what is about the whole report comes back."""
    own = [row for row in rows if row.code in finding.elements]
    if not own or len(own) > _BESIDE or finding.key == MISSING:
        return [Note(finding.text, words, is_fault)]
    for row in own[1:]:
        row.notes.append(Note(f"见“{own[0].name}”。", is_fault=is_fault))
    own[0].notes.append(Note(finding.text, words, is_fault))
    return []

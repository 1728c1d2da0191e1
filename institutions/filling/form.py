"""An institution's form, ready to be drawn: its fields in groups, and what there is to say about each. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from indicators.enums import ValueType
from indicators.naming import items_named
from institutions.filling.cells import cell_text
from institutions.filling.explanations import is_outdated, typed_words
from institutions.filling.findings import MISSING, Finding
from institutions.filling.uses import Use
from institutions.values import value_text

_FACTS = (ValueType.BOOLEAN, ValueType.CHOICE)
# beyond this many a list of the items that a figure counts for says how many there are
_ITEMS_NAMED = 4


@dataclass(frozen=True)
class Clash:
    """What somebody else has stored in a cell in the meantime, beside what was typed."""

    text: str
    sentence: str


@dataclass(frozen=True)
class Doubt:
    """A caution beside its field, with the word on it that there is so far. `is_outdated`: the word was written before
    the figures changed."""

    finding: Finding
    explanation: str
    is_outdated: bool = False


@dataclass(frozen=True)
class Field:
    """One element. `text` stands in its box, `base` is what is stored; `shown` is the stored value as people write it,
    "" where it is missing. `accepted`: its figure counts and is locked. `returned`: why it came back, None where it
    did not. `doubts` are those cautions whose word belongs here; `see` names the fields where others about it are."""

    element: object
    name: str
    text: str
    base: str
    shown: str
    previous: str
    uses: Sequence[Use]
    accepted: bool
    returned: str | None
    faults: Sequence[Finding]
    doubts: Sequence[Doubt]
    in_doubt: bool
    see: Sequence[str]
    clash: Clash | None

    @property
    def options(self) -> list[str]:
        """The texts of a choice, as they are typed and stored."""
        return list(self.element.choices.values())

    @property
    def input_mode(self) -> str:
        """Which keys a phone shows."""
        return "decimal" if self.element.value_type == ValueType.DECIMAL else "numeric"

    @property
    def counts_for(self) -> str:
        """ "第 5、9、24 条"; "" where nothing is computed from it."""
        numbers = list(dict.fromkeys(use.item for use in self.uses))
        if not numbers:
            return ""
        named = items_named(numbers[:_ITEMS_NAMED])
        return named if len(numbers) <= _ITEMS_NAMED else f"{named}等 {len(numbers)} 条"


@dataclass(frozen=True)
class Group:
    name: str
    fields: Sequence[Field]


@dataclass(frozen=True)
class Sheet:
    """The whole form. `returned`: why the report came back as a whole; "" where it did not."""

    groups: Sequence[Group]
    filled: int
    returned: str
    # cautions about the report as a whole
    doubts: Sequence[Doubt]
    fault_count: int

    @property
    def fields(self) -> list[Field]:
        return [field for group in self.groups for field in group.fields]

    @property
    def due(self) -> int:
        return len(self.fields)

    @property
    def to_mend(self) -> list[Field]:
        """The fields that came back, with a reason for each."""
        return [field for field in self.fields if field.returned is not None]

    @property
    def wrong(self) -> list[Field]:
        """Where the faults are said: each at the first of its fields."""
        return [f for f in self.fields if any(fault.elements[0] == f.element.code for fault in f.faults)]


def sheet_of(
    elements: Mapping[str, object],
    report,
    *,
    names: Mapping[str, str],
    previous: Mapping,
    uses: Mapping[str, Sequence[Use]],
    faults: Iterable[Finding] = (),
    cautions: Iterable[Finding] = (),
    typed: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
    clashes: Mapping[str, Clash] | None = None,
) -> Sheet:
    """`elements`: the form's, by code, in order. `names`: what each cell is called in the form. `report` has values,
    accepted, unread, returned and explanations. `typed`, `words` and `clashes`, by element code and caution key, are
    what somebody has typed that is not stored."""
    faults, cautions = list(faults), list(cautions)
    doubts = {each.key: doubt_of(each, report.explanations, words or {}) for each in cautions}
    fields = []
    for code, element in elements.items():
        base = report.unread.get(code) or cell_text(element, report.values.get(code))
        own = [each for each in cautions if code in each.elements and each.key != MISSING]
        fields.append(
            Field(
                element=element,
                name=names[code],
                text=(typed or {}).get(code, base),
                base=base,
                shown=report.unread.get(code) or _shown(element, report.values.get(code)),
                previous=_shown(element, previous.get(code)),
                uses=uses.get(code, ()),
                accepted=code in report.accepted,
                returned=report.returned.get(code),
                faults=[each for each in faults if code in each.elements],
                doubts=[doubts[each.key] for each in own if each.elements[0] == code],
                in_doubt=bool(own),
                see=list(dict.fromkeys(elements[c.elements[0]].name for c in own if c.elements[0] != code)),
                clash=(clashes or {}).get(code),
            )
        )
    return Sheet(
        groups=[Group(name, list(group)) for name, group in groupby(fields, key=lambda field: field.element.group)],
        filled=sum(code in report.values for code in elements),
        returned=report.returned.get("", ""),
        doubts=[doubts[each.key] for each in cautions if not each.elements or each.key == MISSING],
        fault_count=len(faults),
    )


def doubt_of(caution: Finding, explanations: Mapping, typed: Mapping[str, str]) -> Doubt:
    """`explanations`: as the report has them; `typed`: by key, what somebody has typed that is not stored."""
    words = typed.get(caution.key, typed_words(explanations, caution.key))
    return Doubt(caution, words, caution.key not in typed and is_outdated(explanations, caution))


def copyable(elements: Mapping[str, object], report, previous: Mapping) -> int:
    """How many yes/no and choices are empty now and known from the last period."""
    return sum(
        element.value_type in _FACTS
        and previous.get(code) is not None
        and not any(code in each for each in (report.values, report.unread, report.accepted))
        for code, element in elements.items()
    )


def days_left_words(due_on: date, today: date) -> str:
    """ "还有 5 天", "今天截止", "逾期 3 天"."""
    days = (due_on - today).days
    if days > 0:
        return f"还有 {days} 天"
    return "今天截止" if days == 0 else f"逾期 {-days} 天"


def _shown(element, value) -> str:
    try:
        return value_text(element.value_type, element.choices, value) or ""
    except ValueError:  # the dictionary has another kind of value by now
        return str(value)

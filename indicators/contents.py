"""What a dictionary and a standard consist of, as plain values: the common form of a file, the database and a digest.

Names and order of the fields are those of the models, so that a row is built from a content by its fields.
"""

import hashlib
import json
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal

from indicators.enums import CheckLevel, SeenAs, YearRule


@dataclass(frozen=True)
class ElementContent:
    code: str
    name: str
    group: str
    value_type: str
    unit: str
    definition: str
    reported_by: list[str]
    aliases: list[str]
    choices: dict[str, str]
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True)
class CheckContent:
    expression: str
    message: str
    level: str = CheckLevel.ERROR.value
    types: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DictionaryContent:
    elements: list[ElementContent]
    checks: list[CheckContent]


@dataclass(frozen=True)
class DepartmentContent:
    name: str
    aliases: list[str]
    members: list[str]
    duties: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SeatContent:
    """A seat of the leading group: its part (LeadingPart) and the office that holds it, never a name."""

    part: str
    office: str


@dataclass(frozen=True)
class ArrangementContent:
    """How the plan has the work kept going: `kind` is an ArrangementKind, `every` how often (Every)."""

    kind: str
    name: str
    every: str = ""
    called_by: str = ""
    recorded_by: str = ""
    matters: list[str] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class PhaseContent:
    number: int
    name: str
    start: date
    end: date
    tasks: list[str]


@dataclass(frozen=True)
class EvidenceContent:
    code: str
    text: str
    required: bool
    departments: list[str] = field(default_factory=list)
    year: str = YearRule.PERIOD.value
    needed: int = 1
    seen_as: str = SeenAs.DOCUMENT.value
    institution_types: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CriterionContent:
    code: str
    name: str
    level: str
    scope: list[str]
    expression: str
    comparator: str
    target: str
    unit: str
    note: str
    source: str = ""
    # {"2024": "30%"}: the target from that year on
    targets: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ItemContent:
    number: str
    title: str
    requirement: str
    points: Decimal | None
    lead: list[str]
    cooperating: list[str]
    evidence: list[EvidenceContent]
    criteria: list[CriterionContent]
    wording: str = ""
    source: str = ""


@dataclass(frozen=True)
class SectionContent:
    number: int
    name: str
    items: list[ItemContent]


@dataclass(frozen=True)
class StandardContent:
    code: str
    version: str
    state: str
    title: str
    source_document: str
    source_number: str
    source_date: date
    departments: list[DepartmentContent]
    phases: list[PhaseContent]
    sections: list[SectionContent]
    deadline: date | None = None
    leading_group: list[SeatContent] = field(default_factory=list)
    arrangements: list[ArrangementContent] = field(default_factory=list)

    @property
    def items(self) -> list[ItemContent]:
        return [item for section in self.sections for item in section.items]

    def digest(self) -> str:
        """SHA-256 of everything above: equal digests, equal standards, however the file was laid out."""
        plain = _without_later(self)
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


# What came later than the first standards, whose digest stands in what was saved: where a standard says nothing of it,
# its digest stays what it was.
_LATER = {
    EvidenceContent: {"departments", "year", "needed", "seen_as", "institution_types"},
    DepartmentContent: {"duties"},
    CriterionContent: {"source", "targets"},
    ItemContent: {"wording", "source"},
    StandardContent: {"deadline", "leading_group", "arrangements"},
}


def _without_later(value):
    """As asdict, without what came later and is as usual."""
    if isinstance(value, list):
        return [_without_later(each) for each in value]
    if not is_dataclass(value):
        return value
    later = _LATER.get(type(value), ())
    return {
        each.name: _without_later(getattr(value, each.name))
        for each in fields(value)
        if each.name not in later or getattr(value, each.name) != _usual(each)
    }


def _usual(each: Field):
    return each.default if each.default is not MISSING else each.default_factory()

"""What a dictionary and a standard consist of, as plain values: the common form of a file, the database and a digest.

Names and order of the fields are those of the models, so that a row is built from a content by its fields.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
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

    @property
    def items(self) -> list[ItemContent]:
        return [item for section in self.sections for item in section.items]

    def digest(self) -> str:
        """SHA-256 of everything above: equal digests, equal standards, however the file was laid out."""
        plain = asdict(self)
        for section in plain["sections"]:
            for item in section["items"]:
                item["evidence"] = [_without_defaults(each) for each in item["evidence"]]
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


# Details of evidence came later than the first standards, whose digest stands in what was saved: where a file says
# nothing of them, its digest stays what it was.
_USUAL = asdict(EvidenceContent(code="", text="", required=True))
_DETAILS = {each.name for each in fields(EvidenceContent)} - {"code", "text", "required"}


def _without_defaults(evidence: dict) -> dict:
    return {name: value for name, value in evidence.items() if name not in _DETAILS or value != _USUAL[name]}

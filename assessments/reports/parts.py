"""The items of a report, section by section: what each demands, where it stands, and whom it waits for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assessments.content import CriterionContent, ItemContent, SectionContent
from assessments.enums import EvidenceState
from assessments.queries import NOT_APPLICABLE
from assessments.reports.numerals import in_brackets
from assessments.reports.register import Member, Register
from assessments.scoring.display import figure
from assessments.scoring.spread import missing_elements
from assessments.words import exact, gap_words
from indicators.enums import Level
from indicators.formula import ElementSpec, parse

# more institutions than this go on in the annex
MOST_IN_PLACE = 20
MOST_ROOMS = 5
BELOW_TARGET = "未达到目标"


@dataclass(frozen=True)
class Lack:
    """The same thing that several institutions lack."""

    text: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class CriterionPart:
    """A criterion and its institutions: `lacks` in place, `rest` in the annex, `rooms` where most could be gained."""

    content: CriterionContent
    lacks: tuple[Lack, ...] = ()
    rest: tuple[Lack, ...] = ()
    rooms: tuple[str, ...] = ()

    @property
    def rest_count(self) -> int:
        return sum(len(lack.names) for lack in self.rest)


@dataclass(frozen=True)
class AskedFor:
    """An evidence requirement as it was asked for."""

    code: str
    text: str
    required: bool


@dataclass(frozen=True)
class EvidenceLine:
    content: AskedFor
    state: str
    state_label: str
    reason: str


@dataclass(frozen=True)
class ItemPart:
    content: ItemContent
    criteria: tuple[CriterionPart, ...]
    evidence: tuple[EvidenceLine, ...]
    # what the county says of itself (自评说明)
    statement: str = ""

    @property
    def paragraphs(self) -> list[str]:
        """Of the statement."""
        return [line.strip() for line in self.statement.splitlines() if line.strip()]

    @property
    def names_institutions(self) -> bool:
        return any(criterion.lacks or criterion.rooms for criterion in self.criteria)

    @property
    def failing_evidence(self) -> list[EvidenceLine]:
        return [line for line in self.evidence if line.state == EvidenceState.FAILING]


@dataclass(frozen=True)
class SectionPart:
    """`number` as papers count: （一）."""

    number: str
    content: SectionContent
    items: tuple[ItemPart, ...] = field(repr=False)

    @property
    def counts(self) -> dict[str, int]:
        """How many of its items have each status."""
        return {status: self.content.count(status) for status in ("met", "nearly", "unmet", "incomplete")}


def section_parts(
    sections: Iterable[SectionContent],
    register: Register,
    elements: Mapping[str, ElementSpec],
    inputs: Mapping,
) -> tuple[SectionPart, ...]:
    """`inputs`: of the assessment, for its evidence and statements."""
    statements = inputs.get("statements", {})

    def item_part(item: ItemContent) -> ItemPart:
        criteria = tuple(criterion_part(criterion, register, elements) for criterion in item.criteria)
        return ItemPart(item, criteria, _evidence(item, inputs), statements.get(item.number, ""))

    return tuple(
        SectionPart(in_brackets(place), section, tuple(item_part(item) for item in section.items))
        for place, section in enumerate(sections, start=1)
    )


def criterion_part(
    criterion: CriterionContent, register: Register, elements: Mapping[str, ElementSpec]
) -> CriterionPart:
    """Institutions are named for what decides or warns; a criterion that is only shown needs no list."""
    if criterion.level == Level.INFO or criterion.status == "not_applicable":
        return CriterionPart(criterion)
    lacking = _lacking(criterion, register, elements)
    if criterion.in_scope == 1:
        # beside its figures, that one institution is below the target says nothing new
        return CriterionPart(criterion, lacks=_grouped([x for x in lacking if x[1] != BELOW_TARGET], register))
    return CriterionPart(
        criterion,
        lacks=_grouped(lacking[:MOST_IN_PLACE], register),
        rest=_grouped(lacking[MOST_IN_PLACE:], register),
        rooms=_rooms(criterion, register),
    )


def _lacking(
    criterion: CriterionContent, register: Register, elements: Mapping[str, ElementSpec]
) -> list[tuple[str, str]]:
    """(institution code, what it lacks in words) of those failing and those with figures missing, in the county's own
    order."""
    shortfall = criterion.shortfall
    words = dict.fromkeys(criterion.failing, BELOW_TARGET)
    words |= {code: _missing_in_words(criterion, register.member(code), elements) for code in criterion.unknown}
    if shortfall and shortfall["kind"] == "institutions":
        words |= {each["institution"]: _gaps_in_words(criterion, each["gaps"], elements) for each in shortfall["of"]}
    return [(code, words[code]) for code in register.in_order(words)]


def _missing_in_words(criterion: CriterionContent, member: Member, elements: Mapping[str, ElementSpec]) -> str:
    missing = missing_elements(parse(criterion.expression), member.figures, elements)
    return f"未填报：{'、'.join(elements[code].name for code in missing)}"


def _gaps_in_words(criterion: CriterionContent, gaps: list[dict], elements: Mapping[str, ElementSpec]) -> str:
    words = dict.fromkeys(gap_words(criterion.expression, gap, elements) for gap in gaps)
    return "；".join(words) or BELOW_TARGET


def _grouped(lacking: Iterable[tuple[str, str]], register: Register) -> tuple[Lack, ...]:
    """Institutions that lack the same thing stand together; what comes first in the county's order comes first."""
    names: dict[str, list[str]] = {}
    for code, text in lacking:
        names.setdefault(text, []).append(register.name(code))
    return tuple(Lack(text, tuple(of)) for text, of in names.items())


def _rooms(criterion: CriterionContent, register: Register) -> tuple[str, ...]:
    shortfall = criterion.shortfall
    if not shortfall or shortfall["kind"] != "amount":
        return ()
    return tuple(
        f"{register.name(each['institution'])}（现 "
        f"{figure(exact(each['value']), criterion.unit, criterion.target, criterion.comparator)}，"
        f"自身达到目标还差 {each['room']:,}）"
        for each in shortfall["room"][:MOST_ROOMS]
    )


def _evidence(item: ItemContent, inputs: Mapping) -> tuple[EvidenceLine, ...]:
    """What the county had to show then, what it added itself included; not what asks something of institutions of which
    it has none."""
    states, reasons = inputs["evidence"], inputs["evidence_reasons"]
    lines = []
    for asked in _asked_for(item, inputs.get("requirements")):
        state = states.get(asked.code, EvidenceState.OPEN)
        if state != NOT_APPLICABLE:
            lines.append(EvidenceLine(asked, state, EvidenceState(state).label, reasons.get(asked.code, "")))
    return tuple(lines)


def _asked_for(item: ItemContent, kept: Mapping[str, Mapping] | None) -> list[AskedFor]:
    """Assessments of earlier versions of the program kept no requirements, and knew the standard's own alone."""
    if kept is None:
        return [AskedFor(each.code, each.text, each.required) for each in item.evidence]
    return [AskedFor(code, r["text"], r["required"]) for code, r in kept.items() if r["item"] == item.number]

"""What a standard says of the plan as a whole, in words for its page: who leads, and how the work is kept going."""

from dataclasses import dataclass

from indicators.enums import ArrangementKind, Every, LeadingPart
from indicators.models import Standard


@dataclass(frozen=True)
class ArrangementLine:
    """`facts`: pairs of a term and a value."""

    kind: str
    name: str
    facts: list[tuple[str, str]]
    matters: list[str]
    note: str


def seats_of(standard: Standard) -> list[tuple[str, list[str]]]:
    """(part in the leading group, the offices that hold it)"""
    held = {
        part.label: [each["office"] for each in standard.leading_group if each["part"] == part] for part in LeadingPart
    }
    return [(part, offices) for part, offices in held.items() if offices]


def arrangements_of(standard: Standard) -> list[ArrangementLine]:
    return [_arrangement(each) for each in standard.arrangements]


def _arrangement(stored: dict) -> ArrangementLine:
    often = Every(stored["every"]).label if stored["every"] else ""
    facts = [("频次", often), ("召集", stored["called_by"]), ("记录", stored["recorded_by"])]
    return ArrangementLine(
        kind=ArrangementKind(stored["kind"]).label,
        name=stored["name"],
        facts=[(term, value) for term, value in facts if value],
        matters=stored["matters"],
        note=stored["note"],
    )

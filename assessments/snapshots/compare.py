"""Two assessments side by side: which items and criteria differ, and what figures and evidence made it. Pure.

    comparison = compare(old, new, elements)

Everything is taken from what the assessments kept themselves; figures are the stored exact texts, so that equal means
equal to the last digit. Either may be of another version of the standard.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from assessments.snapshots.figures import FigureChange, Reads, Register, Registers
from assessments.snapshots.pieces import EvidenceChange, Stand, evidence_change, stand_of
from indicators.formula import ElementSpec

# of a criterion's result: what makes it another one. Shortfalls follow from these.
_TELLING = (
    *("level", "status", "value", "target", "range", "aggregates"),
    *("in_scope", "reported", "due", "failing", "unknown"),
)


@dataclass(frozen=True)
class Side:
    """One assessment. `reads`: by criterion code. `requirements`: text of each requirement by item number and code, for
    assessments whose inputs do not say what was asked for."""

    result: Mapping
    inputs: Mapping
    reads: Mapping[str, Reads]
    requirements: Mapping[str, Mapping[str, str]]

    @property
    def records_pieces(self) -> bool:
        return "requirements" in self.inputs

    def stands(self, number: str) -> dict[str, Stand]:
        """By code, how each requirement of an item stood."""
        asked = self.requirements.get(number, {})
        if self.records_pieces:
            asked = {c: r["text"] for c, r in self.inputs["requirements"].items() if r["item"] == number}
        return {code: stand_of(self.inputs, code, text) for code, text in asked.items()}


@dataclass(frozen=True)
class CriterionChange:
    """A criterion's results on both sides; None where the side's standard does not have it.

    `redefined`: it is not computed in the same way. `figures`: those that it is computed from and that differ; empty
    where nothing changed or it is on one side alone.
    """

    code: str
    old: Mapping | None
    new: Mapping | None
    redefined: bool
    figures: tuple[FigureChange, ...]

    @property
    def changed(self) -> bool:
        if self.old is None or self.new is None or self.redefined:
            return True
        return any(self.old[name] != self.new[name] for name in _TELLING)


@dataclass(frozen=True)
class ItemChange:
    """An item's results on both sides; None where the side's standard does not have it."""

    number: str
    old: Mapping | None
    new: Mapping | None
    criteria: tuple[CriterionChange, ...]
    evidence: tuple[EvidenceChange, ...]

    @property
    def on_both(self) -> bool:
        return self.old is not None and self.new is not None

    @property
    def status_changed(self) -> bool:
        return not self.on_both or self.old["status"] != self.new["status"]

    @property
    def earned(self) -> Fraction | None:
        """Points more (or less) than on the first side, exact; None where the item is on one side alone."""
        return Fraction(self.new["earned"]) - Fraction(self.old["earned"]) if self.on_both else None

    @property
    def changed(self) -> bool:
        if self.status_changed or any(part.changed for part in (*self.criteria, *self.evidence)):
            return True
        return any(self.old[name] != self.new[name] for name in ("points", "earned", "evidence"))


@dataclass(frozen=True)
class Comparison:
    """`other_figures`: figures that differ, but belong to no criterion that came out differently."""

    old: Side = field(repr=False)
    new: Side = field(repr=False)
    items: tuple[ItemChange, ...]
    registers: Registers = field(repr=False)
    other_figures: tuple[FigureChange, ...]

    @property
    def changed(self) -> list[ItemChange]:
        return [item for item in self.items if item.changed]

    @property
    def unchanged(self) -> list[ItemChange]:
        return [item for item in self.items if not item.changed]

    @property
    def same(self) -> bool:
        """Nothing differs at all, neither what came out nor what it was computed from."""
        registers = self.registers
        moved = registers.came or registers.went or registers.retyped
        return not (self.changed or self.other_figures or moved)


def compare(old: Side, new: Side, elements: Mapping[str, ElementSpec]) -> Comparison:
    """`elements`: the dictionary of data elements by code."""
    found = _Comparing(old, new, elements)
    items = tuple(found.items())
    told = {(f.institution, f.element) for item in items for criterion in item.criteria for f in criterion.figures}
    rest = [f for f in found.registers.changes if (f.institution, f.element) not in told]
    return Comparison(old, new, items, found.registers, tuple(sorted(rest, key=lambda change: change.weight)))


class _Comparing:
    def __init__(self, old: Side, new: Side, elements: Mapping[str, ElementSpec]):
        self.sides = old, new
        self.registers = Registers(*(Register(side.inputs["institutions"], elements) for side in self.sides))

    def items(self) -> Iterator[ItemChange]:
        by_number = [{item["number"]: item for item in side.result["items"]} for side in self.sides]
        for number in _union(*by_number):
            yield self.item(number, *(items.get(number) for items in by_number))

    def item(self, number: str, old: Mapping | None, new: Mapping | None) -> ItemChange:
        criteria = [{each["code"]: each for each in item["criteria"]} if item else {} for item in (old, new)]
        stands = [side.stands(number) if item else {} for side, item in zip(self.sides, (old, new), strict=True)]
        return ItemChange(
            number,
            old,
            new,
            tuple(self.criterion(code, *(each.get(code) for each in criteria)) for code in _union(*criteria)),
            tuple(evidence_change(code, *(each.get(code) for each in stands)) for code in _union(*stands)),
        )

    def criterion(self, code: str, old: Mapping | None, new: Mapping | None) -> CriterionChange:
        if old is None or new is None:
            return CriterionChange(code, old, new, False, ())
        reads = [side.reads[code] for side in self.sides]
        found = CriterionChange(code, old, new, reads[0].definition != reads[1].definition, ())
        return replace(found, figures=self.registers.of(*reads)) if found.changed else found


def _union(old: Iterable[str], new: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*old, *new]))

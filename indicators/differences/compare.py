"""What differs between two standards, as plain values.

differences = compare(old, new)
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, TypeVar

from indicators.contents import (
    ArrangementContent,
    CriterionContent,
    DepartmentContent,
    EvidenceContent,
    ItemContent,
    PhaseContent,
    SeatContent,
    SectionContent,
    StandardContent,
)
from indicators.differences.matching import Pair, paired, paired_items
from indicators.formula import FormulaError, parse

T = TypeVar("T")

# what changes lights or points
_OF_FIGURES = {
    ItemContent: {"points"},
    CriterionContent: {"level", "scope", "expression", "comparator", "target", "targets"},
    EvidenceContent: {"required", "needed", "year", "institution_types"},
}
_FORMULAS = ("expression", "target")
_SETS = ("scope", "institution_types")
# of the standard itself; its code, version and state are what the two are told apart by
_HEAD = ("title", "source_document", "source_number", "source_date", "deadline")


@dataclass(frozen=True)
class Change:
    """A field that differs. `figures`: figures, lights or points may come out differently by it."""

    field: str
    old: Any
    new: Any
    figures: bool = False


@dataclass(frozen=True)
class Difference(Generic[T]):
    """A part on both sides; None where it is not there."""

    old: T | None
    new: T | None
    changes: tuple[Change, ...] = ()

    @property
    def kind(self) -> str:
        """added, removed, changed or same."""
        if self.old is None or self.new is None:
            return "added" if self.old is None else "removed"
        return "changed" if self.changes else "same"

    @property
    def figures(self) -> bool:
        if self.kind in ("added", "removed"):
            part = self.old or self.new
            return part.required if isinstance(part, EvidenceContent) else type(part) in _OF_FIGURES
        return any(change.figures for change in self.changes)


@dataclass(frozen=True)
class ItemDifference(Difference[ItemContent]):
    """`criteria` and `evidence`: those that differ; all of them where the item is on one side alone."""

    criteria: tuple[Difference[CriterionContent], ...] = ()
    evidence: tuple[Difference[EvidenceContent], ...] = ()

    @property
    def moved(self) -> bool:
        """It has another number."""
        return bool(self.old and self.new) and self.old.number != self.new.number

    @property
    def differs(self) -> bool:
        return self.kind != "same" or bool(self.criteria or self.evidence)

    @property
    def figures(self) -> bool:
        return super().figures or any(part.figures for part in (*self.criteria, *self.evidence))


@dataclass(frozen=True)
class Differences:
    """`items` holds every item of both, in order, also those that are the same; the other parts what differs, the
    sections without their items."""

    old: StandardContent
    new: StandardContent
    head: tuple[Change, ...]
    leading_group: tuple[Difference[SeatContent], ...]
    arrangements: tuple[Difference[ArrangementContent], ...]
    departments: tuple[Difference[DepartmentContent], ...]
    phases: tuple[Difference[PhaseContent], ...]
    sections: tuple[Difference[SectionContent], ...]
    items: tuple[ItemDifference, ...]

    @property
    def same(self) -> bool:
        others = (self.head, self.leading_group, self.arrangements, self.departments, self.phases, self.sections)
        return not any(others) and not any(item.differs for item in self.items)


def compare(old: StandardContent, new: StandardContent) -> Differences:
    sections = [
        {item.number: section.name for section in each.sections for item in section.items} for each in (old, new)
    ]
    return Differences(
        old,
        new,
        head=tuple(_changes(old, new, _HEAD)),
        leading_group=_parts(old.leading_group, new.leading_group, [lambda seat: (seat.part, seat.office)]),
        arrangements=_parts(
            old.arrangements, new.arrangements, [lambda each: (each.kind, each.name), lambda each: each.kind]
        ),
        departments=_parts(old.departments, new.departments, [lambda department: department.name]),
        phases=_parts(old.phases, new.phases, [lambda phase: phase.name, lambda phase: phase.number]),
        sections=_parts(
            *([replace(section, items=[]) for section in each.sections] for each in (old, new)),
            [lambda section: section.name, lambda section: section.number],
        ),
        items=tuple(_item(pair, *sections) for pair in paired_items(old, new)),
    )


def paired_criteria(old: ItemContent, new: ItemContent) -> list[Pair[CriterionContent]]:
    """A code says least: it changes with the item's number."""
    keys = [
        lambda each: (each.code, each.name, each.expression),
        lambda each: (each.name, each.expression, *sorted(each.scope)),
        lambda each: (each.code, each.expression),
        lambda each: (each.expression, *sorted(each.scope)),
        lambda each: each.name,
        lambda each: each.code,
    ]
    return paired(old.criteria, new.criteria, keys)


def paired_evidence(old: ItemContent, new: ItemContent) -> list[Pair[EvidenceContent]]:
    keys = [lambda each: (each.code, each.text), lambda each: each.text, lambda each: each.code]
    return paired(old.evidence, new.evidence, keys)


def _item(pair: Pair[ItemContent], old_sections: dict[str, str], new_sections: dict[str, str]) -> ItemDifference:
    old, new = pair
    if old is None or new is None:
        item, alone = old or new, (lambda part: Difference(part, None) if new is None else Difference(None, part))
        return ItemDifference(old, new, (), tuple(map(alone, item.criteria)), tuple(map(alone, item.evidence)))
    names = [each.name for each in fields(ItemContent) if each.name not in ("criteria", "evidence")]
    sections = old_sections[old.number], new_sections[new.number]
    changes = [Change("section", *sections)] if sections[0] != sections[1] else []
    return ItemDifference(
        old,
        new,
        (*_changes(old, new, names), *changes),
        _differing(paired_criteria(old, new)),
        _differing(paired_evidence(old, new)),
    )


def _parts(old: Sequence[T], new: Sequence[T], keys: Sequence[Callable]) -> tuple[Difference[T], ...]:
    return _differing(paired(old, new, keys))


def _differing(pairs: Iterable[Pair]) -> tuple[Difference, ...]:
    found = [Difference(old, new, tuple(_changes(old, new)) if old and new else ()) for old, new in pairs]
    return tuple(each for each in found if each.kind != "same")


def _changes(old, new, names: Iterable[str] | None = None) -> Iterable[Change]:
    """Of these fields, or of all."""
    telling = _OF_FIGURES.get(type(old), set())
    for name in names or [each.name for each in fields(old)]:
        values = getattr(old, name), getattr(new, name)
        if _meaning(name, values[0]) != _meaning(name, values[1]):
            counts = not isinstance(old, EvidenceContent) or old.required or new.required
            yield Change(name, *values, figures=name in telling and counts)


def _meaning(name: str, value):
    """Equal for what is written differently and says the same."""
    if name in _SETS:
        return set(value)
    if name == "targets":
        return {year: _meaning("target", target) for year, target in value.items()}
    if name in _FORMULAS:
        try:
            return parse(value)
        except FormulaError:  # a draft may hold one that is not finished
            return value
    return value

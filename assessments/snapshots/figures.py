"""Which accepted figures differ between two assessments, by what was kept in their inputs. Pure.

Exact: figures are compared as the numbers that they are ("1.50" is 1.5), missing is not zero, and yes is not 1.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from indicators.formula import ALL, ElementSpec

Value = int | str | bool | None
_EVERY_TYPE = frozenset([ALL])


class Reads(NamedTuple):
    """What a criterion is computed from: `elements` of institutions of `types`, its target `target_elements` of all.

    `definition`: everything that says what is computed; where it differs, another thing was computed.
    """

    types: frozenset[str]
    elements: frozenset[str]
    target_elements: frozenset[str]
    definition: tuple


@dataclass(frozen=True)
class FigureChange:
    """One institution's figure, `old` on the first side and `new` on the second; None is missing.

    `was`, `stays`: whether the institution counted on the first and on the second side at all. `retyped`: it counted on
    both, but as an institution of another type, which may owe other figures.
    """

    institution: str
    element: str
    old: Value
    new: Value
    was: bool = True
    stays: bool = True
    retyped: bool = False

    @property
    def kind(self) -> str:
        """came, went, retyped (the institution), reported, missing (the figure), or changed."""
        if not self.was:
            return "came"
        if not self.stays:
            return "went"
        if self.retyped:
            return "retyped"
        if self.old is None:
            return "reported"
        return "missing" if self.new is None else "changed"

    @property
    def difference(self) -> Fraction | None:
        """New less old, exact; None where one is missing, or is a yes or no."""
        pair = (self.old, self.new)
        if any(value is None or isinstance(value, bool) for value in pair):
            return None
        return Fraction(self.new) - Fraction(self.old)

    @property
    def weight(self) -> tuple:
        """What is read first: institutions that came, went or changed type, then figures that went missing or were
        filled in, then the greatest differences."""
        rank = {"reported": 1, "missing": 1, "changed": 2}.get(self.kind, 0)
        return rank, -abs(self.difference or 0), self.institution, self.element


class Register:
    """The institutions of one side with the figures that count: those that their type reports."""

    def __init__(self, institutions: Iterable[Mapping], elements: Mapping[str, ElementSpec]):
        """`institutions`: those of `Assessment.inputs`."""
        self.rows = {row["code"]: row for row in institutions}
        due = {
            kind: {code for code, spec in elements.items() if kind in spec.reported_by}
            for kind in {row["type"] for row in self.rows.values()}
        }
        self.values = {
            code: {e: v for e, v in (row["values"] or {}).items() if v is not None and e in due[row["type"]]}
            for code, row in self.rows.items()
        }

    def type_of(self, code: str) -> str | None:
        return self.rows[code]["type"] if code in self.rows else None

    def covers(self, types: frozenset[str], code: str) -> bool:
        kind = self.type_of(code)
        return kind is not None and (ALL in types or kind in types)


class Registers:
    """Both sides' institutions, and every figure that differs."""

    def __init__(self, old: Register, new: Register):
        self.old, self.new = old, new
        self.codes = [*old.rows, *(code for code in new.rows if code not in old.rows)]
        self.came = [code for code in self.codes if code not in old.rows]
        self.went = [code for code in self.codes if code not in new.rows]
        self.retyped = [c for c in self.codes if c in old.rows and c in new.rows and old.type_of(c) != new.type_of(c)]
        self._by_element: dict[str, list[FigureChange]] = {}
        for code in old.rows.keys() & new.rows.keys():
            for change in _changes(code, old.values[code], new.values[code]):
                self._by_element.setdefault(change.element, []).append(change)
        # whose part in a criterion may be another one whatever their figures are
        self._unsteady = frozenset([*self.came, *self.went, *self.retyped])

    @property
    def changes(self) -> Iterator[FigureChange]:
        """Of institutions that are on both sides."""
        for found in self._by_element.values():
            yield from found

    def of(self, old: Reads, new: Reads) -> tuple[FigureChange, ...]:
        """Those that a criterion is computed from, and its target, with what was read on each side."""
        targets, elements = old.target_elements | new.target_elements, old.elements | new.elements
        found = {(c.institution, c.element): c for c in self._within(_EVERY_TYPE, _EVERY_TYPE, targets)}
        found |= {(c.institution, c.element): c for c in self._within(old.types, new.types, elements)}
        return tuple(sorted(found.values(), key=lambda change: change.weight))

    def _within(
        self, old_types: frozenset[str], new_types: frozenset[str], elements: frozenset[str]
    ) -> Iterator[FigureChange]:
        changed = (change for element in elements for change in self._by_element.get(element, ()))
        for change in changed:
            code = change.institution
            if code not in self._unsteady and all(self._scope(code, old_types, new_types)):
                yield change
        for code in self._unsteady if old_types == new_types else self.codes:
            was, stays = self._scope(code, old_types, new_types)
            if was != stays or (was and code in self._unsteady):
                yield from self._all_of(code, elements, was, stays)

    def _scope(self, code: str, old_types: frozenset[str], new_types: frozenset[str]) -> tuple[bool, bool]:
        return self.old.covers(old_types, code), self.new.covers(new_types, code)

    def _all_of(self, code: str, elements: frozenset[str], was: bool, stays: bool) -> Iterator[FigureChange]:
        """Also what the institution left empty, for it counts in denominators."""
        for element in elements:
            old = self.old.values[code].get(element) if was else None
            new = self.new.values[code].get(element) if stays else None
            yield FigureChange(code, element, old, new, was, stays, was and stays)


def same(old: Value, new: Value) -> bool:
    """Whether two stored values are the same figure."""
    if old is None or new is None or isinstance(old, bool) or isinstance(new, bool):
        return old is new
    return old == new or Fraction(old) == Fraction(new)


def _changes(code: str, old: Mapping, new: Mapping) -> Iterator[FigureChange]:
    for element in {**old, **new}:
        if not same(old.get(element), new.get(element)):
            yield FigureChange(code, element, old.get(element), new.get(element))

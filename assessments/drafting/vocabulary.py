"""The data elements that a county may use in formulas, as the formula editor offers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from indicators.enums import InstitutionType
from indicators.formula import ElementSpec
from indicators.formula.chinese import Reading, from_chinese, to_chinese
from indicators.models import Element
from indicators.queries import elements_of, specs_of

_ALL_TYPES = len(InstitutionType.values)


@dataclass(frozen=True)
class Offered:
    """One element as the list beside the formula has it."""

    element: Element
    by: str

    @property
    def aliases(self) -> str:
        return "、".join(self.element.aliases)

    @property
    def choices(self) -> str:
        return "、".join(f"“{label}”" for label in self.element.choices.values())


@dataclass(frozen=True)
class Vocabulary:
    elements: list[Element]
    specs: Mapping[str, ElementSpec]

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Other names of the elements, each with the element's code."""
        return {alias: element.code for element in self.elements for alias in element.aliases}

    @property
    def groups(self) -> list[tuple[str, list[Offered]]]:
        """By group, in the dictionary's order."""
        groups: dict[str, list[Offered]] = {}
        for element in self.elements:
            groups.setdefault(element.group, []).append(Offered(element, reporters(element.reported_by)))
        return list(groups.items())

    def read(self, text: str) -> Reading:
        return from_chinese(text, self.specs, self.aliases)

    def write(self, notation: str) -> str:
        return to_chinese(notation, self.specs)


def vocabulary_of(owner: str) -> Vocabulary:
    """Two queries."""
    return Vocabulary(list(elements_of(owner)), specs_of(owner))


def reporters(types: list[str]) -> str:
    """`乡镇卫生院、村卫生室`, in the official order."""
    named = [kind.label for kind in InstitutionType if kind.value in types]
    return "全部机构" if len(named) == _ALL_TYPES else "、".join(named)

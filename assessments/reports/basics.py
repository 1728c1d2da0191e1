"""What a county is like: its institutions by type, who reported, and the sums of its main figures. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessments.reports.figure_tables import GROUPS, Column, value
from assessments.reports.register import Member, Register
from assessments.scoring.display import figure
from indicators.enums import InstitutionType


@dataclass(frozen=True)
class TypeLine:
    label: str
    active: int
    reported: int

    @property
    def missing(self) -> int:
        return self.active - self.reported


@dataclass(frozen=True)
class SumLine:
    """One figure added up: a text for each group of institutions (empty where none reports it), and over all."""

    group: str
    name: str
    unit: str
    by_group: tuple[str, ...]
    total: str
    reported: int
    due: int


@dataclass(frozen=True)
class Basics:
    types: tuple[TypeLine, ...]
    not_reported: tuple[str, ...]
    group_names: tuple[str, ...]
    sums: tuple[SumLine, ...]

    @property
    def active(self) -> int:
        return sum(line.active for line in self.types)

    @property
    def reported(self) -> int:
        return sum(line.reported for line in self.types)

    @property
    def missing(self) -> int:
        return self.active - self.reported


def basics(register: Register, columns: Sequence[Column]) -> Basics:
    groups = [(name, register.of_types(types)) for name, types in GROUPS if InstitutionType.COUNTY not in types]
    of_group = [members for _, members in groups]
    summed = [column for column in columns if column.summed and any(_due(column, members) for members in of_group)]
    return Basics(
        types=tuple(_type_lines(register)),
        not_reported=tuple(register.not_reported),
        group_names=tuple(name for name, _ in groups),
        sums=tuple(_sum_line(column, of_group) for column in summed),
    )


def _type_lines(register: Register) -> list[TypeLine]:
    found = [(each.label, register.of_types([each])) for each in InstitutionType]
    return [TypeLine(label, len(members), sum(m.reported for m in members)) for label, members in found if members]


def _sum_line(column: Column, of_group: Sequence[Sequence[Member]]) -> SumLine:
    known = [_known(column, members) for members in of_group]
    everything = [number for values in known for number in values]
    texts = tuple(
        _sum(values) if _due(column, members) else "" for values, members in zip(known, of_group, strict=True)
    )
    spec = column.spec
    due = sum(_due(column, members) for members in of_group)
    return SumLine(column.group, spec.name, spec.unit, texts, _sum(everything), len(everything), due)


def _known(column: Column, members: Sequence[Member]) -> list[Fraction]:
    return [number for member in members if (number := value(member, column.spec)) is not None]


def _due(column: Column, members: Sequence[Member]) -> int:
    return sum(member.type in column.spec.reported_by for member in members)


def _sum(values: Sequence[Fraction]) -> str:
    """Nothing reported is not zero."""
    return figure(sum(values, Fraction(0)) if values else None)

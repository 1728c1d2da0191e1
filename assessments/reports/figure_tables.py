"""The institutions' figures as tables: by type, in columns that fit a landscape page. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from assessments.reports.register import Member, Register
from assessments.scoring.display import figure
from assessments.scoring.gaps import known_values
from indicators.enums import InstitutionType as Type
from indicators.enums import ValueType
from indicators.formula import ElementSpec

# of data elements side by side on a landscape page; of institutions side by side on an upright one
MOST_COLUMNS = 17
MOST_SIDE_BY_SIDE = 5
MOST_ROWS_UNCUT = 18
# of a wide table, in percent; a heading needs the room of some characters even over short figures
FIGURES_WIDTH = 80
LEAST_CHARACTERS = 4
NOT_REPORTED = "—"
NOT_DUE = "／"

# what institutions are shown together: those that report much the same
GROUPS = (
    ("县（区）本级", (Type.COUNTY,)),
    ("县级医疗机构", (Type.TCM_HOSPITAL, Type.GENERAL_HOSPITAL, Type.MCH_HOSPITAL)),
    ("乡镇卫生院、社区卫生服务中心", (Type.TOWNSHIP_CENTRE, Type.COMMUNITY_CENTRE)),
    ("社区卫生服务站、村卫生室", (Type.COMMUNITY_STATION, Type.VILLAGE_CLINIC)),
)


@dataclass(frozen=True)
class Column:
    """One data element. `summed`: its figures add up to something (the standard itself adds them up)."""

    spec: ElementSpec
    group: str
    summed: bool

    @property
    def is_flag(self) -> bool:
        return self.spec.value_type == ValueType.BOOLEAN

    @property
    def centred(self) -> bool:
        return self.spec.value_type in (ValueType.BOOLEAN, ValueType.CHOICE)

    @property
    def heading(self) -> str:
        return f"{self.spec.name}（{self.spec.unit}）" if self.spec.unit else self.spec.name


@dataclass(frozen=True)
class Row:
    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class WideTable:
    """An institution a row. `bands`: (group of elements, how many columns). `totals` has a text for each column, empty
    where nothing adds up; `reported` how many institutions gave it."""

    number: str
    title: str
    bands: tuple[tuple[str, int], ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[str, ...]
    reported: tuple[str, ...]

    @property
    def widths(self) -> list[str]:
        """Of the columns, as percentages of the table that add up to FIGURES_WIDTH: what is longer gets more room."""
        lines = [*(row.cells for row in self.rows), self.totals, self.reported]
        longest = [max(LEAST_CHARACTERS, *map(len, texts)) for texts in zip(*lines, strict=True)]
        return [f"{FIGURES_WIDTH * length / sum(longest):.2f}%" for length in longest]

    @property
    def is_short(self) -> bool:
        """It fits a page and need not be cut."""
        return len(self.rows) <= MOST_ROWS_UNCUT


@dataclass(frozen=True)
class UprightTable:
    """A data element a row, the few institutions side by side. `lines`: (column, a text for each institution)."""

    number: str
    title: str
    names: tuple[str, ...]
    lines: tuple[tuple[Column, tuple[str, ...]], ...]


@dataclass(frozen=True)
class FigureTables:
    upright: tuple[UprightTable, ...]
    wide: tuple[WideTable, ...]


def figure_tables(register: Register, columns: Sequence[Column]) -> FigureTables:
    """Every group's figures, numbered through: 表1, 表2, 表3-1, 表3-2, …"""
    upright, wide = [], []
    groups = [(title, members, types) for title, types in GROUPS if (members := register.of_types(types))]
    for number, (title, members, types) in enumerate(groups, start=1):
        due = [column for column in columns if column.spec.reported_by & {str(each) for each in types}]
        if len(members) <= MOST_SIDE_BY_SIDE:
            upright.append(_upright_table(f"表{number}", title, due, members))
            continue
        for part, some in enumerate(_cut(due), start=1):
            wide.append(_wide_table(f"表{number}-{part}", title, some, members))
    return FigureTables(tuple(upright), tuple(wide))


def _upright_table(number: str, title: str, columns: Sequence[Column], members: Sequence[Member]) -> UprightTable:
    lines = tuple((column, tuple(cell(member, column.spec) for member in members)) for column in columns)
    return UprightTable(number, title, tuple(member.name for member in members), lines)


def _wide_table(number: str, title: str, columns: Sequence[Column], members: Sequence[Member]) -> WideTable:
    rows = tuple(Row(m.name, tuple(cell(m, column.spec) for column in columns)) for m in members)
    bands = tuple((group, len(list(of))) for group, of in groupby(columns, key=lambda column: column.group))
    known = [[v for m in members if (v := value(m, column.spec)) is not None] for column in columns]
    return WideTable(
        number,
        title,
        bands,
        tuple(columns),
        rows,
        tuple(_total(column, values) for column, values in zip(columns, known, strict=True)),
        tuple(f"{len(values):,}" for values in known),
    )


def value(member: Member, spec: ElementSpec) -> Fraction | int | bool | None:
    """Exact; None where it was not reported or is not the type's to report."""
    return known_values(member.figures, [spec.code], {spec.code: spec}).get(spec.code)


def cell(member: Member, spec: ElementSpec) -> str:
    if member.type not in spec.reported_by:
        return NOT_DUE
    known = value(member, spec)
    if known is None:
        return NOT_REPORTED
    if isinstance(known, bool):
        return "是" if known else "否"
    return spec.choices.get(int(known)) or figure(known) if spec.choices else figure(known)


def _total(column: Column, values: Sequence[Fraction | bool]) -> str:
    if not values:
        return ""
    if column.is_flag:
        return f"{sum(values):,} 是"
    return figure(sum(values, Fraction(0))) if column.summed else ""


def _cut(columns: Iterable[Column]) -> list[list[Column]]:
    """In pieces of at most MOST_COLUMNS, cut between groups of elements where that is possible."""
    pieces: list[list[Column]] = []
    for _, of in groupby(columns, key=lambda column: column.group):
        group = list(of)
        if pieces and len(pieces[-1]) + len(group) <= MOST_COLUMNS:
            pieces[-1] += group
        else:
            pieces += [group[i : i + MOST_COLUMNS] for i in range(0, len(group), MOST_COLUMNS)]
    return pieces

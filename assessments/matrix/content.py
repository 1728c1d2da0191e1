"""What there is to show of the matrix, as plain dataclasses: the page and the workbook are drawn from these alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessments.matrix import words
from assessments.matrix.demands import Demand, Row, rows_of
from assessments.matrix.measure import measure_of
from assessments.matrix.queries import Columns
from assessments.models import Campaign
from assessments.scoring.display import figure
from assessments.scoring.finish import evaluate
from assessments.words import STATUS, exact
from indicators.enums import Level
from indicators.formula import ALL, names, parse
from indicators.models import Criterion
from indicators.queries import target_in

NOT_MET = ("unmet", "undecided", "no_data")
NO_GROUP = "其他"


@dataclass(frozen=True)
class Ask:
    """One criterion in its cell. `status` and `value_text` are empty where the campaign has no result of the period.
    `later`: what it asks for in years to come."""

    number: str
    item: str
    code: str
    name: str
    scope: str
    words: str
    target: Fraction | None
    planned: bool
    level: str
    later: str
    mark: str
    status: str
    value: Fraction | None
    value_text: str

    @property
    def status_label(self) -> str:
        return STATUS.get(self.status, "")

    @property
    def mark_word(self) -> str:
        return words.MARKS.get(self.mark, "")

    @property
    def level_label(self) -> str:
        return Level(self.level).label

    @property
    def is_hard(self) -> bool:
        return self.level == Level.HARD


@dataclass(frozen=True)
class Column:
    """`summary` is None where the campaign has no result of the period. `version` is told where two columns are of one
    standard; only the later of them has pages (`has_pages`)."""

    campaign: Campaign
    version: str
    has_pages: bool
    summary: Mapping | None
    points: str
    points_in_all: str

    @property
    def title(self) -> str:
        title = self.campaign.standard.title
        return f"{title}（第 {self.version} 版）" if self.version else title


@dataclass(frozen=True)
class Line:
    """One figure. `cells`: for each column what it asks. `needs`: (of which institutions, what satisfies all)."""

    title: str
    formula: str
    cells: tuple[tuple[Ask, ...], ...]
    needs: tuple[tuple[str, str], ...]
    conflicts: tuple[str, ...]
    differs: bool
    group: str
    place: int

    @property
    def asks(self) -> list[Ask]:
        return [ask for cell in self.cells for ask in cell]

    @property
    def asked_by(self) -> int:
        return sum(bool(cell) for cell in self.cells)

    @property
    def not_met(self) -> bool:
        return any(ask.status in NOT_MET for ask in self.asks)

    def mentions(self, text: str) -> bool:
        said = [self.title, self.formula, *(word for ask in self.asks for word in (ask.name, ask.item, ask.scope))]
        return any(text in each for each in said) or any(text in (ask.number, ask.code) for ask in self.asks)


@dataclass(frozen=True)
class MatrixContent:
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def matrix_content(read: Columns) -> MatrixContent:
    return MatrixContent(tuple(_columns(read)), tuple(_Lines(read).sorted()))


def grouped(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """By the group of what is counted, in their order."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    return groups


def _columns(read: Columns) -> Iterable[Column]:
    last = {campaign.standard.code: campaign for campaign in read.campaigns}
    codes = [campaign.standard.code for campaign in read.campaigns]
    for campaign in read.campaigns:
        standard = campaign.standard
        result = read.results.get(campaign.standard_id)
        in_all = sum((Fraction(item["points"]) for item in result["items"]), Fraction(0)) if result else None
        yield Column(
            campaign,
            standard.version if codes.count(standard.code) > 1 else "",
            last[standard.code] == campaign,
            result and result["summary"],
            figure(exact(result["summary"]["points"])) if result else "",
            figure(in_all) if result else "",
        )


class _Lines:
    def __init__(self, read: Columns):
        self.read, self.year = read, read.period.first_day.year
        self.titles = {campaign.standard_id: campaign.standard.title for campaign in read.campaigns}
        self.results = {
            (standard, criterion["code"]): criterion
            for standard, result in read.results.items()
            for item in result["items"]
            for criterion in item["criteria"]
        }
        self.criteria = {(each.item.standard_id, each.code): each for each in read.criteria}

    def sorted(self) -> list[Line]:
        lines = [self.line(row) for row in rows_of(self.demand(each) for each in self.read.criteria)]
        # a group stands where its first figure stands in the dictionary
        begin: dict[str, int] = {}
        for group, place in self.read.places.values():
            begin[group] = min(begin.get(group, place), place)
        return sorted(lines, key=lambda line: (begin.get(line.group, len(self.read.places)), line.place, line.title))

    def demand(self, criterion: Criterion) -> Demand:
        """The target as the stored result has it, else as it is written."""
        scope = words.ALL_TYPES if ALL in criterion.scope else frozenset(criterion.scope)
        written = target_in(criterion, self.year)
        result = self.results.get((criterion.item.standard_id, criterion.code))
        target = exact(result["target"]) if result else _number(written)
        measure, levels = measure_of(criterion.expression, scope, self.read.reported)
        standard = criterion.item.standard_id
        binding = criterion.level != Level.INFO
        return Demand(standard, criterion.code, scope, measure, levels, criterion.comparator, target, written, binding)

    def line(self, row: Row) -> Line:
        of = {demand: self.criteria[demand.standard, demand.code] for demand in row.demands}
        first = of[row.demands[0]]
        elements = self.read.elements
        formula = words.formula_of(row, first.expression, elements)
        title = words.title_of(row, formula, [criterion.name for criterion in of.values()])
        unit = max((criterion.unit for criterion in of.values()), key=lambda unit: (unit == "%", unit))
        cells = {campaign.standard_id: [] for campaign in self.read.campaigns}
        for demand, criterion in of.items():
            cells[demand.standard].append(self.ask(row, demand, criterion))
        group, place = self.place(row, first.expression)
        named = {demand: (self.titles[demand.standard], criterion.unit) for demand, criterion in of.items()}
        return Line(
            title,
            formula if formula != title else "",
            tuple(tuple(cell) for cell in cells.values()),
            tuple(words.needs_words(row, unit, elements)),
            tuple(words.conflict_words(row, row.conflicts, named, elements)),
            row.differs,
            group,
            place,
        )

    def ask(self, row: Row, demand: Demand, criterion: Criterion) -> Ask:
        result = self.results.get((demand.standard, demand.code))
        value = exact(result["value"]) if result else None
        return Ask(
            number=criterion.item.number,
            item=criterion.item.title,
            code=criterion.code,
            name=criterion.name,
            scope=words.types_words(demand.scope),
            words=words.demand_words(row, demand, criterion.unit, self.read.elements),
            target=demand.target,
            planned=words.is_planned(demand.target_text),
            level=criterion.level,
            later=self.later(criterion),
            mark=row.marks.get(demand, ""),
            status=result["status"] if result else "",
            value=value,
            value_text=figure(value, criterion.unit, demand.target, criterion.comparator) if result else "",
        )

    def later(self, criterion: Criterion) -> str:
        """`2025 年起 ≥ 40%`."""
        steps = sorted((int(year), text) for year, text in criterion.targets.items() if int(year) > self.year)
        said = []
        for year, text in steps:
            target = _number(text)
            limit = "按规划目标" if target is None else words.limit_words(criterion.comparator, target, criterion.unit)
            said.append(f"{year} 年起 {limit}")
        return "，".join(said)

    def place(self, row: Row, expression: str) -> tuple[str, int]:
        """Of what the figure counts: of a condition the part that says most, not what only keeps out empty values."""
        if row.measure.tree is None:
            weighty = [atom for atom in row.measure.atoms if atom.up is None or atom.factor is not None]
            codes = [code for atom in weighty or row.measure.atoms for code in names(atom.limited)]
        else:
            codes = names(parse(expression))
        found = [self.read.places[code] for code in codes if code in self.read.places]
        return found[0] if found else (NO_GROUP, len(self.read.places))


def _number(text: str) -> Fraction | None:
    return None if words.is_planned(text) else evaluate(parse(text), {})

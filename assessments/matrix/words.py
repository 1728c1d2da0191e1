"""What the matrix says: figures, what plans ask of them, and what would satisfy all of them, in few words."""

from collections.abc import Collection, Iterable, Iterator

from assessments.matrix.demands import HIGHER, PARTLY, Demand, Need, Row
from assessments.matrix.measure import Atom, Level, Levels
from assessments.scoring.display import figure, plain
from assessments.words import COMPARATOR
from indicators.enums import InstitutionType
from indicators.formula import ALL, ElementSpec, describe, names, parse
from indicators.formula.tree import Name
from indicators.words import scope_words

Elements = dict[str, ElementSpec]

ALL_TYPES = frozenset(InstitutionType.values)
MARKS = {HIGHER: "要求更高", PARTLY: "部分要求更高"}
UNSET = "待设目标"
# stands where plans ask for different numbers
HOLE = "○"
_LONGEST_FORMULA = 40


def types_words(types: Collection[str]) -> str:
    """In the official order; `全部机构`."""
    if types >= ALL_TYPES:
        return scope_words([ALL])
    return scope_words([each for each in InstitutionType.values if each in types])


def formula_of(row: Row, expression: str, elements: Elements) -> str:
    """What the row measures; numbers that every plan asks for are in it, in the place of others is ○. `expression`: of
    one of its demands, since a formula without a condition is best read as somebody wrote it."""
    if row.measure.tree is not None:
        return describe(parse(expression), elements)
    common = row.common
    levels = {atom: common.get(atom, Level(None, False, HOLE)) for atom in _shown(row)}
    return describe(row.measure.with_levels(levels), elements)


def _shown(row: Row) -> list[Atom]:
    """The parts of the condition that every demand has, and those of which some ask for a number."""
    fullest = sorted(row.demands, key=lambda demand: -len(demand.levels))
    atoms = dict.fromkeys(atom for demand in fullest for atom in demand.levels)
    return [atom for atom in atoms if atom.up is not None or atom in row.common]


def title_of(row: Row, formula: str, own: Iterable[str]) -> str:
    """The formula itself, which belongs to no plan. Where all plans ask for the same, the shortest name that one gives
    it, if the formula is long or counts the county alone, of which there is but one."""
    alone = bool(row.measure.function) and all(demand.scope == {InstitutionType.COUNTY} for demand in row.demands)
    if HOLE in formula or not (alone or len(formula) > _LONGEST_FORMULA):
        return formula
    return min(own, key=lambda name: (len(name), name))


def demand_words(row: Row, demand: Demand, unit: str, elements: Elements) -> str:
    """`6 类 15 项，≥ 100%`: what differs within the row, then the target."""
    limit = UNSET if demand.target is None else limit_words(demand.comparator, demand.target, unit)
    return _joined(_own_parts(row, demand.levels, elements), limit)


def limit_words(comparator: str, target, unit: str) -> str:
    return f"{COMPARATOR[comparator]} {figure(target, unit)}"


def needs_words(row: Row, unit: str, elements: Elements) -> list[tuple[str, str]]:
    """(of which institutions, what satisfies all plans). Types of which all institutions have to meet the same stand
    together; a lower share has to be reached by each of them."""
    said: dict[tuple, set[str]] = {}
    for number, need in enumerate(row.needs):
        everybody = need.conditional and need.least is not None and need.least.value == 1 and need.most is None
        said.setdefault((need_words(row, need, unit, elements), 0 if everybody else number + 1), set()).update(
            need.types
        )
    return [(types_words(types), text) for (text, _), types in said.items()]


def need_words(row: Row, need: Need, unit: str, elements: Elements) -> str:
    """`6 类 15 项，≥ 100%`; where there is a least and a most, both; `≥ 100 人，另有一项待设目标`."""
    sides = ((">", need.least, need.least_levels), ("<", need.most, need.most_levels))
    said = [
        _joined(_own_parts(row, levels, elements), limit_words(sign if limit.strict else f"{sign}=", limit.value, unit))
        for sign, limit, levels in sides
        if limit is not None
    ]
    if _is_exact(need):
        said = [_joined(_own_parts(row, need.least_levels, elements), limit_words("==", need.least.value, unit))]
    if need.unset:
        said.append(f"另有一项{UNSET}" if said else UNSET)
    return "，".join(said)


def _is_exact(need: Need) -> bool:
    return bool(need.least and need.least == need.most and need.least_levels == need.most_levels)


def _joined(parts: str, limit: str) -> str:
    return f"{parts}，{limit}" if parts else limit


def _own_parts(row: Row, levels: Levels, elements: Elements) -> str:
    """The numbers that stand for ○ in the row's formula, then the parts that it does not have."""
    common, shown = row.common, _shown(row)
    numbers = [_number_words(atom, levels[atom], elements) for atom in shown if atom in levels and atom not in common]
    others = [describe(atom.at(level), elements) for atom, level in levels.items() if atom not in shown]
    return "，".join(part for part in (" ".join(numbers), *others) if part)


def _number_words(atom: Atom, level: Level, elements: Elements) -> str:
    """`10 项`, `二级甲等`, `○ 为 25%`."""
    limited = elements.get(atom.limited.code) if isinstance(atom.limited, Name) else None
    sign = "" if atom.up and not level.strict else f"{'>' if atom.up else '<' if level.strict else '≤'} "
    if limited and level.value in limited.choices:
        return f"{sign}{limited.choices[int(level.value)]}"
    if atom.factor is not None or "%" in level.text:
        return f"{HOLE} 为 {sign}{level.text}"  # a share alone would read like the limit behind it
    unit = f" {limited.unit}" if limited and limited.unit else ""
    return f"{sign}{plain(level.value)}{unit}"


def conflict_words(
    row: Row, pairs: Iterable[tuple[Demand, Demand]], named: dict[Demand, tuple[str, str]], elements: Elements
) -> Iterator[str]:
    """`named`: (standard, unit) of each demand."""
    for pair in pairs:
        said = [f"“{named[each][0]}”要求 {demand_words(row, each, named[each][1], elements)}" for each in pair]
        yield f"{'，'.join(said)}，不能同时达到。"


def is_planned(target: str) -> bool:
    """The county sets the target by a figure that it reports."""
    return bool(names(parse(target)))

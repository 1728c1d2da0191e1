"""What criteria of several standards ask of the same figure, and what would satisfy all of them. Pure.

    rows = rows_of(demands)

Comparisons are exact. Over institutions of several types an average (a share, a sum divided by a sum) lies between
what it is over each type: so a demand of centres and clinics is satisfied where each of the two satisfies it, and a row
can say by type what satisfies every plan. Other figures (a plain sum) are not taken apart.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from assessments.matrix.measure import Atom, Level, Levels, Measure, key

# what a demand is beside those of other standards
HIGHER, PARTLY = "higher", "partly"


@dataclass(frozen=True)
class Demand:
    """One criterion. `scope`: institution types, all of them spelled out. `target`: None while it is not set;
    `target_text` is its notation, by which targets that are not set are told apart. `binding`: it decides or warns,
    and is not only shown."""

    standard: Hashable
    code: str
    scope: frozenset[str]
    measure: Measure
    levels: Levels = field(hash=False, compare=False)
    comparator: str
    target: Fraction | None
    target_text: str = ""
    binding: bool = True

    @property
    def lower(self) -> bool:
        """It asks for at least something."""
        return self.comparator in (">=", ">", "==")

    @property
    def upper(self) -> bool:
        """It asks for at most something."""
        return self.comparator in ("<=", "<", "==")

    @property
    def limit(self) -> Level:
        """Only where the target is set."""
        return Level(self.target, self.comparator in (">", "<"))

    @property
    def asked(self) -> tuple:
        """Equal for demands that are word for word the same."""
        target = self.target_text if self.target is None else self.target
        return self.scope, frozenset(_asks(self.levels).items()), self.comparator, target


@dataclass(frozen=True)
class Need:
    """What satisfies all demands on these types of institutions that say how much: at least `least` with the parts
    `least_levels` of the condition, at most `most` with `most_levels`. `conditional`: it counts institutions that meet
    a condition. `unset`: demands without a target yet."""

    types: frozenset[str]
    conditional: bool
    least: Level | None
    least_levels: Levels = field(hash=False)
    most: Level | None
    most_levels: Levels = field(hash=False)
    unset: tuple[Demand, ...] = ()

    @property
    def impossible(self) -> bool:
        both = self.least is not None and self.most is not None
        return both and _exclude(self.least, self.least_levels, self.most, self.most_levels)

    @property
    def hollow(self) -> bool:
        """The conditions of which there may be at most so many have no part in common."""
        return self.conditional and self.most is not None and not self.most_levels


@dataclass(frozen=True)
class Row:
    """One figure: all that is asked of it. `conflicts`: pairs of demands that cannot both be satisfied. What is only
    shown asks for nothing, unless nobody asks for more."""

    measure: Measure
    demands: tuple[Demand, ...]
    needs: tuple[Need, ...]
    conflicts: tuple[tuple[Demand, Demand], ...]
    marks: dict[Demand, str] = field(hash=False)

    @property
    def standards(self) -> set[Hashable]:
        return {demand.standard for demand in self.demands}

    @property
    def differs(self) -> bool:
        """Two plans ask for it, and not for the same."""
        by_standard: dict[Hashable, set] = {}
        for demand in _asking(self.demands):
            by_standard.setdefault(demand.standard, set()).add(demand.asked)
        asked = list(by_standard.values())
        return any(each != asked[0] for each in asked[1:])

    @property
    def common(self) -> dict[Atom, Level | None]:
        """The parts of the condition that every demand has alike."""
        first, *rest = (demand.levels for demand in self.demands)
        return {
            atom: level
            for atom, level in first.items()
            if all(atom in each and atom.asks(each[atom]) == atom.asks(level) for each in rest)
        }


def rows_of(demands: Iterable[Demand]) -> list[Row]:
    """The figures that are asked for, in the order in which the first demand on each comes; what else a row says does
    not depend on the order of the demands."""
    return [_row(group) for group in _grouped(tuple(demands))]


def _row(demands: Sequence[Demand]) -> Row:
    asking = _asking(demands)
    marks = {demand: mark for demand in asking if (mark := _mark(demand, asking))}
    pairs = [(a, b) for a in asking for b in asking if a != b and _contradict(a, b)]
    conflicts = tuple(pair for number, pair in enumerate(pairs) if pair[::-1] not in pairs[:number])
    plainest = min(demands, key=lambda demand: (len(demand.measure.atoms), _text(demand.measure)))
    return Row(plainest.measure, tuple(demands), tuple(_needs(asking)), conflicts, marks)


def _asking(demands: Sequence[Demand]) -> Sequence[Demand]:
    return [each for each in demands if each.binding] or demands


# ---- which demands are of the same figure ---------------------------------------------------------------------------


def _grouped(demands: Sequence[Demand]) -> Iterable[list[Demand]]:
    """Those that measure the same, and with them those whose condition is theirs and more, of institutions of a type
    that both ask of. A condition that adds to two others belongs to neither of them."""
    groups: dict[tuple, list[Demand]] = {}
    for demand in demands:
        groups.setdefault(demand.measure.identity, []).append(demand)
    kernels = {}
    for name, group in groups.items():
        within = [each for each, other in groups.items() if _is_within(other, group)]
        plainest = [each for each in within if not any(_is_within(groups[other], groups[each]) for other in within)]
        kernels[name] = plainest[0] if len(plainest) == 1 else name
    found: dict[tuple, list[Demand]] = {}
    for demand in demands:
        found.setdefault(kernels[demand.measure.identity], []).append(demand)
    return found.values()


def _is_within(one: Sequence[Demand], other: Sequence[Demand]) -> bool:
    a, b = one[0].measure, other[0].measure
    if not a.function or a.function != b.function or not set(a.atoms) < set(b.atoms):
        return False
    return any(each.scope & again.scope for each in one for again in other)


# ---- which asks more -------------------------------------------------------------------------------------------------


def _mark(demand: Demand, demands: Sequence[Demand]) -> str:
    """HIGHER: more than another standard, and no other asks more; PARTLY: more in one thing and less in another."""
    others = [each for each in demands if each.standard != demand.standard]
    found = {signs for each in others if (signs := _signs(demand, each)) is not None}
    more, less = any(1 in signs for signs in found), any(-1 in signs for signs in found)
    if more and not less:
        return HIGHER
    return PARTLY if any({1, -1} <= signs for signs in found) else ""


def _signs(a: Demand, b: Demand) -> frozenset[int] | None:
    """1 where `a` asks more in something, -1 where less; None where they cannot be held against each other."""
    together = a.scope & b.scope if a.measure.averages and b.measure.averages else a.scope == b.scope
    if not together or "==" in (a.comparator, b.comparator) or a.lower != b.lower:
        return None
    if a.target is None or b.target is None:
        if a.target is not b.target or a.target_text != b.target_text:
            return None
        signs = set()
    else:
        signs = {_sign(_demanding(a), _demanding(b))}
    one, other = _asks(a.levels), _asks(b.levels)
    for atom in one.keys() | other.keys():
        sign = _sign(atom in one, atom in other) or _sign(one.get(atom), other.get(atom))
        signs.add(sign if a.lower else -sign)
    return frozenset(signs)


def _demanding(demand: Demand) -> tuple[Fraction, bool]:
    """A greater one asks more."""
    limit = demand.limit
    return (limit.value if demand.lower else -limit.value), limit.strict


def _asks(levels: Levels) -> dict[Atom, tuple[Fraction, bool]]:
    return {atom: atom.asks(level) for atom, level in levels.items()}


def _sign(a, b) -> int:
    return 0 if a == b else 1 if a > b else -1


# ---- what satisfies all ----------------------------------------------------------------------------------------------


def _contradict(a: Demand, b: Demand) -> bool:
    if not (a.lower and b.upper and a.scope == b.scope) or a.target is None or b.target is None:
        return False
    return _exclude(a.limit, a.levels, b.limit, b.levels)


def _exclude(least: Level, least_levels: Levels, most: Level, most_levels: Levels) -> bool:
    """Whoever has at least `least` of the one has more than `most` of the other."""
    one, other = _asks(least_levels), _asks(most_levels)
    if not all(atom in one and one[atom] >= asked for atom, asked in other.items()):
        return False
    return least.value > most.value or (least.value == most.value and (least.strict or most.strict))


def _needs(demands: Sequence[Demand]) -> list[Need]:
    apart = _by_type(demands) if all(demand.measure.averages for demand in demands) else _by_scope(demands)
    needs = [_need(types, group) for types, group in apart]
    if any(need.impossible or need.hollow for need in needs):
        # there is no one figure for all: what each asks stands by itself
        needs = [_need(demand.scope, [demand]) for demand in demands]
    return list(dict.fromkeys(needs))


def _by_type(demands: Sequence[Demand]) -> Iterator[tuple[frozenset[str], list[Demand]]]:
    """Types of which the same demands are made, together."""
    groups: dict[tuple[int, ...], set[str]] = {}
    for each in sorted(frozenset().union(*(demand.scope for demand in demands))):
        asking = tuple(number for number, demand in enumerate(demands) if each in demand.scope)
        groups.setdefault(asking, set()).add(each)
    for asking, types in groups.items():
        yield frozenset(types), [demands[number] for number in asking]


def _by_scope(demands: Sequence[Demand]) -> Iterator[tuple[frozenset[str], list[Demand]]]:
    for scope in dict.fromkeys(demand.scope for demand in demands):
        yield scope, [demand for demand in demands if demand.scope == scope]


def _need(types: frozenset[str], demands: Sequence[Demand]) -> Need:
    known = [demand for demand in demands if demand.target is not None]
    lower, upper = [each for each in known if each.lower], [each for each in known if each.upper]
    return Need(
        types,
        bool(demands[0].measure.function),
        least=max((each.limit for each in lower), key=lambda limit: (limit.value, limit.strict), default=None),
        least_levels=_highest(lower),
        most=min((each.limit for each in upper), key=lambda limit: (limit.value, not limit.strict), default=None),
        most_levels=_lowest(upper),
        unset=tuple(each for each in demands if each.target is None),
    )


def _highest(demands: Sequence[Demand]) -> Levels:
    """Every part that any demand has, with the number that asks most: fewer meet it than any of the conditions."""
    found: dict[Atom, Level | None] = {}
    for demand in demands:
        for atom, level in demand.levels.items():
            if atom not in found or atom.asks(level) > atom.asks(found[atom]):
                found[atom] = level
    return found


def _lowest(demands: Sequence[Demand]) -> Levels:
    """The parts that all demands have, with the number that asks least: more meet it than any of the conditions."""
    if not demands:
        return {}
    first, *rest = (demand.levels for demand in demands)
    return {
        atom: min((level, *(each[atom] for each in rest)), key=atom.asks)
        for atom, level in first.items()
        if all(atom in each for each in rest)
    }


def _text(measure: Measure) -> str:
    parts = [measure.tree] if measure.tree is not None else [atom.limited for atom in measure.atoms]
    return " ".join(sorted(key(part) for part in parts))

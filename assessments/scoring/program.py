"""A standard's criteria, compiled once to one Python function per institution type. Pure; stdlib only.

The function runs over the institutions of its type and gives their contribution to every criterion. It is source text
built from checked trees (indicators.formula.compiled), so it runs like a loop written by hand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

from assessments.scoring.contribution import Contribution, Contributions, Part, Sum, Tally, Values, merge
from assessments.scoring.source import TypeSource
from indicators.formula.checks import ALL, ElementSpec
from indicators.formula.compiled import GLOBALS
from indicators.formula.parser import parse
from indicators.formula.tree import Aggregate, Expr, aggregates, names


class Figures(NamedTuple):
    """One active institution: its code, its type, and its accepted values (empty where it has not reported)."""

    code: str
    type: str
    values: Mapping


@dataclass(frozen=True)
class CriterionSpec:
    """A criterion as data (criteria-linzi.csv). `scope`: institution types, or {"all"}."""

    code: str
    level: str
    scope: frozenset[str]
    expression: str
    comparator: str
    target: str

    @cached_property
    def tree(self) -> Expr:
        return parse(self.expression)

    @cached_property
    def target_tree(self) -> Expr:
        return parse(self.target)

    @cached_property
    def aggregates(self) -> tuple[Aggregate, ...]:
        return aggregates(self.tree)

    @cached_property
    def target_aggregates(self) -> tuple[Aggregate, ...]:
        return aggregates(self.target_tree)

    @cached_property
    def reads(self) -> frozenset[str]:
        """Codes of the elements in the expression."""
        return frozenset(names(self.tree))

    @cached_property
    def target_reads(self) -> frozenset[str]:
        """Codes of the elements in the target."""
        return frozenset(names(self.target_tree))

    @property
    def lone(self) -> Aggregate | None:
        """The expression itself where it is one aggregate and nothing else."""
        return self.tree if isinstance(self.tree, Aggregate) else None

    def covers(self, institution_type: str) -> bool:
        return ALL in self.scope or institution_type in self.scope


class Program:
    """The compiled criteria of one standard."""

    def __init__(self, criteria: Iterable[CriterionSpec], elements: Mapping[str, ElementSpec]):
        """`criteria` must have passed `formula.check_criterion` with these `elements`."""
        self.criteria = tuple(criteria)
        self.elements = elements
        self._functions: dict = {}
        self._nothing = tuple(
            Contribution(0, 0, 0, _empty(c.aggregates), _empty(c.target_aggregates)) for c in self.criteria
        )

    @cached_property
    def fingerprint(self) -> str:
        """Equal for programs that make the same of the same figures."""
        criteria = [(c.code, c.level, sorted(c.scope), c.expression, c.comparator, c.target) for c in self.criteria]
        read = sorted({code for c in self.criteria for code in c.reads | c.target_reads})
        elements = [(code, self.elements[code].value_type, sorted(self.elements[code].reported_by)) for code in read]
        return blake2b(repr((criteria, elements)).encode(), digest_size=16).hexdigest()

    def contribute(self, institutions: Iterable[Figures]) -> Contributions:
        """What these institutions give to each criterion, in the order of `criteria`."""
        rows_by_type: dict[str, list] = {}
        for code, institution_type, values in institutions:
            rows_by_type.setdefault(institution_type, []).append((code, values))
        return merge([self._function(t)(rows) for t, rows in rows_by_type.items()] or [self._nothing])

    def _function(self, institution_type: str):
        if institution_type not in self._functions:
            text = TypeSource(institution_type, self.criteria, self.elements).text()
            made: dict = {}
            exec(text, {**GLOBALS, **_NAMES, "nothing": self._nothing}, made)
            self._functions[institution_type] = made["contribute"]
        return self._functions[institution_type]


_NAMES = {"Contribution": Contribution, "Tally": Tally, "Sum": Sum, "Values": Values, "len": len, "tuple": tuple}
_EMPTY: dict[str, Part] = {
    "sum": Sum(),
    "mean": Sum(),
    "count": Tally(),
    "share": Tally(),
    "min": Values(),
    "max": Values(),
}


def _empty(parts: tuple[Aggregate, ...]) -> tuple[Part, ...]:
    return tuple(_EMPTY[part.function] for part in parts)

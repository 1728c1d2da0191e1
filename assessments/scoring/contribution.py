"""What institutions give to one criterion, in a form that merges. Pure; stdlib only.

Adding two contributions gives the contribution of both sets of institutions, in any order and grouping. So every level
is a merge of the one below it: institutions to town, town to county, county to prefecture. Taking away what some of the
institutions gave leaves what the others give, exactly: one institution's figures can change without the others being
read. The order of names and pairs means nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Tally:
    """Of a `share` or `count`: for how many institutions the condition is true, false, unknown."""

    true: int = 0
    false: int = 0
    unknown: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.true + other.true, self.false + other.false, self.unknown + other.unknown)

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(self.true - other.true, self.false - other.false, self.unknown - other.unknown)


@dataclass(frozen=True, slots=True)
class Sum:
    """Of a `sum` or `mean`: the exact total over the complete institutions, and how many gave a value."""

    total: int | Fraction = 0
    n: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.total + other.total, self.n + other.n)

    def __sub__(self, other: "Sum") -> "Sum":
        return Sum(self.total - other.total, self.n - other.n)


@dataclass(frozen=True, slots=True)
class Values:
    """Of a `min` or `max`: (value, institution code) of every complete institution."""

    pairs: tuple[tuple[int | Fraction, str], ...] = ()

    def __add__(self, other: "Values") -> "Values":
        return Values(self.pairs + other.pairs)

    def __sub__(self, other: "Values") -> "Values":
        gone = {code for _, code in other.pairs}
        return Values(tuple(pair for pair in self.pairs if pair[1] not in gone))


Part = Tally | Sum | Values


@dataclass(frozen=True, slots=True)
class Contribution:
    """Of some institutions to one criterion.

    `due`: those in scope whose type reports any element that the expression reads; `complete`: those of them for
    which every such element is known (scoring.md rules 5 and 6). `parts` and `target_parts` hold one entry for each
    aggregate of the expression and of the target. `failing` and `unknown` name institutions (the trace).
    """

    in_scope: int
    due: int
    complete: int
    parts: tuple[Part, ...]
    target_parts: tuple[Part, ...]
    failing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def __add__(self, other: "Contribution") -> "Contribution":
        return Contribution(
            self.in_scope + other.in_scope,
            self.due + other.due,
            self.complete + other.complete,
            tuple(a + b for a, b in zip(self.parts, other.parts, strict=True)),
            tuple(a + b for a, b in zip(self.target_parts, other.target_parts, strict=True)),
            self.failing + other.failing,
            self.unknown + other.unknown,
        )

    def __sub__(self, other: "Contribution") -> "Contribution":
        """Without the institutions of `other`, which must be among these."""
        return Contribution(
            self.in_scope - other.in_scope,
            self.due - other.due,
            self.complete - other.complete,
            tuple(a - b for a, b in zip(self.parts, other.parts, strict=True)),
            tuple(a - b for a, b in zip(self.target_parts, other.target_parts, strict=True)),
            tuple(code for code in self.failing if code not in other.failing),
            tuple(code for code in self.unknown if code not in other.unknown),
        )


Contributions = tuple[Contribution, ...]


def merge(all_contributions: Iterable[Contributions]) -> Contributions:
    """The contribution of everybody to each criterion; at least one set must be given."""
    sets = iter(all_contributions)
    total = list(next(sets))
    for contributions in sets:
        for i, contribution in enumerate(contributions):
            total[i] = total[i] + contribution
    return tuple(total)

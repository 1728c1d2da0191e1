"""How the institutions of a pooled criterion lie among themselves: each one's own ratio. Pure; stdlib only."""

from collections.abc import Iterable
from fractions import Fraction

from assessments.scoring.gaps import known_values
from assessments.scoring.program import Figures
from assessments.scoring.shortfall import as_ratio
from indicators.formula.checks import ALL, Elements
from indicators.formula.linear import Linear, linear
from indicators.formula.tree import Aggregate, Expr, names


def own_values(
    tree: Expr, scope: Iterable[str], institutions: Iterable[Figures], elements: Elements
) -> list[tuple[str, Fraction]]:
    """(code, own value) of the complete institutions in scope, largest first.

    For `sum(a) / sum(b)`, the institution's own a / b (one without any b has none); for a lone `min`, `max` or `mean`,
    its own figure. Other forms, and ratios whose two sides come from different institutions, give an empty list.
    """
    sides = _sides(tree)
    if sides is None:
        return []
    above, below, factor = sides
    codes = names(tree)
    found = []
    for figures in institutions:
        if figures.type not in scope and ALL not in scope:
            continue
        values = known_values(figures, codes, elements)
        if len(values) < len(codes):
            continue
        divisor = below.of(values) if below else Fraction(1)
        if divisor > 0:
            found.append((figures.code, above.of(values) / divisor * factor))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def missing_elements(tree: Expr, institution: Figures, elements: Elements) -> list[str]:
    """Codes of what the formula reads, the institution's type reports, and this one has left empty."""
    given = institution.values
    return [c for c in names(tree) if institution.type in elements[c].reported_by and given.get(c) is None]


def _sides(tree: Expr) -> tuple[Linear, Linear | None, Fraction] | None:
    if isinstance(tree, Aggregate) and tree.function in ("min", "max", "mean"):
        form = linear(tree.operand)
        return (form, None, Fraction(1)) if form else None
    ratio = as_ratio(tree)
    if ratio is None:
        return None
    above, below = linear(ratio.part.operand), linear(ratio.whole.operand)
    return (above, below, ratio.factor) if above and below else None

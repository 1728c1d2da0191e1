"""How an exact figure is shown (scoring.md rule 7): 2 decimals, and never rounded across its target. Pure."""

from fractions import Fraction
from math import ceil, floor

from assessments.scoring.finish import COMPARE

PLACES = 2


def rounded(value: Fraction, target: Fraction | None = None, comparator: str = ">=") -> Fraction:
    """`value` to 2 decimals, half up; where that would change whether it meets the target, to the other side."""
    scaled = value * 10**PLACES
    nearest = Fraction(floor(scaled + Fraction(1, 2)), 10**PLACES)
    if target is None:
        return nearest
    holds = COMPARE[comparator]
    if holds(nearest, target) == holds(value, target):
        return nearest
    other = floor(scaled) if nearest > value else ceil(scaled)
    return Fraction(other, 10**PLACES)


def figure(value: Fraction | None, unit: str = "", target: Fraction | None = None, comparator: str = ">=") -> str:
    """`34.99%`, `1,234`, `0.62 人`; an unknown value is `—`. With unit % a share such as 7/20 is shown as 35%."""
    if value is None:
        return "—"
    if unit == "%":
        value, target = value * 100, None if target is None else target * 100
    text = plain(rounded(value, target, comparator))
    if unit == "%":
        return f"{text}%"
    return f"{text} {unit}" if unit else text


def plain(value: Fraction) -> str:
    """An exact decimal of at most 2 places, with thousands separators and without trailing zeros unless needed."""
    sign = "−" if value < 0 else ""
    hundredths = abs(value) * 10**PLACES
    whole, rest = divmod(int(hundredths), 10**PLACES)
    return f"{sign}{whole:,}.{rest:0{PLACES}d}" if rest else f"{sign}{whole:,}"

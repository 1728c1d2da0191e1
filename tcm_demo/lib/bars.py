"""Where the parts of a small bar lie. Widths are for the eye, text such as "92.31%"; no figure is taken from them."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tcm_demo.lib.lights import Light

# A part that exists is seen, however small it is beside the others.
SMALLEST_PART = Fraction(1, 150)


@dataclass(frozen=True)
class Part:
    light: Light
    number: int
    x: str
    width: str


@dataclass(frozen=True)
class Meter:
    value: str
    target: str | None
    high: str | None


def percent(part: int | Fraction, whole: int | Fraction) -> str:
    """percent(12, 13) -> "92.31%"; nothing of nothing is 0%."""
    share = Fraction(part) / Fraction(whole) if whole else Fraction(0)
    return f"{float(min(max(share, 0), 1)) * 100:.2f}%"


def stack(counts: list[tuple[Light, int]]) -> list[Part]:
    """The parts side by side, as wide as their numbers; a part of none has no width but stays in the key."""
    total = sum(number for _, number in counts)
    widths = [max(Fraction(number, total), SMALLEST_PART) if number else Fraction(0) for _, number in counts]
    whole = sum(widths) or Fraction(1)
    parts, x = [], Fraction(0)
    for (light, number), width in zip(counts, widths, strict=True):
        parts.append(Part(light, number, percent(x, whole), percent(width, whole)))
        x += width
    return parts


def meter(value, target=None, high=None) -> Meter:
    """A value beside its target on a scale that ends a tenth beyond the larger; shares (0 to 1) always end at 1."""
    figures = [None if figure is None else exact(figure) for figure in (value, target, high)]
    known = [figure for figure in figures if figure is not None]
    top = max(known, default=Fraction(0))
    end = Fraction(1) if top <= 1 else top * Fraction(11, 10)
    value_at, target_at, high_at = (None if figure is None else percent(figure, end) for figure in figures)
    return Meter(value_at or "0%", target_at, high_at)


def exact(figure: int | Fraction | Decimal | str) -> Fraction:
    """Text is read as the engine writes it: "12/13" or "600.5"."""
    return Fraction(figure)

"""Who stands before whom, and how that differs from the month before. Plain functions over plain values."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import NamedTuple

RULE = "名次先比达标条目数，再比自评得分，再比已报比例；三项都相同的名次并列。未开展和没有数据的不排名。"


class Score(NamedTuple):
    """What counties are ranked by, in this order, the highest first."""

    met: int
    points: Fraction
    coverage: Fraction


def ranks(scores: Mapping[Hashable, Score]) -> dict[Hashable, int]:
    """Rank of each, from 1; equals share one, and the next after two at 1 is at 3."""
    falling = sorted(scores.values(), reverse=True)
    return {key: falling.index(score) + 1 for key, score in scores.items()}


def change_words(now: int, before: int | None) -> str:
    """`+2 条`, `−1 条`, 持平; — where it is not known what was before."""
    if before is None:
        return "—"
    if now == before:
        return "持平"
    return f"{'+' if now > before else '−'}{abs(now - before)} 条"

"""Whether a page's content puts the graphics state back, so that something can be drawn after it. Pure.

Content that leaves q open, or closes more than it opened, would move or scale whatever comes behind.
"""

import re
from dataclasses import dataclass

# strings, comments and pictures in the content may hold anything; what follows them counts
_OPERATORS = re.compile(
    rb"%[^\r\n]*"
    rb"|\((?:\\.|[^\\()]|\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\))*\)"
    rb"|(?<![^\s\])>])ID\s.*?\sEI(?![^\s])"
    rb"|(?<![^\s\[\]()<>{}])(q|Q|BT|ET)(?![^\s\[\]()<>{}/%])",
    re.DOTALL,
)


@dataclass(frozen=True)
class Balance:
    """How many states must be saved before the content, and put back after it."""

    before: int
    after: int


def balance(content: bytes) -> Balance | None:
    """What brings the state back to what it was; None where the content ends within a text object."""
    depth = lowest = texts = 0
    for found in _OPERATORS.finditer(content):
        operator = found[1]
        if operator == b"q":
            depth += 1
        elif operator == b"Q":
            depth -= 1
            lowest = min(lowest, depth)
        elif operator:
            texts += 1 if operator == b"BT" else -1
    if texts:
        return None
    before = 1 - lowest
    return Balance(before, depth + before)

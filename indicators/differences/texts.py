"""Two texts and the words in which they differ. Plain functions."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# figures and latin words are one each, like every other character
_TOKEN = re.compile(r"[0-9][0-9.,]*%?|[A-Za-z_]+|\s+|.", re.DOTALL)
_CLAUSE = re.compile(r"[^，。；：、\n]*[，。；：、\n]?")
# So many pairs of words are held against each other at most; of longer texts clauses, of yet longer ones nothing: what
# lies between their common beginning and end differs as a whole.
_MOST = 90_000
# so little between two changes belongs to them
_SLIVER = 2

# (whether it differs, tokens of the one text, of the other)
Stretch = tuple[bool, list[str], list[str]]


@dataclass(frozen=True)
class Run:
    """A stretch of one of the texts. `changed`: the other one does not have it."""

    text: str
    changed: bool


def marked(old: str, new: str) -> tuple[list[Run], list[Run]]:
    """Both texts in runs."""
    begin, one, other, end = _apart(old, new, _TOKEN)
    if len(one) * len(other) > _MOST:
        begin, one, other, end = _apart(old, new, _CLAUSE)
    inner = [(True, one, other)] if len(one) * len(other) > _MOST else _compared(one, other)
    runs: tuple[list[Run], list[Run]] = ([], [])
    for changed, *sides in _joined([(False, begin, begin), *inner, (False, end, end)]):
        for side, tokens in zip(runs, sides, strict=True):
            if tokens:
                side.append(Run("".join(tokens), changed))
    return runs


def _apart(old: str, new: str, split: re.Pattern) -> tuple[list[str], list[str], list[str], list[str]]:
    """What both begin with, what lies between in the one and in the other, what both end with."""
    one, other = ([token for token in split.findall(text) if token] for text in (old, new))
    start = _alike(one, other)
    rest = one[start:], other[start:]
    end = _alike(rest[0][::-1], rest[1][::-1])
    inner = (tokens[: len(tokens) - end] for tokens in rest)
    return one[:start], *inner, one[len(one) - end :]


def _alike(one: list[str], other: list[str]) -> int:
    """How many tokens both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _compared(one: list[str], other: list[str]) -> list[Stretch]:
    codes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return [(kind != "equal", one[a:b], other[c:d]) for kind, a, b, c, d in codes]


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Changes that a sliver alone keeps apart are one."""
    found: list[Stretch] = []
    for number, (differs, one, other) in enumerate(stretches):
        inner = 0 < number < len(stretches) - 1
        changed = differs or (inner and len("".join(one)) <= _SLIVER)
        if found and found[-1][0] == changed:
            found[-1] = (changed, found[-1][1] + one, found[-1][2] + other)
        else:
            found.append((changed, one, other))
    return found

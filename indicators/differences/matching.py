"""Which parts of two standards are the same part. Plain functions over plain values."""

from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from indicators.contents import ItemContent, StandardContent

T = TypeVar("T")
# (old, new); None where there is none
Pair = tuple[T | None, T | None]
Key = Callable[[T], Hashable]

# titles that are so much alike are of the same item
_ALIKE = 0.5


def paired(
    old: Sequence[T], new: Sequence[T], keys: Sequence[Key], fits: Callable[[T, T], bool] = lambda one, other: True
) -> list[Pair]:
    """What is equal, then among the rest what is the same by the first key, by the second, and so on. An empty key, one
    that two have in common, and parts that do not fit pair nothing. In the order of `new`; what is gone stands behind
    what it stood behind."""
    partner = _equals(old, new)
    for key in keys:
        here, there = _singles(old, key, partner.keys()), _singles(new, key, partner.values())
        pairs = [(here[value], there[value]) for value in here.keys() & there.keys()]
        partner |= {one: other for one, other in pairs if fits(old[one], new[other])}
    met = set(partner.values())
    places = [((other, 0, 0), (old[one], new[other])) for one, other in partner.items()]
    places += [((other, 0, 0), (None, part)) for other, part in enumerate(new) if other not in met]
    behind = -1
    for one, part in enumerate(old):
        if one in partner:
            behind = partner[one]
        else:
            places.append(((behind, 1, one), (part, None)))
    return [pair for _, pair in sorted(places, key=lambda each: each[0])]


def _equals(old: Sequence[T], new: Sequence[T]) -> dict[int, int]:
    """Also of twins, such as two seats of one office: one with one."""
    partner: dict[int, int] = {}
    for other, part in enumerate(new):
        one = next((place for place, each in enumerate(old) if each == part and place not in partner), None)
        if one is not None:
            partner[one] = other
    return partner


def _singles(parts: Sequence[T], key: Key, taken) -> dict[Hashable, int]:
    """The parts that are still alone, by a key that no other of them has."""
    taken, found = set(taken), {}
    for place, part in enumerate(parts):
        if place not in taken and (value := key(part)):
            found.setdefault(value, []).append(place)
    return {value: places[0] for value, places in found.items() if len(places) == 1}


def paired_items(old: StandardContent, new: StandardContent) -> list[Pair[ItemContent]]:
    """By number, unless another number has the title or the text. Versions of one standard keep their numbers, since
    what is handed in hangs on them; between two standards a number means nothing where nothing else is alike."""
    keys = [
        lambda item: (item.number, item.title),
        lambda item: (item.number, item.requirement),
        lambda item: (item.title, item.requirement),
        lambda item: item.title,
        lambda item: item.requirement,
        lambda item: item.wording,
        lambda item: item.number,
    ]
    if old.code == new.code:
        return paired(old.items, new.items, keys)
    return paired(old.items, new.items, keys, fits=_are_alike)


def _are_alike(one: ItemContent, other: ItemContent) -> bool:
    if one.title == other.title or one.requirement == other.requirement:
        return True
    formulas = [{(c.expression, *sorted(c.scope)) for c in item.criteria} for item in (one, other)]
    return bool(formulas[0] & formulas[1]) or SequenceMatcher(None, one.title, other.title, False).ratio() >= _ALIKE

"""Whom a comment calls: `@张三` or `@zhangsan`, wherever it stands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assessments.work.queries import Colleague

_AT = re.compile(r"(?<![A-Za-z0-9._%+-])[@＠]")
# what was meant as a name, where nobody is called so
_WORD = re.compile(r"[\w.-]{1,8}")
_LATIN = re.compile(r"[A-Za-z0-9_]")


@dataclass(frozen=True)
class Mentions:
    """`people`: who is called, each once, in order; `unknown`: what stands behind an @ and is nobody's name."""

    people: tuple[Colleague, ...]
    unknown: tuple[str, ...]


def mentioned_in(text: str, people: Iterable[Colleague]) -> Mentions:
    """The longest name that fits counts: `@张三丰` is not 张三. Where several have one name, all of them are called."""
    called: dict[str, list[Colleague]] = {}
    for person in people:
        for name in {person.name, person.account}:
            called.setdefault(name.casefold(), []).append(person)
    longest_first = sorted(called, key=len, reverse=True)
    found: dict[Colleague, None] = {}
    unknown: dict[str, None] = {}
    for at in _AT.finditer(text):
        rest = text[at.end() :]
        name = next((name for name in longest_first if _begins_with(rest, name)), None)
        if name is not None:
            found |= dict.fromkeys(called[name])
        elif word := _WORD.match(rest):
            unknown[word.group()] = None
    return Mentions(tuple(found), tuple(unknown))


def _begins_with(rest: str, name: str) -> bool:
    if not rest.casefold().startswith(name):
        return False
    follows = rest[len(name) : len(name) + 1]
    return not (_LATIN.match(name[-1]) and _LATIN.match(follows))

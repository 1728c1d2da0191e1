"""The parts of a standard that one page changes, and how to tell whether somebody else has changed one meanwhile.

Two people may work on different parts of one draft at the same time.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass, replace
from hashlib import sha256

from indicators.contents import ItemContent, StandardContent

Part = Callable[[StandardContent], object]


def fingerprint(part: object) -> str:
    """Equal for equal parts: a form sends it back with what was made of them."""
    text = json.dumps(_plain(part), ensure_ascii=False, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()[:16]


def head(content: StandardContent) -> list:
    return [
        content.title,
        content.source_document,
        content.source_number,
        content.source_date,
        content.deadline,
    ]


def outline(content: StandardContent) -> list:
    """Which items stand in which sections, in which order."""
    return [[each.number, each.name, [item.number for item in each.items]] for each in content.sections]


def departments(content: StandardContent) -> list:
    return content.departments


def phases(content: StandardContent) -> list:
    return content.phases


def leading_group(content: StandardContent) -> list:
    return content.leading_group


def arrangements(content: StandardContent) -> list:
    return content.arrangements


def points(content: StandardContent) -> list:
    return [[item.number, item.points] for item in content.items]


def item(number: str) -> Part:
    """The item of this number but its criteria, which have a page of their own; None where it is gone."""

    def part(content: StandardContent):
        found = find(content, number)
        return found and [found[0], replace(found[1], criteria=[])]

    return part


def find(content: StandardContent, number: str) -> tuple[int, ItemContent] | None:
    """(number of the section, the item of this number)"""
    for section in content.sections:
        for each in section.items:
            if each.number == number:
                return section.number, each
    return None


def _plain(value):
    if is_dataclass(value):
        return asdict(value)
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value

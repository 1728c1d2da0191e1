"""Changes of a standard as plain functions: a content goes in, the changed content comes out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from assessments.drafting.parts import find
from indicators.contents import EvidenceContent, ItemContent, SectionContent, StandardContent
from indicators.drafts import with_items
from indicators.models import Criterion, EvidenceRequirement
from indicators.services import Refused

_CODE = EvidenceRequirement._meta.get_field("code").max_length
# 24-1, 24.1
_CODE_OF_ITEM = re.compile(r"(?P<number>.+)(?P<sign>[-.])(?P<place>[0-9]{1,4})")
_CRITERION_CODE = Criterion._meta.get_field("code").max_length


@dataclass(frozen=True)
class SectionGiven:
    """`was`: the number of the section that it changes; None is a new one."""

    was: int | None
    name: str


def save_sections(
    content: StandardContent, given: Iterable[SectionGiven], *, with_their_items: bool
) -> StandardContent:
    """These, in this order, are the sections from now on. Raises Refused where one that has items would go, unless
    `with_their_items`."""
    stored = {section.number: section for section in content.sections}
    sections = []
    for number, each in enumerate(given, 1):
        kept = stored.pop(each.was, None)
        sections.append(SectionContent(number, each.name, kept.items if kept else []))
    full = [section for section in stored.values() if section.items]
    if full and not with_their_items:
        raise StillFull(full)
    return replace(content, sections=sections)


class StillFull(Refused):
    """Sections that are to be removed still have items."""

    def __init__(self, sections: list[SectionContent]):
        named = "、".join(f"“{section.name}”有 {len(section.items)} 条" for section in sections)
        super().__init__(f"没有保存：要删去的部分里还有条目（{named}）。请先移走，或在下面勾选“连同条目一起删去”。")


def save_item(content: StandardContent, number: str, item: ItemContent, section: int) -> StandardContent:
    """The item of this number becomes `item`, in its place; last in the section where that is another one. Its
    criteria stay as they are stored."""
    found = find(content, number)
    if found is None:
        raise Refused(f"条目 {number} 已被删去或改了编号。")
    at, stored = found
    item = replace(item, criteria=stored.criteria)
    if item.number != number:
        item = renumbered(replace(item, number=number), item.number)
    if at == section:
        return with_items(content, lambda each: item if each.number == number else each)
    return add_item(remove_item(content, number), item, section)


def add_item(content: StandardContent, item: ItemContent, section: int) -> StandardContent:
    """Last in the section."""
    if section not in {each.number for each in content.sections}:
        raise Refused("选的部分已被删去，请另选一个。")
    sections = [
        replace(each, items=[*each.items, item]) if each.number == section else each for each in content.sections
    ]
    return replace(content, sections=sections)


def remove_item(content: StandardContent, number: str) -> StandardContent:
    return with_items(content, lambda each: None if each.number == number else each)


def move_item(content: StandardContent, number: str, by: int) -> StandardContent:
    """One place up (`by` -1) or down (1); from the end of its section on to the next one."""
    sections = [list(section.items) for section in content.sections]
    for at, items in enumerate(sections):
        place = next((n for n, each in enumerate(items) if each.number == number), None)
        if place is None:
            continue
        item, target = items.pop(place), place + by
        if 0 <= target <= len(items):
            items.insert(target, item)
        elif 0 <= at + by < len(sections):
            beside = sections[at + by]
            beside.insert(len(beside) if by < 0 else 0, item)
        else:
            items.insert(place, item)
        break
    return replace(
        content, sections=[replace(s, items=items) for s, items in zip(content.sections, sections, strict=True)]
    )


def renumbered(item: ItemContent, number: str) -> ItemContent:
    """The item under another number, with the codes that are made of the number."""
    evidence = [replace(each, code=_recoded(each.code, item.number, number, _CODE)) for each in item.evidence]
    criteria = [replace(each, code=_recoded(each.code, item.number, number, _CRITERION_CODE)) for each in item.criteria]
    return replace(item, number=number, evidence=evidence, criteria=criteria)


def _recoded(code: str, old: str, new: str, longest: int) -> str:
    """`24-1` of item 24 is `25-1` of item 25, `02-1` of item 2 `03-1` of item 3; a code that is made of something else
    stays."""
    made_of = _CODE_OF_ITEM.fullmatch(code)
    if made_of is None or not _same_number(made_of["number"], old):
        return code
    changed = f"{_padded(new, len(made_of['number']))}{made_of['sign']}{made_of['place']}"
    return changed if len(changed) <= longest else code


def _same_number(written: str, number: str) -> bool:
    return written == number or (written.isdecimal() and number.isdecimal() and int(written) == int(number))


def _padded(number: str, width: int) -> str:
    return number.zfill(width) if number.isdecimal() else number


def renumber_all(content: StandardContent) -> StandardContent:
    """1, 2, 3 … in the order of the standard."""
    numbers = {item.number: str(n) for n, item in enumerate(content.items, 1)}
    return with_items(content, lambda item: renumbered(item, numbers[item.number]))


def next_number(content: StandardContent) -> str:
    """A number for a new item: one after the highest."""
    return str(1 + max((int(each.number) for each in content.items if each.number.isdecimal()), default=0))


def with_codes(evidence: Iterable[EvidenceContent], number: str, taken: Iterable[str]) -> list[EvidenceContent]:
    """Requirements of an item, those without a code with the next one that the standard has not used: `24-3`."""
    used, coded = set(taken), []
    own = [found for code in used if (found := _CODE_OF_ITEM.fullmatch(code)) and found["sign"] == "-"]
    width = max((len(each["number"]) for each in own if each["number"].startswith("0")), default=1)
    own = [each["place"] for each in own if _same_number(each["number"], number)]
    at, places = max(map(int, own), default=0), max(map(len, own), default=1)
    for each in evidence:
        while not each.code:
            at += 1
            place = f"{at:0{places}}"
            code = f"{_padded(number, width)[: _CODE - 1 - len(place)]}-{place}"
            each = each if code in used else replace(each, code=code)
        used.add(each.code)
        coded.append(each)
    return coded


def evidence_codes(content: StandardContent) -> set[str]:
    return {each.code for item in content.items for each in item.evidence}


def save_points(content: StandardContent, points: Mapping[str, Decimal | None]) -> StandardContent:
    """By the items' numbers; None is an equal share of 100."""
    return with_items(content, lambda item: replace(item, points=points.get(item.number, item.points)))

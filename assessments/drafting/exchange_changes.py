"""What a file would change in a draft, thing by thing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from indicators.contents import ItemContent, StandardContent
from indicators.models import Item, Standard

_HEAD = ("title", "source_document", "source_number", "source_date", "deadline")
_LISTS = {
    "departments": "责任部门",
    "phases": "工作阶段",
    "leading_group": "领导小组",
    "arrangements": "工作机制",
}
_ITEM = {"lead": "牵头部门", "cooperating": "配合部门", "evidence": "佐证要求", "criteria": "指标"}


@dataclass(frozen=True)
class Change:
    """`kind`: new, changed or gone. `what`: which thing; `words`: what of it."""

    kind: str
    what: str
    words: str = ""


def changes_between(before: StandardContent, after: StandardContent) -> list[Change]:
    return [*_of_standard(before, after), *_of_items(before, after)]


def _of_standard(before: StandardContent, after: StandardContent) -> Iterator[Change]:
    names = [Standard._meta.get_field(name).verbose_name for name in _HEAD if _differ(name, before, after)]
    if names:
        yield Change("changed", "名称和依据", "、".join(names))
    for name, what in _LISTS.items():
        if _differ(name, before, after):
            yield Change("changed", what, _counts(getattr(before, name), getattr(after, name)))
    stay = {item.number for item in before.items} & {item.number for item in after.items}
    sections = [
        [(each.number, each.name, {item.number for item in each.items} & stay) for each in content.sections]
        for content in (before, after)
    ]
    if sections[0] != sections[1]:
        yield Change("changed", "部分", _counts(*sections))


def _of_items(before: StandardContent, after: StandardContent) -> Iterator[Change]:
    old, new = ({item.number: item for item in content.items} for content in (before, after))
    for number, item in new.items():
        if number not in old:
            yield Change("new", f"条目 {number}", item.title)
        elif words := _of_item(old[number], item):
            yield Change("changed", f"条目 {number}", words)
    for number in old:
        if number not in new:
            yield Change("gone", f"条目 {number}", old[number].title)
    if [*old] != [*new] and {*old} == {*new}:
        yield Change("changed", "条目的顺序")


def _of_item(old: ItemContent, new: ItemContent) -> str:
    return "、".join(_label(each.name) for each in fields(ItemContent) if _differ(each.name, old, new))


def _label(name: str) -> str:
    return _ITEM.get(name) or str(Item._meta.get_field(name).verbose_name)


def _differ(name: str, one, other) -> bool:
    return getattr(one, name) != getattr(other, name)


def _counts(before: list, after: list) -> str:
    return f"{len(before)} 项 → {len(after)} 项" if len(before) != len(after) else "内容有改动"


def counted(changes: Iterable[Change]) -> dict[str, int]:
    """By kind."""
    kinds = [change.kind for change in changes]
    return {kind: kinds.count(kind) for kind in ("new", "changed", "gone")}

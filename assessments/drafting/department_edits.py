"""Changes of a standard's departments, which its items and evidence name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from indicators.contents import DepartmentContent, ItemContent, StandardContent
from indicators.drafts import with_items
from indicators.services import Refused

# so many of the items that name a department are told
_NAMED = 6


@dataclass(frozen=True)
class DepartmentGiven:
    """`was`: the name of the department that it changes; "" is a new one."""

    was: str
    name: str
    aliases: list[str]
    members: list[str]
    duties: list[str]


@dataclass(frozen=True)
class Uses:
    """Numbers of the items that a department leads and cooperates in; `evidence`: codes of what it is asked for."""

    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    evidence: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.lead or self.cooperating or self.evidence)

    @property
    def words(self) -> str:
        """`牵头 3 条、配合 5 条、佐证 2 项`; "" where it is not used."""
        counts = ((self.lead, "牵头", "条"), (self.cooperating, "配合", "条"), (self.evidence, "佐证", "项"))
        return "、".join(f"{word} {len(places)} {unit}" for places, word, unit in counts if places)

    @property
    def places(self) -> str:
        """`条目 1、2、3 等 8 条`"""
        items = list(dict.fromkeys((*self.lead, *self.cooperating)))
        if not items:
            return f"佐证 {'、'.join(self.evidence[:_NAMED])}"
        more = f" 等 {len(items)} 条" if len(items) > _NAMED else ""
        return f"条目 {'、'.join(items[:_NAMED])}{more}"


def uses_of(content: StandardContent) -> dict[str, Uses]:
    """By the department's name."""
    return {each.name: _uses(content.items, each.name) for each in content.departments}


def _uses(items: Sequence[ItemContent], name: str) -> Uses:
    return Uses(
        tuple(item.number for item in items if name in item.lead),
        tuple(item.number for item in items if name in item.cooperating),
        tuple(each.code for item in items for each in item.evidence if name in each.departments),
    )


def save_departments(content: StandardContent, given: Iterable[DepartmentGiven]) -> StandardContent:
    """These, in this order, are the departments from now on; who has a new name has it everywhere. Raises Refused where
    one that goes is still named somewhere."""
    given = list(given)
    names = {each.was: each.name for each in given if each.was}
    _refuse_named(content, {each.name for each in content.departments} - names.keys())
    departments = [
        DepartmentContent(each.name, each.aliases, _called(each.members, names), each.duties) for each in given
    ]
    return with_items(replace(content, departments=departments), lambda item: _with_names(item, names))


def _with_names(item: ItemContent, names: Mapping[str, str]) -> ItemContent:
    evidence = [replace(each, departments=_called(each.departments, names)) for each in item.evidence]
    lead, cooperating = _called(item.lead, names), _called(item.cooperating, names)
    return replace(item, lead=lead, cooperating=cooperating, evidence=evidence)


def _called(written: Iterable[str], names: Mapping[str, str]) -> list[str]:
    return [names.get(name, name) for name in written]


def _refuse_named(content: StandardContent, going: set[str]) -> None:
    uses = uses_of(content)
    kept = [f"“{name}”（{uses[name].places}）" for name in uses if name in going and uses[name]]
    if kept:
        raise Refused(f"没有保存：要删去的部门还有条目在用：{'；'.join(kept)}。请先在这些条目里换成别的部门。")

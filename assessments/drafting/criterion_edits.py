"""Changes of a standard's criteria: a content goes in, the changed content comes out."""

from dataclasses import replace

from assessments.drafting.parts import Part, find
from indicators.contents import CriterionContent, StandardContent
from indicators.drafts import with_items
from indicators.models import Criterion
from indicators.services import Refused

_CODE = Criterion._meta.get_field("code").max_length
# so many of one item
_MOST = 40


def criterion_of(content: StandardContent, number: str, code: str) -> CriterionContent | None:
    found = find(content, number)
    return found and next((each for each in found[1].criteria if each.code == code), None)


def criterion_part(number: str, code: str = "") -> Part:
    """What the page of a criterion changes; of a new one (no code): that there is the item."""

    def part(content: StandardContent):
        return criterion_of(content, number, code) if code else bool(find(content, number))

    return part


def next_code(content: StandardContent, number: str) -> str:
    """`24.3`: the item's number and the next running one, as no criterion of the standard is called."""
    taken, n = {criterion.code for item in content.items for criterion in item.criteria}, 1
    while (code := f"{number[: _CODE - 1 - len(str(n))]}.{n}") in taken:
        n += 1
    return code


def put_criterion(content: StandardContent, number: str, criterion: CriterionContent) -> StandardContent:
    """In the place of the item's criterion of this code, else the last one; one without a code gets a new one."""
    found = find(content, number)
    if found is None:
        raise Refused(f"条目 {number} 已被删去或改了编号，请回到标准页面重新打开。")
    criteria = list(found[1].criteria)
    if criterion.code in {each.code for each in criteria}:
        criteria = [criterion if each.code == criterion.code else each for each in criteria]
    elif len(criteria) >= _MOST:
        raise Refused(f"一个条目最多 {_MOST} 个指标。")
    else:
        criteria.append(replace(criterion, code=criterion.code or next_code(content, number)))
    return _with_criteria(content, number, criteria)


def remove_criterion(content: StandardContent, number: str, code: str) -> StandardContent:
    found = find(content, number)
    criteria = [each for each in found[1].criteria if each.code != code] if found else []
    return _with_criteria(content, number, criteria)


def _with_criteria(content: StandardContent, number: str, criteria: list[CriterionContent]) -> StandardContent:
    return with_items(content, lambda item: replace(item, criteria=criteria) if item.number == number else item)

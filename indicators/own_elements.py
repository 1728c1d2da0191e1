"""A county's own data elements and the checks on them: made, changed, taken away. Nobody else gets to see them."""

import re
from collections.abc import Iterable
from dataclasses import asdict, replace

from django.db import transaction
from django.db.models import Max

from indicators import hooks
from indicators.contents import CheckContent, ElementContent
from indicators.dictionary_file import OWN_PREFIX
from indicators.draft_checks import criterion_faults
from indicators.formula import ElementSpec, check_condition, names, parse
from indicators.models import Element, ElementCheck, Standard
from indicators.own_element_rules import refuse_unsound, spec_of_content
from indicators.queries import content_of, elements_of, specs_of, standards_for, used_elements
from indicators.services import ElementInUse, Refused
from tcm_demo.audit.services import record

GONE = "这个数据元不在了，可能刚被别人删去。请刷新页面。"
CHECK_GONE = "这项检查不在了，可能刚被别人删去。请刷新页面。"


@transaction.atomic
def add_element(given: ElementContent, *, owner: str, by) -> Element:
    """A new element of the county whose code `owner` is; its code is given here. Raises Refused."""
    known = _known(owner)
    refuse_unsound(given, known)
    position = max((element.position for element in known if element.owner), default=0) + 1
    content = replace(given, code=_free_code(owner))
    element = Element.objects.create(**asdict(content), owner=owner, position=position)
    record("add_own_element", element, by=by, place=owner, after=asdict(content))
    return element


@transaction.atomic
def change_element(element: Element, given: ElementContent, *, by) -> Element:
    """Its code stays. Raises Refused; ElementInUse where a standard computes from it, or reports hold it, and it would
    mean something else."""
    known = _known(element.owner)
    stored = _own(element, known)
    given = replace(given, code=stored.code)
    refuse_unsound(given, [each for each in known if each.code != stored.code])
    before = content_of_element(stored)
    if given == before:
        return stored
    _refuse_other_meaning(stored, given)
    using = _standards_using(stored)
    _refuse_broken(stored, given)
    for name, value in asdict(given).items():
        setattr(stored, name, value)
    stored.save()
    record("change_own_element", stored, by=by, place=stored.owner, before=asdict(before), after=asdict(given))
    if set(before.reported_by) != set(given.reported_by):
        # who reports an element decides which institutions count as complete (scoring.md rules 2, 5 and 6)
        for standard in using:
            hooks.standard_changed(standard=standard)
    return stored


@transaction.atomic
def remove_element(element: Element, *, by) -> None:
    """Take it away for good. Raises Refused; ElementInUse where anything still needs it."""
    stored = _own(element, _known(element.owner))
    if reasons := reasons_to_keep(stored):
        raise ElementInUse(f"“{stored.name}”不能删去：{'；'.join(reasons)}。")
    record("remove_own_element", stored, by=by, place=stored.owner, before=asdict(content_of_element(stored)))
    hooks.element_removed(element=stored)
    stored.delete()


@transaction.atomic
def add_check(given: CheckContent, *, owner: str, by) -> ElementCheck:
    """A check on the figures of the county's institutions. Raises Refused."""
    _known(owner)
    _refuse_unfit(given, owner)
    position = (ElementCheck.objects.filter(owner=owner).aggregate(last=Max("position"))["last"] or 0) + 1
    check = ElementCheck.objects.create(**asdict(given), owner=owner, position=position)
    record("add_own_check", check, by=by, place=owner, after=asdict(given))
    return check


@transaction.atomic
def change_check(check: ElementCheck, given: CheckContent, *, by) -> ElementCheck:
    """Raises Refused."""
    stored = _own_check(check)
    _refuse_unfit(given, stored.owner, but=stored)
    before = content_of_check(stored)
    if given == before:
        return stored
    for name, value in asdict(given).items():
        setattr(stored, name, value)
    stored.save()
    record("change_own_check", stored, by=by, place=stored.owner, before=asdict(before), after=asdict(given))
    return stored


@transaction.atomic
def remove_check(check: ElementCheck, *, by) -> None:
    """Raises Refused."""
    stored = _own_check(check)
    record("remove_own_check", stored, by=by, place=stored.owner, before=asdict(content_of_check(stored)))
    stored.delete()


def content_of_element(element: Element) -> ElementContent:
    return ElementContent(**{name: getattr(element, name) for name in ElementContent.__dataclass_fields__})


def content_of_check(check: ElementCheck) -> CheckContent:
    return CheckContent(**{name: getattr(check, name) for name in CheckContent.__dataclass_fields__})


def reasons_to_keep(element: Element) -> list[str]:
    """Why it cannot be taken away; empty where it can. Four queries."""
    reasons = [f"“{standard}”的指标用到它" for standard in _standards_using(element)[:3]]
    checks = ElementCheck.objects.filter(owner=element.owner)
    reasons += [f"检查“{check.message}”用到它" for check in checks if element.code in names(parse(check.expression))][
        :3
    ]
    uses = hooks.uses_of_element(element=element)
    if uses.reports:
        reasons.append(f"{uses.reports} 份填报里有它的数")
    if uses.rounds:
        reasons.append(f"{'、'.join(uses.rounds[:3])}的填报任务点名要填它")
    return reasons


def _standards_using(element: Element) -> list[Standard]:
    """Of its county. What another county's draft calls by its code is a fault of that draft alone."""
    return [each for each in used_elements().get(element.code, []) if each.owner == element.owner]


def _known(owner: str) -> list[Element]:
    """The shared elements and the county's own, locked: one writer at a time. Read once more then, since what the
    writer before has added does not come with the rows that were waited for."""
    list(elements_of(owner).select_for_update().values_list("pk"))
    return list(elements_of(owner))


def _own(element: Element, known: Iterable[Element]) -> Element:
    stored = next((each for each in known if each.code == element.code and each.owner), None)
    if stored is None:
        raise Refused(GONE)
    return stored


def _own_check(check: ElementCheck) -> ElementCheck:
    stored = ElementCheck.objects.select_for_update().filter(pk=check.pk).exclude(owner="").first()
    if stored is None:
        raise Refused(CHECK_GONE)
    return stored


def _free_code(owner: str) -> str:
    """own_<county>_<n>; two counties' codes may come to the same letters."""
    place, n = re.sub("[^a-z0-9]+", "_", owner.lower()), 1
    beginning = f"{OWN_PREFIX}{place}_"
    taken = set(Element.objects.filter(code__startswith=beginning).values_list("code", flat=True))
    while (code := f"{beginning}{n}") in taken:
        n += 1
    return code


def _refuse_other_meaning(stored: Element, given: ElementContent) -> None:
    """Figures that stand somewhere must go on meaning what they meant."""
    gone = [label for number, label in stored.choices.items() if given.choices.get(number) != label]
    if given.value_type == stored.value_type and not gone:
        return
    change = "类型不能改" if given.value_type != stored.value_type else f"选项“{gone[0]}”不能改、不能删"
    standards = _standards_using(stored)
    reports = hooks.uses_of_element(element=stored).reports
    if standards or reports:
        why = f"“{standards[0]}”的指标用到它" if standards else f"{reports} 份填报里有它的数"
        raise ElementInUse(f"“{stored.name}”的{change}：{why}。请另设一个数据元。")


def _refuse_broken(stored: Element, given: ElementContent) -> None:
    """What is computed and checked must still make sense: a published standard never changes, not by its elements."""
    specs: dict[str, ElementSpec] = specs_of(stored.owner)
    specs[stored.code] = spec_of_content(given)
    for check in ElementCheck.objects.filter(owner=stored.owner):
        if check_condition(check.expression, specs):
            raise ElementInUse(f"检查“{check.message}”用到“{stored.name}”，改后不成立。请先改这项检查。")
    for standard in standards_for([stored.owner]):
        for item, sentence in _faults_in(standard, specs, stored.code):
            raise ElementInUse(f"已发布的“{standard}”第 {item} 条用到“{stored.name}”，改后无法计算：{sentence}")


def _faults_in(standard: Standard, specs: dict[str, ElementSpec], code: str) -> Iterable[tuple[str, str]]:
    for item in content_of(standard).items:
        for criterion in item.criteria:
            texts = (criterion.expression, criterion.target, *criterion.targets.values())
            if any(code in names(parse(text)) for text in texts):
                yield from ((item.number, sentence) for sentence in criterion_faults(criterion, specs))


def _refuse_unfit(given: CheckContent, owner: str, but: ElementCheck | None = None) -> None:
    for value, name in ((given.expression, "规则"), (given.message, "说明")):
        limit = ElementCheck._meta.get_field("expression" if name == "规则" else "message").max_length
        if not value.strip():
            raise Refused(f"请填写检查的{name}。")
        if len(value) > limit:
            raise Refused(f"检查的{name}最多 {limit} 个字符。")
    specs = specs_of(owner)
    if faults := check_condition(given.expression, specs):
        raise Refused(f"检查的规则有误：{faults[0].message}")
    twins = ElementCheck.objects.filter(owner__in=("", owner), expression=given.expression)
    if twins.exclude(pk=but and but.pk).exists():
        raise Refused("这项检查已经有了，不必再设。")
    codes = names(parse(given.expression))
    if not codes:
        raise Refused("检查的规则里没有数据元，请写明核对哪些数，如 【中医诊疗人次】 ≤ 【总诊疗人次】。")
    kinds = set.intersection(*(set(specs[code].reported_by) for code in codes))
    if not kinds:
        raise Refused("没有一类机构同时填报规则里的这些数据元，这项检查用不上。")
    if given.types and not kinds & set(given.types):
        raise Refused("所选的机构类型不填报规则里的数据元，请重新选择。")

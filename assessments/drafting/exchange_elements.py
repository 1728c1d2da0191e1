"""The own data elements that a standard's file brings along: which the county has already, which it lacks."""

import re
from dataclasses import dataclass, field, replace

from indicators.contents import CheckContent, CriterionContent, ElementContent, StandardContent
from indicators.drafts import with_items
from indicators.exchange.queries import codes_in
from indicators.exchange.reading import ReadFile
from indicators.formula import names, parse
from indicators.own_elements import add_check, add_element
from indicators.queries import checks_of, elements_of
from institutions.models import County
from tcm_demo.lib.text import plain

_WORD = re.compile(r"[a-z][a-z0-9_]*")


@dataclass
class ElementPlan:
    """`known`: code in the file -> code that the county has for the same; `new`: will be added with the standard.

    `lacking`: codes that formulas read and of which nobody says what they are. `clashes`: sentences that say why the
    file's elements cannot come in.
    """

    known: dict[str, str] = field(default_factory=dict)
    new: list[ElementContent] = field(default_factory=list)
    checks: list[CheckContent] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)


def plan_elements(read: ReadFile, county: County) -> ElementPlan:
    """One query. What no formula of the standard reads is left where it is."""
    have = list(elements_of(county.code))
    codes, by_name = {each.code for each in have}, {plain(each.name): each for each in have}
    used, plan = codes_in(read.content), ElementPlan()
    for element in read.elements:
        same = by_name.get(plain(element.name))
        if same is None and element.code in used:
            plan.new.append(element)
        elif same is not None and same.value_type == element.value_type:
            plan.known[element.code] = same.code
        elif same is not None:
            plan.clashes.append(f"数据元“{element.name}”在本县已有，类型却不同。请在文件里改名，或改用另一个数据元。")
    brought = {element.code for element in read.elements}
    plan.lacking = sorted(used - codes - brought)
    plan.checks = [each for each in read.checks if _is_about(each, {element.code for element in plan.new}, brought)]
    return plan


def _is_about(check: CheckContent, new: set[str], brought: set[str]) -> bool:
    """A check on what is added; one on what is there already was made or taken away by the county itself."""
    read = set(names(parse(check.expression)))
    return bool(read & new) and not (read & brought) - new


def add_elements(plan: ElementPlan, content: StandardContent, county: County, *, by) -> StandardContent:
    """Add what the county lacks, in the caller's transaction; the standard with the county's own codes for it.
    Raises Refused."""
    codes = dict(plan.known)
    for element in plan.new:
        codes[element.code] = add_element(element, owner=county.code, by=by).code
    have = set(checks_of(county.code).values_list("expression", flat=True))
    for check in plan.checks:
        recoded = replace(check, expression=_recoded(check.expression, codes))
        if recoded.expression not in have:
            add_check(recoded, owner=county.code, by=by)
    if all(old == new for old, new in codes.items()):
        return content
    return with_items(content, lambda item: replace(item, criteria=[_criterion(each, codes) for each in item.criteria]))


def _criterion(criterion: CriterionContent, codes: dict[str, str]) -> CriterionContent:
    return replace(
        criterion,
        expression=_recoded(criterion.expression, codes),
        target=_recoded(criterion.target, codes),
        targets={year: _recoded(target, codes) for year, target in criterion.targets.items()},
    )


def _recoded(formula: str, codes: dict[str, str]) -> str:
    return _WORD.sub(lambda word: codes.get(word[0], word[0]), formula)

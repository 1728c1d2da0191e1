"""What a figure counts for: element by element, the criteria of the county's standards that are computed from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from indicators.formula import names, parse
from indicators.formula.checks import ALL
from indicators.models import Criterion, Standard


@dataclass(frozen=True)
class Use:
    """One criterion. `standard`: its title where the county works towards several, else ""."""

    standard: str
    item: str
    item_title: str
    code: str
    name: str


def uses_of(standards: Iterable[Standard], institution_type: str) -> dict[str, list[Use]]:
    """Element code -> the criteria that an institution of this type counts in by that element, in the standards' order.
    One query."""
    titles = {standard.pk: standard.title for standard in standards}
    criteria = Criterion.objects.filter(item__standard__in=titles).select_related("item")
    found: dict[str, list[Use]] = {}
    for criterion in criteria.order_by("item__standard_id", "item__position", "position"):
        if institution_type not in criterion.scope and ALL not in criterion.scope:
            continue
        item = criterion.item
        title = titles[item.standard_id] if len(titles) > 1 else ""
        use = Use(title, item.number, item.title, criterion.code, criterion.name)
        for code in _elements_of(criterion.expression, criterion.target, *criterion.targets.values()):
            found.setdefault(code, []).append(use)
    return found


@lru_cache(maxsize=1024)
def _elements_of(*formulas: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for formula in formulas for code in names(parse(formula))))

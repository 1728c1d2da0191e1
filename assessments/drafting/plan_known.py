"""The criteria that a plan's figures can be put to: those of the published standards that somebody may read."""

from collections.abc import Collection

from indicators.enums import StandardState
from indicators.models import Criterion
from indicators.plans.fitting import KnownCriterion, elements_in
from indicators.queries import elements_of, standards_for


def known_to(owners: Collection[str], county: str) -> list[KnownCriterion]:
    """Each formula once, of the elements that the county may use. Two queries."""
    elements = {each.code: each for each in elements_of(county)}
    rows = Criterion.objects.filter(
        item__standard__in=standards_for(owners), item__standard__state=StandardState.PUBLISHED
    )
    known: dict[tuple, KnownCriterion] = {}
    for row in rows.order_by("-item__standard__loaded_at", "item__position", "position"):
        used = elements_in(row.expression)
        if not used or not elements.keys() >= {*used, *elements_in(row.target)}:
            continue
        known.setdefault(
            (row.name, row.expression, tuple(row.scope), row.target),
            KnownCriterion(
                name=row.name,
                level=row.level,
                scope=row.scope,
                expression=row.expression,
                comparator=row.comparator,
                target=row.target,
                unit=row.unit,
                element_names={code: [elements[code].name, *elements[code].aliases] for code in used},
                element_units={code: elements[code].unit for code in used},
            ),
        )
    return list(known.values())

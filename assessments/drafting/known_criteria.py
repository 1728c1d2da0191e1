"""Criteria of the standards that somebody may read, to be taken over into a draft."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, When

from indicators.formula import ElementSpec, FormulaError
from indicators.models import Criterion
from indicators.queries import standards_to_read
from indicators.words import formula_words, scope_words, target_words

LISTED = 20
_ORDER = ("item__standard__title", "-item__standard__loaded_at", "item__position", "position")
# of what is searched for, so many words count
_WORDS = 5


@dataclass(frozen=True)
class Known:
    row: Criterion
    scope: str
    formula: str
    target: str


def known_criteria(owners: Iterable[str]) -> QuerySet[Criterion]:
    found = Criterion.objects.filter(item__standard__in=standards_to_read(set(owners)))
    return found.select_related("item__standard").order_by(*_ORDER)


def search(owners: Iterable[str], words: str, elements: Mapping[str, ElementSpec]) -> list[Known]:
    """The first criteria in whose name, note or item all of the words stand, those in whose name first. One query; none
    without words."""
    wanted, in_name = Q(), Q()
    for word in words.split()[:_WORDS]:
        in_name &= Q(name__icontains=word)
        wanted &= Q(name__icontains=word) | Q(note__icontains=word) | Q(item__title__icontains=word)
    if not wanted:
        return []
    rows = known_criteria(owners).filter(wanted).order_by(Case(When(in_name, then=0), default=1), *_ORDER)
    known = {}
    for row in rows[: LISTED * 5]:
        # versions of one standard ask the same
        same = (row.name, row.expression, row.comparator, row.target, tuple(row.scope))
        if same not in known and len(known) < LISTED and (found := _known(row, elements)):
            known[same] = found
    return list(known.values())


def _known(row: Criterion, elements: Mapping[str, ElementSpec]) -> Known | None:
    """None where it cannot be read, or is about elements that the county has not: there is nothing to take over."""
    try:
        formula = formula_words(row.expression, elements)
        target = target_words(row.comparator, row.target, row.unit, elements)
    except (FormulaError, KeyError):
        return None
    return Known(row, scope_words(row.scope), formula, target)

"""Gives pieces of evidence their numbers in binders; they are written nowhere else, and by the county office alone."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from assessments.binders.numbers import Candidate, next_numbers, shown
from assessments.models import BinderNumber, Campaign
from assessments.standing_services import lock
from indicators.models import Item
from institutions.access import may_write
from tcm_demo.audit.services import record


@transaction.atomic
def number_pieces(campaign: Campaign, wanted: Mapping[Item, Sequence[Candidate]], *, by) -> dict[tuple[int, int], int]:
    """Numbers of all pieces that were ever in a binder of these items, by (item, piece); those that come to print for
    the first time get theirs now where `by` may write in the county, and stay without where anybody else looks at them.
    Three queries where nobody is new, whatever the number of items."""
    if by is None or not may_write(by, campaign.county):
        return _given(campaign, wanted)
    lock(campaign.county)
    given = _given(campaign, wanted)
    now, new = timezone.now(), []
    for item, candidates in wanted.items():
        own = {piece: number for (pk, piece), number in given.items() if pk == item.pk}
        new += [
            BinderNumber(campaign=campaign, item=item, piece_id=piece, number=number, given_at=now)
            for piece, number in next_numbers(candidates, own).items()
        ]
    if new:
        BinderNumber.objects.bulk_create(new)
        numbers = [shown(row.item.number, row.number) for row in new]
        record("number_evidence", campaign, by=by, place=campaign.county.code, after={"binder_numbers": numbers})
    return given | {(row.item_id, row.piece_id): row.number for row in new}


def _given(campaign: Campaign, items: Iterable[Item]) -> dict[tuple[int, int], int]:
    rows = BinderNumber.objects.filter(campaign=campaign, item__in=list(items))
    return {(item, piece): number for item, piece, number in rows.values_list("item", "piece", "number")}

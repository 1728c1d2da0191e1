"""What happened about an item, noted down in the transaction of the deed itself. Steps are never changed."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone

from assessments.enums import ItemStepKind
from assessments.models import Campaign, ItemStep, Piece
from indicators.models import Item
from tcm_demo.audit.services import SYSTEM


def happened(
    campaign: Campaign,
    item: Item,
    kind: ItemStepKind,
    *,
    by,
    period: str = "",
    text: str = "",
    piece: Piece | None = None,
    mentioned: Sequence[str] = (),
) -> ItemStep:
    """Note one step, in the caller's transaction.

    `text`: what was written, or what the deed came to in words; `mentioned`: the names of whom a comment calls;
    `by`: a user, None for the command line.
    """
    step = _step(
        by, campaign=campaign, item=item, kind=kind, period=period, text=text, piece=piece, mentioned=mentioned
    )
    step.save(force_insert=True)
    return step


def happened_many(entries: Iterable[Mapping], *, by) -> list[ItemStep]:
    """Note several steps in one statement: each of `entries` has `campaign`, `item` and `kind`, and what it needs of
    `period`, `text`, `piece` and `mentioned`, as `happened` takes them."""
    return ItemStep.objects.bulk_create([_step(by, **entry) for entry in entries])


def _step(by, *, mentioned: Sequence[str] = (), **facts) -> ItemStep:
    return ItemStep(**facts, mentioned=list(mentioned), by=by, by_name=str(by) if by else SYSTEM, at=timezone.now())

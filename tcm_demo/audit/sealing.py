"""Puts events into the chain, after the transaction that recorded them.

Events are recorded unchained: a long import must not keep everybody else from writing, as it would if it held the end
of the chain until it commits. Each leaves a row in `Waiting`, in the same transaction. Once that is committed, a short
transaction of its own, which holds the chain's head and nothing else, seals whatever is waiting, in the order in which
it finds it; so two writers cannot wait for each other. What a process that was killed in between left waiting is taken
up by the next sealing.
"""

from django.db import connection, transaction

from tcm_demo.audit import kept_head
from tcm_demo.audit.chain import START, content_digest, link_digest
from tcm_demo.audit.kept_head import Mark
from tcm_demo.audit.models import Event, Head, Seal, Waiting

# what a seal covers
COLUMNS = [field.attname for field in Event._meta.concrete_fields]
_BATCH = 500
_ONLY = 1  # key of the one row of Head


def seal_after_commit() -> None:
    """Have what the present transaction records sealed when it is committed. To be called within it."""
    if not any(function is seal_waiting for _, function, _ in connection.run_on_commit):
        # robust: the write stands whatever happens now, and the event waits for the next sealing
        transaction.on_commit(seal_waiting, robust=True)


def seal_waiting() -> None:
    """Seal all events that wait for it, some at a time."""
    last = 0 if Waiting.objects.exists() else None
    while last is not None:
        head, last = _seal_some(last)
        kept_head.keep(head)


@transaction.atomic(durable=True)
def _seal_some(after: int) -> tuple[Mark, int | None]:
    """Of those with a key beyond `after`; returns the head of the chain, and after which key there may be more.

    An event that was removed before it was sealed stays among the waiting, for verification to report.
    """
    head = _locked_head()
    waiting = list(Waiting.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_BATCH])
    number, digest, seals = head.number, head.digest, []
    for event in Event.objects.filter(pk__in=waiting).order_by("pk").values(*COLUMNS):
        number += 1
        content = content_digest(event)
        digest = link_digest(digest, number, event["id"], content)
        seals.append(Seal(number=number, event=event["id"], content=content, digest=digest))
    if seals:
        Seal.objects.bulk_create(seals)
        Waiting.objects.filter(pk__in=[seal.event for seal in seals]).delete()
        head.number, head.digest = number, digest
        head.save()
    return Mark(number, digest), waiting[-1] if len(waiting) == _BATCH else None


def _locked_head() -> Head:
    heads = Head.objects.select_for_update()
    head = heads.filter(pk=_ONLY).first()
    if head is None:
        last = Seal.objects.order_by("-number").first()
        start = {"number": last.number, "digest": last.digest} if last else {"number": 0, "digest": START}
        Head.objects.get_or_create(pk=_ONLY, defaults=start)
        head = heads.get(pk=_ONLY)
    return head

"""The one door to the audit trail."""

from collections.abc import Iterable, Mapping

from django.db import models, transaction

from tcm_demo.audit.models import Event, Waiting
from tcm_demo.audit.origin import Origin, origin
from tcm_demo.audit.sealing import seal_after_commit

SYSTEM = "系统（命令行）"


def record(
    action: str,
    subject: models.Model | str,
    *,
    by=None,
    place: str = "",
    before: dict | None = None,
    after: dict | None = None,
) -> Event:
    """Add one event, in the caller's transaction; sealed when that is committed (sealing.py).

    `subject`: what it is about; a text where there is no row, as for the name that a stranger typed.
    `by`: a user, None for the command line, or a text that says who is no user.
    Where the request came from, and its number, come from `origin`.
    """
    event = _event(origin(), by, action=action, subject=subject, place=place, before=before, after=after)
    # Not a savepoint: a write without its event must not stand.
    with transaction.atomic(savepoint=False):
        event.save(force_insert=True)
        Waiting(event=event.pk).save(force_insert=True)
        seal_after_commit()
    return event


def record_many(entries: Iterable[Mapping], *, by=None) -> list[Event]:
    """Add many events in two statements: each of `entries` has `action` and `subject`, and what it needs of `place`,
    `before` and `after`, as `record` takes them."""
    here = origin()
    with transaction.atomic(savepoint=False):
        events = Event.objects.bulk_create([_event(here, by, **entry) for entry in entries])
        Waiting.objects.bulk_create([Waiting(event=event.pk) for event in events])
        seal_after_commit()
    return events


def _event(
    here: Origin,
    by,
    *,
    action: str,
    subject: models.Model | str,
    place: str = "",
    before: dict | None = None,
    after: dict | None = None,
) -> Event:
    is_row = isinstance(subject, models.Model)
    is_user = isinstance(by, models.Model)
    return Event(
        actor=by if is_user else None,
        actor_name=str(by) if by else SYSTEM,
        action=action,
        place=place,
        subject_type=subject._meta.label if is_row else "",
        subject_id=str(subject.pk or "") if is_row else "",
        subject_name=str(subject)[:200],
        before=before,
        after=after,
        address=here.address,
        request_id=here.request_id,
        command=here.command,
    )

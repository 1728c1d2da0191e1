"""The one door to the audit trail."""

from django.db import models

from tcm_demo.audit.models import Event

SYSTEM = "系统（命令行）"


def record(
    action: str,
    subject: models.Model,
    *,
    by=None,
    place: str = "",
    before: dict | None = None,
    after: dict | None = None,
) -> Event:
    """Add one event, in the caller's transaction. `by` is a user, or None for the command line."""
    return Event.objects.create(
        actor=by,
        actor_name=str(by) if by else SYSTEM,
        action=action,
        place=place,
        subject_type=subject._meta.label,
        subject_id=str(subject.pk or ""),
        subject_name=str(subject)[:200],
        before=before,
        after=after,
    )

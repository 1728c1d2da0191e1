"""The one door to the audit trail."""

from django.db import models

from tcm_demo.audit.models import Event

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
    """Add one event, in the caller's transaction.

    `subject`: what it is about; a text where there is no row, as for the name that a stranger typed.
    `by`: a user, None for the command line, or a text that says who is no user.
    """
    is_row = isinstance(subject, models.Model)
    is_user = isinstance(by, models.Model)
    return Event.objects.create(
        actor=by if is_user else None,
        actor_name=str(by) if by else SYSTEM,
        action=action,
        place=place,
        subject_type=subject._meta.label if is_row else "",
        subject_id=str(subject.pk or "") if is_row else "",
        subject_name=str(subject)[:200],
        before=before,
        after=after,
    )

"""Telling people something, and noting what they have read.

What is told is on the audit trail with the deed that it tells about, so nothing is recorded here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tcm_demo.accounts.models import User
from tcm_demo.notices.mail import Mailing, deliver, has_mail_server
from tcm_demo.notices.models import Notice

SYSTEM = "系统"
_LONGEST = Notice._meta.get_field("sentence").max_length


@dataclass(frozen=True)
class Note:
    """One sentence for one person; `url`: a page of this program; `subject`: a key for `mark_settled`."""

    user: User
    sentence: str
    url: str = ""
    subject: str = ""


def notify(users: Iterable[User], sentence: str, url: str = "", *, by, mail_subject: str = "") -> Mailing:
    """Tell these people one and the same."""
    return send_notes([Note(user, sentence, url) for user in users], by=by, mail_subject=mail_subject)


@transaction.atomic
def send_notes(notes: Sequence[Note], *, by, mail_subject: str = "") -> Mailing:
    """Tell each person their own sentence, in the program and, with `mail_subject`, by e-mail after the commit.

    `by`: a user, None for the command line. One statement, however many.
    """
    now, name = timezone.now(), str(by) if by else SYSTEM
    Notice.objects.bulk_create(
        Notice(
            user=note.user,
            sentence=_shortened(note.sentence),
            url=note.url,
            subject=note.subject,
            by_name=name,
            at=now,
        )
        for note in notes
    )
    mailing = Mailing(has_server=has_mail_server())
    if mail_subject and mailing.has_server:
        letters = [(note.user.email, mail_subject, note.sentence) for note in notes if note.user.email]
        mailing.without = len(notes) - len(letters)
        if letters:
            transaction.on_commit(lambda: deliver(letters, mailing), robust=True)
    return mailing


@transaction.atomic
def mark_read(user: User, pk: int | None = None) -> int:
    """One notice, or all, of this person's; how many were unread until now."""
    notices = Notice.objects.filter(user=user, read_at__isnull=True)
    return (notices if pk is None else notices.filter(pk=pk)).update(read_at=timezone.now())


def unread_subjects(prefix: str) -> set[str]:
    """The subjects of everybody's unread notices that begin so. One query."""
    unread = Notice.objects.filter(read_at__isnull=True, subject__startswith=prefix)
    return set(unread.order_by().values_list("subject", flat=True).distinct())


def mark_settled(subjects: Iterable[str]) -> int:
    """What these notices ask for is done: nobody needs to read them any more. How many were unread until now."""
    return Notice.objects.filter(read_at__isnull=True, subject__in=list(subjects)).update(read_at=timezone.now())


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST else f"{sentence[: _LONGEST - 1]}…"

"""The same words by e-mail, where a mail server is set (EMAIL_URL). It never stops what it tells about."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

logger = logging.getLogger(__name__)
# what takes mail and sends it nowhere
_UNSENT = ("django.core.mail.backends.dummy.EmailBackend", "django.core.mail.backends.console.EmailBackend")
# Somebody waits for the page; what a slow mail server has not taken by then is reported as not sent.
_LONGEST = 20  # seconds
_LAST_LINE = "请登录“示范县创建工作台”办理。此邮件由系统发出，请勿回复。"


@dataclass
class Mailing:
    """What became of the e-mails; the numbers of messages are right once the transaction is committed."""

    has_server: bool
    sent: int = 0
    failed: int = 0
    # people told who have no address
    without: int = 0


def has_mail_server() -> bool:
    return settings.EMAIL_BACKEND not in _UNSENT


def deliver(letters: Sequence[tuple[str, str, str]], mailing: Mailing) -> None:
    """Send (address, subject, words) each; what could not be sent is counted in `mailing` and logged."""
    started, connection = time.monotonic(), get_connection()
    try:
        connection.open()
    except Exception:
        logger.exception("the mail server does not answer; %s messages were not sent", len(letters))
        mailing.failed += len(letters)
        return
    for number, (address, subject, words) in enumerate(letters):
        if time.monotonic() - started > _LONGEST:
            logger.error("the mail server is too slow; %s messages were not sent", len(letters) - number)
            mailing.failed += len(letters) - number
            break
        _send(EmailMessage(subject, f"{words}\n\n{_LAST_LINE}", to=[address], connection=connection), mailing)
    _close(connection)


def _send(message: EmailMessage, mailing: Mailing) -> None:
    try:
        mailing.sent += message.send()
    except Exception:
        logger.exception("a message was not sent")
        mailing.failed += 1


def _close(connection) -> None:
    try:
        connection.close()
    except Exception:
        logger.exception("the mail server did not take leave")

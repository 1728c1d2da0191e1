"""Locks after failed sign-ins: of an account, whatever address tries; and of an address, whatever account it tries.

django-axes counts (settings.AXES_…); here stands what counts as the same account and the same address, and until when a
lock lasts.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from tcm_demo.lib.client_address import client_address

# An IPv6 line has this whole network to itself, so it is one address.
IPV6_LINE = 64


@dataclass(frozen=True)
class Lock:
    """`of_account`: else it is the address that is locked."""

    of_account: bool
    until: datetime

    @property
    def minutes_left(self) -> int:
        """Begun minutes, at least 1."""
        return max(1, -int((timezone.now() - self.until).total_seconds() // 60))


def name_to_count(request: HttpRequest, credentials: dict | None) -> str:
    """One name for all ways to type it, so that nobody gets further tries by capitals, spaces or wide letters."""
    return plain_name((credentials or request.POST).get("username") or "")


def plain_name(username: str) -> str:
    name = "".join(unicodedata.normalize("NFKC", username).casefold().split())
    return name.replace("\0", "")[:150]


def address_to_count(request: HttpRequest) -> str | None:
    address = client_address(request)
    if address is None or ip_address(address).version == 4:
        return address
    return str(ip_network((address, IPV6_LINE), strict=False).network_address)


def lock_for(request: HttpRequest, username: str) -> Lock | None:
    """The lock that holds a sign-in under this name from this address back; of two the longer one."""
    address = address_to_count(request)
    ends = [
        (_locked_until(AccessAttempt.objects.filter(username=plain_name(username))), True),
        (_locked_until(AccessAttempt.objects.filter(ip_address=address)) if address else None, False),
    ]
    locks = [Lock(of_account, until) for until, of_account in ends if until]
    return max(locks, key=lambda lock: lock.until, default=None)


def locked_names() -> set[str]:
    """The names (as `plain_name` writes them) of all accounts that are locked now. One query."""
    recent = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME)
    counts = recent.order_by().values("username").annotate(failures=Sum("failures_since_start"))
    return set(counts.filter(failures__gte=settings.AXES_FAILURE_LIMIT).values_list("username", flat=True))


def count_failure(request: HttpRequest, username: str) -> None:
    """A failure that Django's authentication does not see, such as a wrong code of the second factor."""
    AxesProxyHandler.user_login_failed(__name__, {"username": username}, request)


def forget_failures(*, username: str = "", address: str | None = None) -> int:
    """Take back what counted against an account, an address or (with both) one at the other; how many rows."""
    attempts = AccessAttempt.objects.all()
    if username:
        attempts = attempts.filter(username=plain_name(username))
    if address:
        attempts = attempts.filter(ip_address=address)
    return attempts.delete()[0] if username or address else 0


def _locked_until(attempts: QuerySet[AccessAttempt]) -> datetime | None:
    """When enough of these attempts will be forgotten; None where there are too few for a lock."""
    recent = attempts.filter(attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME).order_by("-attempt_time")
    failures = 0
    for count, at in recent.values_list("failures_since_start", "attempt_time"):
        failures += count
        if failures >= settings.AXES_FAILURE_LIMIT:
            return at + settings.AXES_COOLOFF_TIME
    return None

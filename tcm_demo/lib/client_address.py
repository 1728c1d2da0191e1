"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The IP address that a request comes from; None where it has none (a test, a socket file).

    A client may write anything into X-Forwarded-For, so it counts only where proxies of our own (TRUSTED_PROXIES of
    them) each added the address that they saw at its end.
    """
    proxies = settings.TRUSTED_PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    seen = forwarded[-proxies] if proxies and len(forwarded) >= proxies else ""
    return _valid(seen) or _valid(request.META.get("REMOTE_ADDR", ""))


def _valid(text: str) -> str | None:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return None

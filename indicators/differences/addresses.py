"""How two standards are named in the address of the page that compares them."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode

from indicators.models import Standard


def key_of(standard: Standard) -> str:
    """What stands for a standard in an address."""
    return f"{standard.code}:{standard.version}"


def compare_address(code: str, query: Mapping[str, str]) -> str:
    """Without what is empty."""
    given = {name: value for name, value in query.items() if value}
    return f"{reverse('indicators:compare', kwargs={'code': code})}?{urlencode(given)}"


def compare_url(old: Standard, new: Standard) -> str:
    """The address of what differs between them."""
    return compare_address(new.code, {"from": key_of(old), "to": key_of(new)})

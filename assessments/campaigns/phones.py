"""Telephone numbers as they are shown to those who do not need to call."""

import re

from tcm_demo.lib.text import plain

# eleven digits, with or without the country's code, and grouped as people write them
_MOBILE = re.compile(r"(?<!\d)((?:\+?86[ -]?)?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")


def masked(phone: str) -> str:
    """13812341234 -> 138****1234; numbers of offices stay as they are, for they are public."""
    return _MOBILE.sub(r"\1****\2", plain(phone))

"""Finds figures that were copied from another institution: equal numbers, element by element. Pure."""

import hashlib
import json
from collections.abc import Mapping

# Fewer numbers that are not zero may well be equal by chance.
ENOUGH = 5


def fingerprint(values: Mapping) -> str:
    """Digest of a report's numbers; "" where it has too few of them to tell a copy from a coincidence.

    Yes and no is the same for many institutions and counts neither way; decimals are texts ("600.5").
    """
    numbers = {code: value for code, value in values.items() if not isinstance(value, bool)}
    if sum(value not in (0, "0") for value in numbers.values()) < ENOUGH:
        return ""
    text = json.dumps(sorted(numbers.items()), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

"""What the seals of the chain are computed from. Plain functions over plain values.

A seal's content digest is that of its event, its chain digest that of the chain up to here. Whoever changes, removes,
adds or moves an event therefore has to change every later seal as well, up to the head, which is also kept outside the
database (kept_head.py).
"""

import json
from datetime import UTC, datetime
from hashlib import sha256

# before the first seal
START = "0" * 64


def content_digest(event: dict) -> str:
    """SHA-256 (hex) of an event's columns as the database gives them back.

    Columns that are empty ("" or None) are left out, so one that is added later, and is empty for what was before,
    changes no seal.
    """
    said = {name: value for name, value in event.items() if value is not None and value != ""}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_moment)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def link_digest(previous: str, number: int, event: int, content: str) -> str:
    """SHA-256 (hex) of the seal of this number, which follows one with the digest `previous`."""
    return sha256(f"{previous} {number} {event} {content}".encode()).hexdigest()


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")

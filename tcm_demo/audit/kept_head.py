"""The end of the chain, kept outside the database as well: one line in VAR_DIR/audit-head.

Whoever can only write to the database cannot take away the end of the trail, or write the whole chain anew, without
differing from this file.
"""

import fcntl
import os
import re
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

_LINE = re.compile(r"([0-9]+) ([0-9a-f]{64})\n?")


class Mark(NamedTuple):
    """The seal of this number has this chain digest."""

    number: int
    digest: str


def path() -> Path:
    return Path(settings.VAR_DIR) / "audit-head"


def parse(text: str) -> Mark:
    """`1234 5f0c…`. Raises ValueError."""
    match = _LINE.fullmatch(text.strip())
    if not match:
        raise ValueError("须是“封存号 指纹”：一个整数、一个空格和 64 位十六进制数。")
    return Mark(int(match[1]), match[2])


def read() -> Mark | None:
    """None where there is no file. Raises ValueError where it was spoilt."""
    try:
        return parse(path().read_text(encoding="ascii", errors="replace"))
    except FileNotFoundError:
        return None


def keep(mark: Mark, *, instead: bool = False) -> None:
    """Note down the new head. Raises ValueError where the file was spoilt.

    One that is not beyond what stands there is left out, unless it is to stand there `instead`: writers come in any
    order, and a chain that was cut must not wipe out the proof.
    """
    descriptor = os.open(path(), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        noted = os.read(descriptor, 200).decode("ascii", "replace")
        if instead or not noted or parse(noted).number < mark.number:
            line = f"{mark.number} {mark.digest}\n".encode()
            os.pwrite(descriptor, line, 0)
            os.ftruncate(descriptor, len(line))
    finally:
        os.close(descriptor)

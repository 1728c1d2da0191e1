"""Where a write comes from, for whoever records it: kept beside the request, so that no caller has to hand it on."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Origin:
    """`address` and `request_id` of a request, or the name of the `command` of manage.py; "" for what it has not."""

    address: str = ""
    request_id: str = ""
    command: str = ""


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin:
    """Of what is going on now."""
    return _origin.get() or Origin(command=_command())


@contextmanager
def coming_from(which: Origin) -> Iterator[None]:
    token = _origin.set(which)
    try:
        yield
    finally:
        _origin.reset(token)


def _command() -> str:
    program, *arguments = sys.argv
    run_by_hand = Path(program).name in ("manage.py", "django-admin")
    return arguments[0][:60] if run_by_hand and arguments else ""


class WithRequestId(logging.Filter):
    """Gives lines of the log the number of the request in which they were written, "-" outside of one."""

    def filter(self, line: logging.LogRecord) -> bool:
        line.request_id = origin().request_id or "-"
        return True

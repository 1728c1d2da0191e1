"""The kinds of jobs: rooms further up say what each does, who may look at it, and where it belongs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tcm_demo.jobs.models import Job


class CannotBeMade(Exception):
    """What a job was asked for cannot be made; the text is a Chinese sentence that says why, for who asked."""


class Ended(BaseException):
    """The job was cancelled, or is somebody else's by now: nothing more to do. No Exception, so that a function that
    goes on after a faulty file does not go on after this."""


class Progress(Protocol):
    """`progress(120, 500, "合并佐证材料")`: how far it is, and what it is doing. Call it often, and outside of
    transactions: it writes once a second at most. Raises Ended."""

    def __call__(self, done: int, total: int, words: str = "") -> None: ...


@dataclass(frozen=True)
class Made:
    """The one file that a job made: `path` in the directory that it was given, `name` for who downloads it, `notes`
    with what they should know, a sentence each."""

    path: Path
    name: str
    content_type: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """`make(job, directory, progress)` makes the file: `directory` is empty, for this alone, and gone afterwards.
    It may be stopped at any moment and begun again, so it writes nowhere else. Raises CannotBeMade.

    `may_see(user, job)`: look at it and take the file. `may_change(user, job)`: cancel it, ask for it again.
    `page(job)`: the address of the page that it belongs to.
    """

    name: str
    make: Callable[[Job, Path, Progress], Made]
    may_see: Callable[..., bool]
    may_change: Callable[..., bool]
    page: Callable[[Job], str]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    _kinds[kind.name] = kind
    return kind


def kind_of(job: Job) -> Kind:
    """Raises LookupError where no room knows such jobs any more."""
    return _kinds[job.kind]

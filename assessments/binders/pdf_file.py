"""A PDF file written straight through, object by object, so that a binder of any size needs little memory."""

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import md5
from typing import BinaryIO

_NOT_THERE = 0


class NotWritten(OSError):
    """The target could not be written, most often because the disk is full (errno)."""


@contextmanager
def writing():
    """Tells failures of the target from failures of sources, both of which are OSErrors."""
    try:
        yield
    except OSError as error:
        raise NotWritten(error.errno, error.strerror) from error


@dataclass(frozen=True)
class Mark:
    """A point to come back to."""

    position: int
    objects: int


class PdfFile:
    """Objects are numbered by `reserve` and may be written in any order; what is never written is free in the end."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._offsets = [_NOT_THERE]
        self._position = 0
        self._put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> int:
        self._offsets.append(_NOT_THERE)
        return len(self._offsets) - 1

    def write(self, number: int, content: bytes) -> None:
        """An object that is no stream."""
        self._offsets[number] = self._position
        self._put(b"%d 0 obj\n" % number, content, b"\nendobj\n")

    def write_stream(self, number: int, entries: bytes, data: bytes) -> None:
        """`entries`: the dictionary as << ... >>, with the right /Length in it."""
        self._offsets[number] = self._position
        self._put(b"%d 0 obj\n" % number, entries, b"\nstream\n", data, b"\nendstream\nendobj\n")

    def add(self, content: bytes) -> int:
        """Reserve and write in one."""
        number = self.reserve()
        self.write(number, content)
        return number

    def add_stream(self, entries: bytes, data: bytes) -> int:
        """Reserve and write; `entries` without /Length and without << >>."""
        number = self.reserve()
        self.write_stream(number, b"<< %s /Length %d >>" % (entries, len(data)), data)
        return number

    def mark(self) -> Mark:
        return Mark(self._position, len(self._offsets))

    def rewind(self, mark: Mark) -> None:
        """Take back all that was reserved and written since."""
        with writing():
            self._file.seek(mark.position)
            self._file.truncate()
        self._position = mark.position
        del self._offsets[mark.objects :]

    def finish(self, catalog: int, info: int) -> None:
        """The table of objects and the trailer; nothing can be written any more."""
        start, count = self._position, len(self._offsets)
        self._put(b"xref\n0 %d\n0000000000 65535 f\r\n" % count)
        for offset in self._offsets[1:]:
            self._put(b"%010d 00000 n\r\n" % offset if offset else b"0000000000 00001 f\r\n")
        name = md5(b"%d %d" % (start, count), usedforsecurity=False).hexdigest().encode()
        self._put(b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R " % (count, catalog, info))
        self._put(b"/ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n" % (name, name, start))

    def _put(self, *parts: bytes) -> None:
        with writing():
            for part in parts:
                self._file.write(part)
        self._position += sum(map(len, parts))


def text(words: str) -> bytes:
    """A text string as PDF has it, in UTF-16."""
    return b"<feff%s>" % words.encode("utf-16-be", "replace").hex().encode()


def numbers(values: Sequence[float]) -> bytes:
    return b" ".join(b"%d" % value if value == int(value) else b"%.4f" % value for value in values)


def references(objects: Sequence[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in objects)

"""The bytes of uploads: one file for each, under its token in settings.UPLOAD_DIR.

How long the file is says how much was received, also after the program or the machine died.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.template.defaultfilters import filesizeformat

from assessments.evidence.storage import FULL
from assessments.uploads.refusals import Busy, NoRoom

PIECE = 256 * 1024  # bytes in memory at a time
NO_ROOM = "服务器的存储空间不足，暂时不能接收文件。请联系系统管理员清理空间后再试。"
BUSY = "这个文件正在由另一个连接接收，几秒后自动继续。"


def path_of(token: UUID) -> Path:
    return Path(settings.UPLOAD_DIR) / str(token)


def length_of(token: UUID) -> int:
    """How many bytes were received."""
    try:
        return path_of(token).stat().st_size
    except FileNotFoundError:
        return 0


def check_room(size: int) -> None:
    """Whether so many bytes leave the disk the room that the program itself needs. Raises NoRoom."""
    folder = _folder()
    if shutil.disk_usage(folder).free - size < settings.EVIDENCE_MIN_FREE_BYTES:
        raise NoRoom(NO_ROOM)


@contextmanager
def held(token: UUID) -> Iterator[int]:
    """The upload's file for one writer alone, in whatever process; it goes free also where that one dies.

    Gives the open file (its descriptor, at the end). Raises Busy.
    """
    _folder()
    file = os.open(path_of(token), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(BUSY) from None
        yield file
    finally:
        os.close(file)


def append(file: int, read: Callable[[int], bytes], length: int) -> None:
    """Write what `read` gives, `length` bytes or as many as come, and see to it that the disk has them.

    A reader that fails (OSError: the connection broke) has come to its end. Raises NoRoom; what was written stays.
    """
    left = length
    try:
        while left:
            try:
                piece = read(min(PIECE, left))
            except OSError:
                break
            if not piece:
                break
            left -= len(piece)
            _write(file, piece)
        os.fsync(file)
    except OSError as error:
        if error.errno in FULL:
            raise NoRoom(NO_ROOM) from error
        raise


@contextmanager
def to_give_away(token: UUID) -> Iterator[Path]:
    """The whole file under a second name, which may be moved away while the first one stays; no copy is made."""
    second = path_of(token).with_suffix(".whole")
    second.unlink(missing_ok=True)
    second.hardlink_to(path_of(token))
    try:
        yield second
    finally:
        second.unlink(missing_ok=True)


def remove(token: UUID) -> None:
    """Its holder's alone."""
    path_of(token).unlink(missing_ok=True)


def older_than(moment: float) -> Iterator[Path]:
    """Files to which nothing was added since that moment (seconds since 1970)."""
    for path in _folder().iterdir():
        try:
            if path.stat().st_mtime < moment:
                yield path
        except FileNotFoundError:  # it was taken in meanwhile
            continue


def _write(file: int, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(file, rest) :]


def _folder() -> Path:
    folder = Path(settings.UPLOAD_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def readable(size: int) -> str:
    """Bytes as people say them: 12.3 MB."""
    return filesizeformat(size).replace("\xa0", " ").replace(".0 ", " ")

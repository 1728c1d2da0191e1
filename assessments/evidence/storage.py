"""Where the files of evidence lie: settings.STORAGES["evidence"], a directory or an S3 bucket, under names of ours."""

import errno
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage, storages

FULL = (errno.ENOSPC, errno.EDQUOT)
AWAY = "佐证材料的存储暂时不能使用，请稍后再试；仍不行，请告知系统管理员。"
LOST = "存储中没有这份文件，或者文件已经损坏，不能读取。请告知系统管理员从备份中恢复。"


class StorageAway(OSError):
    """The storage does not answer, or not as one; a sentence for people. What is to be kept can be kept later."""


class FileLost(OSError):
    """The storage answers, but the file is not there, or not whole; a sentence for people."""


def storage() -> Storage:
    return storages["evidence"]


class _Arrival(File):
    """A file that may be moved to its place instead of being copied."""

    def temporary_file_path(self) -> str:
        return self.name


def keep(source: Path, extension: str) -> str:
    """Put a local file into the storage, its name there is the answer; the source may be gone afterwards.

    Raises OSError where there is no room, StorageAway.
    """
    token = uuid.uuid4().hex
    with source.open("rb") as stream:
        try:
            return storage().save(f"{token[:2]}/{token}.{extension}", _Arrival(stream, name=str(source)))
        except Exception as error:
            raise _told(error) from error


def drop(name: str) -> None:
    """Take back what `keep` put there, where the write that it belonged to failed."""
    storage().delete(name)


def opened(name: str, size: int | None = None) -> File:
    """The stored file, to be read; it has to be of this size (bytes). Raises FileLost, StorageAway."""
    try:
        file = storage().open(name)
        found = file.size
        _ = file.file  # of a bucket this fetches it, so that what fails does so here
    except FileNotFoundError as error:
        raise FileLost(LOST) from error
    except Exception as error:
        raise _told(error) from error
    if size is not None and found != size:
        file.close()
        raise FileLost(LOST)
    return file


@contextmanager
def local_path(name: str, size: int | None = None) -> Iterator[Path]:
    """The stored file as one on this machine, to be read: itself, or a copy for as long as the block lasts.

    Raises as `opened`.
    """
    with opened(name, size) as source:
        try:
            path = Path(storage().path(name))
        except NotImplementedError:  # a bucket
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / Path(name).name
                with path.open("wb") as target:
                    shutil.copyfileobj(source, target, 1024 * 1024)
                yield path
        else:
            yield path


def _told(error: Exception) -> OSError:
    """A full disk as it is; else that the storage is away, since a bucket's client has errors of its own."""
    return error if isinstance(error, OSError) and error.errno in FULL else StorageAway(AWAY)

"""Where the files of evidence lie: settings.STORAGES["evidence"], a directory or an S3 bucket, under names of ours."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage, storages


def storage() -> Storage:
    return storages["evidence"]


class _Arrival(File):
    """A file that may be moved to its place instead of being copied."""

    def temporary_file_path(self) -> str:
        return self.name


def keep(source: Path, extension: str) -> str:
    """Put a local file into the storage, its name there is the answer; the source may be gone afterwards.

    Raises OSError where there is no room.
    """
    token = uuid.uuid4().hex
    with source.open("rb") as stream:
        return storage().save(f"{token[:2]}/{token}.{extension}", _Arrival(stream, name=str(source)))


def drop(name: str) -> None:
    """Take back what `keep` put there, where the write that it belonged to failed."""
    storage().delete(name)


@contextmanager
def local_path(name: str) -> Iterator[Path]:
    """The stored file as one on this machine, to be read: itself, or a copy for as long as the block lasts."""
    try:
        path = Path(storage().path(name))
    except NotImplementedError:  # a bucket
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(name).name
            with storage().open(name) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
            yield path
    else:
        yield path

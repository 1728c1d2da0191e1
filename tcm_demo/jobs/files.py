"""Where jobs work and leave their files: VAR_DIR/jobs/<token>/, for the account that runs this alone."""

import os
import re
import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tcm_demo.jobs.models import Job

_IS_TOKEN = re.compile(r"[0-9a-f]{32}")


def root() -> Path:
    return Path(settings.VAR_DIR) / "jobs"


def has_room() -> bool:
    """Whether the disk has more left than the program itself needs (settings.EVIDENCE_MIN_FREE_BYTES)."""
    root().mkdir(parents=True, exist_ok=True, mode=0o700)
    return shutil.disk_usage(root()).free >= settings.EVIDENCE_MIN_FREE_BYTES


def file_of(job: Job) -> Path:
    """The file that a job made; it may be gone."""
    return root() / job.file_path


def workplace(job: Job) -> Path:
    """A new, empty directory for this attempt. What earlier ones left is removed, so that nobody else writes on."""
    drop(job.token)
    place = _workplace(job)
    root().mkdir(parents=True, exist_ok=True, mode=0o700)
    place.parent.mkdir(mode=0o700)
    place.mkdir(mode=0o700)
    return place


def keep(job: Job, path: Path) -> str:
    """Take what was made out of the workplace, whole or not at all, and clear the rest; the path below root()."""
    kept = _workplace(job).with_suffix(path.suffix)
    # Some file systems find out only now that they are full.
    with path.open("rb") as content:
        os.fsync(content.fileno())
    path.replace(kept)
    clear(job)
    return str(kept.relative_to(root()))


def clear(job: Job) -> None:
    """Remove what this attempt is working on; a file that was kept stays."""
    shutil.rmtree(_workplace(job), ignore_errors=True)


def drop(token: UUID) -> None:
    """Remove all of a job's files."""
    shutil.rmtree(root() / token.hex, ignore_errors=True)


def stored() -> set[UUID]:
    """The jobs that have a directory."""
    names = (path.name for path in root().glob("*"))
    return {UUID(name) for name in names if _IS_TOKEN.fullmatch(name)}


def _workplace(job: Job) -> Path:
    return root() / job.token.hex / f"{job.attempts}-{job.worker[-8:]}"

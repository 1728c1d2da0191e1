"""What is found out about a file after it came in, in the background: its PDF form, its pages, identity numbers.

An upload need not wait for LibreOffice, nor fail with it.
"""

import tempfile
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from assessments.evidence.storage import FileLost, keep, local_path
from assessments.files.enums import FileKind
from assessments.files.identity import looks_personal
from assessments.files.office import has_office, to_pdf
from assessments.files.preview import page_count
from assessments.files.refusals import CannotConvert, CannotShow
from assessments.models import Version

OFFICE = (FileKind.WORD, FileKind.SHEET, FileKind.SLIDES)


def prepare_later(version: Version) -> None:
    """Have the worker prepare this version once the current transaction is through."""
    transaction.on_commit(lambda: prepare_version.enqueue(version.pk), robust=True)


@task()
def prepare_version(pk: int) -> None:
    """Prepare a version that was taken in; done again it changes nothing."""
    version = Version.objects.filter(pk=pk, prepared_at=None).first()
    if version is not None:
        prepare(version)


def prepare(version: Version) -> None:
    """Fill in what the file itself tells; `fault` says why an Office file has no PDF form."""
    personal, shown, pages, fault = [], "", version.pages, ""
    try:
        with local_path(version.file, version.size) as path:
            personal = looks_personal(version.file_name, path, version.kind)
            if version.kind in OFFICE:
                shown, pages, fault = _as_pdf(path)
    except FileLost as lost:
        fault = str(lost)
    Version.objects.filter(pk=version.pk).update(
        notes=[*version.notes, *(note for note in personal if note not in version.notes)],
        shown=shown,
        pages=pages,
        fault=fault,
        prepared_at=timezone.now(),
    )


def _as_pdf(path: Path) -> tuple[str, int | None, str]:
    """(name in the storage, pages, fault) of an Office file's PDF form."""
    if not has_office():
        return "", None, "服务器没有安装 LibreOffice，不能在网页上预览，请下载查看。"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "shown.pdf"
        try:
            to_pdf(path, target)
            pages = page_count(target)
        except (CannotConvert, CannotShow) as error:
            return "", None, str(error)[:200]
        return keep(target, "pdf"), pages, ""

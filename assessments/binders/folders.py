"""All binders as a ZIP: for each item a folder with the original files and the binder's own pages; an Excel list.

Nothing is packed: PDF and pictures are already, and so writing is as fast as copying.
"""

import shutil
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from assessments.binders.content import BinderContent, EvidencePiece
from assessments.binders.contents import Entry
from assessments.binders.listing import Listed, list_workbook
from assessments.binders.names import LIST_NAME, folder_name, own_pages_name, piece_names
from assessments.binders.paper import own_pages
from assessments.binders.sources import ALTERED, GONE, page_count
from indicators.naming import item_name

_CHUNK = 1 << 20
# entries of this size are written in the newer form, which old programs do not read
_LARGE = 1 << 31


def write_folders(contents: Sequence[BinderContent], file: BinaryIO, tell: Callable[[str], None]) -> list[str]:
    """Write the ZIP into an open file; `tell` is called with words after each piece and each binder. Returns notes, a
    sentence for each file that could not be read."""
    now = datetime.now().timetuple()[:6]
    notes: list[str] = []
    listed: list[Listed] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as folders:
        for content in contents:
            listed += _item(folders, content, now, notes, tell)
        _put(folders, LIST_NAME, list_workbook(contents, listed), now)
    return notes


def _item(folders: zipfile.ZipFile, content: BinderContent, now, notes: list[str], tell) -> list[Listed]:
    listed, folder = [], folder_name(content)
    for piece, name in zip(content.pieces, piece_names(content), strict=True):
        pages = page_count(piece)
        copied = _copied(folders, f"{folder}/{name}", piece, now)
        there = copied is not None
        if copied != piece.size:
            notes.append(f"{piece.number}《{piece.title}》：{ALTERED if there else GONE}")
        listed.append(Listed(content, piece, pages, name if there else ""))
        tell(f"{piece.number} {piece.title}")
    own = own_pages(content, [Entry(one.piece, 0, one.pages) for one in listed])
    _put(folders, f"{folder}/{own_pages_name(content)}", own, now)
    tell(f"{item_name(content.item_number)} {content.item_title}")
    return listed


def _copied(folders: zipfile.ZipFile, path: str, piece: EvidencePiece, now) -> int | None:
    """How many bytes of the original are in the ZIP; None where it could not be read and is not there."""
    if piece.file is None:
        return None
    try:
        source = piece.file()
        start = source.read(_CHUNK)
    except OSError:
        return None
    entry, is_large = _entry(path, now), piece.size >= _LARGE
    with source, folders.open(entry, "w", force_zip64=is_large) as target:
        target.write(start)
        shutil.copyfileobj(source, target, _CHUNK)
    return entry.file_size


def _put(folders: zipfile.ZipFile, name: str, data: BytesIO, now) -> None:
    folders.writestr(_entry(name, now), data.getbuffer())


def _entry(name: str, now) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, now)
    entry.external_attr = 0o644 << 16
    return entry

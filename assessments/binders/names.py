"""What folders and files are called in the ZIP: 24_中医馆建设/24-03_设备清单_区卫生健康局.pdf."""

from itertools import count

from assessments.binders.content import BinderContent, EvidencePiece
from tcm_demo.lib.downloads import file_name

LIST_NAME = "档案目录.xlsx"
# Windows takes paths of 260 characters, Linux names of 255 bytes
_FOLDER, _FILE, _BYTES = 60, 100, 240


def folder_name(content: BinderContent) -> str:
    return _short(f"{content.short_number}_{content.item_title}", _FOLDER)


def own_pages_name(content: BinderContent) -> str:
    """The binder's own pages, which sort before the evidence."""
    return f"{content.short_number}-00_目录.pdf"


def piece_names(content: BinderContent) -> list[str]:
    """Of all its pieces in their order, each name once: pieces that have no number yet may be called alike."""
    taken: set[str] = set()
    found = []
    for piece in content.pieces:
        name = next(name for again in count(1) if (name := _piece_name(piece, again)).casefold() not in taken)
        taken.add(name.casefold())
        found.append(name)
    return found


def _piece_name(piece: EvidencePiece, again: int) -> str:
    """With the extension that its content asks for, whatever the file was called. What the title says already is not
    said again."""
    said = piece.title
    for words in (piece.institution, piece.issuer):
        if words not in said:
            said = f"{said}_{words}"
    ending = f"({again}).{piece.extension}" if again > 1 else f".{piece.extension}"
    return _short(f"{piece.number}_{said}", _FILE - len(ending)) + ending


def _short(name: str, most: int) -> str:
    name = file_name(" ".join(name.split()))[:most]
    return name.encode()[:_BYTES].decode(errors="ignore").rstrip(" .")

"""What folders and files are called in the ZIP: 24_中医馆建设/24-03_设备清单_区卫生健康局.pdf."""

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


def piece_name(piece: EvidencePiece) -> str:
    """With the extension that its content asks for, whatever the file was called."""
    parts = [piece.number, piece.title, piece.institution, piece.issuer]
    ending = f".{piece.extension}"
    return _short("_".join(filter(None, parts)), _FILE - len(ending)) + ending


def piece_path(content: BinderContent, piece: EvidencePiece) -> str:
    return f"{folder_name(content)}/{piece_name(piece)}"


def _short(name: str, most: int) -> str:
    name = file_name(" ".join(name.split()))[:most]
    return name.encode()[:_BYTES].decode(errors="ignore").rstrip(" .")

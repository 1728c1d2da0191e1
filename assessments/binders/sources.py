"""Opens the file of a piece of evidence as PDF pages, or says in a sentence why it has none."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from typing import BinaryIO

import pikepdf
from PIL import Image

from assessments.binders.content import EvidencePiece
from assessments.binders.pictures import PictureTooLarge, picture_pdf
from assessments.files.enums import FileKind

# a few bytes can say that a page is there a million times
_MOST_PAGES = 5_000

GONE = "文件读不出来，请管理员检查存放处。"
ALTERED = "原件的大小和上传时不同，可能已经损坏，请管理员从备份恢复。"
LOCKED = "文件设有打开密码。"
DAMAGED = "文件已损坏，读不出页面。"
BAD_PICTURE = "图片已损坏，或不是能读的格式。"
TOO_LARGE = "图片像素太多，不能转成页面。"
TOO_MANY = f"文件超过 {_MOST_PAGES:,} 页。"
NO_PDF_FORM = "Office 文件没有转成 PDF。"
MENDED = "文件有损坏，已尽量读出并入，请对照原件核对。"


class Unmergeable(Exception):
    """The file gives no pages; the text is a Chinese sentence that says why."""


@contextmanager
def opened(piece: EvidencePiece) -> Iterator[pikepdf.Pdf]:
    """The pages of a piece: its own, or those of its PDF form. Raises Unmergeable."""
    opener = piece.pdf_form or piece.file
    if opener is None:
        raise Unmergeable(GONE)
    if piece.pdf_form is None and piece.kind not in (FileKind.PDF, FileKind.PICTURE):
        raise Unmergeable(NO_PDF_FORM)
    with ExitStack() as open_files:
        try:
            file = open_files.enter_context(opener())
            if piece.pdf_form is None and piece.kind == FileKind.PICTURE:
                file = _pages_of_picture(file.read())
            pdf = open_files.enter_context(_pdf(file))
            if len(pdf.pages) > _MOST_PAGES:
                raise Unmergeable(TOO_MANY)
        except OSError as error:
            raise Unmergeable(GONE) from error
        yield pdf


def _pages_of_picture(data: bytes) -> BytesIO:
    try:
        return picture_pdf(data)
    except (PictureTooLarge, Image.DecompressionBombError) as error:
        raise Unmergeable(TOO_LARGE) from error
    except Exception as error:  # decoders of pictures fail in ways that nobody can list
        raise Unmergeable(BAD_PICTURE) from error


def _pdf(file: BinaryIO) -> pikepdf.Pdf:
    """Read as it goes: mapped into memory, a large file would count as memory taken."""
    try:
        return pikepdf.open(file, access_mode=pikepdf.AccessMode.stream)
    except pikepdf.PasswordError as error:
        raise Unmergeable(LOCKED) from error
    except pikepdf.PdfError as error:
        raise Unmergeable(DAMAGED) from error


def page_count(piece: EvidencePiece) -> int:
    """How many pages a piece has, 0 where it gives none. Pictures are not unpacked for that."""
    if piece.pages or (piece.kind == FileKind.PICTURE and piece.extension not in ("tif", "tiff")):
        return piece.pages or 1
    try:
        with opened(piece) as pdf:
            return len(pdf.pages)
    except Exception:  # as for merging: nobody can list how a damaged file fails
        return 0

"""Files that are two things at once: a picture, PDF or Office file that is also a web page, an archive or a PDF."""

import re
from pathlib import Path

from assessments.files.apart.answers import Refused

# Long enough that a large picture does not hold one by chance.
_MARKUP = re.compile(rb"<(?:script[\s>]|iframe[\s>]|!doctype\s+html|html[\s>]|\?php\s|svg\s[a-z]{3})", re.IGNORECASE)
_ARCHIVE = re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c")
_PIECE = 1 << 20
_OVERLAP = 32
# Where programs look for a ZIP's end: its record and the longest comment.
_ZIP_TAIL = 22 + 65535
_AS_PAGE = "里夹带了网页代码，不能接收。请用看图软件打开，另存为新的图片后再上传。"
_AS_ARCHIVE = "后面接着一个压缩包，不能接收。请打开看看，另存为新的文件后再上传。"


def refuse_two_in_one_picture(path: Path) -> None:
    """Markup anywhere (browsers look for it), a PDF at its beginning, an archive behind it."""
    refuse_pdf_inside(path)
    with path.open("rb") as file:
        before = b""
        while piece := file.read(_PIECE):
            window = before + piece
            if _MARKUP.search(window):
                raise Refused(_AS_PAGE)
            if _ARCHIVE.search(window):
                raise Refused(_AS_ARCHIVE)
            before = window[-_OVERLAP:]
    _refuse_zip(tail_of(path))


def refuse_two_in_one_pdf(path: Path) -> None:
    """Markup at its beginning or behind its end, or an archive there. What a PDF quotes inside is its own matter."""
    with path.open("rb") as file:
        head = file.read(1024)
    tail = tail_of(path)
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise Refused("不完整，像是没有传完或没有保存完。请在电脑上打开看看，另存为新的 PDF 后再上传。")
    behind = tail[end:]
    if _MARKUP.search(head) or _MARKUP.search(behind):
        raise Refused("里夹带了网页代码，不能接收。请用 PDF 阅读器打开，另存为新的 PDF 后再上传。")
    if _ARCHIVE.search(behind):
        raise Refused(_AS_ARCHIVE)
    _refuse_zip(tail)


def refuse_two_in_one_archive(path: Path) -> None:
    """Markup behind its end, or a PDF at its beginning."""
    refuse_pdf_inside(path)
    tail = tail_of(path)
    if _MARKUP.search(tail, max(tail.rfind(b"PK\x05\x06"), 0)):
        raise Refused("里夹带了网页代码，不能接收。请在 WPS 或 Office 中打开，另存后再上传。")


def refuse_pdf_inside(path: Path) -> None:
    """Readers take a file for a PDF where its mark stands in the first 1024 bytes."""
    with path.open("rb") as file:
        if b"%PDF-" in file.read(1024 + 5):
            raise Refused("里夹带了 PDF，不能接收。请打开看看，另存为新的文件后再上传。")


def tail_of(path: Path) -> bytes:
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - _ZIP_TAIL, 0))
        return file.read()


def _refuse_zip(tail: bytes) -> None:
    end = tail.rfind(b"PK\x05\x06")
    if end >= 0 and b"PK\x01\x02" in tail[:end]:
        raise Refused(_AS_ARCHIVE)

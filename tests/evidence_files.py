"""Small real files for tests of evidence, made anew each time so that no two are the same."""

import io
import itertools

import pikepdf
from PIL import Image

_count = itertools.count(1)


def pdf_bytes(pages: int = 1, words: str = "") -> bytes:
    """A PDF of blank A4 pages; with `words` (ASCII) written on each."""
    document = pikepdf.new()
    for _ in range(pages):
        page = document.add_blank_page(page_size=(595, 842))
        if words:
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = document.make_stream(f"BT /F1 18 Tf 72 700 Td ({words}) Tj ET".encode())
    document.docinfo["/Title"] = f"file {next(_count)}"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def picture_bytes(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture in a colour that no other has."""
    number = next(_count)
    stream = io.BytesIO()
    Image.new("RGB", size, (number % 256, number // 256 % 256, 90)).save(stream, kind)
    return stream.getvalue()

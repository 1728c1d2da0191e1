"""Pages of a PDF as pictures, by PDFium (its build without JavaScript)."""

from pathlib import Path

import pypdfium2

from assessments.files.apart.answers import Refused
from assessments.files.apart.pictures import MAX_DRAWN_PIXELS, MAX_DRAWN_SIDE, saved


def opened(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Refused("打不开，不能预览。请下载后查看。") from error


def page_count(path: Path) -> int:
    return len(opened(path))


def page_png(path: Path, page: int, width: int) -> bytes:
    """`page` counts from 1; `width` pixels wide, less where the page is so high that it would pass the limits."""
    pdf = opened(path)
    if not 1 <= page <= len(pdf):
        raise Refused(f"只有 {len(pdf)} 页，没有第 {page} 页。")
    # filled-in forms and seals are drawn only so
    pdf.init_forms()
    try:
        sheet = pdf[page - 1]
        wide, high = sheet.get_size()
        share = min(width / wide, MAX_DRAWN_SIDE / high, (MAX_DRAWN_PIXELS / (wide * high)) ** 0.5)
        image = sheet.render(scale=share, rev_byteorder=True).to_pil()
    except (pypdfium2.PdfiumError, ValueError, ZeroDivisionError) as error:
        raise Refused(f"的第 {page} 页画不出来。请下载后查看。") from error
    return saved(image, "PNG")

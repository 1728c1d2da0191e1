"""Pictures as pages: A4, upright or across as the picture is; JPEG goes over as it is."""

from io import BytesIO

import img2pdf
from PIL import Image, ImageOps

_A4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))
_MARGIN = img2pdf.mm_to_pt(12)
_LAYOUT = img2pdf.get_layout_fun(pagesize=_A4, border=(_MARGIN, _MARGIN), fit=img2pdf.FitMode.into, auto_orient=True)
# what unpacking a picture may take, in bytes
_LARGEST = 240_000_000


class PictureTooLarge(ValueError):
    """It would take too much memory to unpack."""


def picture_pdf(data: bytes) -> BytesIO:
    """A PDF with a page for the picture; TIFF may have several. Raises PictureTooLarge and errors of img2pdf, PIL."""
    with Image.open(BytesIO(data)) as picture:
        is_tiff, ready = picture.format == "TIFF", picture.format in ("JPEG", "MPO")
        if not ready:
            data = _unpacked_where_needed(picture, data)
    options = {"layout_fun": _LAYOUT, "rotation": img2pdf.Rotation.ifvalid, "engine": img2pdf.Engine.internal}
    return BytesIO(img2pdf.convert(data, first_frame_only=not is_tiff, **options))


def _unpacked_where_needed(picture: Image.Image, data: bytes) -> bytes:
    """As it is where img2pdf takes it; else its colours on white: no transparency, no unknown formats."""
    is_plain = picture.mode not in ("RGBA", "LA", "PA", "La") and "transparency" not in picture.info
    if is_plain and picture.format == "PNG" and not picture.info.get("interlace"):
        return data  # goes over packed as it is
    width, height = picture.size
    if width * height * (2 * len(picture.getbands()) if is_plain else 8) > _LARGEST:
        raise PictureTooLarge
    if is_plain and picture.format in ("PNG", "TIFF"):
        return data
    turned = ImageOps.exif_transpose(picture).convert("RGBA")
    flat = Image.new("RGB", turned.size, "white")
    flat.paste(turned, mask=turned.getchannel("A"))
    packed = BytesIO()
    if picture.format == "PNG":
        flat.save(packed, "PNG", compress_level=3)
    else:
        flat.save(packed, "JPEG", quality=92)
    return packed.getvalue()

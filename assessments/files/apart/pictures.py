"""Pictures: whether they are whole, and how they are drawn small."""

import struct
import warnings
import zlib
from io import BytesIO
from pathlib import Path

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from assessments.files.apart.answers import Refused
from assessments.files.apart.dangers import refuse_two_in_one_picture

MAX_PIXELS = 120_000_000  # the largest phone cameras have 108 million
MAX_TIFF_PAGES = 500
MAX_DRAWN_PIXELS = 8_000_000
MAX_DRAWN_SIDE = 6000
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ONTO_THE_SIDE = {_TURNS[5], _TURNS[6], _TURNS[7], _TURNS[8]}
TYPES = {
    "JPEG": ("jpg", "image/jpeg"),
    "MPO": ("jpg", "image/jpeg"),  # a JPEG with a second one behind it, as phones make them
    "PNG": ("png", "image/png"),
    "GIF": ("gif", "image/gif"),
    "BMP": ("bmp", "image/bmp"),
    "TIFF": ("tif", "image/tiff"),
    "WEBP": ("webp", "image/webp"),
}
# by their own imports, since Pillow would load all its readers to find them
_READ = [
    reader.format
    for reader in (
        JpegImagePlugin.JpegImageFile,
        PngImagePlugin.PngImageFile,
        GifImagePlugin.GifImageFile,
        BmpImagePlugin.BmpImageFile,
        TiffImagePlugin.TiffImageFile,
        WebPImagePlugin.WebPImageFile,
    )
]
_BROKEN = "已损坏或不完整，打不开。请在电脑或手机上打开看看，另存或重新拍摄后再上传。"
# whatever Pillow's readers raise on bytes that lie
_ERRORS = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, struct.error, zlib.error)


def inspect(path: Path) -> dict:
    with opened(path) as image:
        extension, mime = TYPES[image.format]
        try:
            pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            if pages > MAX_TIFF_PAGES:
                raise Refused(f"有 {pages} 页，超过 {MAX_TIFF_PAGES} 页。请拆成几个文件再上传。")
            load_whole(image)
            if pages > 1:
                image.seek(pages - 1)
                refuse_large(image)
                load_whole(image)
        except _ERRORS as error:
            raise Refused(_BROKEN) from error
    refuse_two_in_one_picture(path)
    return {"kind": "picture", "extension": extension, "mime": mime, "pages": pages}


def opened(path: Path) -> Image.Image:
    """Its head read, nothing decoded yet; raises Refused."""
    Image.MAX_IMAGE_PIXELS = None  # the limit is our own
    warnings.simplefilter("ignore")
    try:
        image = Image.open(path, formats=_READ)
    except (UnidentifiedImageError, *_ERRORS) as error:
        raise Refused(_BROKEN) from error
    refuse_large(image)
    return image


def refuse_large(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise Refused(
            f"有 {image.width}×{image.height} 像素，超过 {MAX_PIXELS // 10000} 万像素。请用看图软件缩小后再上传。"
        )


def load_whole(image: Image.Image) -> None:
    """Decode all of it. A JPEG is read to its end too when it is decoded small, which is fast and takes little."""
    image.draft(image.mode, (max(image.width // 8, 1), max(image.height // 8, 1)))
    image.load()


def drawn(path: Path, page: int, width: int, form: str) -> bytes:
    """Page `page` (from 1) as PNG or JPEG (`form`), upright as the camera noted.

    At most `width` pixels wide, and never larger than it is.
    """
    with opened(path) as image:
        try:
            if page != 1:
                image.seek(page - 1)
                refuse_large(image)
            image.draft("RGB", (width, width))
            image.load()
            turn = _TURNS.get(image.getexif().get(_ORIENTATION))
            small = fitted(image, width, lies=turn in _ONTO_THE_SIDE)
        except _ERRORS as error:
            raise Refused(_BROKEN) from error
    # made small first, since turning needs a copy
    small = small.transpose(turn) if turn is not None else small
    return saved(on_white(small) if form == "JPEG" else small, form)


def fitted(image: Image.Image, width: int, lies: bool) -> Image.Image:
    """In a mode that can be scaled smoothly, and within the limits; where it lies on its side its height counts."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode in ("P", "PA", "LA", "La", "RGBa"):
        image = image.convert("RGBA")
    elif image.mode not in ("L", "RGB", "RGBA"):
        image = image.convert("RGB")
    wide, high = (image.height, image.width) if lies else image.size
    share = min(
        1.0,
        width / wide,
        MAX_DRAWN_SIDE / high,
        (MAX_DRAWN_PIXELS / (image.width * image.height)) ** 0.5,
    )
    size = max(round(image.width * share), 1), max(round(image.height * share), 1)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2)


def on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def saved(image: Image.Image, form: str) -> bytes:
    out = BytesIO()
    image.save(out, form, **({"quality": 82} if form == "JPEG" else {"compress_level": 3}))
    return out.getvalue()

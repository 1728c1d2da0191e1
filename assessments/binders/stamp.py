"""The archive number and page number, small, at the upper right of each page of evidence.

It is drawn after the page's own content where that can be seen to leave the graphics state in order; on other pages it
is an annotation, which nothing on the page can disturb.
"""

import zlib
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import pikepdf
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from assessments.binders.balance import Balance, balance
from assessments.binders.copying import Adding, Addition, Copier, inherited, streams
from assessments.binders.page import MM, WIDTH
from assessments.binders.pdf_file import PdfFile, numbers
from assessments.binders.typeface import typeface
from tcm_demo.lib.fonts import TABLE

_SIZE, _INSET = 9, 8 * MM
_FONT = "/BinderStamp"
# content longer than this is not looked through
_READABLE = 2_000_000
# to the right and upwards as seen, on a page turned by so many degrees
_DIRECTIONS = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def stamp_words(number: str, page: int) -> str:
    return f"{number} 第 {page} 页"


class StampFont:
    """A font of one target file with the few characters that stamps need."""

    def __init__(self, target: PdfFile, characters: str):
        self._face = typeface(TABLE)
        self._name = self._face.names[0]
        text = "".join(dict.fromkeys(self._face.printable(characters)))
        file = BytesIO()
        canvas = Canvas(file, invariant=1)
        canvas.setFont(self._name, _SIZE)
        canvas.drawString(0, 0, text)
        # asked for before the font is written: afterwards reportlab gives the codes anew
        font = pdfmetrics.getFont(self._name)
        self._codes = {letter: font.splitString(letter, canvas._doc)[0][1] for letter in text}
        canvas.save()
        with pikepdf.open(file) as pdf:
            fonts = pdf.pages[0].resources["/Font"]
            (own,) = [font for font in fonts.values() if font["/Subtype"] == "/TrueType"]
            self.number = Copier(target, pdf).reference(own)

    def encode(self, words: str) -> bytes:
        """The words in the font's own codes, as a hexadecimal string. They consist of its characters."""
        return b"<%s>" % b"".join(self._codes[letter] for letter in self._face.printable(words)).hex().encode()

    def width(self, words: str) -> float:
        return self._face.width(words, _SIZE)


class Stamper:
    """Stamps pages of one target file. `damaged`: how many pages had content that could not be unpacked."""

    def __init__(self, target: PdfFile, characters: str):
        self.target = target
        self.font = StampFont(target, characters)
        self.damaged = 0
        self._saved = target.add_stream(b"", b"q")

    def adding(self, words: Callable[[int], str]) -> Adding:
        """What Copier.pages adds to the page at each place, whose stamp is `words(place)`."""
        return lambda page, place: self._addition(page, words(place))

    def _addition(self, page: pikepdf.Page, words: str) -> Addition:
        placed = _matrix(page, self.font.width(words))
        found = self._balance(page)
        name = _free_name(page)
        drawing = self._drawing(words, name)
        if found is None:
            return Addition(annotations=self._annotation(drawing, placed, self.font.width(words), name))
        restored = b"Q " * found.after
        after = self.target.add_stream(b"", b"%sq %s cm %s Q" % (restored, numbers(placed), drawing))
        before = self._saved if found.before == 1 else self.target.add_stream(b"", b"q " * found.before)
        return Addition((before,), (after,), (name, self.font.number))

    def _balance(self, page: pikepdf.Page) -> Balance | None:
        """None where the content cannot be read cheaply, or at all."""
        try:
            parts = [_decoded(part) for part in streams(page.obj)]
        except zlib.error:
            self.damaged += 1
            return None
        return None if None in parts else balance(b"\n".join(parts))

    def _drawing(self, words: str, name: str) -> bytes:
        """On a white edge, so that it can be read on a dark picture too."""
        shown = b"%s Tj" % self.font.encode(words)
        setting = b"BT %s %d Tf 1 0 0 1 0 0 Tm " % (name.encode(), _SIZE)
        edge = b"/Artifact BMC 1 G 2 w 1 j 1 Tr %s ET EMC" % (setting + shown)
        return b"%s 0.1 g 0 Tr %s ET" % (edge, setting + shown)

    def _annotation(self, drawing: bytes, placed: tuple[float, ...], width: float, name: str) -> bytes:
        a, b, c, d, x, y = placed
        corners = [(x + a * s + c * t, y + b * s + d * t) for s in (-2, width + 2) for t in (-4, _SIZE + 2)]
        low = (min(x for x, _ in corners), min(y for _, y in corners))
        high = (max(x for x, _ in corners), max(y for _, y in corners))
        entries = b"/Type /XObject /Subtype /Form /BBox [%s] /Matrix [%s] /Resources << /Font << %s %d 0 R >> >>" % (
            numbers((-2, -4, width + 2, _SIZE + 2)),
            numbers((a, b, c, d, 0, 0)),
            name.encode(),
            self.font.number,
        )
        shape = self.target.add_stream(entries, drawing)
        # 4: printed, 64: not to be changed, 128: not to be moved
        annotation = b"<< /Type /Annot /Subtype /Stamp /Rect [%s] /F 196 /AP << /N %d 0 R >> >>"
        return b"%d 0 R " % self.target.add(annotation % (numbers((*low, *high)), shape))


def _matrix(page: pikepdf.Page, width: float) -> tuple[float, ...]:
    """Where the stamp begins, which way it runs, and how large it is, in the page's own coordinates."""
    left, bottom, right, top = _visible(page)
    turn = inherited(page.obj, "/Rotate")
    turn = int(turn) % 360 if isinstance(turn, int | Decimal) else 0
    right_x, right_y, up_x, up_y = _DIRECTIONS.get(turn, _DIRECTIONS[0])
    # as large on a poster or a slip as on A4, where it is printed to that size
    scale = min(right - left, top - bottom) / WIDTH
    back, down = (width + _INSET) * scale, (_SIZE + _INSET) * scale
    # the corner that is the upper right one as seen
    x = (right if right_x + up_x > 0 else left) - right_x * back - up_x * down
    y = (top if right_y + up_y > 0 else bottom) - right_y * back - up_y * down
    return (right_x * scale, right_y * scale, up_x * scale, up_y * scale, x, y)


def _visible(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """The part of the page that is shown: the crop box, within the media box."""
    media, crop = _corners(page.mediabox), _corners(page.cropbox)
    shown = (*map(max, media[:2], crop[:2]), *map(min, media[2:], crop[2:]))
    return shown if shown[0] < shown[2] and shown[1] < shown[3] else media


def _corners(box) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(value) for value in box)
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _decoded(stream: pikepdf.Stream) -> bytes | None:
    """Plain or deflated content that is not too long; None for any other. Raises zlib.error where it is damaged."""
    packing = stream.get("/Filter")
    names = list(packing) if isinstance(packing, pikepdf.Array) else [packing] if packing is not None else []
    if names and (names != [pikepdf.Name.FlateDecode] or stream.get("/DecodeParms") is not None):
        return None
    data = stream.read_raw_bytes()
    if not names or not data:
        return data if len(data) <= _READABLE else None
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(data, _READABLE)
    return content if unpacking.eof else None


def _free_name(page: pikepdf.Page) -> str:
    """The stamp's font by a name that the page does not use: it may itself come from a binder."""
    resources = inherited(page.obj, "/Resources")
    fonts = resources.get("/Font") if isinstance(resources, pikepdf.Dictionary) else None
    taken = set(fonts.keys()) if isinstance(fonts, pikepdf.Dictionary) else set()
    name = _FONT
    while name in taken:
        name += "x"
    return name

"""What is really drawn in a PDF file: the text in it may be right where the picture shows empty boxes."""

import io
from dataclasses import dataclass

from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdf.generic import ByteStringObject, ContentStream, TextStringObject

# what FONTCONFIG_FILE points to where a machine is to have no font installed
NO_FONTS = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig></fontconfig>'


@dataclass(frozen=True)
class Glyph:
    """One drawn glyph: the name of its embedded font, and whether that font has an outline for it."""

    font: str
    number: int
    has_outline: bool


def drawn_glyphs(content: bytes) -> list[Glyph]:
    """Every glyph that the pages draw, in order. For files with Identity-H fonts, as WeasyPrint writes them."""
    reader = PdfReader(io.BytesIO(content))
    fonts: dict[int, tuple[str, TTFont]] = {}
    found = []
    for page in reader.pages:
        current = None
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"Tf":
                reference = page["/Resources"]["/Font"].raw_get(operands[0])
                if reference.idnum not in fonts:
                    fonts[reference.idnum] = _embedded(reference.get_object())
                current = fonts[reference.idnum]
            elif operator in (b"Tj", b"TJ"):
                pieces = operands[0] if operator == b"TJ" else operands
                found += [_glyph(current, number) for piece in pieces for number in _numbers(piece)]
    return found


def _embedded(font) -> tuple[str, TTFont]:
    descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    file = descriptor.get("/FontFile2") or descriptor["/FontFile3"]
    return font["/BaseFont"].split("+")[-1], TTFont(io.BytesIO(file.get_data()))


def _numbers(piece) -> list[int]:
    if isinstance(piece, ByteStringObject):
        data = bytes(piece)
    elif isinstance(piece, TextStringObject):
        data = piece.original_bytes
    else:
        return []  # a shift to the side
    return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]


def _glyph(current: tuple[str, TTFont], number: int) -> Glyph:
    name, font = current
    order = font.getGlyphOrder()
    outline = 0 < number < len(order) and font["glyf"][order[number]].numberOfContours != 0
    return Glyph(name, number, outline)

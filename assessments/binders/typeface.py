"""The fonts of binders in reportlab: the files that tcm_demo.lib.fonts chooses, read once a process."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from django.conf import settings
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from tcm_demo.lib import fonts
from tcm_demo.lib.text import is_unseen

# what stands for a character that no font has: the mark that printers put in its place
NO_GLYPH = "〓"
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


@dataclass(frozen=True)
class Run:
    """A stretch of text in one font, as reportlab names it."""

    font: str
    text: str


class Typeface:
    """One of the roles that papers ask for (fonts.ROLES), or fonts.TABLE: a font, and those that help it out."""

    def __init__(self, names: list[str]):
        self.names = names
        self._faces = [pdfmetrics.getFont(name).face for name in names]
        self._first = self._faces[0].charToGlyph
        self._shown = _Remembered(lambda code: self._as_printed(chr(code)))
        self._widths = _Remembered(lambda character: pdfmetrics.stringWidth(character, self._font_of(character), 1))

    def printable(self, text: str) -> str:
        """Without what nobody sees, and with a mark for what no font can draw. Line ends stay."""
        return text.translate(self._shown)

    def width(self, text: str, size: float) -> float:
        """Of printable text, in points."""
        return sum(map(self._widths.__getitem__, text)) * size

    def runs(self, text: str) -> list[Run]:
        """Printable text by fonts."""
        if all(ord(character) in self._first for character in text):
            return [Run(self.names[0], text)]
        return [Run(name, "".join(part)) for name, part in groupby(text, self._font_of)]

    def _font_of(self, character: str) -> str | None:
        """The first font that has the character; None where none has it."""
        code = ord(character)
        return next((n for n, face in zip(self.names, self._faces, strict=True) if code in face.charToGlyph), None)

    def _as_printed(self, character: str) -> str:
        if character in "\n\u3000":
            return character
        if character in "\t\xa0":
            return " "
        if is_unseen(character) or ord(character) in _VARIATION_SELECTORS:
            return ""
        return character if self._font_of(character) else NO_GLYPH


class _Remembered(dict):
    """What a function gives for each key, asked once."""

    def __init__(self, find: Callable):
        super().__init__()
        self._find = find

    def __missing__(self, key):
        self[key] = found = self._find(key)
        return found


@cache
def typeface(role: str) -> Typeface:
    """`title`, `body`, `heading`, `subheading`, `song`, or fonts.TABLE. Raises fonts.FontsMissing."""
    choices = fonts.choose()
    fonts.faces(choices)  # says which files are missing
    chosen = next((choice for choice in choices if choice.role.key == role), None)
    names = [f"binder-{family}" for family in ([chosen.role.stand_in, fonts.TABLE] if chosen else [fonts.TABLE])]
    for family in dict.fromkeys(names):
        _register(family, settings.NODE_MODULES / fonts.FREE[family.removeprefix("binder-"), 400])
    if chosen and chosen.own and _register_own(str(chosen.own), chosen.own):
        names.insert(0, str(chosen.own))
    return Typeface(list(dict.fromkeys(names)))


def _register(name: str, path) -> None:
    if name in pdfmetrics.getRegisteredFontNames():
        return
    was_enabled = gc.isenabled()
    gc.disable()  # a font is some 100,000 small objects that stay: looking for garbage among them takes half the time
    try:
        font = TTFont(name, str(path))
    finally:
        if was_enabled:
            gc.enable()
    # every subset of it asks for all its outlines anew
    font.face.get_table = cache(font.face.get_table)
    pdfmetrics.registerFont(font)


def _register_own(name: str, path) -> bool:
    """reportlab cannot embed OpenType fonts with PostScript outlines; the stand-in serves then."""
    try:
        _register(name, path)
    except TTFError:
        return False
    return True

"""Documents for the demo county: a page of text each, or a picture; that they are for show is written on them."""

import io
import textwrap

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assessments.binders.typeface import typeface
from tcm_demo.lib import fonts

_MARK = "演示材料，不是真实文件"
_COLUMNS = 28


def paper(title: str, head: str, text: str, foot: str) -> bytes:
    """A one-page PDF: who it is from (`head`), what it is called, some text, and where and when it was signed."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=True)
    canvas.setTitle(title)
    y = 760
    for role, size, lines in (
        ("heading", 12, [_MARK]),
        ("subheading", 14, [head]),
        ("title", 20, textwrap.wrap(title, 20)),
        ("body", 15, [line for part in text.split("\n") for line in textwrap.wrap(f"　　{part}", _COLUMNS)]),
        ("body", 15, ["", *foot.split("\n")]),
    ):
        face = typeface(role)
        for line in lines:
            for run in face.runs(face.printable(line)):
                canvas.setFont(run.font, size)
                canvas.drawString(85, y, run.text)
            y -= size * 1.9
        y -= 10
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def photo(words: str, colour: tuple[int, int, int]) -> bytes:
    """A JPEG that stands for a photo."""
    picture = Image.new("RGB", (1200, 800), colour)
    draw = ImageDraw.Draw(picture)
    font = settings.NODE_MODULES / fonts.FREE[fonts.TABLE, 400]
    for y, size, text in ((300, 64, words), (420, 36, _MARK)):
        draw.text((80, y), text, fill="white", font=ImageFont.truetype(str(font), size))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=80)
    return stream.getvalue()

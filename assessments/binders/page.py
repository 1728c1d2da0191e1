"""Pages drawn with reportlab: text in the fonts of papers, and a column of text that runs over pages."""

from collections.abc import Callable
from io import BytesIO

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from assessments.binders.lines import balanced, broken, paragraphs
from assessments.binders.typeface import typeface

# binary content, which is a quarter smaller
rl_config.useA85 = 0

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
INK, GREY, GREEN, SHADE, RULE = (HexColor(c) for c in ("#1a1a1a", "#5c5c5c", "#1f4d3d", "#efece4", "#8a8a84"))

# GB/T 9704: the text is 156 x 225 mm, 22 lines of 28 characters of 16 points
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, WIDTH - 26 * MM, HEIGHT - 37 * MM, 35 * MM
BODY, LEADING = 16, 225 * MM / 22
# between the letters of a line that is stretched to the margin, at most
_STRETCH = 3.0


class Paper:
    """A PDF being drawn, page by page; `count` pages are finished. Lengths are points from the lower left."""

    def __init__(self, title: str):
        self._file = BytesIO()
        self.canvas = Canvas(self._file, pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1)
        self.canvas.setTitle(title)
        self.count = 0
        self._colour = None

    def text(self, x: float, y: float, words: str, role: str, size: float, *, align="left", colour=INK, spread=0.0):
        """One line; `spread` points are added between characters. `x` is where it begins, ends or has its middle."""
        face = typeface(role)
        words = face.printable(words).replace("\n", " ")
        if align != "left":
            x -= face.width(words, size) / (1 if align == "right" else 2)
        if colour != self._colour:
            self.canvas.setFillColor(colour)
            self._colour = colour
        for run in face.runs(words):
            self.canvas.setFont(run.font, size)
            self.canvas.drawString(x, y, run.text, charSpace=spread)
            x += face.width(run.text, size) + spread * len(run.text)

    def lines(self, words: str, role: str, size: float, room: float, first_room: float | None = None) -> list[str]:
        """A text broken into lines of at most `room` points; its paragraphs follow each other."""
        face = typeface(role)

        def width(part: str) -> float:
            return face.width(part, size)

        found = []
        for paragraph in paragraphs(face.printable(words)) or [""]:
            found += broken(paragraph, width, room, first_room)
        return found

    def title_lines(self, words: str, role: str, size: float, room: float) -> list[str]:
        """A title broken into lines that are about as long as each other."""
        face = typeface(role)
        return balanced(" ".join(paragraphs(face.printable(words))), lambda part: face.width(part, size), room)

    def line(self, x0: float, y0: float, x1: float, y1: float, *, width=0.5, colour=RULE, dash=()):
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(width)
        self.canvas.setDash(*([list(dash)] if dash else []))
        self.canvas.line(x0, y0, x1, y1)
        self.canvas.setDash()

    def rules(self, lines: list[tuple[float, float, float, float]]):
        """Thin lines, at once."""
        self.canvas.setStrokeColor(RULE)
        self.canvas.setLineWidth(0.5)
        self.canvas.lines(lines)

    def box(self, x: float, y: float, width: float, height: float, *, fill=None, stroke=None, line=0.5):
        if fill:
            self.canvas.setFillColor(fill)
            self._colour = fill
        if stroke:
            self.canvas.setStrokeColor(stroke)
            self.canvas.setLineWidth(line)
        self.canvas.rect(x, y, width, height, stroke=int(bool(stroke)), fill=int(bool(fill)))

    def end_page(self) -> None:
        self.canvas.showPage()
        self._colour = None
        self.count += 1

    def save(self) -> bytes:
        """The file; nothing can be drawn any more."""
        self.canvas.save()
        return self._file.getvalue()


class Flow:
    """Text running down pages from `top` to `bottom`; `finish(page)` draws what stands beside it (page number) when a
    page of the paper is full, `page` counting from 0."""

    def __init__(self, paper: Paper, finish: Callable[[int], None], *, left=LEFT, right=RIGHT, top=TOP, bottom=BOTTOM):
        self.paper, self.finish = paper, finish
        self.left, self.right, self.top, self.bottom = left, right, top, bottom
        self.y, self.page = top, 0

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def room(self) -> float:
        return self.y - self.bottom

    @property
    def is_fresh(self) -> bool:
        return self.y == self.top

    def new_page(self) -> None:
        self.end()
        self.page += 1
        self.y = self.top

    def end(self) -> None:
        """Finish the page; the last call on a flow."""
        self.finish(self.page)
        self.paper.end_page()

    def need(self, height: float) -> None:
        """A new page where less than `height` is left."""
        if self.room < height and not self.is_fresh:
            self.new_page()

    def space(self, height: float) -> None:
        self.y = max(self.y - height, self.bottom)

    def title(self, words: str, size: float = 22) -> None:
        for line in self.paper.title_lines(words, "title", size, self.width - 2 * size):
            self.need(size * 1.6)
            self.y -= size * 1.6
            self.paper.text((self.left + self.right) / 2, self.y + size * 0.4, line, "title", size, align="centre")
        self.space(LEADING / 2)

    def heading(self, words: str, role: str = "heading") -> None:
        """一、 in 黑体; never the last thing on a page."""
        self.need(LEADING * 3)
        self.paragraph(words, role=role)

    def paragraph(self, words: str, *, role="body", size=BODY, leading=LEADING, indent=2, colour=INK) -> None:
        """Every paragraph of a text, its first line set in by `indent` characters, stretched to the right margin. The
        last two lines stay together."""
        start = indent * size
        for part in paragraphs(words):
            lines = self.paper.lines(part, role, size, self.width, self.width - start)
            for number, line in enumerate(lines):
                self.need(leading * (2 if number == len(lines) - 2 else 1))
                self.y -= leading
                x = self.left + (0 if number else start)
                spread = self._stretch(line, role, size, self.right - x) if number < len(lines) - 1 else 0.0
                self.paper.text(x, self.y + (leading - size) / 2, line, role, size, colour=colour, spread=spread)

    def _stretch(self, line: str, role: str, size: float, room: float) -> float:
        left_over = room - typeface(role).width(line, size)
        spread = left_over / max(len(line) - 1, 1)
        return spread if 0 < spread <= _STRETCH else 0.0


def page_number(paper: Paper, number: int) -> None:
    """— 1 — below the text, odd ones right and even ones left, one character in."""
    y, words = BOTTOM - 7 * MM - 14, f"— {number} —"
    if number % 2:
        paper.text(RIGHT - 14, y, words, "song", 14, align="right")
    else:
        paper.text(LEFT + 14, y, words, "song", 14)

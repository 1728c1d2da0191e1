"""Breaks text into lines as Chinese is set: anywhere between characters, but no mark at the wrong end. Pure."""

import re
from collections.abc import Callable, Iterator

# must not begin a line, must not end one
_NOT_FIRST = set("，。、；：！？）》」』】〕”’％…—,.;:!?)]}%")
_NOT_LAST = set("（《「『【〔“‘([{")
_GOOD_ENDS = set("，。、；：！？）》”和及与")
# a stretch of Latin letters and digits stays together; everything else may be parted
_PIECES = re.compile(r"[!-~\u00c0-\u024f]+|.", re.DOTALL)

Width = Callable[[str], float]


def broken(text: str, width: Width, room: float, first_room: float | None = None) -> list[str]:
    """The lines of one paragraph (without line ends in it) of at most `room`, the first of `first_room`.

    `width` measures a text in the unit of `room`. A single character wider than the room has a line of its own.
    """
    limit = room if first_room is None else first_room
    if width(text) <= limit:
        return [text.rstrip(" ")]
    lines: list[str] = []
    line: list[str] = []
    used = 0.0
    for piece in _fitting(text, width, min(room, limit)):
        wide = width(piece)
        if line and used + wide > limit:
            kept = _kept(line, piece)
            lines.append("".join(line[:kept]).rstrip(" "))
            line = line[kept:]
            used, limit = width("".join(line)), room
        if line or piece != " " or not lines:
            line.append(piece)
            used += wide
    return [*lines, "".join(line).rstrip(" ")] if line or not lines else lines


def _fitting(text: str, width: Width, room: float) -> Iterator[str]:
    """The pieces that are not parted; a word longer than a line is parted all the same."""
    for piece in _PIECES.findall(text):
        if len(piece) > 1 and width(piece) > room:
            yield from piece
        else:
            yield piece


def _kept(line: list[str], following: str) -> int:
    """How many pieces stay on the line, so that no mark stands at the wrong end of it or of the next."""
    pieces = [*line, following]
    for kept in range(len(line), max(0, len(line) - 4), -1):
        if pieces[kept][0] not in _NOT_FIRST and pieces[kept - 1][-1] not in _NOT_LAST:
            return kept
    return len(line)  # nothing but marks: part them where they stand


def balanced(text: str, width: Width, room: float) -> list[str]:
    """As few lines as `broken` makes, but about as long as each other and parted behind marks if possible: titles."""
    fewest = broken(text, width, room)
    if len(fewest) == 1:
        return fewest
    tried = (broken(text, width, room * part / 40) for part in range(16, 41))
    found = [lines for lines in tried if len(lines) == len(fewest)]
    # min takes the first of equals: the narrowest, whose lines are most alike
    return min(found, key=lambda lines: sum(line[-1] not in _GOOD_ENDS for line in lines[:-1]))


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text that somebody typed, without empty ones."""
    return [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]

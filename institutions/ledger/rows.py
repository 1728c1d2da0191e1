"""Small truths about the rows of a ledger: which are notes or totals, and the text of a cell. Pure."""

from indicators.enums import InstitutionType
from institutions.ledger import words
from institutions.ledger.headings import clean, fold, heading_key
from institutions.ledger.tables import shown

_TYPES = {fold(word): kind.value for kind, kind_words in words.TYPE_WORDS.items() for word in kind_words}
_TYPES |= {fold(spelling): kind.value for kind in InstitutionType for spelling in (kind.label, kind.value)}
_NOTES = tuple(fold(start) for start in words.NOTE_STARTS)


def text_of(cell) -> str:
    """A cell as text: whole numbers without their .0, errors and formulas without result as nothing."""
    if isinstance(cell, tuple) and cell[0] in ("error", "formula"):
        return ""
    return clean(cell) if isinstance(cell, str) else shown(cell)


def code_text(cell) -> str | None:
    """A code as text; None where it was stored as a number too long to be exact.

    Control characters stay in it: a code is refused for them, and not mended.
    """
    if type(cell) is str:
        return " ".join(cell.split())
    if type(cell) is float and (abs(cell) >= 10**15 or not cell.is_integer()):
        return None
    return text_of(cell)


def type_of(text: str) -> str:
    """The institution type that a word means, or ""."""
    return _TYPES.get(fold(text), "")


def is_note(row: list) -> bool:
    """Whether a row is a total, a note, or the line of those who sign: told by its first text."""
    first = next((cell for cell in row if type(cell) is str and cell and not cell.isspace()), "")
    if not first:
        return False
    key = fold(first)
    return is_total(first) or key.startswith(_NOTES)


def is_total(text: str) -> bool:
    key = heading_key(text)
    return key in words.TOTALS or key.endswith(words.TOTAL_ENDINGS)


def is_empty(row: list, columns) -> bool:
    """Whether these columns hold nothing but blanks."""
    return not any(row[column] != "" and shown(row[column]) for column in columns)

"""Text as people write it, and what in it nobody sees."""

import unicodedata


def is_unseen(character: str) -> bool:
    """Whether it is a control character, or one that steers how others are shown. Rare characters are none."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def plain(text: str) -> str:
    """In one width (`ｚｈａｎｇ` is zhang), and without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()

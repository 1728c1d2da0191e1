"""Plain digits, signs and brackets for looking, character for character; and how wide a text prints."""

import unicodedata

# one character for one, so that places in the text stay right
_FOLD = str.maketrans(
    "０１２３４５６７８９％．，：；（）－—–―～〜＞＜＝／﹪＋【】［］〔〕〖〗　\xa0",
    "0123456789%.,:;()----~~><=/%+[][][][]  ",
)


def folded(text: str) -> str:
    """The same text, character for character, with plain digits, signs and brackets: for looking, not for showing."""
    return text.translate(_FOLD)


def width_of(line: str) -> int:
    """In columns, a Chinese character counts two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line.strip())

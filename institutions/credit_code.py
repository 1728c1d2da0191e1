"""统一社会信用代码 (GB 32100-2015): 18 characters, the last one a check character. Pure."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def is_credit_code(text: str) -> bool:
    """True where the 18 characters are of the standard's alphabet and the check character fits."""
    if len(text) != 18 or any(c not in _ALPHABET for c in text):
        return False
    total = sum(weight * _ALPHABET.index(c) for weight, c in zip(_WEIGHTS, text, strict=False))
    return _ALPHABET.index(text[17]) == (31 - total % 31) % 31

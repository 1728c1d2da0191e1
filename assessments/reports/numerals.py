"""How papers number their headings: 一、 （一） 1. Pure."""

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """1 -> 一, 12 -> 十二, 20 -> 二十; up to 99."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def in_brackets(number: int) -> str:
    return f"（{chinese(number)}）"

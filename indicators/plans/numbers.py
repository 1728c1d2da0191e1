"""Numbers as plans write them: 35, 2,000, 0.6, 1/3, 三十五, 百分之三十, 三分之一, 九成, 半数."""

import re
from fractions import Fraction

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}
CHINESE = "〇零一二两三四五六七八九十百千"
_PER_CENT = re.compile(rf"百分之([{CHINESE}]+)(?:点([{CHINESE}]+))?")
_TENTHS = re.compile(rf"([{CHINESE}])成(半?)")
_HALF = ("半数", "一半")
_PARTS = re.compile(rf"([{CHINESE}]+)分之([{CHINESE}]+)")


def chinese_number(text: str) -> int | None:
    """三十五 -> 35, 二〇二五 -> 2025; None where it is no number."""
    if not text or any(char not in _DIGITS and char not in _STEPS for char in text):
        return None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, None
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        else:
            total += (1 if digit is None else digit) * _STEPS[char]
            digit = None
    return total + (digit or 0)


def exact(text: str) -> Fraction:
    """2,000 or 0.6 or 1/3, exactly."""
    return Fraction(text.replace(",", ""))


def in_chinese(text: str) -> Fraction | None:
    """百分之三十, 九成, 半数 and 三分之一 as fractions; None where the text is neither."""
    if match := _PER_CENT.fullmatch(text):
        whole = chinese_number(match[1])
        digits = "".join(str(_DIGITS.get(char, 0)) for char in match[2] or "")
        return None if whole is None else Fraction(f"{whole}.{digits or 0}") / 100
    if match := _TENTHS.fullmatch(text):
        tenths = chinese_number(match[1])
        return None if tenths is None else Fraction(2 * tenths + bool(match[2]), 20)
    if text in _HALF:
        return Fraction(1, 2)
    if match := _PARTS.fullmatch(text):
        below, above = chinese_number(match[1]), chinese_number(match[2])
        return Fraction(above, below) if below and above is not None else None
    return None

"""Turns a cell into a value of a data element: exact, and never a guess. Pure.

Values as Report.values holds them: integers as int, yes/no as bool, a choice as its number, decimals as text ("600.5").
"""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from institutions.ledger import words
from institutions.ledger.headings import fold
from institutions.ledger.tables import shown

# Beyond this no figure of a county goes; it is a slip, or a code in the wrong column.
LARGEST = 10**12
BLANK = object()
# Left out on purpose: a lone dash or slash.
DASH = object()
# Blanks and commas only where they group thousands: "1 870" is a number, "1 87" may be two.
_NUMBER = re.compile(r"'?([-+]?(?:\d+|\d{1,3}(?:[, ]\d{3})+)(?:\.\d{1,15})?) ?\(?([^\d,.()]*)\)?", re.ASCII)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_LONGEST = 60
_KINDS = {
    "date": "not_a_number_but_a_date",
    "time": "not_a_number_but_a_date",
    "error": "error_value",
    "formula": "formula_without_result",
    "percent": "percent_format",
}


class CellFault(Exception):
    """What is wrong with a cell: a code of problems.SENTENCES, and what its sentences need."""

    def __init__(self, code: str, **facts):
        super().__init__(code)
        self.code = code
        self.facts = facts


def parser_of(element) -> Callable:
    """A function from a cell (see workbook.SheetRows) to a value, BLANK or DASH. It raises CellFault.

    `element` has code, name, value_type, unit, choices, minimum and maximum (indicators.models.Element).
    """
    return {"integer": _integer, "decimal": _decimal, "boolean": _boolean, "choice": _choice}[element.value_type](
        element
    )


def _integer(element) -> Callable:
    number = _number(element)
    low = max(element.minimum if element.minimum is not None else -LARGEST, -LARGEST)
    high = min(element.maximum if element.maximum is not None else LARGEST, LARGEST)

    def slowly(raw):
        value = number(raw)
        if not isinstance(value, Decimal):
            return value
        if value != value.to_integral_value():
            raise CellFault("not_whole", name=element.name)
        return int(value)

    of_text = lru_cache(maxsize=4096)(slowly)

    def parse(raw):
        if type(raw) is float:
            return int(raw) if low <= raw <= high and raw.is_integer() else slowly(raw)
        return of_text(raw) if type(raw) is str else slowly(raw)

    return parse


def _decimal(element) -> Callable:
    number = _number(element)

    def slowly(raw):
        value = number(raw)
        return plain(value) if isinstance(value, Decimal) else value

    return slowly


def _number(element) -> Callable:
    """A cell as an exact Decimal within the element's range, or BLANK, or DASH."""
    unit = fold(element.unit)

    def parse(raw):
        if type(raw) is str:
            value = _from_text(raw, unit)
            if value is BLANK or value is DASH:
                return value
        elif type(raw) is float:
            value = exact(raw)
        elif type(raw) is tuple and raw[0] == "percent" and unit == "%":
            value = exact(raw[1]) * 100
        else:
            raise CellFault(_KINDS[raw[0]] if type(raw) is tuple else "not_a_number")
        _check_range(value, element)
        return value

    return parse


def exact(number: float) -> Decimal:
    """What the spreadsheet shows: 15 significant digits, so that 16.099999999999998 is 16.1."""
    if number != number or number in (float("inf"), float("-inf")):
        raise CellFault("not_a_number")
    return Decimal(format(number, ".15g"))


def plain(value: Decimal) -> str:
    """Decimals as they are stored: 600.50 -> "600.5", 1E+2 -> "100", -0 -> "0"."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _hides_digits(text: str) -> bool:
    """①, ², ㏠ are no digits, though folding makes digits of them: 34019① (a note's mark) is not 340191."""
    return not text.isascii() and any(
        not sign.isdecimal() and any(map(str.isdecimal, unicodedata.normalize("NFKC", sign))) for sign in text
    )


def _from_text(raw: str, unit: str):
    folded = fold(raw)
    if not folded:
        return BLANK
    if folded in words.DASHES:
        return DASH
    if folded.startswith("#"):
        raise CellFault("error_value")
    if len(raw) > _LONGEST or _hides_digits(raw):
        raise CellFault("not_a_number")
    text = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", raw)).split())
    match = _NUMBER.fullmatch(text)
    if not match or (match[2] and fold(match[2]) != unit):
        raise CellFault("not_a_number")
    return Decimal(re.sub("[, ]", "", match[1]))


def _check_range(value: Decimal, element) -> None:
    if abs(value) > LARGEST:
        raise CellFault("too_large")
    low, high = element.minimum, element.maximum
    if low is not None and value < low:
        if value < 0 <= low:
            raise CellFault("negative")
        raise CellFault("out_of_range", range=_range(low, high))
    if high is not None and value > high:
        raise CellFault("out_of_range", range=_range(low, high))


def _range(low: int | None, high: int | None) -> str:
    if low is None:
        return f"不大于 {high}"
    return f"不小于 {low}" if high is None else f"{low} 至 {high}"


def _boolean(element) -> Callable:
    @lru_cache(maxsize=1024)
    def of_text(raw: str):
        text = fold(raw)
        if not text:
            return BLANK
        if _hides_digits(raw):
            raise CellFault("not_yes_or_no")
        if text in words.YES:
            return True
        if text in words.NO:
            return False
        if text in words.DASHES:
            return DASH
        raise CellFault("error_value" if text.startswith("#") else "not_yes_or_no")

    def parse(raw):
        if type(raw) is str:
            return of_text(raw)
        if type(raw) is bool:
            return raw
        if type(raw) is float and raw in (0, 1):
            return raw == 1
        if type(raw) is tuple and raw[0] in ("error", "formula"):
            raise CellFault(_KINDS[raw[0]])
        raise CellFault("not_yes_or_no")

    return parse


def _choice(element) -> Callable:
    by_text = {fold(str(key)): int(key) for key in element.choices}
    by_text |= {fold(name): int(key) for key, name in element.choices.items()}
    known = "、".join(f"{key} {name}" for key, name in element.choices.items())

    def parse(raw):
        if type(raw) is tuple and raw[0] in ("error", "formula"):
            raise CellFault(_KINDS[raw[0]])
        text = fold(raw if type(raw) is str else shown(raw))
        if not text:
            return BLANK
        if text in words.DASHES:
            return DASH
        if text.startswith("#"):
            raise CellFault("error_value")
        if text not in by_text or (type(raw) is str and _hides_digits(raw)):
            raise CellFault("unknown_choice", choices=known)
        return by_text[text]

    return parse

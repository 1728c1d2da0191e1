"""What stands in one cell: lists and pairs as text that reads back as the same list.

Where a value holds the sign that parts values, or a backslash, a backslash stands before it.
"""

import re
from datetime import date

from indicators.exchange.columns import NO_LIMIT, Column, Kind

NAME_SIGN, LINE_SIGN, PAIR_SIGN = "、", "\n", "："
YES, NO = "是", "否"
# what a cell of a workbook holds at most
LONGEST = 32_767
# spreadsheets know no earlier days
_FIRST_DAY = date(1901, 1, 1)
_ESCAPE_OF_EXCEL = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")


def cell_of(column: Column, value):
    """What to put into the cell for the value of the YAML file (None: nothing): a text, a date, None."""
    if value is None:
        return NO_LIMIT if column.key == "minimum" else None
    kind = column.kind
    if kind is Kind.DAY:
        return value if value >= _FIRST_DAY else value.isoformat()
    if kind is Kind.YES_NO:
        text = YES if value else NO
    elif kind is Kind.WORD:
        text = column.words.get(value, value)
    elif kind is Kind.WORDS:
        text = NAME_SIGN.join(column.words.get(each, each) for each in value)
    elif kind is Kind.NAMES:
        text = NAME_SIGN.join(_escaped(each, NAME_SIGN) for each in value)
    elif kind is Kind.LINES:
        text = LINE_SIGN.join(_escaped(each, LINE_SIGN) for each in value)
    elif kind is Kind.PAIRS:
        text = LINE_SIGN.join(_pair(str(key), each) for key, each in value.items())
    else:
        text = str(value)
    # Excel takes _x0041_ for a character
    return _ESCAPE_OF_EXCEL.sub("_x005F_x", text)


def _pair(key: str, value: str) -> str:
    return f"{_escaped(key, PAIR_SIGN)}{PAIR_SIGN}{_escaped(value, LINE_SIGN)}"


def _escaped(text: str, sign: str) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text if sign == LINE_SIGN else text.replace(sign, f"\\{sign}")


def parts_of(text: str, sign: str) -> list[str]:
    """The values of a list in a cell; blank ones are left out."""
    values, value, escaped = [], "", False
    for character in text:
        if escaped:
            value += {"n": "\n"}.get(character, character)
        elif character not in ("\\", sign):
            value += character
        if not escaped and character == sign:
            values.append(value)
            value = ""
        escaped = character == "\\" and not escaped
    return [each.strip() for each in [*values, value] if each.strip()]


def pairs_of(text: str) -> list[tuple[str, str]] | None:
    """The pairs in a cell, one a line; None where a line is no pair. A half-width colon parts them too."""
    pairs = []
    for line in text.split(LINE_SIGN):
        if not line.strip():
            continue
        found = re.match(r"((?:[^\\：:]|\\.)+)[：:](.+)", line)
        if not found:
            return None
        key, value = ("".join(parts_of(each, "")) for each in found.groups())
        pairs.append((key, value))
    return pairs


def day_in(text: str) -> str:
    """2023-12-21 of what people write for a day; as it is where it is none."""
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text)
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else text

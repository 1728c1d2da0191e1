"""The numbers that Word counts by itself and does not write into the text: 一、 （一） 1. …"""

from collections.abc import Iterator
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = "零一二三四五六七八九"
_COUNTED = {
    *("chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "japaneseCounting", "ideographDigital"),
    *("taiwaneseCounting", "taiwaneseCountingThousand", "koreanCounting"),
}
_LEVELS = 9
_HIGHEST = 9999


class Numbering:
    """Counts through a document, paragraph by paragraph, in their order."""

    def __init__(self, numbering: ElementTree.Element | None, styles: ElementTree.Element | None):
        self.levels: dict[str, dict[int, ElementTree.Element]] = {}
        self.lists: dict[str, str] = {}
        self.starts: dict[tuple[str, int], int] = {}
        self.counters: dict[str, list[int | None]] = {}
        self.begun: set[str] = set()
        self.styles = _styles(styles) if styles is not None else {}
        if numbering is not None:
            self._read(numbering)

    def mark(self, paragraph: ElementTree.Element) -> str:
        """The number of this paragraph as Word shows it; "" where it has none. Counts on."""
        found = self._list_of(paragraph)
        if not found:
            return ""
        number, level = found
        abstract = self.lists.get(number, "")
        levels = self.levels.get(abstract, {})
        if level not in levels:
            return ""
        counters = self.counters.setdefault(abstract, [None] * _LEVELS)
        self._begin(number, counters)
        start = _number(levels[level].find(f"{W}start"), 1)
        counters[level] = start if counters[level] is None else min(counters[level] + 1, _HIGHEST)
        counters[level + 1 :] = [None] * (_LEVELS - level - 1)
        return self._written(levels, counters, level)

    def _begin(self, number: str, counters: list[int | None]) -> None:
        """A list that is told to start anew does so when it is first met."""
        if number not in self.begun:
            self.begun.add(number)
            for level in range(_LEVELS):
                if (number, level) in self.starts:
                    counters[level] = self.starts[number, level] - 1

    def _written(self, levels: dict, counters: list[int | None], level: int) -> str:
        text = _value(levels[level].find(f"{W}lvlText"))
        if _value(levels[level].find(f"{W}numFmt")) in ("bullet", "none"):
            return ""
        for place in range(level + 1):
            if f"%{place + 1}" in text and place in levels:
                count = counters[place] if counters[place] is not None else _number(levels[place].find(f"{W}start"), 1)
                kind = "decimal" if place < level and levels[level].find(f"{W}isLgl") is not None else ""
                kind = kind or _value(levels[place].find(f"{W}numFmt"))
                text = text.replace(f"%{place + 1}", written(count, kind))
        return text

    def _list_of(self, paragraph: ElementTree.Element) -> tuple[str, int] | None:
        """The list and level that a paragraph, or else its style, belongs to."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None
        style = self.styles.get(_value(properties.find(f"{W}pStyle")), (None, None))
        own = properties.find(f"{W}numPr")
        number = _value(own.find(f"{W}numId")) if own is not None else ""
        level = _value(own.find(f"{W}ilvl")) if own is not None else ""
        number = number or style[0] or ""
        level = level or style[1] or "0"
        if number in ("", "0") or not level.isdecimal() or int(level) >= _LEVELS:
            return None
        return number, int(level)

    def _read(self, numbering: ElementTree.Element) -> None:
        for abstract in numbering.findall(f"{W}abstractNum"):
            levels = abstract.findall(f"{W}lvl")
            known = {
                int(at): each for each in levels if (at := each.get(f"{W}ilvl", "")).isdecimal() and int(at) < _LEVELS
            }
            self.levels[abstract.get(f"{W}abstractNumId", "")] = known
        for entry in numbering.findall(f"{W}num"):
            number = entry.get(f"{W}numId", "")
            self.lists[number] = _value(entry.find(f"{W}abstractNumId"))
            for override in entry.findall(f"{W}lvlOverride"):
                start, level = override.find(f"{W}startOverride"), override.get(f"{W}ilvl", "")
                if start is not None and level.isdecimal():
                    self.starts[number, int(level)] = _number(start, 1)


def written(count: int, kind: str) -> str:
    """One number in Word's format of that name; what is not known is written in digits."""
    if kind in _COUNTED:
        return in_chinese(count)
    if kind in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= count <= 20:
        return chr(ord("①") + count - 1)
    if kind in ("upperLetter", "lowerLetter") and 1 <= count <= 26:
        return chr(ord("A" if kind == "upperLetter" else "a") + count - 1)
    if kind == "decimalZero":
        return f"{count:02d}"
    return str(count)


def in_chinese(count: int) -> str:
    """12 -> 十二, 120 -> 一百二十; from a thousand on in digits."""
    if not 0 < count < 1000:
        return str(count)
    hundreds, tens, ones = count // 100, count // 10 % 10, count % 10
    text = f"{_CHINESE[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _CHINESE[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_CHINESE[ones] if ones else "")


def _styles(styles: ElementTree.Element) -> dict[str, tuple[str | None, str | None]]:
    """Style -> list and level, also where it takes them over from the style it is based on."""
    own = {each.get(f"{W}styleId", ""): each for each in styles.findall(f"{W}style")}
    return {name: _style(name, own) for name in own}


def _style(name: str, own: dict[str, ElementTree.Element]) -> tuple[str | None, str | None]:
    for element in _based_on(name, own):
        numbered = element.find(f"{W}pPr/{W}numPr")
        if numbered is not None:
            return _value(numbered.find(f"{W}numId")) or None, _value(numbered.find(f"{W}ilvl")) or None
    return None, None


def _based_on(name: str, own: dict[str, ElementTree.Element]) -> Iterator[ElementTree.Element]:
    for _ in range(10):  # styles may lead back to themselves
        if name not in own:
            return
        yield own[name]
        name = _value(own[name].find(f"{W}basedOn"))


def _value(element: ElementTree.Element | None) -> str:
    return element.get(f"{W}val", "") if element is not None else ""


def _number(element: ElementTree.Element | None, otherwise: int) -> int:
    text = _value(element)
    return int(text) if text.isdecimal() and len(text) < 6 else otherwise

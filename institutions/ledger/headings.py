"""Matches a ledger's headings to data elements and to what the registry says about institutions. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from indicators.enums import ValueType
from institutions.ledger import words
from institutions.ledger.stated_period import strip_period

# No heading, name or code is longer.
MAX_TEXT = 300
_MAX_HEADING = 120
_MAX_GUESSED = 100
# what nobody sees, control characters among it
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2060\ufeff\u00ad]+")
# control characters and halves of characters: nobody sees them, and no database takes them
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SIGNS = str.maketrans("—–―‐‑‒−－～~〔【[{〕】]}，、；：。", "----------" + "((((" + "))))" + ",,;:.")
_NUMBERING = re.compile(r"^(?:\(\d{1,2}\)|\d{1,2}[.,)](?!\d)|[一二三四五六七八九十]{1,3}[,.])")
_OF_WHICH = re.compile(r"^其中[:,]?")
_LAST_BRACKET = re.compile(r"^(.+)\(([^()]*)\)$")
_BEFORE_UNIT = re.compile("[,/:]")
_LOOSE = re.compile(r"[-(),.:;/·\"'“”的]")
_WHOLE_TAIL = re.compile(r"(?:数量|总数|合计|数)$")
_FIGURES = (ValueType.INTEGER, ValueType.DECIMAL)
_SCALES = ("亿", "千万", "百万", "万", "千", "百")


def fold(text: str) -> str:
    """One spelling for what looks alike: width, blanks, brackets, dashes, case. Of long texts the start."""
    return _fold(text if len(text) <= MAX_TEXT else text[:MAX_TEXT])


@lru_cache(maxsize=20000)
def _fold(text: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).translate(_SIGNS).lower()


def clean(text: str) -> str:
    """A text in one line, with single blanks and without control characters."""
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(_UNPRINTABLE.sub("", text).split())


def heading_key(text: str) -> str:
    """The form under which a heading is remembered: folded, without numbering and marks, at most 200 characters."""
    return _NUMBERING.sub("", fold(text)).strip(":*.,;")[:200]


_UNITS = frozenset(fold(unit) for unit in words.UNITS)


def is_unit(text: str) -> bool:
    """Whether the text names a unit, in brackets or without: （人）, 人次, 是/否."""
    folded = fold(text).strip(":*")
    return folded.removeprefix("单位:").strip("()") in _UNITS


def readings(heading: str) -> list[tuple[str, str]]:
    """(key, unit) of a heading, the whole first, then without what may be its unit: 床位数（张）→ 床位数, 张."""
    whole = heading_key(heading)
    found = [(whole, "")]
    lines = [line for line in heading.splitlines() if line.strip()]
    if len(lines) > 1 and is_unit(lines[-1]):
        rest = "".join(lines[:-1])
        found.append((heading_key(rest), fold(lines[-1]).removeprefix("单位:").strip("()")))
    rest, unit = whole, ""
    while match := _LAST_BRACKET.match(rest):
        rest, inner = match[1], match[2].removeprefix("单位:")
        if inner in _UNITS:
            unit = unit or inner
        found.append((rest.strip(":*.,;"), unit))
    for sign in _BEFORE_UNIT.finditer(whole):
        if whole[sign.end() :] in _UNITS:
            found.append((whole[: sign.start()], whole[sign.end() :]))
            break
    return [(_OF_WHICH.sub("", key), unit) for key, unit in found]


def _loose(key: str) -> str:
    return _LOOSE.sub("", key).removeprefix("其中")


def _stem(key: str) -> str:
    """For figures, which 注册护士 means as well as 注册护士数; a yes or no called 中医科 is not 中医科数."""
    return _WHOLE_TAIL.sub("", _loose(key))


def scale(unit: str) -> str:
    """What a unit multiplies by: 万 of 万人, % of %, "" of 人. Two units of different scale must not be mixed."""
    folded = fold(unit)
    if folded in ("%", "‰"):
        return folded
    return next((word for word in _SCALES if folded.startswith(word)), "")


@dataclass(frozen=True)
class Match:
    """What a heading stands for. `kind`: element, field, left_out (matched to nothing by hand)."""

    kind: str
    target: str = ""
    unit: str = ""
    by_hand: bool = False


class Vocabulary:
    """The headings that are known: elements by name and alias, fields of the registry, what was matched by hand.

    `elements` are objects with code, name, aliases, unit and value_type (indicators.models.Element); `by_hand` maps
    headings to element codes, or to "" for a column that is to be left out.
    """

    def __init__(self, elements: Iterable, by_hand: Mapping[str, str] | None = None):
        self.elements = {element.code: element for element in elements}
        known = {"": "", **{code: code for code in self.elements}}
        self.by_hand = {heading_key(h): known[code] for h, code in (by_hand or {}).items() if code in known}
        spellings = [(e, heading_key(text)) for e in self.elements.values() for text in (e.name, *(e.aliases or ()))]
        spellings = [(e, _OF_WHICH.sub("", key)) for e, key in spellings]
        self._tables = (
            (str, _unambiguous((key, e.code) for e, key in spellings)),
            (_loose, _unambiguous((_loose(key), e.code) for e, key in spellings)),
            (_stem, _unambiguous((_stem(key), e.code) for e, key in spellings if e.value_type in _FIGURES)),
        )
        self._fields = {heading_key(h): field for field, hs in words.FIELD_HEADINGS.items() for h in hs}
        self._names = {_stem(heading_key(e.name)): e for e in self.elements.values()}
        self._columns: dict[tuple[str, ...], Match | None] = {}
        self._labels: dict[tuple[str, ...], Match | None] = {}
        self._guessed = 0

    def classify(self, parts: tuple[str, ...]) -> Match | None:
        """What a column under these headings (outermost group first) holds, or None where nothing is known."""
        if len(parts[-1]) > _MAX_HEADING:
            return None
        if parts not in self._columns:
            self._columns[parts] = self._by_hand(parts) or self._field(parts[-1]) or self._element(parts)
        return self._columns[parts]

    def element(self, parts: tuple[str, ...]) -> Match | None:
        """The same for the label of a row, where only elements count: 镇（街道）数 is a figure there, not a place."""
        if len(parts[-1]) > _MAX_HEADING:
            return None
        if parts not in self._labels:
            self._labels[parts] = self._by_hand(parts) or self._element(parts)
        return self._labels[parts]

    def guesses(self, parts: tuple[str, ...], count: int = 3) -> list[str]:
        """Codes of the elements whose names look nearest, best first; none any more after many questions (slow)."""
        self._guessed += 1
        if self._guessed > _MAX_GUESSED or len(parts[-1]) > _MAX_HEADING:
            return []
        near: dict[str, float] = {}
        for text in {parts[-1], "".join(parts)}:
            key = _stem(readings(text)[-1][0])
            for name in difflib.get_close_matches(key, self._names, n=count, cutoff=0.5):
                ratio = difflib.SequenceMatcher(None, key, name).ratio()
                code = self._names[name].code
                near[code] = max(near.get(code, 0), ratio)
        return sorted(near, key=lambda code: -near[code])[:count]

    def _by_hand(self, parts: tuple[str, ...]) -> Match | None:
        for key in (heading_key(path(parts)), heading_key(parts[-1])):
            if key in self.by_hand:
                code = self.by_hand[key]
                unit = next((unit for _, unit in reversed(readings(parts[-1])) if unit), "")
                return Match("element" if code else "left_out", code, unit, by_hand=True)
        return None

    def _field(self, leaf: str) -> Match | None:
        for key, _ in readings(leaf):
            if key in self._fields:
                return Match("field", self._fields[key])
        return None

    def _element(self, parts: tuple[str, ...]) -> Match | None:
        parts = tuple(strip_period(part) for part in parts)
        for shape, table in self._tables:
            for text in _spellings(parts):
                for key, unit in readings(text):
                    if code := table.get(shape(key)):
                        return Match("element", code, unit)
        return None


def path(parts: tuple[str, ...]) -> str:
    """How a heading under groups is written in one line."""
    return " / ".join(clean(part) for part in parts)


def _spellings(parts: tuple[str, ...]) -> list[str]:
    """The leaf alone, then with its groups, both ways round: 中医类别 under 执业（助理）医师."""
    *groups, leaf = parts
    whole = _bare(leaf) in words.WHOLE_WORDS
    found = [] if whole else [leaf]
    for start in range(len(groups)):
        prefix = "".join(_bare(group) for group in groups[start:])
        found += [prefix] if whole else [prefix + leaf, _bare(leaf) + prefix]
    return found


def _bare(part: str) -> str:
    """A heading without its unit."""
    found = readings(part)
    return next((key for key, unit in found if unit), found[0][0])


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Key -> code, without the keys that stand for two elements."""
    table: dict[str, str] = {}
    doubtful = set()
    for key, code in pairs:
        if key and table.setdefault(key, code) != code:
            doubtful.add(key)
    return {key: code for key, code in table.items() if key not in doubtful}

"""The Chinese words of a formula, and the names of the elements that stand in it. Pure."""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping

from indicators.formula.checks import Elements

# the first of each is how the word is written; the others are understood, too
FUNCTIONS = {
    "sum": ("合计", "求和", "总和"),
    "count": ("家数", "机构数"),
    "share": ("占比", "机构占比", "比例"),
    "min": ("最小", "最小值"),
    "max": ("最大", "最大值"),
    "mean": ("平均", "平均值", "均值"),
}
CONNECTIVES = {"and": ("且", "并且", "而且"), "or": ("或", "或者"), "not": ("非", "不满足")}
COMPARATORS = {
    ">=": ("≥", "不低于", "不少于", "大于等于"),
    "<=": ("≤", "不高于", "不超过", "小于等于"),
    "==": ("=", "等于"),
    ">": (">", "大于", "高于"),
    "<": ("<", "小于", "低于"),
}
WRITTEN = {word: words[0] for table in (FUNCTIONS, CONNECTIVES, COMPARATORS) for word, words in table.items()}
FUNCTION_OF = {each: word for word, words in FUNCTIONS.items() for each in words}
CONNECTIVE_OF = {each: word for word, words in CONNECTIVES.items() for each in words}
COMPARATOR_OF = {each: word for word, words in COMPARATORS.items() for each in words}
# what stands around the name of an element, and around the name of a choice
OPENING, CLOSING = "【[", "】]"
QUOTES = '“”"「」『』'

_SUGGESTED = 3


def fold(text: str) -> str:
    """One spelling for what looks alike, character for character, so that places stay right: width and case."""
    return "".join(_folded(character) for character in text)


def plain(name: str) -> str:
    """As headings are compared: width, spaces and case do not matter."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _folded(character: str) -> str:
    wide = unicodedata.normalize("NFKC", character)
    small = wide.casefold()
    return small if len(small) == 1 else character


def is_letter(character: str) -> bool:
    """Whether a name can go on with it."""
    return character.isalnum() or character == "_"


class Names:
    """The elements by name, other name and code. A name that two elements have leads to neither."""

    def __init__(self, elements: Elements, aliases: Mapping[str, str]):
        self.elements = elements
        spellings = [(code, code) for code in elements]
        spellings += [(element.name, code) for code, element in elements.items()]
        spellings += [(alias, code) for alias, code in aliases.items() if code in elements]
        self._codes: dict[str, dict[str, None]] = {}
        for name, code in spellings:
            self._codes.setdefault(plain(name), {})[code] = None
        self._starts: dict[str, list[str]] = {}
        for name in {fold(name) for name, _ in spellings if name}:
            self._starts.setdefault(name[0], []).append(name)
        for names in self._starts.values():
            names.sort(key=len, reverse=True)

    def code(self, name: str) -> str | None:
        codes = self.codes(name)
        return codes[0] if len(codes) == 1 else None

    def codes(self, name: str) -> tuple[str, ...]:
        """Of all elements of this name."""
        return tuple(self._codes.get(plain(name), ()))

    def at(self, text: str, place: int) -> str | None:
        """The longest name that the folded text has at this place."""
        return next((name for name in self._starts.get(text[place], ()) if text.startswith(name, place)), None)

    def like(self, name: str) -> tuple[str, ...]:
        """The elements that may have been meant, the likeliest first."""
        key = plain(name)[:60]
        close = difflib.get_close_matches(key, self._known(), n=_SUGGESTED, cutoff=0.5)
        within = [each for each in self._known() if key and (key in each or (len(each) > 3 and each in key))]
        codes = dict.fromkeys(next(iter(self._codes[each])) for each in (*close, *sorted(within, key=len)))
        return tuple(written(code, self.elements) for code in list(codes)[:_SUGGESTED])

    def _known(self) -> list[str]:
        return [key for key, codes in self._codes.items() if key and len(codes) == 1]


def written(code: str, elements: Elements) -> str:
    """How an element is written: 【name】; by its code where its name is not its own or cannot stand there."""
    name = elements[code].name if code in elements else ""
    unfit = not name.strip() or any(sign in name for sign in OPENING + CLOSING + "\n\r")
    return code if unfit else f"【{name}】"


def words_like(text: str, words: Iterable[str]) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(text[:20], list(words), n=_SUGGESTED, cutoff=0.4))

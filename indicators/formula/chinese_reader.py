"""Reads a Chinese formula piece by piece; every piece knows where it stood. Pure."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from indicators.formula.checks import Elements
from indicators.formula.chinese_words import (
    CLOSING,
    COMPARATOR_OF,
    CONNECTIVE_OF,
    CONNECTIVES,
    FUNCTION_OF,
    FUNCTIONS,
    OPENING,
    QUOTES,
    WRITTEN,
    Names,
    fold,
    is_letter,
    words_like,
)
from indicators.formula.parser import FormulaError

# more faults at once help nobody
_MAX_FAULTS = 5
_COMPARISONS = (">=", "<=", "==", ">", "<")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?%?")
_WORD = re.compile(r"[a-z_][a-z0-9_]*")
# signs of Chinese keyboards that folding leaves alone
_SIGNS = {"×": "*", "÷": "/", "−": "-", "–": "-", "—": "-"}
# what stands in for a name that is not known, so that the rest can be read
_UNKNOWN = "unknown"


@dataclass(frozen=True)
class ChineseFault:
    """A fault at a place of the Chinese text (characters from 0), a sentence, and what could stand there instead."""

    position: int
    length: int
    sentence: str
    suggestions: tuple[str, ...] = ()


class Piece(NamedTuple):
    """`text[start:end]` was read as what stands `at` this place of the notation."""

    at: int
    start: int
    end: int


class Reading(NamedTuple):
    """What a Chinese formula says in the notation of scoring.md, and what could not be understood."""

    notation: str
    faults: list[ChineseFault]
    pieces: list[Piece]

    def fault_of(self, error: FormulaError, elements: Elements) -> ChineseFault:
        """A fault of the notation, at its place in the Chinese text and in its words."""
        start, end = self.place(error.position)
        sentence = re.sub(
            r"第 (\d+) 个字符处", lambda found: f"第 {self.place(int(found[1]) - 1)[0] + 1} 个字符处", error.message
        )
        return ChineseFault(start, end - start, _in_chinese(sentence, elements))

    def place(self, at: int) -> tuple[int, int]:
        """Start and end, in the Chinese text, of what stands there in the notation."""
        index = bisect_right(self.pieces, at, key=lambda piece: piece.at) - 1
        end = self.pieces[-1].end if self.pieces else 0
        if at >= len(self.notation) or index < 0:
            return end, end
        return self.pieces[index].start, self.pieces[index].end


def choices_beside(tokens, telling: list[int], k: int, elements: Elements) -> Mapping[int, str]:
    """The choices of the element that token `k` is compared with."""
    for step in (-1, 1):
        sign, name = k + step, k + 2 * step
        if 0 <= name < len(telling) and tokens[telling[sign]][1] in _COMPARISONS:
            element = elements.get(tokens[telling[name]][1])
            if element is not None and element.choices:
                return element.choices
    return {}


def _in_chinese(sentence: str, elements: Elements) -> str:
    def word(found: re.Match) -> str:
        if found[0] in elements:
            return elements[found[0]].name
        return WRITTEN.get(found[0], found[0])

    return re.sub(r"(?<![\w%])[a-z][a-z0-9_]*", word, sentence)


class Reader:
    def __init__(self, text: str, names: Names):
        self.text, self.plain, self.names = text, fold(text), names
        self.written: list[str] = []
        self.length = 0
        self.pieces: list[Piece] = []
        self.last_kind = ""
        self.faults: list[ChineseFault] = []
        # (kind, text, start, end) of what tells something; choices are looked up in it
        self.tokens: list[tuple[str, str, int, int]] = []

    def reading(self) -> Reading:
        place = 0
        while place < len(self.text) and len(self.faults) < _MAX_FAULTS:
            place = self.read(place)
        tokens = self._with_choices()
        for kind, token, start, end in tokens:
            self.write(kind, token, start, end)
        return Reading("".join(self.written), self.faults, self.pieces)

    def read(self, place: int) -> int:
        """Reads what stands at the place; returns the place after it."""
        sign = self.plain[place]
        if sign.isspace():
            return self.take("space", " ", place, place + 1)
        if sign in OPENING:
            return self.bracketed(place)
        if sign in QUOTES:
            return self.quoted(place)
        if end := self.name(place):
            return end
        if found := _NUMBER.match(self.plain, place):
            return self.take("number", found[0], place, found.end())
        if is_letter(sign):
            return self.word(place)
        return self.sign(place)

    def take(self, kind: str, token: str, start: int, end: int) -> int:
        self.tokens.append((kind, token, start, end))
        return end

    def fault(self, start: int, end: int, sentence: str, suggestions: tuple[str, ...] = ()) -> None:
        self.faults.append(ChineseFault(start, end - start, sentence, suggestions))

    def bracketed(self, place: int) -> int:
        end = next((i for i in range(place + 1, len(self.text)) if self.text[i] in OPENING + CLOSING), len(self.text))
        if end == len(self.text) or self.text[end] in OPENING:
            self.fault(
                place,
                place + 1,
                "“【”没有合上，请在数据元名称后面补上“】”。",
                self.names.like(self.text[place + 1 : end]),
            )
            return self.take("name", _UNKNOWN, place, end)
        return self.element(self.text[place + 1 : end], place, end + 1)

    def element(self, name: str, start: int, end: int) -> int:
        code, codes = self.names.code(name), self.names.codes(name)
        if not name.strip():
            self.fault(start, end, "【】里请填写数据元的名称。")
        elif code is None and codes:
            self.fault(start, end, f"有 {len(codes)} 个数据元叫“{_short(name)}”，请写代码。", codes)
        elif code is None:
            self.fault(start, end, f"没有“{_short(name)}”这个数据元。", self.names.like(name))
        return self.take("name", code or _UNKNOWN, start, end)

    def quoted(self, place: int) -> int:
        end = next((i for i in range(place + 1, len(self.text)) if self.text[i] in QUOTES), len(self.text))
        if end == len(self.text):
            self.fault(place, place + 1, "引号没有合上。")
        return self.take("label", self.text[place + 1 : end], place, min(end + 1, len(self.text)))

    def name(self, place: int) -> int:
        """The place after an element's name that stands here without 【】; 0 where none does."""
        found = self.names.at(self.plain, place)
        if found is None:
            return 0
        end = place + len(found)
        goes_on = end < len(self.text) and is_letter(found[-1]) and is_letter(self.plain[end])
        return 0 if goes_on and not self._joining(end) else self.element(found, place, end)

    def word(self, place: int) -> int:
        """A function, a connective, a comparison in words, or a name that is not known."""
        function = self._longest(place, FUNCTION_OF)
        if function and self.plain[place + len(function) :].lstrip()[:1] == "(":
            return self.take("word", FUNCTION_OF[function], place, place + len(function))
        if found := self._longest(place, COMPARATOR_OF) or self._longest(place, CONNECTIVE_OF):
            kind = "sign" if found in COMPARATOR_OF else "join"
            return self.take(kind, (COMPARATOR_OF | CONNECTIVE_OF)[found], place, place + len(found))
        english = _WORD.match(self.plain, place)
        ends = english and not is_letter(self.plain[english.end() : english.end() + 1] or " ")
        if ends and english[0] in (*FUNCTIONS, *CONNECTIVES):
            return self.take("word" if english[0] in FUNCTIONS else "join", english[0], place, english.end())
        return self.unknown(place)

    def unknown(self, place: int) -> int:
        end = place + 1
        while end < len(self.text) and is_letter(self.plain[end]) and not self._joining(end):
            end += 1
        name = self.text[place:end]
        if self.plain[end:].lstrip()[:1] == "(":
            known = "、".join(WRITTEN[word] for word in FUNCTIONS)
            like = (*words_like(name, FUNCTION_OF), *self.names.like(name))
            self.fault(place, end, f"没有“{_short(name)}”这个函数，可用：{known}。", like)
            return self.take("word", "sum", place, end)
        self.fault(place, end, f"没有“{_short(name)}”这个数据元。", self.names.like(name))
        return self.take("name", _UNKNOWN, place, end)

    def sign(self, place: int) -> int:
        pair, one = self.plain[place : place + 2], self.plain[place]
        if pair in (">=", "<=", "=="):
            return self.take("sign", pair, place, place + 2)
        return self.take("sign", COMPARATOR_OF.get(one) or _SIGNS.get(one, one), place, place + 1)

    def _longest(self, place: int, words: Mapping[str, str]) -> str | None:
        return max((word for word in words if self.plain.startswith(word, place)), key=len, default=None)

    def _joining(self, place: int) -> bool:
        """Whether a connective or a comparison in words stands here and something to join after it."""
        found = self._longest(place, COMPARATOR_OF) or self._longest(place, CONNECTIVE_OF)
        rest = self.plain[place + len(found or "") :].lstrip()
        if not found or not rest:
            return bool(found)
        return (
            not is_letter(rest[0])
            or rest[0].isdigit()
            or self.names.at(rest, 0) is not None
            or bool(next((word for word in (*CONNECTIVE_OF, *FUNCTION_OF) if rest.startswith(word)), None))
        )

    def _with_choices(self) -> list[tuple[str, str, int, int]]:
        """The tokens, with the number of each choice that stands there by its name."""
        telling = [i for i, token in enumerate(self.tokens) if token[0] != "space"]
        found = list(self.tokens)
        for k, i in enumerate(telling):
            kind, label, start, end = self.tokens[i]
            if kind != "label":
                continue
            choices = choices_beside(self.tokens, telling, k, self.names.elements)
            number = next((str(number) for number, name in choices.items() if name == label.strip()), None)
            if number is None and len(self.faults) < _MAX_FAULTS:
                could_be = tuple(f"“{name}”" for name in choices.values())
                sentence = f"没有“{_short(label)}”这个选项。" if choices else "引号里的选项要与选项类的数据元比较。"
                self.fault(start, end, sentence, could_be[:6])
            found[i] = ("number", number or "0", start, end)
        return found

    def write(self, kind: str, token: str, start: int, end: int) -> None:
        last = self.written[-1][-1:] if self.written else ""
        joins = kind == "join" or self.last_kind == "join"
        words_meet = kind in ("word", "name", "number") and (last.isalnum() or last in ("_", "%"))
        if last and (words_meet or (joins and last not in " (" and token != ")")) and kind != "space":
            self.written.append(" ")
            self.length += 1
        if kind == "space" and (not last or last == " "):
            return
        self.pieces.append(Piece(self.length, start, end))
        self.written.append(token)
        self.length += len(token)
        self.last_kind = kind


def _short(name: str) -> str:
    return name if len(name) <= 30 else f"{name[:30]}…"

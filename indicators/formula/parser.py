"""Reads the notation of scoring.md into a tree. Pure; no Django."""

import re
from fractions import Fraction
from functools import lru_cache

from indicators.formula.tree import (
    AGGREGATES,
    Aggregate,
    Arithmetic,
    Comparison,
    Expr,
    Logic,
    Name,
    Negative,
    Not,
    Number,
    children,
)

MAX_LENGTH = 1000
MAX_DEPTH = 40
KEYWORDS = ("and", "or", "not")

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d{1,15}(?:\.\d{1,9})?%?)(?![\w.])"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<op>>=|<=|==|[-+*/()<>]))"
)
# What Chinese keyboards produce, one character for one, so that places stay right.
_WIDTH = str.maketrans("（）＋－＊／＞＜％×÷　", "()+-*/><%*/ ")


class FormulaError(ValueError):
    """A fault in a formula. `message` is a Chinese sentence, `position` the character where it lies (from 0)."""

    def __init__(self, message: str, position: int):
        super().__init__(f"第 {position + 1} 个字符处：{message}")
        self.message = message
        self.position = position


@lru_cache(maxsize=2048)
def parse(text: str) -> Expr:
    """The tree of one formula; raises FormulaError where the notation is not followed. Trees never change: kept."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"公式太长，最多 {MAX_LENGTH} 个字符。", MAX_LENGTH)
    tree = _Parser(text.translate(_WIDTH)).whole()
    if _depth(tree) > MAX_DEPTH:
        raise FormulaError(f"公式太复杂，最多连接 {MAX_DEPTH} 项。", 0)
    return tree


def _depth(expr: Expr) -> int:
    """Without recursion: a long sum is a tree deeper than Python's stack."""
    deepest, level = 0, [expr]
    while level:
        deepest, level = deepest + 1, [child for each in level for child in children(each)]
    return deepest


class _Parser:
    """Recursive descent, loosest binding first: or, and, not, comparison, + -, * /, sign, primary."""

    def __init__(self, text: str):
        self.tokens = _tokens(text)
        self.index = 0
        self.depth = 0

    def whole(self) -> Expr:
        expr = self.disjunction()
        kind, token, pos = self.peek()
        if kind != "end":
            raise FormulaError(f"“{token}”出现在这里不合写法，公式应在此前结束。", pos)
        return expr

    def peek(self):
        return self.tokens[self.index]

    def take(self, *wanted: str):
        """The next token if it is one of `wanted`, else None."""
        kind, token, pos = self.peek()
        if kind in ("op", "keyword") and token in wanted:
            self.index += 1
            return token, pos
        return None

    def disjunction(self) -> Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError(f"括号套得太深，最多 {MAX_DEPTH} 层。", self.peek()[2])
        left = self.conjunction()
        while taken := self.take("or"):
            left = Logic("or", left, self.conjunction(), taken[1])
        self.depth -= 1
        return left

    def conjunction(self) -> Expr:
        left = self.negation()
        while taken := self.take("and"):
            left = Logic("and", left, self.negation(), taken[1])
        return left

    def negation(self) -> Expr:
        signs = []
        while taken := self.take("not"):
            signs.append(taken[1])
        expr = self.comparison()
        for pos in reversed(signs):
            expr = Not(expr, pos)
        return expr

    def comparison(self) -> Expr:
        left = self.sum()
        if taken := self.take(">=", ">", "<=", "<", "=="):
            left = Comparison(taken[0], left, self.sum(), taken[1])
            if again := self.take(">=", ">", "<=", "<", "=="):
                raise FormulaError("比较不能连写，请用 and 连接两个比较。", again[1])
        return left

    def sum(self) -> Expr:
        left = self.product()
        while taken := self.take("+", "-"):
            left = Arithmetic(taken[0], left, self.product(), taken[1])
        return left

    def product(self) -> Expr:
        left = self.signed()
        while taken := self.take("*", "/"):
            left = Arithmetic(taken[0], left, self.signed(), taken[1])
        return left

    def signed(self) -> Expr:
        if taken := self.take("-"):
            return Negative(self.primary(), taken[1])
        return self.primary()

    def primary(self) -> Expr:
        kind, token, pos = self.peek()
        if kind == "number":
            self.index += 1
            return Number(_value(token), token, pos)
        if kind == "word":
            self.index += 1
            opened = self.take("(")
            return self.call(token, pos, opened[1]) if opened else Name(token, pos)
        if self.take("("):
            expr = self.disjunction()
            self.close(pos)
            return expr
        found = "公式到此结束" if kind == "end" else f"遇到“{token}”"
        raise FormulaError(f"这里应是数据元、数字、函数或括号，却{found}。", pos)

    def call(self, function: str, pos: int, opened_at: int) -> Expr:
        if function not in AGGREGATES:
            raise FormulaError(f"没有“{function}”这个函数，可用：{'、'.join(AGGREGATES)}。", pos)
        operand = self.disjunction()
        self.close(opened_at)
        return Aggregate(function, operand, pos)

    def close(self, opened_at: int) -> None:
        if not self.take(")"):
            raise FormulaError(f"第 {opened_at + 1} 个字符处开始的括号没有合上。", self.peek()[2])


def _value(token: str) -> Fraction:
    return Fraction(token[:-1]) / 100 if token.endswith("%") else Fraction(token)


def _tokens(text: str) -> list[tuple[str, str, int]]:
    """(kind, text, place) of each token, closed by an `end`. Kinds: number, word, keyword, op, end."""
    # two characters for one would shift the places, so these two are told apart here
    text = text.replace("≥", "\0").replace("≤", "\1")
    tokens = []
    pos = 0
    end = len(text.rstrip())
    while pos < end:
        at = pos + len(text[pos:]) - len(text[pos:].lstrip())
        if text[at] in "\0\1":
            tokens.append(("op", ">=" if text[at] == "\0" else "<=", at))
            pos = at + 1
            continue
        match = _TOKEN.match(text, pos)
        if not match:
            raise FormulaError(f"不认识“{text[at]}”。", at)
        kind = match.lastgroup
        token = match[kind]
        tokens.append(("keyword" if token in KEYWORDS else kind, token, match.start(kind)))
        pos = match.end()
    tokens.append(("end", "", len(text)))
    return tokens

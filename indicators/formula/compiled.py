"""Turns a tree into Python source, so that a condition runs at the speed of hand-written code. Pure.

Missing spreads as NULL does in SQL (scoring.md rule 3). The source comes in two forms: `certain`, for when all
elements that it reads are known, and `unsure`, which may give None. Nothing of the formula's text gets into the
source: codes become local variables, numbers are printed from exact values.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from indicators.formula.checks import Elements
from indicators.formula.linear import linear
from indicators.formula.parser import parse
from indicators.formula.tree import Arithmetic, Comparison, Expr, Logic, Name, Negative, Not, Number, names, walk


def divide(a, b):
    """Exact; a division by zero is unknown."""
    return None if b == 0 else Fraction(a, b)


# What compiled source may call.
GLOBALS = {"__builtins__": {}, "Fraction": Fraction, "divide": divide}


@dataclass(frozen=True)
class Source:
    """Writes expressions for institutions that report only some elements (`reported`); `variables` maps codes."""

    variables: Mapping[str, str]
    reported: frozenset[str]

    def known(self, codes) -> str:
        """A Python condition: every one of these elements is known."""
        if not all(code in self.reported for code in codes):
            return "False"
        return " and ".join(f"{self.variables[code]} is not None" for code in codes) or "True"

    def always_certain(self, expr: Expr) -> bool:
        """No division by something that may be zero: known elements give a known result."""
        divisors = [n.right for n in walk(expr) if isinstance(n, Arithmetic) and n.op == "/"]
        return all(isinstance(divisor, Number) and divisor.value for divisor in divisors)

    def certain(self, expr: Expr) -> str:
        """For when all that `expr` reads is known, and `always_certain(expr)`."""
        if isinstance(expr, Name):
            return self.variables[expr.code]
        if isinstance(expr, Comparison):
            return self._comparison(expr)
        if isinstance(expr, Logic):
            return f"({self.certain(expr.left)} {expr.op} {self.certain(expr.right)})"
        if isinstance(expr, Not):
            return f"(not {self.certain(expr.operand)})"
        return self._number(expr)

    def unsure(self, expr: Expr) -> str:
        """In three values: True, False or None (numbers: a number or None)."""
        if isinstance(expr, Logic):
            return self._three_valued(expr)
        if isinstance(expr, Not):
            return f"(lambda a: None if a is None else not a)({self.unsure(expr.operand)})"
        if self.always_certain(expr):
            return f"({self.certain(expr)} if {self.known(names(expr))} else None)"
        return self._divided(expr)

    def _three_valued(self, expr: Logic) -> str:
        decisive = "False" if expr.op == "and" else "True"
        other = "True" if expr.op == "and" else "False"
        return (
            f"(lambda a, b: {decisive} if a is {decisive} or b is {decisive} else "
            f"(None if a is None or b is None else {other}))({self.unsure(expr.left)}, {self.unsure(expr.right)})"
        )

    def _divided(self, expr: Expr) -> str:
        """A comparison or arithmetic with a real division somewhere inside."""
        if isinstance(expr, Negative):
            return f"(lambda a: None if a is None else -a)({self.unsure(expr.operand)})"
        both = f"({self.unsure(expr.left)}, {self.unsure(expr.right)})"
        if expr.op == "/":
            return f"(lambda a, b: None if a is None or b is None else divide(a, b)){both}"
        return f"(lambda a, b: None if a is None or b is None else a {expr.op} b){both}"

    def _comparison(self, expr: Comparison) -> str:
        """Fractions are cleared first: `t >= 25% * p` runs as `4*t >= 1*p`, in whole numbers."""
        left, right = linear(expr.left), linear(expr.right)
        if left is None or right is None:
            return f"({self._number(expr.left)} {expr.op} {self._number(expr.right)})"
        parts = [*left.factors.values(), *right.factors.values(), left.constant, right.constant]
        scale = Fraction(lcm(*(part.denominator for part in parts)))
        return f"({self._linear(left.scaled(scale))} {expr.op} {self._linear(right.scaled(scale))})"

    def _linear(self, form) -> str:
        terms = [self.variables[c] if f == 1 else f"{f}*{self.variables[c]}" for c, f in form.factors.items()]
        if form.constant or not terms:
            terms.append(str(form.constant))
        return "+".join(terms)

    def _number(self, expr: Expr) -> str:
        if isinstance(expr, Number):
            value = expr.value
            return str(value) if value.denominator == 1 else f"Fraction({value.numerator}, {value.denominator})"
        if isinstance(expr, Name):
            return self.variables[expr.code]
        if isinstance(expr, Negative):
            return f"(-{self._number(expr.operand)})"
        if expr.op == "/":
            return f"divide({self._number(expr.left)}, {self._number(expr.right)})"
        return f"({self._number(expr.left)} {expr.op} {self._number(expr.right)})"


def read_value(variable: str, code: str, value_type: str) -> list[str]:
    """Lines of source that put one element's value into a local variable; decimals are stored as text."""
    lines = [f"{variable} = v.get({code!r})"]
    if value_type == "decimal":
        lines.append(f"if {variable} is not None: {variable} = Fraction({variable})")
    return lines


def compile_condition(text: str, elements: Elements) -> Callable[[Mapping], bool | None]:
    """A function from one institution's values to True, False or None (unknown). `text` must have been checked."""
    expr = parse(text)
    codes = names(expr)
    variables = {code: f"x{i}" for i, code in enumerate(codes)}
    source = Source(variables, frozenset(codes))
    lines = [line for code in codes for line in read_value(variables[code], code, elements[code].value_type)]
    body = "\n    ".join([*lines, f"return {source.unsure(expr)}"])
    scope: dict = {}
    exec(f"def condition(v):\n    {body}", dict(GLOBALS), scope)
    return scope["condition"]

"""The notation of a criterion (scoring.md): parse, check, describe in words, compile. Pure; no Django."""

from indicators.formula.checks import ALL, ElementSpec, check_condition, check_criterion
from indicators.formula.compiled import compile_condition
from indicators.formula.parser import FormulaError, parse
from indicators.formula.tree import aggregates, conjuncts, names
from indicators.formula.words import describe, fill_in

__all__ = [
    "ALL",
    "ElementSpec",
    "FormulaError",
    "aggregates",
    "check_condition",
    "check_criterion",
    "compile_condition",
    "conjuncts",
    "describe",
    "fill_in",
    "names",
    "parse",
]

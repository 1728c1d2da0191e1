"""Holds an institution's figures against the dictionary's checks (a part not larger than its whole). Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from indicators.formula import ElementSpec, compile_condition, names, parse
from indicators.formula.tree import Comparison, Name


@dataclass(frozen=True)
class Check:
    """One rule: `holds` is a function from values to True, False or None (something is missing)."""

    code: str
    message: str
    elements: tuple[str, ...]
    # institution types that it holds for; empty: all that report its elements
    types: tuple[str, ...]
    holds: Callable[[Mapping], bool | None]


def compile_checks(rules: Iterable[tuple[str, str, list]], elements: Mapping) -> list[Check]:
    """`rules` are (expression, message, types); `elements` maps codes to objects with code, name and value_type."""
    specs = {code: ElementSpec(code, element.name, element.value_type) for code, element in elements.items()}
    return [_check(expression, message, types, specs) for expression, message, types in rules]


def _check(expression: str, message: str, types: Iterable[str], specs: Mapping[str, ElementSpec]) -> Check:
    tree = parse(expression)
    plain = isinstance(tree, Comparison) and isinstance(tree.left, Name) and isinstance(tree.right, Name)
    code = "part_over_whole" if plain and tree.op in ("<=", ">=") else "check_failed"
    return Check(code, message, names(tree), tuple(types), compile_condition(expression, specs))

"""Reported values as people write them. Pure."""

from collections.abc import Mapping

from indicators.enums import ValueType


def value_text(value_type: str, choices: Mapping, value) -> str | None:
    """是, 二级甲等, 1,234, 600.5; None where the value is missing."""
    if value is None:
        return None
    if value_type == ValueType.BOOLEAN:
        return "是" if value else "否"
    if value_type == ValueType.CHOICE:
        return choices.get(str(value), choices.get(value, str(value)))
    whole, point, decimals = str(value).partition(".")
    return f"{int(whole):,}{point}{decimals}"

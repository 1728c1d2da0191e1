"""The unit that a ledger states once above its table (单位：万人次), for all figures below. Pure."""

import re
import unicodedata

from institutions.ledger.headings import fold, is_unit, scale
from institutions.ledger.stated_period import MAX_TITLE

_STATEMENT = re.compile(r"单\s*位\s*:\s*\(?([^\s()]+)")
_BETWEEN = re.compile(r"[、,;/和及或]")
# what one title means by 万人: persons, and visits of persons
_PERSONS = ("人", "名", "例", "人数")


def stated_units(text: str) -> list[str]:
    """Units after 单位: in a title; empty where anything else stands there (填报单位：某县卫生健康局)."""
    if len(text) > 2 * MAX_TITLE:
        return []
    match = _STATEMENT.search(unicodedata.normalize("NFKC", text))
    units = [fold(unit) for unit in _BETWEEN.split(match[1]) if unit] if match else []
    return units if all(is_unit(unit) or is_unit(_base(unit)) for unit in units) else []


def contradicting_unit(units: list[str], wanted: str) -> str:
    """The stated unit that means figures of this unit, but of another scale (万人次 for 人次); or ""."""
    for same in (_base, _kind) if len(units) == 1 else (_base,):
        concerned = [unit for unit in units if same(unit) in ("", same(fold(wanted)))]
        if concerned:
            scales = {scale(unit) for unit in concerned}
            return "" if scale(wanted) in scales else concerned[0]
    return ""


def _base(unit: str) -> str:
    """人次 of 万人次; "" of 万 alone, which concerns whatever is counted."""
    return unit.removeprefix(scale(unit)) if scale(unit) not in ("%", "‰") else unit


def _kind(unit: str) -> str:
    base = _base(unit)
    return "人" if base.startswith(_PERSONS) else base

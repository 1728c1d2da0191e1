"""The standards that ship, by code, and how far each has come."""

from functools import lru_cache
from pathlib import Path

from indicators.contents import DictionaryContent, StandardContent
from indicators.loader import ELEMENTS_FILE, read_files

STANDARDS = ELEMENTS_FILE.parent / "standards"
FIGURES = Path(__file__).parent / "plans" / "figures"
SCENARIOS = Path(__file__).parent / "scenarios" / "plans"


def standard_file(code: str) -> Path:
    return STANDARDS / f"{code}.yaml"


@lru_cache
def contents(code: str) -> tuple[DictionaryContent, StandardContent]:
    """The dictionary and a standard, both free of faults."""
    return read_files(standard_file(code))

"""The 42-item standard as it ships, and as its first version was: the same demands, without details of evidence."""

import re
from pathlib import Path

from indicators.loader import ELEMENTS_FILE

LINZI = ELEMENTS_FILE.parent / "standards" / "linzi-2023.yaml"


def write_version_1(folder: Path) -> Path:
    """The file of the first version."""
    text = re.sub(r"^            (from|year|needed|seen|per): .*\n", "", LINZI.read_text("utf-8"), flags=re.MULTILINE)
    assert text.count('version: "2"') == 1
    file = folder / "linzi-1.yaml"
    file.write_text(text.replace('version: "2"', 'version: "1"'), encoding="utf-8")
    return file

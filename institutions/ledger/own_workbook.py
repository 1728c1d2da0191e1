"""What a workbook of ours says about itself, on a hidden sheet: for which county and period it was made. Pure.

It only guards against the wrong file; figures are found by headings and codes alone, since other programs rewrite what
they do not know.
"""

from dataclasses import dataclass

from institutions.ledger.headings import clean
from institutions.ledger.tables import shown
from institutions.ledger.workbook import SheetRows

INSTRUCTION_SHEET, FACTS_SHEET = "填写说明", "填报表标识"
# the first cell of each, which tells them however the sheets are named
INSTRUCTION, MARK = "填报表填写说明", "tcm-demo-workbook"
VERSION = 1
# in the first column, with their values beside
COUNTY, PERIOD, NAME = "county", "period", "name"
_LONGEST = 60
_LAST_ROW = 20


@dataclass(frozen=True)
class Said:
    """Codes of county and period, and what the workbook calls itself (某县2023年)."""

    county: str
    period: str
    name: str


def said_in(sheet: SheetRows) -> Said | None:
    """None where this is not the sheet that says so; what another version says beyond is passed over."""
    if not _starts_with(sheet, MARK):
        return None
    rows = [row for row in sheet.rows[:_LAST_ROW] if len(row) > 1]
    facts = {clean(row[0]): shown(row[1])[:_LONGEST] for row in rows if isinstance(row[0], str)}
    return Said(facts.get(COUNTY, ""), facts.get(PERIOD, ""), facts.get(NAME, ""))


def is_instruction(sheet: SheetRows) -> bool:
    return _starts_with(sheet, INSTRUCTION)


def _starts_with(sheet: SheetRows, text: str) -> bool:
    first = sheet.rows[0][0] if sheet.rows and sheet.rows[0] else ""
    return first == text

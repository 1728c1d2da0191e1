"""One cell of a form: the text that people see and type, and the value that it stands for. Pure."""

from indicators.enums import ValueType
from institutions.ledger.cells import BLANK, DASH, CellFault, parser_of
from institutions.ledger.problems import SENTENCES

# what a cell that cannot be read may at most hold; the rest would be no slip but a text in the wrong place
LONGEST = 60


class Unread(ValueError):
    """The text is no value of the element; the sentence says why, and how to mend it."""


def cell_text(element, value) -> str:
    """As it stands in an input: "1870", "600.5", "是", "二级甲等"; "" where the value is missing."""
    if value is None:
        return ""
    if element.value_type == ValueType.BOOLEAN:
        return "是" if value else "否"
    if element.value_type == ValueType.CHOICE:
        return element.choices.get(str(value), str(value))
    return str(value)


def read_cell(element, text: str):
    """The value of what was typed, None for a blank. Raises Unread. The reading is the ledger import's own."""
    try:
        value = parser_of(element)(text)
    except CellFault as fault:
        reason, mend = (sentence.format(**fault.facts) for sentence in SENTENCES[fault.code])
        raise Unread(f"“{text.strip()[:LONGEST]}”{reason}。{mend}") from fault
    return None if value is BLANK or value is DASH else value

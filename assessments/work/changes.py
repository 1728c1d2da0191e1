"""What changed from one version of a text to the next, clause by clause. No database."""

import re
from difflib import SequenceMatcher

SAME, ADDED, DROPPED = "same", "added", "dropped"
# a clause with what ends it; what separates lines is apart, so that a sentence is the same wherever it stands
_CLAUSE = re.compile(r"\s+|[^\s，。、；：！？,;:!?][^，。、；：！？,;:!?\n]*[，。、；：！？,;:!?]*[”’）」』]*|[^\s]")


def clauses(text: str) -> list[str]:
    """Put together again they are the text."""
    return _CLAUSE.findall(text)


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """(same | added | dropped, text) in reading order; what was dropped stands before what took its place."""
    old, new = clauses(before), clauses(after)
    parts = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            parts.append((SAME, "".join(new[c:d])))
            continue
        parts += [(DROPPED, "".join(old[a:b]))] if b > a else []
        parts += [(ADDED, "".join(new[c:d]))] if d > c else []
    return parts

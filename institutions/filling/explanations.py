"""The institution's words on cautions, each with the sentence on which it was written. Pure.

`Report.explanations` holds them by the caution's key: {"words": …, "of": the caution's text}. Once the figures change,
so that the caution reads otherwise, the words are kept but explain nothing until somebody says that they still hold. A
plain text, as earlier versions stored it, counts for whatever the caution says.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from institutions.filling.findings import RETURNED, Finding


@dataclass(frozen=True)
class Words:
    """As somebody typed them. `of`: the caution's text beside them; None: as it reads when they are stored."""

    text: str
    of: str | None = None


def entry_of(text: str, of: str) -> dict:
    """What Report.explanations holds."""
    return {"words": text, "of": of}


def typed_words(explanations: Mapping, key: str) -> str:
    """The words that there are, also where they were written on other figures; "" where there are none."""
    entry = explanations.get(key, "")
    return entry["words"] if isinstance(entry, Mapping) else entry


def is_explained(explanations: Mapping, caution: Finding) -> bool:
    return bool(words_on(explanations, caution))


def is_outdated(explanations: Mapping, caution: Finding) -> bool:
    """There are words, but the figures have changed since."""
    return bool(typed_words(explanations, caution.key)) and not is_explained(explanations, caution)


def words_on(explanations: Mapping, caution: Finding) -> str:
    """The words that explain the caution as it reads now; "" where there are none."""
    entry = explanations.get(caution.key, "")
    if isinstance(entry, Mapping) and entry["of"] != caution.text:
        return ""
    return typed_words(explanations, caution.key)


def without_answers_to_returns(explanations: Mapping) -> dict:
    """Kept when a report is handed in: why a returned figure was not changed is asked anew at the next return."""
    return {key: entry for key, entry in explanations.items() if not key.startswith(RETURNED)}

"""The lists of data elements and checks: the county's own, and the shared ones with who uses them."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.drafting.vocabulary import Vocabulary, reporters
from indicators.enums import StandardState
from indicators.formula.chinese_words import plain
from indicators.models import Element, ElementCheck, Standard
from indicators.queries import used_elements
from indicators.words import scope_words
from institutions.models import County

# so many of the standards that use an element are named
_NAMED = 3


@dataclass(frozen=True)
class ElementRow:
    element: Element
    by: str
    used_by: list[Standard]

    @property
    def used_words(self) -> str:
        named = "、".join(str(standard) for standard in self.used_by[:_NAMED])
        more = len(self.used_by) - _NAMED
        return f"{named}等 {len(self.used_by)} 个" if more > 0 else named

    @property
    def choice_words(self) -> str:
        return "、".join(self.element.choices.values())


@dataclass(frozen=True)
class CheckRow:
    check: ElementCheck
    rule: str
    scope: str


def element_rows(elements: Iterable[Element], county: County) -> list[ElementRow]:
    """With the standards that compute from them, as far as the county's office sees these. One query."""
    used = used_elements()
    return [
        ElementRow(element, reporters(element.reported_by), [s for s in used.get(element.code, ()) if _seen(s, county)])
        for element in elements
    ]


def _seen(standard: Standard, county: County) -> bool:
    return standard.owner == county.code or (not standard.owner and standard.state == StandardState.PUBLISHED)


def matching(elements: Iterable[Element], words: str) -> list[Element]:
    """Those in whose name, other names, group or meaning all of the words stand."""
    wanted = [plain(word) for word in words.split()[:5]]
    texts = ((each, plain("\n".join((each.name, *each.aliases, each.group, each.definition)))) for each in elements)
    return [each for each, text in texts if all(word in text for word in wanted)]


def check_rows(checks: Iterable[ElementCheck], vocabulary: Vocabulary) -> list[CheckRow]:
    return [
        CheckRow(
            check, vocabulary.write(check.expression), scope_words(check.types) if check.types else "填报这些数的机构"
        )
        for check in checks
    ]

"""A report's history as people read it: who did what when, cell by cell, the latest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from indicators.models import Element
from institutions.enums import StepKind
from institutions.models import Report, ReportStep
from institutions.values import value_text

STEPS_PER_PAGE = 20
# A form saves itself while it is typed: what one person types without a longer pause reads as one entry.
PAUSE = timedelta(minutes=30)
# the reason of a returned report as a whole stands under this code (review_services.WHOLE)
_WHOLE = ""
_SIGNS = {StepKind.SUBMITTED: "submitted", StepKind.RETURNED: "returned", StepKind.ACCEPTED: "accepted"}


@dataclass(frozen=True)
class Change:
    """One cell, as shown; `old` and `new` are None where the figure was missing."""

    at: datetime
    name: str
    unit: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Verdict:
    """What was decided on one figure; `reason` is "" where none was needed."""

    name: str
    reason: str


@dataclass(frozen=True)
class Entry:
    """One step, or several saved in one sitting. `sign` is the state's light ("" for one without); `proxy` the name of
    the institution that did it on this one's behalf; `since` the first moment of a sitting, None for a single step."""

    kind: str
    word: str
    sign: str
    at: datetime
    since: datetime | None
    by: str
    proxy: str
    reason: str
    changes: tuple[Change, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class History:
    """One page of it: `page` counts the single steps."""

    page: Page
    entries: tuple[Entry, ...]


def history_of(report: Report, page=1, elements: Mapping[str, Element] | None = None) -> History:
    """The latest steps first; `page`: which page, as the address says it. Three queries, two with `elements` (by code)
    at hand; none for a report that is not stored."""
    if report.pk and elements is None:
        elements = {element.code: element for element in Element.objects.all()}
    return history_page(steps_of(report), page, elements or {})


def steps_of(report: Report) -> QuerySet[ReportStep]:
    """The latest first, with the institutions that acted for this one."""
    steps = ReportStep.objects.filter(report=report) if report.pk else ReportStep.objects.none()
    return steps.select_related("proxy").order_by("-pk")


def history_page(steps: QuerySet[ReportStep] | Sequence[ReportStep], page, elements: Mapping[str, Element]) -> History:
    """One page of these steps, the latest first."""
    found = Paginator(steps, STEPS_PER_PAGE).get_page(page)
    return History(found, tuple(entries_of(list(found), elements)))


def entries_of(steps: Iterable[ReportStep], elements: Mapping[str, Element]) -> list[Entry]:
    """As people read them: what was saved in one sitting is one entry. `steps`: the latest first."""
    sittings: list[list[ReportStep]] = []
    for step in steps:
        if sittings and _one_sitting(step, sittings[-1][-1]):
            sittings[-1].append(step)
        else:
            sittings.append([step])
    return [_entry(sitting, elements) for sitting in sittings]


def _one_sitting(earlier: ReportStep, later: ReportStep) -> bool:
    def who(step: ReportStep) -> tuple:
        return step.by_id, step.by_name, step.proxy_id

    saved = earlier.kind == later.kind == StepKind.SAVED
    return saved and who(earlier) == who(later) and later.at - earlier.at <= PAUSE


def _entry(steps: list[ReportStep], elements: Mapping[str, Element]) -> Entry:
    """`steps`: the latest first."""
    step = steps[0]
    return Entry(
        kind=step.kind,
        word=step.get_kind_display(),
        sign=_SIGNS.get(step.kind, ""),
        at=step.at,
        since=steps[-1].at if len(steps) > 1 else None,
        by=step.by_name,
        proxy=step.proxy.name if step.proxy else "",
        reason=step.reason,
        changes=tuple(_change(each, code, elements) for each in steps for code in _sorted(each.cells, elements)),
        verdicts=tuple(
            Verdict(_name(code, elements), step.marks[code]) for code in _sorted(step.marks, elements) if code != _WHOLE
        ),
    )


def _sorted(codes: Iterable[str], elements: Mapping[str, Element]) -> list[str]:
    """In the dictionary's order; what it does not know any more comes last."""
    last = len(elements)
    places = {code: place for place, code in enumerate(elements)}
    return sorted(codes, key=lambda code: (places.get(code, last), code))


def _change(step: ReportStep, code: str, elements: Mapping[str, Element]) -> Change:
    old, new = step.cells[code]
    element = elements.get(code)
    unit = element.unit if element else ""
    return Change(step.at, _name(code, elements), unit, _text(element, old), _text(element, new))


def _name(code: str, elements: Mapping[str, Element]) -> str:
    return elements[code].name if code in elements else code


def _text(element: Element | None, value) -> str | None:
    if element is None:
        return None if value is None else str(value)
    try:
        return value_text(element.value_type, element.choices, value)
    except ValueError:  # the dictionary has another kind of value by now
        return str(value)

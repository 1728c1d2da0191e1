"""Everything that the page of one report being checked shows. A fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from indicators.models import Element, Standard
from institutions.access import PROXIED_TYPES
from institutions.enums import ReportState, Role, StepKind
from institutions.filling.explanations import words_on
from institutions.filling.findings import Finding, cautions, faults
from institutions.filling.rulebook import rulebook_for
from institutions.filling.uses import uses_of
from institutions.models import Grant, Institution, Report, ReportStep, Round
from institutions.period import Period
from institutions.report_history import Entry, History, entries_of, history_page, steps_of
from institutions.review.rows import Compared, Note, Row, Rows, group, past_returns, rows_of
from institutions.review.services import OWN_HANDS, RETURNABLE, why_not_accept
from institutions.review.type_figures import typical_figures
from institutions.rounds.queries import backgrounds
from institutions.rounds.worklist import HANDED_IN, SORTS, all_rows, days_late, last_moment

_BEGUN = (StepKind.SAVED, StepKind.COPIED, StepKind.IMPORTED)
_LINKS_SHOWN = 8


@dataclass(frozen=True)
class Link:
    """One station of a report's way: draft, submitted, returned, accepted."""

    sign: str
    word: str
    at: datetime
    by: str
    proxy: str


@dataclass(frozen=True)
class Place:
    """An institution among those asked. `state`: its report's, as the worklist names it (worklist.STATES)."""

    pk: int
    code: str
    name: str
    type: str
    state: str


@dataclass(frozen=True)
class Contact:
    name: str
    phone: str
    # the institution that fills in for this one; "" for its own clerk
    proxy: str


@dataclass(frozen=True)
class Hands:
    """What the person at hand may do now. `sentence`: why accepting is not offered, where returning is; `note`: what
    accepting will leave on the trail."""

    accept: bool
    back: bool
    sentence: str = ""
    note: str = ""


@dataclass(frozen=True)
class Around:
    """Its neighbours among those asked, in the official order, and the next one that waits for being checked."""

    previous: Place | None
    next: Place | None
    next_submitted: Place | None
    # how many others wait for that
    waiting: int
    # how many of its type are asked
    of_type: int


@dataclass(frozen=True)
class ReviewPage:
    report: Report
    rows: Rows
    sheet: list[Row]
    notes: list[Note]
    has_before: bool
    # the last period in words; "" where there is none
    before_words: str
    links: list[Link]
    lateness: str
    history: History
    whole_history: list[Entry]
    around: Around


def places_of(round: Round) -> list[Place]:
    """Those asked, in the official order, with the state of their reports. One query."""
    rows = all_rows(round, timezone.now()).order_by(*SORTS["type"])
    return [Place(*row) for row in rows.values_list("pk", "code", "name", "type", "state")]


def around(places: Sequence[Place], institution: Institution) -> Around:
    at = next((n for n, place in enumerate(places) if place.pk == institution.pk), None)
    of_type = sum(place.type == institution.type for place in places)
    if at is None:
        return Around(None, None, None, 0, of_type)
    previous = places[at - 1] if at else None
    after = [*places[at + 1 :], *places[:at]]
    submitted = [place for place in after if place.state == ReportState.SUBMITTED]
    following = places[at + 1] if at + 1 < len(places) else None
    return Around(previous, following, submitted[0] if submitted else None, len(submitted), of_type)


def review_page(
    round: Round, report: Report, places: Sequence[Place], standards: Sequence[Standard], history=1
) -> ReviewPage:
    """`report`: of the round, perhaps not stored; with its institution. `history`: which page of it. Ten queries."""
    institution = report.institution
    rules = rulebook_for(round, institution.type, standards)
    background = backgrounds(round, [report])[institution.pk]
    steps = list(steps_of(report))
    neighbours = around(places, institution)
    elements = dict(rules.fields) | _others(report, steps, rules.fields)
    compared = Compared(
        values=report.values,
        accepted=report.accepted,
        returned=report.returned,
        before=background.previous or {},
        typical=typical_figures(round, institution.type, rules.fields),
        past=past_returns(report.values, steps),
        uses={
            code: tuple(dict.fromkeys(use.item for use in uses))
            for code, uses in uses_of(standards, institution.type).items()
        },
    )
    rows = rows_of(rules.fields, elements, compared)
    found = cautions(rules, report.values, background, report.unread) if report.pk else []
    wrong = faults(rules, report.values, report.unread) if report.pk else []
    explained = _explained(found, report)
    return ReviewPage(
        report=report,
        rows=group(rows, wrong, explained),
        sheet=rows,
        notes=[Note(f.text, is_fault=True) for f in wrong] + [Note(f.text, words) for f, words in explained],
        has_before=bool(background.previous),
        before_words=str(Period.parse(background.period)) if background.period else "",
        links=links_of(report, steps),
        lateness=lateness_of(round, report),
        history=history_page(steps, history, elements),
        whole_history=entries_of(steps, elements),
        around=neighbours,
    )


def _others(report: Report, steps: Sequence[ReportStep], fields) -> dict[str, Element]:
    """Elements that the report holds or held though the round does not ask for them. A query only where there are."""
    named = {*report.values, *(code for step in steps for code in (*step.cells, *step.marks))} - fields.keys() - {""}
    return {element.code: element for element in Element.objects.filter(code__in=named)} if named else {}


def _explained(found: Sequence[Finding], report: Report) -> list[tuple[Finding, str]]:
    """The cautions as they are now, and those with which it was submitted, with the institution's words."""
    known = {finding.key: (finding, words_on(report.explanations, finding)) for finding in found}
    for caution in report.warnings:
        if report.state in (ReportState.SUBMITTED, ReportState.ACCEPTED):
            finding = Finding(caution["key"], tuple(caution["elements"]), caution["text"])
            known[finding.key] = (finding, caution["explanation"])
    return list(known.values())


def links_of(report: Report, steps: Sequence[ReportStep]) -> list[Link]:
    """The way that the report has come, the latest last. `steps`: the latest first."""
    begun = next((step for step in reversed(steps) if step.kind in _BEGUN), None)
    turns = [step for step in reversed(steps) if step.kind not in _BEGUN]
    links = [_link(begun, ReportState.DRAFT.value, ReportState.DRAFT.label)] if begun else []
    for step in turns:
        last = step is turns[-1]
        links.append(_link(step, step.kind, _word(step, is_whole=last and report.state == ReportState.ACCEPTED)))
    if not turns and report.state == ReportState.ACCEPTED:  # imported as accepted
        by = str(report.accepted_by or "")
        links.append(Link(report.state, report.get_state_display(), report.accepted_at or report.updated_at, by, ""))
    return links[-_LINKS_SHOWN:]


def _link(step: ReportStep, sign: str, word: str) -> Link:
    return Link(sign, word, step.at, step.by_name, step.proxy.name if step.proxy else "")


def _word(step: ReportStep, *, is_whole: bool) -> str:
    if step.kind == StepKind.ACCEPTED:
        return "已接受" if is_whole else f"接受 {len(step.marks)} 项"
    if step.kind == StepKind.RETURNED and "" not in step.marks:
        return f"退回 {len(step.marks)} 项"
    return "已提交" if step.kind == StepKind.SUBMITTED else step.get_kind_display()


def lateness_of(round: Round, report: Report) -> str:
    """ "逾期 3 天提交"; "逾期 3 天", which goes on, where the report is not here; "" in time. As in the worklist."""
    if report.state in HANDED_IN:
        days = days_late(round, report.submitted_at)
        return f"逾期 {days} 天提交" if days else ""
    days = days_late(round, last_moment(round, timezone.now()))
    return f"逾期 {days} 天" if days else ""


def hands_of(round: Round, report: Report, user, *, may_check: bool) -> Hands:
    """No query."""
    if not may_check or round.is_closed or report.pk is None or report.state not in RETURNABLE:
        return Hands(accept=False, back=False)
    sentence = why_not_accept(round, report, user)
    alone = user.pk in report.hands and not sentence
    note = "其中有您本人填写、导入或提交的数；接受后会在操作记录中注明由同一人提交并接受。" if alone else ""
    return Hands(not sentence, True, sentence if sentence == OWN_HANDS else "", note)


def contacts_of(institution: Institution) -> list[Contact]:
    """Whom to phone about its figures: its own clerks, and those of the institution that fills in for it. One query."""
    places = {institution.pk: ""}
    if institution.manager_id and institution.type in PROXIED_TYPES:
        places[institution.manager_id] = institution.manager.name
    grants = Grant.objects.filter(role=Role.DATA_CLERK, institution__in=places, user__is_active=True)
    rows = [(places[grant.institution_id], grant.user) for grant in grants.select_related("user").order_by("pk")]
    return [Contact(str(user), user.phone, proxy) for proxy, user in sorted(rows, key=lambda row: row[0] != "")]

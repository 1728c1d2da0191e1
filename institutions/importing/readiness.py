"""Whether the reports of an import can be submitted as they will be: what has to be mended, what needs a word.

The same checks as at the form (filling.findings), for many reports at once. A few queries for each type of institution.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from institutions.enums import ImportWay, ReportState
from institutions.filling.explanations import is_explained
from institutions.filling.findings import Background, Finding, cautions, faults
from institutions.filling.rulebook import rulebook_for
from institutions.filling.twins import fingerprint
from institutions.ledger.changes import ReportChange
from institutions.ledger.plan import ImportPlan
from institutions.ledger.roster import Entry
from institutions.ledger.terms import Decision
from institutions.models import Report, Round
from institutions.rounds.queries import previous_values, untouched_of


@dataclass
class Readiness:
    """Of the reports that an import hands in."""

    faults: list[tuple[Entry, Finding]] = field(default_factory=list)
    # institution code -> its cautions; and how many of them nobody has explained yet
    cautions: dict[str, list[Finding]] = field(default_factory=dict)
    unexplained: int = 0


@dataclass(frozen=True)
class Outlook:
    """What somebody who confirms an import has to decide. `faults` stand in the way of submitting; `unexplained` are
    cautions that need a word, most of them only where it is submitted: (institution, finding)."""

    ways: tuple[ImportWay, ...]
    faults: list[tuple[Entry, Finding]]
    unexplained: list[tuple[Entry, Finding]]
    # they need it also where the rest is only a draft: of reports that were submitted before
    always: bool
    # accepted figures are returned for it
    asks_reason: bool


def outlook_of(plan: ImportPlan) -> Outlook:
    """Where the plan has no problems."""
    if not plan.touched:
        return Outlook((), [], [], False, False)
    readiness = readiness_of(plan, plan.terms.round, plan.touched)
    entries = {change.entry.code: change for change in plan.touched}
    certain = {change.entry.code for change in handed_in(plan, Decision(ImportWay.SUBMIT))}
    faults = [(entry, fault) for entry, fault in readiness.faults if entry.code in certain]
    unexplained = [
        (entries[code].entry, each)
        for code, found in readiness.cautions.items()
        for each in found
        if not is_explained(entries[code].stored.explanations, each)
    ]
    ways = [way for way in plan.terms.ways if way != ImportWay.DRAFT and not faults]
    if plan.reports:
        ways.insert(0, ImportWay.DRAFT)
    inside = {change.entry.code for change in handed_in(plan, Decision(ImportWay.DRAFT))}
    always = any(entry.code in inside for entry, _ in unexplained)
    return Outlook(tuple(ways), faults, unexplained, always, plan.returns_accepted)


def handed_in(plan: ImportPlan, decision: Decision) -> list[ReportChange]:
    """The reports that are with the county office afterwards: a submitted one stays submitted."""
    if decision.way != ImportWay.DRAFT:
        return plan.touched if decision.unchanged or plan.changes_nothing else plan.reports
    return [change for change in plan.reports if change.stored.state == ReportState.SUBMITTED]


def readiness_of(plan: ImportPlan, round: Round, changes: Iterable[ReportChange]) -> Readiness:
    """`changes` are some of the plan's."""
    changes, found = list(changes), Readiness()
    backgrounds = _backgrounds(plan, round, changes)
    rulebooks = {kind: rulebook_for(round, kind) for kind in {change.entry.type for change in changes}}
    for change in changes:
        rules, code = rulebooks[change.entry.type], change.entry.code
        unread = {key: text for key, text in change.stored.unread.items() if key not in change.values}
        found.faults += [(change.entry, fault) for fault in faults(rules, change.values, unread)]
        found.cautions[code] = cautions(rules, change.values, backgrounds[code], unread)
        found.unexplained += sum(not is_explained(change.stored.explanations, each) for each in found.cautions[code])
    return found


def _backgrounds(plan: ImportPlan, round: Round, changes: list[ReportChange]) -> dict[str, Background]:
    period, previous = previous_values(round, [change.entry.pk for change in changes if change.entry.pk])
    twins = _twins(plan, changes)
    untouched = untouched_of(
        round,
        {
            change.entry.pk: (change.stored.returned, change.stored.values, change.values)
            for change in changes
            if change.stored.state == ReportState.RETURNED
        },
    )
    found = {}
    for change in changes:
        pk, code = change.entry.pk, change.entry.code
        found[code] = Background(period, previous.get(pk, {}), twins.get(code, ""), untouched.get(pk, {}))
    return found


def _twins(plan: ImportPlan, changes: list[ReportChange]) -> Mapping[str, str]:
    """Institution code -> name of another one of its type with the very same numbers, in this file or stored."""
    alike: dict[tuple[str, str], list[Entry]] = {}
    own: dict[str, tuple[str, str]] = {}
    for change in plan.touched:
        if text := fingerprint(change.values):
            own[change.entry.code] = (change.entry.type, text)
            alike.setdefault(own[change.entry.code], []).append(change.entry)
    stored = Report.objects.filter(
        institution__county=plan.county, period=plan.period.text, fingerprint__in={text for _, text in alike}
    ).order_by("institution__position", "pk")
    for code, kind, name, text in stored.values_list(
        "institution__code", "institution__type", "institution__name", "fingerprint"
    ):
        if code not in own:
            alike.setdefault((kind, text), []).append(Entry(code, name))
    twins = {}
    for change in changes:
        code = change.entry.code
        others = [entry.name for entry in alike.get(own.get(code), ()) if entry.code != code]
        if others:
            twins[code] = others[0]
    return twins

"""A plan that was read as the draft of a standard, with the list of what the office has to settle in it."""

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from assessments.drafting import plan_places as places
from assessments.drafting.fields import limit
from assessments.drafting.plan_places import Entry, entry, least_sure, place
from indicators import models
from indicators.contents import (
    ArrangementContent,
    CriterionContent,
    DepartmentContent,
    ItemContent,
    PhaseContent,
    SeatContent,
    SectionContent,
    StandardContent,
)
from indicators.draft_checks import criterion_faults
from indicators.drafts import UNTITLED
from indicators.enums import StandardState
from indicators.formula import ElementSpec
from indicators.head_lines import MAX_NAME, MAX_NOTE
from indicators.plans.fitting import Fit, KnownCriterion, as_text, counts_institutions, fit
from indicators.plans.proposal import LOW, Named, Plan, PlanItem, PlanPhase

NO_SECTION = "主要任务"


def draft_of(
    plan: Plan, known: Sequence[KnownCriterion], specs: Mapping[str, ElementSpec], *, code: str, today: date
) -> tuple[StandardContent, list[Entry]]:
    """(the draft, what is open in it). `today` stands for a date of issue that the plan does not say: the office is
    asked for it."""
    departments = departments_of(plan)
    names = {department.name for department in departments}
    made = [_item(item, known, specs, names) for item in plan.items]
    phases = [(k, phase_of(phase)) for k, phase in enumerate(plan.phases)]
    content = StandardContent(
        code=code,
        version="1",
        state=StandardState.DRAFT.value,
        title=(plan.title.value if plan.title else UNTITLED)[: limit(models.Standard, "title")],
        source_document=(plan.title.value if plan.title else "")[: limit(models.Standard, "source_document")],
        source_number=(plan.source_number.value if plan.source_number else "")[
            : limit(models.Standard, "source_number")
        ],
        source_date=_day(plan.issued_on.value) if plan.issued_on else today,
        departments=departments,
        phases=[replace(phase, number=n) for n, phase in enumerate((p for _, p in phases if p), 1)],
        sections=_sections(plan, [item for item, _ in made]),
        deadline=_day(plan.deadline.value) if plan.deadline else None,
        leading_group=[SeatContent(each.part, each.office[:MAX_NAME]) for each in plan.leading_group],
        arrangements=[_arrangement(each) for each in plan.arrangements],
    )
    return content, [*_of_whole(plan), *(each for _, entries in made for each in entries)]


def _of_whole(plan: Plan) -> list[Entry]:
    head = [plan.title, plan.issued_on]
    sureness = least_sure(each.sureness if each else LOW for each in head)
    entries = [entry(places.HEAD, sureness)]
    lists = {name: getattr(plan, name) for name in (places.DEPARTMENTS, places.LEADING_GROUP, places.ARRANGEMENTS)}
    entries += [entry(name, least_sure(each.sureness for each in parts)) for name, parts in lists.items() if parts]
    return entries + [
        entry(place(places.PHASE, str(k)), phase.sureness if phase_of(phase) else LOW)
        for k, phase in enumerate(plan.phases)
    ]


# ---- items ----


def _sections(plan: Plan, items: list[ItemContent]) -> list[SectionContent]:
    """Those that items name, in the plan's order, and one for items that name none."""
    named: dict[str, list[ItemContent]] = {section.name: [] for section in plan.sections}
    for item, read in zip(items, plan.items, strict=True):
        named.setdefault(read.section or NO_SECTION, []).append(item)
    width = limit(models.Section, "name")
    full = [(name[:width], members) for name, members in named.items() if members]
    return [SectionContent(number, name, members) for number, (name, members) in enumerate(full, 1)]


def _item(item: PlanItem, known, specs, names: set[str]) -> tuple[ItemContent, list[Entry]]:
    fits = [fit(threshold, item, known) for threshold in item.thresholds]
    criteria, entries = criteria_of(item, fits, specs)
    lead = _names(item.lead, names)
    content = ItemContent(
        number=item.number,
        title=(item.title or item.text)[: limit(models.Item, "title")],
        requirement=item.text,
        points=None,
        lead=lead,
        cooperating=[name for name in _names(item.cooperating, names) if name not in lead],
        evidence=[],
        criteria=criteria,
        wording=item.text,
        source=item.source[: limit(models.Item, "source")],
    )
    own = entry(place(places.ITEM, item.number), _sureness(item))
    asked = [] if criteria else [entry(place(places.EVIDENCE, item.number), LOW)]
    return content, [own, *entries, *asked]


def _sureness(item: PlanItem) -> str:
    named = [each.sureness for each in (*item.lead, *item.cooperating)]
    return least_sure([item.sureness, *named]) if item.lead else LOW


def _names(named: Iterable[Named], known: set[str]) -> list[str]:
    width = limit(models.Department, "name")
    return list(dict.fromkeys(name for each in named if (name := each.name[:width]) in known))


def criteria_of(
    item: PlanItem, fits: Sequence[Fit | None], specs: Mapping[str, ElementSpec]
) -> tuple[list[CriterionContent], list[Entry]]:
    """Proposed criteria and the open entries about the item's figures. Several figures may make one criterion: the 100%
    and the 6项 of one sentence; figures of one sentence that fit none are one entry."""
    sound = [each if each and not criterion_faults(_criterion("", each, ""), specs) else None for each in fits]
    criteria: list[CriterionContent] = []
    entries = []
    for figures in _groups(item, sound):
        # the one that says how many institutions states the target; one inside a condition takes over another's
        stating = sorted(figures, key=lambda k: (sound[k] is None, sound[k] is not None and sound[k].inside))
        found, first = sound[stating[0]], figures[0]
        suffix, sureness = "", LOW
        if found:
            suffix = f".{len(criteria) + 1}"
            criterion = _criterion(item.number + suffix, found, item.thresholds[first].passage)
            criteria.append(replace(criterion, **_by_year({item.thresholds[k].year: sound[k] for k in figures})))
            sureness = found.sureness
        at = place(places.FIGURE, item.number, first)
        entries.append(entry(at, sureness, figures=figures, criterion=suffix))
    return criteria, entries


def _groups(item: PlanItem, fits: Sequence[Fit | None]) -> list[list[int]]:
    """The figures by what they are about, each group and the groups in the order of the plan."""
    keys: list[tuple] = []
    years: dict[tuple, set[str]] = {}
    for threshold, found in zip(item.thresholds, fits, strict=True):
        if found and threshold.year:
            years.setdefault((found.expression, found.scope), set()).add(threshold.year)
    stated = {(each.expression, each.scope): each.target for each in reversed(fits) if each and not each.inside}
    for threshold, found in zip(item.thresholds, fits, strict=True):
        if found is None:
            key = (threshold.passage,)
        else:
            formula = (found.expression, found.scope)
            by_year = threshold.year and len(years[formula]) > 1 and not found.inside
            target = "" if by_year else found.target
            key = (*formula, stated.get(formula, found.target) if found.inside else target)
        keys.append(key)
    groups: dict[tuple, list[int]] = {}
    for k, key in enumerate(keys):
        groups.setdefault(_taken_as_target(item, fits, keys, k) or key, []).append(k)
    return list(groups.values())


def _taken_as_target(item: PlanItem, fits: Sequence[Fit | None], keys: list[tuple], k: int) -> tuple | None:
    """Of the 100% in 村卫生室100%能开展6项: the key of the figure whose criterion has it for its target."""
    threshold = item.thresholds[k]
    if fits[k] or not counts_institutions(threshold):
        return None
    target = as_text(threshold.value, threshold.unit)
    beside = zip(item.thresholds, fits, keys, strict=True)
    taking = (key for each, found, key in beside if found and found.inside and each.passage == threshold.passage)
    return next((key for key in taking if key[-1] == target), None)


def _by_year(found: Mapping[str, Fit | None]) -> dict:
    """The targets by year, and for the years before them the first; {} where the figures name less than two years."""
    targets = {year: each.target for year, each in sorted(found.items()) if year and each and not each.inside}
    return {"targets": targets, "target": next(iter(targets.values()))} if len(targets) > 1 else {}


def _criterion(code: str, found: Fit, passage: str) -> CriterionContent:
    return CriterionContent(
        code=code,
        name=found.name[: limit(models.Criterion, "name")],
        level=found.level,
        scope=list(found.scope),
        expression=found.expression,
        comparator=found.comparator,
        target=found.target,
        unit=found.unit,
        note="",
        source=passage[: limit(models.Criterion, "source")],
    )


# ---- the rest ----


def departments_of(plan: Plan) -> list[DepartmentContent]:
    """Each name and other spelling once: what is said twice belongs to the first."""
    width, departments = limit(models.Department, "name"), []
    names = {each.name[:width] for each in plan.departments}
    taken: set[str] = set()
    for each in plan.departments:
        name = each.name[:width]
        if name in taken:
            continue
        aliases = [alias for alias in dict.fromkeys(each.aliases) if alias not in names | taken]
        taken |= {name, *aliases}
        departments.append(DepartmentContent(name, aliases, [], list(each.duties)))
    return departments


def phase_of(phase: PlanPhase) -> PhaseContent | None:
    """None where the plan does not say from when to when."""
    start, end = _day(phase.start), _day(phase.end, last=True)
    if start is None or end is None or start > end:
        return None
    return PhaseContent(0, phase.name[: limit(models.Phase, "name")], start, end, list(phase.tasks))


def _day(text: str, *, last: bool = False) -> date | None:
    """Of YYYY-MM-DD that day; of YYYY-MM the month's first, or its last."""
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text)
    if not found:
        return None
    year, month = int(found[1]), int(found[2])
    day = int(found[3]) if found[3] else calendar.monthrange(year, month)[1] if last else 1
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _arrangement(each) -> ArrangementContent:
    return ArrangementContent(
        kind=each.kind,
        name=each.name[:MAX_NAME],
        every=each.every,
        called_by=each.called_by[:MAX_NAME],
        recorded_by=each.recorded_by[:MAX_NAME],
        matters=list(each.matters),
        note=each.note[:MAX_NOTE],
    )

"""What the page of a plan shows: each passage with what the program made of it, and what is still to be settled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from assessments.drafting import plan_places as places
from assessments.drafting.parts import find, fingerprint
from assessments.drafting.parts import item as item_part
from assessments.drafting.plan_cuts import cuts_of
from assessments.drafting.plan_draft import phase_of
from assessments.drafting.plan_edits import evidence_text, items_without_lead, sure_places
from assessments.drafting.plan_forms import PlanEvidenceForm, PlanHeadForm, PlanItemForm, PlanPhaseForm
from assessments.drafting.plan_places import Entry, criterion_code, in_draft, place
from assessments.drafting.plan_state import PlanState
from assessments.drafting.queries import CriterionLine, criterion_lines
from indicators.contents import ItemContent
from indicators.enums import Comparator, InstitutionType
from indicators.formula.checks import Elements
from indicators.plans.fitting import as_text
from indicators.plans.lines import folded
from indicators.plans.proposal import HIGH, LOW, MEDIUM, PlanItem, PlanPhase, Threshold

WORDS = {HIGH: "可靠", MEDIUM: "较可靠", LOW: "请核对"}
LIGHTS = {HIGH: "accepted", MEDIUM: "submitted", LOW: "open"}


@dataclass(frozen=True)
class Figure:
    """An open figure with the criterion that is proposed for it, None where none is known."""

    entry: Entry
    says: list[str]
    passage: str
    line: CriterionLine | None

    @property
    def anchor(self) -> str:
        return self.entry["place"].replace("/", "-")


@dataclass(frozen=True)
class ItemView:
    """`pieces`: the official words with marks (department, figure). `item` is None where it has left the draft."""

    read: PlanItem
    item: ItemContent | None
    section: int
    entry: Entry | None
    pieces: list[tuple[str, str]]
    beside: list[str]
    figures: list[Figure]
    adopted: list[CriterionLine]
    evidence: PlanEvidenceForm | None
    form: PlanItemForm | None
    seen: str
    cuts: list[tuple[int, str]]
    has_before: bool

    @property
    def open_count(self) -> int:
        return bool(self.entry) + len(self.figures) + bool(self.evidence)

    @property
    def faults(self) -> bool:
        """Something that was typed could not be taken."""
        return bool((self.form and self.form.errors) or (self.evidence and self.evidence.errors))


@dataclass(frozen=True)
class PhaseView:
    k: int
    read: PlanPhase
    entry: Entry
    form: PlanPhaseForm


@dataclass
class Review:
    """`lists`: open places of the whole plan but head and phases, by name."""

    open: int
    sure: int
    evidence: int
    without_lead: list[str]
    head: PlanHeadForm | None
    head_entry: Entry | None
    lists: dict[str, Entry]
    phases: list[PhaseView]
    items: list[ItemView]
    hidden: int = 0
    unused: list[str] = field(default_factory=list)


def review_of(state: PlanState, elements: Elements, *, only_open: bool, bound: Mapping[str, object]) -> Review:
    """`bound`: forms that came back with faults, by their place."""
    by_place = {each["place"]: each for each in state.open}
    items = [_item(state, read, n, by_place, elements, bound) for n, read in enumerate(state.plan.items)]
    shown = [each for each in items if each.open_count or not only_open]
    head = by_place.get(places.HEAD)
    return Review(
        open=len(state.open),
        sure=len(sure_places(state)),
        evidence=sum(at.startswith(places.EVIDENCE) for at in by_place),
        without_lead=items_without_lead(state.content),
        head=(bound.get(places.HEAD) or _head(state)) if head else None,
        head_entry=head,
        lists={name: by_place[name] for name in ("departments", "leading_group", "arrangements") if name in by_place},
        phases=[_phase(state, k, by_place, bound) for k in _open_phases(state, by_place)],
        items=shown,
        hidden=len(items) - len(shown),
        unused=_unused(state),
    )


def _head(state: PlanState) -> PlanHeadForm:
    """What the plan did not say is asked for, not guessed."""
    content = state.content
    initial = {name: getattr(content, name) for name in ("title", "source_document", "source_number", "deadline")}
    return PlanHeadForm(initial=initial | {"source_date": content.source_date if state.plan.issued_on else None})


def _open_phases(state: PlanState, by_place: Mapping[str, Entry]) -> list[int]:
    return [k for k in range(len(state.plan.phases)) if place(places.PHASE, str(k)) in by_place]


def _phase(state: PlanState, k: int, by_place: Mapping[str, Entry], bound: Mapping) -> PhaseView:
    at, read = place(places.PHASE, str(k)), state.plan.phases[k]
    proposed = phase_of(read)
    initial = {"name": read.name, "tasks": list(read.tasks)}
    if proposed:
        initial |= {"start": proposed.start, "end": proposed.end}
    return PhaseView(k, read, by_place[at], bound.get(at) or PlanPhaseForm(initial=initial, prefix=f"phase-{k}"))


def _unused(state: PlanState) -> list[str]:
    """Departments that no item names."""
    used = {name for item in state.content.items for name in (*item.lead, *item.cooperating)}
    return [each.name for each in state.content.departments if each.name not in used and not each.members]


# ---- items ----


def _item(state: PlanState, read: PlanItem, n: int, by_place, elements: Elements, bound: Mapping) -> ItemView:
    item = in_draft(state.content, read)
    own = place(places.ITEM, read.number)
    asked = place(places.EVIDENCE, read.number)
    lines = {line.criterion.code: line for line in criterion_lines(item, elements)} if item else {}
    figures = [_figure(each, read, item, lines) for each in state.open if _is_of(each, read.number)]
    proposed = {figure.line.criterion.code for figure in figures if figure.line}
    section = find(state.content, item.number)[0] if item else 0
    form = bound.get(own) or (_item_form(state, item, section, read.number) if item and own in by_place else None)
    evidence = None
    if item and asked in by_place:
        evidence = bound.get(asked) or PlanEvidenceForm(
            initial={"text": evidence_text(item.title)}, prefix=f"evidence-{read.number}"
        )
    return ItemView(
        read=read,
        item=item,
        section=section,
        entry=by_place.get(own),
        pieces=_pieces(read, {each.name: each.aliases for each in state.plan.departments}),
        beside=_beside(read),
        figures=figures,
        adopted=[line for code, line in lines.items() if code not in proposed],
        evidence=evidence,
        form=form,
        seen=fingerprint(item_part(item.number)(state.content)) if item else "",
        cuts=cuts_of(read.text) if item else [],
        has_before=n > 0,
    )


def _is_of(each: Entry, number: str) -> bool:
    return places.kind_of(each) == places.FIGURE and places.number_of(each) == number


def _item_form(state: PlanState, item: ItemContent, section: int, number: str) -> PlanItemForm:
    initial = {name: getattr(item, name) for name in ("title", "requirement", "lead", "cooperating")}
    return PlanItemForm(None, state.content, initial=initial | {"section": section}, prefix=f"item-{number}")


def _figure(each: Entry, read: PlanItem, item: ItemContent | None, lines: Mapping[str, CriterionLine]) -> Figure:
    thresholds = [read.thresholds[k] for k in each["figures"]]
    line = lines.get(criterion_code(item, each)) if item else None
    return Figure(each, [figure_words(threshold) for threshold in thresholds], thresholds[0].passage, line)


def figure_words(threshold: Threshold) -> str:
    """`社区卫生服务中心：中医诊疗人次占比 不低于 35%`."""
    value = as_text(threshold.value, threshold.unit)
    if threshold.upper is not None:
        value += f"—{as_text(threshold.upper, threshold.unit)}"
    unit = "" if threshold.unit == "%" else f" {threshold.unit}"
    scope = "、".join(InstitutionType(each).label for each in threshold.scope)
    compared = Comparator(threshold.comparator).label
    return f"{f'{scope}：' if scope else ''}{threshold.subject} {compared} {value}{unit}".strip()


def _beside(read: PlanItem) -> list[str]:
    """Where departments and figures were found, as far as that does not stand in the item's own words."""
    parts = [*read.lead, *read.cooperating, *read.thresholds]
    return list(dict.fromkeys(each.passage for each in parts if each.passage and each.passage not in read.text))


def _pieces(read: PlanItem, spellings: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    """The words in pieces, each with its mark: department, figure or none. `spellings`: of departments by name."""
    marks = [""] * len(read.text)
    for named in (*read.lead, *read.cooperating):
        printed = (named.name, *spellings.get(named.name, ()), named.passage)
        for each in printed:
            if _mark(marks, read.text, each, "department"):
                break
    for threshold in read.thresholds:
        written = as_text(threshold.value, threshold.unit) + ("" if threshold.unit == "%" else threshold.unit)
        start = read.text.find(threshold.passage)
        end = start + len(threshold.passage)
        if start >= 0 and not _mark(marks, read.text, written, "figure", start, end):
            _mark(marks, read.text, threshold.passage, "figure")
    ordered = groupby(range(len(marks)), key=marks.__getitem__)
    return [("".join(read.text[k] for k in group), mark) for mark, group in ordered]


def _mark(marks: list[str], text: str, words: str, mark: str, start: int = 0, end: int | None = None) -> bool:
    """Mark where the words stand last in that part of the text; False where they do not stand in it."""
    plain = folded(text)
    if len(plain) != len(text):
        plain = text
    at = plain.rfind(words, start, len(text) if end is None else end) if words else -1
    if at < 0:
        return False
    marks[at : at + len(words)] = [mark] * len(words)
    return True


def counts_of(entries: Iterable[Entry]) -> dict[str, int]:
    said = [each["sureness"] for each in entries]
    return {each: said.count(each) for each in (HIGH, MEDIUM, LOW)}

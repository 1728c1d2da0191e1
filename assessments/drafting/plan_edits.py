"""What the office does with a plan that was read, as plain functions: a state goes in, the changed state comes out."""

from dataclasses import dataclass, replace
from datetime import date

from assessments.drafting import plan_places as places
from assessments.drafting.edits import add_item, evidence_codes, remove_item, with_codes
from assessments.drafting.parts import find
from assessments.drafting.plan_draft import phase_of
from assessments.drafting.plan_places import change_item, criterion_code, entry, kind_of, number_of, place
from assessments.drafting.plan_state import PlanState
from indicators.contents import DepartmentContent, EvidenceContent, PhaseContent, StandardContent
from indicators.plans.proposal import HIGH, LOW
from indicators.services import Refused

WHOLE = (places.DEPARTMENTS, places.LEADING_GROUP, places.ARRANGEMENTS)


@dataclass(frozen=True)
class ItemGiven:
    """What the office makes of an item; departments by any of their spellings, new ones are added."""

    title: str
    section: int
    requirement: str
    lead: list[str]
    cooperating: list[str]


@dataclass(frozen=True)
class HeadGiven:
    title: str
    source_document: str
    source_number: str
    source_date: date
    deadline: date | None


def settle(state: PlanState, at: str) -> PlanState:
    """It is right as it is proposed."""
    state.entry(at)
    return state.settled(at)


def settle_head(state: PlanState, given: HeadGiven) -> PlanState:
    state.entry(places.HEAD)
    return state.settled(places.HEAD, content=replace(state.content, **vars(given)))


def settle_phase(state: PlanState, k: int, given: PhaseContent | None) -> PlanState:
    """The phase as the office gives it; None: it is none."""
    at = place(places.PHASE, str(k))
    state.entry(at)
    proposed = [phase_of(phase) for phase in state.plan.phases]
    order = [phase.name for phase in state.plan.phases]
    kept = [each for each in state.content.phases if not proposed[k] or each.name != proposed[k].name]
    if given:
        later = set(order[k + 1 :])
        before = next((n for n, each in enumerate(kept) if each.name in later), len(kept))
        kept.insert(before, given)
    phases = [replace(each, number=n) for n, each in enumerate(kept, 1)]
    return state.settled(at, content=replace(state.content, phases=phases))


def settle_item(state: PlanState, number: str, given: ItemGiven) -> PlanState:
    at = place(places.ITEM, number)
    state.entry(at)
    item = state.item_of(number)
    content, lead = with_departments(state.content, given.lead)
    content, cooperating = with_departments(content, given.cooperating)
    cooperating = [name for name in cooperating if name not in lead]
    values = {"title": given.title, "requirement": given.requirement, "lead": lead, "cooperating": cooperating}
    content = change_item(content, item.number, **values)
    section, changed = find(content, item.number)
    if section != given.section:
        content = add_item(remove_item(content, item.number), changed, given.section)
    return state.settled(at, content=content)


def with_departments(content: StandardContent, names: list[str]) -> tuple[StandardContent, list[str]]:
    """(the standard with those of the names that it lacks, the names in its one spelling)"""
    spelling = {each.name: each.name for each in content.departments}
    for each in content.departments:
        for alias in each.aliases:
            spelling.setdefault(alias, each.name)
    new = [name for name in dict.fromkeys(names) if name not in spelling]
    content = replace(content, departments=[*content.departments, *(DepartmentContent(n, [], []) for n in new)])
    return content, list(dict.fromkeys(spelling.get(name, name) for name in names))


def drop_figure(state: PlanState, at: str) -> PlanState:
    """No criterion is made of it. Where the item has none left, evidence is asked for instead."""
    found, number = state.entry(at), number_of(state.entry(at))
    item = state.item_of(number)
    code = criterion_code(item, found)
    criteria = [each for each in item.criteria if each.code != code]
    state = state.settled(at, content=change_item(state.content, item.number, criteria=criteria))
    asked = place(places.EVIDENCE, number)
    if criteria or item.evidence or any(each["place"] == asked for each in state.open):
        return state
    return replace(state, open=[*state.open, entry(asked, LOW)])


def evidence_text(title: str) -> str:
    """What is asked for where nothing of an item can be computed."""
    return f"{title[:60]}的文件、记录等落实材料"


def settle_evidence(state: PlanState, number: str, text: str) -> PlanState:
    """Ask for it; nothing where `text` is empty."""
    at = place(places.EVIDENCE, number)
    state.entry(at)
    if not text:
        return state.settled(at)
    item = state.item_of(number)
    wanted = [*item.evidence, EvidenceContent("", text, True)]
    evidence = with_codes(wanted, item.number, evidence_codes(state.content))
    return state.settled(at, content=change_item(state.content, item.number, evidence=evidence))


# ---- many at once ----


def sure_places(state: PlanState) -> list[str]:
    """Open places that the program is sure of and that need nothing more from the office."""
    return [
        each["place"]
        for each in state.open
        if each["sureness"] == HIGH
        and kind_of(each) != places.EVIDENCE
        and (kind_of(each) != places.FIGURE or each["criterion"])
    ]


def settle_sure(state: PlanState) -> PlanState:
    return state.settled(*sure_places(state))


def settle_all_evidence(state: PlanState) -> PlanState:
    """Ask for what is proposed, of every item of which evidence is proposed."""
    for number in [number_of(each) for each in state.open if kind_of(each) == places.EVIDENCE]:
        state = settle_evidence(state, number, evidence_text(state.item_of(number).title))
    return state


def items_without_lead(content: StandardContent) -> list[str]:
    return [item.number for item in content.items if not item.lead]


def lead_all(state: PlanState, name: str) -> PlanState:
    """The department leads every item that nobody leads so far."""
    numbers = items_without_lead(state.content)
    if not numbers:
        raise Refused("每个条目都已有牵头部门。")
    content, names = with_departments(state.content, [name])
    for number in numbers:
        _, item = find(content, number)
        others = [each for each in item.cooperating if each not in names]
        content = change_item(content, number, lead=names, cooperating=others)
    return replace(state, content=content)

"""Items of a plan that were cut wrongly: joined with the one before, parted in two, taken out."""

import re
from dataclasses import replace

from assessments.drafting import plan_places as places
from assessments.drafting.edits import next_number, remove_item
from assessments.drafting.fields import limit
from assessments.drafting.plan_places import Entry, change_item, entry, kind_of, least_sure, moved, number_of, place
from assessments.drafting.plan_state import PlanState
from indicators import models
from indicators.contents import CriterionContent, ItemContent, StandardContent
from indicators.plans.proposal import LOW, Plan, PlanItem
from indicators.services import Refused

# a sentence ends here: an item can be parted behind it
_ENDS = re.compile(r"[。；;！？!?\n]+")


def cuts_of(text: str) -> list[tuple[int, str]]:
    """(where, the words that would begin the second item) for each place at which a text can be parted."""
    ends = [found.end() for found in _ENDS.finditer(text)]
    return [(end, text[end:].strip()[:30]) for end in ends if text[end:].strip() and text[:end].strip()]


def take_out(state: PlanState, number: str) -> PlanState:
    """What was read there is no item."""
    read = state.read_item(number)
    done = [each["place"] for each in places.of_item(state.open, number)]
    item = places.in_draft(state.content, read)
    content = remove_item(state.content, item.number) if item else state.content
    return state.settled(*done, content=content, plan=_with_items(state.plan, _but(state.plan, number)))


def join(state: PlanState, number: str) -> PlanState:
    """The item and the one before it are one."""
    numbers = [each.number for each in state.plan.items]
    if number not in numbers[1:]:
        raise Refused("前面没有条目可以合并。")
    first = state.read_item(numbers[numbers.index(number) - 1])
    second = state.read_item(number)
    one, other = state.item_of(first.number), state.item_of(number)
    criteria, suffixes = _taken_over(one, other.criteria)
    lead = list(dict.fromkeys([*one.lead, *other.lead]))
    merged = {
        "requirement": f"{one.requirement}\n{other.requirement}",
        "wording": f"{first.text}\n{second.text}",
        "lead": lead,
        "cooperating": [n for n in dict.fromkeys([*one.cooperating, *other.cooperating]) if n not in lead],
        "criteria": [*one.criteria, *criteria],
        "evidence": [*one.evidence, *other.evidence],
    }
    content = change_item(remove_item(state.content, other.number), one.number, **merged)
    entries = [each for each in state.open if number_of(each) != number]
    shift = len(first.thresholds)
    figures = [moved(e, first.number, shift, suffixes) for e in state.open if _is_figure(e, number)]
    plan = _with_items(state.plan, [_joined(first, second) if i is first else i for i in _but(state.plan, number)])
    return PlanState(
        content, plan, _asked_again([*entries, *figures], first.number, bool(merged["criteria"] or merged["evidence"]))
    )


def part(state: PlanState, number: str, at: int) -> PlanState:
    """The item ends before the place `at` of its words, and a new one begins there."""
    read, item = state.read_item(number), state.item_of(number)
    if at not in dict(cuts_of(read.text)):
        raise Refused("不能从这里拆开，请选一句话的开头。")
    head, tail = read.text[:at].strip(), read.text[at:].strip()
    new = _free_number(state)
    behind = [k for k, each in enumerate(read.thresholds) if each.passage in tail and each.passage not in head]
    title = _ENDS.split(tail)[0][: limit(models.Item, "title")].strip("，、 ")
    parted = [
        replace(read, text=head, thresholds=tuple(t for k, t in enumerate(read.thresholds) if k not in behind)),
        replace(read, number=new, title=title, text=tail, thresholds=tuple(read.thresholds[k] for k in behind)),
    ]
    going = [e for e in state.open if _is_figure(e, number) and set(e["figures"]) <= set(behind)]
    codes = {item.number + each["criterion"] for each in going if each["criterion"]}
    moving = [each for each in item.criteria if each.code in codes]
    staying = [each for each in item.criteria if each.code not in codes]
    second = replace(item, number=new, title=title, requirement=tail, wording=tail, evidence=[], criteria=[])
    criteria, suffixes = _taken_over(replace(second, criteria=[]), moving, of=item.number)
    second = replace(second, criteria=criteria)
    content = change_item(state.content, item.number, requirement=head, wording=head, criteria=staying)
    content = _insert_after(content, item.number, second)
    figures = [_renumbered(e, number, behind, new, suffixes) for e in state.open if _is_figure(e, number)]
    others = [each for each in state.open if not _is_figure(each, number)]
    entries = [*_with_item(others, number), entry(place(places.ITEM, new), LOW), *figures]
    entries = _asked_again(entries, number, bool(staying or item.evidence))
    plan_items = [each for one in state.plan.items for each in (parted if one is read else [one])]
    return PlanState(content, _with_items(state.plan, plan_items), _asked_again(entries, new, bool(criteria)))


def _renumbered(each: Entry, number: str, behind: list[int], new: str, suffixes: dict[str, str]) -> Entry:
    """An entry of a figure after the item was parted: of the new item where all of its figures stand there."""
    goes = set(each["figures"]) <= set(behind)
    figures = [
        behind.index(k) if goes else k - sum(b < k for b in behind) for k in each["figures"] if goes or k not in behind
    ]
    criterion = suffixes.get(each["criterion"], each["criterion"]) if goes else each["criterion"]
    at = place(places.FIGURE, new if goes else number, figures[0])
    return each | {"place": at, "figures": figures, "criterion": criterion}


def _is_figure(each: Entry, number: str) -> bool:
    return kind_of(each) == places.FIGURE and number_of(each) == number


def _with_item(entries: list[Entry], number: str) -> list[Entry]:
    """Open again for the item itself: its words changed."""
    at = place(places.ITEM, number)
    return entries if any(each["place"] == at for each in entries) else [*entries, entry(at, LOW)]


def _asked_again(entries: list[Entry], number: str, has_something: bool) -> list[Entry]:
    """Evidence is proposed where nothing of the item could be judged, once."""
    at = place(places.EVIDENCE, number)
    rest = places.without(entries, at)
    return rest if has_something else [*rest, entry(at, LOW)]


def _taken_over(
    item: ItemContent, criteria: list[CriterionContent], of: str = ""
) -> tuple[list[CriterionContent], dict[str, str]]:
    """(the criteria with codes of this item, old end of a code -> new one)"""
    taken, suffixes, n = {each.code for each in item.criteria}, {}, 0
    recoded = []
    for each in criteria:
        while (code := f"{item.number}.{(n := n + 1)}") in taken:
            pass
        suffixes["." + each.code.rsplit(".", 1)[-1]] = f".{n}"
        recoded.append(replace(each, code=code))
    return recoded, suffixes


def _joined(first: PlanItem, second: PlanItem) -> PlanItem:
    return replace(
        first,
        text=f"{first.text}\n{second.text}",
        lead=tuple(dict.fromkeys([*first.lead, *second.lead])),
        cooperating=tuple(dict.fromkeys([*first.cooperating, *second.cooperating])),
        thresholds=(*first.thresholds, *second.thresholds),
        sureness=least_sure([first.sureness, second.sureness]),
    )


def _but(plan: Plan, number: str) -> list[PlanItem]:
    return [each for each in plan.items if each.number != number]


def _with_items(plan: Plan, items: list[PlanItem]) -> Plan:
    return replace(plan, items=tuple(items))


def _free_number(state: PlanState) -> str:
    """One that neither the draft nor the plan has."""
    numbers = [each.number for each in state.plan.items if each.number.isdecimal()]
    return str(max([int(next_number(state.content)), *(int(each) + 1 for each in numbers)]))


def _insert_after(content: StandardContent, number: str, item: ItemContent) -> StandardContent:
    sections = []
    for section in content.sections:
        items = []
        for each in section.items:
            items += [each, item] if each.number == number else [each]
        sections.append(replace(section, items=items))
    return replace(content, sections=sections)

"""What the office has not settled yet of a plan that was taken in: the entries of PlanText.open.

An entry is a dict. `place`: head, departments, leading_group, arrangements, phase/<k>, item/<number>, evidence/<number>
or figure/<number>/<k>, with numbers of the plan's items as they were read (the office may number the draft's otherwise)
and <k> counting the item's figures, or the plan's phases, from 0. `sureness`: how sure the program is. Of a figure
`figures` lists all that one criterion answers to, and `criterion` is the rest of its code in the draft after the item's
number (".1"), "" where none is known.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from indicators.contents import ItemContent, StandardContent
from indicators.plans.proposal import HIGH, LOW, MEDIUM, PlanItem
from indicators.tidy import clean

HEAD, DEPARTMENTS, LEADING_GROUP, ARRANGEMENTS = "head", "departments", "leading_group", "arrangements"
PHASE, ITEM, FIGURE, EVIDENCE = "phase", "item", "figure", "evidence"

Entry = dict


def entry(place: str, sureness: str, **more) -> Entry:
    return {"place": place, "sureness": sureness, **more}


def place(kind: str, number: str, k: int | None = None) -> str:
    return f"{kind}/{number}" if k is None else f"{kind}/{number}/{k}"


def kind_of(each: Entry) -> str:
    return each["place"].split("/")[0]


def number_of(each: Entry) -> str:
    """Of the plan's item that it is about; "" where it is about none."""
    parts = each["place"].split("/")
    return parts[1] if parts[0] in (ITEM, FIGURE, EVIDENCE) else ""


def of_item(entries: Iterable[Entry], number: str) -> list[Entry]:
    return [each for each in entries if number_of(each) == number]


def without(entries: Iterable[Entry], *places: str) -> list[Entry]:
    return [each for each in entries if each["place"] not in places]


def moved(each: Entry, number: str, by: int, suffixes: dict[str, str]) -> Entry:
    """An entry of a figure as one of another item, where `by` figures stand before it and codes have other ends."""
    k = int(each["place"].rsplit("/", 1)[1]) + by
    figures = [figure + by for figure in each["figures"]]
    criterion = suffixes.get(each["criterion"], each["criterion"])
    return each | {"place": place(FIGURE, number, k), "figures": figures, "criterion": criterion}


def least_sure(words: Iterable[str]) -> str:
    said = set(words)
    return next((each for each in (LOW, MEDIUM) if each in said), HIGH)


def in_draft(content: StandardContent, item: PlanItem) -> ItemContent | None:
    """The draft's item that was made of the plan's: which still has its words, or else its number."""
    text = clean(item.text)
    words = [each for each in content.items if each.wording and each.wording == text]
    return next(iter(words), None) or next((each for each in content.items if each.number == item.number), None)


def criterion_code(item: ItemContent, each: Entry) -> str:
    """The code of the criterion that an entry of a figure proposes; "" where it proposes none, or it is gone."""
    code = item.number + each["criterion"] if each.get("criterion") else ""
    return code if any(criterion.code == code for criterion in item.criteria) else ""


def change_item(content: StandardContent, number: str, **values) -> StandardContent:
    sections = [
        replace(section, items=[replace(i, **values) if i.number == number else i for i in section.items])
        for section in content.sections
    ]
    return replace(content, sections=sections)


def places_of(entries: Iterable[Entry]) -> Iterator[str]:
    return (each["place"] for each in entries)

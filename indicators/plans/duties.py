"""A part that says what each department does; and which of them an item without departments falls to."""

import re
from dataclasses import dataclass, replace

from indicators.plans.departments import is_office, names_in
from indicators.plans.lines import folded
from indicators.plans.outline import Node
from indicators.plans.proposal import HIGH, LOW, MEDIUM, Named, PlanItem
from indicators.plans.words import Likeness

MOST_ITEMS, MOST_SENTENCES = 300, 300  # more is no plan
FEWEST = 3  # departments that a text has to deal with to be a part of duties
_LABELLED = re.compile(r"(?P<name>[^:。;,，]{2,40}):(?P<duty>.{4,})", re.DOTALL)
_STATED = re.compile(
    r"(?P<name>[\u4e00-\u9fff、]{2,24}?(?:部门|局|委|办|办公室|中心|机构))(?P<duty>(?:要|负责|应|积极|会同|牵头|配合|加强|做好|按照?).{4,})",
    re.DOTALL,
)
_MAIN = re.compile(
    r"主要实施部门|主要责任部门|牵头(?:部门|单位)|统筹协调|统一规划|组织协调工作|第一责任单位|负责(?:创建|统筹|日常|牵头)"
)
_NOT = re.compile(r"^(?:组长|副组长|成员|附件|附表|备注|抄送|主送|报送|联系|时间|地点)")
# shared weight, and its part of the duty's, from which a duty agrees with an item; and from which it clearly does
ENOUGH, ALIKE, CLEARLY = 5.0, 0.14, 0.3
MUCH = 9.0  # however long the duty is


@dataclass(frozen=True)
class Duties:
    """`name` as printed; `main`: it carries the whole."""

    name: str
    sentences: tuple[str, ...]
    passage: str
    main: bool
    sureness: str


def duties_of(root: Node, annexes: list[Node]) -> list[Duties]:
    """Every department whose duties the plan states, in its order; none where it has no such part."""
    found: dict[str, Duties] = {}
    for top in [root, *annexes]:
        for node in top.walk():
            lines = [*node.body, *(child.text() for child in node.children)]
            stated = [duties for line in lines for duties in _read(line)]
            if len({each.name for each in stated}) >= FEWEST:
                for each in stated:
                    found.setdefault(each.name, each)
    return list(found.values())


def given_departments(items: list[PlanItem], duties: list[Duties]) -> list[PlanItem]:
    """For a plan whose items name nobody: whose duty clearly agrees leads, else who carries the whole does.

    Nothing is changed where the plan names departments with its items, and nobody is named where nothing agrees.
    """
    if not duties or sum(bool(item.lead) for item in items) * 5 > len(items) or len(items) > MOST_ITEMS:
        return items
    main = next((each for each in duties if each.main), None)
    sentences = [(each, sentence) for each in duties for sentence in each.sentences][:MOST_SENTENCES]
    likeness = Likeness([item.text for item in items] + [sentence for _, sentence in sentences])
    return [item if item.lead else _given(item, main, sentences, likeness) for item in items]


def _given(item: PlanItem, main: Duties | None, sentences: list[tuple[Duties, str]], likeness: Likeness) -> PlanItem:
    named = _agreeing(item, sentences, likeness)
    whole = [Named(main.name, main.passage, LOW if named else MEDIUM)] if main else []
    if whole and not (named and named[0].sureness == MEDIUM):
        return replace(item, lead=tuple(whole), cooperating=tuple(named))
    return replace(item, lead=tuple(named[:1]), cooperating=tuple(named[1:] + whole))


def _agreeing(item: PlanItem, sentences: list[tuple[Duties, str]], likeness: Likeness) -> list[Named]:
    """Those whose duties speak of the item, the closest first; of the joint meeting all, for it is of them all."""
    if "联席会议" in item.title:
        others = {duties.name: duties.passage for duties, _ in sentences if not duties.main}
        return [Named(name, passage, LOW) for name, passage in others.items()]
    best: dict[str, tuple[float, str]] = {}
    for duties, sentence in sentences:
        shared, alike = likeness.of(sentence, item.text)
        agrees = (shared >= ENOUGH and alike >= ALIKE) or shared >= MUCH
        if not duties.main and agrees and alike >= best.get(duties.name, (0.0, ""))[0]:
            best[duties.name] = (alike, sentence)
    ranked = sorted(best.items(), key=lambda entry: -entry[1][0])
    return [Named(name, sentence, MEDIUM if alike >= CLEARLY else LOW) for name, (alike, sentence) in ranked]


def _read(line: str) -> list[Duties]:
    plain = folded(line).strip()
    if _NOT.match(plain):
        return []
    labelled = _LABELLED.match(plain)
    match = labelled if labelled and _is_name(labelled["name"]) else _STATED.match(plain)
    if not match:
        return []
    duty = line.strip()[match.start("duty") : match.end("duty")].strip()
    sentences = tuple(part.strip() for part in re.split(r"[；;。\n]", duty) if len(part.strip()) > 3)
    main = bool(_MAIN.search(duty))
    names = [name for name in names_in(match["name"]) if is_office(name)]
    return [Duties(name, sentences, line.strip(), main, HIGH if labelled else MEDIUM) for name in names]


def _is_name(text: str) -> bool:
    names = names_in(text)
    return bool(names) and all(is_office(name) for name in names)

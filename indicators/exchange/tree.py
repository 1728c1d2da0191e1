"""A standard in the words of its YAML file: mappings and lists, what is as usual left out."""

from collections.abc import Iterable
from decimal import Decimal

from indicators.contents import (
    ArrangementContent,
    CheckContent,
    CriterionContent,
    DepartmentContent,
    ElementContent,
    EvidenceContent,
    ItemContent,
    PhaseContent,
    SectionContent,
    StandardContent,
)
from indicators.enums import CheckLevel, SeenAs, ValueType, YearRule

Tree = dict[str, object]


def tree_of(
    content: StandardContent, elements: Iterable[ElementContent] = (), checks: Iterable[CheckContent] = ()
) -> Tree:
    """`elements` and `checks`: the county's own that go with it."""
    return _with_more(
        {
            "standard": _head(content),
            "departments": [_department(each) for each in content.departments],
        },
        leading_group=[{"part": seat.part, "office": seat.office} for seat in content.leading_group],
        arrangements=[_arrangement(each) for each in content.arrangements],
    ) | _with_more(
        {
            "phases": [_phase(each) for each in content.phases],
            "sections": [_section(each) for each in content.sections],
        },
        elements=[_element(each) for each in elements],
        checks=[_check(each) for each in checks],
    )


def _with_more(tree: Tree, **more) -> Tree:
    """The tree and those of `more` that are not empty."""
    return tree | {key.rstrip("_"): value for key, value in more.items() if value not in ("", [], {}, None)}


def _head(content: StandardContent) -> Tree:
    head = {"code": content.code, "version": content.version, "state": content.state, "title": content.title}
    source = {"document": content.source_document}
    source |= _with_more({}, number=content.source_number) | {"date": content.source_date}
    return head | {"source": source} | _with_more({}, deadline=content.deadline) | {"items": len(content.items)}


def _department(each: DepartmentContent) -> Tree:
    return _with_more({"name": each.name}, aliases=each.aliases, members=each.members, duties=each.duties)


def _arrangement(each: ArrangementContent) -> Tree:
    return _with_more(
        {"kind": each.kind, "name": each.name},
        every=each.every,
        called_by=each.called_by,
        recorded_by=each.recorded_by,
        matters=each.matters,
        note=each.note,
    )


def _phase(each: PhaseContent) -> Tree:
    return _with_more({"name": each.name, "start": each.start, "end": each.end}, tasks=each.tasks)


def _section(each: SectionContent) -> Tree:
    return {"number": each.number, "name": each.name, "items": [_item(item) for item in each.items]}


def _item(item: ItemContent) -> Tree:
    tree = {"number": item.number, "title": item.title, "requirement": item.requirement}
    tree |= _with_more({}, wording=item.wording, source=item.source) | {"lead": item.lead}
    return _with_more(
        tree,
        cooperating=item.cooperating,
        points=None if item.points is None else _number(item.points),
        evidence=[_evidence(each) for each in item.evidence],
        criteria=[_criterion(each) for each in item.criteria],
    )


def _evidence(each: EvidenceContent) -> Tree:
    return _with_more(
        {"code": each.code, "text": each.text, "required": each.required},
        from_=each.departments,
        year=_unless(each.year, YearRule.PERIOD),
        needed=_unless(each.needed, 1),
        seen=_unless(each.seen_as, SeenAs.DOCUMENT),
        per=each.institution_types,
    )


def _criterion(each: CriterionContent) -> Tree:
    tree = {"code": each.code, "name": each.name, "level": each.level, "scope": each.scope}
    tree |= {"formula": each.expression, "comparator": each.comparator, "target": each.target}
    return _with_more(tree, targets=each.targets, unit=each.unit, note=each.note, source=each.source)


def _element(each: ElementContent) -> Tree:
    is_figure = each.value_type in (ValueType.INTEGER, ValueType.DECIMAL)
    tree = {"code": each.code, "name": each.name, "group": each.group, "type": each.value_type}
    tree |= _with_more({}, unit=each.unit, definition=each.definition) | {"reported_by": each.reported_by}
    tree |= _with_more({}, aliases=each.aliases, choices={int(key): label for key, label in each.choices.items()})
    if is_figure and each.minimum != 0:
        tree["minimum"] = each.minimum
    return _with_more(tree, maximum=each.maximum if is_figure else None)


def _check(each: CheckContent) -> Tree:
    return _with_more(
        {"rule": each.expression, "message": each.message},
        level=_unless(each.level, CheckLevel.ERROR),
        types=each.types,
    )


def _unless(value, usual):
    return None if value == usual else value


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"

"""Reads that several places share."""

import re
from collections.abc import Collection
from dataclasses import fields

from django.db.models import Prefetch, Q, QuerySet

from indicators import contents
from indicators.enums import DepartmentRole, StandardState
from indicators.formula import ElementSpec, FormulaError, names, parse
from indicators.models import (
    Criterion,
    Element,
    ElementCheck,
    EvidenceRequirement,
    Item,
    ItemDepartment,
    Section,
    Standard,
)


def element_specs() -> dict[str, ElementSpec]:
    """The dictionary of data elements as formulas need it, by code. One query."""
    return _specs(Element.objects.all())


def specs_of(owner: str) -> dict[str, ElementSpec]:
    """As element_specs, of the elements that a county may use in its own standards. One query."""
    return _specs(elements_of(owner))


def _specs(elements: QuerySet[Element]) -> dict[str, ElementSpec]:
    return {
        element.code: ElementSpec(
            code=element.code,
            name=element.name,
            value_type=element.value_type,
            unit=element.unit,
            reported_by=frozenset(element.reported_by),
            choices={int(key): label for key, label in element.choices.items()},
        )
        for element in elements
    }


def elements_of(owner: str) -> QuerySet[Element]:
    """The dictionary as a county has it, whose code `owner` is: the shared elements, then those of its own."""
    return Element.objects.filter(owner__in=("", owner))


def checks_of(owner: str) -> QuerySet[ElementCheck]:
    """The checks on a county's figures: the shared ones, then its own."""
    return ElementCheck.objects.filter(owner__in=("", owner))


def target_in(criterion: Criterion | contents.CriterionContent, year: int) -> str:
    """The target for periods of a year: of the latest year in `targets` that is not after it, else `target`."""
    begun = [each for each in criterion.targets if int(each) <= year]
    return criterion.targets[max(begun, key=int)] if begun else criterion.target


def standards_for(owners: Collection[str]) -> QuerySet[Standard]:
    """The published standards of these owners ("": everybody's), which a county may work towards."""
    return Standard.objects.filter(owner__in=owners, state=StandardState.PUBLISHED)


def standards_to_read(owners: Collection[str]) -> QuerySet[Standard]:
    """The standards that people of these owners may read: the published ones, and everybody's drafts."""
    return Standard.objects.filter(Q(owner="") | Q(owner__in=owners, state=StandardState.PUBLISHED))


def current_standard(
    code: str, version: str | None = None, *, among: QuerySet[Standard] | None = None
) -> Standard | None:
    """The version asked for, else the latest published one, else the latest draft; None where there is none.

    `among`: the standards to look in, of all where it is not given.
    """
    versions = (Standard.objects.all() if among is None else among).filter(code=code)
    if version is not None:
        return versions.filter(version=version).first()
    return max(versions, key=lambda s: (s.state == StandardState.PUBLISHED, _natural(s.version), s.pk), default=None)


def _natural(version: str) -> list[tuple[int, int, str]]:
    """Version 10 comes after version 9."""
    parts = re.findall(r"[0-9]+|[^0-9]+", version)
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts]


def standard_with_everything(standard: Standard) -> Standard:
    """A fresh copy with departments, phases, sections, items, criteria, evidence and responsibilities. 8 queries.

    `standard.sections.all()`, `section.items.all()`, `item.criteria.all()`, `item.evidence_requirements.all()` and
    `item.responsibilities.all()` (each with its department) then read nothing more.
    """
    responsibilities = ItemDepartment.objects.select_related("department")
    items = Item.objects.prefetch_related(
        "criteria", "evidence_requirements", Prefetch("responsibilities", queryset=responsibilities)
    )
    sections = Section.objects.prefetch_related(Prefetch("items", queryset=items))
    everything = Standard.objects.prefetch_related("departments", "phases", Prefetch("sections", queryset=sections))
    return everything.get(pk=standard.pk)


def requirements_of(of: Standard | Item, *, owner: str) -> QuerySet[EvidenceRequirement]:
    """What a standard or one item demands of a county: its own, then what the county itself added, by item.

    `owner` is the county's code; "" gives the standard's own alone. Withdrawn ones are left out.
    """
    below = {"item": of} if isinstance(of, Item) else {"item__standard": of}
    return EvidenceRequirement.everyone.in_force_for(owner).filter(**below)


def used_elements() -> dict[str, list[Standard]]:
    """Codes of the elements that standards compute from, each with those standards. One query."""
    used: dict[str, list[Standard]] = {}
    for criterion in Criterion.objects.select_related("item__standard").order_by("item__standard_id"):
        standard = criterion.item.standard
        texts = (criterion.expression, criterion.target, *criterion.targets.values())
        for code in {name for text in texts for name in _codes_in(text)}:
            standards = used.setdefault(code, [])
            if standard not in standards:
                standards.append(standard)
    return used


def _codes_in(formula: str) -> tuple[str, ...]:
    """None where it cannot be read: a draft may hold what is not written to the end yet."""
    try:
        return names(parse(formula))
    except FormulaError:
        return ()


def names_of(item: Item, role: str) -> list[str]:
    """The item's departments in a role, in their order; reads `item.responsibilities`."""
    return [r.department.name for r in item.responsibilities.all() if r.role == role]


def responsible_for(item: Item) -> set[str]:
    """Names of everybody who is responsible for the item, the members of its groups too; reads as `names_of`."""
    departments = [each.department for each in item.responsibilities.all()]
    return {name for department in departments for name in (department.name, *department.members)}


def content_of(standard: Standard) -> contents.StandardContent:
    """The standard as it stands in the database. 8 queries."""
    standard = standard_with_everything(standard)
    return contents.StandardContent(
        code=standard.code,
        version=standard.version,
        state=standard.state,
        title=standard.title,
        source_document=standard.source_document,
        source_number=standard.source_number,
        source_date=standard.source_date,
        departments=[_copy(contents.DepartmentContent, row) for row in standard.departments.all()],
        phases=[_copy(contents.PhaseContent, row) for row in standard.phases.all()],
        sections=[
            contents.SectionContent(section.number, section.name, [_item(item) for item in section.items.all()])
            for section in standard.sections.all()
        ],
        deadline=standard.deadline,
        leading_group=[contents.SeatContent(**each) for each in standard.leading_group],
        arrangements=[contents.ArrangementContent(**each) for each in standard.arrangements],
    )


def _item(item: Item) -> contents.ItemContent:
    return contents.ItemContent(
        number=item.number,
        title=item.title,
        requirement=item.requirement,
        points=item.points,
        lead=names_of(item, DepartmentRole.LEAD),
        cooperating=names_of(item, DepartmentRole.COOPERATING),
        evidence=[_copy(contents.EvidenceContent, row) for row in item.evidence_requirements.all()],
        criteria=[_copy(contents.CriterionContent, row) for row in item.criteria.all()],
        wording=item.wording,
        source=item.source,
    )


def _copy(content_class: type, row):
    return content_class(**{each.name: getattr(row, each.name) for each in fields(content_class)})

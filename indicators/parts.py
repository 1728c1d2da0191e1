"""Stores what a standard consists of. Only `services` calls this."""

from dataclasses import asdict

from indicators.contents import StandardContent
from indicators.enums import DepartmentRole
from indicators.models import (
    Criterion,
    Department,
    EvidenceRequirement,
    Item,
    ItemDepartment,
    Phase,
    Section,
    Standard,
)
from indicators.sync import sync


def store_parts(standard: Standard, content: StandardContent) -> None:
    """Make the rows below `standard` those of `content`, in the caller's transaction.

    Sections and departments that are gone go last: until then items may still belong to them.
    """
    phases = [Phase(standard=standard, **asdict(phase)) for phase in content.phases]
    sync(standard.phases.all(), phases, key=lambda row: row.number)
    departments = [
        Department(standard=standard, position=position, **asdict(department))
        for position, department in enumerate(content.departments, 1)
    ]
    sync(standard.departments.all(), departments, key=lambda row: row.name, prune=False)
    sections = [Section(standard=standard, number=each.number, name=each.name) for each in content.sections]
    sync(standard.sections.all(), sections, key=lambda row: row.number, prune=False)
    _store_items(standard, content, {row.name: row for row in departments}, {row.number: row for row in sections})
    standard.sections.exclude(pk__in=[row.pk for row in sections]).delete()
    standard.departments.exclude(pk__in=[row.pk for row in departments]).delete()


def _store_items(
    standard: Standard, content: StandardContent, departments: dict[str, Department], sections: dict[int, Section]
) -> None:
    rows = {}
    for section in content.sections:
        for item in section.items:
            rows[item.number] = Item(
                standard=standard,
                section=sections[section.number],
                number=item.number,
                title=item.title,
                requirement=item.requirement,
                wording=item.wording,
                source=item.source,
                points=item.points,
                position=len(rows) + 1,
            )
    sync(standard.items.all(), list(rows.values()), key=lambda row: row.number)
    responsibilities, evidence, criteria = [], [], []
    for item in content.items:
        row = rows[item.number]
        responsibilities += responsibilities_of(row, item.lead, item.cooperating, departments)
        evidence += [
            EvidenceRequirement(item=row, position=n, **asdict(each)) for n, each in enumerate(item.evidence, 1)
        ]
        criteria += [Criterion(item=row, position=n, **asdict(each)) for n, each in enumerate(item.criteria, 1)]
    of_standard = {"item__standard": standard}
    sync(
        ItemDepartment.objects.filter(**of_standard),
        responsibilities,
        key=lambda row: (row.item_id, row.department_id),
    )
    # Other words demand another document: a judgement on the old ones must not pass over to them.
    sync(EvidenceRequirement.objects.filter(**of_standard), evidence, key=lambda row: (row.item_id, row.code, row.text))
    sync(Criterion.objects.filter(**of_standard), criteria, key=lambda row: (row.item_id, row.code))


def responsibilities_of(
    item: Item, lead: list[str], cooperating: list[str], departments: dict[str, Department]
) -> list[ItemDepartment]:
    """Unsaved rows: an item's departments in their order, `departments` by name."""
    roles = [(name, DepartmentRole.LEAD) for name in lead]
    roles += [(name, DepartmentRole.COOPERATING) for name in cooperating]
    return [
        ItemDepartment(item=item, department=departments[name], role=role, position=position)
        for position, (name, role) in enumerate(roles, 1)
    ]

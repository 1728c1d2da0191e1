"""What the standards demand, for reading: they are public plans."""

from dataclasses import dataclass

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from indicators import hooks
from indicators.differences.addresses import compare_url
from indicators.enums import DepartmentRole
from indicators.models import Criterion, Department, Item, Standard
from indicators.plan_lines import arrangements_of, seats_of
from indicators.queries import (
    current_standard,
    element_specs,
    names_of,
    standard_with_everything,
    standards_to_read,
)
from indicators.words import formula_words, requirement_words, scope_words, target_words
from tcm_demo.lib.dates import zh_date


@dataclass(frozen=True)
class CriterionWords:
    row: Criterion
    scope: str
    formula: str
    target: str
    # (year, target from that year on)
    years: list[tuple[str, str]]


@require_safe
def standard_list(request: HttpRequest) -> HttpResponse:
    rows = standards_to_read(hooks.owners_for(user=request.user)).annotate(item_count=Count("items"))
    entries = [{"standard": row, "url": _url(row.code, version=row.version)} for row in rows]
    return render(request, "indicators/standards.html", {"rows": entries})


@require_safe
def standard_page(request: HttpRequest, code: str) -> HttpResponse:
    """The current version, or the one that the address names; with `department` only that department's items."""
    found = standard_for(request.user, code, request.GET.get("version"))
    standard = standard_with_everything(found)
    departments = list(standard.departments.all())
    chosen = next((d for d in departments if d.name == request.GET.get("department")), None)
    sections = _sections(standard, chosen and _names_for(chosen, departments))
    context = {
        "standard_row": standard,
        "facts": _facts(standard),
        "crumbs": [("建设标准", reverse("indicators:standards"))],
        "sections": sections,
        "shown": sum(len(section["items"]) for section in sections),
        "total": sum(len(section.items.all()) for section in standard.sections.all()),
        "chosen": chosen,
        "duties": _duties(chosen, departments) if chosen else [],
        "seats": seats_of(standard),
        "arrangements": arrangements_of(standard),
        "departments": [_department(d, standard, request) for d in departments],
        "other_versions": _other_versions(standard),
        "origin": _origin(standard, request.user) if standard.copied_from_id else None,
        "export_url": reverse("indicators:standard-export", kwargs={"code": code}),
        "compare_url": reverse("indicators:compare", kwargs={"code": code}),
        "all_url": _url(code, version=request.GET.get("version")),
    }
    return render(request, "indicators/standard.html", context)


def standard_for(user, code: str, version: str | None) -> Standard:
    """The standard of this code that the user may read, in this version or the current one. Raises
    Http404."""
    found = current_standard(code, version, among=standards_to_read(hooks.owners_for(user=user)))
    if found is None:
        raise Http404("没有这个建设标准。")
    return found


def _facts(standard: Standard) -> list[tuple[str, str]]:
    sections = standard.sections.all()
    facts = [
        ("依据文件", f"{standard.source_document} {standard.source_number}".strip()),
        ("发文日期", zh_date(standard.source_date)),
        ("完成时限", zh_date(standard.deadline) if standard.deadline else ""),
        ("版本", f"第 {standard.version} 版，{standard.get_state_display()}"),
        ("内容", f"{len(sections)} 个部分，{sum(len(section.items.all()) for section in sections)} 条"),
    ]
    return [(term, value) for term, value in facts if value]


def _names_for(chosen: Department, departments: list[Department]) -> set[str]:
    """A department is also responsible where a group stands that it is a member of."""
    return {chosen.name, *(group.name for group in departments if chosen.name in group.members)}


def _duties(chosen: Department, departments: list[Department]) -> list[tuple[str, list[str]]]:
    """(whose, what): the department's own, and those of the groups that it is a member of."""
    groups = [group for group in departments if chosen.name in group.members]
    return [(each.name, each.duties) for each in (chosen, *groups) if each.duties]


def _sections(standard: Standard, names: set[str] | None) -> list[dict]:
    elements = element_specs()
    sections = []
    for section in standard.sections.all():
        items = [item for item in section.items.all() if names is None or names & set(_responsible(item))]
        if items:
            sections.append({"section": section, "items": [_item(item, elements) for item in items]})
    return sections


def _responsible(item: Item) -> list[str]:
    return [each.department.name for each in item.responsibilities.all()]


def _item(item: Item, elements) -> dict:
    return {
        "item": item,
        "lead": names_of(item, DepartmentRole.LEAD),
        "cooperating": names_of(item, DepartmentRole.COOPERATING),
        "evidence": [{"row": row, "words": requirement_words(row)} for row in item.evidence_requirements.all()],
        "criteria": [_criterion(row, elements) for row in item.criteria.all()],
    }


def _criterion(row: Criterion, elements) -> CriterionWords:
    def words(target: str) -> str:
        return target_words(row.comparator, target, row.unit, elements)

    formula = formula_words(row.expression, elements)
    years = [(year, words(target)) for year, target in sorted(row.targets.items())]
    return CriterionWords(row, scope_words(row.scope), formula, words(row.target), years)


def _department(department: Department, standard: Standard, request: HttpRequest) -> dict:
    items = [item for section in standard.sections.all() for item in section.items.all()]
    return {
        "department": department,
        "lead": sum(department.name in names_of(item, DepartmentRole.LEAD) for item in items),
        "cooperating": sum(department.name in names_of(item, DepartmentRole.COOPERATING) for item in items),
        "url": _url(standard.code, version=request.GET.get("version"), department=department.name),
    }


def _other_versions(standard: Standard) -> list[dict]:
    others = standards_to_read([standard.owner]).filter(code=standard.code).exclude(pk=standard.pk)
    return [{"standard": other, "url": _url(other.code, version=other.version)} for other in others]


def _origin(standard: Standard, user) -> dict | None:
    """What it was copied from, where the user may read that."""
    origin = standards_to_read(hooks.owners_for(user=user)).filter(pk=standard.copied_from_id).first()
    if origin is None:
        return None
    url = _url(origin.code, version=origin.version)
    return {"standard": origin, "url": url, "compare_url": compare_url(origin, standard)}


def _url(code: str, **query: str | None) -> str:
    given = {name: value for name, value in query.items() if value}
    address = reverse("indicators:standard", kwargs={"code": code})
    return f"{address}?{urlencode(given)}" if given else address

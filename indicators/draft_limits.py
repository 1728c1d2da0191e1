"""What the database could not hold of a draft, said in words before it does."""

from collections.abc import Iterable, Iterator

from django.db.models import CharField

from indicators import models
from indicators.contents import StandardContent
from indicators.services import Refused


def refuse_unstorable(content: StandardContent) -> None:
    """Raises Refused where two things go by one number or one that no address can hold, a department is none, or a text
    is too long."""
    for kind, values in _once(content).items():
        if twin := _first_twin(values):
            raise Refused(f"{kind}“{twin}”重复，请改一个。")
    for kind, values in _in_addresses(content).items():
        for value in values:
            if not value.strip() or "/" in value or value in (".", "..", "new", "preview"):
                raise Refused(f"{kind}“{value}”不能用，请改用数字、字母、汉字、点和短横，例如 3-1。")
    known = {department.name for department in content.departments}
    for item in content.items:
        named = [*item.lead, *item.cooperating]
        if stranger := next((name for name in named if name not in known), None):
            raise Refused(f"条目 {item.number} 的部门“{stranger}”不在责任部门里，请先添加这个部门。")
        if twin := _first_twin(named):
            raise Refused(f"条目 {item.number} 的部门“{twin}”写了两次，每个部门只能写一次。")
    for what, model, row in _rows(content):
        for field in model._meta.concrete_fields:
            value = getattr(row, field.name, None)
            if isinstance(field, CharField) and isinstance(value, str) and len(value) > field.max_length:
                raise Refused(f"{what}的{field.verbose_name}有 {len(value)} 字，最多 {field.max_length} 字。")


def _once(content: StandardContent) -> dict[str, Iterable]:
    return {
        "条目编号": (item.number for item in content.items),
        "部分序号": (section.number for section in content.sections),
        "部门": (department.name for department in content.departments),
        "阶段": (phase.name for phase in content.phases),
        "指标编号": (criterion.code for item in content.items for criterion in item.criteria),
        "佐证编号": (evidence.code for item in content.items for evidence in item.evidence),
    }


def _in_addresses(content: StandardContent) -> dict[str, list[str]]:
    """What stands in the addresses of pages, where `/` would begin another page."""
    return {
        "标准的代码": [content.code],
        "标准的版本": [content.version],
        "条目编号": [item.number for item in content.items],
        "指标编号": [criterion.code for item in content.items for criterion in item.criteria],
        "佐证编号": [evidence.code for item in content.items for evidence in item.evidence],
    }


def _first_twin(values: Iterable):
    seen = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None


def _rows(content: StandardContent) -> Iterator[tuple[str, type, object]]:
    """(how a sentence calls it, the model that holds it, the content)"""
    yield "标准", models.Standard, content
    for department in content.departments:
        yield f"部门“{department.name[:20]}”", models.Department, department
    for phase in content.phases:
        yield f"阶段“{phase.name[:20]}”", models.Phase, phase
    for section in content.sections:
        yield f"第 {section.number} 部分", models.Section, section
    for item in content.items:
        yield f"条目 {item.number[:20]}", models.Item, item
        for evidence in item.evidence:
            yield f"佐证 {evidence.code[:20]}", models.EvidenceRequirement, evidence
        for criterion in item.criteria:
            yield f"指标 {criterion.code[:20]}", models.Criterion, criterion

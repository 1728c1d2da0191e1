"""What a row of the registries must keep besides the form of its fields; one sentence for each fault."""

import re

from django.core.exceptions import ValidationError

from indicators.enums import InstitutionType
from institutions.enums import CountyLevel, Role
from tcm_demo.lib.text import is_unseen

# in an address a slash ends a code, and blanks are lost on the way through Excel
_NOT_IN_CODES = re.compile(r"[\s/\\?#%]")
# browsers read these as "here" and "one level up"
_DOTS = (".", "..")


def without_unseen(text: str) -> str:
    return text if text.isalnum() else "".join(each for each in text if not is_unseen(each)).strip()


def check_code(value: str) -> None:
    """A code becomes part of addresses. Raises ValidationError."""
    if any(map(is_unseen, value)):
        raise ValidationError("编码里有看不见的控制字符，请删去后重新填写。")
    found = _NOT_IN_CODES.search(value)
    if found:
        shown = "空格" if found.group().isspace() else found.group()
        raise ValidationError(f"编码里不能有“{shown}”，请用字母、数字、汉字或短横线。")
    if value in _DOTS:
        raise ValidationError(f"编码不能是“{value}”，请用字母、数字、汉字或短横线。")


def _fault_of_text(label: str, value: str) -> str | None:
    if value and not value.strip():
        return f"{label}不能只有空格，请填写{label}。"
    if any(map(is_unseen, value)):
        return f"{label}里有看不见的控制字符或换行，请删去后重新填写。"
    return None


def _faults_of_texts(row, names: tuple[str, ...]) -> dict[str, str]:
    found = {name: _fault_of_text(row._meta.get_field(name).verbose_name, getattr(row, name)) for name in names}
    return {name: fault for name, fault in found.items() if fault}


def check_institution(institution) -> None:
    """Raises ValidationError with the faults by field."""
    faults = _faults_of_texts(institution, ("name", "town"))
    others = type(institution).objects.filter(county_id=institution.county_id).exclude(pk=institution.pk)
    try:
        check_code(institution.code)
    except ValidationError as error:
        faults["code"] = error.messages
    if namesake := others.filter(code=institution.code).first():
        faults["code"] = f"编码“{institution.code}”已用于“{namesake.name}”，本县（区）内不能重复，请换一个编码。"
    if institution.type == InstitutionType.COUNTY and (own := others.filter(type=InstitutionType.COUNTY).first()):
        faults["type"] = f"县（区）本级已有“{own.name}”，只能有一个，请改选其他机构类型。"
    opened, closed = institution.opened_on, institution.closed_on
    if opened and closed and closed <= opened:
        faults["closed_on"] = f"停用日期 {closed} 不晚于启用日期 {opened}，请核对两个日期。"
    if fault := _fault_of_manager(institution):
        faults["manager"] = fault
    if faults:
        raise ValidationError(faults)


def _fault_of_manager(institution) -> str | None:
    manager, passed = institution.manager, set()
    if manager is not None and manager.county_id != institution.county_id:
        return f"上级机构“{manager.name}”不属于本县（区），请选择本县（区）的机构。"
    while manager is not None and manager.pk not in passed:
        if manager.pk == institution.pk and institution.pk is not None:
            return "上级机构绕回到了机构自己，请重新选择上级机构。"
        passed.add(manager.pk)
        manager = manager.manager
    return None


def check_county(county) -> None:
    """Raises ValidationError with the faults by field."""
    faults = _faults_of_texts(county, ("name",))
    others = type(county).objects.exclude(pk=county.pk)
    try:
        check_code(county.code)
    except ValidationError as error:
        faults["code"] = error.messages
    if namesake := others.filter(code=county.code).first():
        faults["code"] = f"代码“{county.code}”已用于“{namesake.name}”，请换一个代码。"
    if county.parent_id is not None and county.parent_id == county.pk:
        faults["parent"] = "上级不能是自己，请重新选择上级。"
    if faults:
        raise ValidationError(faults)


# nobody is both, anywhere: who changes accounts does not keep watch over it
_TWO_PERSONS = {Role.SYSTEM_ADMIN: Role.AUDITOR, Role.AUDITOR: Role.SYSTEM_ADMIN}


def check_grant(grant) -> None:
    """Raises ValidationError with the faults by field."""
    faults = _faults_of_scope(grant)
    if not faults and grant.user_id is not None and (fault := _fault_beside_others(grant)):
        faults["role"] = fault
    if faults:
        raise ValidationError(faults)


def check_first_grant(grant, roles: set[str]) -> None:
    """As `check_grant`, for somebody who is new and so far gets these roles alone. Asks the database for nothing."""
    faults = _faults_of_scope(grant)
    if not faults and _TWO_PERSONS.get(grant.role) in roles:
        faults["role"] = f"系统管理员和审计员须是两个人，{grant.user}不能都是。"
    if faults:
        raise ValidationError(faults)


def _faults_of_scope(grant) -> dict[str, str]:
    faults = {}
    is_clerk, is_liaison = grant.role == Role.DATA_CLERK, grant.role == Role.LIAISON
    if is_clerk and grant.institution_id is None:
        faults["institution"] = "填报员的授权须指定机构，请选择一家机构。"
    elif is_clerk and grant.institution.county_id != grant.county_id:
        faults["institution"] = f"“{grant.institution.name}”不属于所选的县（区），请重新选择。"
    elif not is_clerk and grant.institution_id is not None:
        faults["institution"] = f"{grant.get_role_display()}的授权是对整个县（区）的，请不要选择机构。"
    if is_liaison and not grant.department:
        faults["department"] = "部门联络员的授权须写明部门。"
    elif not is_liaison and grant.department:
        faults["department"] = f"{grant.get_role_display()}的授权不按部门，请留空。"
    if grant.role == Role.PREFECTURE and grant.county_id and grant.county.level != CountyLevel.PREFECTURE:
        faults["role"] = f"“市级”的授权只能在市给出，{grant.county}不是市。"
    return faults


def _fault_beside_others(grant) -> str | None:
    """What is wrong with it beside the other grants of its person."""
    others = type(grant).objects.filter(user_id=grant.user_id).exclude(pk=grant.pk)
    if grant.role == Role.AUDITOR and grant.user.is_superuser:
        return f"平台管理员不能兼任审计员，请把审计员的授权给另外的人（{grant.user}是平台管理员）。"
    barred = _TWO_PERSONS.get(grant.role)
    if barred and others.filter(role=barred).exists():
        return f"系统管理员和审计员须是两个人：{grant.user}已是{Role(barred).label}，请另选一人。"
    scope = {name: getattr(grant, name) for name in ("county_id", "role", "institution_id", "department")}
    if others.filter(**scope).exists():
        return f"{grant.user}已有“{grant.scope_name}{grant.get_role_display()}”的授权，不必重复添加。"
    return None

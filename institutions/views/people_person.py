"""One person: what is known, what this person may do in the county, and what to do about the account."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from institutions.models import County, Grant
from institutions.people import services
from institutions.people.authority import Authority
from institutions.people.forms import FactsForm, RoleForm
from institutions.people.listing import person_of
from institutions.refusals import Refused
from institutions.views.people import LIGHTS, crumbs, people_page, people_url
from institutions.views.people_account import slips_page
from tcm_demo.accounts.enums import AccountState
from tcm_demo.accounts.factor_services import device_of
from tcm_demo.accounts.locks import locked_names
from tcm_demo.accounts.models import User
from tcm_demo.accounts.queries import state_of
from tcm_demo.lib.dates import zh_date, zh_datetime


@require_safe
@people_page
def person(request: HttpRequest, county: County, person: int) -> HttpResponse:
    return _page(request, county, person_of(county, person))


@require_POST
@people_page
def facts(request: HttpRequest, county: County, person: int) -> HttpResponse:
    found = person_of(county, person)
    form = FactsForm(request.POST, initial={"expires_on": found.expires_on})
    if not form.is_valid():
        return _page(request, county, found, facts=form)
    services.change_account(found, by=request.user, **form.changes())
    return _done(request, county, found, "资料已保存。")


@require_POST
@people_page
def state(request: HttpRequest, county: County, person: int) -> HttpResponse:
    """Disable the account, or with `active` enable it again."""
    found, active = person_of(county, person), request.POST.get("active") == "1"
    services.change_account(found, by=request.user, is_active=active)
    return _done(request, county, found, "账号已启用。" if active else "账号已停用，不能再登录。")


@require_POST
@people_page
def unlock(request: HttpRequest, county: County, person: int) -> HttpResponse:
    found = person_of(county, person)
    services.unlock(found, by=request.user)
    return _done(request, county, found, "已解除账号的登录锁定。")


@require_POST
@people_page
def factor_off(request: HttpRequest, county: County, person: int) -> HttpResponse:
    found = person_of(county, person)
    services.turn_off_second_factor(found, by=request.user)
    return _done(request, county, found, "动态口令已停用，本人登录后可以重新设置。")


@require_POST
@people_page
def reset(request: HttpRequest, county: County, person: int) -> HttpResponse:
    slips = services.reset_passwords([person_of(county, person)], by=request.user)
    return slips_page(request, county, slips, "重置密码")


@require_POST
@people_page
def give_role(request: HttpRequest, county: County, person: int) -> HttpResponse:
    found = person_of(county, person)
    form = RoleForm(request.POST, county, Authority(request.user))
    if form.is_valid():
        try:
            grant = services.give_role(county, found, form.role_given(), by=request.user)
        except ValidationError as error:
            form.add_error("role", error.messages)
        else:
            return _done(request, county, found, f"已添加授权：{grant.scope_name}{grant.get_role_display()}。")
    return _page(request, county, found, roles=form)


@require_POST
@people_page
def take_role(request: HttpRequest, county: County, person: int, grant: int) -> HttpResponse:
    found = get_object_or_404(Grant.objects.select_related("institution"), pk=grant, county=county, user_id=person)
    given = f"{found.scope_name}{found.get_role_display()}"
    user = found.user
    try:
        services.take_role(found, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(people_url("person", county, person=person))
    return _done(request, county, user, f"已移除授权：{given}。")


def _done(request: HttpRequest, county: County, person: User, sentence: str) -> HttpResponse:
    """Back to the person, or to the list where the person has nothing in this county any more."""
    messages.success(request, sentence)
    if county.grants.filter(user=person).exists():
        return redirect(people_url("person", county, person=person.pk))
    return redirect(people_url("people", county))


def _page(request: HttpRequest, county: County, person: User, facts=None, roles=None) -> HttpResponse:
    authority = Authority(request.user)
    for grant in person.grants_here:
        grant.may_take = authority.fault_of_grant(grant) is None
        grant.url = people_url("person-role-remove", county, person=person.pk, grant=grant.pk)
    fault, now = authority.fault_of_account(person), state_of(person, locked_names())
    context = {
        "county": county,
        "crumbs": crumbs(county),
        "person": person,
        "state": now,
        "light": LIGHTS[now],
        "is_locked": now == AccountState.LOCKED,
        "has_factor": device_of(person) is not None,
        "fault": fault,
        "facts": facts or (None if fault else FactsForm.of(person)),
        "known": _known(person),
        "roles": roles or (RoleForm(None, county, authority) if _may_give(authority, person, county) else None),
        "urls": {
            name.replace("-", "_"): people_url(f"person-{name}", county, person=person.pk)
            for name in ("facts", "state", "unlock", "factor-off", "reset", "role")
        },
    }
    return render(request, "people/person.html", context)


def _may_give(authority: Authority, person: User, county: County) -> bool:
    """Whether there is a role that this person could be given here by whoever asks."""
    offered = authority.roles_to_give(county)
    return bool(offered) and authority.fault_of_grant(Grant(user=person, county=county, role=offered[0])) is None


def _known(person: User) -> list[tuple[str, str]]:
    return [
        ("用户名", person.username),
        ("姓名", person.display_name or "—"),
        ("电话", person.phone or "—"),
        ("邮箱", person.email or "—"),
        ("有效期至", zh_date(person.expires_on) or "长期有效"),
        ("最近登录", zh_datetime(person.last_login) or "未登录过"),
        ("开通时间", zh_datetime(person.date_joined)),
    ]

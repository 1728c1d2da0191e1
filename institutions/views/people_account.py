"""Making an account, and the slips with one-time passwords, which no page shows twice."""

from base64 import b64encode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from institutions.checks import without_unseen
from institutions.enums import Role
from institutions.models import County, Institution
from institutions.people.authority import Authority
from institutions.people.forms import AccountForm
from institutions.people.listing import choice_text, people_of, person_of
from institutions.people.services import Slip, open_account, reset_passwords
from institutions.refusals import Refused
from institutions.views.people import crumbs, people_page, people_url
from tcm_demo.accounts.facts import clean_username
from tcm_demo.lib.downloads import file_name
from tcm_demo.lib.spreadsheets import table_workbook

SLIP_HEADINGS = ["姓名", "用户名", "一次性密码", "角色", "登录地址"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@people_page
def new_account(request: HttpRequest, county: County) -> HttpResponse:
    authority = Authority(request.user)
    if request.method == "POST":
        form = AccountForm(request.POST, county, authority)
        if form.is_valid() and (slip := _open(form, county, request.user)):
            return slips_page(request, county, [slip], "新账号", again=people_url("people-new", county))
    else:
        form = AccountForm(None, county, authority, initial=_for_institution(request, county))
    return render(request, "people/new.html", {"county": county, "crumbs": crumbs(county), "form": form})


def _open(form: AccountForm, county: County, by) -> Slip | None:
    """None where it was refused; the form then says why."""
    try:
        return open_account(county, form.new_person(), by=by)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        form.add_error("role", error.messages)
    return None


def _for_institution(request: HttpRequest, county: County) -> dict:
    """What an account for the institution in the address begins with."""
    code = without_unseen(request.GET.get("institution", ""))
    if not code:
        return {}
    institution = get_object_or_404(Institution, county=county, code=code)
    begun = {"role": Role.DATA_CLERK, "institution": choice_text(institution)}
    try:
        return begun | {"username": clean_username(institution.code.lower())}
    except ValidationError:
        return begun  # a code that is no user name


@require_POST
@people_page
def reset_many(request: HttpRequest, county: County) -> HttpResponse:
    """New passwords for those who are ticked: where slips were lost, or nobody has signed in yet."""
    ticked = [pk for pk in request.POST.getlist("person") if pk.isascii() and pk.isdigit() and len(pk) < 40]
    people = [person_of(county, int(pk)) for pk in ticked]
    return slips_page(request, county, reset_passwords(people, by=request.user), "重置密码")


def slips_page(request: HttpRequest, county: County, slips: list[Slip], title: str, *, again: str = "") -> HttpResponse:
    """One-time passwords to print, and as a workbook that is part of this very answer: nothing is kept to be fetched
    again, neither here nor in the browser. `again`: the address to make one more account."""
    address = request.build_absolute_uri("/")
    known = people_of(county).in_bulk([slip.person.pk for slip in slips])
    rows = [
        {
            "person": slip.person,
            "password": slip.password,
            "roles": [f"{g.scope_name}{g.get_role_display()}" for g in known[slip.person.pk].grants_here],
        }
        for slip in slips
    ]
    cells = [
        [row["person"].display_name, row["person"].username, row["password"], "、".join(row["roles"]), address]
        for row in rows
    ]
    workbook = b64encode(table_workbook("一次性密码", SLIP_HEADINGS, cells)).decode()
    context = {
        "county": county,
        "crumbs": crumbs(county),
        "title": title,
        "slips": rows,
        "address": address,
        "workbook": f"data:{XLSX};base64,{workbook}",
        "workbook_name": file_name(f"{county.name}一次性密码.xlsx"),
        "back": people_url("people", county),
        "again": again,
    }
    response = render(request, "people/slips.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response

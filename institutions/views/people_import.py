"""Accounts from Excel: template, upload with its preview, and the confirmation, which answers with the slips."""

from io import BytesIO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions.models import County
from institutions.people.authority import Authority
from institutions.people.forms import PeopleFileForm
from institutions.people.importing import plan_import, write_import
from institutions.people.listing import uncovered
from institutions.people.plan import Plan
from institutions.people.rows import MAX_ROWS, Table, packed, read_table, unpacked
from institutions.people.template import template
from institutions.refusals import Refused
from institutions.views.people import crumbs, people_page, people_url
from institutions.views.people_account import slips_page
from tcm_demo.audit.exports import exported
from tcm_demo.lib.downloads import download

SHOWN_PROBLEMS = 200


@require_safe
@people_page
def template_file(request: HttpRequest, county: County) -> FileResponse:
    """`?for=uncovered`: with a row begun for each institution that has nobody."""
    begun = list(uncovered(county)[:MAX_ROWS]) if request.GET.get("for") == "uncovered" else []
    data = template(county, Authority(request.user), begun)
    exported(request, "account_table", county, place=county.code, rows=len(begun))
    return download(BytesIO(data), f"{county.name}账号表.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@people_page
def upload(request: HttpRequest, county: County) -> HttpResponse:
    """Nothing is written: the answer to a file is what it would do."""
    form = PeopleFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            table = read_table(form.cleaned_data["file"].read())
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return _preview(request, county, table, plan_import(county, table, by=request.user))
    context = {
        "county": county,
        "crumbs": crumbs(county),
        "form": form,
        "max_rows": MAX_ROWS,
        "template_url": people_url("people-template", county),
    }
    return render(request, "people/import.html", context)


@require_POST
@people_page
def confirm(request: HttpRequest, county: County) -> HttpResponse:
    """Write what the preview showed, if it still would do that; the answer holds the one-time passwords."""
    try:
        table = unpacked(request.POST.get("rows", ""), county, request.user)
    except Refused as refusal:
        form = PeopleFileForm()
        context = {"county": county, "crumbs": crumbs(county), "form": form, "refusal": str(refusal)}
        more = {"max_rows": MAX_ROWS, "template_url": people_url("people-template", county)}
        return render(request, "people/import.html", context | more)
    plan = plan_import(county, table, by=request.user)
    if plan.problems:
        return _preview(request, county, table, plan, refusal="核对之后账号又有变动，没有写入任何内容。")
    try:
        slips = write_import(county, plan, by=request.user)
    except Refused as refusal:
        return _preview(request, county, table, plan, refusal=f"没有写入任何内容。{refusal}")
    done = [
        f"{words} {plan.count(kind)} 个账号"
        for kind, words in (("new", "新建"), ("changed", "修改"))
        if plan.count(kind)
    ]
    return slips_page(request, county, slips, f"已{'，'.join(done)}")


def _preview(request: HttpRequest, county: County, table: Table, plan: Plan, refusal: str = "") -> HttpResponse:
    may_write = not (plan.problems or plan.changes_nothing or refusal)
    context = {
        "county": county,
        "crumbs": crumbs(county),
        "plan": plan,
        "problems": plan.problems[:SHOWN_PROBLEMS],
        "new": plan.count("new"),
        "changed": plan.count("changed"),
        "same": plan.count("same"),
        "refusal": refusal,
        "rows": packed(table, county, request.user) if may_write else "",
        "urls": {"start": people_url("people-import", county), "confirm": people_url("people-confirm", county)},
    }
    return render(request, "people/preview.html", context)

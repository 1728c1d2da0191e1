"""Accounts and grants in the admin: tables of accounts in and out, and the same rules for roles as on the pages."""

from io import BytesIO

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from institutions.models import Grant, Institution
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tcm_demo.lib.table_format import Workbook
from tests.world import make_world

HEADINGS = ["用户名", "姓名", "电话", "邮箱", "在用", "有效期至"]


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def admin(client, world):
    client.force_login(world.users["superuser"])
    return client


@pytest.fixture
def staff(client, world):
    """The office of county A, let into the admin for accounts and grants."""
    office = world.users["office"]
    office.is_staff = True
    office.save()
    office.user_permissions.set(Permission.objects.filter(content_type__model__in=["user", "grant", "institution"]))
    client.force_login(office)
    return client


def post(client, name: str, data: dict, *args, **more):
    return client.post(reverse(f"admin:{name}", args=args), data, **more)


def upload(client, *rows, headings=HEADINGS):
    book, file = openpyxl.Workbook(), BytesIO()
    for row in (headings, *rows):
        book.active.append(row)
    book.save(file)
    table = SimpleUploadedFile("账号.xlsx", file.getvalue())
    return post(client, "accounts_user_import", {"import_file": table, "format": "0", "resource": "0"})


def confirm(client, preview):
    return post(client, "accounts_user_process_import", preview.context["confirm_form"].initial, follow=True)


def export(client):
    return post(client, "accounts_user_export", {"format": "0", "resource": "0"})


# ---- tables of accounts ----


def test_accounts_are_exported_without_passwords_or_rights_and_run_no_formula(admin, world):
    User.objects.filter(username="clerk").update(display_name="=1+1", phone="+86 533", email="@x")
    response = export(admin)
    sheet = openpyxl.load_workbook(BytesIO(response.content)).active
    assert [cell.value for cell in sheet[1]] == HEADINGS
    clerk = next(row for row in sheet.iter_rows() if row[0].value == "clerk")
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in clerk[1:4]] == [
        ("=1+1", "s", True),
        ("+86 533", "s", True),
        ("@x", "s", True),
    ]
    assert Event.objects.filter(action="export_accounts").exists()


def test_a_table_is_previewed_and_written_after_confirmation(admin, world):
    preview = upload(
        admin, ["zhang", "张三", "0533-1234567", None, "是", None], ["clerk", "李四", None, None, "否", "2099-12-31"]
    )
    assert not User.objects.filter(username="zhang").exists()
    done = confirm(admin, preview)
    assert "新账号还不能登录" in done.content.decode()
    zhang, clerk = (User.objects.get(username=name) for name in ("zhang", "clerk"))
    assert not zhang.has_usable_password()
    assert (clerk.display_name, clerk.is_active, str(clerk.expires_on)) == ("李四", False, "2099-12-31")
    events = Event.objects.filter(actor=world.users["superuser"], subject_type="accounts.User")
    assert set(events.values_list("action", "subject_name")) >= {("create_account", "张三"), ("change_account", "李四")}


def test_what_was_exported_comes_back_unchanged(admin):
    User.objects.filter(display_name="").update(display_name="某人")
    table = SimpleUploadedFile("账号.xlsx", export(admin).content)
    again = post(admin, "accounts_user_import", {"import_file": table, "format": "0", "resource": "0"})
    assert "没有需要写入的改动" in again.content.decode()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["zhang", "@SUM(1)", None, None, None, None]], "第 2 行：姓名不能以“@”开头"),
        ([["zhang", "张三", None, None, "也许", None]], "第 2 行：“也许”应为“是”或“否”。"),
        ([["zhang", "张三", None, None, None, "明天"]], "第 2 行：“明天”不是日期"),
        ([["CLERK", "张三", None, None, None, None]], "已有用户名“clerk”，只差大小写"),
        ([["zhang", "张三"], ["ZHANG", "李四"]], "第 3 行：用户名“ZHANG”与第 2 行重复"),
        ([["superuser", "我", None, None, "否", None]], "不能停用自己的账号"),
    ],
)
def test_a_fault_stops_the_whole_table(admin, rows, sentence):
    before = User.objects.count()
    assert sentence in upload(admin, *rows, ["li", "李四", None, None, None, None]).content.decode()
    assert User.objects.count() == before


@pytest.mark.parametrize("heading", ["密码", "超级用户"])
def test_a_table_sets_no_passwords_and_no_rights(admin, heading):
    page = upload(admin, ["zhang", "张三", "x"], headings=["用户名", "姓名", heading])
    assert f"不认识的表头：“{heading}”" in page.content.decode()


def test_tables_of_accounts_are_for_superusers_alone(staff):
    assert export(staff).status_code == 403
    assert upload(staff, ["zhang", "张三"]).status_code == 403


def test_a_file_that_is_no_workbook_is_refused(admin):
    with pytest.raises(ValueError, match="打不开这个文件"):
        Workbook().create_dataset(b"MZ")
    file = SimpleUploadedFile("账号.xlsx", b"MZ")
    page = post(admin, "accounts_user_import", {"import_file": file, "format": "0", "resource": "0"})
    assert "打不开这个文件" in page.content.decode()


# ---- grants ----


def test_grants_are_given_with_institution_or_department(admin, world):
    clerk = {"user": world.users["stranger"].pk, "county": world.county.pk, "role": "data_clerk"}
    refused = post(admin, "institutions_grant_add", clerk)
    assert refused.context["adminform"].form.errors == {"institution": ["填报员的授权须指定机构，请选择一家机构。"]}
    foreign = post(admin, "institutions_grant_add", clerk | {"institution": Institution.objects.get(code="B-01").pk})
    assert "不属于所选的县（区）" in str(foreign.context["adminform"].form.errors)
    own = Institution.objects.get(code="A-02")
    assert post(admin, "institutions_grant_add", clerk | {"institution": own.pk}).status_code == 302
    assert Grant.objects.get(user=world.users["stranger"]).institution == own


def test_the_institutions_offered_are_those_of_the_county_chosen(admin, world):
    def offered(**county) -> set[str]:
        where = {"app_label": "institutions", "model_name": "grant", "field_name": "institution", "term": "卫生院"}
        found = admin.get(reverse("admin:autocomplete"), where | county).json()["results"]
        return {each["text"] for each in found}

    assert offered(county=world.county.pk) == {"东镇卫生院", "西镇卫生院"}
    assert offered(county=world.other_county.pk) == {"乙县卫生院"}


def test_staff_hand_out_in_their_county_what_is_theirs_to_hand_out(staff, world):
    person = {"user": world.users["stranger"].pk}
    assert (
        post(staff, "institutions_grant_add", person | {"county": world.county.pk, "role": "expert"}).status_code == 302
    )
    for refused in (
        {"county": world.county.pk, "role": "system_admin"},
        {"county": world.county.pk, "role": "auditor"},
        {"county": world.other_county.pk, "role": "expert"},
        {"county": world.county.pk, "role": "reviewer", "user": world.users["office"].pk},
    ):
        assert post(staff, "institutions_grant_add", person | refused).context["adminform"].form.errors
    assert set(Grant.objects.filter(user__username__in=["stranger", "office"]).values_list("role", flat=True)) == {
        "expert",
        "county_office",
    }


def test_staff_take_back_only_what_they_could_have_given(staff, world):
    grants = {name: world.users[name].grants.get().pk for name in ("expert", "sysadmin", "office", "other_clerk")}
    answers = {
        name: post(staff, "institutions_grant_delete", {"post": "yes"}, pk).status_code for name, pk in grants.items()
    }
    assert (answers["sysadmin"], answers["office"]) == (403, 403)
    assert set(Grant.objects.filter(pk__in=grants.values()).values_list("user__username", flat=True)) == {
        "sysadmin",
        "office",
        "other_clerk",
    }


def test_no_auditor_becomes_a_superuser(admin, world):
    data = {"username": "auditor", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    refused = post(admin, "accounts_user_change", data, world.users["auditor"].pk)
    assert "审计员，不能同时是超级用户" in str(refused.context["adminform"].form.errors)
    assert not User.objects.get(username="auditor").is_superuser

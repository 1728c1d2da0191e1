"""The registries in the admin: form, import with dry run and differences, export; all of it on the audit trail."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.models import Standing
from institutions.models import County, Grant, Institution
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tests.world import make_world

CREDIT_CODE = "91350100M000100Y43"
HEADINGS = ["地区代码", "机构编码", "机构名称", "机构类型", "停用日期", "上级机构编码"]
INSTITUTION = {"name": "北镇卫生院", "type": "township_centre", "town": "北镇", "position": "9"}


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def admin(client, world):
    client.force_login(world.users["superuser"])
    return client


@pytest.fixture
def staff(client, world):
    """The office of county A, let into the admin for institutions."""
    office = world.users["office"]
    office.is_staff = True
    office.save()
    office.user_permissions.set(Permission.objects.filter(content_type__model="institution"))
    client.force_login(office)
    return client


def post(client, name: str, data: dict, *args, follow: bool = False):
    """POST to an address of the admin; `args` is the row's key."""
    return client.post(reverse(f"admin:{name}", args=args), data, follow=follow)


def change(client, institution: Institution, **fields):
    """Post the change form with everything as it is but `fields`."""
    names = ("code", "name", "type", "town", "remark", "position", "opened_on", "closed_on", "credit_code")
    data = {name: getattr(institution, name) or "" for name in names} | {"position": institution.position} | fields
    return post(client, "institutions_institution_change", data, institution.pk)


def faults(response) -> dict:
    return response.context["adminform"].form.errors


def coverage() -> dict:
    return Standing.objects.get(county__code="A").result["coverage"]


# ---- the form ----


def test_a_new_institution_counts_at_once_and_is_on_the_trail(admin, world):
    data = INSTITUTION | {"county": world.county.pk, "code": "A-09", "credit_code": CREDIT_CODE}
    assert post(admin, "institutions_institution_add", data).status_code == 302
    assert coverage() == {"reported": 6, "due": 8}
    event = Event.objects.get(action="create_institution")
    assert (event.actor, event.place, event.before) == (world.users["superuser"], "A", None)
    assert event.after["code"] == "A-09"
    assert event.after["county"] == "A"


def test_closing_an_institution_takes_it_out_of_the_standing(admin, world):
    village = Institution.objects.get(code="A-1000")
    assert change(admin, village, closed_on="2023-06-01").status_code == 302
    assert coverage() == {"reported": 5, "due": 6}
    event = Event.objects.get(action="change_institution")
    assert (event.before, event.after) == ({"closed_on": None}, {"closed_on": "2023-06-01"})


def test_a_closure_after_the_period_leaves_its_standing_alone(admin, world):
    before = Standing.objects.get(county__code="A").computed_at
    change(admin, Institution.objects.get(code="A-1000"), closed_on="2024-06-01")
    assert Standing.objects.get(county__code="A").computed_at == before


def test_saving_without_a_change_leaves_no_event(admin, world):
    change(admin, Institution.objects.get(code="A-01"))
    assert not Event.objects.filter(action="change_institution").exists()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"code": "A-02"}, "code", "编码“A-02”已用于“西镇卫生院”，本县（区）内不能重复，请换一个编码。"),
        ({"code": "A/02"}, "code", "编码里不能有“/”，请用字母、数字、汉字或短横线。"),
        ({"code": "A 02"}, "code", "编码里不能有“空格”，请用字母、数字、汉字或短横线。"),
        ({"code": ".."}, "code", "编码不能是“..”，请用字母、数字、汉字或短横线。"),
        ({"code": "A\x0702"}, "code", "编码里有看不见的控制字符，请删去后重新填写。"),
        ({"name": "东镇\u202e卫生院"}, "name", "机构名称里有看不见的控制字符或换行，请删去后重新填写。"),
        ({"town": "东\x07镇"}, "town", "所在镇（街道）里有看不见的控制字符或换行，请删去后重新填写。"),
        (
            {"credit_code": CREDIT_CODE[:-1] + "4"},
            "credit_code",
            "统一社会信用代码校验不通过，请对照证照核对 18 位代码。",
        ),
        ({"type": "county"}, "type", "县（区）本级已有“甲县本级”，只能有一个，请改选其他机构类型。"),
        (
            {"opened_on": "2023-06-01", "closed_on": "2023-05-01"},
            "closed_on",
            "停用日期 2023-05-01 不晚于启用日期 2023-06-01，请核对两个日期。",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(admin, world, fields, field, sentence):
    response = change(admin, Institution.objects.get(code="A-01"), **fields)
    assert faults(response) == {field: [sentence]}
    assert not Event.objects.filter(action="change_institution").exists()


@pytest.mark.parametrize(
    ("code", "name", "sentence"),
    [
        (".", "丙县", "编码不能是“.”"),
        ("a/b", "丙县", "编码里不能有“/”"),
        ("C", "丙\x07县", "名称里有看不见的控制字符"),
    ],
)
def test_a_county_whose_pages_could_not_be_opened_is_refused(admin, world, code, name, sentence):
    refused = post(admin, "institutions_county_add", {"code": code, "name": name, "level": "county"})
    assert sentence in str(faults(refused))
    assert not County.objects.filter(name=name).exists()


def test_a_manager_stands_above_and_in_the_same_county(admin, world):
    own, south, foreign = (Institution.objects.get(code=code) for code in ("A-00", "A-03", "B-01"))
    assert faults(change(admin, own, manager=south.pk)) == {
        "manager": ["上级机构绕回到了机构自己，请重新选择上级机构。"]
    }
    assert faults(change(admin, south, manager=foreign.pk)) == {
        "manager": ["上级机构“乙县卫生院”不属于本县（区），请选择本县（区）的机构。"]
    }


def test_one_that_never_reported_can_be_deleted_others_only_closed(admin, world):
    empty, reported = Institution.objects.get(code="A-03"), Institution.objects.get(code="A-02")
    post(admin, "institutions_institution_delete", {"post": "yes"}, reported.pk)
    assert Institution.objects.filter(pk=reported.pk).exists()
    post(admin, "institutions_institution_delete", {"post": "yes"}, empty.pk)
    assert not Institution.objects.filter(pk=empty.pk).exists()
    assert coverage() == {"reported": 6, "due": 6}
    assert Event.objects.get(action="delete_institution").before["code"] == "A-03"


def test_many_are_deleted_through_the_same_door(admin, world):
    row = Institution.objects.get(code="A-03")
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    post(admin, "institutions_institution_changelist", data)
    assert Event.objects.get(action="delete_institution").before["code"] == "A-03"


# ---- only one's own county ----


def test_staff_see_and_change_their_own_county_alone(staff, world):
    listed = staff.get(reverse("admin:institutions_institution_changelist")).content.decode()
    assert "东镇卫生院" in listed
    assert "乙县卫生院" not in listed
    foreign = Institution.objects.get(code="B-01")
    assert change(staff, foreign, name="改名").status_code == 302  # Django's admin sends home what it does not find
    foreign.refresh_from_db()
    assert foreign.name == "乙县卫生院"
    refused = post(
        staff,
        "institutions_institution_add",
        INSTITUTION | {"county": world.other_county.pk, "code": "B-02"},
    )
    assert "county" in faults(refused)


def test_staff_who_only_read_a_county_change_nothing_in_it(staff, world):
    Grant.objects.filter(user=world.users["office"]).update(role="leadership")
    assert change(staff, Institution.objects.get(code="A-01"), name="改名").status_code == 403


# ---- import and export ----


def workbook(*rows, headings=HEADINGS) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in [headings, *rows]:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("名册.xlsx", stream.getvalue())


def upload(client, file):
    return post(client, "institutions_institution_import", {"format": "0", "resource": "0", "import_file": file})


def confirm(client, response):
    return post(
        client,
        "institutions_institution_process_import",
        response.context["confirm_form"].initial,
        follow=True,
    )


def test_an_import_shows_the_differences_first_and_writes_on_confirmation(admin, world):
    file = workbook(
        ["A", "A-01", "东镇中心卫生院", "乡镇卫生院", None, None],
        [None] * 6,
        ["A", "A-02", "西镇卫生院", "乡镇卫生院", None, None],
        ["A", "A-08", "新村卫生室", "村卫生室", None, "A-01"],
        ["A", "A-1000", "第1村卫生室", "村卫生室", date(2023, 6, 1), None],
    )
    preview = upload(admin, file)
    rows = {row.object_repr: row.import_type for row in preview.context["result"].valid_rows()}
    assert rows == {"东镇中心卫生院": "update", "新村卫生室": "new", "第1村卫生室": "update"}
    assert "<ins" in preview.content.decode()
    assert not Event.objects.filter(action__endswith="_institution").exists()
    assert Institution.objects.get(code="A-01").name == "东镇卫生院"

    assert "导入成功，新增1条记录，更新2条记录" in confirm(admin, preview).content.decode()
    assert Institution.objects.get(code="A-08").manager.code == "A-01"
    assert Institution.objects.get(code="A-1000").closed_on == date(2023, 6, 1)
    assert coverage() == {"reported": 5, "due": 7}
    actions = Event.objects.filter(action__endswith="_institution").values_list("action", flat=True)
    assert sorted(actions) == ["change_institution", "change_institution", "create_institution"]


def test_importing_the_same_again_changes_nothing_and_says_so(admin, world):
    preview = upload(admin, workbook(["A", "A-01", "东镇卫生院", "乡镇卫生院", None, None]))
    assert "没有需要写入的改动" in preview.content.decode()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["B9", "A-01", "东镇卫生院", "乡镇卫生院"], "第 3 行：没有代码为“B9”的地区，或您没有维护这个地区的权限。"),
        (["A", "A-08", "新村", "诊所"], "第 3 行：没有“诊所”这种机构类型。请填："),
        (["A", "A-08", "新村", "村卫生室", "去年"], "第 3 行：“去年”不是日期。请写成 2023-06-01。"),
        (["A", "A-08", "新村", "村卫生室", None, "A-77"], "第 3 行：没有编码为“A-77”的机构。请先登记上级机构"),
        (["A", "A-1001", "第2村", "村卫生室"], "第 3 行：机构编码“A-1001”与第 2 行重复，请只留一行。"),
    ],
)
def test_one_faulty_row_and_nothing_can_be_written(admin, world, row, sentence):
    response = upload(admin, workbook(["A", "A-1001", "第2村", "村卫生室"], row))
    assert sentence in response.content.decode()
    assert "confirm_form" not in response.context


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (workbook(["A-01"], headings=["机构编码"]), "第一行须是表头，其中没有“地区代码”。"),
        (workbook(["A", "A-01", 3], headings=["地区代码", "机构编码", "床位"]), "不认识的表头：“床位”。"),
        (SimpleUploadedFile("名册.xlsx", b"MZ\x90\x00"), "这是一个可执行程序，不是台账。"),
        (SimpleUploadedFile("名册.xlsx", b"PK\x03\x04 cut"), "文件已损坏，不能读取。"),
    ],
)
def test_a_file_that_is_no_registry_gets_a_sentence(admin, world, file, sentence):
    assert sentence in upload(admin, file).content.decode()


def test_what_changed_since_the_preview_stops_the_whole_import(admin, world):
    preview = upload(
        admin, workbook(["A", "A-01", "改名", "乡镇卫生院"], ["A", "A-08", "新村", "村卫生室", None, "A-03"])
    )
    Institution.objects.get(code="A-03").delete()
    assert "这次没有写入任何内容" in confirm(admin, preview).content.decode()
    assert Institution.objects.get(code="A-01").name == "东镇卫生院"


def test_staff_import_into_their_own_county_alone(staff, world):
    response = upload(staff, workbook(["B", "B-01", "改名", "乡镇卫生院"]))
    assert "没有代码为“B”的地区" in response.content.decode()


def test_an_export_comes_back_unchanged_and_runs_no_formula(admin, world):
    Institution.objects.filter(code="A-02").update(name="=HYPERLINK(1)", opened_on=date(2001, 2, 3))
    response = post(admin, "institutions_institution_export", {"format": "0", "resource": "0"})
    sheet = openpyxl.load_workbook(BytesIO(response.content)).active
    assert [cell.value for cell in sheet[1]][:4] == ["地区代码", "机构编码", "机构名称", "机构类型"]
    west = next(row for row in sheet.iter_rows() if row[1].value == "A-02")
    assert (west[2].value, west[2].data_type, west[2].quotePrefix) == ("=HYPERLINK(1)", "s", True)
    again = upload(admin, SimpleUploadedFile("名册.xlsx", response.content))
    assert "没有需要写入的改动" in again.content.decode()


# ---- counties, grants, accounts ----


def test_counties_and_grants_are_on_the_trail(admin, world):
    data = {"code": "C", "name": "丙县", "level": "county"}
    assert post(admin, "institutions_county_add", data).status_code == 302
    county = County.objects.get(code="C")
    grant = {"user": world.users["stranger"].pk, "county": county.pk, "role": "leadership"}
    assert post(admin, "institutions_grant_add", grant).status_code == 302
    row = Grant.objects.get(county=county)
    assert post(admin, "institutions_grant_delete", {"post": "yes"}, row.pk).status_code == 302
    actions = Event.objects.filter(place="C").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["create_county", "create_grant", "delete_grant"]
    again = post(admin, "institutions_county_add", data)
    assert faults(again) == {"code": ["代码“C”已用于“丙县”，请换一个代码。"]}


def test_a_county_goes_with_its_grants_and_only_while_it_is_empty(admin, world):
    empty = County.objects.create(code="C", name="丙县")
    Grant.objects.create(user=world.users["office"], county=empty, role="leadership")
    for county in (empty, world.county):
        post(admin, "institutions_county_delete", {"post": "yes"}, county.pk)
    assert list(County.objects.order_by("code").values_list("code", flat=True)) == ["A", "B", "P"]
    actions = Event.objects.filter(place="C").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["delete_grant", "delete_county"]


def test_accounts_are_made_and_stopped_here(admin, world):
    secret = "Ke-xi-2023-long"
    new = {"username": "zhang", "display_name": "张三", "phone": "", "password1": secret, "password2": secret}
    assert post(admin, "accounts_user_add", new | {"usable_password": "true"}).status_code == 302
    zhang = User.objects.get(username="zhang")
    assert zhang.check_password(secret)
    assert (
        post(admin, "accounts_user_change", {"username": "zhang", "display_name": "张三"}, zhang.pk).status_code == 302
    )
    zhang.refresh_from_db()
    assert not zhang.is_active
    other = {"password1": secret * 2, "password2": secret * 2, "usable_password": "true"}
    assert post(admin, "auth_user_password_change", other, zhang.pk).status_code == 302
    events = Event.objects.filter(subject_id=str(zhang.pk), subject_type="accounts.User").order_by("pk")
    assert [event.action for event in events] == ["create_account", "change_account", "change_password"]
    assert secret not in str([(event.before, event.after) for event in events])
    assert post(admin, "accounts_user_delete", {"post": "yes"}, zhang.pk).status_code == 403


def test_permissions_in_the_admin_are_on_the_trail(admin, world):
    right = Permission.objects.get(codename="view_institution")
    office = world.users["office"]
    data = {"username": "office", "is_active": "on", "is_staff": "on", "user_permissions": [right.pk]}
    post(admin, "accounts_user_change", data, office.pk)
    event = Event.objects.get(action="change_permissions")
    assert (event.before, event.after) == ({"permissions": []}, {"permissions": ["institutions.view_institution"]})


def test_with_an_institution_go_the_grants_for_it_and_the_trail_says_so(admin, world):
    institution = Institution.objects.create(county=world.county, code="A-99", name="新站", type="community_station")
    Grant.objects.create(user=world.users["clerk"], county=world.county, role="data_clerk", institution=institution)
    post(admin, "institutions_institution_delete", {"post": "yes"}, institution.pk)
    assert not Institution.objects.filter(code="A-99").exists()
    assert Event.objects.filter(action="delete_grant", actor=world.users["superuser"]).count() == 1

"""Accounts from a workbook: the template, the preview with its problems, the confirmation with its slips."""

import base64
import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from institutions.enums import Role
from institutions.models import Grant, Institution
from institutions.people.rows import HEADINGS
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tests.world import World, make_world

ZHANG = ("zhang", "张三", "0533-1234567", "", "填报员", "A-02", "", "2099-12-31")


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def office(client, world) -> Client:
    client.force_login(world.users["office"])
    return client


def workbook(*rows, headings=HEADINGS) -> BytesIO:
    book, file = openpyxl.Workbook(), BytesIO()
    for row in (headings, *rows):
        book.active.append(list(row))
    book.save(file)
    file.seek(0)
    file.name = "账号.xlsx"
    return file


def upload(client, *rows, **more):
    file = workbook(*rows, **more)
    return client.post(reverse("institutions:people-import", kwargs={"county": "A"}), {"file": file})


def confirm(client, preview):
    address = reverse("institutions:people-confirm", kwargs={"county": "A"})
    return client.post(address, {"rows": preview.context["rows"]})


def problems(response) -> list[tuple[str, str]]:
    """(cell, sentence) of each; where there is one, nothing can be confirmed."""
    assert not response.context["rows"]
    return [(problem.place, problem.sentence) for problem in response.context["problems"]]


def people() -> set[str]:
    return set(User.objects.values_list("username", flat=True))


# ---- what is written ----


def test_nothing_is_written_before_it_is_confirmed(office):
    before = people()
    preview = upload(office, ZHANG)
    assert (preview.context["new"], preview.context["changed"]) == (1, 0)
    assert "授权 西镇卫生院填报员" in preview.content.decode()
    assert people() == before
    confirm(office, preview)
    assert people() == before | {"zhang"}


def test_the_answer_to_the_confirmation_holds_the_passwords_and_nothing_else_does(office, world):
    again = ("zhang", "张三", "", "", "审核员", "", "", "")
    done = confirm(office, upload(office, ZHANG, ("li", "李四", "", "li@example.com", "领导", "", "", ""), again))
    assert done.headers["Cache-Control"] == "no-store"
    slips = {slip["person"].username: slip["password"] for slip in done.context["slips"]}
    assert set(slips) == {"zhang", "li"}
    for name, password in slips.items():
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert user.must_change_password
        assert password not in str(list(Event.objects.values_list("before", "after")))
    grants = Grant.objects.filter(user__username="zhang").values_list("role", "institution__code")
    assert set(grants) == {("data_clerk", "A-02"), ("reviewer", None)}
    assert str(User.objects.get(username="zhang").expires_on) == "2099-12-31"
    assert Event.objects.filter(action="create_account", actor=world.users["office"]).count() == 2
    assert Event.objects.filter(action="create_grant", place="A").count() == 3


def test_the_slips_come_as_a_workbook_within_the_page(office):
    done = confirm(office, upload(office, ZHANG))
    data = re.search(r'href="data:[^,]*;base64,([^"]+)"', done.content.decode()).group(1)
    rows = list(openpyxl.load_workbook(BytesIO(base64.b64decode(data))).active.iter_rows(values_only=True))
    assert rows[1][:4] == ("张三", "zhang", done.context["slips"][0]["password"], "西镇卫生院填报员")


def test_known_people_are_changed_where_a_cell_says_so_and_keep_their_passwords(office, world):
    clerk = world.users["clerk"]
    User.objects.filter(pk=clerk.pk).update(display_name="旧名", email="old@example.com", password="kept")
    preview = upload(office, ("clerk", "新名", "", "", "填报员", "A-02", "", ""))
    assert "姓名 旧名 → 新名" in preview.content.decode()
    done = confirm(office, preview)
    clerk.refresh_from_db()
    assert (clerk.display_name, clerk.email, clerk.password) == ("新名", "old@example.com", "kept")
    assert set(clerk.grants.values_list("institution__code", flat=True)) == {"A-01", "A-02"}
    assert done.context["slips"] == []


def test_the_same_table_again_changes_nothing(office):
    confirm(office, upload(office, ZHANG))
    again = upload(office, ZHANG)
    assert (again.context["same"], again.context["rows"]) == (1, "")


def test_a_second_confirmation_makes_nobody_twice(office):
    preview = upload(office, ZHANG)
    confirm(office, preview)
    assert confirm(office, preview).context["slips"] == []
    assert User.objects.filter(username="zhang").count() == 1


def test_what_came_between_is_told_and_nothing_is_written(office, world):
    preview = upload(office, ZHANG, ("li", "李四", "", "", "领导", "", "", ""))
    Grant.objects.create(user=User.objects.create_user("Li"), county=world.other_county, role=Role.EXPERT)
    answer = confirm(office, preview)
    assert "又有变动，没有写入任何内容" in answer.content.decode()
    assert problems(answer) == [("A3", "用户名“li”已被使用，请换一个用户名。")]
    assert "zhang" not in people()


def test_a_preview_belongs_to_one_person_and_county(office, world):
    preview = upload(office, ZHANG)
    other = Client()
    other.force_login(world.users["sysadmin"])
    assert "已经失效" in confirm(other, preview).content.decode()
    changed = office.post(
        reverse("institutions:people-confirm", kwargs={"county": "A"}), {"rows": preview.context["rows"] + "x"}
    )
    assert "已经失效" in changed.content.decode()
    assert "zhang" not in people()


# ---- what is refused ----


@pytest.mark.parametrize(
    ("row", "cell", "sentence"),
    [
        (("clerk", "", "", "", "", "", "", ""), "E2", "请填写角色。可以填：填报员、"),
        (("", "张三", "", "", "领导", "", "", ""), "A2", "请填写用户名。"),
        (("zhang", "", "", "", "领导", "", "", ""), "B2", "请填写姓名。"),
        (("zhang", "@SUM(1)", "", "", "领导", "", "", ""), "B2", "姓名不能以“@”开头"),
        (("zhang", "张三", "'; DROP", "", "领导", "", "", ""), "C2", "电话只能有数字"),
        (("zhang", "张三", "", "example.com", "领导", "", "", ""), "D2", "邮箱写法不对"),
        (("zhang", "张三", "", "", "院长", "", "", ""), "E2", "没有“院长”这种角色。"),
        (("zhang", "张三", "", "", "系统管理员", "", "", ""), "E2", "您不能给出“系统管理员”的授权。"),
        (("zhang", "张三", "", "", "审计员", "", "", ""), "E2", "您不能给出“审计员”的授权。"),
        (("zhang", "张三", "", "", "填报员", "", "", ""), "F2", "填报员的授权须指定机构"),
        (("zhang", "张三", "", "", "填报员", "B-01", "", ""), "F2", "本县（区）没有编码为“B-01”的机构"),
        (("zhang", "张三", "", "", "领导", "A-01", "", ""), "F2", "请不要选择机构"),
        (("zhang", "张三", "", "", "部门联络员", "", "交通局", ""), "G2", "建设标准里没有责任部门“交通局”。"),
        (("zhang", "张三", "", "", "领导", "", "", "明天"), "H2", "“明天”不是日期"),
        (("zhang", "张三", "", "", "领导", "", "", "2001-01-01"), "H2", "已经过去"),
        (("other_clerk", "张三", "", "", "领导", "", "", ""), "A2", "用户名“other_clerk”已被使用"),
        (("CLERK", "张三", "", "", "领导", "", "", ""), "A2", "已有用户名“clerk”，只差大小写"),
        (("sysadmin", "", "", "", "领导", "", "", ""), "E2", "此人是系统管理员，账号和授权不能由您改动"),
        (("office", "", "", "", "领导", "", "", ""), "E2", "自己的授权不能由自己改动"),
    ],
)
def test_each_fault_is_told_with_its_cell(office, row, cell, sentence):
    before = people()
    found = problems(upload(office, row))
    assert [place for place, said in found if sentence in said] == [cell]
    assert people() == before


def test_facts_of_an_account_out_of_reach_are_not_changed_from_a_table(office, world):
    Grant.objects.create(user=world.users["clerk"], county=world.other_county, role=Role.EXPERT)
    [(place, said)] = problems(upload(office, ("clerk", "张三", "", "", "填报员", "A-01", "", "")))
    assert (place, said[:11]) == ("A2", "此人在其他地区也有授权")


def test_all_faults_of_a_row_are_told_at_once(office):
    found = problems(upload(office, ("张 三", "=1", "x", "x", "院长", "NO", "NO", "x")))
    assert [place for place, _ in found] == ["A2", "B2", "C2", "D2", "E2", "F2", "G2", "H2"]


@pytest.mark.parametrize(
    ("second", "cell", "sentence"),
    [
        (ZHANG, "A3", "与第 2 行重复"),
        (("zhang", "李四", "", "", "领导", "", "", ""), "B3", "第 2 行同一用户名“zhang”的姓名是“张三”"),
        (("Zhang", "李四", "", "", "领导", "", "", ""), "A3", "与第 2 行的“zhang”只差大小写"),
    ],
)
def test_two_people_under_one_user_name_are_told(office, second, cell, sentence):
    [(place, said)] = problems(upload(office, ZHANG, second))
    assert (place, said[: len(sentence)]) == (cell, sentence)


def test_one_person_is_not_made_administrator_and_auditor_by_two_rows(client, world):
    client.force_login(world.users["superuser"])
    rows = [("zhang", "张三", "", "", role, "", "", "") for role in ("系统管理员", "审计员")]
    assert problems(upload(client, *rows)) == [("E3", "系统管理员和审计员须是两个人，请另选一人。")]


def test_full_width_text_means_the_same(office):
    row = ("ｚｈａｎｇ", "张三", "０５３３－１２３４５６７", "", " 填报员", "Ａ-02", "", "２０９９年１２月３１日")
    confirm(office, upload(office, row))
    zhang = User.objects.get(username="zhang")
    assert (zhang.phone, str(zhang.expires_on)) == ("0533-1234567", "2099-12-31")


def test_numbers_and_dates_come_as_people_see_them(office):
    confirm(office, upload(office, ("zhang", "张三", 13800000000, None, "领导", None, None, date(2099, 12, 31))))
    zhang = User.objects.get(username="zhang")
    assert (zhang.phone, str(zhang.expires_on)) == ("13800000000", "2099-12-31")


@pytest.mark.parametrize(
    ("headings", "sentence"),
    [
        (("姓名", "角色"), "没有找到表头"),
        ((*HEADINGS, "密码"), "不认识的表头：“密码”"),
        (("用户名", "角色", "用户名"), "表头“用户名”出现了两次"),
    ],
)
def test_a_table_with_other_headings_is_refused(office, headings, sentence):
    assert sentence in str(upload(office, ("zhang",), headings=headings).context["form"].errors)


def test_ten_thousand_rows_are_too_many(office):
    rows = [(f"u{i}", "张三", "", "", "领导", "", "", "") for i in range(10_000)]
    refused = upload(office, *rows)
    assert "表里有 10000 行，一次最多 1000 行" in str(refused.context["form"].errors)


@pytest.mark.parametrize("data", [b"", b"MZ\x90\x00", b"username,role\nx,y\n", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused_with_a_sentence(office, data):
    file = BytesIO(data)
    file.name = "账号.xlsx"
    refused = office.post(reverse("institutions:people-import", kwargs={"county": "A"}), {"file": file})
    assert "请" in str(refused.context["form"].errors["file"])
    assert "台账" not in str(refused.context["form"].errors)


def test_previewing_and_writing_ask_the_same_number_of_questions_however_many_rows(office):
    def questions(prefix: str, count: int) -> tuple[int, int]:
        rows = [(f"{prefix}{i}", "张三", "", "", "填报员", "A-02", "", "") for i in range(count)]
        with CaptureQueriesContext(connection) as previewing:
            preview = upload(office, *rows)
        with CaptureQueriesContext(connection) as writing:
            assert len(confirm(office, preview).context["slips"]) == count
        return len(previewing), len(writing)

    assert questions("few", 2) == questions("many", 30)


# ---- the template ----


def template(client, **asked) -> openpyxl.Workbook:
    response = client.get(reverse("institutions:people-template", kwargs={"county": "A"}), asked)
    return openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))


def choices(book) -> dict[str, list[str]]:
    """Column -> what its list offers."""
    found = {}
    for rule in book["账号"].data_validations.dataValidation:
        sheet, cells = rule.formula1.replace("'", "").replace("$", "").split("!")
        found[str(rule.sqref)[0]] = [row[0].value for row in book[sheet.lstrip("=")][cells]]
    return found


def test_the_template_has_headings_that_stay_and_lists_of_this_county(office, world):
    Institution.objects.filter(code="A-02").update(name="=HYPERLINK(1)")
    book = template(office)
    sheet = book["账号"]
    assert tuple(cell.value for cell in sheet[1]) == HEADINGS
    assert sheet.protection.sheet
    assert (sheet["A1"].protection.locked, sheet["A2"].protection.locked) == (True, False)
    offered = choices(book)
    assert offered["E"] == ["填报员", "审核员", "创建办管理员", "部门联络员", "领导", "评审专家"]
    assert offered["F"] == ["A-00", "A-01", "A-02", "A-03", "A-1000", "A-1001", "A-1002"]
    assert offered["G"] == ["卫生健康局", "财政局"]
    assert [row[0].value for row in book["部门"]] == ["部门", "卫生健康局", "财政局"]
    west = book["机构"]["B4"]
    assert (west.value, west.data_type, west.quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert Event.objects.filter(action="export_account_table", place="A").exists()


def test_the_templates_own_examples_are_taken(office, world):
    notes = [[cell.value or "" for cell in row][:8] for row in template(office)["填写说明"].iter_rows()]
    begins = notes.index(list(HEADINGS)) + 1
    examples = notes[begins : notes.index([""] * 8, begins)]
    assert {row[4] for row in examples} == {"填报员", "审核员", "部门联络员"}
    assert [row[6] for row in examples if row[6]] == ["卫生健康局"]
    preview = upload(office, *examples)
    assert preview.context["plan"].problems == []
    assert preview.context["new"] == 3


def test_the_template_for_institutions_without_a_clerk_needs_only_names(office):
    book, file = template(office, **{"for": "uncovered"}), BytesIO()
    for row in book["账号"].iter_rows(min_row=2):
        if row[0].value:
            row[1].value = "某人"
    book.save(file)
    file.seek(0)
    file.name = "账号.xlsx"
    preview = office.post(reverse("institutions:people-import", kwargs={"county": "A"}), {"file": file})
    assert len(confirm(office, preview).context["slips"]) == 6
    page = office.get(reverse("institutions:people-uncovered", kwargs={"county": "A"}))
    assert "每家机构都有填报员" in page.content.decode()

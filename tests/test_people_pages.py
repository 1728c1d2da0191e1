"""The pages about accounts: the list, one person, making an account; and what nobody gets by guessing or tampering."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from axes.models import AccessAttempt
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from institutions import registry
from institutions.enums import Role
from institutions.models import County, Grant, Institution
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tests.world import World, add_institution, make_world

NEW = {"username": "zhang", "name": "张三", "phone": "0533-1234567", "role": "data_clerk", "institution": "A-02"}


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def office(client, world) -> Client:
    client.force_login(world.users["office"])
    return client


def url(name: str, county: str = "A", **kwargs) -> str:
    return reverse(f"institutions:{name}", kwargs={"county": county} | kwargs)


def names(response) -> set[str]:
    return {person.username for person in response.context["page"]}


def password_of(response) -> str:
    return re.search(r"<code>(.*?)</code>", response.content.decode()).group(1)


def faults(response) -> dict:
    return response.context["form"].errors


# ---- the list ----


def test_everybody_with_a_role_in_the_county_is_listed_and_nobody_else(office):
    expected = {"clerk", "reviewer", "office", "liaison", "leadership", "expert", "sysadmin", "auditor"}
    assert names(office.get(url("people"))) == expected


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"role": "reviewer"}, "reviewer"),
        ({"q": "东镇卫生院"}, "clerk"),
        ({"q": "A-01"}, "clerk"),
        ({"q": "财政"}, "liaison"),
        ({"q": "xper"}, "expert"),
        ({"q": "99887766"}, "leadership"),
        ({"town": "东镇"}, "clerk"),
        ({"state": "disabled"}, "clerk"),
        ({"state": "expired"}, "liaison"),
        ({"state": "locked"}, "reviewer"),
        ({"state": "active"}, "office"),
        ({"state": "new"}, "leadership expert sysadmin auditor"),
        ({"state": "new", "role": "expert"}, "expert"),
    ],
    ids=str,
)
def test_the_list_can_be_searched_and_filtered(office, world, asked, found):
    User.objects.filter(username="clerk").update(is_active=False)
    User.objects.filter(username="leadership").update(phone="99887766")
    User.objects.filter(username="liaison").update(expires_on=timezone.localdate() - timedelta(days=1))
    lock("reviewer")
    assert names(office.get(url("people"), asked)) == set(found.split())


def lock(username: str) -> None:
    AccessAttempt.objects.create(username=username, ip_address="10.0.0.9", failures_since_start=5)


def test_the_list_asks_the_same_number_of_questions_whoever_is_there(office, world):
    few = questions(office)
    institution = Institution.objects.get(code="A-02")
    for i in range(60):
        person = User.objects.create_user(f"new-{i}")
        Grant.objects.create(user=person, county=world.county, role=Role.DATA_CLERK, institution=institution)
    assert questions(office) == few < 20


def questions(client) -> int:
    """How many queries the list takes."""
    with CaptureQueriesContext(connection) as asked:
        client.get(url("people"))
    return len(asked)


def test_roles_in_other_counties_are_nobody_s_business_here(office, world):
    Grant.objects.create(user=world.users["expert"], county=world.other_county, role=Role.LEADERSHIP)
    page = office.get(url("person", person=world.users["expert"].pk))
    html = page.content.decode()
    assert "乙县" not in html
    assert [grant.get_role_display() for grant in page.context["person"].grants_here] == ["评审专家"]
    assert "在其他地区也有授权" in html
    assert "重置密码" not in html
    assert "添加授权" in html


# ---- institutions without anybody ----


def test_institutions_without_a_clerk_are_listed_until_they_have_one(office, world):
    assert codes_uncovered(office) == {"A-00", "A-02", "A-03", "A-1000", "A-1001", "A-1002"}
    office.post(url("people-new"), NEW)
    assert "A-02" not in codes_uncovered(office)


def codes_uncovered(client) -> set[str]:
    return {institution.code for institution in client.get(url("people-uncovered")).context["page"]}


def test_a_village_clinic_is_covered_by_the_clerk_of_its_centre_while_that_one_can_sign_in(office, world):
    centre = Institution.objects.get(code="A-01")
    Institution.objects.filter(code="A-1000").update(manager=centre)
    # a hospital reports for itself
    add_institution(world.county, "A-20", "township_centre", None, manager=centre)
    assert "A-1000" not in codes_uncovered(office)
    assert "A-20" in codes_uncovered(office)
    User.objects.filter(username="clerk").update(expires_on=timezone.localdate() - timedelta(days=1))
    assert {"A-01", "A-1000"} <= codes_uncovered(office)


def test_closed_institutions_need_nobody(office, world):
    Institution.objects.filter(code="A-02").update(closed_on=timezone.localdate())
    assert "A-02" not in codes_uncovered(office)


def test_one_click_begins_an_account_for_such_an_institution(office):
    page = office.get(url("people-uncovered"))
    link = next(each.url for each in page.context["page"] if each.code == "A-02")
    form = office.get(link).context["form"]
    assert form.initial == {"username": "a-02", "role": "data_clerk", "institution": "A-02 西镇卫生院"}


# ---- making an account ----


def test_a_new_account_shows_its_password_once_and_lets_its_owner_in(office, world):
    response = office.post(url("people-new"), NEW | {"institution": "A-02 西镇卫生院", "expires_on": "2099-12-31"})
    assert f'href="{url("people-new")}">再建一个账号</a>' in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    zhang = User.objects.get(username="zhang")
    assert (zhang.display_name, zhang.phone, zhang.must_change_password) == ("张三", "0533-1234567", True)
    assert [(g.role, g.institution.code) for g in zhang.grants.all()] == [("data_clerk", "A-02")]
    password = password_of(response)
    assert password not in str(list(Event.objects.values_list("before", "after")))
    browser = Client()
    signed_in = browser.post(reverse("accounts:sign-in"), {"username": "zhang", "password": password})
    assert signed_in.status_code == 302
    assert browser.get("/fill/").url == reverse("accounts:password")
    assert password not in office.get(url("person", person=zhang.pk)).content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"username": "CLERK"}, "username", "用户名“CLERK”已被使用，请换一个用户名。"),
        ({"username": "ｃlerk"}, "username", "用户名“clerk”已被使用，请换一个用户名。"),
        ({"username": "other_clerk"}, "username", "用户名“other_clerk”已被使用，请换一个用户名。"),
        (
            {"username": "=cmd"},
            "username",
            "用户名只能用字母、数字、汉字、点、下划线、短横线和 @，并以字母、数字或汉字开头。",
        ),
        ({"username": " "}, "username", "请填写用户名。"),
        ({"name": "=1+1"}, "name", "姓名不能以“=”开头，请填写真实姓名。"),
        ({"name": "张\u202e三"}, "name", "姓名里有看不见的控制字符或换行，请删去后重新填写。"),
        ({"phone": "call me"}, "phone", "电话只能有数字、空格、短横线和括号，例如 0533-1234567。"),
        ({"email": "x"}, "email", "邮箱写法不对，例如 zhang@example.com。"),
        ({"expires_on": "2001-01-01"}, "expires_on", "有效期至 2001年1月1日 已经过去。不再使用的账号请停用。"),
        ({"role": ""}, "role", "请选择角色。"),
        ({"institution": ""}, "institution", "填报员的授权须指定机构，请选择一家机构。"),
        ({"role": "liaison", "institution": ""}, "department", "部门联络员的授权须写明部门。"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(office, fields, field, sentence):
    before = User.objects.count()
    assert faults(office.post(url("people-new"), NEW | fields)) == {field: [sentence]}
    assert User.objects.count() == before


def test_full_width_letters_are_the_same_user_name(office):
    office.post(url("people-new"), NEW | {"username": "ｚｈａｎｇ３ "})
    assert User.objects.filter(username="zhang3").exists()


def test_a_name_of_two_institutions_has_to_be_told_by_code(office, world):
    add_institution(world.county, "A-30", "village_clinic", None, name="西镇卫生院")
    assert "有几家同名" in str(faults(office.post(url("people-new"), NEW | {"institution": "西镇卫生院"})))
    assert office.post(url("people-new"), NEW | {"institution": "A-30 西镇卫生院"}).context["slips"]


# ---- tampering ----


@pytest.mark.parametrize("role", ["system_admin", "auditor", "prefecture", "superuser", "data_clerk'--"])
def test_the_office_hands_out_no_role_above_it_whatever_is_sent(office, world, role):
    refused = office.post(url("people-new"), NEW | {"role": role, "institution": ""})
    assert faults(refused) == {"role": ["请从列表中选择角色。"]}
    person = url("person-role", person=world.users["clerk"].pk)
    assert office.post(person, {"role": role}).context["roles"].errors == {"role": ["请从列表中选择角色。"]}
    assert (
        not Grant.objects.filter(role=role).exclude(user__username__in=["sysadmin", "auditor", "prefecture"]).exists()
    )


@pytest.mark.parametrize("institution", ["B-01", "B-01 乙县卫生院", "乙县卫生院"])
def test_an_institution_of_another_county_does_not_exist_here(office, world, institution):
    assert "没有找到机构" in str(faults(office.post(url("people-new"), NEW | {"institution": institution})))
    offered = office.get(url("people-institutions"), {"institution": institution}).content.decode()
    assert "乙县" not in offered
    assert "B-01" not in offered


def test_what_is_typed_offers_institutions_of_this_county(office):
    offered = office.get(url("people-institutions"), {"institution": "镇卫生院"}).content.decode()
    assert re.findall('value="(.*?)"', offered) == ["A-01 东镇卫生院", "A-02 西镇卫生院"]


@pytest.mark.parametrize(
    "page", ["people?q", "people?role", "people?town", "people?sort", "people-institutions?institution"]
)
def test_what_no_database_takes_is_not_looked_for(office, page):
    name, asked = page.split("?")
    assert office.get(url(name), {asked: "\x00' OR 1=1 --"}).status_code == 404
    assert office.get(url(name), {asked: "' OR 1=1 --"}).status_code == 200


def test_no_account_is_begun_for_an_institution_that_is_not_there(office):
    for code in ("B-01", "\x00B-01", "x" * 5000):
        assert office.get(url("people-new"), {"institution": code}).status_code == 404


OPERATIONS = [
    ("person-reset", {}),
    ("person-facts", {"name": "张三"}),
    ("person-state", {"active": "0"}),
    ("person-unlock", {}),
    ("person-factor-off", {}),
]


@pytest.mark.parametrize(("name", "data"), OPERATIONS)
@pytest.mark.parametrize("person", ["sysadmin", "auditor", "office"])
def test_nobody_takes_over_an_account_that_may_do_more_nor_works_on_their_own(office, world, name, data, person):
    before = User.objects.values().get(username=person)
    assert office.post(url(name, person=world.users[person].pk), data).status_code == 403
    assert User.objects.values().get(username=person) == before


def test_a_reset_of_several_is_for_all_or_for_none(office, world):
    clerk, auditor = (world.users[name].pk for name in ("clerk", "auditor"))
    assert office.post(url("people-reset"), {"person": [clerk, auditor]}).status_code == 403
    assert not User.objects.get(pk=clerk).must_change_password
    slips = office.post(url("people-reset"), {"person": [clerk, world.users["expert"].pk]}).context["slips"]
    assert [slip["person"].username for slip in slips] == ["clerk", "expert"]
    assert all(User.objects.get(pk=s["person"].pk).check_password(s["password"]) for s in slips)


def test_ids_that_are_no_ids_are_not_found(office):
    assert office.get(url("person", person=10**30)).status_code == 404
    assert office.post(url("people-reset"), {"person": [str(10**30)]}).status_code == 404
    assert office.post(url("people-reset"), {"person": ["x", "٣", "9" * 5000]}).context["slips"] == []


# ---- one person ----


def test_facts_are_changed_and_on_the_trail(office, world):
    clerk = world.users["clerk"]
    office.post(url("person-facts", person=clerk.pk), {"name": "李四", "phone": "13800000000", "is_superuser": "on"})
    clerk.refresh_from_db()
    assert (clerk.display_name, clerk.phone, clerk.is_superuser) == ("李四", "13800000000", False)
    event = Event.objects.get(action="change_account")
    assert (event.actor, event.after["phone"]) == (world.users["office"], "13800000000")


def test_a_disabled_account_is_out_at_once_and_comes_back(office, world):
    clerk, browser = world.users["clerk"], Client()
    browser.force_login(clerk)
    office.post(url("person-state", person=clerk.pk), {"active": "0"})
    assert browser.get("/fill/").url.startswith(reverse("accounts:sign-in"))
    office.post(url("person-state", person=clerk.pk), {"active": "1"})
    assert User.objects.get(pk=clerk.pk).is_active


def test_a_locked_account_is_opened_again(office, world):
    lock("clerk")
    clerk = world.users["clerk"]
    assert "解除锁定" in office.get(url("person", person=clerk.pk)).content.decode()
    office.post(url("person-unlock", person=clerk.pk))
    assert "解除锁定" not in office.get(url("person", person=clerk.pk)).content.decode()


def test_a_reset_shows_a_password_that_is_nowhere_else(office, world):
    clerk = world.users["clerk"]
    response = office.post(url("person-reset", person=clerk.pk))
    assert response.headers["Cache-Control"] == "no-store"
    clerk.refresh_from_db()
    assert clerk.check_password(password_of(response))


def test_roles_are_given_and_taken_but_the_last_one_stays(office, world):
    clerk = world.users["clerk"]
    first = clerk.grants.get()
    kept = office.post(url("person-role-remove", person=clerk.pk, grant=first.pk), follow=True)
    assert "唯一的授权，不能移除" in kept.content.decode()
    office.post(url("person-role", person=clerk.pk), {"role": "liaison", "department": "财政局"})
    office.post(url("person-role-remove", person=clerk.pk, grant=first.pk))
    assert [(grant.role, grant.department) for grant in clerk.grants.all()] == [("liaison", "财政局")]


def test_a_role_that_does_not_go_with_another_is_told_at_the_role(client, world):
    client.force_login(world.users["superuser"])
    page = client.post(url("person-role", person=world.users["sysadmin"].pk), {"role": "auditor"})
    assert "须是两个人" in str(page.context["roles"].errors["role"])


@pytest.mark.django_db(transaction=True)
def test_two_hands_at_once_do_not_make_one_person_administrator_and_auditor():
    county, person = County.objects.create(code="A", name="甲县"), User.objects.create_user("li")
    together, refused = Barrier(2), []

    def give(role):
        together.wait()
        try:
            registry.save_grant(Grant(user=person, county=county, role=role), by=None)
        except ValidationError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=give, args=[role]) for role in (Role.SYSTEM_ADMIN, Role.AUDITOR)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (person.grants.count(), len(refused)) == (1, 1)

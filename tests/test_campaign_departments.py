"""What departments are called in a county and who their contact persons are; no liaison is cut off by it."""

from contextlib import suppress
from datetime import date

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.access import departments_named, desk_of
from assessments.campaigns.department_services import DepartmentGiven, save_departments, version_of_departments
from assessments.campaigns.naming import NAME, ambiguities
from assessments.campaigns.queries import department_lines
from assessments.demo.campaign import make_campaign
from assessments.models import Campaign
from assessments.services import start_campaign
from indicators.models import Department
from institutions.models import Grant
from institutions.people.importing import plan_import
from institutions.people.listing import departments_of
from institutions.people.rows import HEADINGS, Row, Table
from institutions.refusals import Refused
from tcm_demo.audit.models import Event
from tests.campaign import add_liaison, add_phases, departments_as_they_are, own, seen, url
from tests.world import World, make_world

BUREAU, FINANCE = "卫生健康局", "财政局"


@pytest.fixture
def world(db) -> World:
    world = make_world()
    Department.objects.filter(name=BUREAU).update(aliases=["卫健局"])
    Department.objects.create(standard=world.standard, name="成员单位", members=[BUREAU, FINANCE], position=2)
    return world


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


def save(client, **changes: dict):
    return client.post(url("departments"), departments_as_they_are(client, **changes))


def called(world: World) -> dict[str, tuple[str, list[str]]]:
    rows = world.campaign.departments.select_related("department")
    return {row.department.name: (row.name, row.aliases) for row in rows}


def works_on(user, campaign: Campaign) -> frozenset[str]:
    return desk_of(user, campaign).numbers


def test_departments_get_local_names_aliases_and_contact_persons(office, world):
    liaison = add_liaison(world.county, "wang", FINANCE, "王五", "13812341234")
    changes = {
        BUREAU: {"contact_name": "赵六", "contact_phone": "０５３３-7180001"},
        FINANCE: {"name": "财政金融局", "aliases": "金融办、财金局，财金局;", "contact": liaison.pk},
    }
    assert save(office, **changes).url == url()
    assert called(world) == {BUREAU: (BUREAU, []), FINANCE: ("财政金融局", ["金融办", "财金局"])}
    bureau, finance = own(world.campaign, BUREAU), own(world.campaign, FINANCE)
    assert (bureau.contact, bureau.contact_name, bureau.contact_phone) == (None, "赵六", "0533-7180001")
    assert (finance.contact, finance.contact_name) == (liaison, "")
    event = Event.objects.get(action="change_campaign_departments")
    assert event.before == {BUREAU: f"{BUREAU}；未定联络员", FINANCE: f"{FINANCE}；未定联络员"}
    assert event.after == {
        BUREAU: f"{BUREAU}；联络员 赵六 0533-7180001",
        FINANCE: f"财政金融局；别称 金融办、财金局；联络员 {liaison}",
    }


def test_only_what_changed_is_recorded_and_nothing_where_nothing_did(office, world):
    save(office)
    assert not Event.objects.filter(action="change_campaign_departments").exists()
    save(office, **{FINANCE: {"aliases": "财局"}})
    assert list(Event.objects.get(action="change_campaign_departments").after) == [FINANCE]


def test_groups_have_no_row(office):
    assert [form.department.name for form in office.get(url("departments")).context["table"]] == [BUREAU, FINANCE]


def test_a_department_that_the_standard_got_later_is_there_to_be_set(office, world):
    Department.objects.create(standard=world.standard, name="教育局", position=3)
    assert "教育局" not in called(world)
    assert "教育局" in office.get(url()).content.decode()
    save(office, 教育局={"name": "教体局"})
    assert called(world)["教育局"] == ("教体局", [])


# ---- names are unambiguous ----


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({FINANCE: {"aliases": "卫健局"}}, "“财政局”的别称“卫健局”是“卫生健康局”在标准中的别称"),
        ({FINANCE: {"name": BUREAU}}, "“财政局”的本地名称“卫生健康局”是“卫生健康局”在标准中的名称"),
        ({FINANCE: {"aliases": " 卫 健局 "}}, "“财政局”的别称“卫 健局”是“卫生健康局”在标准中的别称"),
        ({FINANCE: {"aliases": "成员单位"}}, "“财政局”的别称“成员单位”是“成员单位”在标准中的名称"),
        (
            {BUREAU: {"aliases": "两局"}, FINANCE: {"aliases": "两局"}},
            "“财政局”的别称“两局”是“卫生健康局”的别称",
        ),
        ({BUREAU: {"name": "新局"}, FINANCE: {"aliases": "新局"}}, "“财政局”的别称“新局”是“卫生健康局”的本地名称"),
    ],
)
def test_a_name_of_another_department_is_refused_by_which(office, world, changes, sentence):
    before = called(world)
    html = save(office, **changes).content.decode()
    assert sentence in html
    assert called(world) == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "请填写部门在本县（区）的名称。"),
        ({"name": "财\u202e政局"}, "名称里有看不见的控制字符，请删去后重新填写。"),
        ({"aliases": "长" * 61}, "超过 60 个字。几个别称之间请用顿号隔开。"),
        ({"contact_phone": "打给我", "contact_name": "王五"}, "电话只能有数字"),
        ({"contact_phone": "0533-7180001"}, "填了电话，请写明联络员是谁。"),
        ({"contact": "999999"}, "请从列表中选择账号，或直接填写姓名和电话。"),
    ],
)
def test_what_is_wrong_in_a_row_is_told_there(office, world, change, sentence):
    html = save(office, **{FINANCE: change, BUREAU: {"aliases": "卫生局"}}).content.decode()
    assert sentence in html
    assert "没有保存" in html
    assert called(world)[BUREAU] == (BUREAU, [])


def test_two_departments_may_change_names_with_each_other(world):
    give = {"seen": version_of_departments(world.campaign), "by": None}
    bureau, finance = (Department.objects.get(name=name) for name in (BUREAU, FINANCE))
    save_departments(world.campaign, [DepartmentGiven(bureau.pk, "甲局"), DepartmentGiven(finance.pk, "乙局")], **give)
    give["seen"] = version_of_departments(world.campaign)
    save_departments(world.campaign, [DepartmentGiven(bureau.pk, "乙局"), DepartmentGiven(finance.pk, "甲局")], **give)
    # the liaison's grant bears 财政局, which is the standard's name: no alias is needed
    assert called(world) == {BUREAU: ("乙局", []), FINANCE: ("甲局", [])}


def test_names_are_each_campaigns_own(office, world):
    save(office, **{FINANCE: {"name": "财政金融局"}})
    there = world.other_county.campaigns.get()
    assert own(there, FINANCE).name == FINANCE


names = st.sampled_from(["甲局", "乙局", "丙局", "甲 局", "ＡＢ", "ab"])


@given(st.lists(st.lists(names, min_size=1, max_size=3), min_size=2, max_size=3))
def test_without_a_fault_no_name_means_two_departments(given_names):
    departments = [Department(pk=pk, name=f"部门{pk}") for pk in range(len(given_names))]
    faults = ambiguities(departments, {pk: [(NAME, n) for n in given] for pk, given in enumerate(given_names)})
    plain = [{"".join(n.split()).replace("ＡＢ", "ab") for n in given} for given in given_names]
    shared = any(plain[a] & plain[b] for a in range(len(plain)) for b in range(a))
    assert bool(faults) == shared


# ---- liaisons' grants ----


def test_a_department_that_is_renamed_keeps_its_liaisons(office, world):
    save(office, **{FINANCE: {"name": "财金局"}})
    liaison = add_liaison(world.county, "wang", "财金局", "王五")
    assert works_on(liaison, world.campaign) == {"1", "2"}
    answer = office.post(
        url("departments"), departments_as_they_are(office, **{FINANCE: {"name": "财政金融局"}}), follow=True
    )
    assert "王五的联络员授权写的是“财金局”，已把它留作“财政金融局”的别称" in answer.content.decode()
    assert called(world)[FINANCE] == ("财政金融局", ["财金局"])
    assert works_on(liaison, world.campaign) == {"1", "2"}
    # the standard's names work whatever a department is called here
    assert works_on(world.users["liaison"], world.campaign) == {"1", "2"}


def test_a_former_name_that_nobody_bears_goes(office, world):
    save(office, **{FINANCE: {"name": "财金局"}})
    save(office, **{FINANCE: {"name": "财政金融局"}})
    assert called(world)[FINANCE] == ("财政金融局", [])


def test_an_alias_that_a_grant_bears_is_not_taken_away(office, world):
    save(office, **{FINANCE: {"aliases": "财金局、金融办"}})
    liaison = add_liaison(world.county, "wang", "财金局", "王五")
    html = save(office, **{FINANCE: {"aliases": ""}}).content.decode()
    assert "“财政局”的别称“财金局”不能删去：王五的联络员授权写的就是它" in html
    assert "金融办”不能删去" not in html
    assert called(world)[FINANCE] == (FINANCE, ["财金局", "金融办"])
    Grant.objects.filter(user=liaison).update(department=FINANCE)
    assert save(office, **{FINANCE: {"aliases": ""}}).url == url()
    assert called(world)[FINANCE] == (FINANCE, [])


def test_an_alias_is_not_handed_to_another_department_over_a_liaisons_head(office, world):
    save(office, **{FINANCE: {"aliases": "财金局"}})
    add_liaison(world.county, "wang", "财金局", "王五")
    html = save(office, **{FINANCE: {"aliases": ""}, BUREAU: {"aliases": "财金局"}}).content.decode()
    assert "“财金局”不能删去" in html
    save(office, **{FINANCE: {"aliases": "", "name": "财金局"}})
    html = save(office, **{FINANCE: {"name": FINANCE}, BUREAU: {"aliases": "财金局"}}).content.decode()
    assert "的原名称（仍有联络员账号在用）" in html
    assert called(world)[FINANCE][0] == "财金局"


@settings(max_examples=40)
@given(data=st.data())
@pytest.mark.django_db
def test_no_sequence_of_changes_cuts_a_liaison_off(data):
    """Whatever is saved: who worked on a department's items before still does, and on no other's."""
    with transaction.atomic():
        world = make_world(villages=0)
        bureau, finance = (Department.objects.get(name=name) for name in (BUREAU, FINANCE))
        spellings = st.sampled_from(["甲局", "乙局", "丙局", "丁局", BUREAU, FINANCE])
        liaisons = {}
        for step in range(data.draw(st.integers(1, 4))):
            chosen = [
                DepartmentGiven(pk, data.draw(spellings), tuple(data.draw(st.lists(spellings, max_size=2))))
                for pk in (bureau.pk, finance.pk)
            ]
            with suppress(Refused):
                save_departments(world.campaign, chosen, seen=version_of_departments(world.campaign), by=None)
            for user, department in liaisons.items():
                assert departments_named(world.campaign, {user.grants.get().department}) == {department}
            row = own(world.campaign, data.draw(st.sampled_from([BUREAU, FINANCE])))
            bears = data.draw(st.sampled_from([row.name, *row.aliases]))
            liaisons[add_liaison(world.county, f"l{step}", bears)] = row.department_id
        transaction.set_rollback(True)


# ---- contact persons ----


def test_accounts_of_the_county_s_liaisons_are_offered_the_department_s_own_first(office, world):
    other = add_liaison(world.county, "wang", BUREAU, "王五")
    add_liaison(world.other_county, "strange", FINANCE, "别县的人")
    gone = add_liaison(world.county, "gone", FINANCE, "停用的人")
    gone.is_active = False
    gone.save()
    form = office.get(url("departments")).context["table"][1]
    assert form.department.name == FINANCE
    assert form.fields["contact"].choices == [
        ("", "不用账号"),
        ("本部门联络员", [(str(world.users["liaison"].pk), str(world.users["liaison"]))]),
        ("其他联络员", [(str(other.pk), str(other))]),
    ]


@pytest.mark.parametrize("who", ["other_clerk", "clerk", "expert"])
def test_somebody_who_is_no_liaison_here_cannot_be_the_contact_person(office, world, who):
    html = save(office, **{FINANCE: {"contact": world.users[who].pk}}).content.decode()
    assert "请从列表中选择账号" in html
    finance = Department.objects.get(name=FINANCE)
    sneaked = DepartmentGiven(finance.pk, FINANCE, contact=world.users[who])
    with pytest.raises(Refused) as refused:
        save_departments(world.campaign, [sneaked], seen=version_of_departments(world.campaign), by=None)
    assert "不是本县（区）的部门联络员" in refused.value.reasons[0]
    assert own(world.campaign, FINANCE).contact is None


def test_a_contact_person_who_is_no_liaison_any_more_does_not_keep_the_table_from_being_saved(office, world):
    liaison = add_liaison(world.county, "wang", FINANCE, "王五")
    save(office, **{FINANCE: {"contact": liaison.pk}})
    liaison.grants.all().delete()
    assert save(office, **{BUREAU: {"contact_name": "赵六"}}).url == url()
    assert own(world.campaign, FINANCE).contact == liaison


def test_who_comes_second_is_told(office, world):
    data = departments_as_they_are(office, **{FINANCE: {"contact_name": "王五"}})
    save(office, **{BUREAU: {"contact_name": "赵六"}})
    answer = office.post(url("departments"), data)
    html = answer.content.decode()
    assert "又有人改过" in html
    assert 'value="王五"' in html
    assert own(world.campaign, BUREAU).contact_name == "赵六"
    assert office.post(url("departments"), data | {"seen": seen(html)}).url == url()
    assert own(world.campaign, FINANCE).contact_name == "王五"


# ---- where accounts are made ----


def test_accounts_are_offered_the_local_names(office, world):
    save(office, **{FINANCE: {"name": "财政金融局", "aliases": "金融办"}})
    assert departments_of(world.county) == {
        BUREAU: ["卫健局"],
        "财政金融局": ["金融办", FINANCE],
        "成员单位": [],
    }
    page = office.get(f"/c/{world.county.code}/people/new/").context["form"]
    offered = [value for value, _ in page.fields["department"].choices]
    assert offered == ["", BUREAU, "财政金融局", "成员单位"]


def test_an_accounts_table_may_spell_a_department_in_any_way(office, world):
    save(office, **{FINANCE: {"name": "财政金融局", "aliases": "金融办"}})
    rows = [
        Row(
            number,
            dict(zip(HEADINGS, (f"u{number}", "某人", "", "", "部门联络员", "", spelling, ""), strict=True)),
        )
        for number, spelling in enumerate(("财政金融局", "金融办", FINANCE, "审计局"), start=2)
    ]
    plan = plan_import(world.county, Table({}, tuple(rows)), by=world.users["office"])
    assert [role.department for person in plan.people for role in person.roles] == ["财政金融局", "金融办", FINANCE]
    (problem,) = plan.problems
    assert "没有责任部门“审计局”" in problem.sentence
    assert "可以填：卫生健康局、财政金融局、成员单位。" in problem.sentence


# ---- the demo county ----


def test_the_demo_county_has_its_schedule_around_the_inspection_and_contacts_for_most(world):
    education = Department.objects.create(standard=world.standard, name="教育局", position=3)
    Department.objects.create(standard=world.standard, name="审计局", position=4)
    add_phases(world.standard)
    world.campaign.delete()
    inspection = date(2026, 6, 30)
    campaign = start_campaign(world.county, world.standard, period="2023", inspection_on=inspection)
    assert make_campaign(campaign, office=world.users["office"])
    assert [phase.end for phase in campaign.phases.all()] == [date(2026, 3, 30), inspection]
    contacts = {line.department.name: line.contact for line in department_lines(campaign, whole_phones=True)}
    assert contacts[FINANCE].account == world.users["liaison"]
    assert contacts[BUREAU].name == "卫生健康局联络员"
    assert (contacts[education.name], contacts["审计局"]) == (None, None)
    assert not make_campaign(campaign, office=world.users["office"])

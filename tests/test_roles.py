"""Roles: who hands out which, what goes together in one person, and whose account somebody may touch."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from institutions import registry
from institutions.enums import Role
from institutions.models import Grant, Institution
from institutions.people.authority import Authority
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tests.world import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


def give(world: World, person: str, role: str, *, by: str | None, county=None, **scope) -> Grant:
    grant = Grant(user=world.users[person], county=county or world.county, role=role, **scope)
    registry.save_grant(grant, by=by and world.users[by])
    return grant


def faults(world: World, person: str, role: str, **more) -> str:
    with pytest.raises(ValidationError) as raised:
        give(world, person, role, by=None, **more)
    return "".join(raised.value.messages)


# ---- what a role needs, and what goes together ----


def test_a_clerk_needs_an_institution_of_the_county(world):
    assert "须指定机构" in faults(world, "stranger", Role.DATA_CLERK)
    foreign = Institution.objects.get(code="B-01")
    assert "不属于所选的县（区）" in faults(world, "stranger", Role.DATA_CLERK, institution=foreign)
    own = Institution.objects.get(code="A-02")
    assert "请不要选择机构" in faults(world, "stranger", Role.REVIEWER, institution=own)


def test_a_liaison_needs_a_department(world):
    assert "须写明部门" in faults(world, "stranger", Role.LIAISON)
    assert "请留空" in faults(world, "stranger", Role.EXPERT, department="财政局")


def test_a_person_can_hold_several_roles_each_once(world):
    for code in ("A-02", "A-03"):
        give(world, "clerk", Role.DATA_CLERK, by="office", institution=Institution.objects.get(code=code))
    give(world, "clerk", Role.REVIEWER, by="office")
    assert world.users["clerk"].grants.count() == 4
    assert "不必重复添加" in faults(world, "clerk", Role.REVIEWER)
    again = Institution.objects.get(code="A-01")
    assert "不必重复添加" in faults(world, "clerk", Role.DATA_CLERK, institution=again)


def test_the_prefecture_reads_from_a_prefecture_alone(world):
    assert "甲县不是市" in faults(world, "stranger", Role.PREFECTURE)
    give(world, "stranger", Role.PREFECTURE, by=None, county=world.county.parent)


@pytest.mark.parametrize(("person", "role"), [("sysadmin", Role.AUDITOR), ("auditor", Role.SYSTEM_ADMIN)])
def test_system_administrator_and_auditor_are_two_persons_everywhere(world, person, role):
    for county in (world.county, world.other_county):
        assert "须是两个人" in faults(world, person, role, county=county)


def test_no_superuser_is_an_auditor(world):
    assert "平台管理员不能兼任审计员" in faults(world, "superuser", Role.AUDITOR)
    with pytest.raises(ValidationError):
        give(world, "superuser", Role.AUDITOR, by="superuser")


# ---- who hands it out ----

FOR_THE_COUNTY = (Role.REVIEWER, Role.COUNTY_OFFICE, Role.LEADERSHIP, Role.EXPERT)


@pytest.mark.parametrize(
    ("by", "given"),
    [
        ("office", FOR_THE_COUNTY),
        ("sysadmin", (*FOR_THE_COUNTY, Role.SYSTEM_ADMIN)),
        ("superuser", (*FOR_THE_COUNTY, Role.SYSTEM_ADMIN, Role.AUDITOR)),
        ("reviewer", ()),
        ("leadership", ()),
        ("auditor", ()),
        ("clerk", ()),
        ("other_office", ()),
    ],
)
def test_each_hands_out_what_is_theirs_to_hand_out(world, by, given):
    taken = []
    for role in (*FOR_THE_COUNTY, Role.SYSTEM_ADMIN, Role.AUDITOR):
        person = User.objects.create_user(f"new-{role}")
        grant = Grant(user=person, county=world.county, role=role)
        try:
            registry.save_grant(grant, by=world.users[by])
        except PermissionDenied:
            assert not person.grants.exists()
        else:
            taken.append(role)
    assert tuple(taken) == given


def test_the_prefecture_s_role_is_given_by_its_system_administrator_not_by_an_office(world):
    above = world.county.parent
    Grant.objects.create(user=world.users["stranger"], county=above, role=Role.SYSTEM_ADMIN)
    Grant.objects.create(user=world.users["expert"], county=above, role=Role.COUNTY_OFFICE)
    assert Role.PREFECTURE in Authority(world.users["stranger"]).roles_to_give(above)
    assert Role.PREFECTURE not in Authority(world.users["expert"]).roles_to_give(above)
    for nobody in ("sysadmin", "office"):
        with pytest.raises(PermissionDenied):
            give(world, "leadership", Role.PREFECTURE, by=nobody, county=above)


def test_nobody_changes_their_own_roles_but_a_superuser(world):
    for by in ("office", "sysadmin"):
        with pytest.raises(PermissionDenied, match="自己的授权不能由自己改动"):
            give(world, by, Role.REVIEWER, by=by)
        with pytest.raises(PermissionDenied, match="自己的授权不能由自己改动"):
            registry.revoke_grant(world.users[by].grants.get(), by=world.users[by])
    give(world, "superuser", Role.REVIEWER, by="superuser")


def test_the_roles_of_those_above_stay_out_of_the_office_s_hands(world):
    for above in ("sysadmin", "auditor"):
        with pytest.raises(PermissionDenied, match="不能由您改动"):
            give(world, above, Role.REVIEWER, by="office")
        with pytest.raises(PermissionDenied, match="您不能给出或收回"):
            registry.revoke_grant(world.users[above].grants.get(), by=world.users["office"])
    with pytest.raises(PermissionDenied, match="请联系平台管理员"):
        registry.revoke_grant(world.users["auditor"].grants.get(), by=world.users["sysadmin"])


def test_roles_given_and_taken_are_on_the_trail(world):
    grant = give(world, "stranger", Role.REVIEWER, by="office")
    registry.revoke_grant(grant, by=world.users["office"])
    given, taken = Event.objects.filter(place="A", action__endswith="_grant").order_by("pk")
    assert (given.action, given.actor, given.after["role"]) == ("create_grant", world.users["office"], "reviewer")
    assert (taken.action, taken.before["user"]) == ("delete_grant", "stranger")


# ---- whose account may be touched ----


@pytest.mark.parametrize(
    ("by", "may"),
    [
        ("office", {"clerk", "reviewer", "liaison", "leadership", "expert"}),
        ("sysadmin", {"clerk", "reviewer", "office", "liaison", "leadership", "expert"}),
    ],
)
def test_an_account_is_touched_by_who_could_have_given_it_all_its_roles(world, by, may):
    authority = Authority(world.users[by])
    of_county = ("clerk", "reviewer", "office", "liaison", "leadership", "expert", "sysadmin", "auditor")
    assert {name for name in of_county if authority.fault_of_account(world.users[name]) is None} == may


def test_a_grant_elsewhere_or_a_place_in_the_back_office_puts_an_account_out_of_reach(world):
    authority, clerk, expert = Authority(world.users["office"]), world.users["clerk"], world.users["expert"]
    Grant.objects.create(user=clerk, county=world.other_county, role=Role.EXPERT)
    assert "在其他地区也有授权" in authority.fault_of_account(clerk)
    expert.is_staff = True
    assert "后台" in authority.fault_of_account(expert)
    # who is trusted with both counties may
    Grant.objects.create(user=world.users["office"], county=world.other_county, role=Role.COUNTY_OFFICE)
    assert Authority(world.users["office"]).fault_of_account(clerk) is None


def test_a_county_takes_back_its_own_roles_of_people_of_other_counties(world):
    grant = Grant.objects.create(user=world.users["other_clerk"], county=world.county, role=Role.EXPERT)
    registry.revoke_grant(grant, by=world.users["office"])
    assert world.users["other_clerk"].grants.get().county == world.other_county

"""Who is in charge of an item until when: the office decides, and whom it concerns is told."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.models import CampaignDepartment, ItemStep, ItemWork
from assessments.work.open_points import deadline_words
from assessments.work.services import set_charge
from institutions.enums import Role
from institutions.models import Grant
from institutions.refusals import Refused
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tcm_demo.notices.models import Notice
from tests.working import campaign_of, item_of, url, words
from tests.world import PERIOD, World, make_world

DUE = date(2024, 3, 1)


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


def charge(world: World, person: str | None, due_on: date | None = DUE, number: str = "1") -> ItemWork:
    user = world.users[person] if person else None
    by = world.users["office"]
    return set_charge(campaign_of(world), item_of(world, number), person=user, due_on=due_on, by=by, period=PERIOD)


def choices(client, number: str) -> list[str]:
    form = client.get(url("item", number)).context["charge_form"]
    return [label for _, label in form.fields["person"].choices]


def test_the_office_sets_person_and_deadline(office, world):
    data = {"person": world.users["liaison"].pk, "due_on": "2024-03-01"}
    assert office.post(url("item-charge", "1"), data).url == url("item", "1")
    work = ItemWork.objects.get()
    assert (work.person, work.due_on) == (world.users["liaison"], DUE)
    assert ItemStep.objects.get().text == "责任人 liaison，完成时限 2024年3月1日"
    event = Event.objects.get(action="set_charge")
    assert event.before == {"person": "", "deadline": None}
    assert event.after == {"person": "liaison", "deadline": "2024-03-01"}


def test_person_and_liaisons_are_told(world):
    charge(world, "reviewer")
    told = {notice.user.username: notice for notice in Notice.objects.all()}
    assert told.keys() == {"reviewer", "liaison"}
    assert told["liaison"].sentence == "第 1 条“财政投入”：责任人 reviewer，完成时限 2024年3月1日。"
    assert told["liaison"].url == url("item", "1")


def test_who_is_relieved_is_told(world):
    charge(world, "reviewer", number="3")
    Notice.objects.all().delete()
    charge(world, None, number="3")
    assert [notice.user.username for notice in Notice.objects.all()] == ["reviewer"]


def test_nothing_new_tells_nobody(world):
    charge(world, "liaison")
    Notice.objects.all().delete()
    charge(world, "liaison")
    assert not Notice.objects.exists()
    assert ItemStep.objects.count() == 1


def test_the_office_and_the_items_liaisons_may_be_chosen(office, world):
    assert choices(office, "1") == ["未定", "liaison（财政局联络员）", "office（创建办管理员）", "reviewer（审核员）"]
    assert choices(office, "3") == ["未定", "office（创建办管理员）", "reviewer（审核员）"]


def test_a_liaison_by_the_countys_own_name_of_the_department(office, world):
    CampaignDepartment.objects.filter(department__name="卫生健康局").update(name="县卫健局", aliases=["卫健"])
    user = User.objects.create_user("health")
    Grant.objects.create(user=user, county=world.county, role=Role.LIAISON, department="卫健")
    assert "health（卫健联络员）" in choices(office, "3")


def test_a_group_stands_for_its_members(office, world):
    first = item_of(world, "3").responsibilities.get()
    first.department.members = ["财政局"]
    first.department.save()
    assert "liaison（财政局联络员）" in choices(office, "3")


def test_others_cannot_be_put_in_charge(office, world):
    for who in ("expert", "other_office"):
        html = words(office.post(url("item-charge", "1"), {"person": world.users[who].pk}))
        assert "所选的责任人不在名单中" in html
    with pytest.raises(Refused, match="不能作为责任人"):
        charge(world, "liaison", number="3")
    assert not ItemWork.objects.exists()


def test_who_left_stays_until_somebody_else_is_chosen(office, world):
    charge(world, "liaison")
    Grant.objects.filter(user=world.users["liaison"]).delete()
    assert choices(office, "1")[-1] == "liaison"
    office.post(url("item-charge", "1"), {"person": world.users["liaison"].pk, "due_on": "2024-04-01"})
    assert ItemWork.objects.get().due_on == date(2024, 4, 1)


@pytest.mark.parametrize(
    ("due_on", "sentence"), [("3 月", "请写成 2024-03-01 这样的日期"), ("0024-03-01", "年份是 24 年")]
)
def test_a_deadline_that_is_none_is_said_in_place(office, due_on, sentence):
    html = words(office.post(url("item-charge", "1"), {"due_on": due_on}))
    assert sentence in html
    assert '<details class="charge-change no-print" open>' in html
    assert not ItemWork.objects.exists()


def test_a_liaison_sees_it_and_cannot_change_it(client, world):
    charge(world, "liaison")
    client.force_login(world.users["liaison"])
    html = words(client.get(url("item", "1")))
    assert "2024年3月1日" in html
    assert "charge-form" not in html
    refused = client.post(url("item-charge", "1"), {})
    assert refused.status_code == 403
    assert "由创建办确定" in refused.content.decode()


def test_being_late_is_said_in_days(office, world):
    charge(world, None, timezone.localdate() - timedelta(days=5))
    assert '<b class="deadline is-late">已逾期 5 天</b>' in words(office.get(url("item", "1")))


@pytest.mark.parametrize(
    ("days", "words_of"),
    [
        (-1, ("late", "已逾期 1 天")),
        (0, ("near", "今天到期")),
        (7, ("near", "还有 7 天")),
        (8, ("", "还有 8 天")),
    ],
)
def test_words_of_a_deadline(days, words_of):
    assert deadline_words(DUE + timedelta(days=days), DUE) == words_of
    assert deadline_words(None, DUE) == ("", "")


def test_contact_persons_stand_beside_their_departments(client, world):
    CampaignDepartment.objects.filter(campaign=campaign_of(world), department__name="财政局").update(
        name="县财政局", contact_name="李娟", contact_phone="7110001"
    )
    client.force_login(world.users["office"])
    html = words(client.get(url("item", "1")))
    assert "县财政局" in html
    assert 'href="tel:7110001"' in html
    # who only looks on from outside needs no telephone number
    client.force_login(world.users["expert"])
    html = words(client.get(url("item", "1")))
    assert "李娟" in html
    assert "7110001" not in html

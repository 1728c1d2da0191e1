"""The tables of a campaign's phases and leading group: rows are added, changed, moved and removed, without scripts."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.campaigns.queries import version_of
from assessments.campaigns.services import MemberGiven, PhaseGiven, save_leading_group, save_phases
from assessments.models import CampaignPhase, LeadingMember
from assessments.services import start_campaign
from institutions.refusals import Refused
from tcm_demo.audit.models import Event
from tests.campaign import seen, sent, url
from tests.world import World, make_standard, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


def save(client, name: str, rows: list[dict], **more):
    """Fetch the page's form and send these rows with it."""
    page = client.get(url(name)).content.decode()
    return client.post(url(name), sent(rows, seen(page)) | more)


def add_members(world: World, *names: str) -> list[LeadingMember]:
    return [
        LeadingMember.objects.create(campaign=world.campaign, position=position, name=name)
        for position, name in enumerate(names, start=1)
    ]


def group(world: World) -> list[tuple]:
    return list(world.campaign.leading_members.values_list("part", "name", "office"))


FIRST = {"name": "准备", "start": "2023-09-01", "end": "2023-09-30", "tasks": " 动员 \n\n摸底\r\n"}
SECOND = {"name": "实施", "start": "2023/9/15", "end": "2023年12月31日", "tasks": ""}


def test_phases_are_added_and_may_overlap_and_lie_in_the_past(office, world):
    assert save(office, "phases", [FIRST, SECOND]).url == url()
    assert list(world.campaign.phases.values_list("position", "name", "start", "end", "tasks")) == [
        (1, "准备", date(2023, 9, 1), date(2023, 9, 30), "动员\n摸底"),
        (2, "实施", date(2023, 9, 15), date(2023, 12, 31), ""),
    ]


def test_rows_are_changed_moved_removed_and_added_at_once(office, world):
    head, deputy, member = add_members(world, "甲", "乙", "丙")
    rows = [
        {"pk": head.pk, "part": "member", "name": "甲", "office": "", "ORDER": 3},
        {"pk": deputy.pk, "part": "head", "name": "乙", "office": "县长", "ORDER": 1},
        {"pk": member.pk, "part": "member", "name": "丙", "office": "", "DELETE": "on"},
        {"part": "deputy", "name": "丁", "office": "副县长", "ORDER": 2},
        {"part": "member", "name": "", "office": "", "ORDER": 4},
    ]
    assert save(office, "leading-group", rows).url == url()
    assert group(world) == [("head", "乙", "县长"), ("deputy", "丁", "副县长"), ("member", "甲", "")]
    assert world.campaign.leading_members.get(name="乙").pk == deputy.pk
    event = Event.objects.get(action="change_leading_group")
    assert event.before == {"leading_members": ["成员 甲", "成员 乙", "成员 丙"]}
    assert event.after == {"leading_members": ["组长 乙 县长", "副组长 丁 副县长", "成员 甲"]}
    assert (event.actor, event.place) == (world.users["office"], "A")


def test_saving_what_stands_leaves_no_trace(office, world):
    (only,) = add_members(world, "甲")
    save(office, "leading-group", [{"pk": only.pk, "part": "member", "name": "甲", "office": ""}])
    assert not Event.objects.filter(action="change_leading_group").exists()


def test_more_rows_are_asked_for_without_scripts_and_nothing_is_saved(office, world):
    answer = save(office, "leading-group", [{"part": "head", "name": "甲", "office": ""}], more="yes")
    assert answer.status_code == 200
    assert answer.context["table"].total_form_count() == 4
    assert 'value="甲"' in answer.content.decode()
    assert group(world) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "请填写阶段名称；不要这一行，请勾选“删除”。"),
        ({"start": ""}, "请填写开始日期。"),
        ({"end": "下个月"}, "日期写法不对，例如 2024-03-01。"),
        ({"end": "2023-08-31"}, "“准备”的结束日期早于开始日期，请改正其中一个。"),
        ({"ORDER": "第一"}, "顺序请填整数。"),
        ({"tasks": "长" * 2001}, "任务最多 2000 个字。"),
    ],
)
def test_what_is_wrong_is_told_in_its_row_and_nothing_is_saved(office, world, changes, sentence):
    answer = save(office, "phases", [SECOND, FIRST | changes])
    assert sentence in answer.content.decode()
    assert "没有保存" in answer.content.decode()
    assert 'value="实施"' in answer.content.decode()
    assert not world.campaign.phases.exists()


def test_an_emptied_row_is_not_taken_for_a_removed_one(office, world):
    (only,) = add_members(world, "甲")
    answer = save(office, "leading-group", [{"pk": only.pk, "part": "member", "name": "", "office": ""}])
    assert "请填写姓名或单位及职务；不要这一行，请勾选“删除”。" in answer.content.decode()
    assert group(world) == [("member", "甲", "")]


def test_who_comes_second_is_told_and_may_insist(office, world):
    add_members(world, "甲")
    old = seen(office.get(url("leading-group")).content.decode())
    mine = [{"part": "member", "name": "我填的", "office": ""}]
    LeadingMember.objects.update(office="县卫健局")
    answer = office.post(url("leading-group"), sent(mine, old))
    html = answer.content.decode()
    assert "又有人改过" in html
    assert 'value="我填的"' in html
    assert group(world) == [("member", "甲", "县卫健局")]
    assert office.post(url("leading-group"), sent(mine, seen(html))).url == url()
    assert group(world) == [("member", "我填的", "")]


def test_a_faulty_row_does_not_hide_that_somebody_was_faster(office, world):
    add_members(world, "甲")
    old = seen(office.get(url("leading-group")).content.decode())
    LeadingMember.objects.update(office="县卫健局")
    faulty = office.post(url("leading-group"), sent([{"part": "nobody", "name": "", "office": "某局"}], old))
    assert seen(faulty.content.decode()) == old


@pytest.mark.parametrize("pk", ["999999", "-1", "x", "1" * 40, "²"])
def test_a_guessed_row_becomes_a_new_one_here(office, world, pk):
    strange = LeadingMember.objects.create(
        campaign=world.other_county.campaigns.get(), position=1, name="别县", office="别县县长"
    )
    for guess in (pk, str(strange.pk)):
        save(office, "leading-group", [{"pk": guess, "part": "member", "name": "本县", "office": ""}])
    assert group(world) == [("member", "本县", "")]
    strange.refresh_from_db()
    assert (strange.name, strange.campaign.county) == ("别县", world.other_county)


def test_too_many_rows_are_refused(office, world):
    answer = save(office, "leading-group", [{"part": "member", "name": f"某{n}", "office": ""} for n in range(101)])
    assert "最多保存 100 行" in answer.content.decode()
    assert group(world) == []


@pytest.mark.parametrize("data", [{}, {"rows-TOTAL_FORMS": "x", "rows-INITIAL_FORMS": "0"}, {"more": "yes"}])
def test_what_no_browser_sends_is_answered_with_a_sentence(office, world, data):
    add_members(world, "甲")
    answer = office.post(url("leading-group"), data)
    assert "提交的表格不完整" in answer.content.decode()
    assert group(world) == [("member", "甲", "")]


def test_the_services_themselves_refuse_what_cannot_be(world):
    here = {"seen": version_of([]), "by": world.users["office"]}
    turned = PhaseGiven(None, "准备", date(2024, 1, 2), date(2024, 1, 1), "")
    with pytest.raises(Refused, match="早于开始日期"):
        save_phases(world.campaign, [turned], **here)
    save_leading_group(world.campaign, [MemberGiven(None, "head", "甲", "")], **here)
    with pytest.raises(Refused, match="又有人改过"):
        save_leading_group(world.campaign, [], **here)
    assert group(world) == [("head", "甲", "")]
    assert not CampaignPhase.objects.filter(campaign=world.campaign).exists()


def test_a_seat_that_the_plan_names_waits_for_a_name(world):
    standard = make_standard("plan")
    standard.leading_group = [{"part": "head", "office": "区政府副区长"}]
    standard.save()
    campaign = start_campaign(world.county, standard, period="2023")
    assert [(m.part, m.name, m.office) for m in campaign.leading_members.all()] == [("head", "", "区政府副区长")]


def test_a_row_without_a_name_is_saved_where_the_office_is_named(office, world):
    save(office, "leading-group", [{"part": "head", "name": "", "office": "区政府副区长"}])
    assert group(world) == [("head", "", "区政府副区长")]
    assert "（待定）" in office.get(reverse("assessments:campaign", args=["A"])).content.decode()

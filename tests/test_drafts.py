"""A county's own standards through the services: copied, changed, checked, published, never changed after."""

from dataclasses import replace
from decimal import Decimal

import pytest

from assessments.services import start_campaign
from assessments.standing_services import score
from indicators import drafts
from indicators.draft_checks import faults_of
from indicators.enums import StandardState
from indicators.models import PlanText, Standard
from indicators.queries import content_of, specs_of, standards_for, target_in
from indicators.services import Refused
from institutions.access import owners_for, owners_of
from tcm_demo.audit.models import Event
from tests.world import PERIOD, make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def draft(world) -> Standard:
    return drafts.copy_standard(world.standard, owner="A", by=world.users["office"])


def events(action: str) -> list[Event]:
    return list(Event.objects.filter(action=action))


def change(draft: Standard, by=None, **changes) -> Standard:
    return drafts.save_draft(draft, replace(content_of(draft), **changes), seen=draft.digest, by=by)


def finished(draft: Standard) -> Standard:
    draft = drafts.check_draft(draft, seen=draft.digest, by=None)
    return drafts.publish(draft, seen=draft.digest, by=None)


def test_a_copy_has_all_that_the_standard_has_and_says_where_it_is_from(world, draft):
    old, new = content_of(world.standard), content_of(draft)
    assert (draft.owner, draft.state, draft.copied_from, draft.code) == ("A", "draft", world.standard, new.code)
    assert new.sections[0].items[0].source == f"《{old.source_document}》第 {old.items[0].number} 条"
    plain = drafts.with_items(new, lambda item: replace(item, source=""))
    assert replace(plain, code=old.code, state=old.state) == old
    assert events("begin_draft")[0].place == "A"


def test_two_copies_have_codes_of_their_own(world, draft):
    assert drafts.copy_standard(world.standard, owner="A", by=None).code != draft.code


def test_a_code_that_another_county_has_is_not_free(world, draft):
    mine = drafts.free_code("B")
    Standard.objects.filter(pk=draft.pk).update(code=mine)
    assert drafts.free_code("B") not in ("", mine)
    assert drafts.copy_standard(world.standard, owner="B", by=None).code == drafts.free_code("B")[:-1] + "2"


def test_a_change_is_stored_whole_and_told_with_what_was_before(world, draft):
    points = drafts.with_items(content_of(draft), lambda item: replace(item, points=Decimal("12.50")))
    changed = drafts.save_draft(draft, points, seen=draft.digest, by=world.users["office"])
    assert {item.points for item in content_of(changed).items} == {Decimal("12.50")}
    event = events("change_draft")[0]
    assert event.before["条目 2"]["points"] is None
    assert event.after["条目 2"]["points"] == "12.50"
    assert "title" not in event.after


def test_what_was_changed_meanwhile_is_not_overwritten(draft):
    seen = draft.digest
    change(draft, title="甲")
    with pytest.raises(Refused, match="刚被别人改过"):
        drafts.save_draft(draft, replace(content_of(draft), title="乙"), seen=seen, by=None)
    assert content_of(draft).title == "甲"


def test_two_items_of_one_number_are_refused_in_words(draft):
    twins = drafts.with_items(content_of(draft), lambda item: replace(item, number="2"))
    with pytest.raises(Refused, match="条目编号“2”重复"):
        drafts.save_draft(draft, twins, seen=draft.digest, by=None)
    assert draft.items.count() == 3


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lead": ["不存在的局"]}, "条目 1 的部门“不存在的局”不在责任部门里，请先添加这个部门。"),
        ({"title": "长" * 61}, "条目 1的标题有 61 字，最多 60 字。"),
    ],
)
def test_what_cannot_be_stored_is_refused_in_words(draft, changes, sentence):
    content = drafts.with_items(content_of(draft), lambda item: replace(item, **changes))
    with pytest.raises(Refused, match=sentence):
        drafts.save_draft(draft, content, seen=draft.digest, by=None)


def test_checking_names_everything_that_is_undefined(draft):
    def spoil(item):
        criteria = [replace(each, expression="sum(nothing)", targets={"2024": "100%%"}) for each in item.criteria]
        return replace(item, lead=[], source="", criteria=criteria)

    spoiled = drafts.save_draft(draft, drafts.with_items(content_of(draft), spoil), seen=draft.digest, by=None)
    with pytest.raises(drafts.Unfinished) as refused:
        drafts.check_draft(spoiled, seen=spoiled.digest, by=None)
    of_item_2 = [each.sentence for each in refused.value.faults if each.item == "2"]
    assert of_item_2[:2] == [
        "条目 2 没有牵头部门，请写明由谁负责。",
        "条目 2 没有写出处，请写明在文件的什么地方，如“第三部分（二）4”。",
    ]
    assert "指标 2.1 没有“nothing”这个数据元。" in of_item_2
    assert any("2024 年起的目标" in sentence for sentence in of_item_2)
    assert Standard.objects.get(pk=spoiled.pk).state == "draft"


def test_only_what_was_checked_is_published_and_a_change_needs_checking_again(draft):
    with pytest.raises(Refused, match="请先检查"):
        drafts.publish(draft, seen=draft.digest, by=None)
    checked = drafts.check_draft(draft, seen=draft.digest, by=None)
    assert checked.state == StandardState.CHECKED
    assert change(checked, title="新的名称").state == StandardState.DRAFT


def test_a_plan_that_is_not_settled_holds_publishing_back(draft):
    PlanText.objects.create(standard=draft, text="……", proposal={}, open=["item:2"])
    with pytest.raises(drafts.Unfinished, match="1 处"):
        drafts.check_draft(draft, seen=draft.digest, by=None)


def test_what_is_published_never_changes_in_place(draft):
    published = finished(draft)
    assert published.digest == content_of(published).digest()
    for write in (
        lambda: change(published, title="乙"),
        lambda: drafts.check_draft(published, seen=published.digest, by=None),
        lambda: drafts.discard(published, by=None),
    ):
        with pytest.raises(Refused, match="已发布，不再改动"):
            write()


def test_the_next_version_begins_as_the_last_one_and_only_once(draft):
    published = finished(draft)
    second = drafts.begin_version(published, by=None)
    assert (second.code, second.version, second.state) == (published.code, "2", "draft")
    with pytest.raises(Refused, match="还没有发布"):
        drafts.begin_version(published, by=None)


def test_a_draft_that_is_discarded_is_gone_and_remembered(draft):
    drafts.discard(draft, by=None)
    assert not Standard.objects.filter(pk=draft.pk).exists()
    assert events("discard_draft")[0].before["items"] == 3


def test_a_countys_own_standard_is_for_its_people_and_those_above_it(world, draft):
    published = finished(draft)
    users = world.users

    def reads(name):
        return published in standards_for(owners_for(users[name]))

    readers = ("office", "clerk", "liaison", "prefecture", "superuser")
    assert [reads(name) for name in readers] == [True] * len(readers)
    assert not reads("other_office")
    assert not reads("stranger")
    assert owners_of(world.other_county) == {"", "B"}
    assert owners_of(world.county) == {"", "A", "P"}


def test_a_county_is_scored_by_its_own_standard_beside_the_first(world, draft):
    published = finished(draft)
    start_campaign(world.county, published, period=PERIOD)
    own = score(world.county, published, PERIOD).result
    assert own["summary"] == score(world.county, world.standard, PERIOD).result["summary"]


def test_the_target_is_that_of_the_periods_year(world, draft):
    def by_year(item):
        return replace(item, criteria=[replace(each, targets={"2023": "20%", "2025": "90%"}) for each in item.criteria])

    draft = drafts.save_draft(draft, drafts.with_items(content_of(draft), by_year), seen=draft.digest, by=None)
    targets = {
        period: {
            c["code"]: c["target"] for i in score(world.county, draft, period).result["items"] for c in i["criteria"]
        }
        for period in ("2022", "2023", "2024Q2", "2025-03")
    }
    assert [targets[period]["3.1"] for period in targets] == ["7/20", "1/5", "1/5", "9/10"]
    criterion = next(c for item in content_of(draft).items for c in item.criteria if c.code == "3.1")
    assert [target_in(criterion, year) for year in (2022, 2023, 2026)] == ["35%", "20%", "90%"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "没有名称"),
        ({"scope": []}, "没有写明适用哪些机构"),
        ({"scope": ["clinic"]}, "没有写明适用哪些机构"),
        ({"level": "must"}, "级别“must”不对"),
        ({"comparator": "=>"}, "比较“=>”不对"),
        ({"targets": {"明年": "30%"}}, "年份“明年”应是四位数"),
        ({"targets": {"2025": "sum(nothing)"}}, "2025 年起的目标"),
    ],
)
def test_what_could_not_be_computed_is_never_published(world, changed, sentence):
    sound = content_of(world.standard)
    broken = drafts.with_items(
        sound, lambda item: replace(item, criteria=[replace(each, **changed) for each in item.criteria])
    )
    assert not any("指标" in fault.sentence for fault in faults_of(sound, specs_of("A")))
    assert any(sentence in fault.sentence for fault in faults_of(broken, specs_of("A")))


def test_points_below_nothing_are_never_published(world):
    broken = drafts.with_items(content_of(world.standard), lambda item: replace(item, points=Decimal("-1")))
    assert any("负数" in fault.sentence for fault in faults_of(broken, specs_of("A")))

"""An item of a county's own draft: changed, added, moved, numbered and removed on its page."""

from dataclasses import replace
from decimal import Decimal

import pytest

from indicators import drafts
from indicators.models import EvidenceRequirement, Standard
from tcm_demo.audit.models import Event
from tests.drafting import content, draft_of, evidence_row, item, item_form, save_item, seen, url
from tests.world import make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


@pytest.fixture
def draft(world):
    return draft_of(world)


def now(draft) -> Standard:
    return Standard.objects.get(pk=draft.pk)


def text(response) -> str:
    return response.content.decode()


def numbers(draft) -> list[str]:
    return [each.number for each in content(draft).items]


def test_every_fact_of_an_item_is_changed_and_its_criteria_stay(office, draft):
    before = item(draft, "2")
    answer = save_item(
        office,
        draft,
        "2",
        title="馆与技术",
        requirement="每家都有。\r\n\r\n一家不少。",
        wording="各乡镇卫生院要设置中医馆。",
        source="第三部分（二）4",
        points="2.5",
        section="1",
        lead=["财政局"],
        cooperating=["卫生健康局"],
    )
    assert answer.url == f"{url(draft)}#item-2"
    after = item(draft, "2")
    assert (after.title, after.requirement) == ("馆与技术", "每家都有。\n\n一家不少。")
    assert (after.wording, after.source, after.points) == (
        "各乡镇卫生院要设置中医馆。",
        "第三部分（二）4",
        Decimal("2.50"),
    )
    assert (after.lead, after.cooperating) == (["财政局"], ["卫生健康局"])
    assert after.criteria == before.criteria
    assert numbers(draft) == ["1", "2", "3"]
    assert [each.number for each in content(draft).sections[0].items] == ["1", "2"]
    event = Event.objects.get(action="change_draft")
    assert event.after["条目 2"]["source"] == "第三部分（二）4"


def test_saving_what_stands_changes_nothing(office, draft):
    digest = now(draft).digest
    assert save_item(office, draft, "1").status_code == 302
    assert now(draft).digest == digest
    assert not Event.objects.filter(action="change_draft").exists()


def test_evidence_is_changed_added_moved_and_removed_and_new_one_gets_a_code(office, draft):
    rows = [
        evidence_row("1-1", "资金文件", DELETE="on"),
        evidence_row("1-2", "拨付凭证", ORDER=3, required=None, year="previous", needed="2", seen_as="paper"),
        evidence_row(text="审计\r\n报告", ORDER=2, departments="财政局", institution_types=["township_centre"]),
        evidence_row(ORDER=4),
    ]
    save_item(office, draft, "1", evidence=rows)
    stored = item(draft, "1").evidence
    assert [(each.code, each.text, each.required) for each in stored] == [
        ("1-3", "审计 报告", True),
        ("1-2", "拨付凭证", False),
    ]
    assert (stored[0].departments, stored[0].institution_types) == (["财政局"], ["township_centre"])
    assert (stored[1].year, stored[1].needed, stored[1].seen_as) == ("previous", 2, "paper")


def test_a_guessed_code_of_evidence_is_none(office, draft):
    save_item(office, draft, "1", evidence=[evidence_row("3-1", "别条的编号")])
    assert [each.code for each in item(draft, "1").evidence] == ["1-3"]
    assert [each.text for each in item(draft, "3").evidence] == ["统计报表"]


def test_further_rows_are_asked_for_without_scripts_and_nothing_is_saved(office, draft):
    data = item_form(office, draft, "1", title="还没有保存") | {"more": "yes"}
    answer = office.post(url(draft, "draft-item", number="1"), data)
    assert answer.status_code == 200
    assert answer.context["page"].evidence.total_form_count() == 5
    assert 'value="还没有保存"' in text(answer)
    assert item(draft, "1").title == "财政投入"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": ""}, "请填写编号。"),
        ({"number": "2"}, "编号 2 已用于“中医馆与适宜技术”，请换一个。"),
        ({"number": "1/2"}, "编号只能用数字、字母、汉字、括号、点和短横"),
        ({"number": "new"}, "编号只能用数字"),
        ({"number": ".."}, "编号只能用数字"),
        ({"number": "12345678901"}, "编号最多 10 个字。"),
        ({"title": ""}, "请填写标题。"),
        ({"title": "长" * 61}, "标题最多 60 个字。"),
        ({"title": "看\u200b不见"}, "标题里有看不见的控制字符"),
        ({"section": "9"}, "选的部分已被删去"),
        ({"section": "一"}, "选的部分已被删去"),
        ({"points": "很多"}, "分值请填数字"),
        ({"points": "-1"}, "分值不能是负数。"),
        ({"points": "1.234"}, "分值最多两位小数。"),
        ({"points": "10000"}, "分值最大 9999.99。"),
        ({"points": "NaN"}, "分值请填数字"),
        ({"source": "长" * 101}, "出处最多 100 个字。"),
        ({"requirement": "长" * 5001}, "要求最多 5000 个字。"),
        ({"lead": ["乙县卫生局"]}, "部门“乙县卫生局”不在责任部门里"),
        ({"evidence": [evidence_row("1-1", "")]}, "请写明要什么材料；不要这一行，请勾选“删除”。"),
        ({"evidence": [evidence_row(text="长" * 201)]}, "佐证材料最多 200 个字。"),
        ({"evidence": [evidence_row(text="甲", departments="民政局")]}, "“民政局”不在责任部门里"),
        ({"evidence": [evidence_row(text="甲", needed="0")]}, "份数至少是 1。"),
        ({"evidence": [evidence_row(text="甲", needed="一")]}, "份数请填整数。"),
        ({"evidence": [evidence_row(text="甲", institution_types=["bank"])]}, "请从列表中选择机构类型。"),
    ],
)
def test_what_is_wrong_is_told_beside_it_and_nothing_is_saved_or_lost(office, draft, changes, sentence):
    before = content(draft)
    answer = save_item(office, draft, "1", **({"wording": "照抄的原文"} | changes))
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert "没有保存" in text(answer)
    assert "照抄的原文" in text(answer)
    assert content(draft) == before


def test_another_number_takes_the_codes_along(office, draft):
    assert save_item(office, draft, "2", number="20").url == f"{url(draft)}#item-20"
    moved = item(draft, "20")
    assert [each.code for each in moved.criteria] == ["20.1", "20.2"]
    save_item(office, draft, "1", number="甲", evidence=[evidence_row("1-1", "资金文件"), evidence_row(text="新的")])
    assert [each.code for each in item(draft, "甲").evidence] == ["甲-1", "甲-3"]
    assert numbers(draft) == ["甲", "20", "3"]


def test_a_new_item_goes_where_it_was_asked_for(office, draft):
    page = office.get(url(draft, "draft-item-new"), {"section": "1"})
    assert (page.context["page"].form["number"].value(), page.context["page"].form["section"].value()) == ("4", 1)
    answer = save_item(
        office, draft, number="4", title="新的一条", section="1", lead=["财政局"], evidence=[evidence_row(text="文件")]
    )
    assert answer.url == f"{url(draft)}#item-4"
    assert numbers(draft) == ["1", "4", "2", "3"]
    again = office.post(
        url(draft, "draft-item-new"), item_form(office, draft, title="又一条", section="1") | {"next": "1"}
    )
    assert again.url == f"{url(draft, 'draft-item-new')}?section=1"
    assert numbers(draft) == ["1", "4", "5", "2", "3"]
    new = item(draft, "4")
    assert (new.lead, [each.code for each in new.evidence]) == (["财政局"], ["4-1"])


def test_without_a_section_there_is_no_place_for_an_item(office, world):
    empty = drafts.begin_draft(drafts.empty_content(code="a-1"), owner="A", by=None)
    answer = office.get(url(empty, "draft-item-new"))
    assert answer.url == url(empty, "draft-sections")


def test_after_saving_the_next_item_can_follow(office, draft):
    data = item_form(office, draft, "1") | {"next": "yes"}
    assert office.post(url(draft, "draft-item", number="1"), data).url == url(draft, "draft-item", number="2")
    data = item_form(office, draft, "3") | {"next": "yes"}
    assert office.post(url(draft, "draft-item", number="3"), data).url == f"{url(draft)}#item-3"


# ---- removed, moved, numbered ----


def test_an_item_is_removed_with_what_belongs_to_it(office, draft):
    page = office.get(url(draft, "draft-item", number="1"))
    assert "连同 1 项指标、2 项佐证要求一起删去" in text(page)
    answer = office.post(url(draft, "draft-item-remove", number="1"), {"seen": seen(text(page))})
    assert answer.url == url(draft)
    assert numbers(draft) == ["2", "3"]
    assert not EvidenceRequirement.objects.filter(item__standard=draft, code="1-1").exists()


def test_an_item_that_somebody_changed_is_not_removed_unseen(office, draft):
    old = seen(text(office.get(url(draft, "draft-item", number="1"))))
    save_item(office, draft, "1", title="别人刚改的")
    answer = office.post(url(draft, "draft-item-remove", number="1"), {"seen": old}, follow=True)
    assert "又有人改过，没有删除" in text(answer)
    assert "1" in numbers(draft)


def move(office, draft, **which):
    page = office.get(url(draft))
    return office.post(url(draft, "draft-order"), {"seen": page.context["seen"]} | which)


def test_items_move_one_place_and_on_to_the_next_section(office, draft):
    assert move(office, draft, down="2").url == f"{url(draft)}#item-2"
    assert numbers(draft) == ["1", "3", "2"]
    move(office, draft, up="3")
    assert [each.number for each in content(draft).sections[0].items] == ["1", "3"]
    before = content(draft)
    for nowhere in ({"up": "1"}, {"down": "2"}, {"up": "没有"}, {"down": "x\r\nSet-Cookie: y"}, {}):
        assert move(office, draft, **nowhere).status_code == 302
        assert content(draft) == before


def test_a_move_in_an_outline_that_was_changed_meanwhile_is_not_made(office, draft):
    old = office.get(url(draft)).context["seen"]
    move(office, draft, down="2")
    answer = office.post(url(draft, "draft-order"), {"seen": old, "down": "1"}, follow=True)
    assert "又有人改过，没有改动" in text(answer)
    assert numbers(draft) == ["1", "3", "2"]


def test_all_items_are_numbered_anew_with_their_codes(office, draft):
    move(office, draft, down="2")
    answer = office.post(url(draft, "draft-renumber"), {"seen": office.get(url(draft)).context["seen"]})
    assert answer.url == url(draft)
    assert [(each.number, each.title) for each in content(draft).items] == [
        ("1", "财政投入"),
        ("2", "中医诊疗量"),
        ("3", "中医馆与适宜技术"),
    ]
    assert [each.code for each in item(draft, "2").evidence] == ["2-1"]
    assert [each.code for each in item(draft, "3").criteria] == ["3.1", "3.2"]


def test_a_later_version_is_not_numbered_anew(office, draft):
    checked = drafts.check_draft(draft, seen=draft.digest, by=None)
    second = drafts.begin_version(drafts.publish(checked, seen=checked.digest, by=None), by=None)
    page = office.get(url(second))
    assert "按顺序重新编号" not in text(page)
    answer = office.post(url(second, "draft-renumber"), {"seen": page.context["seen"]})
    assert (answer.status_code, "材料按编号对应" in text(answer)) == (403, True)


# ---- two people at once ----


def test_two_people_change_two_items_at_the_same_time(office, draft):
    of_one, of_two = item_form(office, draft, "1", title="甲改的"), item_form(office, draft, "2", title="乙改的")
    assert office.post(url(draft, "draft-item", number="1"), of_one).status_code == 302
    assert office.post(url(draft, "draft-item", number="2"), of_two).status_code == 302
    assert [each.title for each in content(draft).items[:2]] == ["甲改的", "乙改的"]


def test_who_comes_second_at_one_item_is_told_keeps_what_was_typed_and_may_insist(office, draft):
    mine = item_form(office, draft, "1", title="我填的")
    save_item(office, draft, "1", title="别人填的")
    answer = office.post(url(draft, "draft-item", number="1"), mine)
    assert "又有人改过" in text(answer)
    assert 'value="我填的"' in text(answer)
    assert item(draft, "1").title == "别人填的"
    again = office.post(url(draft, "draft-item", number="1"), mine | {"seen": seen(text(answer))})
    assert again.status_code == 302
    assert item(draft, "1").title == "我填的"


def test_what_was_typed_into_an_item_that_is_gone_becomes_a_new_one(office, draft):
    mine = item_form(office, draft, "1", title="我填的")
    drafts.save_draft(
        draft,
        drafts.with_items(content(draft), lambda each: None if each.number == "1" else each),
        seen=now(draft).digest,
        by=None,
    )
    answer = office.post(url(draft, "draft-item", number="1"), mine)
    assert "被删去或改了编号" in text(answer)
    assert f'action="{url(draft, "draft-item-new")}"' in text(answer)
    assert 'value="我填的"' in text(answer)
    assert office.post(url(draft, "draft-item-new"), mine).status_code == 302
    assert item(draft, "1").title == "我填的"
    assert office.get(url(draft, "draft-item", number="99")).status_code == 404


def test_criteria_that_cannot_be_read_are_shown_as_they_are_typed(office, draft):
    def spoil(each):
        return replace(each, criteria=[replace(c, expression="sum(nothing)", scope=["bank"]) for c in each.criteria])

    drafts.save_draft(draft, drafts.with_items(content(draft), spoil), seen=draft.digest, by=None)
    answer = office.get(url(draft, "draft-item", number="2"))
    assert "sum(nothing)" in text(answer)
    assert "公式有误" in text(answer)
    assert "没有“nothing”这个数据元" in text(answer)

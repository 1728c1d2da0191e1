"""The county's self-assessment statement: saved as one types, in versions, and nobody's words are ever lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.enums import ItemStepKind
from assessments.models import ItemStep, Statement
from assessments.work.queries import statement_texts
from assessments.work.statement_services import Overtaken, save_statement, take_back
from institutions.refusals import Refused
from tcm_demo.audit.models import Event
from tests.working import campaign_of, item_of, url, words
from tests.world import PERIOD, World, make_world

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def liaison(client, world):
    client.force_login(world.users["liaison"])
    return client


def save(world: World, text: str, seen=(0, 0), by: str = "liaison", **more) -> Statement | None:
    campaign, item = campaign_of(world), item_of(world, "1")
    return save_statement(campaign, item, PERIOD, text=text, seen=seen, by=world.users[by], **more)


def versions() -> list[tuple[int, int, str]]:
    return list(Statement.objects.order_by("number").values_list("number", "edition", "text"))


# ---- versions ----


def test_one_persons_typing_grows_one_version(world):
    save(world, "已设立")
    save(world, "已设立专项资金", (1, 1))
    save(world, "已设立专项资金。", (1, 2))
    assert versions() == [(1, 3, "已设立专项资金。")]
    steps = ItemStep.objects.filter(kind=ItemStepKind.STATEMENT)
    assert [(step.text, step.by_name) for step in steps] == [("第 1 版", "liaison")]


def test_every_save_is_on_the_trail_without_its_words(world):
    save(world, "已设立")
    save(world, "已设立专项资金", (1, 1))
    first, second = Event.objects.filter(action="write_statement").order_by("pk")
    assert (first.before, first.after) == (None, {"version": 1, "characters": 3, "period": PERIOD})
    assert (second.before, second.after["characters"]) == ({"characters": 3}, 7)


def test_a_later_sitting_begins_a_new_version(world):
    begun = timezone.now()
    save(world, "一", now=begun)
    save(world, "一二", (1, 1), now=begun + timedelta(minutes=14, seconds=59))
    save(world, "一二三", (1, 2), now=begun + timedelta(minutes=15))
    assert versions() == [(1, 2, "一二"), (2, 1, "一二三")]


def test_another_person_begins_a_new_version(world):
    save(world, "联络员写的")
    save(world, "联络员写的，创建办改过", (1, 1), by="office")
    assert versions() == [(1, 1, "联络员写的"), (2, 1, "联络员写的，创建办改过")]


def test_unchanged_text_is_no_save(world):
    assert save(world, "") is None
    save(world, "已设立")
    assert save(world, "已设立", (1, 1)).edition == 1
    assert versions() == [(1, 1, "已设立")]


def test_windows_line_ends_are_one_character(world):
    assert save(world, "一\r\n二").text == "一\n二"


def test_five_thousand_characters_and_not_one_more(world):
    save(world, "长" * 5000)
    with pytest.raises(Refused, match="最多 5,000 字，现在是 5,002 字，请删减 2 字"):
        save(world, "长" * 5002, (1, 1))
    assert versions()[0][1] == 1


def test_each_period_has_its_own(world):
    save(world, "2023 年的")
    campaign, item = campaign_of(world), item_of(world, "1")
    save_statement(campaign, item, "2024", text="2024 年的", seen=(0, 0), by=world.users["office"])
    assert statement_texts(campaign, PERIOD) == {"1": "2023 年的"}


# ---- two people at once ----


def test_the_later_of_two_is_told_and_nothing_is_overwritten(world):
    save(world, "开头")
    save(world, "创建办改的", (1, 1), by="office")
    with pytest.raises(Overtaken, match=r"office .* 改过自评说明") as caught:
        save(world, "联络员接着写", (1, 1))
    assert caught.value.latest.text == "创建办改的"
    assert versions()[-1] == (2, 1, "创建办改的")


def test_who_then_keeps_their_own_makes_a_new_version(world):
    save(world, "开头")
    save(world, "另一个窗口写的", (1, 1))
    with pytest.raises(Overtaken):
        save(world, "这个窗口写的", (1, 1))
    save(world, "这个窗口写的", (1, 2), apart=True)
    assert versions() == [(1, 2, "另一个窗口写的"), (2, 1, "这个窗口写的")]


def test_two_who_both_begin(world):
    save(world, "甲写的")
    with pytest.raises(Overtaken):
        save(world, "乙写的", by="office")


# ---- versions taken back ----


def test_an_older_version_counts_again_as_a_new_one(world):
    save(world, "第一稿")
    save(world, "第二稿", (1, 1), by="office")
    made = take_back(campaign_of(world), item_of(world, "1"), PERIOD, 1, by=world.users["office"])
    assert (made.number, made.text) == (3, "第一稿")
    assert ItemStep.objects.last().text == "第 3 版（恢复第 1 版）"
    with pytest.raises(Refused, match="和现在的一样"):
        take_back(campaign_of(world), item_of(world, "1"), PERIOD, 1, by=world.users["office"])
    with pytest.raises(Refused, match="没有第 9 版"):
        take_back(campaign_of(world), item_of(world, "1"), PERIOD, 9, by=world.users["office"])


def test_the_page_of_versions_shows_what_changed(liaison, world):
    save(world, "设立专项资金。资金到位。")
    save(world, "设立专项资金。资金全部到位。", (1, 1), by="office")
    html = words(liaison.get(url("item-statement", "1")))
    assert '<del class="dropped">资金到位。</del><ins class="added">资金全部到位。</ins>' in html
    assert html.index("第 2 版") < html.index("第 1 版")
    assert html.count("恢复这一版") == 1
    answer = liaison.post(url("item-statement-back", "1", version=1))
    assert answer.url == url("item", "1") + "#statement"
    assert versions()[-1] == (3, 1, "设立专项资金。资金到位。")


def test_readers_see_versions_and_change_none(client, world):
    save(world, "第一稿")
    save(world, "第二稿", (1, 1), by="office")
    client.force_login(world.users["expert"])
    assert "恢复这一版" not in words(client.get(url("item-statement", "1")))
    assert client.post(url("item-statement-back", "1", version=1)).status_code == 403


def test_versions_cost_the_same_however_many(liaison, world, django_assert_num_queries):
    now = timezone.now()
    for hour in range(25):
        save(world, f"第 {hour} 稿", (hour, 1) if hour else (0, 0), now=now + timedelta(hours=hour))
    with django_assert_num_queries(19):
        html = words(liaison.get(url("item-statement", "1")))
    assert "第 25 版" in html
    assert "共 <b>25</b> 版" in html
    assert "第 3 版" in words(liaison.get(url("item-statement", "1") + "?page=3"))


# ---- from the page ----


def test_the_page_has_the_text_and_what_it_was_typed_on(liaison, world):
    save(world, "已设立专项资金")
    html = words(liaison.get(url("item", "1")))
    assert '<input type="hidden" name="number" value="1"> <input type="hidden" name="edition" value="1">' in html
    assert ">已设立专项资金</textarea>" in html
    assert "第 1 版" in html


def test_who_may_not_write_reads(client, world):
    save(world, "第一段\n\n<b>第二段</b>")
    client.force_login(world.users["leadership"])
    html = words(client.get(url("item", "1")))
    assert "<p>第一段</p> <p>&lt;b&gt;第二段&lt;/b&gt;</p>" in html
    assert "<textarea" not in html[html.index('id="statement"') : html.index('id="notes"')]


def test_a_plain_form_saves_and_returns(liaison):
    answer = liaison.post(url("item-statement", "1"), {"text": "已设立", "number": 0, "edition": 0})
    assert answer.url == url("item", "1") + "#statement"
    assert versions() == [(1, 1, "已设立")]


def test_a_script_hears_what_is_stored(liaison):
    data = {"text": "已设立", "number": 0, "edition": 0}
    answer = liaison.post(url("item-statement", "1"), data, **JSON).json()
    assert (answer["number"], answer["edition"], answer["text"]) == (1, 1, "已设立")
    assert answer["saved"] == f"{timezone.localtime(Statement.objects.get().saved_at):%H:%M}"
    nothing = liaison.post(url("item-statement", "2"), {"text": "", "number": 0, "edition": 0}, **JSON)
    assert nothing.json()["number"] == 0


def test_an_overtaken_form_comes_back_with_both_texts(liaison, world):
    save(world, "开头")
    save(world, "创建办改的", (1, 1), by="office")
    html = words(liaison.post(url("item-statement", "1"), {"text": "联络员写的", "number": 1, "edition": 1}))
    assert "改过自评说明，您写的还没有保存" in html
    assert "<p>创建办改的</p>" in html
    assert ">联络员写的</textarea>" in html
    again = {"text": "联络员写的", "number": 2, "edition": 1, "apart": "on"}
    assert all(f'name="{name}" value="{value}"' in html for name, value in again.items() if name != "text")
    liaison.post(url("item-statement", "1"), again)
    assert versions()[1:] == [(2, 1, "创建办改的"), (3, 1, "联络员写的")]


def test_an_overtaken_script_hears_the_others_text(liaison, world):
    save(world, "开头")
    save(world, "创建办改的", (1, 1), by="office")
    answer = liaison.post(url("item-statement", "1"), {"text": "我的", "number": 1, "edition": 1}, **JSON)
    assert answer.status_code == 409
    theirs = answer.json()["theirs"]
    assert (theirs["text"], theirs["number"], theirs["by"]) == ("创建办改的", 2, "office")


def test_what_is_too_long_stays_in_the_box(liaison):
    data = {"text": "长" * 5001, "number": 0, "edition": 0}
    html = words(liaison.post(url("item-statement", "1"), data))
    assert "请删减 1 字后再保存" in html
    assert "长" * 5001 in html
    assert "请删减 1 字" in liaison.post(url("item-statement", "1"), data, **JSON).json()["error"]
    assert not Statement.objects.exists()


@pytest.mark.parametrize("data", [{}, {"number": "x", "edition": 0}, {"number": -1, "edition": 0}])
def test_a_form_without_its_version_keeps_the_text(liaison, data):
    html = words(liaison.post(url("item-statement", "1"), {"text": "写的内容"} | data))
    assert "请刷新页面后再试" in html
    assert ">写的内容</textarea>" in html


def test_another_departments_item_is_not_written(liaison):
    data = {"text": "写", "number": 0, "edition": 0}
    refused = liaison.post(url("item-statement", "3"), data)
    assert refused.status_code == 403
    assert "不由您所在的部门负责" in refused.content.decode()
    by_script = liaison.post(url("item-statement", "3"), data, **JSON)
    assert (by_script.status_code, "不由您所在的部门负责" in by_script.json()["error"]) == (403, True)
    assert not Statement.objects.exists()

"""An item's page at work: the statement that saves itself, through lost networks and beside a colleague, and @."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from assessments.enums import ItemStepKind
from assessments.models import ItemStep, Statement
from assessments.work.statement_services import save_statement
from assessments.work.steps import happened, happened_many
from tcm_demo.accounts.models import User, UserSession
from tcm_demo.notices.models import Notice
from tests.working import campaign_of, item_of, url
from tests.world import PERIOD, make_world

SAVED = re.compile("^已保存 [0-9]{2}:[0-9]{2}$")


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def page(world, new_page):
    page = new_page()
    sign_in(page, world.users["liaison"])
    page.goto(url("item", "1"))
    return page


def sign_in(page, user: User) -> None:
    """As if signed in by the page, which takes a second."""
    client = Client()
    client.force_login(user)
    place = {"domain": "localhost", "path": "/"}
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, **place}])


def box(page):
    return page.locator("#statement-text")


def state(page):
    return page.locator("#statement-state")


def texts() -> list[str]:
    return list(Statement.objects.order_by("number").values_list("text", flat=True))


def by_office(world, text: str, seen) -> None:
    save_statement(campaign_of(world), item_of(world, "1"), PERIOD, text=text, seen=seen, by=world.users["office"])


def test_what_is_typed_saves_itself(page):
    box(page).press_sequentially("本年度设立专项资金。")
    expect(state(page)).to_have_text("正在保存…")
    expect(state(page)).to_have_text(SAVED)
    expect(page.locator("[data-count]")).to_have_text("10 / 5000 字")
    box(page).press_sequentially("已拨付。")
    expect(state(page)).to_have_text("正在保存…")
    expect(state(page)).to_have_text(SAVED)
    assert texts() == ["本年度设立专项资金。已拨付。"]
    assert ItemStep.objects.count() == 1
    page.reload()
    expect(box(page)).to_have_value("本年度设立专项资金。已拨付。")


def test_without_a_network_it_waits_and_is_sent_later(page):
    page.context.set_offline(True)
    box(page).fill("断网时写的。")
    expect(state(page)).to_contain_text("没有连上服务器")
    assert texts() == []
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    assert texts() == ["断网时写的。"]


def test_what_was_left_unsaved_is_found_again(page, world):
    page.context.set_offline(True)
    box(page).fill("断网时写的，然后关了页面。")
    expect(state(page)).to_contain_text("没有连上服务器")
    later = page.context.new_page()
    UserSession.objects.all().delete()  # a page that is closed may still send a last word
    page.close()
    later.wait_for_timeout(500)  # its last word is lost with the network, and cannot sign the next page out
    later.context.set_offline(False)
    sign_in(later, world.users["liaison"])
    later.goto(url("item", "1"))
    expect(state(later)).to_have_text(SAVED)
    expect(box(later)).to_have_value("断网时写的，然后关了页面。")
    assert texts() == ["断网时写的，然后关了页面。"]


@pytest.mark.parametrize(
    ("choice", "result"),
    [
        ("保留我的，存为新版本", "我的。"),
        ("两份接在一起再改", "创建办的。\n\n我的。"),
    ],
)
def test_two_at_once_choose_and_lose_nothing(page, world, choice, result):
    by_office(world, "创建办的。", (0, 0))
    box(page).fill("我的。")
    expect(page.locator(".statement-conflict")).to_contain_text("office")
    expect(page.locator(".statement-theirs")).to_have_text("创建办的。")
    box(page).press("End")
    assert texts() == ["创建办的。"]
    page.get_by_role("button", name=choice).click()
    expect(state(page)).to_have_text(SAVED)
    assert texts() == ["创建办的。", result]


def test_the_others_text_may_be_taken(page, world):
    by_office(world, "创建办的。", (0, 0))
    box(page).fill("我的。")
    page.get_by_role("button", name="改用对方的").click()
    expect(box(page)).to_have_value("创建办的。")
    box(page).press_sequentially("再补一句。")
    expect(state(page)).to_have_text(SAVED)
    assert texts() == ["创建办的。", "创建办的。再补一句。"]


def test_what_is_too_long_is_not_sent(page):
    box(page).fill("长" * 5003)
    expect(page.locator("[data-count]")).to_have_text("超出 3 字")
    expect(state(page)).to_contain_text("没有保存：超出 3 字")
    box(page).fill("长" * 5000)
    expect(state(page)).to_have_text(SAVED)
    assert len(texts()[0]) == 5000


def test_an_at_offers_names_and_the_keyboard_chooses(page):
    User.objects.filter(username="office").update(display_name="王主任")
    page.reload()
    talk = page.get_by_label("参加讨论")
    talk.press_sequentially("@")
    offered = page.locator(".mention-list [role=option]")
    expect(offered).to_have_count(3)  # everybody but oneself
    talk.press_sequentially("王")
    expect(offered).to_have_count(1)
    talk.press("Enter")
    expect(talk).to_have_value("@王主任 ")
    expect(page.get_by_role("listbox")).to_be_hidden()
    talk.press_sequentially("请看。@")
    talk.press("ArrowDown")
    talk.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    talk.fill("@王主任 请看。")
    page.get_by_role("button", name="发表").click()
    expect(page.locator("#discussion")).to_contain_text("提到 王主任")
    assert Notice.objects.get().user.username == "office"
    assert ItemStep.objects.filter(kind=ItemStepKind.COMMENT).count() == 1


def test_the_history_goes_on_and_is_chosen_by_kind_on_the_spot(page, world):
    place = {"campaign": campaign_of(world), "item": item_of(world, "1"), "kind": ItemStepKind.NOTE}
    happened_many([place | {"text": f"第{n}件"} for n in range(45)], by=world.users["office"])
    happened(place["campaign"], place["item"], ItemStepKind.RETURNED, by=world.users["office"], text="文号看不清")
    page.reload()
    steps = page.locator("#step-list > li:not(.step-more)")
    expect(steps).to_have_count(10)
    page.get_by_role("link", name="更早的", exact=True).click()
    expect(steps).to_have_count(40)
    page.get_by_role("link", name="更早的", exact=True).click()
    expect(steps).to_have_count(46)
    expect(page.get_by_role("link", name="更早的", exact=True)).to_have_count(0)
    page.get_by_label("事项").select_option("退回佐证")
    expect(steps).to_have_count(1)
    expect(steps).to_contain_text("文号看不清")


def test_the_list_of_parts_stays_in_sight_at_390_pixels(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.get_by_role("link", name="指标", exact=True).click()
    heading = page.get_by_role("heading", name="1.1 设立中医药专项资金")
    expect(heading).to_be_in_viewport()
    expect(page.get_by_role("link", name="指标", exact=True)).to_have_attribute("aria-current", "true")
    parts = page.locator(".item-parts").bounding_box()
    assert parts["y"] == 0
    assert parts["height"] <= heading.bounding_box()["y"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390

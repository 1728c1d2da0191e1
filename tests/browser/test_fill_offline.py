"""A form that loses its network, its session and its page, and another person who types into the same one."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from institutions.enums import Role
from institutions.filling.services import submit_report
from institutions.models import Grant, Institution, Round
from tcm_demo.accounts.models import User, UserSession
from tests.filling import open_round, report, url, words_of
from tests.world import make_world

PASSWORD = "correct Horse 9"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SAVED = re.compile("已保存 [0-9]{2}:[0-9]{2}")

TOO_SMALL_FOR_A_THUMB = """form => Array.from(form.querySelectorAll(
    "input[type=text], .yes-no span, select, textarea, summary, .fill-bar .btn, .fill-choose .btn"
)).filter(box => box.offsetParent && box.getBoundingClientRect().height < 44).map(box => box.outerHTML)"""


@pytest.fixture
def world(transactional_db):
    world = make_world()
    open_round(world)
    centre = Institution.objects.get(code="A-01")
    Grant.objects.create(user=world.users["stranger"], county=world.county, role=Role.DATA_CLERK, institution=centre)
    for name in ("clerk", "stranger"):
        world.users[name].set_password(PASSWORD)
        world.users[name].save()
    return world


def sign_in(place, name: str) -> None:
    place.get_by_label("用户名").fill(name)
    place.get_by_label("密码").fill(PASSWORD)
    place.get_by_role("button", name="登录").click()


def signed_in(page, name: str) -> None:
    """As if signed in by the page, which takes a second."""
    client = Client()
    client.force_login(User.objects.get(username=name))
    place = {"domain": "localhost", "path": "/"}
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, **place}])


def open_form(page, name: str = "clerk"):
    signed_in(page, name)
    page.goto(url("fill"))
    expect(said(page)).to_have_text("填写后自动保存")
    return page


def box(page, code: str):
    return page.locator(f"#f-{code} input.form-control")


def said(page):
    return page.locator("[data-said]")


def row(page, code: str):
    return page.locator(f"#f-{code}")


def test_typing_saves_itself_and_says_what_is_wrong_at_390_pixels(world, new_page):
    page = open_form(new_page(**PHONE))
    box(page, "visits").fill("１０")
    box(page, "tcm_visits").fill("20")
    expect(row(page, "visits").locator(".wrong")).to_contain_text("中医诊疗人次不能大于总诊疗人次")
    expect(box(page, "visits")).to_have_value("10")
    row(page, "has_hall").locator(".yes-no").get_by_text("是", exact=True).click()
    box(page, "techniques").fill("0")
    word = row(page, "has_hall").get_by_role("textbox")
    word.fill("正在筹备，下月开展")
    box(page, "tcm_visits").fill("5")
    expect(row(page, "visits").locator(".wrong li")).to_have_count(0)
    expect(page.locator("[data-filled]")).to_have_text("4")
    expect(said(page)).to_have_text(SAVED)
    assert report().values == {"visits": 10, "tcm_visits": 5, "has_hall": True, "techniques": 0}
    assert words_of(report()) == {"rule:not has_hall or techniques > 0": "正在筹备，下月开展"}
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    small = page.locator("#fill").evaluate(TOO_SMALL_FOR_A_THUMB)
    assert small == []


def test_enter_goes_on_to_the_next_field_and_hands_nothing_in(world, new_page):
    page = open_form(new_page())
    box(page, "techniques").press("Enter")
    expect(box(page, "visits")).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(box(page, "tcm_visits")).to_be_focused()
    expect(said(page)).to_have_text(SAVED)
    assert report().state == "draft"


def test_offline_typing_waits_in_the_browser_and_is_sent_when_the_network_is_back(world, new_page):
    page = open_form(new_page(**PHONE))
    page.context.set_offline(True)
    box(page, "visits").fill("110")
    expect(said(page)).to_have_text("没有网络，已存在本机，连上后自动发送")
    page.context.set_offline(False)
    expect(said(page)).to_have_text(SAVED)
    assert report().values == {"visits": 110}
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_page_closed_offline_comes_back_with_what_was_typed_and_overwrites_nobody(world, new_page):
    page = open_form(new_page(**PHONE))
    context = page.context
    context.set_offline(True)
    box(page, "visits").fill("110")
    box(page, "tcm_visits").fill("41")
    expect(said(page)).to_contain_text("没有网络")
    UserSession.objects.filter(user__username="clerk").delete()  # a page that is closed may still send a last word
    page.close()
    other = open_form(new_page(), "stranger")
    box(other, "visits").fill("120")
    box(other, "visits").blur()
    expect(said(other)).to_have_text(SAVED)
    context.set_offline(False)
    page = context.new_page()
    signed_in(page, "clerk")
    page.goto(url("fill"))
    expect(page.get_by_text("上次有 2 项没有发出，已放回表里")).to_be_visible()
    expect(said(page)).to_have_text("有 1 项与他人冲突")
    expect(row(page, "visits")).to_contain_text("stranger同时把这一项改成了“120”，您填的是“110”")
    assert report().values == {"visits": 120, "tcm_visits": 41}
    page.get_by_role("button", name="核对并提交").click()
    expect(page.get_by_text("请先选用哪一个")).to_be_visible()
    row(page, "visits").get_by_role("button", name="用我的").click()
    expect(said(page)).to_have_text(SAVED)
    assert report().values == {"visits": 110, "tcm_visits": 41}
    # the other, who has touched nothing since, sees it with the next saving
    box(other, "techniques").fill("3")
    box(other, "techniques").blur()
    expect(box(other, "visits")).to_have_value("110")


def test_who_takes_the_others_value_has_it(world, new_page):
    page, other = open_form(new_page()), open_form(new_page(), "stranger")
    box(other, "visits").fill("120")
    box(other, "visits").blur()
    expect(said(other)).to_have_text(SAVED)
    box(page, "visits").fill("110")
    row(page, "visits").get_by_role("button", name="用对方的").click()
    expect(box(page, "visits")).to_have_value("120")
    expect(row(page, "visits").locator(".fill-clash")).to_be_hidden()
    page.get_by_role("button", name="核对并提交").click()
    expect(page.get_by_role("heading", name="核对并提交")).to_be_visible()
    assert report().values == {"visits": 120}


def test_what_was_typed_after_the_session_ended_is_saved_after_signing_in_on_the_spot(world, new_page):
    page = open_form(new_page())
    UserSession.objects.all().delete()
    box(page, "visits").fill("110")
    inside = page.frame_locator("#session-ended iframe")
    sign_in(inside, "clerk")
    expect(said(page)).to_have_text(SAVED)
    assert report().values == {"visits": 110}


def test_nobody_sees_what_somebody_else_has_typed_on_the_same_computer(world, new_page):
    page = open_form(new_page())
    page.context.set_offline(True)
    box(page, "visits").fill("110")
    expect(said(page)).to_contain_text("没有网络")
    UserSession.objects.filter(user__username="clerk").delete()  # a page that is closed may still send a last word
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    open_form(again, "stranger")
    expect(box(again, "visits")).to_have_value("")
    signed_in(again, "clerk")
    again.goto(url("fill"))
    expect(box(again, "visits")).to_have_value("110")


def test_what_arrives_after_somebody_else_has_handed_the_report_in_is_not_lost_in_silence(world, new_page):
    page = open_form(new_page())
    context = page.context
    for code, text in {"techniques": "6", "visits": "110", "tcm_visits": "30"}.items():
        box(page, code).fill(text)
    row(page, "has_hall").locator(".yes-no").get_by_text("否", exact=True).click()
    expect(page.locator("[data-filled]")).to_have_text("4")
    context.set_offline(True)
    box(page, "visits").fill("115")
    expect(said(page)).to_contain_text("没有网络")
    UserSession.objects.all().delete()
    page.close()
    centre = Institution.objects.select_related("county", "manager").get(code="A-01")
    submit_report(Round.objects.get(), centre, by=world.users["stranger"])
    context.set_offline(False)
    page = context.new_page()
    signed_in(page, "clerk")
    page.goto(url("fill"))
    expect(page.locator("#messages")).to_contain_text("总诊疗人次 “115”")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_words_typed_on_the_check_save_themselves_and_come_along_back_to_the_form(world, new_page):
    page = open_form(new_page())
    box(page, "visits").fill("110")
    page.get_by_role("button", name="核对并提交").click()
    page.get_by_role("heading", name="核对并提交").wait_for()
    page.get_by_role("textbox").fill("新设机构，尚未开展")
    expect(said(page)).to_have_text(SAVED)
    assert words_of(report()) == {"missing": "新设机构，尚未开展"}
    page.get_by_role("textbox").fill("新设机构，年底开展")
    page.get_by_role("button", name="回去修改").click()
    expect(box(page, "visits")).to_have_value("110")
    assert words_of(report()) == {"missing": "新设机构，年底开展"}


def test_a_browser_that_keeps_nothing_still_saves(world, new_page):
    page = new_page()
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    open_form(page)
    box(page, "visits").fill("110")
    expect(said(page)).to_have_text(SAVED)
    page.context.set_offline(True)
    box(page, "visits").fill("111")
    expect(said(page)).to_have_text("没有网络，请不要关闭本页，连上后自动发送")
    page.context.set_offline(False)
    expect(said(page)).to_have_text(SAVED)
    assert report().values == {"visits": 111}


def test_the_whole_way_to_the_county_office(world, new_page):
    page = open_form(new_page(**PHONE))
    row(page, "has_hall").locator(".yes-no").get_by_text("否", exact=True).tap()
    for code, text in {"techniques": "6", "visits": "110", "tcm_visits": "30"}.items():
        box(page, code).fill(text)
    page.get_by_role("button", name="核对并提交").click()
    expect(page.get_by_text("没有发现问题")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("镇卫生院设中医馆"))).to_contain_text("未达标")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="提交给创建办").click()
    expect(page.get_by_text("等待创建办审核")).to_be_visible()
    assert User.objects.get(username="clerk").pk in report().hands


def test_back_online_nothing_says_any_more_that_it_is_not_saved(world, new_page):
    page = open_form(new_page(**PHONE))
    expect(page.locator("[data-state]")).to_have_text("未开始")
    page.context.set_offline(True)
    box(page, "visits").fill("110")
    page.locator("[data-check-button]").click()
    expect(page.locator("#messages")).to_contain_text("还没有保存到服务器")
    page.context.set_offline(False)
    expect(said(page)).to_have_text(SAVED)
    expect(page.locator("#messages")).to_be_empty()
    expect(page.locator("[data-state]")).to_have_text("草稿")


def test_a_changed_figure_asks_whether_the_word_still_holds_and_one_press_says_so(world, new_page):
    page = open_form(new_page(**PHONE))
    box(page, "visits").fill("4398")
    caution = row(page, "visits").locator(".doubt")
    caution.get_by_role("textbox").fill("新开两个门诊")
    expect(caution).not_to_have_class("doubt unexplained")
    box(page, "visits").fill("9000")
    question = caution.get_by_text("数已改，说明还对吗？")
    expect(question).to_be_visible()
    expect(caution.get_by_role("textbox")).to_have_value("新开两个门诊")
    caution.get_by_role("button", name="还对").click()
    expect(question).to_be_hidden()
    assert "9,000" in report().explanations["swing:visits"]["of"]


def test_one_sentence_fills_the_boxes_that_are_empty(world, new_page):
    page = open_form(new_page(**PHONE))
    box(page, "visits").fill("4398")
    box(page, "tcm_visits").fill("400")
    expect(said(page)).to_have_text(SAVED)
    page.locator("[data-check-button]").click()
    page.wait_for_url("**/check/")
    page.get_by_label("以下都用这句说明").fill("口径有调整")
    page.get_by_label("以下都用这句说明").blur()
    expect(page.locator(".doubt textarea").first).to_have_value("口径有调整")
    expect(said(page)).to_have_text(SAVED)
    assert set(words_of(report()).values()) == {"口径有调整"}


def test_what_cannot_be_read_is_said_where_it_says_saved(world, new_page):
    page = open_form(new_page(**PHONE))
    box(page, "visits").fill("1.5")
    expect(said(page)).to_contain_text("，1 项有错，没有计入")

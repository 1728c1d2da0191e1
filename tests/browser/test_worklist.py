"""The worklist as the office uses it: tick, accept, return, remind; and the form of a round, which counts fields."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from institutions.models import Report, Round
from tests.round_world import NEXT, address, begin, hand_in, make_round
from tests.world import make_world

PASSWORD = "correct Horse 9"


@pytest.fixture
def world(transactional_db):
    world = make_world(villages=5)
    today = timezone.localdate()
    make_round(world, opens_on=today - timedelta(days=30), due_on=today - timedelta(days=3))
    for name in ("office", "clerk"):
        world.users[name].set_password(PASSWORD)
        world.users[name].save()
    for code in ("A-1000", "A-1001", "A-1002"):
        hand_in(world, code, {"techniques": 6}, day=today - timedelta(days=5))
    begin("A-01", {"visits": 10})
    return world


def signed_in(page, name: str, url: str):
    page.goto(url)
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()
    return page


def state(code: str) -> str:
    return Report.objects.get(institution__code=code, period=NEXT).state


def test_what_is_ticked_is_counted_accepted_and_returned(world, new_page):
    page = signed_in(new_page(), "office", address("round"))
    accept = page.get_by_role("button", name="接受所选")
    expect(accept).to_be_disabled()
    page.get_by_role("button", name="全选本页").click()
    expect(page.locator(".ticked-tools [data-ticked]")).to_have_text("3")
    page.get_by_role("button", name="全不选").click()
    expect(accept).to_be_disabled()
    # a filter replaces the list, and its boxes still count
    page.get_by_label("机构类型").select_option("village_clinic")
    expect(page.locator("table.data tbody tr")).to_have_count(5)
    page.get_by_label("选择第1村卫生室").check()
    accept.click()
    expect(page.get_by_text("已接受 1 家的填报。")).to_be_visible()
    expect(page.get_by_label("机构类型")).to_have_value("village_clinic")
    assert state("A-1000") == "accepted"
    page.get_by_label("选择第2村卫生室").check()
    page.get_by_text("退回所选…").click()
    page.get_by_label("退回理由").fill("与年报不一致")
    page.locator(".return-form button").click()
    expect(page.get_by_text("已退回 1 家的填报。")).to_be_visible()
    assert state("A-1001") == "returned"


def test_many_are_accepted_only_after_their_names_were_shown(world, new_page):
    page = signed_in(new_page(), "office", address("round"))
    page.get_by_text("接受无提示的（3 家）").click()
    expect(page.locator(".panel-names li")).to_have_text(["第1村卫生室", "第2村卫生室", "第3村卫生室"])
    assert state("A-1000") == "submitted"
    page.get_by_role("button", name="接受 3 家").click()
    expect(page.get_by_text("已接受 3 家的填报。")).to_be_visible()


def test_a_return_without_a_reason_is_said_beside_the_figure_and_the_bar_does_not_cover_it(world, new_page):
    page = signed_in(new_page(viewport={"width": 390, "height": 844}), "office", address("round") + "A-1000/")
    expect(page.get_by_role("button", name="接受所选")).to_be_hidden()
    row = page.locator("#row-techniques")
    row.locator("summary", has_text="退回").click()
    button = row.get_by_role("button", name="退回这一项")
    button.click()
    expect(row.get_by_text("请写明退回理由，填报人要照着改。")).to_be_visible()
    assert state("A-1000") == "submitted"
    row.get_by_label("的理由").fill("与年报不一致")
    expect(row.locator(".reason-fault")).to_be_empty()
    button.click()
    expect(page.get_by_text("已退回：与年报不一致")).to_be_visible()
    assert state("A-1000") == "returned"


def test_a_reminder_from_a_phone_reaches_the_clerks_bell(world, new_page):
    page = signed_in(new_page(viewport={"width": 390, "height": 844}), "office", address("round"))
    page.get_by_text("催报（6 家未交）").click()
    page.get_by_label("附言").fill("有困难请来电。")
    page.get_by_role("button", name="催报 6 家").click()
    expect(page.get_by_text("已提醒 1 家，通知 1 人。")).to_be_visible()
    expect(page.get_by_text("5 家没有可用的填报员账号，请打电话催报")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    clerk = signed_in(new_page(viewport={"width": 390, "height": 844}), "clerk", "/fill/")
    clerk.get_by_role("link", name="通知 1").click()
    expect(clerk.get_by_text("“东镇卫生院”的2024年度填报还没有提交")).to_be_visible()
    clerk.get_by_role("button", name="去办理").click()
    clerk.wait_for_url("**/c/A/fill/2024/A-01/")
    expect(clerk.get_by_role("link", name="通知", exact=True)).to_be_visible()


def test_the_form_of_a_round_counts_fields_while_one_ticks(world, new_page):
    page = signed_in(new_page(), "office", address("round-new", None))
    centre = page.locator('[data-fields-of="township_centre"]')
    expect(centre).to_have_text("4")
    expect(page.locator(".own-choice")).to_be_hidden()
    page.get_by_label("自己选").check()
    expect(centre).to_have_text("4")
    page.get_by_text("测试").first.click()
    page.get_by_role("button", name="全不选").click()
    expect(centre).to_have_text("0")
    expect(page.locator("tr.asks-nothing", has=centre)).to_have_count(1)
    page.get_by_label("总诊疗人次").check()
    expect(centre).to_have_text("1")
    page.get_by_role("button", name="全选本组").click()
    expect(centre).to_have_text("4")
    page.get_by_label("填报期").fill("2025年第一季度")
    page.get_by_label("截止日期").fill("2020-01-01")
    page.get_by_role("button", name="新建").click()
    expect(page.get_by_text("截止日期早于开放日期，请改正其中一个。")).to_be_visible()
    expect(page.get_by_label("填报期")).to_have_value("2025年第一季度")
    page.get_by_label("截止日期").fill("2099-01-01")
    page.get_by_role("button", name="新建").click()
    expect(page.get_by_text("已新建2025年第1季度填报任务。")).to_be_visible()
    assert len(Round.objects.get(period="2025Q1").elements) == 5

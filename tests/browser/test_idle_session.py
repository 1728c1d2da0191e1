"""A session that nobody uses ends; what was typed stays on the page and is sent after signing in again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_otp.oath import totp
from playwright.sync_api import expect

from institutions.enums import Role
from institutions.models import County, Grant
from tcm_demo.accounts import factor_services
from tcm_demo.accounts.models import User, UserSession

PASSWORD = "correct Horse 9"
IDLE, WARN = 6, 3


@pytest.fixture
def office(transactional_db, settings):
    settings.SESSION_IDLE_SECONDS, settings.SESSION_WARN_SECONDS = IDLE, WARN
    user = User.objects.create_user("office", password=PASSWORD)
    county = County.objects.create(code="A", name="甲县")
    Grant.objects.create(user=user, county=county, role=Role.COUNTY_OFFICE)
    return user


def sign_in(place, name="office"):
    place.get_by_label("用户名").fill(name)
    place.get_by_label("密码").fill(PASSWORD)
    place.get_by_role("button", name="登录").click()


def open_form(page) -> None:
    """A page with something to type into: the office's own password."""
    page.goto("/accounts/password/")
    sign_in(page)
    page.get_by_label("新密码", exact=True).wait_for()
    page.wait_for_load_state()  # scripts run last; the clock must not be moved before they have read it


def type_in(page) -> None:
    page.get_by_label("原密码").fill(PASSWORD)
    page.get_by_label("新密码", exact=True).fill("Typed-before-it-ended-1")
    page.get_by_label("再输一次新密码").fill("Typed-before-it-ended-1")


def end_all_sessions() -> None:
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))


def test_what_was_typed_outlives_the_session_and_is_saved_after_signing_in_on_the_spot(office, browser_page):
    page = browser_page
    open_form(page)
    type_in(page)
    expect(page.get_by_role("heading", name="即将自动退出")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("heading", name="已自动退出，请重新登录")).to_be_visible(timeout=20_000)
    assert not page.get_by_label("原密码").is_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="已自动退出，请重新登录")).to_be_visible()
    sign_in(page.frame_locator("#session-ended iframe"))
    expect(page.get_by_text("已重新登录，填写的内容还在")).to_be_visible()
    assert page.get_by_label("新密码", exact=True).input_value() == "Typed-before-it-ended-1"
    page.get_by_role("button", name="保存新密码").click()
    expect(page.get_by_text("密码已修改")).to_be_visible()
    office.refresh_from_db()
    assert office.check_password("Typed-before-it-ended-1")


def test_a_form_sent_after_the_end_waits_for_the_sign_in(office, settings, browser_page):
    """As on a computer that slept: no warning came, the first thing that happens is a click."""
    settings.SESSION_IDLE_SECONDS, settings.SESSION_WARN_SECONDS = 1800, 120
    page = browser_page
    open_form(page)
    type_in(page)
    end_all_sessions()
    page.evaluate("() => { const now = Date.now(); Date.now = () => now + 7200000; }")
    page.get_by_role("button", name="保存新密码").click()
    sign_in(page.frame_locator("#session-ended iframe"))
    expect(page.get_by_text("已重新登录，填写的内容还在")).to_be_visible()
    page.get_by_role("button", name="保存新密码").click()
    expect(page.get_by_text("密码已修改")).to_be_visible()


def test_one_click_goes_on(office, browser_page):
    page = browser_page
    open_form(page)
    page.get_by_role("button", name="继续使用").click(timeout=20_000)
    expect(page.get_by_role("heading", name="即将自动退出")).to_be_hidden()
    page.wait_for_timeout((IDLE - WARN) * 500)
    assert page.evaluate("fetch('/accounts/session/').then(r => r.json())")["ready"]


def test_who_keeps_typing_is_not_interrupted(office, browser_page):
    page = browser_page
    open_form(page)
    for letter in "abcdefghijkl":
        page.get_by_label("原密码").press(letter)
        page.wait_for_timeout(IDLE * 1000 / 8)
        assert not page.locator("#session-warning").is_visible()
    assert not page.locator("#session-ended").is_visible()


def test_who_signed_in_in_another_window_goes_on_in_this_one_too(office, settings, browser_page):
    page = browser_page
    open_form(page)
    type_in(page)
    expect(page.get_by_role("heading", name="已自动退出，请重新登录")).to_be_visible(timeout=20_000)
    settings.SESSION_IDLE_SECONDS, settings.SESSION_WARN_SECONDS = 1800, 120
    other = page.context.new_page()
    other.goto("/accounts/sessions/")
    sign_in(other)
    expect(other.get_by_role("heading", name="我的登录")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # a browser without a screen moves no focus by itself
    expect(page.get_by_text("已重新登录，填写的内容还在")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="保存新密码").click()
    expect(page.get_by_text("密码已修改")).to_be_visible()


def test_somebody_else_who_signs_in_does_not_see_what_was_typed(office, browser_page):
    User.objects.create_user("li", password=PASSWORD, display_name="李四")
    page = browser_page
    open_form(page)
    type_in(page)
    expect(page.get_by_role("heading", name="已自动退出，请重新登录")).to_be_visible(timeout=20_000)
    sign_in(page.frame_locator("#session-ended iframe"), "li")
    expect(page.get_by_text("李四")).to_be_visible()
    assert page.get_by_label("新密码", exact=True).input_value() == ""


def test_a_part_of_a_page_asked_for_after_the_end_leaves_the_page_as_it_is(office, settings, browser_page):
    settings.SESSION_IDLE_SECONDS, settings.SESSION_WARN_SECONDS = 1800, 120
    page = browser_page
    open_form(page)
    type_in(page)
    end_all_sessions()
    page.evaluate("htmx.ajax('GET', '/accounts/sessions/', {target: 'main', swap: 'innerHTML'})")
    sign_in(page.frame_locator("#session-ended iframe"))
    expect(page.get_by_text("已重新登录，填写的内容还在")).to_be_visible()
    assert page.get_by_label("新密码", exact=True).input_value() == "Typed-before-it-ended-1"
    page.evaluate("htmx.ajax('POST', '/accounts/sessions/end-others/', {target: '#messages', select: 'h1'})")
    expect(page.locator("#messages h1")).to_have_text("我的登录")  # with the token of the new session


def test_the_second_step_is_taken_on_the_spot_too(office, settings, browser_page):
    settings.SESSION_IDLE_SECONDS, settings.SESSION_WARN_SECONDS = 1800, 120
    page = browser_page
    open_form(page)
    type_in(page)
    key = factor_services.new_key()
    codes = factor_services.turn_on(office, key, f"{totp(bytes.fromhex(key)):06d}", session=None)
    end_all_sessions()
    page.evaluate("document.dispatchEvent(new Event('session-ended'))")
    inside = page.frame_locator("#session-ended iframe")
    sign_in(inside)
    inside.get_by_label("动态口令").fill(codes[0])
    inside.get_by_role("button", name="登录").click()
    expect(page.get_by_text("已重新登录，填写的内容还在")).to_be_visible()
    assert page.get_by_label("新密码", exact=True).input_value() == "Typed-before-it-ended-1"

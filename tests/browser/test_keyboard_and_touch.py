"""Where one is by keyboard can be seen, Escape closes what it opened, and fingers find what they press."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests.evidence_world import hand_in
from tests.working import HERE, url
from tests.world import make_world

RING = "rgb(194, 132, 16)"
# of what has the focus: its ring
OUTLINE = """() => {
  const style = getComputedStyle(document.activeElement);
  return [style.outlineStyle, style.outlineWidth, style.outlineColor];
}"""
# A, BUTTON or SUMMARY where the focus is on one that looks like a button, else ""
BUTTON = "() => document.activeElement.matches('main .btn') ? document.activeElement.tagName : ''"
# what can be focused in the content and shows no ring of its own by keyboard
WITHOUT_RING = """() => {
  const faults = [];
  const kinds = ["a[href]", "button", "summary", "input", "select", "textarea"].map((kind) => "main " + kind);
  for (const each of document.querySelectorAll(kinds.join())) {
    if (!each.offsetParent || each.disabled || each.type === "hidden") continue;
    each.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement !== each || each.matches(".visually-hidden, [type=file]")) continue;
    const style = getComputedStyle(each);
    if (style.outlineStyle !== "solid" || parseFloat(style.outlineWidth) < 2) faults.push(each.outerHTML.slice(0, 120));
  }
  return faults;
}"""
TOO_SMALL = """() => Array.from(document.querySelectorAll("main .btn, .item-parts a, .filter-bar select"))
  .filter((each) => each.offsetParent)
  .filter((each) => each.getBoundingClientRect().height < (each.matches(".filter-bar *") ? 40 : 44))
  .map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture
def world(transactional_db, tmp_path):
    world = make_world()
    hand_in(world, tmp_path)
    return world


def sign_in(page, user) -> None:
    client = Client()
    client.force_login(user)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "domain": "localhost", "path": "/"}])


def test_whatever_has_the_focus_bears_the_ring(world, new_page):
    page = new_page()
    sign_in(page, world.users["office"])
    page.goto(url("item", "1"))
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        if kind := page.evaluate(BUTTON):
            seen.add(kind)
            assert page.evaluate(OUTLINE) == ["solid", "3px", RING]
    assert seen >= {"A", "SUMMARY"}
    assert page.evaluate(WITHOUT_RING) == []


def test_escape_closes_the_box_of_a_return_and_keeps_what_was_typed(world, new_page):
    page = new_page()
    sign_in(page, world.users["office"])
    page.goto(url("item", "1"))
    box = page.locator("details.use-return").first
    box.locator("summary").press("Enter")
    expect(box).to_have_attribute("open", "")
    reason = box.locator("[name=reason]")
    reason.fill("缺公章")
    reason.press("Escape")
    expect(box).not_to_have_attribute("open", "")
    expect(box.locator("summary")).to_be_focused()
    expect(reason).to_have_value("缺公章")


def test_escape_closes_a_menu(world, new_page):
    page = new_page()
    sign_in(page, world.users["office"])
    page.goto(url("item", "1"))
    menu = page.locator("details.menu").last
    menu.locator("summary").press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")


@pytest.mark.parametrize("name", ["item", "departments"])
def test_fingers_find_what_they_press(world, new_page, name):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(page, world.users["office"])
    page.goto(url("item", "1") if name == "item" else reverse(f"assessments:{name}", kwargs=HERE))
    assert page.evaluate(TOO_SMALL) == []


def test_a_criterion_that_is_met_is_folded_until_somebody_comes_for_it(world, new_page):
    page = new_page()
    sign_in(page, world.users["leadership"])
    page.goto(url("item", "1"))  # 1.1 is met
    folded = page.locator("#criterion-1\\.1 > details")
    expect(folded).not_to_have_attribute("open", "")
    expect(folded.locator("summary")).to_contain_text("120.5")
    expect(folded.locator("summary")).to_contain_text("达标")
    page.goto("about:blank")
    page.goto(url("item", "1") + "#criterion-1.1")
    expect(folded).to_have_attribute("open", "")
    page.goto(url("item", "2"))
    expect(page.locator("#criterion-2\\.1 > details")).to_have_count(0)

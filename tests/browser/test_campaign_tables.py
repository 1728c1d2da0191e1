"""A campaign's tables in a real browser: rows move and come, and blocks are pasted from a spreadsheet."""

import pytest
from playwright.sync_api import expect

from tests.campaign import own, url
from tests.world import make_world

PASSWORD = "correct Horse 9"
PASTE = """(box, text) => {
  const clipboard = new DataTransfer();
  clipboard.setData("text/plain", text);
  box.focus();
  box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def world(transactional_db):
    world = make_world(villages=0)
    world.users["office"].set_password(PASSWORD)
    world.users["office"].save()
    return world


@pytest.fixture
def office(world, new_page):
    page = new_page()
    page.goto("/")
    page.get_by_label("用户名").fill("office")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("button", name="登录")).to_have_count(0)
    return page


def save(page) -> None:
    page.get_by_role("button", name="保存").last.click()
    expect(page.get_by_role("heading", name="创建工作")).to_be_visible()


def group(world) -> list[tuple]:
    return list(world.campaign.leading_members.values_list("part", "name", "office"))


def test_a_leading_group_is_pasted_with_its_headings_in_any_order_then_moved_and_added_to(world, office):
    office.goto(url("leading-group"))
    people = ["张某\t副组长\t副县长", "李某\t组长\t县长", "王某\t成员\t财政局", "赵某\t成员\t教育局"]
    table = "\n".join(["姓名\t领导小组职务\t单位及职务", *people, ""])
    office.locator("input[name=rows-0-name]").evaluate(PASTE, table)
    expect(office.locator("#messages")).to_contain_text("已粘贴 12 格")
    # four rows where the page had three
    expect(office.locator("tr[data-row]")).to_have_count(4)
    office.locator("tr[data-row]").nth(1).get_by_role("button", name="上移").click()
    office.get_by_role("button", name="再加一行").click()
    office.keyboard.press("Tab")
    office.keyboard.type("钱某")
    save(office)
    assert group(world) == [
        ("head", "李某", "县长"),
        ("deputy", "张某", "副县长"),
        ("member", "王某", "财政局"),
        ("member", "赵某", "教育局"),
        ("member", "钱某", ""),
    ]


def test_contact_persons_are_pasted_to_the_departments_that_the_block_names(world, office):
    office.goto(url("departments"))
    first = office.locator("tr[data-row] td.name input").first
    first.evaluate(PASTE, "财政局\t王五\t13812341234\n卫生健康局\t赵六\t0533-7180001\n")
    expect(office.locator("#messages")).to_contain_text("已粘贴 4 格")
    first.evaluate(PASTE, "部门\t手机\t职务\n财政局\t13900001111\t科长\n审计局\t1\t2\n")
    expect(office.locator("#messages")).to_contain_text("没有对上：职务、审计局")
    save(office)
    finance, bureau = own(world.campaign, "财政局"), own(world.campaign, "卫生健康局")
    assert (finance.name, finance.contact_name, finance.contact_phone) == ("财政局", "王五", "13900001111")
    assert (bureau.name, bureau.contact_name, bureau.contact_phone) == ("卫生健康局", "赵六", "0533-7180001")

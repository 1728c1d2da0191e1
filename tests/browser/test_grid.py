"""The grid as somebody uses it who knows spreadsheets: paste, arrows, saved by itself, offline, two people."""

import pytest
from playwright.sync_api import expect

from institutions.filling.services import Cell, save_cells
from institutions.models import Institution, Report, Round
from tests.grid_world import PERIOD, address, make_grid_world, report

PASSWORD = "correct Horse 9"
PASTE = """(text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    document.activeElement.dispatchEvent(event);
}"""
COPY = """() => {
    const data = new DataTransfer();
    const event = new ClipboardEvent("copy", {clipboardData: data, bubbles: true, cancelable: true});
    document.activeElement.dispatchEvent(event);
    return data.getData("text/plain");
}"""


@pytest.fixture
def grid(transactional_db, browser_page):
    """The open grid: rows A-1000 to A-1002; columns techniques, doctors, tcm_doctors, has_corner."""
    world, _ = make_grid_world(villages=3)
    clerk = world.users["clerk"]
    clerk.set_password(PASSWORD)
    clerk.save()
    page = browser_page
    page.goto(address())
    page.get_by_label("用户名").fill("clerk")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="2024年度代报")).to_be_visible()
    page.wait_for_load_state()
    return page


def cell(page, code: str, element: str):
    pk = Institution.objects.get(county__code="A", code=code).pk
    return page.locator(f'input[name="v-{pk}-{element}"]')


def saved(page) -> None:
    expect(page.locator("#grid-saved")).to_have_text("已自动保存")


def values(page, code: str) -> list[str]:
    names = ("techniques", "doctors", "tcm_doctors", "has_corner")
    return [cell(page, code, name).input_value() for name in names]


def test_a_pasted_block_saves_itself_and_is_there_after_a_reload(grid):
    cell(grid, "A-1000", "techniques").click()
    grid.evaluate(PASTE, '８\t3\t1\t√\r\n7\t"2"\t0\t否\r\n6\t1\t1\t是\r\n')
    expect(grid.locator("#grid-about")).to_have_text("已粘贴 12 格。")
    saved(grid)
    expect(cell(grid, "A-1000", "has_corner")).to_have_value("是")
    grid.reload()
    assert values(grid, "A-1000") == ["8", "3", "1", "是"]
    assert values(grid, "A-1001") == ["7", "2", "0", "否"]
    assert report("A-1002").values == {"techniques": 6, "doctors": 1, "tcm_doctors": 1, "has_corner": True}


def test_arrows_enter_escape_and_delete_work_as_in_a_spreadsheet(grid):
    cell(grid, "A-1000", "techniques").click()
    for key in ("8", "ArrowRight", "3", "Enter", "5", "ArrowLeft", "7", "Escape", "ArrowUp", "F2", "ArrowLeft", "1"):
        grid.keyboard.press(key)
    grid.keyboard.press("Tab")
    expect(cell(grid, "A-1000", "doctors")).to_be_focused()
    assert values(grid, "A-1000")[:2] == ["18", "3"]
    assert values(grid, "A-1001")[:2] == ["", "5"]
    grid.keyboard.press("Shift+ArrowDown")
    assert grid.evaluate(COPY) == "3\r\n5"
    grid.keyboard.press("Delete")
    grid.keyboard.press("Control+z")
    assert values(grid, "A-1001")[:2] == ["", "5"]
    saved(grid)
    assert report("A-1000").values == {"techniques": 18, "doctors": 3}
    assert report("A-1001").values == {"doctors": 5}


def test_a_block_with_headings_and_names_finds_its_place_and_says_what_does_not_fit(grid):
    cell(grid, "A-1002", "has_corner").click()
    grid.evaluate(
        PASTE, "序号\t机构\t医师数（人）\t床位\n1\t第2村卫生室\t4\t9\n2\t第1村卫生室\t6\t9\n3\t别村卫生室\t1\t9\n"
    )
    expect(grid.locator("#grid-about")).to_have_text("已粘贴 2 格；表格里没有“床位”“别村卫生室”，没有粘贴。")
    assert values(grid, "A-1000") == ["", "6", "", ""]
    assert values(grid, "A-1001") == ["", "4", "", ""]
    cell(grid, "A-1002", "tcm_doctors").click()
    grid.evaluate(PASTE, "1\t是\t5\n2\t否\t5\n")
    expect(grid.locator("#grid-about")).to_have_text("已粘贴 2 格；超出表格的 1 行没有粘贴；超出表格的 1 列没有粘贴。")
    saved(grid)
    assert report("A-1002").values == {"tcm_doctors": 1, "has_corner": True}


def test_what_is_typed_offline_stays_in_the_browser_and_is_sent_later(grid):
    grid.route("**/save/", lambda route: route.abort())
    cell(grid, "A-1000", "doctors").fill("4")
    grid.keyboard.press("Enter")
    expect(grid.locator("#grid-saved")).to_contain_text("1 格先存在本机")
    assert not Report.objects.filter(period=PERIOD).exists()
    grid.unroute("**/save/")
    grid.reload()  # as after a closed window
    expect(cell(grid, "A-1000", "doctors")).to_have_value("4")
    expect(grid.locator("td.unsaved")).to_have_count(0)
    assert report("A-1000").values == {"doctors": 4}


def test_of_two_people_the_second_chooses(grid):
    clinic, round = Institution.objects.get(code="A-1000"), Round.objects.get(period=PERIOD)
    save_cells(round, [Cell(clinic, "doctors", "2", "")], by=None)
    cell(grid, "A-1000", "doctors").fill("5")
    grid.keyboard.press("Enter")
    mine = grid.get_by_role("button", name="我的 5")
    cell(grid, "A-1000", "doctors").hover()
    expect(grid.get_by_role("button", name="对方的 2")).to_be_visible()
    assert report("A-1000").values == {"doctors": 2}
    mine.click()
    saved(grid)
    expect(mine).to_have_count(0)
    assert report("A-1000").values == {"doctors": 5}

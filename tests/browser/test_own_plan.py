"""The county office takes in its own plan, mends what was misread, publishes it and sees how far the county is."""

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page, expect

from indicators.models import Standard
from institutions.enums import Role
from institutions.models import County, Grant
from tcm_demo.accounts.models import User
from tests.browser.test_item_work import sign_in
from tests.world import add_institution

# A list of tasks as a table: none of the plans that ship is written like this.
PLAN = """\
青石县2023年基层中医药工作任务清单

各乡镇人民政府，县直有关部门：

现将任务清单印发给你们，请对照落实。

青石县卫生健康局
2023年1月18日

序号\t任务类别\t任务内容\t牵头单位\t配合单位\t完成时限
1\t服务网络\t乡镇卫生院100%设置中医馆\t县卫生健康局\t各乡镇人民政府\t2023年10月
2\t服务能力\t90%以上的村卫生室能够规范开展4类6项以上中医药适宜技术\t县卫生健康局\t\t2023年12月
3\t\t乡镇卫生院中医诊疗人次占总诊疗人次的比例不低于33%\t县卫生健康局\t县医疗保障局\t2023年12月
4\t宣传教育\t中医药文化进校园，覆盖全部中小学校\t\t县教育局\t2023年9月
"""
TECHNIQUES = {"technique_categories": 4, "technique_items": 6}


@pytest.fixture
def office(transactional_db) -> User:
    """Of a county whose figures are accepted: 90 of 300 visits, three of four clinics with enough techniques."""
    call_command("load_standard", settings.BASE_DIR / "fixtures/standards/linzi-2023.yaml", verbosity=0)
    county = County.objects.create(code="QS", name="青石县")
    for number, (visits, tcm_visits) in enumerate([(100, 40), (200, 50)]):
        figures = {"has_tcm_hall": True, "visits": visits, "tcm_visits": tcm_visits}
        add_institution(county, f"Q-0{number}", "township_centre", figures, f"第{number}卫生院")
    for number in range(4):
        figures = TECHNIQUES if number else TECHNIQUES | {"technique_items": 5}
        add_institution(county, f"Q-1{number}", "village_clinic", figures, f"第{number}村卫生室")
    office = User.objects.create_user("office")
    Grant.objects.create(user=office, county=county, role=Role.COUNTY_OFFICE)
    return office


def settle(page: Page, place: str, button: str = "采用") -> None:
    page.locator(place).get_by_role("button", name=button, exact=True).click()
    expect(page.locator(f"{place}[data-open]")).to_have_count(0)


def test_a_countys_own_plan_from_its_text_to_its_standing(office, new_page):
    page = new_page()
    sign_in(page, office)
    page.goto("/c/QS/standards/")
    page.get_by_role("link", name="导入方案").click()
    page.get_by_label("粘贴正文").fill(PLAN)
    page.get_by_role("button", name="识别内容").click()
    page.wait_for_url("**/plan/")
    expect(page.locator(".plan-item")).to_have_count(4)

    # the reader cannot know who leads the fourth task, and the office has agreed on another figure for the third
    page.get_by_role("button", name="全部可靠的一次确认").click()
    expect(page.locator("#form-item-1")).to_have_count(0)
    page.locator("[name=item-4-lead]").fill("县卫生健康局")
    settle(page, "#form-item-4")
    page.locator("#item-3").get_by_role("link", name="改", exact=True).click()
    page.wait_for_url("**/criteria/**")
    page.locator("#id_target").fill("30%")
    page.get_by_role("button", name="保存").first.click()
    page.wait_for_url("**/plan/**")
    left = page.locator("[data-keep]")
    expect(left.first).to_be_visible()
    while before := left.count():
        left.first.click()
        expect(left).not_to_have_count(before)
    expect(page.locator(".plan-count")).to_contain_text("全部核对完了")

    page.get_by_role("link", name="去检查、发布").click()
    page.get_by_role("button", name="检查").click()
    page.locator("summary", has_text="发布").click()
    page.get_by_role("button", name="确定发布").click()
    page.get_by_role("link", name="开始创建工作").click()
    page.get_by_label("填报期").fill("2023")
    page.get_by_role("button", name="开始创建").click()
    page.wait_for_url("**/2023/")

    # 2 of 2 centres; 3 of 4 clinics are 75%; 90 of 300 visits are 30%; the fourth waits for its document
    expect(page.locator(".item-grid")).to_contain_text("达标")
    standard = Standard.objects.get(owner="QS")
    assert "不低于33%" in standard.items.get(number="3").wording
    page.goto(f"/c/QS/{standard.code}/2023/items/")
    rows = page.locator("table.data tbody tr")
    expect(rows.locator(".light")).to_have_text(["达标", "未达标", "达标", "数据不全"])
    expect(rows.nth(1)).to_contain_text("还差 1 家机构")

"""Two people and one report: filled in on a phone, returned, mended, accepted; and the county page follows at once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assessments.services import start_campaign
from institutions.models import Report
from institutions.rounds.services import save_round
from tests.world import make_world

PASSWORD = "correct Horse 9"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def world(transactional_db):
    """County A works on 2024, for which nobody has reported; last year's figures are accepted."""
    world = make_world()
    start_campaign(world.county, world.standard, period="2024")
    today = timezone.localdate()
    save_round(world.county, "2024", opens_on=today, due_on=today + timedelta(days=9), by=world.users["office"])
    for name in ("clerk", "reviewer"):
        world.users[name].set_password(PASSWORD)
        world.users[name].save()
    return world


def sign_in(page, name: str) -> None:
    page.goto("/")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def box(page, code: str):
    return page.locator(f"#f-{code} input.form-control")


def said(page):
    return page.locator("[data-said]")


def hand_in(page) -> None:
    page.get_by_role("button", name="核对并提交").click()
    expect(page.get_by_role("heading", name="核对并提交")).to_be_visible()
    for word in page.locator("main textarea").all():
        word.fill("已核对门诊日志")
    page.get_by_role("button", name="提交给创建办").click()
    expect(page.get_by_text("等待创建办审核")).to_be_visible()


def test_a_clerk_fills_in_and_mends_a_reviewer_returns_and_accepts_and_the_county_page_changes(world, new_page):
    county_page = "/c/A/small/2024/items/2/"
    reviewer = new_page()
    sign_in(reviewer, "reviewer")
    reviewer.goto(county_page)
    expect(reviewer.get_by_role("main")).to_contain_text("0/3")

    clerk = new_page(**PHONE)
    sign_in(clerk, "clerk")
    expect(clerk.get_by_role("heading", name="等我办的")).to_be_visible()
    clerk.get_by_role("link", name="2024年度填报", exact=True).tap()
    expect(clerk.get_by_role("heading", name="我的填报")).to_be_visible()
    clerk.get_by_role("link", name="开始填报").tap()
    clerk.wait_for_url("**/fill/2024/A-01/")  # with its scripts: the network goes away soon
    clerk.locator("#f-has_hall .yes-no").get_by_text("是", exact=True).tap()
    box(clerk, "visits").fill("120")
    clerk.context.set_offline(True)
    box(clerk, "techniques").fill("12")
    box(clerk, "tcm_visits").fill("50")
    expect(said(clerk)).to_contain_text("没有网络")
    clerk.context.set_offline(False)
    expect(said(clerk)).to_contain_text("已保存")
    hand_in(clerk)
    assert Report.objects.get(period="2024").values == {
        "has_hall": True,
        "visits": 120,
        "techniques": 12,
        "tcm_visits": 50,
    }

    reviewer.goto("/c/A/rounds/2024/")
    reviewer.get_by_role("link", name="东镇卫生院").first.click()
    row = reviewer.locator("#row-tcm_visits")
    row.locator("summary", has_text="退回").click()
    row.get_by_label("的理由").fill("与处方登记不符，请核对")
    row.get_by_role("button", name="退回这一项").click()
    expect(reviewer.get_by_role("main")).to_contain_text("已退回：与处方登记不符，请核对")

    clerk.goto("/")
    expect(clerk.get_by_role("region", name="填报")).to_contain_text("有退回")
    clerk.get_by_role("link", name="2024年度填报", exact=True).tap()
    expect(clerk.get_by_role("main")).to_contain_text("与处方登记不符，请核对")
    clerk.get_by_role("link", name="修改退回的").tap()
    clerk.wait_for_url("**/fill/2024/A-01/**")
    box(clerk, "tcm_visits").fill("48")
    expect(said(clerk)).to_contain_text("已保存")
    hand_in(clerk)

    reviewer.goto("/c/A/rounds/2024/A-01/")
    reviewer.get_by_role("button", name="全部接受").click()
    expect(reviewer.get_by_role("main")).to_contain_text("已接受")
    reviewer.goto(county_page)
    expect(reviewer.get_by_role("main")).to_contain_text("1/3")
    report = Report.objects.get(period="2024")
    assert (report.state, report.accepted["tcm_visits"]) == ("accepted", 48)
    kinds = list(report.steps.values_list("kind", flat=True))
    assert kinds[-5:] == ["submitted", "returned", "saved", "submitted", "accepted"]
    assert report.steps.filter(kind="saved").last().cells == {"tcm_visits": [50, 48]}

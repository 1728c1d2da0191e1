"""Writing a formula in the browser: completed by the keyboard, a mistake mended by a click, its value at once."""

import pytest
from playwright.sync_api import expect

from assessments.drafting.criterion_edits import criterion_of
from indicators.models import Standard
from indicators.queries import content_of
from tests.browser.test_item_work import sign_in
from tests.drafting import draft_of, url
from tests.world import make_world


@pytest.fixture
def draft(transactional_db) -> tuple:
    world = make_world()
    return draft_of(world), world.users["office"]


def test_a_formula_is_written_mended_and_tried_out_while_one_types(draft, new_page):
    standard, office = draft
    page = new_page()
    sign_in(page, office)
    page.goto(url(standard, "criterion-new", number="3"))
    box, offered, preview = page.locator("#id_formula"), page.locator("#completion"), page.locator("#preview")

    # a way to begin; the caret waits in the first 【】
    page.get_by_role("link", name="比例").click()
    page.keyboard.type("诊疗")
    expect(offered.locator("li")).to_have_count(2)
    expect(offered.locator("li").nth(1)).to_contain_text("整数 · 乡镇卫生院填报")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("合计(【中医诊疗人次】) / 合计(【】)")
    expect(offered).to_be_hidden()

    # a mistake stands where it lies; what was meant is a click away
    box.fill("合计(【中医诊疗人次】) / 合计(【总诊疗人数】)")
    expect(preview.locator("mark")).to_have_text("【总诊疗人数】")
    preview.get_by_role("button", name="【总诊疗人次】").click()
    expect(box).to_have_value("合计(【中医诊疗人次】) / 合计(【总诊疗人次】)")
    expect(preview).to_contain_text("中医诊疗人次合计 ÷ 总诊疗人次合计")
    expect(preview.locator(".trial-value")).to_contain_text("20%")
    expect(preview.locator(".light")).to_have_text("未达标")

    # Tab completes, too; Escape lets the word stand, and closes nothing else
    page.keyboard.press("End")
    page.keyboard.type(" + 家")
    page.keyboard.press("Tab")
    page.keyboard.type("设有")
    page.keyboard.press("Escape")
    expect(offered).to_be_hidden()
    expect(box).to_have_value("合计(【中医诊疗人次】) / 合计(【总诊疗人次】) + 家数(设有)")
    box.fill("合计(【中医诊疗人次】) / 合计(【总诊疗人次】)")

    # what a finger presses in the list beside goes where the caret is
    page.locator("#id_target").fill("")
    page.locator(".element-group summary", has_text="测试").click()
    page.get_by_role("button", name="中医药专项资金").click()
    expect(page.locator("#id_target")).to_have_value("【中医药专项资金】")
    page.locator("#id_target").fill("35%")

    page.locator("#id_name").fill("中医诊疗量占比")
    page.get_by_label("乡镇卫生院").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存指标“中医诊疗量占比”。")).to_be_visible()
    saved = criterion_of(content_of(Standard.objects.get(pk=standard.pk)), "3", "3.2")
    assert (saved.expression, saved.target, saved.scope) == (
        "sum(tcm_visits) / sum(visits)",
        "35%",
        ["township_centre"],
    )

"""Two people and a document: dropped onto its requirement, returned, replaced, accepted; and the binder holds it."""

from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.test_upload import DROP
from tests.evidence_files import pdf_bytes
from tests.world import make_world

PASSWORD = "correct Horse 9"
ITEM = "/c/A/small/2023/items/1/"


@pytest.fixture
def world(transactional_db):
    world = make_world()
    for name in ("liaison", "office"):
        world.users[name].set_password(PASSWORD)
        world.users[name].save()
    return world


def sign_in(page, name: str) -> None:
    page.goto("/")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="等我办的")).to_be_visible()


def drop(page, target: str, name: str, content: bytes) -> None:
    page.wait_for_load_state("load")
    page.evaluate(DROP, [target, [[name, "application/pdf", list(content)]]])


def test_a_liaison_drops_a_file_the_office_returns_and_accepts_and_the_binder_holds_it(world, new_page):
    liaison, office = new_page(), new_page()
    sign_in(liaison, "liaison")
    liaison.get_by_role("link", name="第 1 条 财政投入").click()
    expect(liaison.locator("#item-open")).to_contain_text("资金文件")
    drop(liaison, "#evidence-1-1", "预算批复.pdf", pdf_bytes(2, "first draft"))
    expect(liaison.locator("#evidence-1-1")).to_contain_text("未填文件日期")
    liaison.locator("#evidence-1-1").get_by_label("文件日期").fill("2023-02-20")
    liaison.get_by_role("button", name="补填").click()
    expect(liaison.locator("#evidence-1-1")).to_contain_text("2023年2月20日")

    sign_in(office, "office")
    office.get_by_role("link", name="第 1 条 财政投入").click()
    office.goto(ITEM)
    office.locator("#evidence-1-1").get_by_text("退回", exact=True).click()
    office.get_by_label("退回理由").fill("缺公章")
    office.get_by_label("退回理由").press("Enter")
    expect(office.locator("#evidence-1-1")).to_contain_text("已退回：缺公章")

    liaison.goto("/")
    expect(liaison.get_by_role("region", name="退回要补正的佐证")).to_contain_text("缺公章")
    liaison.goto(ITEM)
    liaison.locator("#evidence-1-1").get_by_role("link", name="预算批复").click()
    liaison.get_by_text("更换新版本").click()
    drop(liaison, "[data-upload-area]", "预算批复（盖章）.pdf", pdf_bytes(3, "stamped copy"))
    expect(liaison.get_by_role("link", name="第 2 版")).to_be_visible()

    office.goto(ITEM)
    office.locator("#evidence-1-1").get_by_role("button", name="接受").click()
    expect(office.locator("#evidence-title")).to_contain_text("已齐 1 项")
    expect(office.locator("#steps")).to_contain_text("接受佐证")

    office.get_by_role("link", name="迎检资料").click()
    office.locator("select").first.select_option("1")
    office.get_by_role("button", name="生成迎检资料").click()
    with office.expect_download() as download:
        office.get_by_role("link", name="下载").first.click()
    pages = [page.extract_text() for page in PdfReader(BytesIO(download.value.path().read_bytes())).pages]
    text = "\n".join(pages)
    assert "财政投入" in pages[0]
    assert text.count("stamped copy") == 3
    assert "first draft" not in text
    assert "01-01" in text
    missing = next(page for page in pages if "缺件清单" in page and "拨付凭证" in page)
    assert "资金文件" not in missing

"""The import on a narrow screen: whatever files call their columns, sheets and institutions, the page stays as wide."""

import pytest

from institutions.models import County, Grant
from tcm_demo.accounts.models import User
from tests.browser.test_main_job import PHONE, sign_in
from tests.ledgers import load_dictionary, sheet, xlsx
from tests.wizard import open_round

LONG = "w" * 500
NAME = "n" * 100
REGISTRY = sheet("r" * 31, ["机构编码", "机构名称", "机构类型"], ["c" * 40, NAME, "乡镇卫生院"])
FIGURES = sheet("f" * 31, ["机构编码", "总诊疗人次", LONG], ["c" * 40, 5, LONG])
FAULTY = sheet("f" * 31, ["机构编码", "总诊疗人次", LONG], ["c" * 40, LONG, LONG])


@pytest.fixture
def county(transactional_db):
    load_dictionary()
    county = County.objects.create(code="X", name="某县")
    open_round(county)
    Grant.objects.create(
        user=User.objects.create_user("office", password="correct horse 9"), county=county, role="county_office"
    )
    return county


def width(page) -> int:
    """Of the page, everything that folds unfolded."""
    page.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("figures", [FIGURES, FAULTY], ids=["sound", "faulty"])
def test_no_step_is_wider_than_the_screen(county, new_page, figures):
    page = new_page(viewport=PHONE)
    sign_in(page, "office")
    page.goto("/c/X/import/")
    page.get_by_label("台账文件").set_input_files(
        {"name": f"{LONG[:200]}.xlsx", "mimeType": "application/zip", "buffer": xlsx(REGISTRY, figures)}
    )
    page.get_by_role("button", name="上传，识别内容").click()
    page.get_by_role("heading", name="识别结果").wait_for()
    assert width(page) == PHONE["width"]
    check = page.url.replace("columns", "check")
    for show in ("", "?show=problems", "?show=roster", "?show=new", "?show=notices"):
        page.goto(check + show)
        assert (show, width(page)) == (show, PHONE["width"])
    if figures is FIGURES:
        page.goto(page.url.replace("check/?show=notices", "write/"))
        page.get_by_text("提交", exact=True).click()
        page.get_by_label("本次导入的说明").fill(LONG[:300])
        assert width(page) == PHONE["width"]
    page.goto("/c/X/import/")
    assert width(page) == PHONE["width"]

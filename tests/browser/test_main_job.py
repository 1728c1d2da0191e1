"""The main job as a person of a small office does it: sign in, import the ledger and accept it, see where the county
stands, take the PDF along."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from assessments.models import Standing
from assessments.services import start_campaign
from indicators.loader import load_files
from institutions.enums import Role
from institutions.models import County, Grant, Institution
from tcm_demo.accounts.models import User
from tests.wizard import open_round

LEDGER = Path("fixtures/demo/ledger-2023.xlsx")
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def county(transactional_db):
    """A county on its first day: the standard is loaded, people may sign in, one may do both, nothing is
    reported."""
    standard = load_files(Path("fixtures/standards/linzi-2023.yaml")).standard
    county = County.objects.create(code="DEMO", name="演示区", one_person_checks=True)
    open_round(county)
    for name, role in (("office", Role.COUNTY_OFFICE), ("leader", Role.LEADERSHIP)):
        user = User.objects.create_user(name, password="correct horse 9")
        Grant.objects.create(user=user, county=county, role=role)
    start_campaign(county, standard, period="2023", inspection_on=date.today() + timedelta(days=90))
    return county


def sign_in(page, name: str) -> None:
    page.goto("/")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill("correct horse 9")
    page.get_by_role("button", name="登录").click()


def import_ledger(page) -> None:
    page.get_by_text("更多", exact=True).click()
    page.get_by_role("link", name="导入台账").first.click()
    page.get_by_label("台账文件").set_input_files(LEDGER)
    page.get_by_role("button", name="上传，识别内容").click()
    expect(page.get_by_role("heading", name="机构名录")).to_be_visible()
    page.get_by_role("link", name="下一步：核对").click()
    expect(page.get_by_text("没有发现问题")).to_be_visible()
    page.get_by_role("link", name="下一步：确认").click()
    # what is missing in the ledger has to be explained before it is submitted
    words = page.get_by_label("本次导入的说明")
    expect(words).to_be_hidden()
    page.get_by_label("提交并接受").check()
    words.fill("其余数据年底补报。")
    page.get_by_role("button", name="写入", exact=True).click()
    expect(page.get_by_text("已写入，已提交并接受。")).to_be_visible()
    page.get_by_role("link", name="查看达标总览").click()


def test_a_county_goes_from_its_ledger_to_its_report(county, browser_page, tmp_path):
    page = browser_page
    sign_in(page, "office")
    import_ledger(page)
    result = Standing.objects.get().result

    expect(page.get_by_role("heading", name="达标总览")).to_be_visible()
    main = page.get_by_role("main")
    expect(main).to_contain_text("距评审还有90天")
    expect(main).to_contain_text("332 家全部接受")
    expect(main.get_by_role("link", name="24 未达标 社区中心镇卫生院中医馆")).to_be_visible()

    main.get_by_role("link", name="28 未达标 中医类别医师配备").click()
    expect(page.get_by_role("heading", name="第 28 条 中医类别医师配备")).to_be_visible()
    expect(page.get_by_text("69.23%").first).to_be_visible()
    expect(page.locator("#item-open")).to_contain_text("还差 4 家机构")

    page.get_by_role("link", name="柳泉镇卫生院").first.click()
    expect(page.get_by_role("heading", name="柳泉镇卫生院")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("DEMO-T02")

    page.get_by_text("更多", exact=True).click()
    page.get_by_role("link", name="自评报告").first.click()
    page.get_by_role("button", name="导出草稿").click()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("link", name="下载").click(timeout=60_000)
    file = tmp_path / "report.pdf"
    download.value.save_as(file)
    text = "".join(page.extract_text() for page in PdfReader(file).pages)
    assert "本系统自评（非官方评分）" in text
    assert "69.23%" in text
    assert f"{result['coverage']['reported']}/{result['coverage']['due']}" in text


def test_evidence_is_judged_where_it_stands_and_counts_at_once(county, browser_page):
    page = browser_page
    sign_in(page, "office")
    import_ledger(page)
    page.goto("/c/DEMO/linzi-2023/2023/items/32/")
    expect(page.get_by_text("佐证已齐 0/3")).to_be_visible()
    for code in ("32-01", "32-02", "32-03"):
        piece = page.locator(f"#evidence-{code}")
        piece.locator(".judge > summary").click()
        piece.get_by_role("combobox").select_option(label="已认可")
        piece.get_by_label("理由").fill("3月5日查看原件")
        piece.get_by_role("button", name="保存认定").click()
        expect(piece.get_by_text("已保存")).to_be_visible()
    expect(page.get_by_text("佐证已齐 3/3")).to_be_visible()
    page.goto("/c/DEMO/linzi-2023/2023/")
    expect(page.get_by_role("link", name="32 达标 中医诊疗人次占比")).to_be_visible()


def test_leadership_reads_on_a_phone_and_changes_nothing(county, new_page):
    page = new_page(viewport=PHONE)
    sign_in(page, "leader")
    for address in ("", "items/", "items/24/", "institutions/", "report/"):
        page.goto(f"/c/DEMO/linzi-2023/2023/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.get_by_role("button", name="存档并导出正式稿")).to_have_count(0)
    assert page.goto("/c/DEMO/import/").status == 403
    assert Institution.objects.count() == 0

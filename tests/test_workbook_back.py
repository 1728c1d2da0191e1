"""The workbook on its way back from a data clerk, and who gets which one."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from institutions.ledger.own_workbook import FACTS_SHEET
from institutions.models import County, Grant, Report, Round
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tests.clerks import (
    HEAD,
    VISITS,
    address,
    clerk_of,
    county_of_clerks,
    fetched,
    problems_of,
    put,
    saved,
    sent,
    value_of,
)
from tests.ledgers import sheet, xlsx
from tests.wizard import confirm, open_round, page_of, text_of


@pytest.fixture
def county(db) -> County:
    return county_of_clerks()


@pytest.fixture
def round(county) -> Round:
    return open_round(county)


@pytest.fixture
def clerk(county, round) -> Client:
    return clerk_of(county, "T1", "clerk")


# ---- the clerk's way -------------------------------------------------------------------------------------------------


def test_a_clerk_fills_in_the_own_institution_and_those_that_report_through_it(clerk, county):
    book = fetched(clerk)
    assert book.sheetnames == ["填写说明", "乡镇卫生院", "村卫生室", FACTS_SHEET]
    assert [cell.value for cell in book["村卫生室"]["A"]][4:] == ["V1", "V2"]
    put(book["乡镇卫生院"], "T1", VISITS, 3400)
    put(book["村卫生室"], "V2", VISITS, 90)
    up = sent(clerk, saved(book))
    sheets = clerk.get(page_of(up, "columns")).context["sheets"]
    assert [(each.name, each.kinds) for each in sheets] == [("乡镇卫生院", ["机构数据"]), ("村卫生室", ["机构数据"])]
    check = clerk.get(page_of(up, "check"))
    assert sorted((row.code, row.element, row.new) for row in check.context["page"]) == [
        ("T1", "总诊疗人次", "3,400"),
        ("V2", "总诊疗人次", "90"),
    ]
    assert confirm(clerk, up).url == page_of(up, "result")
    assert (value_of("T1", "visits"), value_of("V2", "visits")) == (3400, 90)
    steps = Report.objects.get(institution__code="V2").steps
    assert [(step.kind, step.proxy.code) for step in steps.all()] == [("imported", "T1"), ("submitted", "T1")]
    assert Report.objects.get(institution__code="T1").steps.first().proxy is None
    assert not Report.objects.filter(institution__code="V1").exists()
    result = clerk.get(page_of(up, "result"))
    assert "等待创建办审核" in text_of(result)
    assert reverse("institutions:my-reports") in result.content.decode()


def test_a_manager_whom_the_round_does_not_ask_still_fills_in_for_its_clinics(county):
    open_round(county, types=["village_clinic"])
    clerk = clerk_of(county, "T1", "clerk")
    book = fetched(clerk)
    assert book.sheetnames == ["填写说明", "村卫生室", FACTS_SHEET]
    put(book["村卫生室"], "V1", VISITS, 90)
    up = sent(clerk, saved(book))
    confirm(clerk, up)
    assert value_of("V1", "visits") == 90
    assert address("fill-import") in clerk.get(address("fill-grid")).content.decode()


def test_the_form_leads_to_excel(clerk):
    assert address("fill-import") in clerk.get(address("fill")).content.decode()


def test_the_same_workbook_again_changes_nothing(clerk):
    book = fetched(clerk)
    put(book["乡镇卫生院"], "T1", VISITS, 3400)
    confirm(clerk, sent(clerk, saved(book)), way="draft")
    up = sent(clerk, saved(fetched(clerk)))
    plan = clerk.get(page_of(up, "check")).context["plan"]
    assert (plan.problems, plan.changes_nothing, len(plan.waiting)) == ([], True, 1)


def test_a_row_of_another_institution_is_a_problem_and_says_no_more_than_that(clerk):
    other, none = ["T2", "T2机构", 5], ["T9", "没有的机构", 5]
    up = sent(clerk, xlsx(sheet("数据", HEAD, ["T1", "T1机构", 3400], other, none)))
    assert problems_of(clerk, up) == [("not_your_institution", "A3"), ("not_your_institution", "A4")]
    assert "是否为" not in text_of(clerk.get(page_of(up, "check")))
    assert clerk.get(page_of(up, "write")).url == page_of(up, "check")


def test_a_registry_in_a_clerks_file_is_not_read(clerk, county):
    names = sheet("机构名录", ["机构编码", "机构名称", "机构类型", "是否在用"], ["T1", "新名", "卫生院", "否"])
    up = sent(clerk, xlsx(names, sheet("数据", HEAD, ["T1", "T1机构", 3400])))
    confirm(clerk, up)
    assert county.institutions.get(code="T1").name == "T1机构"
    assert county.institutions.get(code="T1").closed_on is None
    assert value_of("T1", "visits") == 3400


def test_the_countys_own_figures_are_not_a_clerks(clerk, county):
    up = sent(clerk, xlsx(sheet("本级", ["指标", "数值"], ["常住人口", 5000], ["镇（街道）数", 7])))
    assert problems_of(clerk, up) == [("not_your_institution", "B1")]
    assert county.institutions.count() == 5


def test_what_is_accepted_or_submitted_is_not_a_clerks_to_change(clerk, county):
    book = fetched(clerk)
    put(book["乡镇卫生院"], "T1", VISITS, 3400)
    put(book["村卫生室"], "V1", VISITS, 90)
    confirm(clerk, sent(clerk, saved(book)))
    Report.objects.filter(institution__code="V1").update(state="returned", accepted={"visits": 90})
    assert sent(clerk, saved(book))  # equal figures are no change
    put(book["乡镇卫生院"], "T1", VISITS, 3500)
    put(book["村卫生室"], "V1", VISITS, 91)
    up = sent(clerk, saved(book))
    assert [code for code, _ in problems_of(clerk, up)] == ["accepted_figure", "report_handed_in"]
    words = text_of(clerk.get(page_of(up, "check")))
    assert "“T1机构”的填报已提交，不能修改" in words
    assert "“总诊疗人次”已被接受，须由创建办退回后才能修改" in words


def test_a_clerk_does_not_match_headings_for_the_county(clerk, county):
    up = sent(clerk, xlsx(sheet("数据", [*HEAD, "门诊总量"], ["T1", "T1机构", 3400, 9])))
    page = clerk.get(page_of(up, "columns"))
    assert page.context["form"].headings == []
    assert "没有认出" in text_of(page)
    boxes = {column.box: "beds" for part in page.context["sheets"][0].parts for column in part.columns}
    assert clerk.post(page_of(up, "columns"), boxes).status_code == 302
    assert not county.heading_matches.exists()


def test_an_upload_is_its_clerks_own(clerk, county):
    up = sent(clerk, xlsx(sheet("数据", HEAD, ["T1", "T1机构", 3400])))
    office = Client()
    office.force_login(User.objects.create_superuser("root"))
    colleague = clerk_of(county, "T1", "colleague")
    for client in (colleague, clerk_of(county, "T2", "other"), office):
        for name in ("check", "write", "marked", "result", "progress"):
            assert client.get(page_of(up, name)).status_code == 404
        assert client.post(page_of(up, "write"), {"way": "submit"}).status_code == 404
    assert "填报表.xlsx" not in text_of(colleague.get(address("fill-import")))
    assert "填报表.xlsx" not in text_of(office.get(reverse("institutions:import", args=["X"])))
    assert "填报表.xlsx" in text_of(clerk.get(address("fill-import")))


def test_who_is_no_clerk_any_more_cannot_go_on(clerk, county):
    up = sent(clerk, xlsx(sheet("数据", HEAD, ["T1", "T1机构", 3400])))
    Grant.objects.all().delete()
    assert clerk.get(page_of(up, "check")).status_code == 404
    assert clerk.post(page_of(up, "write"), {"way": "draft"}).status_code == 404
    assert not Report.objects.exists()


def test_taking_a_workbook_is_on_the_trail(clerk):
    fetched(clerk)
    event = Event.objects.get(action="export_workbook")
    assert (event.actor.username, event.place, event.after["rows"], event.after["file"]) == (
        "clerk",
        "X",
        3,
        "T1机构2023年度填报表.xlsx",
    )


# ---- from the county office ------------------------------------------------------------------------------------------


def test_the_office_takes_a_workbook_of_an_institution_a_town_or_all(county, round):
    county.institutions.filter(code__in=["T1", "V1"]).update(town="东镇")
    office = Client()
    office.force_login(User.objects.create_superuser("root"))
    url = reverse("institutions:workbook", args=["X", "2023"])

    def codes(query: str) -> list[str]:
        book = load_workbook(BytesIO(b"".join(office.get(url + query).streaming_content)))
        cells = [cell.value for page in book for cell in page["A"]] + [page["B3"].value for page in book]
        return [i.code for i in county.institutions.all() if i.code in cells or f"{i.code} {i.name}" in cells]

    assert codes("") == ["T1", "T2", "V1", "V2", "V3"]
    assert codes("?town=东镇") == ["T1", "V1"]
    assert codes("?institution=V3") == ["V3"]
    for query in ("?institution=nobody", "?town=西镇"):
        assert office.get(url + query).status_code == 404

"""The workbook after other programs had it, and from people who mean no good: headings and codes alone are trusted."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from openpyxl.worksheet.datavalidation import DataValidation, DataValidationList

from institutions.ledger.own_workbook import FACTS_SHEET
from institutions.models import County, Institution, Report, Round
from tests.clerks import (
    HEAD,
    VISITS,
    clerk_of,
    county_of_clerks,
    fetched,
    problems_of,
    put,
    saved,
    sent,
    value_of,
)
from tests.ledgers import make_county, sheet, xlsx
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


# ---- after other programs --------------------------------------------------------------------------------------------


def as_wps_saves(content: bytes) -> bytes:
    """Lists of choices become references to a sheet of their own, styles and protection go, as WPS may do."""
    book = load_workbook(BytesIO(content))
    extra = book.create_sheet("WpsReserved_CellImgList")
    extra.append(["是", "否"])
    extra.sheet_state = "hidden"
    for page in book:
        page.protection.sheet = False
        for check in page.data_validations.dataValidation:
            if check.type == "list":
                check.formula1 = "WpsReserved_CellImgList!$A$1:$B$1"
    return saved(book)


def without_checks(content: bytes) -> bytes:
    book = load_workbook(BytesIO(content))
    for page in book:
        page.data_validations = DataValidationList()
        page.protection.sheet = False
    return saved(book)


@pytest.mark.parametrize("change", [as_wps_saves, without_checks])
def test_what_another_program_does_to_checks_does_not_matter(clerk, change):
    book = fetched(clerk)
    put(book["乡镇卫生院"], "T1", "设置中医馆（是/否）", "是")
    up = sent(clerk, change(saved(book)))
    assert problems_of(clerk, up) == []
    confirm(clerk, up, way="draft")
    assert value_of("T1", "has_tcm_hall") is True


def test_a_check_that_somebody_widened_lets_nothing_through(clerk):
    book = fetched(clerk)
    page = book["村卫生室"]
    page.data_validations = DataValidationList()
    anything = DataValidation(type="list", formula1='"随便,都行"')
    anything.add("C5:Z6")
    page.add_data_validation(anything)
    put(page, "V1", VISITS, "都行")
    put(page, "V2", VISITS, -3)
    assert [code for code, _ in problems_of(clerk, sent(clerk, saved(book)))] == ["not_a_number", "negative"]


# ---- the hidden sheet ------------------------------------------------------------------------------------------------


def facts_changed(book, **facts) -> bytes:
    for cells in book[FACTS_SHEET].iter_rows():
        if cells[0].value in facts:
            cells[1].value = facts[cells[0].value]
    return saved(book)


def test_a_workbook_of_another_county_or_period_says_which_one_it_is(clerk):
    book = fetched(clerk)
    put(book["乡镇卫生院"], "T1", VISITS, 3400)
    up = sent(clerk, facts_changed(book, county="Y", name="别县2023年度填报表"))
    assert ("other_workbook", "") in problems_of(clerk, up)
    assert "这是“别县2023年度填报表”，本次导入的是某县2023年度" in text_of(clerk.get(page_of(up, "check")))
    assert ("other_workbook", "") in problems_of(clerk, sent(clerk, facts_changed(book, county="X", period="2022")))


@pytest.mark.parametrize("change", ["version", "renamed", "gone", "shown"])
def test_another_version_and_a_missing_or_renamed_sheet_are_read_by_headings_and_codes(clerk, change):
    book = fetched(clerk)
    put(book["乡镇卫生院"], "T1", VISITS, 3400)
    facts = book[FACTS_SHEET]
    if change == "version":
        facts["B1"].value = 99
        facts.append(["new_fact", "x"])
    elif change == "renamed":
        facts.title = "Sheet9"
    elif change == "shown":
        facts.sheet_state = "visible"
    else:
        del book[FACTS_SHEET]
    up = sent(clerk, saved(book))
    assert problems_of(clerk, up) == []
    assert "填报表标识" not in [n.sheet for n in clerk.get(page_of(up, "check")).context["plan"].notices]
    confirm(clerk, up, way="draft")
    assert value_of("T1", "visits") == 3400


# ---- hostile ---------------------------------------------------------------------------------------------------------


def test_two_hundred_rows_of_codes_that_are_not_ones_own(clerk, county):
    other = make_county("Y", "别县")
    Institution.objects.bulk_create(
        Institution(county=other, code=f"Y{n}", name=f"别县{n}", type="village_clinic") for n in range(200)
    )
    up = sent(clerk, xlsx(sheet("数据", HEAD, *([f"Y{n}", f"别县{n}", n] for n in range(200)))))
    assert {code for code, _ in problems_of(clerk, up)} == {"not_your_institution"}
    assert len(problems_of(clerk, up)) == 200
    clerk.post(page_of(up, "write"), {"way": "submit", "words": "好"})
    assert not Report.objects.exists()


def test_a_changed_code_cell_is_not_believed(clerk):
    book = fetched(clerk)
    page = book["村卫生室"]
    put(page, "V1", VISITS, 90)
    page["A5"].value = "T2"  # beside V1's name
    assert problems_of(clerk, sent(clerk, saved(book))) == [("not_your_institution", "A5")]
    page["A5"].value = "V2"
    codes = [code for code, _ in problems_of(clerk, sent(clerk, saved(book)))]
    assert codes == ["code_and_name_differ"]


def test_the_same_row_twice_is_a_problem(clerk):
    book = fetched(clerk)
    page = book["村卫生室"]
    put(page, "V1", VISITS, 90)
    page.append([cell.value for cell in page[5]])
    assert [code for code, _ in problems_of(clerk, sent(clerk, saved(book)))] == ["repeated_institution"]


def test_a_formula_without_its_result_is_a_problem_and_never_run(clerk):
    book = fetched(clerk)
    put(book["村卫生室"], "V1", VISITS, '=HYPERLINK("http://evil","9")')
    assert [code for code, _ in problems_of(clerk, sent(clerk, saved(book)))] == ["formula_without_result"]


def test_sheets_may_be_renamed_columns_turned_round_and_rows_hidden(clerk):
    book = fetched(clerk)
    page = book["村卫生室"]
    put(page, "V1", VISITS, 90)
    put(page, "V2", VISITS, 80)
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]
    del book["村卫生室"]
    turned = book.create_sheet("第一张表", 0)
    for row in rows:
        turned.append(row[::-1])
    turned.row_dimensions[3].hidden = True
    up = sent(clerk, saved(book))
    assert problems_of(clerk, up) == []
    confirm(clerk, up, way="draft")
    assert (value_of("V1", "visits"), value_of("V2", "visits")) == (90, 80)


def test_a_blank_workbook_erases_nothing(clerk):
    book = fetched(clerk)
    put(book["村卫生室"], "V1", VISITS, 90)
    confirm(clerk, sent(clerk, saved(book)), way="draft")
    put(book["村卫生室"], "V1", VISITS, None)
    put(book["村卫生室"], "V1", "执业（助理）医师数（人）", 2)
    confirm(clerk, sent(clerk, saved(book)), way="draft")
    assert Report.objects.get(institution__code="V1").values == {"visits": 90, "physicians": 2}

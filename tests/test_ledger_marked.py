"""The ledger comes back as Excel with its faults coloured, commented and listed; nothing in it is ever run."""

import io

import pytest
from openpyxl import load_workbook

from institutions.ledger.marked import marked_name, marked_workbook
from institutions.ledger.workbook import open_ledger
from tests.ledgers import CENTRE, OTHER_CENTRE, faults_of, make_county, ods, plan, registry, sheet, xls, xlsx

FAULTY = sheet(
    "数据",
    ["台账（2022年度）", "", "", ""],
    ["机构编码", "机构名称", "总诊疗人次", "实有床位数"],
    ["T1", "东镇卫生院", "=1+1", -3],
    ["T2", "西镇卫生院", "@SUM(A1)", 7],
    merges=[((0, 0), (0, 3))],
)
REGISTRY = registry(CENTRE, OTHER_CENTRE)


@pytest.fixture
def county(db):
    return make_county()


def text_cells(book):
    """Typed texts stay texts: openpyxl would otherwise write =1+1 as a formula."""
    book["数据"]["C3"].data_type = "s"


def mark(county, data: bytes, name="台账.xlsx"):
    """The problems, and the marked workbook as bytes and open."""
    ledger = open_ledger(data, name)
    made = plan(county, *ledger.sheets)
    marked = marked_workbook(ledger, made.problems)
    return made, marked, load_workbook(io.BytesIO(marked))


@pytest.mark.parametrize("write", [lambda *s: xlsx(*s, change=text_cells), xls, ods])
def test_faulty_cells_are_coloured_commented_and_listed(county, write):
    made, _, book = mark(county, write(REGISTRY, FAULTY))
    cells = [cell for _, _, cell in faults_of(made)]
    assert cells == ["A1", "C3", "D3", "C4"]
    assert book.sheetnames == ["问题清单", "机构名录", "数据"]
    page = book["数据"]
    for problem in made.problems:
        assert page[problem.cell].fill.fgColor.rgb == "00FFC7CE"
        assert problem.reason in page[problem.cell].comment.text
        assert problem.mend in page[problem.cell].comment.text
    assert page["D4"].comment is None
    assert page["D4"].value == 7
    listed = [[cell.value for cell in row] for row in book["问题清单"].iter_rows(min_row=2)]
    assert [row[1:3] for row in listed] == [["数据", cell] for cell in cells]
    assert [row[3] for row in listed] == ["台账（2022年度）", "=1+1", "-3", "@SUM(A1)"]
    assert all(row[4] and row[5] for row in listed)


def test_what_looks_like_a_formula_is_text_everywhere(county):
    _, _, book = mark(county, xlsx(REGISTRY, FAULTY, change=text_cells))
    for page in book.worksheets:
        for cell in (cell for row in page.iter_rows() for cell in row):
            assert cell.data_type != "f"
            if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                assert cell.quotePrefix


def test_formulas_become_their_results_and_one_without_a_result_stays_a_fault(county):
    formulas = sheet("数据", ["机构编码", "总诊疗人次"], ["T1", ""])
    data = xlsx(REGISTRY, formulas, change=lambda book: book["数据"].__setitem__("B2", "=HYPERLINK(1)"))
    made, marked, book = mark(county, data)
    assert [code for code, _, _ in faults_of(made)] == ["formula_without_result"]
    assert book["数据"]["B2"].data_type == "s"
    assert [code for code, _, _ in faults_of(plan(county, *open_ledger(marked).sheets))] == ["not_a_number"]


@pytest.mark.parametrize("write", [lambda *s: xlsx(*s, change=text_cells), xls])
def test_the_marked_file_handed_in_again_has_the_same_problems(county, write):
    made, marked, _ = mark(county, write(REGISTRY, FAULTY))
    again = plan(county, *open_ledger(marked).sheets)
    assert faults_of(again) == faults_of(made)


def test_a_marked_file_marked_again_has_one_list(county):
    _, marked, _ = mark(county, xlsx(REGISTRY, FAULTY, change=text_cells))
    made, _, book = mark(county, marked)
    assert book.sheetnames == ["问题清单", "机构名录", "数据"]
    assert book["问题清单"].max_row == 1 + len(made.problems)


def test_a_sheet_whose_name_excel_does_not_take_is_written_under_another(county):
    made, _, book = mark(county, ods(sheet("2023/上", ["机构编码", "总诊疗人次"], ["T9", 1])))
    assert faults_of(made) == [("unknown_institution", "2023/上", "A2")]
    assert book.sheetnames == ["问题清单", "2023_上"]
    assert book["2023_上"]["A2"].comment


def test_the_original_keeps_its_look(county):
    def change(book):
        text_cells(book)
        book["数据"].column_dimensions["B"].width = 33
        book["数据"]["B3"].number_format = "0.000"

    _, _, book = mark(county, xlsx(REGISTRY, FAULTY, change=change))
    assert book["数据"].column_dimensions["B"].width == 33
    assert book["数据"]["B3"].number_format == "0.000"
    assert [str(area) for area in book["数据"].merged_cells.ranges] == ["A1:D1"]


def test_the_list_leads_to_each_cell(county):
    _, _, book = mark(county, xlsx(REGISTRY, FAULTY, change=text_cells))
    assert book["问题清单"]["C3"].hyperlink.location == "'数据'!C3"


def test_the_name_says_what_it_is():
    assert marked_name("台账.xls") == "台账（问题标注）.xlsx"
    assert marked_name("台账（问题标注）.xlsx") == "台账（问题标注）.xlsx"
    assert marked_name("台账") == "台账（问题标注）.xlsx"

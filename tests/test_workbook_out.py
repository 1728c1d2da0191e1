"""The workbook that the program hands out: what stands in it, what is locked, and that the import knows it again."""

from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from indicators.enums import InstitutionType
from indicators.models import Element
from institutions.filling.rulebook import fields_of
from institutions.ledger.own_workbook import FACTS_SHEET, MARK
from institutions.ledger.plan import ImportPlan
from institutions.ledger.planner import plan_import
from institutions.ledger.terms import Terms
from institutions.ledger.workbook import read_workbook
from institutions.models import County, Institution, Report, Round
from institutions.period import Period
from institutions.rounds.queries import asked_institutions
from institutions.services import import_ledger
from institutions.workbook.make import round_workbook
from tests.ledgers import REAL_LEDGER, YEAR, make_county
from tests.wizard import open_round, store

CENTRE, CLINIC, OWN = "乡镇卫生院", "村卫生室", "县（区）本级"


@pytest.fixture
def county(db) -> County:
    return make_county()


@pytest.fixture
def round(county) -> Round:
    return open_round(county, due_on=date(2030, 1, 31), note="按年末数填。")


def institution(county, code: str, kind: str = "township_centre", name: str = "", **more) -> Institution:
    position = county.institutions.count()
    return Institution.objects.create(
        county=county, code=code, name=name or f"{code}院", type=kind, position=position, **more
    )


def report(of: Institution, values: dict, **more) -> Report:
    return Report.objects.create(institution=of, period="2023", values=values, updated_at=timezone.now(), **more)


def made(round: Round, **more) -> bytes:
    return round_workbook(round, asked_institutions(round).order_by("position"), **more)


def opened(round: Round, **more):
    return load_workbook(BytesIO(made(round, **more)))


def plan_of(round: Round, content: bytes) -> ImportPlan:
    """What importing it would do, by somebody of the office."""
    terms = Terms(round=round, changes_registry=True, returns=True)
    return plan_import(round.county, Period.parse(round.period), read_workbook(content), terms=terms)


def cell_of(sheet, code: str, heading: str):
    """The cell of an institution under a heading."""
    (column,) = [cell.column for cell in sheet[3] if cell.value == heading]
    (row,) = [cell.row for cell in sheet["A"] if cell.value == code]
    return sheet.cell(row, column)


# ---- what stands in it -----------------------------------------------------------------------------------------------


def test_there_is_one_sheet_for_each_type_with_what_that_type_is_asked(county, round):
    for code, kind in (("T1", "township_centre"), ("T2", "township_centre"), ("V1", "village_clinic")):
        institution(county, code, kind)
    book = opened(round)
    assert book.sheetnames == ["填写说明", CENTRE, CLINIC, FACTS_SHEET]
    asked = fields_of(round, "township_centre").values()
    names = [f"{e.name}（{e.unit}）" for e in asked if e.unit]
    headings = [cell.value for cell in book[CENTRE][3]]
    assert headings[:2] == ["机构编码", "机构名称"]
    assert [text for text in headings if text in names] == names
    assert [cell.value for cell in book[CENTRE]["A"]][4:] == ["T1", "T2"]


def test_only_what_the_round_asks_stands_in_it(county):
    round = open_round(county, elements=["visits", "tcm_visits"], types=["township_centre"])
    for code, kind in (("T1", "township_centre"), ("T2", "township_centre"), ("V1", "village_clinic")):
        institution(county, code, kind)
    institution(county, "T3", closed_on=date(2023, 5, 1))
    book = opened(round)
    assert book.sheetnames == ["填写说明", CENTRE, FACTS_SHEET]
    assert [cell.value for cell in book[CENTRE][3]][2:] == ["总诊疗人次（人次）", "中医诊疗人次（人次）"]
    assert [cell.value for cell in book[CENTRE]["A"]][4:] == ["T1", "T2"]


def test_the_headings_of_every_type_are_known_to_the_import(county, round):
    for number, kind in enumerate(InstitutionType.values):
        for again in "ab" if kind != "county" else "a":
            institution(county, f"C{number}{again}", kind)
    plan = plan_of(round, made(round))
    assert plan.recognition.unmatched() == []
    found = {table.sheet.name: [h.element for h in table.figures] for table in plan.recognition.tables}
    found |= {one.sheet.name: [h.element for h in one.labels if h.element] for one in plan.recognition.lists}
    for kind in InstitutionType:
        assert found[kind.label] == list(fields_of(round, kind))


def test_what_is_known_is_filled_in_and_accepted_figures_are_locked(county, round):
    centre, other = institution(county, "T1"), institution(county, "T2")
    values = {"visits": 100, "tcm_visits": 40, "has_tcm_hall": True, "appraisal_points": "600.5"}
    report(centre, values, accepted={"visits": 100})
    sheet = opened(round)[CENTRE]
    shown = {
        heading: cell_of(sheet, "T1", heading).value
        for heading in ("总诊疗人次（人次）", "中医诊疗人次（人次）", "设置中医馆（是/否）", "绩效考核总分（分）")
    }
    assert list(shown.values()) == [100, 40, "是", 600.5]
    visits, tcm_visits = (cell_of(sheet, "T1", heading) for heading in ("总诊疗人次（人次）", "中医诊疗人次（人次）"))
    assert (visits.protection.locked, tcm_visits.protection.locked) == (True, False)
    assert visits.fill.fgColor.rgb != tcm_visits.fill.fgColor.rgb
    assert cell_of(sheet, other.code, "总诊疗人次（人次）").value is None
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert all(cell.protection.locked for cell in [*sheet["A"], *sheet["B"], *sheet[3], *sheet[4]])


def test_a_returned_figure_says_why_and_an_unread_one_what_was_typed(county, round):
    centre, _ = institution(county, "T1"), institution(county, "T2")
    returned = {"visits": "与报表不符", "": "请全部核对"}
    report(centre, {"visits": 100}, state="returned", returned=returned, unread={"beds": "约十张"})
    sheet = opened(round)[CENTRE]
    visits, beds = cell_of(sheet, "T1", "总诊疗人次（人次）"), cell_of(sheet, "T1", "实有床位数（张）")
    assert (visits.value, visits.comment.text, visits.protection.locked) == (100, "退回：与报表不符", False)
    assert (beds.value, "约十张" in beds.comment.text) == (None, True)
    assert cell_of(sheet, "T1", "机构名称").comment.text == "退回：请全部核对"
    assert "请全部核对" in opened_for_one(round, centre)[CENTRE]["A2"].value


def opened_for_one(round: Round, of: Institution):
    return load_workbook(BytesIO(round_workbook(round, [of])))


def test_a_clerk_cannot_type_over_what_is_submitted(county, round):
    centre, _ = institution(county, "T1"), institution(county, "T2")
    report(centre, {"visits": 100}, state="submitted")
    office, clerk = (cell_of(opened(round, for_clerk=c)[CENTRE], "T1", "总诊疗人次（人次）") for c in (False, True))
    assert (office.protection.locked, clerk.protection.locked) == (False, True)


def test_a_single_institution_is_a_list_from_top_to_bottom(county, round):
    own = institution(county, "X0", "county", "某县本级")
    report(own, {"tcm_fund": "120.5"})
    content = round_workbook(round, [own])
    sheet = load_workbook(BytesIO(content))[OWN]
    assert [cell.value for cell in sheet[3]] == ["指标", "X0 某县本级", "单位", "说明"]
    (row,) = [cells for cells in sheet.iter_rows(values_only=True) if cells[0] == "中医药专项资金"]
    assert row[1:3] == (120.5, "万元")
    plan = plan_of(round, content)
    assert (plan.problems, plan.unchanged_reports) == ([], 1)


def test_a_code_that_looks_like_a_period_is_no_heading(county, round):
    centre = institution(county, "2022-01", name="东镇卫生院")
    content = round_workbook(round, [centre])
    sheet = load_workbook(BytesIO(content))[CENTRE]
    assert sheet["A5"].value == "2022-01"
    sheet.cell(5, 3).value = 7
    assert [change.entry.code for change in plan_of(round, saved(sheet.parent)).reports] == ["2022-01"]


def saved(book) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


# ---- checks of the spreadsheet's own ---------------------------------------------------------------------------------


def checks_of(sheet, heading: str) -> list:
    (column,) = [cell.column_letter for cell in sheet[3] if cell.value == heading]
    return [check for check in sheet.data_validations.dataValidation if f"{column}5" in check.sqref]


def test_cells_offer_their_choices_and_refuse_what_is_none_in_chinese(county, round):
    for code in ("T1", "T2"):
        institution(county, code)
    for code in ("H1", "H2"):
        institution(county, code, "tcm_hospital")
    book = opened(round)
    (hall,) = checks_of(book[CENTRE], "设置中医馆（是/否）")
    assert (hall.type, hall.formula1) == ("list", '"是,否"')
    (visits,) = checks_of(book[CENTRE], "总诊疗人次（人次）")
    assert (visits.type, visits.operator, visits.formula1) == ("whole", "between", "0")
    assert visits.error == "请填不小于 0 的整数（单位：人次）。没有数据请留空，不要填 0。"
    (points,) = checks_of(book[CENTRE], "绩效考核总分（分）")
    assert points.type == "decimal"
    assert str(points.sqref).endswith("6")
    grade = Element.objects.get(code="hospital_grade")
    (choice,) = checks_of(book["县级中医医院"], grade.name)
    assert choice.formula1 == f'"{",".join(grade.choices.values())}"'
    for check in book[CENTRE].data_validations.dataValidation:
        assert check.showErrorMessage
        assert len(check.error) <= 255


def test_text_that_looks_like_a_formula_is_text(county, round):
    for code in ("=1+1", "@T2"):
        institution(county, code, name=f"{code}卫生院")
    sheet = opened(round)[CENTRE]
    cells = [sheet["A5"], sheet["B5"], sheet["A6"], sheet["B6"]]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [
        ("=1+1", "s", True),
        ("=1+1卫生院", "s", True),
        ("@T2", "s", True),
        ("@T2卫生院", "s", True),
    ]


# ---- the sheets around it --------------------------------------------------------------------------------------------


def test_the_first_sheet_says_what_to_do_and_the_last_one_is_hidden(county, round):
    for code in ("T1", "T2"):
        institution(county, code)
    book = opened(round)
    words = "\n".join(str(cell.value) for cell in book["填写说明"]["A"])
    assert "2030年1月31日" in words
    assert "按年末数填。" in words
    assert "某县创建办" in words
    facts = dict(book[FACTS_SHEET].iter_rows(values_only=True, max_col=2))
    assert book[FACTS_SHEET].sheet_state == "veryHidden"
    assert (facts[MARK], facts["county"], facts["period"], facts["round"]) == (1, "X", "2023", round.pk)


def test_it_prints_on_a4_with_its_headings_on_every_page(county, round):
    for code in ("T1", "T2"):
        institution(county, code)
    sheet = opened(round)[CENTRE]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert (sheet.print_title_rows, sheet.print_title_cols, sheet.freeze_panes) == ("$2:$3", "$A:$B", "C4")


def test_a_whole_county_takes_few_queries(county, round, django_assert_num_queries):
    store(county)
    institutions = list(asked_institutions(round))
    with django_assert_num_queries(2):
        round_workbook(round, institutions)


@pytest.mark.parametrize("other", ["2022", "2023Q4", "2023-11"])
def test_a_quarters_and_a_months_workbook_know_their_period(county, other):
    round = open_round(county, other)
    for code in ("T1", "T2"):
        institution(county, code)
    sheet = (book := opened(round))[CENTRE]
    sheet.cell(5, 3).value = 7
    assert plan_of(round, saved(book)).problems == []
    wrong = plan_import(county, YEAR, read_workbook(saved(book)), terms=Terms(returns=True))
    assert "other_workbook" in [problem.code for problem in wrong.problems]


def test_the_demo_countys_workbook_comes_back_without_a_difference(county):
    import_ledger(county, "2023", REAL_LEDGER)
    round = open_round(county)
    plan = plan_of(round, made(round))
    assert (plan.problems, plan.notices, plan.does_nothing, plan.unchanged_reports) == ([], [], True, 332)

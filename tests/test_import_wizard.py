"""The import of a ledger in the browser: what was recognised, problems and differences, and the way to the result."""

import re
from io import BytesIO
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from assessments.services import start_campaign
from indicators.models import Standard
from institutions.importing.differences import kind_of_problem
from institutions.ledger.problems import SENTENCES
from institutions.models import HeadingMatch, Institution, LedgerUpload, Report
from institutions.queries import accepted_values
from tcm_demo.audit.models import Event
from tests.ledgers import CENTRE, CLINIC, REAL_LEDGER, make_county, registry, sheet
from tests.wizard import (
    BOTH,
    FIGURES,
    HEAD,
    confirm,
    member,
    open_round,
    page_of,
    send,
    start_of,
    store,
    text_of,
    upload,
)


@pytest.fixture
def county(db):
    found = make_county()
    open_round(found)
    return found


@pytest.fixture
def office(county) -> Client:
    return member(county, "office")


# ---- the whole way -------------------------------------------------------------------------------------------------


def test_a_real_ledger_goes_all_the_way_to_the_countys_page(office, county, settings):
    call_command("load_standard", settings.BASE_DIR / "fixtures/standards/linzi-2023.yaml", verbosity=0)
    start_campaign(county, Standard.objects.get(), period="2023")

    assert "还没有导入过台账" in text_of(office.get(start_of(county)))
    answer = send(office, county, REAL_LEDGER.read_bytes(), REAL_LEDGER.name)
    up = LedgerUpload.objects.get()
    assert answer.url == page_of(up, "columns")

    sheets = office.get(answer.url).context["sheets"]
    assert [(each.name, each.kinds) for each in sheets] == [
        ("机构名录", ["机构名录"]),
        ("县级医疗机构", ["机构数据"]),
        ("镇卫生院和社区中心", ["机构数据"]),
        ("社区站和村卫生室", ["机构数据"]),
        ("县（区）本级", ["县级数据"]),
    ]
    assert sheets[0].parts[0].rows == 341
    assert [row[:8] for row in sheets[1].parts[0].passed] == ["第 8 行“合计", "第 9 行“注："]

    check = office.get(page_of(up, "check"))
    assert ("新增机构", 341, "家") in check.context["counts"]
    assert page_of(up, "write") in check.content.decode()
    assert Report.objects.count() == 0

    assert confirm(office, up).url == page_of(up, "result")
    # 9 of the 341 are closed, and nobody asks them
    assert Report.objects.filter(state="submitted", period="2023").count() == 332
    assert "没有导入" in next(text for text in (n.text for n in check.context["plan"].notices) if "已停用" in text)
    assert accepted_values(county, "2023") == {}
    assert Event.objects.filter(action="import_figures", actor__username="office").count() == 1
    result = office.get(page_of(up, "result"))
    assert "已写入，已提交，等待另一位审核员接受" in text_of(result)
    assert reverse("institutions:round", args=["X", "2023"]) in result.content.decode()
    link = reverse("assessments:county-home", args=["X"]) + "?period=2023"
    assert link in result.content.decode()
    county_page = office.get(link, follow=True)
    assert county_page.context["frame"].period.text == "2023"
    assert "新增机构 341" in text_of(office.get(start_of(county)))


def test_the_period_asked_for_comes_first_then_that_of_the_last_ledger(office, county):
    def offered(query=""):
        return office.get(start_of(county) + query).context["form"]["period"].value()

    assert re.fullmatch(r"20\d\d", offered())
    upload(office, county, FIGURES, period="2022Q4")
    assert offered() == "2022Q4"
    assert offered("?period=2021") == "2021"


@pytest.mark.parametrize(("typed", "kept"), [("２０２３", "2023"), (" 2023q4 ", "2023Q4"), ("2023-11", "2023-11")])
def test_a_period_may_be_typed_in_full_width_or_small_letters(office, county, typed, kept):
    assert upload(office, county, BOTH, FIGURES, period=typed).period == kept


# ---- what was recognised ---------------------------------------------------------------------------------------------

ODD = sheet(
    "机构数据", ["机构编码", "在岗护理团队", "总诊疗人次", "食堂等级"], ["T1", 12, 3400, "A"], ["T2", 8, 2100, "B"]
)


def boxes(client: Client, up: LedgerUpload, query: str = "") -> dict:
    """Heading -> its box (columns.ToMatch)."""
    return {each.text: each for each in client.get(page_of(up, "columns") + query).context["form"].headings}


def test_a_column_not_known_is_matched_by_hand_and_remembered(office, county):
    up = upload(office, county, BOTH, ODD)
    found = boxes(office, up)
    assert found.keys() == {"在岗护理团队", "食堂等级"}
    assert (found["在岗护理团队"].samples, found["食堂等级"].places) == (["12", "8"], ["机构数据!D1"])

    chosen = {found["在岗护理团队"].field: "nurses", found["食堂等级"].field: "-"}
    answer = office.post(page_of(up, "columns"), chosen, follow=True)
    assert "已保存 2 列的对应" in text_of(answer)
    assert boxes(office, up) == {}
    assert dict(HeadingMatch.objects.values_list("heading", "element_code")) == {
        "在岗护理团队": "nurses",
        "食堂等级": "",
    }

    confirm(office, up)
    assert Report.objects.get(institution__code="T1").values == {"nurses": 12, "visits": 3400}
    assert boxes(office, upload(office, county, ODD)) == {}


def test_a_match_can_be_changed_and_taken_back(office, county):
    up = upload(office, county, BOTH, ODD)
    field = boxes(office, up)["在岗护理团队"].field
    office.post(page_of(up, "columns"), {field: "nurses"})
    asked = f"?change={field}"
    assert boxes(office, up, asked)["在岗护理团队"].chosen == "nurses"
    office.post(page_of(up, "columns") + asked, {field: "beds"})
    assert boxes(office, up, asked)["在岗护理团队"].chosen == "beds"
    office.post(page_of(up, "columns") + asked, {field: "~"})
    assert not HeadingMatch.objects.exists()
    assert boxes(office, up)["在岗护理团队"].chosen == ""


def test_a_column_that_was_recognised_can_be_matched_otherwise(office, county):
    up = upload(office, county, BOTH, FIGURES)
    columns = office.get(page_of(up, "columns")).context["sheets"][1].parts[0].columns
    box = next(column.box for column in columns if column.text == "总诊疗人次")
    office.post(f"{page_of(up, 'columns')}?change={box}", {box: "-"})
    confirm(office, up)
    assert Report.objects.get(institution__code="T1").values == {"nurses": 12}


def test_the_next_button_saves_what_was_chosen_and_goes_on(office, county):
    up = upload(office, county, BOTH, ODD)
    field = boxes(office, up)["在岗护理团队"].field
    answer = office.post(page_of(up, "columns"), {field: "nurses", "next": "yes"})
    assert answer.url == page_of(up, "check")
    assert HeadingMatch.objects.get().element_code == "nurses"


def test_an_element_that_there_is_not_is_refused(office, county):
    up = upload(office, county, BOTH, ODD)
    answer = office.post(page_of(up, "columns"), {boxes(office, up)["在岗护理团队"].field: "no_such_thing"})
    assert "请从列表中选择一个指标" in text_of(answer)
    assert not HeadingMatch.objects.exists()


def test_near_names_come_first_and_elements_with_a_column_last(office, county):
    guessed = sheet("机构数据", ["机构编码", "注册护士人员数量", "总诊疗人次"], ["T1", 12, 3400])
    choices = boxes(office, upload(office, county, BOTH, guessed))["注册护士人员数量"].choices
    assert choices[1][0] == "名称相近的指标"
    assert "nurses" in dict(choices[1][1])
    assert dict(choices[-1][1]).keys() == {"visits"}


def test_two_thousand_unknown_columns_come_a_few_at_a_time(office, county):
    heads = ["机构编码", "总诊疗人次", *(f"栏{number}" for number in range(1900))]
    up = upload(office, county, BOTH, sheet("机构数据", heads, ["T1", *range(1901)]))
    page = office.get(page_of(up, "columns")).context["page"]
    assert (page.paginator.count, len(page)) == (1900, 20)


def test_a_workbook_without_a_ledger_says_so_at_once(office, county):
    up = upload(office, county, sheet("随笔", ["今天", "天气"], ["晴", "二十度"]))
    assert "没有认出机构名录、机构数据或县级数据" in text_of(office.get(page_of(up, "columns")))


# ---- problems --------------------------------------------------------------------------------------------------------

FAULTY = sheet("机构数据", HEAD, ["T1", "很多", -5], ["T2", 8, 2100], ["T9", 1, 1])


def test_problems_are_listed_with_place_and_remedy_and_nothing_can_be_written(office, county):
    up = upload(office, county, BOTH, FAULTY)
    answer = office.get(page_of(up, "check"))
    words = text_of(answer)
    assert "文件有 3 处问题，改正前不能写入" in words
    assert "机构数据!B2 很多 不是数字 改填数字；没有数据请留空。" in words
    assert "重新上传修改后的文件" in words
    assert page_of(up, "write") not in answer.content.decode()
    assert office.get(page_of(up, "write")).url == page_of(up, "check")
    answer = office.post(page_of(up, "write"), follow=True)
    assert "台账有 3 处问题，没有写入任何数据" in text_of(answer)
    assert (Report.objects.count(), Institution.objects.count()) == (0, 0)
    assert LedgerUpload.objects.get().written_at is None


def test_problems_are_counted_by_kind_and_shown_by_kind(office, county):
    many = sheet("机构数据", HEAD, *([f"T{number}", "若干", -1] for number in range(1, 61)))
    up = upload(office, county, registry(*((f"T{n}", f"第{n}卫生院", "乡镇卫生院", "是") for n in range(1, 61))), many)
    context = office.get(page_of(up, "check")).context
    assert context["kinds"] == [("not_a_number", "不是数字", 60), ("negative", "不能是负数", 60)]
    assert (len(context["page"]), context["page"].paginator.count) == (50, 120)
    context = office.get(page_of(up, "check") + "?show=problems&kind=negative&page=2").context
    assert [problem.cell for problem in context["page"]] == [f"C{row}" for row in range(52, 62)]


def test_the_marked_ledger_opens_and_carries_a_comment_at_the_fault(office, county):
    up = upload(office, county, BOTH, FAULTY)
    answer = office.get(page_of(up, "marked"))
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert "不是数字" in book["机构数据"]["B2"].comment.text
    assert book["机构数据"]["B3"].comment is None


def test_every_kind_of_problem_has_a_name():
    assert [code for code in SENTENCES if re.search("[{}]", kind_of_problem(code))] == []


def test_a_file_name_is_whole_however_it_is_written(office, county):
    up = upload(office, county, BOTH, FAULTY, name="甲:乙?县*.xlsx")
    assert quote("甲_乙_县_（问题标注）.xlsx") in office.get(page_of(up, "marked"))["Content-Disposition"]


def test_it_is_said_that_blanks_erase_nothing_and_how_a_figure_is_corrected(office, county):
    words = text_of(office.get(page_of(upload(office, county, BOTH, FIGURES), "check")))
    assert "空白单元格不会清除系统中已有的数值" in words
    assert "填上正确的数再导入" in words


# ---- differences -----------------------------------------------------------------------------------------------------


@pytest.fixture
def stored(county) -> None:
    store(county)


def test_the_same_ledger_again_changes_nothing_and_cannot_be_written(office, county, stored):
    up = upload(office, county, BOTH, FIGURES)
    answer = office.get(page_of(up, "check"))
    assert "没有变化" in text_of(answer)
    assert page_of(up, "write") not in answer.content.decode()
    assert office.get(page_of(up, "write")).url == page_of(up, "check")
    assert office.get(page_of(up, "marked")).url == page_of(up, "check")


def test_figures_and_institutions_are_laid_beside_what_is_stored(office, county, stored):
    names = registry(CENTRE, ("T2", "西镇卫生院", "乡镇卫生院", "否"), CLINIC)
    up = upload(office, county, names, sheet("机构数据", HEAD, ["T1", 13, 3400], ["V1", "", 90]))
    context = office.get(page_of(up, "check")).context
    assert [(name, count, active) for name, _, count, active in context["views"][:3]] == [
        ("returned", 1, True),
        ("roster", 2, False),
        ("new", 1, False),
    ]
    [row] = context["page"]
    assert (row.institution, row.element, row.old, row.new, row.unit) == ("东镇卫生院", "注册护士数", "12", "13", "人")
    assert row.place == "机构数据!B2"
    kinds = {row.code: row.kind for row in office.get(page_of(up, "check") + "?show=roster").context["page"]}
    assert kinds == {"T2": "停用", "V1": "新增"}
    added = office.get(page_of(up, "check") + "?show=new").context["page"]
    assert [(row.code, row.old, row.new) for row in added] == [("V1", "", "90")]


def test_a_long_list_of_differences_has_pages_of_fifty(office, county):
    rows = [(f"V{number}", f"第{number}村卫生室", "村卫生室", "是") for number in range(120)]
    up = upload(office, county, registry(*rows))
    pages = [office.get(page_of(up, "check") + f"?show=roster&page={page}").context["page"] for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert pages[2][0].code == "V100"

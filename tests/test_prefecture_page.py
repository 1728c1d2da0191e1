"""A prefecture's counties side by side: who may see them, ranking, lights, what they come to together, the way down."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments.models import Campaign, MonthStanding, Standing
from assessments.services import start_campaign
from assessments.standing_services import refresh_standing
from indicators.models import Criterion, Standard
from institutions.models import County
from tcm_demo.audit.models import Event
from tests.prefecture_world import keep, make_prefecture, queries_of, url
from tests.world import PERIOD, World, make_item, make_standard


@pytest.fixture
def world(db) -> World:
    return make_prefecture()


@pytest.fixture
def prefecture(client, world):
    client.force_login(world.users["prefecture"])
    return client


def lines(client, **query) -> dict:
    """Name of each county -> its line, in the order shown."""
    rows = client.get(url(), query).context["lines"]
    return {row["line"].county.name: row["line"] for row in rows}


def criterion(client, code: str):
    sections = client.get(url()).context["sections"]
    return next(row for section in sections for row in section.criteria if row.code == code)


def text(response) -> str:
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


# ---- who may ----


def test_its_people_land_here_after_signing_in(client, prefecture):
    assert client.get("/").url == reverse("assessments:prefecture-home", args=["P"])
    assert client.get(client.get("/").url).url == url()


@pytest.mark.parametrize("name", ["strange_prefecture", "office", "expert", "stranger", "auditor"])
def test_for_everybody_else_it_does_not_exist(client, world, name):
    client.force_login(world.users[name])
    for page in ("prefecture", "prefecture-export", "prefecture-ledger", "prefecture-ledger-export"):
        assert client.get(url(page)).status_code == 404, page
    assert client.get(reverse("assessments:prefecture-home", args=["P"])).status_code == 404


def test_a_county_is_no_prefecture(client, world):
    client.force_login(world.users["superuser"])
    assert client.get(url(prefecture="A")).status_code == 404
    assert client.get(url(prefecture="X")).status_code == 404
    assert client.get(url(standard="other")).status_code == 404
    assert client.get(url()).status_code == 200


def test_counties_of_another_prefecture_are_not_shown(client, world):
    client.force_login(world.users["strange_prefecture"])
    assert set(lines_of_q(client)) == {"乙县"}
    assert "甲县" not in text(client.get(url(prefecture="Q")))


def lines_of_q(client) -> list[str]:
    return [row["line"].county.name for row in client.get(url(prefecture="Q")).context["lines"]]


def test_the_way_down_leads_to_the_institution(prefecture, world):
    """County, item, institution: each page names the next, and all are open to the prefecture."""
    page = prefecture.get(url()).content.decode()
    county = reverse("assessments:county", args=["A", "small", PERIOD])
    item = reverse("assessments:item", args=["A", "small", PERIOD, "2"])
    assert f'href="{county}"' in page
    assert f'href="{item}#criterion-2.1"' in page
    institution = reverse("assessments:institution", args=["A", "small", PERIOD, "A-02"])
    assert institution in prefecture.get(item).content.decode()
    assert "西镇卫生院" in text(prefecture.get(institution))
    start_campaign(world.county, make_standard("second"), period=PERIOD)
    for name, more in (("county", {}), ("item", {"number": "2"}), ("institution", {"code": "A-02"})):
        kwargs = {"county": "A", "standard": "second", "period": PERIOD} | more
        assert prefecture.get(reverse(f"assessments:{name}", kwargs=kwargs)).status_code == 200, name


# ---- ranking ----


def test_counties_without_figures_are_named_and_not_ranked(prefecture):
    found = lines(prefecture)
    assert [(name, line.rank, line.state) for name, line in found.items()] == [
        ("丙县", 1, "ranked"),
        ("甲县", 2, "ranked"),
        ("戊县", None, "no_data"),
        ("己县", None, "not_begun"),
    ]
    page = text(prefecture.get(url()))
    assert "没有数据" in page
    assert "未开展" in page
    assert "名次先比达标条目数，再比自评得分，再比已报比例" in page


def test_equals_share_a_rank(prefecture):
    row = MonthStanding.objects.get(county__code="A")
    MonthStanding.objects.filter(county__code="C").update(summary=row.summary, coverage=row.coverage)
    found = lines(prefecture)
    assert (found["甲县"].rank, found["丙县"].rank) == (1, 1)


@pytest.mark.parametrize(
    ("sort", "first"), [("met", "甲县"), ("-met", "丙县"), ("county", "甲县"), ("-rank", "甲县"), ("nonsense", "丙县")]
)
def test_any_column_sorts_and_the_unranked_stay_last(prefecture, sort, first):
    found = list(lines(prefecture, sort=sort))
    assert found[0] == first
    assert found[2:] == ["戊县", "己县"]


def test_every_heading_sorts(prefecture):
    for sort in ("nearly", "unmet", "incomplete", "points", "coverage", "change", "-computed"):
        assert list(lines(prefecture, sort=sort))[2:] == ["戊县", "己县"], sort


def test_the_change_is_against_the_last_month_that_is_known(prefecture):
    assert [line.change_words for line in lines(prefecture).values()] == ["—", "—", "—", "—"]
    now = MonthStanding.objects.get(county__code="C").summary
    keep("C", "2020-03", summary=now | {"met": 5})
    keep("C", "2020-06", summary=now | {"met": 0})
    assert lines(prefecture)["丙县"].change_words == "+1 条"
    keep("A", "2020-06")
    assert lines(prefecture)["甲县"].change_words == "持平"


def test_a_month_is_compared_with_the_month_before_it(prefecture, world):
    for period in ("2023-05", "2023-06"):
        refresh_standing(world.county, world.standard, period)
    earlier = MonthStanding.objects.get(period="2023-05")

    def line():
        page = prefecture.get(url(period="2023-06"))
        assert page.context["comparison"].against == "较2023年5月"
        return next(row["line"] for row in page.context["lines"] if row["line"].county == world.county)

    assert line().before is None  # nobody reported in May: that is not known to be none met
    known = {"summary": earlier.summary | {"met": 2}, "coverage": earlier.coverage | {"reported": 1}}
    MonthStanding.objects.filter(pk=earlier.pk).update(**known)
    assert (line().before.met, line().now.met) == (2, 0)


def test_history_is_drawn_from_the_second_month_on(prefecture):
    page = prefecture.get(url())
    assert page.context["chart"] is None
    last = timezone.localdate().replace(day=1) - timezone.timedelta(days=1)
    keep("C", f"{last:%Y-%m}", summary=MonthStanding.objects.get(county__code="C").summary | {"met": 0})
    page = prefecture.get(url())
    rows = {county.name: list(numbers) for county, numbers in page.context["history"].rows}
    assert rows == {"丙县": [0, 1], "甲县": [None, 0]}
    assert page.context["chart"]["series"][0]["data"] == [0, 1]


# ---- together ----


def test_criteria_are_computed_from_all_counties_figures(prefecture):
    """Not from their shares: (40 + 20 + 50) / (100 + 200 + 100), and 戊县's centre has not reported."""
    visits = criterion(prefecture, "3.1")
    assert (visits.whole.value_text, visits.whole.status, visits.whole.reported, visits.whole.due) == (
        "27.50%",
        "unmet",
        3,
        5,
    )
    halls = criterion(prefecture, "2.1")
    assert (halls.whole.value_text, halls.whole.range_text, halls.whole.shortfall_text) == (
        "40%",
        "40%～80%",
        "还差 3 家机构",
    )
    assert criterion(prefecture, "2.2").whole.value_text == "75%"


def test_each_countys_own_value_stands_beside(prefecture):
    page = prefecture.get(url())
    names = [row["line"].county.name for row in page.context["columns"]]
    cells = dict(zip(names, criterion(prefecture, "3.1").cells, strict=True))
    assert names[0] == "甲县"  # most criteria fail there
    assert (cells["甲县"].value, cells["甲县"].light.word) == ("20%", "未达标")
    assert (cells["丙县"].value, cells["丙县"].light.word) == ("50%", "达标")


def test_no_institution_is_read(prefecture):
    assert not [sql for sql in queries_of(prefecture, url()) if "institutions_report" in sql]


@pytest.mark.parametrize(("value", "shown"), [("0", ""), ("1/3", "至少 33.33%")])
def test_what_is_not_reported_is_not_shown_as_none(prefecture, value, shown):
    stored = MonthStanding.objects.get(county__code="C")
    stored.criteria["2.1"] = ["undecided", value]
    stored.save()
    cell = criterion(prefecture, "2.1").cells[-1]
    assert (cell.light.word, cell.value) == ("数据不全", shown)


@pytest.mark.parametrize("more", [1, 12])
def test_it_costs_the_same_for_any_number_of_counties(prefecture, world, more):
    before = queries_of(prefecture, url())
    for number in range(more):
        county = County.objects.create(code=f"N{number}", name=f"新县{number}", parent=world.county.parent)
        start_campaign(county, world.standard, period=PERIOD)
    assert len(queries_of(prefecture, url())) == len(before) < 26
    assert len(prefecture.get(url()).context["lines"]) == 4 + more


def test_versions_of_one_standard_stand_side_by_side(prefecture, world):
    """丙县 went over to a version whose criterion asks less: its light is shown, its figures are not added."""
    newer = make_standard_version("2", target="50%")
    Campaign.objects.filter(county__code="C").delete()
    start_campaign(County.objects.get(code="C"), newer, period=PERIOD)
    page = prefecture.get(url())
    assert page.context["frame"].standard == world.standard
    said = text(page)
    assert "按其他版本开展的：丙县（版本 2）" in said
    assert "现行版本是 2" in said
    assert "丙县（指标的算法不同，不能相加）" in said
    assert criterion(prefecture, "2.1").whole.value_text == "25%"
    assert lines(prefecture)["丙县"].rank == 1


def test_a_version_that_computes_the_same_is_added(prefecture, world):
    newer = make_standard_version("2", target="100%")
    Campaign.objects.filter(county__code="C").delete()
    start_campaign(County.objects.get(code="C"), newer, period=PERIOD)
    assert criterion(prefecture, "2.1").whole.value_text == "40%"


def make_standard_version(version: str, *, target: str) -> Standard:
    newer = make_standard("newer")
    Standard.objects.filter(pk=newer.pk).update(code="small", version=version)
    Criterion.objects.filter(item__standard=newer, code="2.1").update(target=target)
    return Standard.objects.get(pk=newer.pk)


def test_results_of_other_criteria_are_not_added(prefecture):
    """The county's result was computed before a criterion changed."""
    stored = Standing.objects.get(county__code="C")
    Standing.objects.filter(pk=stored.pk).update(contributions=stored.contributions | {"program": "earlier"})
    assert criterion(prefecture, "2.1").whole.value_text == "25%"
    assert "丙县（指标的算法不同，不能相加）" in text(prefecture.get(url()))


# ---- empty, switching, files ----


def test_a_period_without_any_result(prefecture):
    page = text(prefecture.get(url(period="2022")))
    assert "没有数据" in page
    assert "全市数由" not in page


def test_a_standard_that_nobody_has_begun(prefecture, world):
    make_standard("second")
    assert [line.state for line in lines_at(prefecture, "second")] == ["not_begun"] * 4


def lines_at(client, standard: str) -> list:
    return [row["line"] for row in client.get(url(standard=standard)).context["lines"]]


def test_a_prefecture_whose_counties_have_begun_nothing(prefecture):
    MonthStanding.objects.all().delete()
    Campaign.objects.all().delete()
    home = reverse("assessments:prefecture-home", args=["P"])
    assert "都还没有选定建设标准" in text(prefecture.get(home))
    County.objects.filter(parent__code="P").update(parent=None)
    assert "还没有所辖县（区）" in text(prefecture.get(home))


def test_periods_and_standards_can_be_switched(prefecture, world):
    start_campaign(world.county, make_standard("second"), period="2022")
    start_campaign(world.county, world.standard, period="2021")
    page = prefecture.get(url()).context
    assert [address for _, address, _ in page["periods"]] == [url(), url(period="2021")]
    assert {address for _, address, _ in page["standards"]} == {url(), url(standard="second", period="2022")}
    assert "2021年度" in text(prefecture.get(url()))


def test_the_workbook_has_ranking_items_and_criteria(prefecture):
    answer = prefecture.get(url("prefecture-export"))
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["排名", "条目", "指标", "说明"]
    ranking = [[cell.value for cell in row] for row in book["排名"]]
    assert ranking[1][:4] == [1, "丙县", "C", 1]
    assert ranking[4][:4] == [None, "己县", "E", None]
    assert ranking[4][-1] == "未开展"
    criteria = {row[0].value: [cell.value for cell in row] for row in book["指标"]}
    assert criteria["3.1"][3:] == ["27.50%", "未达标", "≥ 35%", "已报 3/5", "20%", "未达标", "50%", "达标"]
    event = Event.objects.get(action="export_prefecture")
    assert (event.place, event.after["rows"]) == ("P", 4)


def test_an_item_that_a_county_does_not_have_says_so(prefecture, world):
    make_item(world.standard.sections.first(), "4", "新条目", world.standard.departments.first(), [], [])
    sections = prefecture.get(url()).context["sections"]
    new = next(row for section in sections for row in section.items if row.number == "4")
    assert {(cell.light.word, cell.url) for cell in new.cells} == {("没有这一条", "")}

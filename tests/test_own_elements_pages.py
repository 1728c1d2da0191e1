"""The pages of a county's own data elements; and one of them through the whole: asked, filled in, checked, computed."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.services import start_campaign
from indicators import drafts
from indicators.models import Element, ElementCheck
from indicators.own_elements import add_element
from indicators.queries import content_of
from institutions.filling.services import Cell, Unfit, save_cells, submit_report
from institutions.models import Institution, Report, Round
from institutions.review.services import decide
from tests.ledgers import plan, sheet
from tests.test_own_elements import BEDS, published
from tests.working import words
from tests.world import make_world

SENT = {
    "name": "中医床位数",
    "aliases": "中医病床数、中医床位",
    "group": "本县自设",
    "value_type": "integer",
    "unit": "张",
    "reported_by": ["township_centre"],
    "definition": "年末实有",
    "minimum": "0",
    "maximum": "",
    "choices": "",
}
CHECK = {"rule": "【中医床位数】 ≤ 【总诊疗人次】", "message": "中医床位数大于总诊疗人次", "level": "error"}


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def office(world) -> Client:
    return client_of(world, "office")


def client_of(world, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def url(name: str = "own-elements", county: str = "A", **more) -> str:
    return reverse(f"assessments:{name}", kwargs={"county": county} | more)


def test_an_element_is_made_on_its_page_and_stands_in_the_list(office):
    response = office.post(url("own-element-new"), SENT)
    assert response.status_code == 302
    element = Element.objects.get(owner="A")
    assert (element.name, element.aliases, element.unit) == ("中医床位数", ["中医病床数", "中医床位"], "张")
    page = words(office.get(url()))
    assert "中医床位数" in page
    assert "又称中医病床数、中医床位" in page
    assert "总诊疗人次" in page


def test_options_are_written_one_a_line(office):
    office.post(url("own-element-new"), SENT | {"value_type": "choice", "choices": "0 未设\r\n一般\r\n5、较好"})
    element = Element.objects.get(owner="A")
    assert (element.choices, element.minimum) == ({"0": "未设", "1": "一般", "5": "较好"}, None)
    page = words(office.get(url("own-element-edit", element=element.code)))
    assert "0 未设 1 一般 5 较好" in page


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": "总诊疗人次"}, "名称或别名相同"),
        ({"reported_by": []}, "请选择由哪些机构填报"),
        ({"minimum": "很多"}, "请填整数"),
        ({"value_type": "choice", "choices": "0 甲\n0 乙"}, "写了两次"),
        ({"name": "<b>床</b>【"}, "里不能有【】"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(office, sent, sentence):
    page = words(office.post(url("own-element-new"), SENT | sent))
    assert sentence in page
    assert "年末实有" in page
    assert "<b>床</b>" not in page
    assert not Element.objects.filter(owner="A").exists()


def test_an_element_is_changed_and_removed(office, world):
    element = add_element(BEDS, owner="A", by=world.users["office"])
    office.post(url("own-element-edit", element=element.code), SENT | {"name": "中医开放床位数"})
    element.refresh_from_db()
    assert element.name == "中医开放床位数"
    assert office.post(url("own-element-remove", element=element.code)).status_code == 302
    assert not Element.objects.filter(owner="A").exists()


def test_a_check_is_written_in_chinese_and_shown_so(office, world):
    add_element(BEDS, owner="A", by=None)
    assert office.post(url("own-check-new"), CHECK).status_code == 302
    check = ElementCheck.objects.get()
    assert (check.owner, check.expression) == ("A", "own_a_1 <= visits")
    assert "【中医床位数】 ≤ 【总诊疗人次】" in words(office.get(url()))
    page = words(office.post(url("own-check-edit", pk=check.pk), CHECK | {"rule": "【中医病床】 ≤ 3"}))
    assert "<mark>【中医病床】</mark>" in page
    assert "是不是" in page
    office.post(url("own-check-edit", pk=check.pk), CHECK | {"level": "warning"})
    check.refresh_from_db()
    assert check.level == "warning"
    office.post(url("own-check-remove", pk=check.pk))
    assert not ElementCheck.objects.exists()


def test_shared_elements_are_found_by_their_words_with_who_uses_them(office):
    page = words(office.get(url() + "?q=诊疗 中医"))
    assert "中医诊疗人次" in page
    assert "中医药专项资金" not in page
    assert "测试标准（1）" in page
    assert "没有找到" in words(office.get(url() + "?q=火箭"))


def test_nobody_changes_a_shared_element_or_one_of_another_county(office, world):
    theirs = add_element(BEDS, owner="B", by=None)
    check = ElementCheck.objects.create(owner="B", expression="own_b_1 > 0", message="乙")
    for code in ("visits", theirs.code):
        assert office.get(url("own-element-edit", element=code)).status_code == 404
        assert office.post(url("own-element-remove", element=code)).status_code == 404
    assert office.get(url("own-check-edit", pk=check.pk)).status_code == 404
    assert "中医床位数" not in words(office.get(url()))
    assert "<b>中医床位数</b>" not in words(office.get(url("own-check-new")))


def test_the_list_costs_the_same_however_many_there_are(office):
    def cost() -> int:
        with CaptureQueriesContext(connection) as counted:
            office.get(url())
        return len(counted)

    add_element(BEDS, owner="A", by=None)
    one = cost()
    for n in range(3):
        add_element(replace(BEDS, name=f"床位{n}", aliases=[]), owner="A", by=None)
    assert cost() == one


def test_an_own_element_is_asked_filled_in_checked_accepted_and_computed(office, world):
    office.post(url("own-element-new"), SENT)
    office.post(url("own-check-new"), CHECK)
    standard = _own_standard(office, world)
    start_campaign(world.county, standard, period="2024", by=world.users["office"])

    # asked: the round offers it
    new_round = reverse("institutions:round-new", kwargs={"county": "A"})
    assert "中医床位数" in words(office.get(new_round))
    days = {"opens_on": "2024-01-01", "due_on": date.today().isoformat()}
    asked = {"scope": "chosen", "elements": ["own_a_1", "visits"], "types": ["township_centre"]}
    assert office.post(new_round, {"period": "2024"} | days | asked).status_code == 302
    round = Round.objects.get(county=world.county, period="2024")

    # filled in and checked
    east, clerk = Institution.objects.select_related("county").get(code="A-01"), world.users["clerk"]
    form = words(client_of(world, "clerk").get(reverse("institutions:fill", args=["A", "2024", "A-01"])))
    assert "中医床位数" in form
    assert "年末实有" in form
    save_cells(round, [Cell(east, "own_a_1", "30"), Cell(east, "visits", "20")], by=clerk)
    with pytest.raises(Unfit) as refused:
        submit_report(round, east, by=clerk)
    assert "中医床位数大于总诊疗人次" in refused.value.reasons[0]
    save_cells(round, [Cell(east, "visits", "110", base="20")], by=clerk)
    submit_report(round, east, by=clerk)

    # accepted, computed
    decide(round, east, accept_all=True, by=world.users["reviewer"])
    assert Report.objects.get(institution=east, period="2024").accepted == {"own_a_1": 30, "visits": 110}
    standing = world.county.standings.get(standard=standard, period="2024")
    [result] = [c for item in standing.result["items"] for c in item["criteria"] if c["code"] == "3.1"]
    assert (Fraction(result["value"]), result["status"], result["due"]) == (30, "met", 3)
    page = words(office.get(reverse("assessments:item", args=["A", standard.code, "2024", "3"])))
    assert "中医床位数合计" in page


def _own_standard(office, world):
    """Published by county A, with criterion 3.1 made of its own element."""
    draft = drafts.copy_standard(world.standard, owner="A", by=None)
    content = drafts.with_items(
        content_of(draft),
        lambda item: (
            replace(
                item, criteria=[replace(c, expression="sum(own_a_1)", target="25", unit="张") for c in item.criteria]
            )
            if item.number == "3"
            else item
        ),
    )
    return published(drafts.save_draft(draft, content, seen=draft.digest, by=None))


def test_another_county_never_sees_it(world):
    add_element(BEDS, owner="A", by=None)
    _own_standard(None, world)
    theirs = client_of(world, "other_office")
    round_page = words(theirs.get(reverse("institutions:round-new", kwargs={"county": "B"})))
    assert "中医床位数" not in round_page
    assert "总诊疗人次" in round_page
    headings = sheet("机构数据", ["机构编码", "中医床位数"], ["B-01", 3])
    assert [change.values for change in plan(world.other_county, headings).reports] == []
    headings = sheet("机构数据", ["机构编码", "中医床位数"], ["A-01", 3])
    assert plan(world.county, headings).reports[0].values["own_a_1"] == 3
    days = {"opens_on": date(2024, 1, 1), "due_on": date.today()}
    Round.objects.create(county=world.other_county, period="2024", **days)
    fill = reverse("institutions:fill", args=["B", "2024", "B-01"])
    assert "中医床位数" not in words(client_of(world, "other_clerk").get(fill))
    assert "测试标准（1）" not in words(theirs.get(url(county="B") + "?q=床位"))
    assert words(theirs.get(reverse("indicators:standards"))).count("测试标准") == 1

"""The list of institutions: search, filters, order and pages live in the address; and the list as a workbook."""

from datetime import date
from io import BytesIO
from urllib.parse import quote

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.services import refresh_standing
from institutions.models import County, Institution
from tests.world import PERIOD, add_institution, make_world

OFFICIAL_ORDER = ["A-00", "A-01", "A-02", "A-03", "A-1000", "A-1001", "A-1002"]


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def reader(client, world):
    client.force_login(world.users["leadership"])
    return client


def address(name: str = "institutions") -> str:
    return reverse(f"assessments:{name}", kwargs={"county": "A", "standard": "small", "period": PERIOD})


def codes(client, **query) -> list[str]:
    return [row.code for row in client.get(address(), query).context["page"].object_list]


def refresh(world) -> None:
    refresh_standing(world.county, world.standard, PERIOD)


def test_active_institutions_come_in_the_official_order(reader, world):
    Institution.objects.filter(code="A-1000").update(position=0)  # before the centres by number, not by type
    assert codes(reader) == OFFICIAL_ORDER


def test_each_row_says_what_it_is_and_what_it_lacks(reader):
    rows = {row.code: row for row in reader.get(address()).context["page"].object_list}
    west, south = rows["A-02"], rows["A-03"]
    assert (west.word, west.unmet, west.unknown) == ("已报", 1, 0)
    assert (south.word, south.unmet, south.unknown) == ("未交", 0, 2)
    html = reader.get(address()).content.decode()
    assert "西镇卫生院" in html
    assert "乙县卫生院" not in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "西镇"}, ["A-02"]),
        ({"q": "a-1001"}, ["A-1001"]),
        ({"q": "南街"}, ["A-03"]),
        ({"type": "village_clinic"}, ["A-1000", "A-1001", "A-1002"]),
        ({"town": "南街"}, ["A-03"]),
        ({"reported": "no"}, ["A-03"]),
        ({"reported": "yes", "type": "township_centre"}, ["A-01", "A-02"]),
        ({"criteria": "unmet"}, ["A-02", "A-1000"]),
        ({"criteria": "unknown"}, ["A-03"]),
        ({"criteria": "clear"}, ["A-00", "A-01", "A-1001", "A-1002"]),
        ({"manager": "A-00"}, ["A-03"]),
        ({"type": "nonsense", "criteria": "nonsense", "sort": "nonsense", "page": "nonsense"}, OFFICIAL_ORDER),
        ({"q": "没有这家"}, []),
    ],
)
def test_the_address_chooses_what_is_listed(reader, query, expected):
    Institution.objects.filter(code="A-03").update(town="南街")
    assert codes(reader, **query) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-code", [*reversed(OFFICIAL_ORDER)]),
        ("-unmet", ["A-02", "A-1000", "A-00", "A-01", "A-03", "A-1001", "A-1002"]),
        ("-unknown", ["A-03", "A-00", "A-01", "A-02", "A-1000", "A-1001", "A-1002"]),
        ("reported", ["A-03", "A-00", "A-01", "A-02", "A-1000", "A-1001", "A-1002"]),
        ("-type", ["A-1000", "A-1001", "A-1002", "A-01", "A-02", "A-03", "A-00"]),
        ("town", ["A-03", "A-00", "A-01", "A-02", "A-1000", "A-1001", "A-1002"]),
    ],
)
def test_every_column_sorts_and_equals_stay_in_the_official_order(reader, sort, expected):
    Institution.objects.filter(code="A-03").update(town="一街")
    assert codes(reader, sort=sort) == expected


def test_names_sort_both_ways(reader):
    """In which order Chinese names come is the database's own."""
    names = codes(reader, sort="name")
    assert sorted(names) == OFFICIAL_ORDER
    assert names == codes(reader, sort="-name")[::-1]


def test_pages_hold_fifty_and_keep_what_was_asked_for(reader, world):
    for i in range(60):
        add_institution(world.county, f"A-2{i:03d}", "village_clinic", {"techniques": 8}, f"新{i}")
    refresh(world)
    query = {"q": "新", "sort": "-code", "page": "2"}
    assert codes(reader, **query) == [f"A-2{i:03d}" for i in range(9, -1, -1)]
    html = reader.get(address(), query).content.decode()
    assert "q=%E6%96%B0&amp;sort=-code&amp;page=1" in html
    assert "共 <b>60</b> 家，第 51—60 家" in html


def test_counts_by_type_are_filters_that_keep_the_others(reader):
    types = reader.get(address(), {"reported": "no", "page": "3"}).context["types"]
    assert [(row["label"], row["total"], row["missing"]) for row in types] == [
        ("全部", 7, 1),
        ("县（区）本级", 1, 0),
        ("乡镇卫生院", 3, 1),
        ("村卫生室", 3, 0),
    ]
    assert types[2]["url"] == "?reported=no&type=township_centre"
    assert [row["current"] for row in types] == [True, False, False, False]


def test_closed_institutions_are_listed_only_when_asked_for(reader, world):
    Institution.objects.filter(code="A-1000").update(closed_on=date(2023, 6, 1))
    Institution.objects.filter(code="A-1001").update(opened_on=date(2024, 1, 1))
    refresh(world)
    assert "A-1000" not in codes(reader)
    assert [code for code in codes(reader, closed="yes") if code.startswith("A-1")] == ["A-1000", "A-1002"]
    html = reader.get(address(), {"closed": "yes", "q": "A-1000"}).content.decode()
    assert "停用" in html.split("<tbody>")[1]


def test_an_empty_answer_says_how_to_go_on(reader):
    assert "没有符合条件的机构" in reader.get(address(), {"q": "没有这家"}).content.decode()


def test_a_countys_name_with_a_slash_stays_whole_in_the_files_name(reader, world):
    County.objects.filter(code="A").update(name="甲/乙县")
    assert quote("甲_乙县2023") in reader.get(address("institutions-export"))["Content-Disposition"]


def test_the_workbook_holds_the_list_as_filtered_and_runs_no_formula(reader):
    Institution.objects.filter(code="A-02").update(name="=1+1", remark="@备注")
    response = reader.get(address("institutions-export"), {"criteria": "unmet", "sort": "-code"})
    assert "attachment" in response["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(response.getvalue())).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("序号", "机构编码", "机构名称", "机构类型")
    assert [row[:4] for row in rows[1:]] == [
        (1, "A-1000", "第1村卫生室", "村卫生室"),
        (2, "A-02", "=1+1", "乡镇卫生院"),
    ]
    assert (sheet["C3"].data_type, sheet["C3"].quotePrefix, sheet["L3"].quotePrefix) == ("s", True, True)


@pytest.mark.parametrize("villages", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_list(client, db, villages):
    client.force_login(make_world(villages).users["leadership"])
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address()).status_code == 200
    assert len(queries) == 14

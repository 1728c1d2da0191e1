"""`manage.py assess` of a prefecture: its counties together."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Campaign, Standing
from institutions.models import County
from tests.prefecture_world import make_prefecture
from tests.world import PERIOD, World, add_institution


@pytest.fixture
def world(db) -> World:
    return make_prefecture()


def assess(county: str, **more):
    out = io.StringIO()
    call_command("assess", county=county, standard="small", period=PERIOD, stdout=out, stderr=io.StringIO(), **more)
    return out.getvalue()


def result(county: str = "P") -> dict:
    return json.loads(assess(county, format="json"))


def criteria(of: dict) -> dict:
    return {each["code"]: each for item in of["items"] for each in item["criteria"]}


def test_it_has_the_shape_of_a_countys_and_its_own_code(world):
    whole, county = result(), result("A")
    assert (whole["county"], whole["standard"], whole["period"]) == ("P", "small", PERIOD)
    assert whole.keys() == county.keys()
    assert [item.keys() for item in whole["items"]] == [item.keys() for item in county["items"]]
    assert {code: each.keys() for code, each in criteria(whole).items()} == {
        code: each.keys() for code, each in criteria(county).items()
    }


def test_figures_are_added_before_they_are_divided(world):
    """A: 60 of 300, C: 50 of 100; D's centre has not reported; of the institutions A has 7, C 2, D 1."""
    found = criteria(result())
    assert (found["3.1"]["value"], found["3.1"]["reported"], found["3.1"]["due"]) == ("11/40", 3, 5)
    assert (found["2.1"]["value"], found["2.1"]["range"], found["2.1"]["status"]) == ("2/5", ["2/5", "4/5"], "unmet")
    assert found["2.1"]["failing"] == ["A/A-02"]
    assert found["2.1"]["unknown"] == ["A/A-03", "D/D-01"]
    assert found["2.1"]["shortfall"]["count"] == 3
    assert found["1.1"]["value"] == "241/2"
    assert result()["coverage"] == {"reported": 8, "due": 10}


def test_its_own_evidence_is_open(world):
    assert {item["evidence"]["open"] for item in result()["items"]} == {2, 0, 1}
    assert all(item["evidence"]["accepted"] == 0 for item in result()["items"])


def test_counties_without_a_stored_result_are_counted_now(world):
    """己县 has not taken the standard up, and of 丙县 nothing is stored."""
    stored = result()
    Standing.objects.filter(county__code="C").delete()
    assert result() == stored
    Campaign.objects.all().delete()
    Standing.objects.all().delete()
    assert result() == stored
    add_institution(County.objects.get(code="E"), "E-01", "township_centre", {"has_hall": True})
    assert criteria(result())["2.1"]["value"] == "1/2"


def test_in_words_it_says_from_how_many_counties(world):
    printed = assess("P")
    assert printed.startswith("丁市：由所辖 4 个县（区）的数合并得出。")
    assert "已报 8/10" in printed


def test_it_is_not_kept(world):
    with pytest.raises(CommandError, match="不存档"):
        assess("P", save=True)


def test_without_counties_nothing_is_claimed(world):
    County.objects.filter(parent__code="P").update(parent=None)
    whole = result()
    assert {each["status"] for each in criteria(whole).values()} == {"not_applicable"}
    assert whole["summary"]["met"] == 0

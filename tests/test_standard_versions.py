"""The second version of the 42-item standard beside an installation that works towards the first."""

import io
import json

import pytest
from django.core.management import call_command

from assessments.models import EvidenceJudgement, Standing
from assessments.services import start_campaign
from indicators.loader import load_files, read_files
from indicators.models import EvidenceRequirement, Standard
from indicators.queries import current_standard
from institutions.models import County
from tests.linzi import LINZI, write_version_1

# As it was computed when the first version was the one that shipped.
DIGEST_1 = "b7474f3c493c51722b8fa1d72f556a9a0e5659d7ba417dc9eb56118c07c0d05a"


def version(number: str) -> Standard:
    return Standard.objects.get(code="linzi-2023", version=number)


def assessed(county: County, **options) -> dict:
    out, told = io.StringIO(), io.StringIO()
    call_command(
        "assess", county=county.code, standard="linzi-2023", period="2023", format="json", stdout=out, stderr=told,
        **options,
    )  # fmt: skip
    return json.loads(out.getvalue())


@pytest.fixture
def county(db) -> County:
    return County.objects.create(code="A", name="甲县")


def test_the_second_version_asks_for_the_same_and_says_it_more_closely(tmp_path):
    first = read_files(write_version_1(tmp_path))[1]
    second = read_files(LINZI)[1]
    assert first.digest() == DIGEST_1
    assert [item.criteria for item in first.items] == [item.criteria for item in second.items]
    asked = [
        [(each.code, each.text, each.required) for item in standard.items for each in item.evidence]
        for standard in (first, second)
    ]
    assert asked[0] == asked[1]


def test_it_is_loaded_beside_the_first_which_a_county_goes_on_with(county, tmp_path, capsys):
    first = load_files(write_version_1(tmp_path)).standard
    campaign = start_campaign(county, first, period="2023")
    EvidenceJudgement.objects.create(
        county=county,
        requirement=EvidenceRequirement.objects.get(code="01-01"),
        period="2023",
        state="accepted",
        judged_at="2024-01-01T00:00Z",
    )
    for said in ("已载入", "没有变化"):
        call_command("load_standard", LINZI)
        assert said in capsys.readouterr().out
    assert current_standard("linzi-2023") == version("2")
    campaign.refresh_from_db()
    assert campaign.standard == version("1")
    assert (version("1").digest, version("1").items.count()) == (DIGEST_1, 42)
    assert Standing.objects.get().standard == version("1")
    assert load_files(write_version_1(tmp_path)).changed_nothing


def test_assess_takes_the_version_that_the_county_works_towards(county, tmp_path):
    start_campaign(county, load_files(write_version_1(tmp_path)).standard, period="2023")
    load_files(LINZI)
    assert assessed(county, save=True)["summary"]["items"] == 42
    assert county.assessments.get().standard == version("1")
    start_campaign(county, version("2"), period="2023")
    assessed(county, save=True)
    assert county.assessments.latest("pk").standard == version("2")


def test_assess_takes_the_current_version_where_the_county_took_up_none(county, tmp_path):
    load_files(write_version_1(tmp_path))
    load_files(LINZI)
    assessed(county, save=True)
    assert county.assessments.get().standard == version("2")


def test_setting_up_again_over_an_installation_with_the_first_version(db, settings, tmp_path, capsys):
    settings.VAR_DIR = tmp_path
    load_files(write_version_1(tmp_path))
    call_command("make_demo")
    call_command("load_standard", LINZI)
    call_command("make_demo")
    assert "已载入" in capsys.readouterr().out
    county = County.objects.get(code="DEMO")
    assert county.campaigns.get().standard == version("1")
    assert {standing.standard for standing in county.standings.all()} == {version("1")}
    assert assessed(county)["coverage"]["reported"] > 0

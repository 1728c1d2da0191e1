"""The county's statement in the self-assessment report: as it stood when the assessment was made."""

import pytest

from assessments.models import Assessment
from assessments.reports.pdf import html_of
from assessments.reports.self_assessment import self_assessment
from assessments.services import save_assessment
from assessments.work.statement_services import save_statement
from tests.working import campaign_of, item_of
from tests.world import PERIOD, World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


def write(world: World, text: str, seen=(0, 0)) -> None:
    save_statement(campaign_of(world), item_of(world, "1"), PERIOD, text=text, seen=seen, by=world.users["office"])


def statements(assessment: Assessment) -> dict[str, list[str]]:
    items = self_assessment(assessment).items
    return {item.content.number: item.paragraphs for item in items if item.paragraphs}


def test_a_report_prints_the_statement_of_its_time(world):
    write(world, "已设立专项资金。\n\n 全部拨付到位。")
    kept = save_assessment(world.county, world.standard, PERIOD)
    write(world, "改写了。", (1, 1))
    kept.refresh_from_db()
    assert statements(kept) == {"1": ["已设立专项资金。", "全部拨付到位。"]}
    assert "<b>自评说明：</b>已设立专项资金。</p>" in html_of(self_assessment(kept))


def test_the_words_are_no_markup(world):
    write(world, "<b>粗</b>")
    assert "&lt;b&gt;粗&lt;/b&gt;" in html_of(self_assessment(save_assessment(world.county, world.standard, PERIOD)))


def test_an_assessment_of_before_there_were_statements(world):
    kept = save_assessment(world.county, world.standard, PERIOD)
    del kept.inputs["statements"]
    assert statements(kept) == {}


def test_only_the_statements_of_its_period(world):
    save_statement(
        campaign_of(world), item_of(world, "1"), "2024", text="2024 年的", seen=(0, 0), by=world.users["office"]
    )
    assert save_assessment(world.county, world.standard, PERIOD).inputs["statements"] == {}

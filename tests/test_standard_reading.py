"""What a standard's page shows of the plan as a whole, of a department, of a figure by years."""

from datetime import date

import pytest
from django.urls import reverse

from indicators.models import Criterion, Department, Item
from tests.world import make_world

MEETING = {
    "kind": "meeting",
    "name": "联席会议",
    "every": "half_month",
    "called_by": "区政府办",
    "recorded_by": "",
    "matters": ["通报进度", "协调难点"],
    "note": "",
}


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def page(client, world):
    """What stands on the standard's page, with what the address asks for."""
    client.force_login(world.users["stranger"])
    return lambda **query: client.get(reverse("indicators:standard", args=["small"]), query).content.decode()


def change(standard, **facts) -> None:
    type(standard).objects.filter(pk=standard.pk).update(**facts)


def test_a_standard_without_them_shows_no_empty_headings(page):
    shown = page()
    for heading in ("领导小组", "工作机制", "工作阶段", "官方原文", "出处"):
        assert heading not in shown


def test_who_leads_and_how_the_work_is_kept_going(page, world):
    seats = [
        {"part": "member", "office": "财政局局长"},
        {"part": "head", "office": "区政府副区长"},
        {"part": "member", "office": "卫健局局长"},
    ]
    change(world.standard, leading_group=seats, arrangements=[MEETING], deadline=date(2025, 12, 31))
    shown = page()
    assert "<dt>组长</dt><dd>区政府副区长</dd><dt>成员</dt><dd>财政局局长、卫健局局长</dd>" in shown
    for each in ("联席会议", "每半月", "区政府办", "<li>协调难点</li>", "2025年12月31日"):
        assert each in shown
    assert "<dt>记录</dt>" not in shown
    assert "联席会议" not in page(department="财政局")


def test_a_department_has_its_duties_and_its_items(page, world):
    Department.objects.filter(name="财政局").update(duties=["安排资金", "按时拨付"])
    shown = page(department="财政局")
    assert "财政局的职责" in shown
    assert "<li>按时拨付</li>" in shown
    assert "中医馆与适宜技术" in shown
    assert "<li>按时拨付</li>" not in page()
    assert "的职责" not in page(department="卫生健康局")
    Department.objects.create(
        standard=world.standard, name="成员单位", members=["财政局"], duties=["按时报送"], position=9
    )
    shown = page(department="财政局")
    assert shown.index("财政局的职责") < shown.index("成员单位的职责") < shown.index("<li>按时报送</li>")


def test_an_item_has_its_official_words_and_its_place_in_the_plan(page):
    Item.objects.filter(number="2").update(wording="各乡镇<要>设中医馆。", source="第三部分（二）4")
    shown = page()
    assert "各乡镇&lt;要&gt;设中医馆。" in shown
    assert "<dt>出处</dt><dd>第三部分（二）4</dd>" in shown


def test_targets_stand_by_year(page):
    Criterion.objects.filter(code="3.1").update(targets={"2025": "40%", "2024": "35%"}, source="35%以上")
    shown = page()
    assert shown.index("2024 年起 不低于 35%") < shown.index("2025 年起 不低于 40%")
    assert "出处：35%以上" in shown

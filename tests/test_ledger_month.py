"""The monthly ledger (工作台账): what happened of an item in a month, in one county and in a prefecture's."""

from datetime import date, datetime
from importlib import import_module
from io import BytesIO

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from assessments.enums import ItemStepKind
from assessments.models import CampaignDepartment, ItemStep, MonthStanding
from assessments.monthly.ledger import ledger_of
from assessments.monthly.months import asked_month, bounds, following, this_month
from assessments.services import start_campaign
from assessments.work.services import set_charge, write_comment, write_note
from indicators.models import Standard
from institutions.models import County
from institutions.period import Period
from tcm_demo.audit.models import Event
from tests.prefecture_world import keep, make_prefecture, queries_of
from tests.prefecture_world import url as prefecture_url
from tests.working import HERE, campaign_of, item_of, words
from tests.world import PERIOD, World

URL = reverse("assessments:ledger", kwargs=HERE)
MARCH = Period.parse("2024-03")


@pytest.fixture
def world(db) -> World:
    return make_prefecture()


@pytest.fixture
def reader(client, world):
    client.force_login(world.users["prefecture"])
    return client


def happened(world: World, number: str, kind: ItemStepKind, at: datetime, text: str = "已拨付", county=None) -> None:
    campaign = (county or world.county).campaigns.get()
    moment = timezone.make_aware(at)
    item = item_of(world, number)
    ItemStep.objects.create(campaign=campaign, item=item, kind=kind, text=text, by_name="甲", at=moment)


def row(world: World, number: str, month: Period = MARCH):
    return next(row for row in ledger_of(campaign_of(world), PERIOD, month).rows if row.number == number)


def statuses(**changed) -> dict:
    return dict(MonthStanding.objects.filter(county__code="A").latest("month").items) | changed


# ---- months ----


@pytest.mark.parametrize(
    "text", ["abc", "2024", "2024Q1", "2024-13", "2024-3", "x" * 400, "<b>", "2024-03 ", "２０２４-03"]
)
def test_what_is_no_month_is_answered_with_this_month_and_a_sentence(reader, text):
    page = reader.get(URL, {"month": text})
    assert page.context["ledger"].month == this_month()
    assert "不是月份" in words(page)
    assert reader.get(prefecture_url("prefecture-ledger"), {"month": text}).status_code == 200
    assert reader.get(prefecture_url("prefecture-ledger-export"), {"month": text}).status_code == 200


def test_a_month_that_has_not_begun_is_not_shown(reader):
    later = following(this_month())
    page = reader.get(URL, {"month": later.text})
    assert page.context["ledger"].month == this_month()
    assert f"{later}还没有到" in words(page)
    assert page.context["months"]["next"] == ""


@given(st.dates(date(2000, 1, 1), date(2026, 10, 31)))
def test_every_day_lies_within_the_bounds_of_its_month_alone(day):
    month = Period.parse(f"{day:%Y-%m}")
    noon = timezone.make_aware(datetime(day.year, day.month, day.day, 12))
    start, end = bounds(month)
    assert start <= noon < end
    assert end == bounds(following(month))[0]
    assert asked_month(month.text) == (month, "")


# ---- one county ----


def test_lights_are_those_of_the_end_of_the_month(world):
    keep("A", "2024-01", items=statuses(**{"1": "unmet"}))
    keep("A", "2024-03", items=statuses(**{"1": "met"}))
    assert (row(world, "1").before, row(world, "1").now) == ("unmet", "met")
    assert row(world, "1").change == "未达标 → 达标"


def test_a_month_without_changes_is_as_the_one_before_and_what_is_not_known_stays_open(world):
    keep("A", "2024-01", items=statuses(**{"1": "nearly"}))
    april, first, early = (row(world, "1", Period.parse(each)) for each in ("2024-04", "2024-01", "2023-12"))
    assert (april.before, april.now, april.change) == ("nearly", "nearly", "")
    assert (first.before, first.now, first.change) == ("", "nearly", "")
    assert (early.before, early.now) == ("", "")


def test_notes_and_evidence_of_the_month_alone_by_the_offices_clock(world):
    for at in (
        datetime(2024, 2, 29, 23, 59),
        datetime(2024, 3, 1),
        datetime(2024, 3, 31, 23, 59),
        datetime(2024, 4, 1),
    ):
        happened(world, "1", ItemStepKind.NOTE, at, f"{at:%m-%d}")
        happened(world, "1", ItemStepKind.UPLOADED, at)
    happened(world, "1", ItemStepKind.RETURNED, datetime(2024, 3, 5))
    happened(world, "1", ItemStepKind.COMMENT, datetime(2024, 3, 5), "内部讨论")
    happened(world, "2", ItemStepKind.NOTE, datetime(2024, 3, 5), "别的条目")
    found = row(world, "1")
    assert [note.text for note in found.notes] == ["03-01", "03-31"]
    assert found.evidence == [("上传佐证", 2), ("退回佐证", 1)]


def test_the_discussion_is_not_in_the_ledger(reader, world):
    write_comment(world.campaign, item_of(world, "1"), text="内部讨论", by=world.users["office"])
    write_note(world.campaign, item_of(world, "1"), text="已经拨付", by=world.users["office"])
    page = words(reader.get(URL))
    assert "已经拨付" in page
    assert "内部讨论" not in page


def test_departments_are_called_as_the_county_calls_them(world):
    CampaignDepartment.objects.filter(campaign=world.campaign, name="财政局").update(name="财政和国资局")
    assert row(world, "1").lead == ("财政和国资局",)


def test_who_is_in_charge_and_what_is_late(world):
    item, liaison = item_of(world, "1"), world.users["liaison"]
    set_charge(world.campaign, item, person=liaison, due_on=date(2024, 3, 10), by=None)
    found = row(world, "1")
    assert (found.person, found.due_on, found.is_late) == ("liaison", date(2024, 3, 10), True)
    assert not row(world, "1", Period.parse("2024-02")).is_late
    keep("A", "2024-03", items=statuses(**{"1": "met"}))
    assert not row(world, "1").is_late


def test_only_what_happened_can_be_shown(reader, world):
    happened(world, "2", ItemStepKind.NOTE, datetime(2024, 3, 5))
    page = reader.get(URL, {"month": "2024-03", "quiet": "no"})
    assert [each["row"].number for section in page.context["sections"] for each in section["rows"]] == ["2"]
    assert "这个月没有动静" in words(reader.get(URL, {"month": "2024-02", "quiet": "no"}))


def test_a_period_without_a_result_has_a_ledger_too(reader, world):
    page = reader.get(reverse("assessments:ledger", kwargs=HERE | {"period": "2019"}))
    assert [row.now for row in page.context["ledger"].rows] == ["", "", ""]


def test_the_workbook_holds_every_note(reader, world):
    for day in range(1, 6):
        happened(world, "1", ItemStepKind.NOTE, datetime(2024, 3, day), f"=第{day}次")
    answer = reader.get(reverse("assessments:ledger-export", kwargs=HERE), {"month": "2024-03"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    first = [cell.value for cell in sheet[2]]
    assert first[:4] == ["组织管理", "1", "财政投入", "财政局"]
    assert first[7].count("\n") == 4
    event = Event.objects.get(action="export_monthly_ledger")
    assert (event.place, event.after["month"], event.after["rows"]) == ("A", "2024-03", 3)
    assert "另有 2 条" in words(reader.get(URL, {"month": "2024-03"}))


def test_the_ledger_costs_the_same_for_any_number_of_items(reader, world):
    before = queries_of(reader, URL)
    for number in ("1", "2", "3"):
        for text in ("一", "二"):
            write_note(world.campaign, item_of(world, number), text=text, by=None)
        set_charge(world.campaign, item_of(world, number), person=world.users["office"], due_on=None, by=None)
    assert len(queries_of(reader, URL)) == len(before) < 25


def test_what_the_plan_says_of_its_ledger_stands_above(reader, world):
    asked = {
        "kind": "ledger",
        "name": "任务台账",
        "every": "month",
        "recorded_by": "市卫健委",
        "matters": ["进展", "问题"],
    }
    other = {"kind": "meeting", "name": "联席会议", "every": "half_month"}
    Standard.objects.filter(pk=world.standard.pk).update(arrangements=[asked, other])
    for url in (URL, prefecture_url("prefecture-ledger")):
        page = words(reader.get(url))
        assert "任务台账，每月，市卫健委记录：进展、问题" in page
        assert "联席会议" not in page


def test_results_of_before_months_were_kept_get_their_months_row(world):
    row = MonthStanding.objects.get(county__code="A")
    MonthStanding.objects.filter(county__code="A").delete()
    import_module("assessments.migrations.0009_months_of_standings").keep_months(apps, None)
    again = MonthStanding.objects.get(county__code="A")
    for name in ("standard", "period", "month", "summary", "coverage", "items", "criteria", "computed_at"):
        assert getattr(again, name) == getattr(row, name), name
    assert MonthStanding.objects.count() == 4


# ---- a prefecture ----


def test_counties_stand_side_by_side(reader, world):
    third = world.county.parent.counties.get(code="C")
    keep("A", "2024-02", items=statuses(**{"2": "nearly"}))
    keep("A", "2024-03", items=statuses(**{"2": "met"}))
    for _ in range(2):
        happened(world, "2", ItemStepKind.NOTE, datetime(2024, 3, 5), county=third)
    happened(world, "2", ItemStepKind.ACCEPTED, datetime(2024, 3, 5), county=third)
    page = reader.get(prefecture_url("prefecture-ledger"), {"month": "2024-03"})
    ledger = page.context["ledger"]
    assert [county.name for county in ledger.counties] == ["甲县", "丙县", "戊县"]
    assert [county.name for county in ledger.left_out] == ["己县"]
    cells = dict(zip("ACD", next(item for item in ledger.items if item.number == "2").cells, strict=True))
    assert (cells["A"].now, cells["A"].change, cells["A"].notes) == ("met", "基本达标 → 达标", 0)
    assert (cells["C"].now, cells["C"].notes, cells["C"].evidence) == ("", 2, 1)
    assert ledger.totals[:2] == [{"moved": 1, "notes": 0, "evidence": 0}, {"moved": 0, "notes": 2, "evidence": 1}]
    assert f'href="{URL}?month=2024-03"' in page.content.decode()


def test_the_prefectures_workbook_has_a_line_for_each_item_and_county(reader, world):
    answer = reader.get(prefecture_url("prefecture-ledger-export"), {"month": "2024-03"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert sheet.max_row == 1 + 3 * 3
    assert Event.objects.get(action="export_prefecture_ledger").place == "P"


def test_side_by_side_costs_the_same_for_any_number_of_counties(reader, world):
    before = queries_of(reader, prefecture_url("prefecture-ledger"))
    for number in range(5):
        county = County.objects.create(code=f"N{number}", name=f"新县{number}", parent=world.county.parent)
        write_note(start_campaign(county, world.standard, period=PERIOD), item_of(world, "1"), text="一", by=None)
    assert len(queries_of(reader, prefecture_url("prefecture-ledger"))) == len(before) < 25

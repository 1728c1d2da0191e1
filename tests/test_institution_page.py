"""One institution: what it is, its figures, and its own light under every criterion that it touches."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import InstitutionStanding
from assessments.services import refresh_standing
from indicators.models import Criterion, Element, Item
from institutions.models import Institution, Report
from tests.world import PERIOD, add_institution, make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def reader(client, world):
    client.force_login(world.users["leadership"])
    return client


def get(client, code: str):
    kwargs = {"county": "A", "standard": "small", "period": PERIOD, "code": code}
    return client.get(reverse("assessments:institution", kwargs=kwargs))


def lights(client, code: str) -> dict:
    """By criterion; first those that the institution decides."""
    context = get(client, code).context
    return {row["light"].criterion.code: row["light"] for row in (*context["decided"], *context["pooled"])}


def lines(client, code: str) -> dict:
    return {line.name: line for group in get(client, code).context["groups"] for line in group.lines}


def report_before(code: str, values: dict, **more) -> Report:
    now = timezone.now()
    institution = Institution.objects.get(code=code)
    defaults = {"state": "accepted", "accepted_at": now, "updated_at": now}
    return Report.objects.create(
        institution=institution, period="2022", values=values, accepted=values, **defaults | more
    )


# ---- what it is ----


def test_it_says_what_the_institution_is(reader):
    south = Institution.objects.get(code="A-03")
    south.remark, south.opened_on = "租用房屋", date(2001, 2, 3)
    south.save()
    html = get(reader, "A-03").content.decode()
    for words in ("南镇医院", "乡镇卫生院", "A-03", "东镇", "甲县本级", "租用房屋", "2001年2月3日"):
        assert words in html


def test_it_leads_to_who_manages_it_and_to_those_it_manages(reader):
    own = reverse("assessments:institution", args=["A", "small", PERIOD, "A-00"])
    assert f'href="{own}"' in get(reader, "A-03").content.decode()
    html = get(reader, "A-00").content.decode()
    assert "institutions/?manager=A-00" in html
    assert "1 家" in html


def test_the_report_says_when_and_by_whom_it_was_accepted(reader, world):
    Report.objects.filter(institution__code="A-01").update(
        accepted_by=world.users["office"], accepted_at=timezone.make_aware(timezone.datetime(2024, 1, 15, 9, 30))
    )
    html = get(reader, "A-01").content.decode()
    assert "已接受" in html
    assert "2024年1月15日 09:30，接受人：office" in html


def test_a_closed_institution_says_so_and_has_no_lights(reader, world):
    Institution.objects.filter(code="A-02").update(closed_on=date(2023, 6, 1))
    refresh_standing(world.county, world.standard, PERIOD)
    response = get(reader, "A-02")
    assert "本机构自 2023年6月1日起停用，不计入2023年度的达标情况。" in response.content.decode()
    assert (response.context["decided"], response.context["pooled"]) == ([], [])
    assert lines(reader, "A-02")["总诊疗人次"].now == "200"


@pytest.mark.parametrize("code", ["A-99", "B-01"])
def test_unknown_ones_and_those_of_another_county_are_not_found(reader, code):
    assert get(reader, code).status_code == 404


# ---- its figures ----


def test_figures_stand_beside_those_of_the_period_before(reader):
    report_before("A-01", {"has_hall": False, "visits": 1250, "tcm_visits": 40})
    found = lines(reader, "A-01")
    assert [(line.now, line.before, line.change) for line in found.values()] == [
        ("是", "否", "有变化"),
        (None, None, ""),
        ("100", "1,250", "−1,150"),
        ("40", "40", "不变"),
    ]
    assert "2022年度" in get(reader, "A-01").content.decode()


def test_decimals_are_compared_exactly(reader):
    report_before("A-00", {"fund": "120.3"})
    line = lines(reader, "A-00")["中医药专项资金"]
    assert (line.now, line.before, line.change) == ("120.5", "120.3", "+0.20")


def test_missing_is_not_zero_and_a_change_from_nothing_is_no_change(reader):
    report_before("A-01", {"tcm_visits": 0})
    found = lines(reader, "A-01")
    assert (found["适宜技术项数"].now, found["总诊疗人次"].change) == (None, "")
    assert found["中医诊疗人次"].before == "0"
    assert "未填" in get(reader, "A-01").content.decode()


def test_only_what_its_type_reports_is_listed(reader):
    assert list(lines(reader, "A-1000")) == ["适宜技术项数"]


def test_without_the_period_before_nothing_is_compared(reader):
    assert "2022年度没有填报，无从比较" in get(reader, "A-01").content.decode()


def test_figures_that_are_not_accepted_are_not_shown(reader, world):
    Report.objects.filter(institution__code="A-01").update(state="submitted", accepted={})
    refresh_standing(world.county, world.standard, PERIOD)
    assert lines(reader, "A-01")["总诊疗人次"].now is None
    html = get(reader, "A-01").content.decode()
    assert "已提交" in html
    assert "接受之前，本期数值不计入达标情况" in html


def test_choices_are_shown_by_name_and_definitions_are_there(reader):
    Element.objects.filter(code="techniques").update(
        value_type="choice", choices={"4": "四类"}, definition="按手册分类"
    )
    assert lines(reader, "A-1000")["适宜技术项数"].now == "四类"
    assert "按手册分类" in get(reader, "A-1000").content.decode()


# ---- its lights ----


def test_each_criterion_that_it_touches_has_its_own_light(reader):
    east, west = lights(reader, "A-01"), lights(reader, "A-02")
    assert {code: (light.decided, light.status) for code, light in east.items()} == {
        "2.1": (True, "met"),
        "3.1": (False, "above"),
    }
    assert {code: (light.decided, light.status) for code, light in west.items()} == {
        "2.1": (True, "unmet"),
        "3.1": (False, "below"),
    }


def test_a_pooled_ratio_shows_its_own_value_the_countys_and_what_it_would_take(reader):
    light = lights(reader, "A-02")["3.1"]
    assert light.demand == "中医诊疗人次 ÷ 总诊疗人次 ≥ 35%"
    assert (light.value_text, light.whole_text, light.whole_status) == ("10%", "20%（暂算）", "unmet")
    assert light.basis == (("中医诊疗人次", "20 人次"), ("总诊疗人次", "200 人次"))
    assert light.lacks == ("按本机构自身算还差 50 人次（中医诊疗人次）",)


def test_a_condition_says_what_is_short(reader):
    light = lights(reader, "A-1000")["2.2"]
    assert (light.status, light.demand, light.basis) == ("unmet", "适宜技术项数 ≥ 6", (("适宜技术项数", "4 项"),))
    assert light.lacks == ("现为 4 项，还差 2 项",)


def test_who_has_not_reported_is_told_what_is_missing(reader):
    response = get(reader, "A-03")
    assert "未交" in response.content.decode()
    found = lights(reader, "A-03")
    assert {code: light.status for code, light in found.items()} == {"2.1": "undecided", "3.1": "undecided"}
    assert found["3.1"].lacks == ("未填报：中医诊疗人次、总诊疗人次",)


def test_what_the_county_alone_reports_is_decided_by_its_own_figures(reader):
    light = lights(reader, "A-00")["1.1"]
    assert (light.decided, light.status, light.value_text) == (True, "met", "120.50 万元")


def test_what_lacks_an_amount_says_how_much(reader, world):
    Criterion.objects.filter(code="1.1").update(comparator=">=", target="200")
    refresh_standing(world.county, world.standard, PERIOD)
    light = lights(reader, "A-00")["1.1"]
    assert (light.status, light.lacks) == ("unmet", ("还差 80 万元（中医药专项资金）",))


def test_a_target_that_is_not_set_is_said(reader, world):
    Report.objects.filter(institution__code="A-00").update(accepted={})
    Criterion.objects.filter(code="3.1").update(target="sum(fund)")
    refresh_standing(world.county, world.standard, PERIOD)
    light = lights(reader, "A-01")["3.1"]
    assert (light.status, light.demand) == ("counted", "中医诊疗人次 ÷ 总诊疗人次（待设目标）")


def test_what_it_fails_comes_first(reader, world):
    item = Item.objects.get(standard=world.standard, number="1")
    Criterion.objects.create(
        item=item, code="1.0", name="有中医诊疗", level="hard", scope=["township_centre"], position=0,
        expression="share(tcm_visits > 0)", comparator=">=", target="100%", unit="%",
    )  # fmt: skip
    refresh_standing(world.county, world.standard, PERIOD)
    decided = [row["light"] for row in get(reader, "A-02").context["decided"]]
    assert [(light.criterion.code, light.status) for light in decided] == [("2.1", "unmet"), ("1.0", "met")]


def test_each_light_leads_to_its_item(reader):
    url = reverse("assessments:item", args=["A", "small", PERIOD, "2"])
    assert f"{url}#criterion-2.1" in get(reader, "A-02").content.decode()


def test_the_counts_are_those_of_the_list(reader, world):
    for part in InstitutionStanding.objects.select_related("institution").filter(standing__county=world.county):
        counts = dict(get(reader, part.institution.code).context["counts"])
        assert (counts["unmet"], counts["undecided"]) == (part.unmet, part.unknown), part.institution


@pytest.mark.parametrize("villages", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_county(client, db, villages):
    world = make_world(villages)
    for i in range(villages):
        add_institution(world.county, f"A-2{i}", "township_centre", {"visits": 7, "tcm_visits": 1})
    refresh_standing(world.county, world.standard, PERIOD)
    client.force_login(world.users["leadership"])
    with CaptureQueriesContext(connection) as queries:
        assert get(client, "A-01").status_code == 200
    assert len(queries) == 15

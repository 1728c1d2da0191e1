"""A county's own data elements and checks through the services: what may be made, changed, taken away."""

from dataclasses import replace
from datetime import date

import pytest

from indicators import drafts
from indicators.contents import CheckContent, ElementContent
from indicators.models import Criterion, Element, ElementCheck
from indicators.own_elements import (
    add_check,
    add_element,
    change_check,
    change_element,
    remove_check,
    remove_element,
)
from indicators.queries import content_of, elements_of, specs_of
from indicators.services import ElementInUse, Refused
from institutions.models import HeadingMatch, Report
from institutions.rounds.services import save_round
from tcm_demo.audit.models import Event
from tests.world import make_world

BEDS = ElementContent(
    code="",
    name="中医床位数",
    group="本县自设",
    value_type="integer",
    unit="张",
    definition="年末实有",
    reported_by=["township_centre"],
    aliases=["中医病床数"],
    choices={},
    minimum=0,
    maximum=None,
)
GRADE = replace(BEDS, name="馆的等级", aliases=[], value_type="choice", choices={"0": "无", "1": "有"}, minimum=None)
RULE = CheckContent("own_a_1 <= visits", "中医床位数太多", "error", [])


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def beds(world) -> Element:
    return add_element(BEDS, owner="A", by=world.users["office"])


def standard_with(world, formula: str, **more):
    """A draft of county A in which criterion 3.1 computes this."""
    draft = drafts.copy_standard(world.standard, owner="A", by=None)
    content = drafts.with_items(
        content_of(draft),
        lambda item: (
            replace(item, criteria=[replace(c, expression=formula, **more) for c in item.criteria])
            if item.number == "3"
            else item
        ),
    )
    return drafts.save_draft(draft, content, seen=draft.digest, by=None)


def published(draft):
    draft = drafts.check_draft(draft, seen=draft.digest, by=None)
    return drafts.publish(draft, seen=draft.digest, by=None)


def report_with(world, **values) -> Report:
    report = Report.objects.get(institution__code="A-01")
    report.values |= values
    report.save()
    return report


def test_an_element_is_the_countys_alone_under_a_code_of_its_own(world, beds):
    assert (beds.owner, beds.code, beds.position) == ("A", "own_a_1", 1)
    assert add_element(replace(BEDS, name="中医护士数", aliases=[]), owner="A", by=None).code == "own_a_2"
    assert "own_a_1" in specs_of("A")
    assert "own_a_1" not in specs_of("B")
    assert list(elements_of("B").exclude(owner="")) == []
    event = Event.objects.get(action="add_own_element", subject_id=str(beds.pk))
    assert (event.place, event.after["name"], event.actor_name) == ("A", "中医床位数", "office")


def test_two_counties_whose_codes_come_to_the_same_letters_have_codes_apart(world, beds):
    assert add_element(BEDS, owner="a", by=None).code == "own_a_2"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "请填写名称"),
        ({"name": "总诊疗人次"}, "与共用的数据元“总诊疗人次”的名称或别名相同"),
        ({"name": "总 诊疗人次"}, "与共用的数据元"),
        ({"aliases": ["ｖｉｓｉｔｓ"]}, "与共用的数据元"),
        ({"aliases": ["中医床位数"]}, "写了两次"),
        ({"name": "床位【中医】"}, "里不能有【】"),
        ({"name": "合计"}, "在公式里另有用处"),
        ({"name": "100%"}, "在公式里另有用处"),
        ({"name": "床\u200b位"}, "看不见的控制字符"),
        ({"name": "床" * 101}, "超过 100 个字"),
        ({"unit": "很长很长很长的单位单位"}, "超过 10 个字"),
        ({"value_type": "word"}, "请选择类型"),
        ({"reported_by": []}, "至少一类"),
        ({"reported_by": ["moon"]}, "至少一类"),
        ({"minimum": 5, "maximum": 3}, "最小值大于最大值"),
        ({"maximum": 2**31}, "不能超过"),
        ({"value_type": "boolean"}, "只有整数和小数才有最小值"),
        ({"value_type": "choice", "minimum": None}, "请填写 2 至 30 个选项"),
        ({"value_type": "choice", "minimum": None, "choices": {"0": "无", "1": "无 "}}, "选项写重了"),
        ({"value_type": "choice", "minimum": None, "choices": {"0": "“无”", "1": "有"}}, "不能有引号"),
        ({"choices": {"0": "无", "1": "有"}}, "才有选项"),
    ],
)
def test_what_is_not_sound_is_refused(world, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        add_element(replace(BEDS, **changes), owner="A", by=None)
    assert not Element.objects.exclude(owner="").exists()


def test_a_name_that_another_county_uses_for_its_own_is_free(beds):
    assert add_element(BEDS, owner="B", by=None).code == "own_b_1"


def test_an_own_elements_names_are_taken_within_the_county(beds):
    with pytest.raises(Refused, match="与本县自设的数据元“中医床位数”"):
        add_element(replace(BEDS, name="中医病床数", aliases=[]), owner="A", by=None)


def test_an_element_is_changed_with_what_was_before(world, beds):
    changed = change_element(beds, replace(BEDS, name="中医开放床位数"), by=world.users["office"])
    assert (changed.code, changed.name) == ("own_a_1", "中医开放床位数")
    event = Event.objects.get(action="change_own_element")
    assert (event.before["name"], event.after["name"]) == ("中医床位数", "中医开放床位数")
    change_element(changed, replace(BEDS, name="中医开放床位数"), by=None)
    assert Event.objects.filter(action="change_own_element").count() == 1


def test_shared_elements_and_those_that_are_gone_are_not_changed(world, beds):
    with pytest.raises(Refused, match="不在了"):
        change_element(Element.objects.get(code="visits"), BEDS, by=None)
    remove_element(beds, by=None)
    with pytest.raises(Refused, match="不在了"):
        change_element(beds, BEDS, by=None)


def test_its_type_stays_where_figures_stand(world, beds):
    report_with(world, own_a_1=5)
    with pytest.raises(ElementInUse, match="1 份填报里有它的数"):
        change_element(beds, replace(BEDS, value_type="decimal"), by=None)
    with pytest.raises(ElementInUse, match="不能删去：1 份填报里有它的数"):
        remove_element(beds, by=None)


def test_its_type_stays_where_a_standard_computes_from_it(world, beds):
    standard_with(world, "sum(own_a_1)", unit="张", target="3")
    with pytest.raises(ElementInUse, match="“测试标准（1）”的指标用到它"):
        change_element(beds, replace(BEDS, value_type="decimal"), by=None)
    with pytest.raises(ElementInUse, match="的指标用到它"):
        remove_element(beds, by=None)


def test_another_countys_draft_holds_nobodys_element(world, beds):
    theirs = drafts.copy_standard(world.standard, owner="B", by=None)
    faulty = Criterion.objects.filter(item__standard=theirs).first()
    Criterion.objects.filter(pk=faulty.pk).update(expression=f"sum({beds.code})")
    assert change_element(beds, replace(BEDS, value_type="decimal"), by=None).value_type == "decimal"
    remove_element(beds, by=None)
    assert not Element.objects.filter(owner="A").exists()


def test_an_option_that_was_chosen_keeps_its_meaning(world):
    grade = add_element(GRADE, owner="A", by=None)
    change_element(grade, replace(GRADE, choices={"0": "没有", "1": "有"}), by=None)
    report_with(world, own_a_1=1)
    with pytest.raises(ElementInUse, match="选项“有”不能改"):
        change_element(grade, replace(GRADE, choices={"0": "没有", "1": "都有"}), by=None)
    wider = change_element(grade, replace(GRADE, choices={"0": "没有", "1": "有", "2": "都有"}), by=None)
    assert wider.choices == {"0": "没有", "1": "有", "2": "都有"}


def test_what_a_round_names_or_a_check_reads_is_not_removed(world, beds):
    days = {"opens_on": date(2025, 1, 1), "due_on": date(2025, 1, 20)}
    save_round(world.county, "2024", elements=["own_a_1", "visits"], **days, by=world.users["office"])
    check = add_check(RULE, owner="A", by=None)
    with pytest.raises(ElementInUse) as refused:
        remove_element(beds, by=None)
    assert "检查“中医床位数太多”用到它；2024年度的填报任务点名要填它" in str(refused.value)
    remove_check(check, by=None)
    save_round(world.county, "2024", elements=["visits"], **days, is_new=False, by=world.users["office"])
    HeadingMatch.objects.create(county=world.county, heading="床", element_code="own_a_1")
    remove_element(beds, by=world.users["office"])
    # a new element may get the same code: no old heading leads to it
    assert not HeadingMatch.objects.exists()
    assert not Element.objects.filter(owner="A").exists()


def test_who_reports_it_may_not_break_a_published_standard(world, beds):
    published(standard_with(world, "sum(own_a_1)", unit="张", target="3"))
    with pytest.raises(ElementInUse, match="第 3 条用到“中医床位数”，改后无法计算：适用机构都不填报"):
        change_element(beds, replace(BEDS, reported_by=["village_clinic"]), by=None)
    changed = change_element(beds, replace(BEDS, reported_by=["village_clinic", "township_centre"]), by=None)
    assert set(changed.reported_by) == {"village_clinic", "township_centre"}


# ---- checks ----


def test_a_check_is_made_changed_and_removed(world, beds):
    check = add_check(RULE, owner="A", by=world.users["office"])
    assert (check.owner, check.position, Event.objects.get(action="add_own_check").place) == ("A", 1, "A")
    changed = change_check(check, replace(RULE, level="warning", types=["township_centre"]), by=None)
    assert (changed.level, changed.types) == ("warning", ["township_centre"])
    remove_check(changed, by=None)
    assert not ElementCheck.objects.exists()
    with pytest.raises(Refused, match="不在了"):
        remove_check(changed, by=None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"expression": " "}, "请填写检查的规则"),
        ({"message": ""}, "请填写检查的说明"),
        ({"expression": "visits"}, "应是一个条件"),
        ({"expression": "2 > 1"}, "没有数据元"),
        ({"expression": "nothing > 1"}, "没有“nothing”这个数据元"),
        ({"expression": "own_b_1 > 1"}, "没有“own_b_1”这个数据元"),
        ({"expression": "visits > " + "1" * 200}, "最多 200 个字符"),
        ({"expression": "fund <= visits"}, "没有一类机构同时填报"),
        ({"types": ["village_clinic"]}, "所选的机构类型不填报"),
    ],
)
def test_a_check_that_is_not_sound_is_refused(beds, changes, sentence):
    add_element(BEDS, owner="B", by=None)
    with pytest.raises(Refused, match=sentence):
        add_check(replace(RULE, **changes), owner="A", by=None)


def test_a_check_is_there_once(beds):
    add_check(RULE, owner="A", by=None)
    with pytest.raises(Refused, match="已经有了"):
        add_check(RULE, owner="A", by=None)


def test_an_element_stays_what_its_checks_need(beds):
    add_check(RULE, owner="A", by=None)
    with pytest.raises(ElementInUse, match="改后不成立"):
        change_element(beds, replace(BEDS, value_type="boolean", minimum=None), by=None)


def test_a_shared_check_is_nobodys_to_change(world):
    shared = ElementCheck.objects.create(expression="tcm_visits <= visits", message="太多")
    with pytest.raises(Refused, match="不在了"):
        change_check(shared, RULE, by=None)

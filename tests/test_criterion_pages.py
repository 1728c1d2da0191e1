"""The page of a criterion: formula in Chinese, what it gives at once, what is wrong and where; saved into the draft."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from assessments.drafting.criterion_edits import criterion_of, next_code
from indicators import drafts
from indicators.contents import CriterionContent
from indicators.models import Element, Standard
from indicators.queries import content_of
from institutions.enums import Role
from institutions.models import Grant
from tests.working import words
from tests.world import add_institution, make_standard, make_world

RATIO = "合计(【中医诊疗人次】) / 合计(【总诊疗人次】)"
SENT = {
    "name": "中医诊疗量占比",
    "level": "hard",
    "scope": ["township_centre"],
    "formula": RATIO,
    "comparator": ">=",
    "target": "35％",
    "unit": "%",
    "note": "按门诊统计",
    "source": "第三部分（二）4",
    "year": ["2024", "2023", ""],
    "year_target": ["40%", "30%", ""],
}


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def draft(world) -> Standard:
    return drafts.copy_standard(world.standard, owner="A", by=world.users["office"])


@pytest.fixture
def office(world) -> Client:
    client = Client()
    client.force_login(world.users["office"])
    return client


def url(draft: Standard, name: str = "criterion-new", number: str = "3", **more) -> str:
    here = {"county": draft.owner, "code": draft.code, "version": draft.version, "number": number}
    return reverse(f"assessments:{name}", kwargs=here | more)


def seen_on(client: Client, address: str) -> str:
    return re.search(r'name="seen" value="(\w+)"', words(client.get(address)))[1]


def preview(client: Client, draft: Standard, **sent) -> str:
    html = words(client.post(url(draft, "criterion-preview"), SENT | {"year": [], "year_target": []} | sent))
    return re.sub(r"\s+", " ", re.sub(r"<(?!/?mark|button)[^>]+>", "", html))


def test_a_new_criterion_is_saved_in_the_notation_with_a_code_of_its_own(office, draft):
    page = words(office.get(url(draft)))
    assert "添加指标" in page
    assert 'data-insert="【中医诊疗人次】"' in page
    response = office.post(url(draft), SENT | {"seen": seen_on(office, url(draft))})
    assert response.status_code == 302
    assert criterion_of(content_of(draft), "3", "3.2") == CriterionContent(
        code="3.2",
        name="中医诊疗量占比",
        level="hard",
        scope=["township_centre"],
        expression="sum(tcm_visits) / sum(visits)",
        comparator=">=",
        target="35%",
        unit="%",
        note="按门诊统计",
        source="第三部分（二）4",
        targets={"2023": "30%", "2024": "40%"},
    )


def test_a_stored_criterion_is_shown_in_chinese_with_what_it_gives(office, draft):
    page = words(office.get(url(draft, "criterion-edit", criterion="3.1")))
    assert RATIO in page
    # two centres have reported 40 of 100 and 20 of 200, the third nothing
    assert "<b>20%</b>" in page
    assert "已报 2/3，暂算" in page
    assert "未达标" in page
    assert "南镇医院</a>" in page


def test_a_criterion_is_changed_and_removed(office, draft):
    address = url(draft, "criterion-edit", criterion="3.1")
    response = office.post(address, SENT | {"seen": seen_on(office, address), "target": "合计(【中医药专项资金】)"})
    assert response.status_code == 302
    assert criterion_of(content_of(draft), "3", "3.1").target == "sum(fund)"
    remove = url(draft, "criterion-remove", criterion="3.1")
    assert office.post(remove, {"seen": "old"}).url == address
    assert criterion_of(content_of(draft), "3", "3.1")
    office.post(remove, {"seen": seen_on(office, address)})
    assert criterion_of(content_of(draft), "3", "3.1") is None


def test_what_somebody_else_changed_meanwhile_is_shown_first(office, draft):
    address = url(draft, "criterion-edit", criterion="3.1")
    seen = seen_on(office, address)
    office.post(address, SENT | {"seen": seen})
    response = office.post(address, SENT | {"seen": seen, "name": "另一个名称"})
    assert response.status_code == 409
    page = " ".join(response.content.decode().split())
    assert "别人保存的是" in page
    assert "中医诊疗量占比" in page
    assert 'value="另一个名称"' in page
    again = re.search(r'name="seen" value="(\w+)"', page)[1]
    assert office.post(address, SENT | {"seen": again, "name": "另一个名称"}).status_code == 302
    assert criterion_of(content_of(draft), "3", "3.1").name == "另一个名称"


def test_what_was_typed_for_a_criterion_that_is_gone_can_be_saved_again(office, draft):
    address = url(draft, "criterion-edit", criterion="3.1")
    seen = seen_on(office, address)
    office.post(url(draft, "criterion-remove", criterion="3.1"), {"seen": seen})
    response = office.post(address, SENT | {"seen": seen})
    assert response.status_code == 409
    assert "中医诊疗量占比" in response.content.decode()
    again = re.search(r'name="seen" value="(\w+)"', response.content.decode())[1]
    assert office.post(address, SENT | {"seen": again}).status_code == 302
    assert criterion_of(content_of(draft), "3", "3.1").name == "中医诊疗量占比"
    assert office.get(url(draft, "criterion-edit", criterion="3.9")).status_code == 404


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"formula": "合计(【中医诊疗人数】)"}, "没有“中医诊疗人数”这个数据元"),
        ({"formula": ""}, "请填写公式"),
        ({"formula": "  "}, "请填写公式"),
        ({"target": ""}, "请填写目标"),
        ({"target": "≥35%"}, "目标"),
        ({"target": "1+" * 300 + "1"}, "目标最多 200 个字符"),
        ({"scope": []}, "请至少选择一类机构"),
        ({"scope": ["village_clinic"]}, "适用机构都不填报数据元“中医诊疗人次”"),
        ({"scope": ["moon"]}, "没有“moon”这种机构类型"),
        ({"year": ["20x4"], "year_target": ["1"]}, "年份“20x4”写法不对"),
        ({"year": ["2024", "2024"], "year_target": ["1", "2"]}, "2024 年写了两次"),
        ({"year": ["2024"], "year_target": ["很多"]}, "2024 年的目标：没有“很多”"),
        ({"year": ["2024"], "year_target": [""]}, "2024 年的目标：请填写"),
        ({"level": "sure"}, "请选择必达、提示或参考"),
        ({"name": "甲\u202e乙"}, "看不见的控制字符"),
        ({"unit": "很长很长很长的单位单位"}, "单位最多 10 个字"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(office, draft, sent, sentence):
    before = content_of(draft)
    response = office.post(url(draft), SENT | {"seen": seen_on(office, url(draft))} | sent)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert content_of(draft) == before


def test_the_preview_marks_a_mistake_and_offers_what_was_meant(office, draft):
    text = preview(office, draft, formula="合计(【中医诊疗人数】)\r\n / 合计(【总诊疗人次】")
    assert "合计(<mark>【中医诊疗人数】</mark>)" in text
    assert "第 4 个字：没有“中医诊疗人数”这个数据元。" in text
    assert 'data-replace="【中医诊疗人次】" data-at="3" data-length="8" data-box="id_formula"' in text


def test_the_preview_gives_the_formula_in_words_and_its_value(office, draft):
    text = preview(office, draft)
    assert "即 中医诊疗人次合计 ÷ 总诊疗人次合计" in text
    assert "按2023年度已接受的数试算" in text
    assert "20%" in text
    assert "≥ 35%" in text
    # of another year's target
    assert "≥ 15%" in preview(office, draft, year=["2023"], year_target=["15%"])


def test_the_preview_counts_institutions_and_names_the_first_of_those_that_fail(world, office, draft):
    for i in range(9):
        add_institution(world.county, f"A-2{i}", "township_centre", {"has_hall": False}, f"第{i}卫生院")
    text = preview(office, draft, formula="占比(设有中医馆)", target="100%")
    assert "适用机构12 家" in text
    assert "可能范围8.33%～16.67%" in text
    assert "西镇卫生院、第0卫生院" in text
    assert "，另有 4 家" in text
    assert "缺数据南镇医院" in text


def test_the_preview_works_before_the_rest_is_filled_in(office, draft):
    text = preview(office, draft, formula="合计(总诊疗人次)", target="", scope=[], name="", comparator="", unit="")
    assert "300" in text
    assert "≥" not in text
    assert "写好公式" in preview(office, draft, formula="")


def test_the_preview_says_what_may_be_meant_otherwise(office, draft):
    assert "目标 35 相当于 3500%" in preview(office, draft, target="35")
    assert "占比的单位请填 %" in preview(office, draft, formula="占比(设有中医馆)", unit="")


def test_a_county_without_figures_is_told_so(world, office, draft):
    world.county.institutions.first().reports.model.objects.all().delete()
    assert "还没有已接受的数" in preview(office, draft)


def test_the_preview_stores_nothing_and_reads_little(office, draft, django_assert_max_num_queries):
    before = content_of(draft)
    with django_assert_max_num_queries(26):
        preview(office, draft)
    assert content_of(draft) == before


def test_one_begins_from_a_way_of_writing_or_from_a_known_criterion(office, draft, world):
    assert "占比(【】)" in words(office.get(url(draft) + "?start=share"))
    found = words(office.get(url(draft) + "?q=中医馆"))
    known = world.standard.items.get(number="2").criteria.get(code="2.1")
    assert f"?from={known.pk}" in found
    assert "“设有中医馆”的机构占比" in found
    taken = words(office.get(url(draft) + f"?from={known.pk}"))
    assert "占比(【设有中医馆】)" in taken
    assert "已填入下面的表" in taken
    assert "没有找到" in words(office.get(url(draft) + "?q=火箭"))


def test_a_draft_of_another_county_gives_nothing_away(world, office, draft):
    theirs = drafts.copy_standard(make_standard("other"), owner="B", by=None)
    criterion = theirs.items.get(number="2").criteria.first()
    assert office.get(url(draft) + f"?from={criterion.pk}").status_code == 404
    assert office.get(url(theirs)).status_code == 404
    assert office.post(url(theirs, "criterion-preview"), SENT).status_code == 404


def test_another_countys_elements_are_not_known_here(office, draft):
    Element.objects.create(
        owner="B", code="own_b_1", name="乙县专用", group="乙", value_type="integer", reported_by=["township_centre"]
    )
    assert "乙县专用" not in words(office.get(url(draft)))
    for formula in ("合计(own_b_1)", "合计(【乙县专用】)"):
        assert "这个数据元" in preview(office, draft, formula=formula)


def test_who_works_in_two_counties_finds_only_what_each_can_compute(world, office, draft):
    Element.objects.create(owner="B", code="own_b_1", name="乙县专用", group="乙", value_type="integer")
    theirs = drafts.copy_standard(make_standard("other"), owner="B", by=None)
    theirs.items.get(number="3").criteria.update(name="乙县床位", expression="sum(own_b_1)")
    Standard.objects.filter(pk=theirs.pk).update(state="published")
    Grant.objects.create(user=world.users["office"], county=world.other_county, role=Role.COUNTY_OFFICE)
    assert "没有找到" in words(office.get(url(draft) + "?q=乙县床位"))


def test_a_published_standard_is_not_changed(office, draft):
    draft = drafts.check_draft(draft, seen=draft.digest, by=None)
    drafts.publish(draft, seen=draft.digest, by=None)
    assert office.get(url(draft)).status_code == 403
    assert office.post(url(draft), SENT).status_code == 403


@pytest.mark.parametrize(
    "formula", ["合" * 100_000, "(" * 2900, "占比(" * 900, "<script>alert(1)</script>", "\0【\0】"]
)
def test_hostile_text_is_answered_with_a_sentence(office, draft, formula):
    html = words(office.post(url(draft, "criterion-preview"), SENT | {"formula": formula}))
    assert "formula-faults" in html
    assert "<script>alert" not in html
    assert office.post(url(draft), SENT | {"formula": formula}).status_code == 200


def test_names_of_elements_are_text_on_the_page(office, draft):
    Element.objects.create(
        owner="A",
        code="own_a_1",
        name='<img src=x onerror="1">',
        group="甲",
        value_type="integer",
        reported_by=["county"],
    )
    for html in (words(office.get(url(draft))), words(office.get(url(draft) + "?start=sum"))):
        assert "<img" not in html
    sent = SENT | {"formula": "合计(own_a_1)", "scope": ["county"]}
    assert "<img" not in words(office.post(url(draft, "criterion-preview"), sent))


def test_codes_stay_apart_where_items_share_a_beginning(draft):
    content = drafts.with_items(
        content_of(draft), lambda item: replace(item, number={"1": "12345678901"}.get(item.number, item.number))
    )
    assert len(next_code(content, "12345678901")) <= 12

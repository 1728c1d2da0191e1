"""Head, sections, departments, phases, leading group, arrangements and points of a county's own draft."""

from datetime import date
from decimal import Decimal

import pytest

from indicators import drafts
from indicators.contents import ArrangementContent, SeatContent
from indicators.models import Standard
from tests.drafting import content, draft_of, item, save_item, save_rows, seen, sent_rows, url
from tests.world import make_world

HEAD = {
    "title": "甲县创建标准",
    "source_document": "甲县实施方案",
    "source_number": "甲政〔2024〕1号",
    "source_date": "2024年3月1日",
    "deadline": "2025-12-31",
}
SECTIONS = [{"pk": 1, "name": "组织管理"}, {"pk": 2, "name": "服务能力"}]
DEPARTMENTS = [
    {"was": "卫生健康局", "name": "卫生健康局", "aliases": "", "members": "", "duties": ""},
    {"was": "财政局", "name": "财政局", "aliases": "", "members": "", "duties": ""},
]
PHASE = {"name": "准备", "start": "2024-03-01", "end": "2024-04-30", "tasks": "动员\n\n 摸底 "}


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


@pytest.fixture
def draft(world):
    return draft_of(world)


def text(response) -> str:
    return response.content.decode()


# ---- head ----


def save_head(office, draft, **changes):
    page = office.get(url(draft, "draft-head"))
    return office.post(url(draft, "draft-head"), HEAD | {"seen": seen(text(page))} | changes)


def test_the_head_is_changed(office, draft):
    assert save_head(office, draft).url == url(draft)
    after = content(draft)
    assert (after.title, after.source_document, after.source_number) == (
        "甲县创建标准",
        "甲县实施方案",
        "甲政〔2024〕1号",
    )
    assert (after.source_date, after.deadline) == (date(2024, 3, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "请填写标准名称。"),
        ({"title": "长" * 121}, "标准名称最多 120 个字。"),
        ({"source_document": "长" * 201}, "依据文件最多 200 个字。"),
        ({"source_date": ""}, "请填写发文日期。"),
        ({"source_date": "2024-02-30"}, "日期写法不对"),
        ({"deadline": "0024-01-01"}, "完成时限的年份不对"),
    ],
)
def test_what_is_wrong_in_the_head_is_told_and_what_was_typed_stays(office, draft, changes, sentence):
    answer = save_head(office, draft, **({"source_number": "留下的文号"} | changes))
    assert sentence in text(answer)
    assert 'value="留下的文号"' in text(answer)
    assert content(draft).title == "测试标准"


def test_who_comes_second_at_the_head_is_told_and_may_insist(office, draft):
    old = seen(text(office.get(url(draft, "draft-head"))))
    save_head(office, draft, title="别人的")
    answer = office.post(url(draft, "draft-head"), HEAD | {"seen": old})
    assert "又有人改过" in text(answer)
    assert content(draft).title == "别人的"
    assert office.post(url(draft, "draft-head"), HEAD | {"seen": seen(text(answer))}).status_code == 302
    assert content(draft).title == "甲县创建标准"


# ---- sections ----


def test_sections_are_renamed_moved_and_added_with_their_items(office, draft):
    rows = [
        {"pk": 1, "name": "组织", "ORDER": 2},
        {"pk": 2, "name": "服务能力", "ORDER": 1},
        {"name": "监督", "ORDER": 3},
    ]
    assert save_rows(office, draft, "sections", rows, 2).url == url(draft)
    after = content(draft).sections
    assert [(each.number, each.name, [i.number for i in each.items]) for each in after] == [
        (1, "服务能力", ["2", "3"]),
        (2, "组织", ["1"]),
        (3, "监督", []),
    ]


def test_a_section_with_items_goes_only_when_that_is_said(office, draft):
    rows = [SECTIONS[0], SECTIONS[1] | {"DELETE": "on"}]
    answer = save_rows(office, draft, "sections", rows, 2)
    assert "“服务能力”有 2 条" in text(answer)
    assert 'name="with_items"' in text(answer)
    assert len(content(draft).items) == 3
    assert save_rows(office, draft, "sections", rows, 2, with_items="on").url == url(draft)
    assert [each.number for each in content(draft).items] == ["1"]


def test_an_empty_section_goes_at_once_and_a_guessed_number_is_a_new_one(office, draft):
    save_rows(office, draft, "sections", [*SECTIONS, {"pk": 77, "name": "第三"}], 2)
    rows = [*SECTIONS, {"pk": 3, "name": "第三", "DELETE": "on"}]
    assert save_rows(office, draft, "sections", rows, 3).url == url(draft)
    assert len(content(draft).sections) == 2


def test_sections_that_somebody_changed_meanwhile_are_not_overwritten(office, draft):
    old = seen(text(office.get(url(draft, "draft-sections"))))
    save_item(office, draft, title="新的", number="4", section="2")
    mine = sent_rows([SECTIONS[0] | {"name": "我改的"}, SECTIONS[1]], 2)
    answer = office.post(url(draft, "draft-sections"), mine | {"seen": old})
    assert "又有人改过" in text(answer)
    assert 'value="我改的"' in text(answer)
    assert office.post(url(draft, "draft-sections"), mine | {"seen": seen(text(answer))}).status_code == 200
    assert content(draft).sections[0].name == "组织管理"


# ---- departments ----


def test_a_departments_new_name_stands_everywhere(office, draft):
    save_item(office, draft, "1", evidence=[{"code": "1-1", "text": "资金文件", "departments": "财政局"} | USUAL])
    rows = [
        DEPARTMENTS[0],
        DEPARTMENTS[1] | {"name": "区财政局", "aliases": "财政局，财局", "duties": "安排资金\n按时拨付"},
        {"name": "成员单位", "members": "卫生健康局、财政局"},
    ]
    assert save_rows(office, draft, "departments", rows, 2).url == url(draft)
    after = content(draft)
    assert [each.name for each in after.departments] == ["卫生健康局", "区财政局", "成员单位"]
    assert after.departments[1].aliases == ["财政局", "财局"]
    assert after.departments[1].duties == ["安排资金", "按时拨付"]
    assert after.departments[2].members == ["卫生健康局", "区财政局"]
    assert item(draft, "1").lead == ["区财政局"]
    assert item(draft, "1").evidence[0].departments == ["区财政局"]
    assert item(draft, "2").cooperating == ["区财政局"]


USUAL = {"required": "on", "year": "period", "needed": "1", "seen_as": "document"}


def test_a_department_that_is_in_use_does_not_go_and_it_is_said_where(office, draft):
    page = office.get(url(draft, "draft-departments"))
    assert "牵头 1 条、配合 1 条" in text(page)
    answer = save_rows(office, draft, "departments", [DEPARTMENTS[0], DEPARTMENTS[1] | {"DELETE": "on"}], 2)
    assert "“财政局”（条目 1、2）" in text(answer)
    assert len(content(draft).departments) == 2


def test_two_departments_of_one_name_are_refused_with_what_was_typed(office, draft):
    answer = save_rows(office, draft, "departments", [*DEPARTMENTS, {"name": "财政局"}, {"name": "民政局"}], 2)
    assert "部门“财政局”重复" in text(answer)
    assert 'value="民政局"' in text(answer)
    assert len(content(draft).departments) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "请填写部门；不要这一行，请勾选“删除”。"),
        ({"name": "长" * 61}, "部门最多 60 个字。"),
        ({"aliases": "长" * 61}, "超过 60 个字。几个之间请用顿号隔开。"),
        ({"duties": "长" * 301}, "超过 300 个字。一行写一项。"),
        ({"members": "看\u200b不见"}, "成员单位里有看不见的控制字符"),
    ],
)
def test_what_is_wrong_with_a_department_is_told(office, draft, changes, sentence):
    answer = save_rows(office, draft, "departments", [DEPARTMENTS[0], DEPARTMENTS[1] | changes], 2)
    assert sentence in text(answer)
    assert "没有保存" in text(answer)


# ---- phases, leading group, arrangements ----


def test_phases_are_numbered_in_their_order(office, draft):
    rows = [PHASE | {"name": "实施", "ORDER": 2}, PHASE | {"ORDER": 1}]
    assert save_rows(office, draft, "phases", rows).url == url(draft)
    assert [(each.number, each.name, each.tasks) for each in content(draft).phases] == [
        (1, "准备", ["动员", "摸底"]),
        (2, "实施", ["动员", "摸底"]),
    ]


def test_a_phase_that_ends_before_it_starts_is_told(office, draft):
    answer = save_rows(office, draft, "phases", [PHASE | {"end": "2024-02-01"}])
    assert "结束日期早于开始日期" in text(answer)
    assert content(draft).phases == []


def test_the_leading_group_is_by_office(office, draft):
    rows = [{"part": "head", "office": "县政府副县长"}, {"part": "member", "office": ""}]
    assert save_rows(office, draft, "leading-group", rows).url == url(draft)
    assert content(draft).leading_group == [SeatContent("head", "县政府副县长")]
    answer = save_rows(office, draft, "leading-group", [{"part": "king", "office": "甲"}], 1)
    assert "请选择组长、副组长或成员。" in text(answer)


def test_arrangements_say_how_often_who_calls_and_about_what(office, draft):
    row = {
        "kind": "meeting",
        "name": "联席会议",
        "every": "half_month",
        "called_by": "政府办",
        "recorded_by": "",
        "matters": "进度\n难点",
        "note": "",
    }
    assert save_rows(office, draft, "arrangements", [row]).url == url(draft)
    assert content(draft).arrangements == [
        ArrangementContent("meeting", "联席会议", "half_month", "政府办", "", ["进度", "难点"], "")
    ]
    assert "没有保存" in text(save_rows(office, draft, "arrangements", [row | {"every": "daily"}], 1))


def test_further_rows_are_asked_for_without_scripts(office, draft):
    answer = save_rows(office, draft, "phases", [PHASE], more="yes")
    assert (answer.status_code, answer.context["table"].total_form_count()) == (200, 4)
    assert content(draft).phases == []


@pytest.mark.parametrize("name", ["sections", "departments", "phases", "leading-group", "arrangements"])
def test_a_table_that_is_no_table_is_told_so(office, draft, name):
    before = content(draft)
    for nonsense, sentence in (
        ({}, "提交的表格不完整"),
        ({"rows-TOTAL_FORMS": "x", "rows-INITIAL_FORMS": "-1"}, "提交的表格不完整"),
        ({"rows-TOTAL_FORMS": "9999999", "rows-INITIAL_FORMS": "0"}, "最多保存"),
    ):
        answer = office.post(url(draft, f"draft-{name}"), nonsense)
        assert answer.status_code == 200
        assert sentence in text(answer)
    assert content(draft) == before


# ---- points ----


def save_points(office, draft, **points):
    page = office.get(url(draft, "draft-points"))
    sent = {f"points-{number[1:]}": value for number, value in points.items()}
    return office.post(url(draft, "draft-points"), sent | {"seen": seen(text(page))})


def test_points_are_given_and_made_equal_again(office, draft):
    assert "各条平均，合计 100" in text(office.get(url(draft, "draft-points")))
    assert save_points(office, draft, n1="40", n2="20.5", n3="").url == url(draft)
    assert [each.points for each in content(draft).items] == [Decimal("40.00"), Decimal("20.50"), None]
    assert "合计 93.83，其中 1 条没有给，各按平均分 33.33 计" in text(office.get(url(draft)))
    page = seen(text(office.get(url(draft, "draft-points"))))
    office.post(url(draft, "draft-points"), {"equal": "yes", "seen": page})
    assert {each.points for each in content(draft).items} == {None}


def test_wrong_points_are_told_and_nothing_is_saved(office, draft):
    answer = save_points(office, draft, n1="四十", n2="20", n3="")
    assert "分值请填数字" in text(answer)
    assert 'value="四十"' in text(answer)
    assert {each.points for each in content(draft).items} == {None}


# ---- published, gone ----


def test_a_draft_that_was_discarded_meanwhile_is_said_to_be_gone(office, draft):
    old = seen(text(office.get(url(draft, "draft-head"))))
    drafts.discard(Standard.objects.get(pk=draft.pk), by=None)
    assert office.post(url(draft, "draft-head"), HEAD | {"seen": old}).status_code == 404

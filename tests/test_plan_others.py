"""What is no plan is not taken for one; tables without tabs, shared departments and dates in other styles."""

from pathlib import Path

import pytest

from indicators.plans import read_plan
from indicators.plans.lines import paragraphs
from indicators.plans.proposal import LOW

OTHERS = sorted((Path(__file__).parent / "plans/others").glob("*.txt"))


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_of_a_text_that_is_no_plan_nothing_is_sure_and_the_reason_is_told(path):
    plan = read_plan(path.read_text(encoding="utf-8"))
    parts = [part for item in plan.items for part in (item, *item.lead, *item.cooperating, *item.thresholds)]
    assert {part.sureness for part in (*parts, *plan.sections, *plan.phases)} <= {LOW}
    assert "不像方案" in plan.remarks[0] or "没有认出条目" in plan.remarks[0]


def test_without_a_plan_s_title_departments_still_make_it_one():
    items = read_plan("一、中医馆\n1.建成中医馆。（责任单位：县卫健局）\n2.建成中医阁。（责任单位：县卫健局）\n").items
    assert LOW not in {item.sureness for item in items}


@pytest.mark.parametrize(
    "table",
    [
        "序号\n工作任务\n牵头单位\n配合单位\n1\n建好中医馆\n县卫健局\n县财政局、\n县编办\n2\n推广技术\n县中医院\n",
        "序号  工作任务    牵头单位  配合单位\n1     建好中      县卫健局  县财政局、\n"
        "      医馆                  县编办\n"
        "2     推广技术    县中医院\n",
        "序号 工作任务 牵头单位 配合单位\n1 建好中医馆 县卫健局 县财政局、县编办\n2 推广技术 县中医院\n",
        "序号 | 工作任务 | 牵头单位 | 配合单位\n--- | --- | --- | ---\n1 | 建好中医馆 | 县卫健局 | 县财政局、县编办\n"
        "2 | 推广技术 | 县中医院 |\n",
        '序号\t工作任务\t牵头单位\t配合单位\n1\t"建好中\n医馆"\t县卫健局\t县财政局、县编办\n2\t推广技术\t县中医院\n',
    ],
    ids=["a cell a line", "kept apart by blanks, wrapped", "one blank", "bars", "a cell of two lines"],
)
def test_a_table_is_read_however_it_lost_its_tabs(table):
    items = read_plan(f"某县任务分解表\n\n{table}").items
    assert [(i.number, i.title, [n.name for n in i.lead], [n.name for n in i.cooperating]) for i in items] == [
        ("1", "建好中医馆", ["县卫健局"], ["县财政局", "县编办"]),
        ("2", "推广技术", ["县中医院"], []),
    ]


def test_targets_of_several_years_are_all_read_and_what_is_reached_now_is_not():
    table = "指标名称\t2025年现状\t2028年目标\t2030年目标\n医师数（人）\t0.4\t0.5\t0.6\n"
    item = read_plan(f"某县规划\n一、任务\n1.甲。\n2.乙。\n附件：主要指标\n{table}").items[-1]
    assert item.text == "医师数（人）：2028年目标0.5人，2030年目标0.6人"
    assert [(str(each.value), each.unit) for each in item.thresholds] == [("1/2", "人"), ("3/5", "人")]


@pytest.mark.parametrize(
    "section",
    [
        "（一）服务网络\n牵头单位：县卫健局\n配合单位：县财政局\n1.建中医馆。\n2.建中医阁。\n",
        "（一）服务网络（牵头单位：县卫健局；配合单位：县财政局）\n1.建中医馆。\n2.建中医阁。\n",
        "（一）服务网络\n——建中医馆。\n——建中医阁。\n以上任务由县卫健局牵头，县财政局配合。\n",
    ],
    ids=["below the heading", "in the heading", "at the end"],
)
def test_departments_named_for_a_whole_section_are_those_of_its_items(section):
    items = read_plan(f"某县方案\n一、重点任务\n{section}（二）人才\n3.育人才。\n4.引人才。\n").items
    assert [([n.name for n in i.lead], [n.name for n in i.cooperating]) for i in items] == [
        (["县卫健局"], ["县财政局"]),
        (["县卫健局"], ["县财政局"]),
        ([], []),
        ([], []),
    ]


@pytest.mark.parametrize(
    ("steps", "phases"),
    [
        ("（一）2026年5月：动员。开会。\n", [("动员", "2026-05", "2026-05")]),
        ("第一阶段：验收（2026年7月起）。\n", [("验收", "2026-07", "")]),
        ("（一）启动（2026年第二季度）。\n", [("启动", "2026-04", "2026-06")]),
        ("第八条 动员部署（2026年3月）。分解任务。\n", [("动员部署", "2026-03", "2026-03")]),
        (
            "动员（4月1日至4月20日）；总结（12月1日至12月31日）。\n（2026年）\n",
            [("动员", "2026-04-01", "2026-04-20"), ("总结", "2026-12-01", "2026-12-31")],
        ),
    ],
)
def test_phases_are_dated_in_every_style(steps, phases):
    plan = read_plan(f"某县方案\n一、重点任务\n（一）甲。\n（二）乙。\n二、实施步骤\n{steps}")
    assert [(each.name, each.start, each.end) for each in plan.phases] == phases


def test_a_heading_with_a_blank_behind_its_number_counts_only_over_decimals():
    assert paragraphs("1 总体要求\n1.1 思想\n2 重点任务\n")[::2] == ["1、总体要求", "2、重点任务"]
    assert paragraphs("方案。\n3 名医师\n")[1] == "3名医师"

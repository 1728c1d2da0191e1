"""A proposal goes to JSON and back without loss, and no text, however odd, stops the reader."""

import json
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.plans import read_plan
from indicators.plans.proposal import (
    SURENESS,
    LeadingOffice,
    Named,
    Plan,
    PlanArrangement,
    PlanDepartment,
    PlanItem,
    PlanPhase,
    PlanSection,
    Stated,
    Threshold,
    as_json,
    from_dict,
    to_dict,
)

WORDS = st.text(max_size=12)
SURE = st.sampled_from(SURENESS)
FIGURES = st.builds(Fraction, st.integers(0, 10**6), st.integers(1, 999))


def some(kind, **fields):
    named = {name: WORDS for name, of in kind.__annotations__.items() if of is str}
    return st.builds(kind, **{**named, "sureness": SURE, **fields})


def several(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


NAMED = several(some(Named))
THRESHOLDS = some(Threshold, value=FIGURES, upper=st.none() | FIGURES, scope=several(WORDS))
PLANS = st.builds(
    Plan,
    title=st.none() | some(Stated),
    deadline=st.none() | some(Stated),
    sections=several(some(PlanSection)),
    items=several(some(PlanItem, lead=NAMED, cooperating=NAMED, thresholds=several(THRESHOLDS))),
    phases=several(some(PlanPhase, tasks=several(WORDS))),
    departments=several(some(PlanDepartment, aliases=several(WORDS), duties=several(WORDS))),
    leading_group=several(some(LeadingOffice)),
    arrangements=several(some(PlanArrangement, matters=several(WORDS))),
    remarks=several(WORDS),
)


@given(PLANS)
@settings(max_examples=60)
def test_a_proposal_survives_json(plan):
    assert from_dict(json.loads(json.dumps(to_dict(plan)))) == plan


@pytest.mark.parametrize("plain", [{}, [], None, {"title": 3}, {**to_dict(Plan()), "items": "x"}])
def test_what_is_no_proposal_is_refused(plain):
    with pytest.raises(ValueError, match="not a plan"):
        from_dict(plain)


def test_the_printed_form_has_exact_values():
    first = "1.中医诊疗占比达到35%，开展10项以上技术。（责任单位：县卫健局、县财政局）"
    text = f"某县方案\n一、重点任务\n（一）服务\n{first}\n（二）人才\n2.乙。\n"
    printed = as_json(read_plan(text))
    assert list(printed) == ["title", "sections", "items", "phases"]
    assert printed["sections"] == ["服务", "人才"]
    first = printed["items"][0]
    assert first["lead"] == ["县卫健局"]
    assert first["cooperating"] == ["县财政局"]
    passage = "中医诊疗占比达到35%，开展10项以上技术"
    assert first["thresholds"] == [
        {"comparator": ">=", "value": "7/20", "unit": "%", "passage": passage},
        {"comparator": ">=", "value": "10", "unit": "项", "passage": passage},
    ]


PIECES = (
    "一、 （一） 1. 1.1 （1） ① 第一部分 附件1 附表 \n \t 。 ， ； ： 、 （ ） 《 》 “ ” % 100% 6类10项 0.6-0.8名 至少 "
    "不低于 以上 分别 2024年 5月下旬 第一阶段 重点任务 保障措施 责任单位： 牵头单位： 县卫健局 县财政局： 负责 "
    "序号 指标内容 社区卫生服务中心 村卫生室 组长： 联席会议 每半月 三分之一 百分之三十 中医馆"
).split(" ")
PIECE = st.sampled_from([*PIECES, "\n", "\n\n", "\t", " "]) | st.text(max_size=3)
PLANLIKE = st.lists(PIECE, max_size=80).map("".join)


# real plans with their lines in another order, and cut anywhere
LINES = [
    line for path in sorted((Path(__file__).parent / "plans").glob("*.txt")) for line in path.open(encoding="utf-8")
]
SHUFFLED = st.lists(st.sampled_from(LINES) | PIECE, max_size=40).map("".join)


@given(st.text(max_size=400) | PLANLIKE | SHUFFLED)
@settings(max_examples=150)
def test_no_text_stops_the_reader_and_what_it_says_is_bounded(text):
    plan = read_plan(text)
    assert from_dict(to_dict(plan)) == plan
    assert len({item.number for item in plan.items}) == len(plan.items)
    assert {item.section for item in plan.items} == {section.name for section in plan.sections}
    assert all(item.title for item in plan.items if item.text.strip())
    assert all(len(item.title) <= 60 for item in plan.items)


HOSTILE = (
    *(
        "1",
        "（",
        "\n",
        "\t",
        " ",
        "1.中\n",
        "至少1个",
        "1%和2%",
        "责任单位：",
        "（责任单位：甲、",
        "由甲牵头",
        "组长：",
        "中",
        "“1",
    ),
    *("县财政局：负责财政支持投入。\n", "（一）任务\n1.建成1个（县局牵头）\n", "第一阶段：2024年\n", "一、重点任务\n"),
    *("序号\t指标内容\n1\t100%的村卫生室\n", "百分之", "《", "分别1%和2%"),
    *(
        "序号\n工作任务\n责任单位\n1\n",
        "序号  任务  责任单位\n1  做  县局\n",
        '\t"',
        "以上任务由县局、",
        "会同",
        "（县局、",
        "——做\n",
        "第一条 做\n",
    ),
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_200_kb_of_anything_take_bounded_time(piece):
    """Seconds at the most, where time that grows with the square would take many minutes."""
    started = time.process_time()
    read_plan("一、重点任务\n（一）甲\n1." + piece * (200_000 // len(piece.encode())))
    assert time.process_time() - started < 60

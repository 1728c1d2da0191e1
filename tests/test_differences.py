"""What differs between two standards, found item by item."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.contents import (
    CriterionContent,
    DepartmentContent,
    EvidenceContent,
    ItemContent,
    PhaseContent,
    SeatContent,
    SectionContent,
    StandardContent,
)
from indicators.differences import Differences, compare
from indicators.differences.lines import ItemLine, PartLine, lines_of
from indicators.differences.texts import marked
from indicators.formula import ElementSpec

ELEMENTS = {
    code: ElementSpec(code, name, "integer", "", frozenset({"village_clinic"}))
    for code, name in (("techniques", "技术项数"), ("visits", "诊疗人次"))
}
SHARE = CriterionContent(
    "1.1", "开展适宜技术", "hard", ["village_clinic"], "share(techniques >= 6)", ">=", "100%", "%", ""
)
PAPER = EvidenceContent("01-01", "印发的文件", True)


def item(number: str, title: str = "", **more) -> ItemContent:
    title = title or f"第{number}件事"
    parts = {"requirement": f"{title}的要求。", "points": None, "lead": ["卫生健康局"], "cooperating": []}
    return ItemContent(number=number, title=title, **parts | {"evidence": [], "criteria": []} | more)


def standard(*items: ItemContent, **more) -> StandardContent:
    head = {"code": "small", "version": "1", "state": "published", "title": "标准", "source_document": "方案"}
    parts = {"departments": [], "phases": [], "sections": [SectionContent(1, "一", list(items))]}
    return StandardContent(**head | parts | {"source_number": "", "source_date": date(2023, 1, 1)} | more)


def only_item(found: Differences):
    (differing,) = [each for each in found.items if each.differs]
    return differing


def pairs(found: Differences) -> list[tuple[str | None, str | None]]:
    return [(each.old and each.old.number, each.new and each.new.number) for each in found.items]


# ---- which items are the same ----------------------------------------------------------------------------------------


def test_a_standard_does_not_differ_from_itself():
    one = standard(item("1", criteria=[SHARE], evidence=[PAPER]), item("2"))
    assert compare(one, one).same


def test_added_and_removed_items_stand_where_they_belong():
    found = compare(standard(item("1"), item("2"), item("3")), standard(item("1"), item("3"), item("4")))
    assert pairs(found) == [("1", "1"), ("2", None), ("3", "3"), (None, "4")]
    assert [each.kind for each in found.items] == ["same", "removed", "same", "added"]


def test_an_item_put_in_between_moves_the_others_and_changes_nothing_in_them():
    old = standard(item("1", "甲"), item("2", "乙"), item("3", "丙"))
    new = standard(item("1", "甲"), item("2", "新"), item("3", "乙"), item("4", "丙"))
    found = compare(old, new)
    assert pairs(found) == [("1", "1"), (None, "2"), ("2", "3"), ("3", "4")]
    assert [[change.field for change in each.changes] for each in found.items if each.moved] == [["number"]] * 2
    assert not any(each.figures for each in found.items if each.moved)


def test_versions_of_one_standard_keep_their_numbers_whatever_is_written():
    old, new = standard(item("1", "财政投入")), standard(item("1", "人才培养"))
    assert pairs(compare(old, new)) == [("1", "1")]
    assert pairs(compare(old, replace(new, code="other"))) == [("1", None), (None, "1")]


def test_between_two_standards_items_with_one_formula_are_the_same():
    old = standard(item("1", "适宜技术", criteria=[SHARE]))
    new = standard(item("1", "推广与服务", criteria=[SHARE]), code="other")
    assert pairs(compare(old, new)) == [("1", "1")]


def test_titles_that_occur_twice_tell_nothing():
    old = standard(item("1", "其他"), item("2", "其他"))
    new = standard(item("3", "其他"), item("4", "其他"))
    assert pairs(compare(old, new)) == [("1", None), ("2", None), (None, "3"), (None, "4")]


# ---- what changed in them --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "figures"),
    [
        ({"requirement": "别的要求。"}, False),
        ({"points": Decimal("5")}, True),
        ({"lead": ["财政局"]}, False),
        ({"wording": "原文"}, False),
        ({"criteria": [SHARE]}, True),
        ({"evidence": [PAPER]}, True),
        ({"evidence": [replace(PAPER, required=False)]}, False),
    ],
)
def test_what_an_item_says(changes, figures):
    found = only_item(compare(standard(item("1")), standard(item("1", **changes))))
    assert (found.kind, found.figures) == ("same" if {"criteria", "evidence"} & changes.keys() else "changed", figures)


@pytest.mark.parametrize(
    ("changes", "figures"),
    [
        ({"expression": "share(techniques >= 10)"}, True),
        ({"comparator": ">"}, True),
        ({"target": "90%"}, True),
        ({"targets": {"2025": "100%"}}, True),
        ({"scope": ["village_clinic", "township_centre"]}, True),
        ({"level": "soft"}, True),
        ({"name": "别的叫法"}, False),
        ({"unit": ""}, False),
        ({"code": "1.9"}, False),
        ({"source": "第三部分"}, False),
    ],
)
def test_what_a_criterion_asks(changes, figures):
    old, new = (standard(item("1", criteria=[each])) for each in (SHARE, replace(SHARE, **changes)))
    (part,) = only_item(compare(old, new)).criteria
    assert part.kind == "changed"
    assert [change.field for change in part.changes] == list(changes)
    assert part.figures is figures


@pytest.mark.parametrize(
    "changes",
    [
        {"expression": "share( techniques>=6 )"},
        {"target": "1"},
        {"scope": ["village_clinic", "village_clinic"]},
    ],
)
def test_the_same_written_differently_is_the_same(changes):
    old, new = (standard(item("1", criteria=[each])) for each in (SHARE, replace(SHARE, **changes)))
    assert compare(old, new).same


def test_criteria_are_known_again_under_another_code():
    other = replace(SHARE, code="1.2", name="诊疗量", expression="sum(visits)", target="10", unit="")
    old = standard(item("1", criteria=[SHARE, other]))
    new = standard(item("1", criteria=[replace(other, code="1.1"), replace(SHARE, code="1.2")]))
    parts = only_item(compare(old, new)).criteria
    assert sorted((part.old.name, [change.field for change in part.changes]) for part in parts) == [
        ("开展适宜技术", ["code"]),
        ("诊疗量", ["code"]),
    ]


def test_departments_phases_and_the_leading_group():
    old = standard(
        item("1"),
        departments=[DepartmentContent("卫生健康局", [], []), DepartmentContent("财政局", [], [])],
        phases=[PhaseContent(1, "启动", date(2023, 1, 1), date(2023, 2, 1), [])],
        leading_group=[SeatContent("head", "区长")],
    )
    new = replace(
        old,
        deadline=date(2025, 12, 31),
        departments=[DepartmentContent("卫生健康局", ["卫健局"], []), DepartmentContent("医保局", [], [])],
        phases=[replace(old.phases[0], end=date(2023, 3, 1))],
        leading_group=[SeatContent("head", "副区长")],
    )
    found = compare(old, new)
    assert [change.field for change in found.head] == ["deadline"]
    assert [(each.kind, (each.new or each.old).name) for each in found.departments] == [
        ("changed", "卫生健康局"),
        ("removed", "财政局"),
        ("added", "医保局"),
    ]
    assert [each.kind for each in found.leading_group] == ["removed", "added"]
    assert [change.field for change in found.phases[0].changes] == ["end"]


# ---- in words --------------------------------------------------------------------------------------------------------


def lines(old: StandardContent, new: StandardContent, **more) -> list[ItemLine]:
    return list(lines_of(compare(old, new), ELEMENTS, **more).items)


def field_texts(part: ItemLine | PartLine) -> list[tuple[str, str, str]]:
    return [
        (line.label, "".join(run.text for run in line.old), "".join(run.text for run in line.new))
        for line in part.fields
    ]


def test_a_changed_criterion_reads_as_the_bureau_says_it():
    changed = replace(SHARE, expression="share(techniques >= 10)", comparator=">", target="90%", level="soft")
    (line,) = lines(standard(item("1", criteria=[SHARE])), standard(item("1", criteria=[changed])))
    (part,) = line.parts
    assert (part.word, part.title) == ("修改", "指标 1.1 开展适宜技术")
    assert field_texts(part) == [
        ("级别", "必达", "提示"),
        ("公式", "“技术项数 ≥ 6”的机构占比", "“技术项数 ≥ 10”的机构占比"),
        ("目标", "不低于 100%", "大于 90%"),
    ]


def test_a_formula_that_is_not_finished_is_shown_as_it_is_written():
    broken = replace(SHARE, expression="share(techniques >=", target="")
    (line,) = lines(standard(item("1", criteria=[SHARE])), standard(item("1", criteria=[broken])))
    texts = {label: new for label, _, new in field_texts(line.parts[0])}
    assert texts == {"公式": "share(techniques >=", "目标": ">= "}


def test_what_changes_no_figure_can_be_left_out():
    old = standard(item("1", criteria=[SHARE]), item("2"), title="旧名")
    changed = replace(SHARE, target="90%", name="开展技术")
    new = standard(item("1", criteria=[changed], lead=["财政局"]), replace(item("2"), requirement="别的"), title="新名")
    found = lines_of(compare(old, new), ELEMENTS, figures_alone=True)
    assert [line.number for line in found.items] == ["1"]
    assert (found.head, found.items[0].fields) == ((), ())
    assert [label for label, *_ in field_texts(found.items[0].parts[0])] == ["目标"]


def test_a_moved_item_shows_both_numbers():
    (line,) = lines(standard(item("2", "甲")), standard(item("3", "甲")))
    assert (line.number, line.word, line.fields) == ("2 → 3", "换号", ())


# ---- the words that differ -------------------------------------------------------------------------------------------


def test_figures_are_marked_whole():
    old, new = marked("占比达到35%以上", "占比达到40%以上")
    assert [(run.text, run.changed) for run in old] == [("占比达到", False), ("35%", True), ("以上", False)]
    assert [run.text for run in new if run.changed] == ["40%"]


def test_a_sliver_between_two_changes_belongs_to_them():
    old, _ = marked("甲乙丙的丁戊己", "子丑寅的卯辰巳")
    assert [(run.text, run.changed) for run in old] == [("甲乙丙的丁戊己", True)]


TEXTS = st.text(alphabet="甲乙丙，。1%0a \n", max_size=60)


@given(TEXTS, TEXTS)
def test_runs_give_both_texts_back_and_what_is_not_marked_is_in_both(old, new):
    sides = marked(old, new)
    assert ["".join(run.text for run in side) for side in sides] == [old, new]
    same = ["".join(run.text for run in side if not run.changed) for side in sides]
    assert same[0] == same[1]


def test_one_word_is_found_in_a_long_text():
    old = "".join(f"第{number}句，" for number in range(5000))
    assert [run.text for run in marked(old, old.replace("第4000句", "第四千句"))[1] if run.changed] == ["四千"]


def test_long_texts_that_differ_in_many_places_are_compared_clause_by_clause():
    old = "".join(f"第{number}件事要办好，" for number in range(200))
    new = old.replace("第3件事要办好", "第3件事要办实").replace("第180件事要办好", "第180件事要办实")
    assert [run.text for run in marked(old, new)[1] if run.changed] == ["第3件事要办实，", "第180件事要办实，"]


def test_texts_without_end_are_marked_as_a_whole():
    old, new = "头，" + "甲，" * 20_000 + "尾", "头，" + "乙，甲，" * 10_000 + "尾"
    assert [(run.text[:2], run.changed) for run in marked(old, new)[1]] == [
        ("头，", False),
        ("乙，", True),
        ("甲，", False),
    ]


# ---- whatever two standards there are --------------------------------------------------------------------------------

ITEMS = st.lists(
    st.builds(
        item,
        st.sampled_from("123456"),
        st.sampled_from(["甲", "乙", "丙", "丁"]),
        criteria=st.lists(st.sampled_from([SHARE, replace(SHARE, code="1.2", target="90%")]), max_size=2),
        evidence=st.lists(st.sampled_from([PAPER, replace(PAPER, code="01-02", text="照片")]), max_size=2),
    ),
    max_size=5,
    unique_by=lambda each: each.number,
)
STANDARDS = st.builds(lambda items, code: standard(*items, code=code), ITEMS, st.sampled_from(["small", "other"]))


@given(STANDARDS, STANDARDS)
def test_every_item_of_both_occurs_exactly_once_and_the_other_way_round_is_the_same(old, new):
    found, back = compare(old, new), compare(new, old)
    for side, items in (("old", old.items), ("new", new.items)):
        assert [each.number for each in items] == sorted(
            (getattr(each, side).number for each in found.items if getattr(each, side)),
            key=[each.number for each in items].index,
        )
    assert {(b, a) for a, b in pairs(back)} == set(pairs(found))
    assert found.same == back.same == (_by_number(old) == _by_number(new))


def _by_number(one: StandardContent) -> list[ItemContent]:
    """The order in which things are listed is no difference."""
    order = [
        replace(each, criteria=sorted(each.criteria, key=str), evidence=sorted(each.evidence, key=str))
        for each in one.items
    ]
    return sorted(order, key=lambda each: each.number)


@given(STANDARDS)
def test_a_copy_differs_in_nothing(one):
    assert compare(one, replace(one, code="copy")).same

"""However items of a plan are joined, parted and taken out: each open place still leads to what it is about."""

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.drafting.plan_cuts import cuts_of, join, part, take_out
from assessments.drafting.plan_draft import draft_of
from assessments.drafting.plan_edits import drop_figure, settle
from assessments.drafting.plan_places import criterion_code, kind_of, number_of
from assessments.drafting.plan_state import PlanState
from indicators.draft_limits import refuse_unstorable
from indicators.formula import ElementSpec
from indicators.plans import read_plan
from indicators.plans.fitting import KnownCriterion
from indicators.plans.proposal import from_dict, to_dict
from tests.plan_texts import PLAN

TYPES = frozenset(["township_centre", "village_clinic"])
SPECS = {
    "hall": ElementSpec("hall", "设置中医馆", "boolean", "", TYPES, {}),
    "items": ElementSpec("items", "适宜技术项数", "integer", "项", TYPES, {}),
    "tcm": ElementSpec("tcm", "中医诊疗人次", "integer", "人次", TYPES, {}),
    "all": ElementSpec("all", "总诊疗人次", "integer", "人次", TYPES, {}),
}


def known(name: str, scope: str, expression: str, target: str, *codes: str) -> KnownCriterion:
    names = {code: [SPECS[code].name] for code in codes}
    units = {code: SPECS[code].unit for code in codes}
    return KnownCriterion(name, "hard", [scope], expression, ">=", target, "%", names, units)


KNOWN = [
    known("乡镇卫生院设置中医馆", "township_centre", "share(hall)", "100%", "hall"),
    known("村卫生室开展中医药适宜技术", "village_clinic", "share(items >= 4)", "80%", "items"),
    known("中医诊疗人次占比", "township_centre", "sum(tcm) / sum(all)", "30%", "tcm", "all"),
]


def begun() -> PlanState:
    plan = read_plan(PLAN)
    content, entries = draft_of(plan, KNOWN, SPECS, code="jia-2025", today=date(2025, 1, 1))
    return PlanState(content, plan, entries)


def check(state: PlanState) -> None:
    refuse_unstorable(state.content)
    assert from_dict(to_dict(state.plan)) == state.plan
    assert len({each["place"] for each in state.open}) == len(state.open)
    numbers = {item.number for item in state.plan.items}
    for each in state.open:
        if not (number := number_of(each)):
            continue
        assert number in numbers
        item, read = state.item_of(number), state.read_item(number)
        assert read.text == item.wording
        if kind_of(each) == "figure":
            passages = {read.thresholds[k].passage for k in each["figures"]}
            assert int(each["place"].rsplit("/", 1)[1]) == each["figures"][0]
            code = criterion_code(item, each)
            assert bool(code) == bool(each["criterion"])
            if code:
                criterion = next(c for c in item.criteria if c.code == code)
                assert criterion.source in passages
    for item in (state.item_of(read.number) for read in state.plan.items):
        assert all(threshold.passage in item.wording for threshold in state.read_item(item.number).thresholds)


def test_what_was_begun_says_where_each_part_stands():
    state = begun()
    check(state)
    assert [each.target for item in state.content.items for each in item.criteria] == ["100%", "35%", "90%"]
    assert [each.expression for each in state.content.items[1].criteria] == ["share(items >= 6)"]


@settings(max_examples=60)
@given(st.data())
def test_any_cuts_leave_every_open_place_at_what_it_is_about(data):
    state = begun()
    for _ in range(data.draw(st.integers(1, 6))):
        numbers = [item.number for item in state.plan.items]
        if not numbers:
            break
        number = data.draw(st.sampled_from(numbers))
        figures = [each["place"] for each in state.open if kind_of(each) == "figure"]
        do = data.draw(st.sampled_from(["join", "part", "part", "remove", "drop", "settle"]))
        if do == "join" and number != numbers[0]:
            state = join(state, number)
        elif do == "part" and (cuts := cuts_of(state.read_item(number).text)):
            state = part(state, number, data.draw(st.sampled_from(cuts))[0])
        elif do == "remove" and len(numbers) > 2:
            state = take_out(state, number)
        elif do == "drop" and figures:
            state = drop_figure(state, data.draw(st.sampled_from(figures)))
        elif do == "settle":
            state = settle(state, data.draw(st.sampled_from(state.open))["place"]) if state.open else state
        check(state)


def test_nothing_of_the_words_is_lost_when_an_item_is_parted_and_joined_again():
    state = begun()
    words = state.read_item("1").text
    at, _ = cuts_of(words)[0]
    parted = part(state, "1", at)
    assert [item.number for item in parted.plan.items][:2] == ["1", "5"]
    joined = join(parted, "5")
    assert "".join(joined.read_item("1").text.split()) == "".join(words.split())
    assert [t.value for t in joined.read_item("1").thresholds] == [Fraction(1), Fraction(7, 20)]
    assert [(c.expression, c.target) for c in joined.item_of("1").criteria] == [
        (c.expression, c.target) for c in state.item_of("1").criteria
    ]

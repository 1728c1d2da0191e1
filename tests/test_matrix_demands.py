"""What several plans ask of one figure: which criteria belong together, which asks more, and what satisfies all."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from assessments.matrix.demands import HIGHER, PARTLY, Demand, Need, Row, rows_of
from assessments.matrix.measure import Reported, measure_of
from assessments.scoring.finish import finish
from assessments.scoring.program import CriterionSpec, Figures, Program
from indicators.formula import ElementSpec, check_criterion, parse
from indicators.formula.tree import Aggregate, Expr, Name, Negative, Not, Number

CENTRE, TOWNSHIP, CLINIC = "community_centre", "township_centre", "village_clinic"
TYPES = frozenset({CENTRE, TOWNSHIP, CLINIC})
KINDS = dict.fromkeys(("categories", "items", "tcm", "physicians", "visits"), "integer")
KINDS |= {"has_hall": "boolean", "has_room": "boolean"}
ELEMENTS = {code: ElementSpec(code, code, kind, "", TYPES) for code, kind in KINDS.items()}
REPORTED = {code: Reported(TYPES) for code in KINDS}


def demand(
    expression: str, comparator: str = ">=", target: str = "100%", scope=(CENTRE, TOWNSHIP), standard="A", code=""
) -> Demand:
    assert not check_criterion(expression, target, scope, ELEMENTS)
    tree = parse(target)
    value = tree.value if isinstance(tree, Number) else None
    measure, levels = measure_of(expression, scope, REPORTED)
    return Demand(standard, code or expression, frozenset(scope), measure, levels, comparator, value, target)


def techniques(categories: int, items: int) -> str:
    return f"share(categories >= {categories} and items >= {items})"


def only_row(*demands: Demand) -> Row:
    (row,) = rows_of(demands)
    return row


def written(tree: Expr) -> str:
    """A formula in its notation again."""
    if isinstance(tree, Number):
        return f"({tree.value.numerator} / {tree.value.denominator})"
    if isinstance(tree, Name):
        return tree.code
    if isinstance(tree, Aggregate):
        return f"{tree.function}({written(tree.operand)})"
    if isinstance(tree, Not):
        return f"(not ({written(tree.operand)}))"
    if isinstance(tree, Negative):
        return f"(-({written(tree.operand)}))"
    return f"({written(tree.left)} {tree.op} {written(tree.right)})"


def statuses(criteria: list[tuple[str, str, Fraction, frozenset[str]]], institutions: list[Figures]) -> list[str]:
    """As the engine judges (formula, comparator, target, scope)."""
    specs = [
        CriterionSpec(str(number), "hard", scope, expression, comparator, f"{target.numerator} / {target.denominator}")
        for number, (expression, comparator, target, scope) in enumerate(criteria)
    ]
    program = Program(specs, ELEMENTS)
    return [result.status for result in finish(program, program.contribute(institutions))]


def criteria_of(row: Row, need: Need) -> list[tuple[str, str, Fraction, frozenset[str]]]:
    """What a need says, as criteria."""
    limits = ((need.least, need.least_levels, ">"), (need.most, need.most_levels, "<"))
    return [
        (written(row.measure.with_levels(levels)), sign if limit.strict else f"{sign}=", limit.value, need.types)
        for limit, levels, sign in limits
        if limit is not None
    ]


# ---- which belong together -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (techniques(6, 10), "share(items >= 15 and categories >= 6)"),
        ("sum(tcm) / sum(visits)", "sum(tcm)/sum(visits)"),
        ("sum(tcm + items) / sum(visits)", "sum(items + tcm) / sum(visits)"),
        ("share(has_hall)", "share(has_hall and items >= 3)"),
        ("share(6 <= items)", "share(items > 9)"),
        ("share(physicians > 0 and tcm >= 25% * physicians)", "share(tcm >= physicians * 60% and physicians >= 1)"),
    ],
)
def test_formulas_that_measure_the_same_are_one_row(one, other):
    assert len(rows_of([demand(one), demand(other, standard="B")])) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("share(has_hall)", "count(has_hall)"),
        ("share(has_hall)", "share(has_room)"),
        ("sum(tcm) / sum(visits)", "sum(tcm) / sum(visits) * 1000"),
        ("share(items >= 6)", "share(items <= 6)"),
        # which of the two asks more, nobody can tell from the numbers
        ("share(items == 6)", "share(items == 7)"),
        ("share(not items >= 6)", "share(not items >= 7)"),
    ],
)
def test_others_are_not(one, other):
    assert len(rows_of([demand(one), demand(other, standard="B")])) == 2


def test_a_condition_within_another_is_the_same_figure_only_of_the_same_institutions():
    rows = rows_of([demand("share(has_hall)"), demand("share(has_hall and has_room)", scope=[CLINIC], standard="B")])
    assert len(rows) == 2


def test_of_whole_numbers_more_than_none_is_at_least_one():
    row = only_row(demand("share(tcm > 0)"), demand("share(tcm >= 1)", standard="B"))
    assert not row.differs
    assert not row.marks


# ---- which asks more -------------------------------------------------------------------------------------------------


def test_fifteen_techniques_are_more_than_ten():
    ten, fifteen = demand(techniques(6, 10)), demand(techniques(6, 15), standard="B")
    assert only_row(ten, fifteen).marks == {fifteen: HIGHER}


@pytest.mark.parametrize(("more", "less"), [(">= 40%", ">= 35%"), ("> 35%", ">= 35%"), ("<= 5%", "<= 8%")])
def test_so_is_a_closer_target(more, less):
    sides = [demand("sum(tcm) / sum(visits)", *each.split(), standard=each) for each in (more, less)]
    assert only_row(*sides).marks == {sides[0]: HIGHER}


def test_more_in_one_thing_and_less_in_another_is_said_of_both():
    wide, deep = demand(techniques(8, 10)), demand(techniques(6, 15), standard="B")
    assert only_row(wide, deep).marks == {wide: PARTLY, deep: PARTLY}


def test_of_at_most_so_many_the_wider_condition_asks_more():
    wide = demand("share(items >= 3)", "<=", "10%")
    narrow = demand("share(items >= 9)", "<=", "10%", standard="B")
    assert only_row(wide, narrow).marks == {wide: HIGHER}


def test_demands_on_other_institutions_are_not_held_against_each_other():
    centres = demand(techniques(6, 10))
    clinics = demand(techniques(4, 6), scope=[CLINIC], standard="B")
    row = only_row(centres, clinics)
    assert not row.marks
    assert row.differs
    assert {need.types: need.least_levels for need in row.needs} == {
        centres.scope: centres.levels,
        clinics.scope: clinics.levels,
    }


def test_one_plan_alone_asks_no_more_than_itself():
    row = only_row(demand(techniques(6, 10)), demand(techniques(6, 15), code="2"))
    assert not row.marks
    assert not row.differs


# ---- what satisfies all ----------------------------------------------------------------------------------------------


def test_each_number_is_the_strictest_of_all_plans_by_type_of_institution():
    row = only_row(
        demand(techniques(6, 10), target="90%", scope=[CENTRE, TOWNSHIP]),
        demand(techniques(6, 15), scope=[CENTRE], standard="B"),
        demand(techniques(4, 6), target="80%", scope=[TOWNSHIP, CLINIC], standard="C"),
    )
    said = {
        tuple(sorted(need.types)): (sorted(level.value for level in need.least_levels.values()), need.least.value)
        for need in row.needs
    }
    assert said == {
        (CENTRE,): ([6, 15], 1),
        (TOWNSHIP,): ([6, 10], Fraction(9, 10)),
        (CLINIC,): ([4, 6], Fraction(4, 5)),
    }


def test_a_sum_is_not_taken_apart_by_type():
    row = only_row(demand("sum(items)", target="20"), demand("sum(items)", target="9", scope=[CENTRE], standard="B"))
    assert {(need.types, need.least.value) for need in row.needs} == {
        (frozenset({CENTRE, TOWNSHIP}), 20),
        (frozenset({CENTRE}), 9),
    }


def test_targets_that_are_not_set_stand_beside_the_others():
    planned = demand("sum(items)", target="sum(visits)", standard="B")
    (need,) = only_row(demand("sum(items)", target="20"), planned).needs
    assert (need.least.value, need.unset) == (20, (planned,))


def test_demands_that_exclude_each_other_are_said_to():
    least, most = (
        demand("sum(tcm) / sum(visits)", ">=", "40%"),
        demand("sum(tcm) / sum(visits)", "<=", "30%", standard="B"),
    )
    row = only_row(least, most)
    assert row.conflicts == ((least, most),)
    assert len(row.needs) == 2
    assert not any(need.impossible for need in row.needs)


def test_at_least_and_at_most_that_leave_room_are_one_need():
    row = only_row(demand("min(items)", ">=", "3"), demand("min(items)", "<=", "9", standard="B"))
    (need,) = row.needs
    assert not row.conflicts
    assert (need.least.value, need.most.value) == (3, 9)


# ---- whatever plans there are ----------------------------------------------------------------------------------------

NUMBERS = st.sampled_from([0, 1, 4, 6, 10, 15])
SHARES = st.sampled_from(["0", "10%", "1 / 2", "90%", "100%"])
CONDITIONS = st.one_of(
    st.builds(techniques, NUMBERS, NUMBERS),
    st.builds("items >= {} and {} <= categories".format, NUMBERS, NUMBERS).map(lambda text: f"share({text})"),
    st.builds("share(physicians > 0 and tcm >= {}% * physicians)".format, NUMBERS),
    st.sampled_from(["share(has_hall)", "share(has_hall and has_room)", "share(not has_hall)"]),
    st.builds("share(has_hall and items >= {})".format, NUMBERS),
    st.builds("{}(items {} {})".format, st.sampled_from(["share", "count"]), st.sampled_from([">", "<="]), NUMBERS),
)
PLAIN = st.sampled_from(["sum(tcm) / sum(visits)", "sum(items)", "min(items)", "mean(items + tcm)", "max(categories)"])
SCOPES = st.sets(st.sampled_from(sorted(TYPES)), min_size=1).map(frozenset)
COMPARATORS = st.sampled_from([">=", ">=", ">=", ">", "<=", "<", "=="])


@st.composite
def demands(draw) -> list[Demand]:
    """Of a few figures, so that they meet; the code tells the formula."""
    figures = draw(st.lists(st.one_of(CONDITIONS, PLAIN), min_size=1, max_size=2))
    found = []
    for number in range(draw(st.integers(1, 5))):
        expression = draw(st.one_of(st.sampled_from(figures), CONDITIONS))
        target = draw(SHARES if "share" in expression or "/" in expression else st.sampled_from(["1", "6", "10"]))
        found.append(
            Demand(
                *(draw(st.sampled_from("ABC")), f"{number} {expression}", scope := draw(SCOPES)),
                *measure_of(expression, scope, REPORTED),
                draw(COMPARATORS),
                Fraction(target.replace(" ", "").rstrip("%")) / (100 if target.endswith("%") else 1),
            )
        )
    return found


FIGURES = st.one_of(
    st.just({code: True if kind == "boolean" else 20 for code, kind in KINDS.items()}),
    st.fixed_dictionaries(
        {},
        optional={
            code: st.booleans() if kind == "boolean" else st.sampled_from([0, 1, 4, 6, 9, 10, 15, 20])
            for code, kind in KINDS.items()
        },
    ),
)
COUNTIES = st.lists(st.tuples(st.sampled_from(sorted(TYPES)), FIGURES), max_size=6).map(
    lambda pairs: [Figures(str(number), *pair) for number, pair in enumerate(pairs)]
)
GOOD = ("met", "not_applicable")


def judged(demands: list[Demand], county: list[Figures]) -> list[str]:
    criteria = [(each.code.partition(" ")[2], each.comparator, each.target, each.scope) for each in demands]
    return statuses(criteria, county)


@given(demands(), COUNTIES)
def test_who_has_what_a_row_needs_satisfies_every_plan(asked, county):
    for row in rows_of(asked):
        needed = [criterion for need in row.needs for criterion in criteria_of(row, need)]
        if row.conflicts or not all(status in GOOD for status in statuses(needed, county)):
            continue
        event("satisfied" if county and len(row.demands) > 1 else "trivial")
        assert all(status in GOOD for status in judged(row.demands, county))


@given(demands())
def test_no_need_asks_for_more_than_some_plan_does(asked):
    for row in rows_of(asked):
        for need in row.needs:
            asking = [each for each in row.demands if each.scope & need.types]
            for limit in filter(None, (need.least, need.most)):
                assert any(each.limit == limit for each in asking) or any(each.comparator == "==" for each in asking)
            for levels in (need.least_levels, need.most_levels):
                for atom, level in levels.items():
                    assert any(each.levels.get(atom, "none") == level for each in asking)


@given(demands(), COUNTIES)
def test_plans_said_to_exclude_each_other_are_never_both_met(asked, county):
    for row in rows_of(asked):
        for pair in row.conflicts:
            assert judged(list(pair), county) != ["met", "met"]


@given(demands(), COUNTIES)
def test_whoever_meets_the_plan_that_asks_more_meets_the_others_of_the_same_institutions(asked, county):
    for row in rows_of(asked):
        for higher in (each for each, mark in row.marks.items() if mark == HIGHER):
            others = [e for e in row.demands if e.scope == higher.scope and e.lower == higher.lower and e != higher]
            others = [e for e in others if e.standard != higher.standard and e.comparator != "=="]
            if judged([higher], county) == ["met"]:
                assert all(status == "met" for status in judged(others, county))


@given(demands(), st.randoms(use_true_random=False))
def test_the_order_of_the_plans_changes_nothing(asked, random):
    shuffled = random.sample(asked, len(asked))
    one, other = ({frozenset(row.demands): row for row in rows_of(order)} for order in (asked, shuffled))
    assert one.keys() == other.keys()
    for group, row in one.items():
        again = other[group]
        assert row.marks == again.marks
        assert row.differs == again.differs
        assert {frozenset(pair) for pair in row.conflicts} == {frozenset(pair) for pair in again.conflicts}
        assert all(need in again.needs for need in row.needs)
        assert len(row.needs) == len(again.needs)


def test_what_is_only_shown_asks_for_nothing():
    """A share over clinics too, for reference: nobody asks them for it, and it asks no more than the others."""
    asked = [demand("sum(tcm) / sum(visits)", target="35%", standard=each) for each in "AB"]
    shown = replace(demand("sum(tcm) / sum(visits)", target="40%", scope=TYPES, standard="A", code="i"), binding=False)
    row = only_row(*asked, shown)
    assert [(need.types, need.least.value) for need in row.needs] == [({CENTRE, TOWNSHIP}, Fraction(35, 100))]
    assert (row.marks, row.conflicts, row.differs) == ({}, (), False)
    assert only_row(*asked, replace(shown, binding=True)).marks != {}
    assert [need.least.value for need in only_row(shown).needs] == [Fraction(40, 100)]

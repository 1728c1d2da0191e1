"""What holds for any county and any criterion: merging, agreement with the rules, rounding, smallest shortfalls."""

import random
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring.contribution import merge
from assessments.scoring.display import rounded
from assessments.scoring.finish import COMPARE, finish
from assessments.scoring.program import CriterionSpec, Figures, Program
from indicators.formula import check_criterion
from tests.scoring import slow_reading
from tests.scoring.strategies import ELEMENTS, comparators, counties, criteria

REPORTED_BY = {code: element.reported_by for code, element in ELEMENTS.items()}


def result_of(criterion, institutions):
    program = Program([criterion], ELEMENTS)
    return finish(program, program.contribute(institutions))[0]


def slow(criterion, institutions):
    county = slow_reading.County(institutions, REPORTED_BY)
    return slow_reading.read(county, criterion.scope, criterion.expression, criterion.comparator, criterion.target)


def is_sound(criterion):
    return not check_criterion(criterion.expression, criterion.target, criterion.scope, ELEMENTS)


@given(criteria().filter(is_sound), counties())
@settings(max_examples=400, deadline=None)
def test_the_engine_agrees_with_the_slow_reading_of_the_rules(criterion, institutions):
    expected = slow(criterion, institutions)
    result = result_of(criterion, institutions)
    lone = result.spec.lone
    assert result.status == expected["status"]
    assert result.value == expected["value"]
    assert result.target == expected["target"]
    assert (result.in_scope, result.reported, result.due) == tuple(expected[k] for k in ("in_scope", "reported", "due"))
    assert result.range == expected["range"]
    assert set(result.unknown) == expected["unknown"]
    assert set(result.failing) == (expected["failing"] if lone else set())


@given(criteria().filter(is_sound), counties(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_merging_in_any_order_and_grouping_gives_the_same(criterion, institutions, chance: random.Random):
    program = Program([criterion], ELEMENTS)
    whole = finish(program, program.contribute(institutions))
    shuffled = institutions[:]
    chance.shuffle(shuffled)
    parts = []
    while shuffled:
        size = chance.randint(1, len(shuffled))
        parts.append(program.contribute(shuffled[:size]))
        shuffled = shuffled[size:]
    chance.shuffle(parts)
    while len(parts) > 1:
        left, right = parts.pop(chance.randrange(len(parts))), parts.pop(chance.randrange(len(parts)))
        parts.append(merge([left, right]))
    merged = parts[0] if parts else program.contribute([])
    assert finish(program, merged) == whole


fractions = st.fractions(min_value=-1000, max_value=1000, max_denominator=10_000)


@given(fractions, fractions, comparators)
@settings(max_examples=500)
def test_no_figure_is_rounded_across_its_target(value, target, comparator):
    shown = rounded(value, target, comparator)
    if comparator != "==":  # an equality cannot be kept by a rounded figure
        assert COMPARE[comparator](shown, target) == COMPARE[comparator](value, target)
    assert abs(shown - value) < Fraction(1, 100)
    assert (shown * 100).denominator == 1


def test_the_papers_example_is_shown_below_its_target():
    assert rounded(Fraction("34.999"), Fraction(35)) == Fraction("34.99")
    assert rounded(Fraction("35.001"), Fraction(35)) == Fraction(35)
    assert rounded(Fraction("0.001"), Fraction(0), ">") == Fraction("0.01")


def township_centres(rows):
    return [
        Figures(f"机构{i}", "township_centre", {k: v for k, v in row.items() if v is not None})
        for i, row in enumerate(rows)
    ]


maybe_whole = st.one_of(st.none(), st.integers(0, 30))
percentages = st.integers(1, 100).map("{}%".format)
reaching = st.sampled_from([">=", ">"])


@given(st.lists(st.one_of(st.none(), st.booleans()), min_size=1, max_size=30), percentages, reaching)
def test_the_shortfall_of_a_share_is_the_smallest_number_of_institutions(halls, target, comparator):
    criterion = CriterionSpec("1.1", "hard", frozenset(["all"]), "share(has_hall)", comparator, target)
    result = result_of(criterion, township_centres([{"has_hall": hall} for hall in halls]))
    if result.shortfall is None:
        # met already, or more than 100% would be needed
        assert result.status == "met" or (comparator == ">" and target == "100%")
        return
    missing = result.shortfall.institutions
    candidates = [i for i, hall in enumerate(halls) if not hall]
    assert len(candidates) == len(result.failing) + len(result.unknown)

    def reached_with(k):
        turned = [True if i in candidates[:k] else hall for i, hall in enumerate(halls)]
        return result_of(criterion, township_centres([{"has_hall": hall} for hall in turned])).status == "met"

    assert reached_with(missing)
    assert not reached_with(missing - 1)


@given(st.lists(st.tuples(maybe_whole, maybe_whole), min_size=1, max_size=6), percentages, reaching)
def test_the_shortfall_of_a_ratio_is_the_smallest_both_ways(rows, target, comparator):
    expression = "sum(tcm_doctors) / sum(doctors)"
    criterion = CriterionSpec("1.1", "hard", frozenset(["all"]), expression, comparator, target)
    institutions = township_centres([{"tcm_doctors": a, "doctors": b} for a, b in rows])
    result = result_of(criterion, institutions)
    if result.status != "unmet":
        assert result.shortfall is None
        return
    complete = [(a, b) for a, b in rows if a is not None and b is not None]
    part, whole = sum(a for a, _ in complete), sum(b for _, b in complete)
    goal = Fraction(target[:-1]) / 100
    holds = COMPARE[comparator]
    converted = slow_reading.smallest(lambda k: holds(Fraction(part + k, whole), goal))
    assert result.shortfall.convert == converted
    if goal < 1:
        added = slow_reading.smallest(lambda k: holds(Fraction(part + k, whole + k), goal))
        assert result.shortfall.add == added
    else:
        assert result.shortfall.add is None


@given(st.lists(maybe_whole, min_size=1, max_size=6), st.integers(0, 200), reaching)
def test_the_shortfall_of_a_sum_is_the_smallest_amount(beds, target, comparator):
    criterion = CriterionSpec("1.1", "hard", frozenset(["all"]), "sum(beds)", comparator, str(target))
    result = result_of(criterion, township_centres([{"beds": n} for n in beds]))
    if result.status != "unmet":
        assert result.shortfall is None
        return
    total = sum(n for n in beds if n is not None)
    assert result.shortfall.convert == slow_reading.smallest(lambda k: COMPARE[comparator](total + k, target))

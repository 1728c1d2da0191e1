"""What counties come to together is, to the last digit, what their institutions would come to as one county."""

import json
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessments.prefecture.merging import MergedWriter, as_one, merged
from assessments.scoring import stored
from assessments.scoring.finish import finish
from assessments.scoring.program import CriterionSpec, Figures, Program
from indicators.formula import check_criterion
from tests.scoring.strategies import ELEMENTS, TYPES, counties, criteria, values

CENTRES = frozenset(["township_centre"])


def is_sound(criterion):
    return not check_criterion(criterion.expression, criterion.target, criterion.scope, ELEMENTS)


@st.composite
def prefectures(draw):
    """County's code -> its institutions; every county uses the same codes for other institutions."""
    return {f"县{i}": draw(counties()) for i in range(draw(st.integers(1, 4)))}


def kept(program: Program, prefecture: dict[str, list[Figures]]) -> dict:
    """The counties' contributions, as the database gives them back."""
    return {
        code: stored.read(program, json.loads(json.dumps(stored.write(program, program.contribute(institutions)))))
        for code, institutions in prefecture.items()
    }


def of_one_county(prefecture: dict[str, list[Figures]]) -> list[Figures]:
    return [
        figures._replace(code=f"{county}/{figures.code}")
        for county, institutions in prefecture.items()
        for figures in institutions
    ]


@given(criteria().filter(is_sound), prefectures())
def test_any_criterion_over_any_counties(criterion, prefecture):
    program = Program([criterion], ELEMENTS)
    together = finish(program, merged(program, kept(program, prefecture)))
    assert together == finish(program, program.contribute(of_one_county(prefecture)))


@given(st.sampled_from(["share", "count", "sum", "min", "max", "mean"]), st.data())
def test_every_aggregate_however_institutions_fall_to_counties(function, data):
    operand = "has_hall and beds >= 5" if function in ("share", "count") else "points + beds"
    criterion = CriterionSpec("1.1", "hard", CENTRES, f"{function}({operand})", ">=", "3")
    program = Program([criterion], ELEMENTS)
    kinds = data.draw(st.lists(st.sampled_from(TYPES), max_size=9))
    split: dict[str, list[Figures]] = {"甲": [], "乙": [], "丙": []}
    for number, kind in enumerate(kinds):
        split[data.draw(st.sampled_from("甲乙丙"))].append(Figures(f"{number}", kind, data.draw(values())))
    together = finish(program, merged(program, kept(program, split)))
    assert together == finish(program, program.contribute(of_one_county(split)))


def test_two_institutions_of_one_code_stay_two():
    """Both lack a hall: two are missing, not one."""
    criterion = CriterionSpec("1.1", "hard", CENTRES, "share(has_hall)", ">=", "100%")
    program = Program([criterion], ELEMENTS)
    same = [Figures("T01", "township_centre", {"has_hall": False})]
    (result,) = finish(program, merged(program, kept(program, {"A": same, "B": same})))
    written = MergedWriter(program).criterion(result)
    assert written["failing"] == ["A/T01", "B/T01"]
    assert (written["shortfall"]["count"], written["value"], written["status"]) == (2, "0", "unmet")


def test_the_smallest_of_all_counties_counts():
    criterion = CriterionSpec("1.1", "hard", CENTRES, "min(beds)", ">=", "5")
    program = Program([criterion], ELEMENTS)
    counted = {code: [Figures("T01", "township_centre", {"beds": beds})] for code, beds in (("A", 4), ("B", 3))}
    (result,) = finish(program, merged(program, kept(program, counted)))
    assert (result.value, result.failing, result.shortfall.institutions) == (3, ("A/T01", "B/T01"), 2)


def test_without_counties_nothing_applies():
    program = Program([CriterionSpec("1.1", "hard", CENTRES, "share(has_hall)", ">=", "100%")], ELEMENTS)
    (result,) = finish(program, merged(program, {}))
    assert (result.status, result.due) == ("not_applicable", 0)


def of_plan(expression: str, target: str, **counties) -> tuple:
    """(value, target, status) of two counties; each is one township centre's figures."""
    program = Program([CriterionSpec("1.1", "hard", CENTRES, expression, ">=", target)], ELEMENTS)
    own = {code: [Figures("T01", "township_centre", values)] for code, values in counties.items()}
    (result,) = finish(program, as_one(program, kept(program, own)))
    return result.value, result.target, result.status


def test_what_counties_plan_for_every_bed_is_no_plan_for_all_of_them():
    """Each is at 3 of 2 planned; 3 of 4 added up would be a target that nobody has set."""
    one = {"points": 6, "beds": 2}
    assert of_plan("sum(points) / sum(beds)", "sum(beds)", A=one) == (3, 2, "met")
    assert of_plan("sum(points) / sum(beds)", "sum(beds)", A=one, B=one) == (3, None, "no_data")
    assert of_plan("mean(points)", "sum(beds)", A=one, B=one) == (6, None, "no_data")


def test_what_counties_plan_in_all_adds_up_where_each_has_a_plan():
    one = {"points": 6, "beds": 4}
    assert of_plan("sum(points)", "sum(beds)", A=one, B=one) == (12, 8, "met")
    assert of_plan("sum(points)", "2 * sum(beds) / 4", A=one, B=one) == (12, 4, "met")
    assert of_plan("mean(points)", "sum(beds) / sum(points)", A=one, B=one) == (6, Fraction(2, 3), "met")
    assert of_plan("sum(points)", "sum(beds)", A=one, B={"points": 6}) == (12, None, "no_data")
    assert of_plan("sum(points)", "10", A=one, B={"points": 6}) == (12, 10, "met")
    # a county that has not reported is counted on neither side
    assert of_plan("sum(points)", "sum(beds)", A=one, B={}) == (6, 4, "met")

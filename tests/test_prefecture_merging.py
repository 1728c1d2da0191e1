"""What counties come to together is, to the last digit, what their institutions would come to as one county."""

import json

from hypothesis import given
from hypothesis import strategies as st

from assessments.prefecture.merging import MergedWriter, merged
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


def as_one(prefecture: dict[str, list[Figures]]) -> list[Figures]:
    return [
        figures._replace(code=f"{county}/{figures.code}")
        for county, institutions in prefecture.items()
        for figures in institutions
    ]


@given(criteria().filter(is_sound), prefectures())
def test_any_criterion_over_any_counties(criterion, prefecture):
    program = Program([criterion], ELEMENTS)
    together = finish(program, merged(program, kept(program, prefecture)))
    assert together == finish(program, program.contribute(as_one(prefecture)))


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
    assert together == finish(program, program.contribute(as_one(split)))


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

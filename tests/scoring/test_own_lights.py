"""When an institution decides a criterion by itself, and when it only counts."""

import pytest

from assessments.scoring.finish import finish
from assessments.scoring.own import own_results
from assessments.scoring.program import CriterionSpec, Figures, Program
from tests.scoring.strategies import ELEMENTS


def own(expression, target, rows, comparator=">="):
    """(decided, status) of the first institution."""
    spec = CriterionSpec("1.1", "hard", frozenset(["township_centre"]), expression, comparator, target)
    program = Program([spec], ELEMENTS)
    institutions = [Figures(f"机构{i}", "township_centre", row) for i, row in enumerate(rows)]
    results = finish(program, program.contribute(institutions))
    [result] = own_results(program, results, institutions[0])
    return result.decided, result.status


NO, YES = {"has_hall": False}, {"has_hall": True}


@pytest.mark.parametrize(
    ("target", "rows", "expected"),
    [
        ("100%", [NO, YES], (True, "unmet")),
        ("100%", [YES, NO], (True, "met")),
        ("100%", [{}, YES], (True, "undecided")),
        # 10% of them are demanded: one without a hall does not fail anything
        ("10%", [NO, YES], (False, "misfits")),
        ("10%", [YES, NO], (False, "fits")),
        ("10%", [{}, NO], (False, "undecided")),
        # the only one in scope decides, whatever share is demanded
        ("10%", [NO], (True, "unmet")),
    ],
)
def test_a_share_of_all_is_decided_by_each_institution_a_smaller_share_by_the_county(target, rows, expected):
    assert own("share(has_hall)", target, rows) == expected


@pytest.mark.parametrize(
    ("expression", "target", "rows", "expected"),
    [
        ("min(beds)", "4", [{"beds": 3}, {"beds": 5}], (True, "unmet")),
        ("sum(tcm_doctors) / sum(doctors)", "50%", [{"tcm_doctors": 1, "doctors": 4}] * 2, (False, "below")),
        ("sum(tcm_doctors) / sum(doctors)", "50%", [{"tcm_doctors": 3, "doctors": 4}] * 2, (False, "above")),
        ("sum(tcm_doctors) / sum(doctors)", "50%", [{"doctors": 4}] * 2, (False, "undecided")),
        ("sum(beds) / sum(population) * 1000", "5", [{"beds": 3}] * 2, (False, "counted")),
        ("count(has_hall)", "1", [NO, YES], (False, "misfits")),
    ],
)
def test_ratios_and_counts_are_decided_over_all(expression, target, rows, expected):
    assert own(expression, target, rows) == expected

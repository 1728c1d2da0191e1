"""Who stands before whom: items met, then points, then coverage; equals share a rank."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.prefecture.ranking import Score, change_words, ranks

scores = st.builds(
    Score, st.integers(0, 3), st.fractions(0, 2, max_denominator=3), st.fractions(0, 1, max_denominator=2)
)


def score(met: int, points=0, coverage=1) -> Score:
    return Score(met, Fraction(points), Fraction(coverage))


def test_items_met_go_before_points_and_points_before_coverage():
    assert ranks({"a": score(3), "b": score(4), "c": score(3, 7), "d": score(3, 7, Fraction(1, 2))}) == {
        "b": 1,
        "c": 2,
        "d": 3,
        "a": 4,
    }


def test_equals_share_a_rank_and_the_next_is_one_further():
    assert ranks({"a": score(3), "b": score(3), "c": score(2)}) == {"a": 1, "b": 1, "c": 3}


@given(st.dictionaries(st.text(max_size=2), scores, max_size=6))
def test_a_rank_is_one_more_than_how_many_are_better(given_scores):
    assert ranks(given_scores) == {
        key: 1 + sum(other > own for other in given_scores.values()) for key, own in given_scores.items()
    }


@pytest.mark.parametrize(
    ("now", "before", "words"), [(5, 3, "+2 条"), (3, 5, "−2 条"), (3, 3, "持平"), (0, None, "—"), (3, None, "—")]
)
def test_the_change_in_words(now, before, words):
    assert change_words(now, before) == words

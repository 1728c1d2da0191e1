"""Archive numbers (档案号): in which order they are given, and that they stay."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from assessments.binders.numbers import Candidate, next_numbers, shown
from assessments.binders.services import number_pieces
from assessments.models import BinderNumber
from indicators.models import Item
from tcm_demo.audit.models import Event
from tests.evidence_world import hand_in
from tests.world import World, make_world

DATES = st.none() | st.dates(date(2020, 1, 1), date(2024, 1, 1))
CANDIDATES = st.lists(st.builds(Candidate, st.integers(1, 30), st.integers(0, 5), DATES), unique_by=lambda c: c.piece)


def test_numbers_run_by_requirement_then_date_then_upload():
    late, early = date(2023, 5, 1), date(2023, 1, 1)
    candidates = [
        Candidate(1, 1, early),
        Candidate(2, 0, late),
        Candidate(3, 0, None),
        Candidate(5, 0, early),
        Candidate(4, 0, early),
    ]
    assert next_numbers(candidates, {}) == {4: 1, 5: 2, 2: 3, 3: 4, 1: 5}


@given(st.lists(CANDIDATES, max_size=5))
def test_numbers_are_never_changed_and_never_used_twice(printings):
    """Whatever comes and goes from one printing to the next."""
    given_so_far: dict[int, int] = {}
    for candidates in printings:
        before = dict(given_so_far)
        given_so_far |= next_numbers(candidates, given_so_far)
        assert before.items() <= given_so_far.items()
        assert all(candidate.piece in given_so_far for candidate in candidates)
    assert sorted(given_so_far.values()) == list(range(1, len(given_so_far) + 1))


@pytest.mark.parametrize(
    ("item", "number", "words"),
    [("4", 3, "04-03"), ("24", 12, "24-12"), ("24", 120, "24-120"), ("3.1", 1, "3.1-01"), ("4", None, "04-待编")],
)
def test_how_a_number_is_written(item, number, words):
    assert shown(item, number) == words


@pytest.fixture
def world(db) -> World:
    return make_world()


def test_giving_numbers_is_recorded_once(world, tmp_path):
    piece = hand_in(world, tmp_path).piece
    item = Item.objects.get(standard=world.standard, number="1")
    wanted = {item: [Candidate(piece.pk, 0, None)]}
    for _ in range(2):
        numbers = number_pieces(world.campaign, wanted, by=world.users["office"])
        assert numbers == {(item.pk, piece.pk): 1}
    (event,) = Event.objects.filter(action="number_evidence")
    assert (event.place, event.after) == ("A", {"binder_numbers": ["01-01"]})


@pytest.mark.parametrize("role", ["liaison", "expert", "leadership", "prefecture", "reviewer", None])
def test_nobody_but_the_county_office_gives_numbers(world, tmp_path, role):
    first, second = hand_in(world, tmp_path).piece, hand_in(world, tmp_path).piece
    item = Item.objects.get(standard=world.standard, number="1")
    number_pieces(world.campaign, {item: [Candidate(first.pk, 0, None)]}, by=world.users["office"])
    both = {item: [Candidate(second.pk, 0, None), Candidate(first.pk, 0, None)]}
    assert number_pieces(world.campaign, both, by=role and world.users[role]) == {(item.pk, first.pk): 1}
    assert BinderNumber.objects.count() == Event.objects.filter(action="number_evidence").count() == 1


def test_the_database_itself_refuses_a_number_twice(world, tmp_path):
    first, second = hand_in(world, tmp_path).piece, hand_in(world, tmp_path).piece
    item = Item.objects.get(standard=world.standard, number="1")
    number_pieces(world.campaign, {item: [Candidate(first.pk, 0, None)]}, by=world.users["office"])
    (row,) = BinderNumber.objects.all()
    row.pk, row.piece = None, second
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)

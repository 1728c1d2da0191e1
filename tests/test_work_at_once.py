"""Several people at one item in the same moment: every word is kept, and one of them is told."""

import pytest

from assessments.enums import ItemStepKind
from assessments.models import ItemStep, ItemWork, Statement
from assessments.work.services import set_charge, write_note
from assessments.work.statement_services import Overtaken, save_statement
from tests.test_concurrent_review import at_once
from tests.working import campaign_of, item_of
from tests.world import PERIOD, make_world

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 6


@pytest.fixture
def place():
    world = make_world()
    return world, campaign_of(world), item_of(world, "1")


def test_of_writers_who_saw_the_same_one_is_first_and_the_others_are_told(place):
    world, campaign, item = place
    office = world.users["office"]

    def write(number: int):
        return lambda: save_statement(campaign, item, PERIOD, text=f"第 {number} 人", seen=(0, 0), by=office)

    answers = at_once(*map(write, range(WRITERS)))
    kept = Statement.objects.get()
    assert [answer for answer in answers if isinstance(answer, Statement)] == [kept]
    overtaken = [answer for answer in answers if isinstance(answer, Overtaken)]
    assert [answer.latest.text for answer in overtaken] == [kept.text] * (WRITERS - 1)


def test_notes_of_the_same_moment_are_all_kept(place):
    world, campaign, item = place
    office = world.users["office"]
    at_once(*[lambda n=n: write_note(campaign, item, text=f"{n}", by=office) for n in range(WRITERS)])
    notes = ItemStep.objects.filter(kind=ItemStepKind.NOTE)
    assert sorted(note.text for note in notes) == [str(n) for n in range(WRITERS)]


def test_a_deadline_set_twice_at_once_is_one_row(place):
    world, campaign, item = place
    office, people = world.users["office"], ("office", "reviewer", "liaison")
    at_once(
        *[lambda who=who: set_charge(campaign, item, person=world.users[who], due_on=None, by=office) for who in people]
    )
    last = ItemStep.objects.filter(kind=ItemStepKind.CHARGE).latest("pk")
    assert f"责任人 {ItemWork.objects.get().person}，" in last.text
    assert ItemStep.objects.count() == len(people)

"""Several people at the same reports at the same moment: nothing is lost, nothing happens twice."""

from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from assessments.models import Standing
from assessments.standing_services import score
from institutions.filling.services import CONFLICT, SAVED, Cell, lock_reports, save_cells, submit_report
from institutions.models import Institution, Report, Round
from institutions.refusals import Refused
from institutions.review.services import accept_many, decide, version_of
from institutions.rounds.services import close_round
from tests.reviewing import (
    VALUES,
    add_clerk,
    add_reviewer,
    east,
    explain_all,
    fill,
    hand_in,
    open_round,
    replayed,
    report_of,
)
from tests.world import PERIOD, add_institution, make_world

pytestmark = pytest.mark.django_db(transaction=True)

CLERKS = 20
PATIENCE = 60  # seconds; nobody waits so long for a colleague


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def round(world):
    return open_round(world)


def at_once(*acts) -> list:
    """Each in a thread of its own, all at the same moment; their answers in the same order, refusals and errors too."""
    start, answers = Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        try:
            start.wait(PATIENCE)
            answers[number] = act()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return answers


def kinds(report: Report) -> list[str]:
    return [step.kind for step in report.steps.all()]


def assert_standing_is_exact(world) -> None:
    standing = Standing.objects.get(county=world.county, standard=world.standard, period=PERIOD)
    assert standing.result == score(world.county, world.standard, PERIOD).result


def test_of_two_reviewers_who_accept_at_once_one_does_and_the_other_is_told(world, round):
    hand_in(round, east(), world.users["clerk"])
    seen = version_of(report_of(east()))
    people = [world.users["reviewer"], add_reviewer(world, "second")]
    answers = at_once(*[lambda by=by: decide(round, east(), accept_all=True, by=by, seen=seen) for by in people])
    (refused,) = [answer for answer in answers if isinstance(answer, Exception)]
    assert isinstance(refused, Refused), refused
    assert "刚刚有了变化（现在已接受）" in str(refused)
    report = report_of(east())
    assert (report.state, report.accepted, kinds(report).count("accepted")) == ("accepted", VALUES, 1)
    assert report.accepted_by == people[answers.index(refused) - 1]
    assert_standing_is_exact(world)


def test_of_a_return_and_an_acceptance_at_once_one_stands(world, round):
    hand_in(round, east(), world.users["clerk"])
    seen = version_of(report_of(east()))
    first, second = world.users["reviewer"], add_reviewer(world, "second")
    answers = at_once(
        lambda: decide(round, east(), accept_all=True, by=first, seen=seen),
        lambda: decide(round, east(), returns={"visits": "请核对"}, by=second, seen=seen),
    )
    assert sorted(type(answer) for answer in answers if isinstance(answer, Exception)) == [Refused]
    report = report_of(east())
    won = "returned" if isinstance(answers[0], Refused) else "accepted"
    assert (report.state, kinds(report)[-1]) == (won, won)
    assert report.accepted == (VALUES if won == "accepted" else {})
    assert_standing_is_exact(world)


def test_many_are_accepted_while_another_accepts_one_of_them(world, round):
    centres = [add_institution(world.county, f"A-5{n}", "township_centre", None) for n in range(6)]
    for centre in centres:
        hand_in(round, centre, world.users["clerk"])
    second = add_reviewer(world, "second")
    many, one = at_once(
        lambda: accept_many(round, centres, by=world.users["reviewer"]),
        lambda: decide(round, centres[3], accept_all=True, by=second),
    )
    assert not isinstance(many, Exception), many
    assert len(many.reports) + (not isinstance(one, Exception)) == 6
    for centre in centres:
        report = report_of(centre)
        assert (report.state, kinds(report).count("accepted")) == ("accepted", 1)
    assert_standing_is_exact(world)


def test_twenty_clerks_of_as_many_institutions_lose_nothing(world, round):
    centres = [add_institution(world.county, f"A-5{n:02}", "township_centre", None) for n in range(CLERKS)]
    clerks = [add_clerk(centre, f"clerk{n}") for n, centre in enumerate(centres)]

    def report(number):
        centre, clerk = centres[number], clerks[number]
        for code, text in {"visits": str(1000 + number), "tcm_visits": "400", "has_hall": "是"}.items():
            save_cells(round, [Cell(centre, code, text, "")], by=clerk)
        explain_all(round, centre, clerk)
        submit_report(round, centre, by=clerk)

    answers = at_once(*[lambda number=number: report(number) for number in range(CLERKS)])
    assert answers == [None] * CLERKS
    for number, centre in enumerate(centres):
        found = report_of(centre)
        assert found.values == {"visits": 1000 + number, "tcm_visits": 400, "has_hall": True}
        assert replayed(found) == (found.values, {}, "submitted")
        assert kinds(found) == ["saved"] * 3 + ["submitted"]


def test_twenty_clerks_of_one_institution_lose_nothing(world, round):
    """Each types into cells of their own kind; where two typed into the same one, one of them is told."""
    clerks = [add_clerk(east(), f"clerk{n}") for n in range(CLERKS)]
    cells = [("visits", "1000"), ("tcm_visits", "400"), ("has_hall", "是"), ("techniques", "10")]

    def save(number):
        code, text = cells[number % 4]
        text = text if code == "has_hall" else str(int(text) + number)
        (result,) = save_cells(round, [Cell(east(), code, text, "")], by=clerks[number])
        return result.status, code, text

    answers = at_once(*[lambda number=number: save(number) for number in range(CLERKS)])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    report = report_of(east())
    saved = {code: text for status, code, text in answers if status == SAVED}
    assert len([1 for status, *_ in answers if status == SAVED]) == len(saved) == 4
    assert {status for status, code, _ in answers if code != "has_hall"} == {SAVED, CONFLICT}
    assert {code: "是" if value is True else str(value) for code, value in report.values.items()} == saved
    assert replayed(report)[0] == report.values
    assert kinds(report) == ["saved"] * 4


def test_of_twenty_who_submit_the_same_report_one_does(world, round):
    clerks = [add_clerk(east(), f"clerk{n}") for n in range(CLERKS)]
    fill(round, east(), clerks[0])
    explain_all(round, east(), clerks[0])
    answers = at_once(*[lambda by=by: submit_report(round, east(), by=by) for by in clerks])
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [Refused] * (CLERKS - 1)
    assert kinds(report_of(east())).count("submitted") == 1


def test_what_is_typed_while_it_is_being_accepted_is_either_in_or_locked(world, round):
    """Whoever is first: a figure that nobody saw is never accepted."""
    hand_in(round, east(), world.users["clerk"])
    decide(round, east(), returns={"visits": "请核对"}, by=world.users["reviewer"])
    seen = version_of(report_of(east()))

    def mend():
        save_cells(round, [Cell(east(), "visits", "1234")], by=world.users["clerk"])
        submit_report(round, east(), by=world.users["clerk"])

    answers = at_once(
        mend, lambda: decide(round, east(), accept_all=True, by=world.users["reviewer"], seen=seen)
    )  # fmt: skip
    assert answers[0] is None
    assert isinstance(answers[1], Refused), answers[1]
    assert (report_of(east()).state, report_of(east()).accepted) == ("submitted", {})


def test_what_is_submitted_while_the_round_is_closed_is_in_the_list_of_what_is_missing_or_refused(world, round):
    """Nothing changes behind the back of a closed round."""
    clerk = world.users["clerk"]
    fill(round, east(), clerk)
    explain_all(round, east(), clerk)
    mine, office = Round.objects.get(), world.users["office"]
    answer, _ = at_once(lambda: submit_report(mine, east(), by=clerk), lambda: close_round(round, by=office))
    state = "草稿" if isinstance(answer, Refused) else "已提交"
    assert isinstance(answer, (Refused, Report)), answer
    assert report_of(east()).get_state_display() == state
    (line,) = [each for each in Round.objects.get().missing_at_close if each["code"] == "A-01"]
    assert line["state"] == state


def test_entering_for_another_institution_does_not_wait_for_whoever_is_at_ones_own(world, round):
    """A step names the institution on whose behalf it was entered: whoever holds that one must not be in the way, as
    two who wait for each other would be stuck."""
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")
    clinic = Institution.objects.get(code="A-1000")
    Institution.objects.filter(pk=clinic.pk).update(manager=east())
    clerk = world.users["clerk"]

    def enter():
        own = Institution.objects.select_related("county", "manager").get(code="A-1000")
        return save_cells(round, [Cell(own, "techniques", "6")], by=clerk)[0].status

    with transaction.atomic():
        lock_reports(round, [east()])
        assert at_once(enter) == [SAVED]
    assert report_of(clinic).steps.get().proxy == east()

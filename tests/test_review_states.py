"""Whatever several people do to a report, in whatever order: what must always hold."""

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assessments.models import Standing
from assessments.queries import figures_of
from assessments.standing_services import score
from institutions.filling.findings import MISSING
from institutions.filling.services import CONFLICT, LOCKED, OPEN_STATES, Cell, save_cells, submit_report
from institutions.models import Report
from institutions.refusals import Refused
from institutions.review.services import accept_many, decide, return_many
from institutions.rounds.services import close_round, reopen_round
from tests.reviewing import add_clerk, add_reviewer, east, open_round, replayed
from tests.world import PERIOD, make_world

# each: taken back, what it begins with, something else, what cannot be read
TEXTS = {"has_hall": ["", "是", "否"], "visits": ["", "1000", "900", "一千"], "tcm_visits": ["", "400", "0"]}
READ = {"是": True, "1000": 1000, "400": 400}
CODES = st.sets(st.sampled_from([*TEXTS, "techniques"]), min_size=1)
# which state may follow which; staying is always possible
FOLLOWS = {("draft", "submitted"), ("submitted", "accepted"), ("submitted", "returned")}
FOLLOWS |= {("accepted", "returned"), ("returned", "submitted")}


def in_state(*states):
    return precondition(lambda desk: desk.state in states)


@pytest.mark.django_db
def test_whatever_people_do_the_rules_hold():
    world = make_world()
    round = open_round(world)
    # `both` fills in and checks, and nobody else does
    people = [world.users["clerk"], add_clerk(east(), "both"), world.users["reviewer"], add_reviewer(world, "second")]
    persons, clerks, own = st.sampled_from(people), st.sampled_from(people[:2]), east()

    class Handled(Desk):
        def __init__(self):
            super().__init__(world, round, own)

        @initialize(by=clerks, submitter=clerks)
        def begin(self, by, submitter):
            for code, (_, text, *_) in TEXTS.items():
                self.enter(by, code, text)
            self.hand_in(submitter)

        @in_state("draft", "returned")
        @rule(by=clerks, code=st.sampled_from(sorted(TEXTS)), data=st.data())
        def save(self, by, code, data):
            self.enter(by, code, data.draw(st.sampled_from(TEXTS[code])))

        @in_state("returned")
        @rule(by=clerks, code=st.sampled_from(sorted(TEXTS)))
        def save_something_else(self, by, code):
            now = self.report.values.get(code)
            self.enter(by, code, TEXTS[code][2 if now == READ[TEXTS[code][1]] else 1])

        @in_state("draft", "returned")
        @rule(by=clerks)
        def mend_and_submit(self, by):
            for code in self.report.unread:
                self.enter(by, code, TEXTS[code][1])
            self.hand_in(by)

        @in_state("submitted")
        @rule(by=persons, codes=CODES)
        def accept_some(self, by, codes):
            self.accept(by, lambda: decide(round, own, accept=codes, by=by))

        @in_state("submitted")
        @rule(by=persons, one_of_many=st.booleans())
        def accept_all(self, by, one_of_many):
            if one_of_many:
                self.accept(by, lambda: accept_many(round, [own], by=by))
            else:
                self.accept(by, lambda: decide(round, own, accept_all=True, by=by))

        @in_state("submitted", "accepted")
        @rule(by=persons, codes=CODES)
        def return_some(self, by, codes):
            self.give_back(by, codes, lambda: decide(round, own, returns=dict.fromkeys(codes, "请核对"), by=by))

        @in_state("submitted")
        @rule(by=persons, code=st.sampled_from(sorted(TEXTS)))
        def accept_all_but_one(self, by, code):
            rest = [each for each in self.report.values if each != code]
            self.give_back(by, {code}, lambda: decide(round, own, accept=rest, returns={code: "请核对"}, by=by))

        @rule(by=persons, how=st.sampled_from(["out of turn", "out of turn", "return many", "close"]))
        def something_else(self, by, how):
            if how == "return many":
                self.give_back(by, None, lambda: return_many(round, [own], reason="请重报", by=by))
            elif how == "close":
                self.close()
            elif self.state in OPEN_STATES:
                self.attempt(lambda: decide(round, own, accept_all=True, by=by), never=True)
            else:
                self.enter(by, "visits", "1234")
                self.attempt(lambda: submit_report(round, own, by=by), never=True)

        def close(self):
            close_round(round, by=world.users["office"])
            round.refresh_from_db()
            self.attempt(lambda: decide(round, own, accept_all=True, by=people[3]), never=True)
            self.attempt(lambda: submit_report(round, own, by=people[0]), never=True)
            reopen_round(round, reason="补报", by=world.users["office"])
            round.refresh_from_db()

    run_state_machine_as_test(Handled, settings=settings(max_examples=20, stateful_step_count=30, deadline=None))


class Desk(RuleBasedStateMachine):
    """One report, and beside it what its history ought to be."""

    def __init__(self, world, round, own):
        super().__init__()
        self.world, self.round, self.own = world, round, own
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.entered_by, self.submitted_by, self.state = {}, {}, "draft"
        # what is missing is explained once and for all; nothing else of these figures needs a word
        save_cells(round, [], by=world.users["clerk"], explanations={own.pk: {MISSING: "没有开展"}})

    def teardown(self):
        standing = Standing.objects.get(county=self.world.county, standard=self.world.standard, period=PERIOD)
        assert standing.result == score(self.world.county, self.world.standard, PERIOD).result
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @property
    def report(self) -> Report:
        return Report.objects.get(institution=self.own, period=PERIOD)

    def attempt(self, act, never: bool = False) -> bool:
        """Whether it was done; where it was refused nothing has happened."""
        before = self.facts()
        try:
            with transaction.atomic():
                act()
        except Refused:
            assert self.facts() == before
            return False
        assert not never
        return self.facts() != before

    def facts(self) -> tuple:
        report = self.report
        return report.state, report.values, report.accepted, report.returned, report.hands, report.steps.count()

    def enter(self, by, code, text):
        before = self.report
        (result,) = save_cells(self.round, [Cell(self.own, code, text)], by=by)
        assert result.status != CONFLICT
        if before.values.get(code) != self.report.values.get(code):
            assert before.state in ("draft", "returned")
            assert code not in before.accepted
            self.entered_by[code] = by
            self.submitted_by.pop(code, None)
        assert result.text == text or result.status == LOCKED

    def hand_in(self, by):
        if self.attempt(lambda: submit_report(self.round, self.own, by=by)):
            report = self.report
            assert not report.unread
            self.submitted_by |= {code: by for code in report.values if code not in report.accepted}

    def accept(self, by, act):
        before = self.report
        if not self.attempt(act):
            return
        self.check_new(before, by)
        assert before.accepted.items() <= self.report.accepted.items()

    def give_back(self, by, codes, act):
        before = self.report
        if not self.attempt(act):
            return
        self.check_new(before, by)
        gone = before.accepted.keys() - self.report.accepted.keys()
        assert gone == (before.accepted.keys() if codes is None else before.accepted.keys() & codes)
        last = self.report.steps.last()
        assert last.kind == "returned"
        assert all(last.marks.values())
        assert all(last.marks.get(code) or last.reason for code in gone)

    def check_new(self, before, by):
        """Nobody accepts what they entered or submitted."""
        after = self.report
        for code, value in after.accepted.items():
            if before.accepted.get(code) != value:
                assert code not in before.accepted
                assert by not in (self.entered_by[code], self.submitted_by[code])

    @invariant()
    def the_rules_hold(self):
        report = self.report
        assert report.state == self.state or (self.state, report.state) in FOLLOWS
        self.state = report.state
        assert replayed(report) == (report.values, report.accepted, report.state)
        counted = {figures.code: figures.values for figures in figures_of(self.world.county, PERIOD)}
        assert counted[self.own.code] == report.accepted
        # whoever has a part in what is not accepted is known
        known = [by.get(code) for code in report.values.keys() - report.accepted.keys() for by in self.parts]
        assert {person.pk for person in known if person} <= set(report.hands)

    @property
    def parts(self):
        return self.entered_by, self.submitted_by

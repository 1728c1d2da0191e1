"""Accepting and returning: what counts, whose turn it is, who may, and what the history keeps."""

from fractions import Fraction

import pytest

from assessments.models import Standing
from institutions.filling.services import LOCKED, Cell, save_cells, submit_report
from institutions.models import Institution, Report
from institutions.refusals import Refused
from institutions.review.services import OWN_HANDS, WHOLE, accept_many, decide, return_many, version_of
from institutions.rounds.services import close_round
from tcm_demo.audit.models import Event
from tests.reviewing import VALUES, add_clerk, add_reviewer, east, explain_all, fill, hand_in, open_round, report_of
from tests.world import add_institution, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def round(world):
    return open_round(world)


@pytest.fixture
def people(world, round):
    """clerk, reviewer"""
    return world.users["clerk"], world.users["reviewer"]


@pytest.fixture
def submitted(round, people):
    return hand_in(round, east(), people[0])


def steps() -> list[tuple[str, str, dict]]:
    return [(step.kind, step.by_name, step.marks) for step in report_of(east()).steps.all()]


def share_of_visits(world) -> Fraction | None:
    """What the county's standing says of criterion 3.1: all centres' TCM visits over all their visits."""
    result = Standing.objects.get(county=world.county, standard=world.standard, period="2023").result
    criteria = {each["code"]: each for item in result["items"] for each in item["criteria"]}
    value = criteria["3.1"]["value"]
    return None if value is None else Fraction(value)


# ---- accepting ----


def test_accepting_all_counts_at_once(world, round, people, submitted):
    assert share_of_visits(world) is None
    decide(round, east(), accept_all=True, by=people[1], seen=version_of(report_of(east())))
    report = report_of(east())
    assert (report.state, report.accepted, report.accepted_by, report.hands) == ("accepted", VALUES, people[1], [])
    assert share_of_visits(world) == Fraction(400, 1000)
    assert steps()[-1] == ("accepted", "reviewer", dict.fromkeys(VALUES, ""))


def test_some_figures_can_be_accepted_before_the_others(world, round, people, submitted):
    decide(round, east(), accept=["has_hall", "visits"], by=people[1])
    report = report_of(east())
    assert (report.state, report.accepted) == ("submitted", {"has_hall": True, "visits": 1000})
    assert share_of_visits(world) is None
    decide(round, east(), accept=["techniques", "tcm_visits"], by=people[1])
    assert (report_of(east()).state, report_of(east()).accepted) == ("accepted", VALUES)
    assert [marks for kind, _, marks in steps() if kind == "accepted"] == [
        {"has_hall": "", "visits": ""},
        {"techniques": "", "tcm_visits": ""},
    ]


def test_accepting_again_what_is_accepted_is_refused_and_leaves_no_step(round, people, submitted):
    decide(round, east(), accept=["visits"], by=people[1])
    before = steps(), Event.objects.count(), version_of(report_of(east()))
    with pytest.raises(Refused, match="此前已经接受"):
        decide(round, east(), accept=["visits"], by=people[1])
    assert (steps(), Event.objects.count(), version_of(report_of(east()))) == before


def test_what_was_not_given_cannot_be_accepted(round, people):
    hand_in(round, east(), people[0], {"visits": "1000", "tcm_visits": "400"})
    with pytest.raises(Refused, match="没有填数"):
        decide(round, east(), accept=["techniques"], by=people[1])
    decide(round, east(), accept_all=True, by=people[1])
    assert report_of(east()).accepted == {"visits": 1000, "tcm_visits": 400}


@pytest.mark.parametrize("state", ["draft", "returned", "accepted"])
def test_only_what_is_submitted_is_accepted(round, people, submitted, state):
    Report.objects.update(state=state)
    with pytest.raises(Refused, match="只有已提交的才能接受"):
        decide(round, east(), accept_all=True, by=people[1])


# ---- returning ----


def test_returning_an_accepted_figure_drops_that_figure_alone_from_what_counts(world, round, people, submitted):
    decide(round, east(), accept_all=True, by=people[1])
    decide(round, east(), returns={"tcm_visits": "与佐证材料不符"}, by=people[1])
    report = report_of(east())
    assert report.state == "returned"
    assert report.accepted == {code: value for code, value in VALUES.items() if code != "tcm_visits"}
    assert report.returned == {"tcm_visits": "与佐证材料不符"}
    assert share_of_visits(world) is None
    assert steps()[-1] == ("returned", "reviewer", {"tcm_visits": "与佐证材料不符"})


def test_the_institution_mends_what_was_returned_and_nothing_that_is_accepted(world, round, people, submitted):
    clerk, reviewer = people
    decide(round, east(), accept_all=True, by=reviewer)
    decide(round, east(), returns={"tcm_visits": "与佐证材料不符"}, by=reviewer)
    results = save_cells(round, [Cell(east(), "visits", "2000"), Cell(east(), "tcm_visits", "380")], by=clerk)
    assert [result.status for result in results] == [LOCKED, "saved"]
    submit_report(round, east(), by=clerk)
    decide(round, east(), accept=["tcm_visits"], by=reviewer)
    report = report_of(east())
    assert (report.state, report.accepted["tcm_visits"], report.returned) == ("accepted", 380, {})
    assert share_of_visits(world) == Fraction(380, 1000)


def test_one_decision_can_accept_some_and_return_others(world, round, people, submitted):
    rest = [code for code in VALUES if code != "visits"]
    decide(round, east(), accept=rest, returns={"visits": "单位可能有误"}, by=people[1])
    report = report_of(east())
    assert (report.state, set(report.accepted)) == ("returned", set(rest))
    assert [kind for kind, *_ in steps()][-2:] == ["accepted", "returned"]


def test_a_missing_figure_can_be_asked_for(round, people):
    clerk, reviewer = people
    hand_in(round, east(), clerk, {"visits": "1000", "tcm_visits": "400"})
    decide(round, east(), accept_all=True, by=reviewer)
    decide(round, east(), returns={"techniques": "漏填，请补报"}, by=reviewer)
    assert (report_of(east()).state, len(report_of(east()).accepted)) == ("returned", 2)
    hand_in(round, east(), clerk, {"techniques": "10"})
    decide(round, east(), accept_all=True, by=reviewer)
    assert report_of(east()).accepted == {"visits": 1000, "tcm_visits": 400, "techniques": 10}


def test_a_returned_report_that_comes_back_without_the_figure_is_accepted_without_it(world, round, people, submitted):
    clerk, reviewer = people
    decide(round, east(), accept_all=True, by=reviewer)
    decide(round, east(), returns={"techniques": "没有佐证"}, by=reviewer)
    fill(round, east(), clerk, {"techniques": ""})
    explain_all(round, east(), clerk)
    submit_report(round, east(), by=clerk)
    decide(round, east(), accept_all=True, by=reviewer)
    assert report_of(east()).state == "accepted"
    assert report_of(east()).accepted == {code: value for code, value in VALUES.items() if code != "techniques"}


def test_returning_the_whole_report_takes_all_of_it_back(world, round, people, submitted):
    decide(round, east(), accept_all=True, by=people[1])
    decide(round, east(), returns={WHOLE: "请按新口径重报"}, by=people[1])
    assert (report_of(east()).state, report_of(east()).accepted) == ("returned", {})
    assert share_of_visits(world) is None
    assert report_of(east()).steps.last().reason == "请按新口径重报"


def test_a_draft_is_not_returned(round, people):
    fill(round, east(), people[0])
    with pytest.raises(Refused, match="没有可以退回的内容"):
        decide(round, east(), returns={"visits": "与佐证材料不符"}, by=people[1])
    assert (report_of(east()).state, report_of(east()).returned) == ("draft", {})


@pytest.mark.parametrize("reason", ["", "  ", "错", "很" * 301, "\x00\x00\x00"])
def test_a_return_needs_a_reason(round, people, submitted, reason):
    with pytest.raises(Refused, match="退回须写理由"):
        decide(round, east(), returns={"visits": reason}, by=people[1])
    assert report_of(east()).state == "submitted"


def test_control_characters_in_a_reason_are_left_out(round, people, submitted):
    decide(round, east(), returns={"visits": "单位\x00可能\n有误"}, by=people[1])
    assert report_of(east()).returned == {"visits": "单位 可能 有误"}


def test_what_the_institution_does_not_report_is_not_returned(round, people, submitted):
    with pytest.raises(Refused, match="不填报“fund”"):
        decide(round, east(), returns={"fund": "请补报"}, by=people[1])


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        ({}, "请选择要接受或退回的项目"),
        ({"accept_all": True, "returns": {"visits": "请核对"}}, "不能同时进行"),
        ({"accept": ["visits"], "returns": {"visits": "请核对"}}, "同一项不能既接受又退回（总诊疗人次）"),
    ],
)
def test_a_decision_says_one_thing(round, people, submitted, decision, sentence):
    with pytest.raises(Refused, match=sentence):
        decide(round, east(), **decision, by=people[1])


# ---- whose hands ----


def test_nobody_accepts_what_they_filled_in_submitted_or_both(world, round, submitted):
    for name in ("clerk", "superuser"):
        world.users[name].is_superuser = True
        Report.objects.update(hands=[world.users[name].pk])
        with pytest.raises(Refused, match=OWN_HANDS):
            decide(round, east(), accept_all=True, by=world.users[name])
    # returning is no favour to oneself
    decide(round, east(), returns={"visits": "请核对"}, by=world.users["superuser"])


def test_small_offices_may_and_the_trail_says_so(world, round, people, submitted):
    clerk, _ = people
    world.county.one_person_checks = True
    world.county.save()
    decide(round, east(), accept_all=True, by=clerk)
    assert report_of(east()).state == "accepted"
    assert Event.objects.filter(action="accept_figures").last().after["one_person"] is True


def test_somebody_elses_acceptance_is_not_marked_as_one_persons(world, round, people, submitted):
    world.county.one_person_checks = True
    world.county.save()
    decide(round, east(), accept_all=True, by=people[1])
    assert "one_person" not in Event.objects.filter(action="accept_figures").last().after


def test_who_entered_a_figure_does_not_accept_it_after_it_came_back_unchanged(world, round, people):
    clerk, reviewer = people
    both = add_clerk(east(), "both")
    fill(round, east(), both, {"techniques": "10"})
    hand_in(round, east(), clerk, {"visits": "1000", "tcm_visits": "400", "has_hall": "是"})
    decide(round, east(), accept_all=True, by=reviewer)
    decide(round, east(), returns={"techniques": "请核对"}, by=reviewer)
    explain_all(round, east(), clerk)
    submit_report(round, east(), by=clerk)
    with pytest.raises(Refused, match=OWN_HANDS):
        decide(round, east(), accept_all=True, by=both)
    # of the other figures it does not matter any more who typed them
    assert set(report_of(east()).hands) == {clerk.pk, both.pk}


def test_who_submitted_a_figure_at_first_does_not_accept_it_when_others_submitted_since(round, people):
    clerk, reviewer = people
    both = add_clerk(east(), "both")
    fill(round, east(), clerk)
    submit_report(round, east(), by=both)
    decide(round, east(), accept_all=True, by=reviewer)
    decide(round, east(), returns={"techniques": "请核对"}, by=reviewer)
    explain_all(round, east(), clerk)
    submit_report(round, east(), by=clerk)
    decide(round, east(), accept_all=True, by=reviewer)
    decide(round, east(), returns={"visits": "请核对"}, by=reviewer)
    explain_all(round, east(), clerk)
    submit_report(round, east(), by=clerk)
    with pytest.raises(Refused, match=OWN_HANDS):
        decide(round, east(), accept_all=True, by=both)


def test_who_mended_nothing_may_accept_what_others_mended(world, round, people):
    clerk, reviewer = people
    both = add_clerk(east(), "both")
    fill(round, east(), both, {"techniques": "10"})
    hand_in(round, east(), clerk, {"visits": "1000", "tcm_visits": "400", "has_hall": "是"})
    decide(round, east(), accept_all=True, by=reviewer)
    decide(round, east(), returns={"visits": "请核对"}, by=reviewer)
    fill(round, east(), clerk, {"visits": "1100"})
    submit_report(round, east(), by=clerk)
    decide(round, east(), accept_all=True, by=both)
    assert report_of(east()).accepted["visits"] == 1100


# ---- others in between, and the round's end ----


def test_nobody_decides_on_figures_that_they_have_not_seen(world, round, people, submitted):
    seen = version_of(report_of(east()))
    decide(round, east(), returns={"visits": "请核对"}, by=people[1])
    fill(round, east(), people[0], {"visits": "1100"})
    submit_report(round, east(), by=people[0])
    with pytest.raises(Refused, match="刚刚有了变化（现在已提交）"):
        decide(round, east(), accept_all=True, by=people[1], seen=seen)
    assert report_of(east()).accepted == {}


def test_nothing_is_decided_in_a_closed_round(world, round, people, submitted):
    close_round(round, by=world.users["office"])
    for decision in ({"accept_all": True}, {"returns": {"visits": "请核对"}}):
        with pytest.raises(Refused, match="已关闭"):
            decide(round, east(), **decision, by=people[1])
    assert report_of(east()).state == "submitted"


def test_what_has_not_begun_has_nothing_to_check(round, people):
    with pytest.raises(Refused, match="还没有填报"):
        decide(round, east(), accept_all=True, by=people[1])
    assert not Report.objects.exists()


# ---- many at once ----


def test_many_are_accepted_in_one_go_and_the_others_are_named_with_why(world, round, people, submitted):
    _, reviewer = people
    south = Institution.objects.get(code="A-03")
    hand_in(round, south, reviewer)
    west = Institution.objects.get(code="A-02")
    decided = accept_many(round, [east(), west, south], by=reviewer)
    assert [report.institution.code for report in decided.reports] == ["A-01"]
    assert {institution.code: why for institution, why in decided.refused} == {
        "A-02": "填报还没有开始，只有已提交的才能接受。",
        "A-03": OWN_HANDS,
    }
    assert share_of_visits(world) == Fraction(400, 1000)


def test_many_are_returned_for_one_reason(round, people, submitted):
    west = Institution.objects.get(code="A-02")
    fill(round, west, people[0], {"visits": "5"})
    decided = return_many(round, [east(), west], reason="请按新口径重报", by=people[1])
    assert [report.institution.code for report in decided.reports] == ["A-01"]
    assert [institution.code for institution, _ in decided.refused] == ["A-02"]
    assert report_of(east()).returned == {WHOLE: "请按新口径重报"}


def test_the_trail_holds_what_began_and_ceased_to_count(round, people, submitted):
    decide(round, east(), accept=["visits"], by=people[1])
    decide(round, east(), returns={"visits": "请核对"}, by=people[1])
    accepted, returned = Event.objects.filter(action__in=["accept_figures", "return_figures"]).order_by("pk")
    assert (accepted.before, accepted.after["accepted"]) == ({"accepted": {"visits": None}}, {"visits": 1000})
    assert (returned.before, returned.after["accepted"]) == ({"accepted": {"visits": 1000}}, {"visits": None})
    assert returned.after["reasons"] == {"visits": "请核对"}
    assert (returned.actor, returned.place) == (people[1], "A")


def test_another_reviewer_takes_up_what_one_began(world, round, people, submitted):
    second = add_reviewer(world, "second")
    decide(round, east(), accept=["visits"], by=people[1])
    decide(round, east(), accept_all=True, by=second)
    assert [(kind, by) for kind, by, _ in steps()][-2:] == [("accepted", "reviewer"), ("accepted", "second")]


def test_an_institution_without_a_part_in_the_standing_is_accepted_all_the_same(world, round, people):
    closed = add_institution(world.county, "A-77", "township_centre", None, closed_on="2023-06-01")
    hand_in(round, closed, people[0])
    decide(round, closed, accept_all=True, by=people[1])
    assert report_of(closed).state == "accepted"
    assert share_of_visits(world) is None


@pytest.mark.parametrize(("returned", "state"), [("visits", "accepted"), (WHOLE, "returned")])
def test_an_accepted_figure_that_is_asked_no_more_goes_for_good_when_returned(
    round, people, submitted, returned, state
):
    _, reviewer = people
    decide(round, east(), accept_all=True, by=reviewer)
    round.elements = ["has_hall", "techniques"]
    round.save()
    report = decide(round, east(), returns={returned: "本次不再统计"}, by=reviewer)
    assert "visits" not in report.values | report.accepted
    assert report.steps.last().cells["visits"] == [VALUES["visits"], None]
    assert report.state == state

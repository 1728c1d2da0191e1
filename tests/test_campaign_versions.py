"""A county goes over to a newer version of its standard with everything that it has done."""

from datetime import date

import pytest

from assessments.campaigns.versions import newer_version, take_up_version
from assessments.evidence.demand_services import Demanded, add_requirement
from assessments.evidence.review_services import judge_evidence
from assessments.evidence.states import requirement_states
from assessments.models import Assessment, Campaign, Standing
from assessments.services import save_assessment
from assessments.standing_services import score
from assessments.work.queries import steps_of, work_on
from assessments.work.services import set_charge, write_note
from indicators.models import EvidenceRequirement, ItemDepartment, Standard
from institutions.refusals import Refused
from tests.evidence_world import accepted, requirement
from tests.world import PERIOD, World, make_standard, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def newer(world) -> Standard:
    """Version 2, in which item 1's first piece may be of any year."""
    Standard.objects.filter(pk=world.standard.pk).update(code="old")
    standard = make_standard()
    Standard.objects.filter(pk=standard.pk).update(version="2")
    Standard.objects.filter(pk=world.standard.pk).update(code="small")
    EvidenceRequirement.objects.filter(item__standard=standard, code="1-1").update(year="any")
    world.campaign.refresh_from_db()
    standard.refresh_from_db()
    return standard


def _number(standard: Standard, form: str) -> None:
    """Codes of another form than the older version's have, so that a test names one requirement by its code."""
    for each in EvidenceRequirement.objects.filter(item__standard=standard).select_related("item"):
        EvidenceRequirement.objects.filter(pk=each.pk).update(code=form.format(each.item.number, each.position))


def test_the_newer_version_is_offered_until_it_is_taken_up(world, newer):
    assert newer_version(world.campaign) == newer
    campaign = take_up_version(world.campaign, newer, by=world.users["office"])
    assert newer_version(campaign) is None


def test_evidence_words_and_work_come_along_and_count_by_the_new_rules(world, newer, tmp_path):
    office, item = world.users["office"], world.standard.items.get(number="1")
    _number(newer, "n{}-{}")
    accepted(world, tmp_path, "1-1", dated=date(2019, 5, 1))
    judged = requirement("3-1")
    judge_evidence(world.county, judged, PERIOD, state="accepted", reason="看过原件", by=office)
    add_requirement(world.campaign, item, Demanded("审计报告"), by=office)
    set_charge(world.campaign, item, person=world.users["liaison"], due_on=date(2024, 2, 1), by=office)
    write_note(world.campaign, item, text="正在补盖公章", by=office)
    kept = save_assessment(world.county, world.standard, PERIOD)
    _number(newer, "{}-{}")

    campaign = take_up_version(world.campaign, newer, by=office)

    states = requirement_states(world.county, newer, PERIOD)
    assert {code: str(state.state) for code, state in states.items()} == {
        "1-1": "accepted",
        "1-2": "open",
        "1-A1": "open",
        "3-1": "accepted",
    }
    new_item = newer.items.get(number="1")
    assert work_on(campaign, new_item).person == world.users["liaison"]
    assert "正在补盖公章" in [step.text for step in steps_of(campaign, new_item).steps]
    assert Standing.objects.get(county=world.county).result == score(world.county, newer, PERIOD).result
    assert Assessment.objects.get(pk=kept.pk).standard == world.standard


def test_nothing_moves_where_something_would_be_lost(world, newer, tmp_path):
    _number(newer, "n{}-{}")
    accepted(world, tmp_path, "1-1")
    with pytest.raises(Refused, match="资金文件"):
        take_up_version(world.campaign, newer, by=world.users["office"])
    assert Campaign.objects.get(pk=world.campaign.pk).standard == world.standard


def test_another_standard_is_no_version(world, newer):
    Standard.objects.filter(pk=newer.pk).update(code="other")
    newer.refresh_from_db()
    with pytest.raises(Refused, match="同一标准"):
        take_up_version(world.campaign, newer, by=world.users["office"])


def test_what_a_county_calls_by_the_same_code_is_no_version_of_it(world, newer):
    Standard.objects.filter(pk=newer.pk).update(owner="B")
    newer.refresh_from_db()
    assert newer_version(world.campaign) is None
    with pytest.raises(Refused, match="同一标准"):
        take_up_version(world.campaign, newer, by=world.users["office"])


def test_what_was_accepted_for_other_words_is_looked_at_again(world, newer, tmp_path):
    _number(newer, "n{}-{}")
    office = world.users["office"]
    accepted(world, tmp_path, "1-1")
    judge_evidence(world.county, requirement("3-1"), PERIOD, state="accepted", reason="看过原件", by=office)
    _number(newer, "{}-{}")
    EvidenceRequirement.objects.filter(item__standard=newer, code__in=["1-1", "3-1"]).update(text="另一种说法")
    take_up_version(world.campaign, newer, by=office)
    states = requirement_states(world.county, newer, PERIOD)
    assert (str(states["1-1"].state), states["1-1"].placements[0].state) == ("open", "uploaded")
    assert str(states["3-1"].state) == "open"


def test_departments_that_are_one_in_the_new_version_become_one_under_both_names(world, newer):
    own = {row.department.name: row for row in world.campaign.departments.select_related("department")}
    (stays, _), (goes, row) = list(own.items())[:2]
    ItemDepartment.objects.filter(department__standard=newer, department__name=goes).delete()
    newer.departments.filter(name=goes).delete()
    newer.departments.filter(name=stays).update(aliases=[goes])
    row.contact_name = "联络员"
    row.save()
    with pytest.raises(Refused, match=f"清空“{goes}”的联络员"):
        take_up_version(world.campaign, newer, by=world.users["office"])
    row.contact_name = ""
    row.save()
    campaign = take_up_version(world.campaign, newer, by=world.users["office"])
    assert {each.name: each.aliases for each in campaign.departments.all()}[stays] == [goes]
    assert campaign.departments.count() == len(own) - 1

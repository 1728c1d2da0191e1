"""Several people of one office at the county's own standards in the same moment: one is first, the others are told."""

from dataclasses import replace

import pytest

from assessments.drafting.plan_edits import settle
from assessments.drafting.plan_services import begin_from_plan, change_plan
from indicators import drafts
from indicators.contents import ElementContent
from indicators.models import Element, PlanText, Standard
from indicators.own_elements import add_element
from indicators.queries import content_of
from indicators.services import Refused
from tests.drafting import draft_of
from tests.test_concurrent_review import at_once
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 4
BEDS = ElementContent(
    code="",
    name="中医病床",
    group="本县自设",
    value_type="integer",
    unit="张",
    definition="",
    reported_by=["township_centre"],
    aliases=[],
    choices={},
    minimum=0,
    maximum=None,
)
PLAN = "甲县创建方案\n二、主要任务\n" + "".join(
    f"{n}.任务{n}，占比达到 {n}%。责任单位：县卫健局\n" for n in range(1, 6)
)


@pytest.fixture
def world():
    return make_world()


def taken(answers: list, kind: type) -> int:
    """How many were taken; all others were told why not."""
    assert all(isinstance(answer, (kind, Refused)) for answer in answers), answers
    return sum(isinstance(answer, kind) for answer in answers)


def test_an_element_of_one_name_comes_in_once(world):
    answers = at_once(*[lambda: add_element(BEDS, owner="A", by=None)] * PEOPLE)
    assert taken(answers, Element) == Element.objects.filter(owner="A").count() == 1


def test_drafts_that_are_begun_at_once_have_codes_apart(world):
    answers = at_once(*[lambda: drafts.copy_standard(world.standard, owner="A", by=None)] * PEOPLE)
    own = Standard.objects.filter(owner="A")
    assert taken(answers, Standard) == own.count() == own.values("code").distinct().count() >= 1


def test_what_is_published_at_the_moment_of_a_change_is_the_one_or_the_other_whole(world):
    draft = draft_of(world)
    checked = drafts.check_draft(draft, seen=draft.digest, by=None)
    changed = replace(content_of(checked), title="改过的标准")
    at_once(
        lambda: drafts.save_draft(checked, changed, seen=checked.digest, by=None),
        lambda: drafts.publish(checked, seen=checked.digest, by=None),
    )
    stored = Standard.objects.get(pk=draft.pk)
    assert (stored.state, stored.title) in {("published", "测试标准"), ("draft", "改过的标准")}
    assert stored.digest == content_of(stored).digest()


def test_a_plan_is_settled_while_it_is_discarded_and_nobody_waits_for_ever(world):
    standard = begin_from_plan(world.county, PLAN, file_name="", owners=[""], by=None)
    places = [entry["place"] for entry in standard.plan.open if entry["place"].startswith("item")]
    answers = at_once(
        *[lambda at=at: change_plan(standard, lambda state: settle(state, at), by=None) for at in places],
        lambda: drafts.discard(standard, by=None),
    )
    assert [answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Refused)] == []
    assert not PlanText.objects.exists()
    assert not Standard.objects.filter(owner="A").exists()

"""The same figures under two standards: what is better, what is worse, what is stored and what is computed."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.campaigns.versions import take_up_version
from assessments.evidence.review_services import judge_evidence
from assessments.matrix.pair import BETTER, NEW_ALONE, OLD_ALONE, OTHER, SAME, WORSE, PairContent, pair_content
from assessments.models import Standing
from indicators.drafts import copy_standard
from indicators.models import EvidenceRequirement, Item, Standard
from tcm_demo.audit.models import Event
from tests.matrix_world import another, works_towards
from tests.world import PERIOD, World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def newer(world) -> Standard:
    """Version 2: three techniques are enough now, and 45% of visits are asked for; 35% were not met either."""
    newer = another("later", title="测试标准", c2_2={"expression": "share(techniques >= 3)"}, c3_1={"target": "45%"})
    Standard.objects.filter(pk=newer.pk).update(code="small", version="2")
    newer.refresh_from_db()
    return newer


def client_of(world: World, role: str = "office") -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def url(period: str = PERIOD) -> str:
    return reverse("assessments:standards-compare", args=["A", period])


def page(world: World, role: str = "office", **query) -> str:
    response = client_of(world, role).get(url(), query)
    assert response.status_code == 200
    return response.content.decode()


def content(world: World, old: Standard, new: Standard) -> PairContent:
    return pair_content(world.county, PERIOD, old, new)


def changes(found: PairContent) -> dict[str, tuple[str, dict[str, str]]]:
    return {
        item.number: (item.change, {pair.either.code: pair.change for pair in item.criteria}) for item in found.items
    }


def test_each_criterion_and_item_says_what_becomes_of_it(world, newer):
    found = content(world, world.standard, newer)
    assert changes(found) == {
        "1": (SAME, {"1.1": SAME}),
        "2": (OTHER, {"2.1": SAME, "2.2": BETTER}),
        "3": (OTHER, {"3.1": OTHER}),
    }
    (pair,) = found.items[2].criteria
    assert [(side.value_text, side.target_text, side.status) for side in (pair.old, pair.new)] == [
        ("20%", "≥ 35%", "unmet"),
        ("20%", "≥ 45%", "unmet"),
    ]
    assert [(count.label, count.old, count.new) for count in found.counts] == [
        ("条目", "3", "3"),
        ("达标", "0", "0"),
        ("基本达标", "0", "0"),
        ("未达标", "2", "2"),
        ("数据不全", "1", "1"),
        ("得分", "0", "16.67"),
    ]
    assert (found.counts[-1].difference, found.counts[-1].change) == ("+16.67", BETTER)


def test_the_other_way_round_better_is_worse(world, newer):
    there, back = content(world, world.standard, newer), content(world, newer, world.standard)
    turned = {BETTER: WORSE, WORSE: BETTER}
    assert {n: {c: turned.get(x, x) for c, x in parts.items()} for n, (_, parts) in changes(there).items()} == {
        n: parts for n, (_, parts) in changes(back).items()
    }


def test_a_campaigns_result_is_the_stored_one_and_the_others_is_computed_and_not_kept(world, newer):
    standings, events = Standing.objects.count(), Event.objects.count()
    found = content(world, world.standard, newer)
    stored = Standing.objects.get(county=world.county, standard=world.standard)
    assert (found.old.result, found.old.computed_at) == (stored.result, stored.computed_at)
    assert found.new.computed_at is None
    text = page(world, a="small:1", b="small:2")
    assert "“测试标准（2）”是打开本页时按现在的数据算出的，没有保存。" in text
    assert (Standing.objects.count(), Event.objects.count()) == (standings, events)


def test_what_is_tried_out_is_what_comes_when_the_version_is_taken_up(world, newer):
    judge_evidence(world.county, _old("3-1"), PERIOD, state="accepted", reason="看过", by=world.users["office"])
    tried = content(world, world.standard, newer).new.result
    campaign = take_up_version(world.campaign, newer, by=world.users["office"])
    assert tried == Standing.objects.get(county=world.county, standard=campaign.standard).result
    assert tried["summary"]["points"] != "0"


def test_evidence_counts_only_where_the_very_same_is_asked_for(world, newer):
    for code in ("1-1", "1-2"):
        judge_evidence(world.county, _old(code), PERIOD, state="accepted", reason="看过", by=world.users["office"])
    EvidenceRequirement.objects.filter(item__standard=newer, code="1-2").update(text="另一份凭证")
    found = content(world, world.standard, newer)
    assert [found.items[0].old_status, found.items[0].new_status] == ["met", "incomplete"]
    assert found.items[0].change == WORSE
    assert "算作还没有交" in page(world, a="small:1", b="small:2")


def _old(code: str) -> EvidenceRequirement:
    return EvidenceRequirement.objects.get(item__standard__version="1", code=code)


def test_two_standards_that_the_county_works_towards_are_both_stored(world):
    works_towards(world, another("deep"))
    found = content(world, world.standard, Standard.objects.get(code="deep"))
    assert found.old.computed_at
    assert found.new.computed_at
    assert "没有保存" not in page(world, a="small:1", b="deep:1")


def test_two_that_it_does_not_work_towards_are_both_computed(world):
    one, other = another("one"), another("other", c3_1={"target": "10%"})
    found = content(world, one, other)
    assert (found.old.computed_at, found.new.computed_at) == (None, None)
    assert changes(found)["3"] == (BETTER, {"3.1": BETTER})
    assert not found.new.carried


def test_items_of_one_side_alone(world, newer):
    Item.objects.filter(standard=newer, number="1").delete()
    Item.objects.filter(standard=newer, number="3").update(number="7", title="别的事", requirement="别的要求")
    found = content(world, world.standard, newer)
    assert {number: change for number, (change, _) in changes(found).items()} == {
        "1": OLD_ALONE,
        "2": OTHER,
        "3": OLD_ALONE,
        "7": NEW_ALONE,
    }
    text = page(world, a="small:1", b="small:2")
    assert "仅前者有" in text
    assert "没有这一条" in text


def test_without_a_choice_it_is_the_countys_own_and_the_newer_version(world, newer):
    response = client_of(world).get(url())
    assert (response.context["content"].old.standard, response.context["content"].new.standard) == (
        world.standard,
        newer,
    )


def test_without_a_newer_version_it_asks_for_one(world):
    assert "请选择要比较的两个标准" in page(world)
    assert "两边是同一个标准" in page(world, a="small:1", b="small:1")


@pytest.mark.parametrize(("show", "numbers"), [("changed", ["2", "3"]), ("status", []), ("<x>", ["1", "2", "3"])])
def test_filters(world, newer, show, numbers):
    response = client_of(world).get(url(), {"a": "small:1", "b": "small:2", "show": show})
    assert [item.number for item in response.context["shown"]] == numbers


@pytest.mark.parametrize("key", ["small:9", "nothing:1", "small", ":", "<script>", "a" * 5000])
def test_what_is_not_there_is_not_found(world, key):
    assert client_of(world).get(url(), {"a": "small:1", "b": key}).status_code == 404
    assert client_of(world).get(url(), {"a": key}).status_code == 404


def test_another_countys_standard_is_not_to_be_read(world):
    strange = copy_standard(world.standard, owner="B", by=world.users["other_office"])
    Standard.objects.filter(pk=strange.pk).update(state="published", title="乙县方案")
    client = client_of(world)
    assert client.get(url(), {"a": "small:1", "b": f"{strange.code}:1"}).status_code == 404
    assert "乙县方案" not in client.get(url()).content.decode()


def test_the_campaigns_page_leads_to_both_comparisons_of_a_newer_version(world, newer):
    text = client_of(world).get(reverse("assessments:campaign", args=["A"])).content.decode()
    assert f"{reverse('indicators:compare', args=['small'])}?from=small%3A1&amp;to=small%3A2" in text
    assert f"{url()}?a=small%3A1&amp;b=small%3A2" in text


def test_the_number_of_queries_does_not_depend_on_the_items(world, newer):
    client, counts = client_of(world), []
    for number in range(4, 7):
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url()).status_code == 200
        counts.append(len(counted))
        for standard in (world.standard, newer):
            section = standard.sections.get(number=2)
            Item.objects.create(standard=standard, section=section, number=str(number), title="事", position=number)
        Standing.objects.all().delete()
    # the first finds a stored result, the others compute both
    assert counts[1] == counts[2], counts


def test_where_nobody_reports_nothing_is_met_and_nothing_breaks(world, newer):
    """A prefecture has no institutions of its own."""
    here = reverse("assessments:standards-compare", args=["P", PERIOD])
    response = client_of(world, "prefecture").get(here, {"a": "small:1", "b": "small:2"})
    assert [item.new_status for item in response.context["content"].items] == ["incomplete"] * 3
    assert client_of(world, "prefecture").get(reverse("assessments:matrix", args=["P", PERIOD])).status_code == 200

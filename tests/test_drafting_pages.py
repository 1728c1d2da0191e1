"""A county's own standards: their list, the outline of one, and the way from a copy to what is published and in use."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.drafting.edits import renumbered
from assessments.services import start_campaign
from indicators import drafts
from indicators.contents import SectionContent
from indicators.models import PlanText, Standard
from tcm_demo.audit.models import Event
from tests.drafting import content, draft_of, published, url
from tests.world import PERIOD, make_world

LIST = reverse("assessments:own-standards", kwargs={"county": "A"})
COPY = reverse("assessments:standard-copy", kwargs={"county": "A"})
BEGIN = reverse("assessments:standard-begin", kwargs={"county": "A"})
# of the pages of one draft, whatever its size
MOST_QUERIES = 26


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


@pytest.fixture
def draft(world):
    return draft_of(world)


def text(response) -> str:
    return response.content.decode()


def now(standard) -> Standard:
    return Standard.objects.get(pk=standard.pk)


def step(client, standard, name: str, **more):
    return client.post(url(standard, f"draft-{name}"), {"digest": now(standard).digest} | more, follow=True)


def lines(response) -> list[tuple]:
    return [(line.standard.version, line.next_words) for line in response.context["lines"]]


# ---- the list ----


def test_an_office_that_has_none_is_shown_the_ways_to_begin(office):
    page = office.get(LIST)
    assert page.status_code == 200
    assert "还没有自己的标准" in text(page)
    assert list(page.context["copying"].fields["standard"].queryset.values_list("code", flat=True)) == ["small"]


def test_a_published_standard_is_copied_as_the_countys_own(office, world):
    answer = office.post(COPY, {"standard": world.standard.pk})
    own = Standard.objects.get(owner="A")
    assert answer.url == url(own)
    assert (own.copied_from, own.state, own.items.count()) == (world.standard, "draft", 3)
    assert Event.objects.get(action="begin_draft").actor == world.users["office"]


def test_another_countys_standard_and_a_draft_are_not_there_to_copy(office, world):
    theirs = published(drafts.copy_standard(world.standard, owner="B", by=None))
    for pk in (theirs.pk, draft_of(world).pk, 0, "一"):
        answer = office.post(COPY, {"standard": pk})
        assert answer.status_code == 400
        assert "请从列表中选择标准。" in text(answer)
    assert Standard.objects.filter(owner="A").count() == 1


def test_a_standard_that_cannot_be_copied_as_it_is_says_why(office, world):
    world.standard.items.filter(number="3").update(number="3/1")
    answer = office.post(COPY, {"standard": world.standard.pk})
    assert answer.status_code == 400
    assert "条目编号“3/1”不能用" in text(answer)
    assert not Standard.objects.filter(owner="A").exists()


def test_an_empty_standard_is_begun_by_its_title(office, world):
    assert "请填写标准名称。" in text(office.post(BEGIN, {"title": " "}))
    answer = office.post(BEGIN, {"title": "甲县重点工作"})
    own = Standard.objects.get(owner="A")
    assert (answer.url, own.title, own.items.count()) == (url(own), "甲县重点工作", 0)
    assert "还没有部分和条目" in text(office.get(url(own)))


def test_each_has_the_one_thing_to_do_next(office, world, draft):
    assert lines(office.get(LIST)) == [("1", "继续编辑")]
    drafts.check_draft(draft, seen=draft.digest, by=None)
    assert lines(office.get(LIST)) == [("1", "发布")]
    first = drafts.publish(now(draft), seen=now(draft).digest, by=None)
    assert lines(office.get(LIST)) == [("1", "开始创建工作")]
    start_campaign(world.county, first, period=PERIOD)
    assert lines(office.get(LIST)) == [("1", "另立新版本")]
    second = drafts.begin_version(first, by=None)
    assert lines(office.get(LIST)) == [("2", "继续编辑"), ("1", "")]
    published(second)
    assert lines(office.get(LIST)) == [("2", "改用这一版"), ("1", "")]


def test_others_of_the_county_see_what_is_published_alone(client, world, draft):
    client.force_login(world.users["leadership"])
    page = client.get(LIST)
    assert lines(page) == []
    assert "复制一个标准" not in text(page)
    published(draft)
    page = client.get(LIST)
    assert lines(page) == [("1", "")]
    assert client.get(page.context["lines"][0].url).status_code == 200


# ---- the outline ----


def test_the_outline_shows_everything_and_what_each_item_lacks(office, draft):
    changed = drafts.with_items(content(draft), lambda item: replace(item, source="") if item.number == "2" else item)
    drafts.save_draft(draft, replace(changed, deadline=date(2025, 12, 31)), seen=draft.digest, by=None)
    page = text(office.get(url(draft)))
    for each in ("财政投入", "中医馆与适宜技术", "服务能力", "牵头 1 条、配合 1 条", "2025年12月31日", "缺 1 处"):
        assert each in page
    place = f'href="{url(draft, "draft-item", number="2")}#item"'
    assert place in page
    assert "没有写出处" in page


def test_each_lack_leads_to_where_it_is_mended(office, draft):
    def spoil(item):
        if item.number == "2":
            return replace(item, criteria=[replace(item.criteria[0], expression="share(nothing)")])
        return replace(item, evidence=[], criteria=[], lead=[]) if item.number == "1" else item

    spoiled = drafts.with_items(content(draft), spoil)
    spoiled = replace(
        spoiled,
        source_document="",
        sections=[*spoiled.sections, SectionContent(3, "空的", [])],
        departments=[*spoiled.departments, replace(spoiled.departments[0], name="甲组", members=["没有的局"])],
    )
    drafts.save_draft(draft, spoiled, seen=draft.digest, by=None)
    places = [lack.url for lack in office.get(url(draft)).context["lacks"]]
    assert places == [
        url(draft, "draft-head"),
        url(draft, "draft-sections"),
        url(draft, "draft-departments"),
        f"{url(draft, 'draft-item', number='1')}#departments",
        f"{url(draft, 'draft-item', number='1')}#evidence",
        url(draft, "criterion-edit", number="2", criterion="2.1"),
    ]
    assert all(office.get(place).status_code == 200 for place in places)


def test_a_draft_is_compared_with_what_it_was_copied_from(office, world, draft):
    changed = drafts.with_items(
        content(draft), lambda item: replace(item, title="改过的") if item.number == "2" else item
    )
    drafts.save_draft(draft, changed, seen=draft.digest, by=None)
    page = text(office.get(url(draft, "draft-changes")))
    assert "改过的" in page
    assert url(draft, "draft-changes") in text(office.get(url(draft)))
    empty = drafts.begin_draft(drafts.empty_content(code="a-1"), owner="A", by=None)
    assert office.get(url(empty, "draft-changes")).status_code == 404


@pytest.mark.parametrize("formula", ["sum(own_b_1)", "sum(", ""])
def test_a_draft_is_compared_whatever_its_formulas_are_like(office, draft, formula):
    def spoilt(criterion):
        return replace(criterion, expression=formula, target=formula, targets={"2024": formula or "1"})

    changed = drafts.with_items(
        content(draft), lambda item: replace(item, criteria=[spoilt(each) for each in item.criteria])
    )
    drafts.save_draft(draft, changed, seen=draft.digest, by=None)
    for name in ("draft", "draft-changes"):
        page = office.get(url(draft, name))
        assert page.status_code == 200
    assert formula in text(page)


def test_a_plan_that_is_not_settled_leads_to_the_plan(office, draft):
    PlanText.objects.create(standard=draft, text="……", proposal={}, open=["item:2"])
    page = office.get(url(draft))
    assert page.context["lacks"][0].url == url(draft, "plan-review")


# ---- checked, published, the next version ----


def test_what_lacks_something_does_not_pass_the_check(office, draft):
    without = drafts.with_items(content(draft), lambda item: replace(item, source=""))
    drafts.save_draft(draft, without, seen=draft.digest, by=None)
    assert "还有 3 处没有写好" in text(step(office, draft, "check"))
    assert now(draft).state == "draft"
    assert "请先检查" in text(step(office, draft, "publish"))


def test_from_a_draft_to_a_campaign(office, world, draft):
    assert "检查通过" in text(step(office, draft, "check"))
    assert "确定发布" in text(office.get(url(draft)))
    page = text(step(office, draft, "publish"))
    assert "已发布，从现在起不再改动。" in page
    campaign = reverse("assessments:campaign", kwargs={"county": "A"})
    assert f'<a class="btn btn-primary" href="{campaign}?standard={draft.pk}#another">开始创建工作</a>' in page
    office.post(campaign, {"standard": draft.pk, "period": PERIOD})
    assert world.county.campaigns.filter(standard=draft).exists()
    assert "已在“" in text(office.get(url(draft)))


def test_who_checks_or_publishes_what_somebody_changed_meanwhile_is_told(office, draft):
    old = now(draft).digest
    drafts.save_draft(draft, replace(content(draft), title="别人改的"), seen=old, by=None)
    for name in ("check", "publish"):
        answer = office.post(url(draft, f"draft-{name}"), {"digest": old}, follow=True)
        assert "刚被别人改过" in text(answer)
    assert now(draft).state == "draft"


def test_published_everything_is_shown_and_nothing_is_changed(office, draft):
    published(draft)
    page = text(office.get(url(draft)))
    assert "中医馆与适宜技术" in page
    assert "另立新版本" in page
    assert "删除草稿" not in page
    before = content(draft)
    names = "head sections departments phases leading-group arrangements points item-new"
    for name in names.split():
        for answer in (office.get(url(draft, f"draft-{name}")), office.post(url(draft, f"draft-{name}"), {})):
            assert answer.status_code == 403
            assert "已发布，不再改动" in text(answer)
    for name in ("check", "publish", "discard", "order", "renumber"):
        assert office.post(url(draft, f"draft-{name}"), {"digest": now(draft).digest}).status_code == 403
    for name in ("draft-item", "draft-item-remove"):
        assert office.post(url(draft, name, number="1"), {}).status_code == 403
    assert content(draft) == before


def test_the_next_version_is_begun_once(office, draft):
    assert office.post(url(draft, "draft-version")).status_code == 403
    first = published(draft)
    page = text(step(office, first, "version"))
    assert "第 2 版的草稿已建好" in page
    second = Standard.objects.get(owner="A", version="2")
    assert "已有<a href" in text(office.get(url(first)))
    assert "还没有发布，请先改好它" in text(step(office, first, "version"))
    assert Standard.objects.filter(owner="A").count() == 2
    assert second.copied_from == first


def test_a_draft_is_discarded_for_good(office, draft):
    page = step(office, draft, "discard")
    assert "已删除" in text(page)
    assert page.redirect_chain == [(LIST, 302)]
    assert not Standard.objects.filter(pk=draft.pk).exists()


# ---- how much is read ----


@pytest.mark.parametrize("name", ["draft", "draft-departments", "draft-points", "draft-item"])
def test_pages_of_thirty_items_need_as_many_queries_as_of_three(office, draft, name):
    address = url(draft, name, number="2") if name == "draft-item" else url(draft, name)
    counts = [queries_of(office, address)]
    whole = content(draft)
    more = [
        replace(section, items=[*section.items, *(renumbered(section.items[0], f"{n}{section.number}") for n in NEW)])
        for section in whole.sections
    ]
    drafts.save_draft(draft, replace(whole, sections=more), seen=draft.digest, by=None)
    counts.append(queries_of(office, address))
    assert len(content(draft).items) == 31
    assert counts[0] == counts[1] <= MOST_QUERIES


NEW = range(10, 24)


def queries_of(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)

"""Everything that happened about an item, in the order of time."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.enums import ItemStepKind
from assessments.models import ItemStep, Piece
from assessments.work.queries import steps_of
from assessments.work.steps import happened, happened_many
from tests.working import campaign_of, item_of, url, words
from tests.world import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def leader(client, world):
    client.force_login(world.users["leadership"])
    return client


def many(world: World, count: int, kind: ItemStepKind = ItemStepKind.NOTE, number: str = "1") -> list[ItemStep]:
    facts = {"campaign": campaign_of(world), "item": item_of(world, number), "kind": kind}
    return happened_many([facts | {"text": f"第{n}件"} for n in range(count)], by=world.users["office"])


def test_a_step_keeps_who_and_when(world):
    step = happened(
        campaign_of(world), item_of(world, "1"), ItemStepKind.COMMENT, by=None, text="写", mentioned=("张三",)
    )
    step.refresh_from_db()
    assert (step.by, step.by_name, step.mentioned) == (None, "系统（命令行）", ["张三"])
    assert step.at


def test_steps_are_never_changed(world):
    many(world, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        ItemStep.objects.update(text="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        ItemStep.objects.all().delete()
    assert ItemStep.objects.get().text == "第0件"


def test_thirty_at_a_time_down_to_the_first(leader, world):
    many(world, 65)
    many(world, 3, number="2")
    shown, address = [], url("item-steps", "1")
    while address:
        page = leader.get(address).context["step_page"]
        shown += [step.text for step in page.steps]
        address = f"{url('item-steps', '1')}?before={page.older}" if page.older else ""
    assert shown == [f"第{n}件" for n in reversed(range(65))]


def test_new_steps_do_not_move_the_next_page(world):
    many(world, 40)
    first = steps_of(campaign_of(world), item_of(world, "1"))
    many(world, 10)
    second = steps_of(campaign_of(world), item_of(world, "1"), before=first.older)
    assert [step.text for step in second.steps] == [f"第{n}件" for n in reversed(range(10))]


def test_by_kind(leader, world):
    many(world, 2)
    many(world, 1, ItemStepKind.RETURNED)
    html = words(leader.get(url("item-steps", "1") + "?kind=returned"))
    assert "第1件" not in html
    assert "退回佐证" in html
    assert "没有这一类事项" in words(leader.get(url("item-steps", "1") + "?kind=charge"))


@pytest.mark.parametrize("query", ["?kind=x", "?before=x", "?before=²", "?before=-1", "?before=" + "9" * 40])
def test_a_made_up_address_shows_something(leader, world, query):
    many(world, 1)
    assert "第0件" in words(leader.get(url("item-steps", "1") + query))


def test_with_htmx_the_list_goes_on(leader, world):
    many(world, 31)
    first = leader.get(url("item-steps", "1"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in first
    assert first.count("<li") == 31  # thirty and the way on
    older = ItemStep.objects.order_by("pk")[1].pk
    rest = leader.get(f"{url('item-steps', '1')}?before={older}", headers={"HX-Request": "true"}).content.decode()
    assert "<ol" not in rest
    assert "第0件" in rest


def test_words_of_others_are_no_markup(leader, world):
    happened(campaign_of(world), item_of(world, "1"), ItemStepKind.NOTE, by=None, text="<script>1</script>")
    assert "<script>1" not in words(leader.get(url("item", "1")))


@pytest.mark.parametrize("count", [1, 200])
def test_the_cost_of_a_page_is_fixed(leader, world, count, django_assert_num_queries):
    many(world, count)
    with django_assert_num_queries(12):
        leader.get(url("item-steps", "1"))


def test_the_title_of_a_piece_is_said_once(leader, world):
    piece = Piece.objects.create(county=world.county, title="预算批复", made_at=timezone.now())
    facts = {"campaign": campaign_of(world), "item": item_of(world, "1"), "kind": ItemStepKind.RETURNED, "piece": piece}
    texts = ("预算批复：缺公章", "预算批复（东镇卫生院）：资金文件", "第 2 版：批复.pdf")
    happened_many([facts | {"text": text} for text in texts], by=None)
    html = words(leader.get(url("item-steps", "1")))
    for said in (
        "《预算批复》</a>：缺公章<",
        "《预算批复》</a>（东镇卫生院）：资金文件<",
        "《预算批复》</a> 第 2 版：批复.pdf<",
    ):
        assert said in html


def test_a_step_leads_to_its_piece(leader, world):
    piece = Piece.objects.create(county=world.county, title="预算批复", made_at=timezone.now())
    happened(campaign_of(world), item_of(world, "1"), ItemStepKind.UPLOADED, by=None, piece=piece)
    html = words(leader.get(url("item-steps", "1")))
    address = reverse("assessments:piece", kwargs={"county": "A", "piece": piece.pk})
    assert f'<a href="{address}">《预算批复》</a>' in html

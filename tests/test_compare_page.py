"""The page that holds two standards against each other."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.drafts import copy_standard
from indicators.models import Criterion, Item, Standard
from tests.matrix_world import another
from tests.world import World, make_item, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def newer(world) -> Standard:
    """Version 2 of the small world's standard: 90% instead of 100%, and another wording."""
    newer = another("later", title="测试标准", c2_2={"target": "90%"})
    Item.objects.filter(standard=newer, number="1").update(requirement="财政投入要有保障。")
    Standard.objects.filter(pk=newer.pk).update(code="small", version="2")
    newer.refresh_from_db()
    return newer


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def url(code: str = "small") -> str:
    return reverse("indicators:compare", args=[code])


def page(world: World, code: str = "small", role: str = "office", **query) -> str:
    response = client_of(world, role).get(url(code), query)
    assert response.status_code == 200
    return response.content.decode()


def test_without_a_choice_it_is_the_current_version_and_the_one_before(world, newer):
    text = page(world)
    assert "修改 <b>2</b> 条，未变 <b>1</b> 条" in text
    assert "不低于 <del>100%</del>" in text
    assert "不低于 <ins>90%</ins>" in text
    assert "要有保障" in text


def test_only_what_changes_figures(world, newer):
    text = page(world, only="figures")
    assert "<ins>90%</ins>" in text
    assert "要有保障" not in text


def test_one_version_alone_asks_for_a_choice(world):
    assert "请选择要比较的两个" in page(world)
    assert "两边是同一个标准" in page(world, **{"from": "1", "to": "small:1"})


def test_versions_may_be_named_alone_and_the_other_way_round(world, newer):
    text = page(world, **{"from": "2", "to": "1"})
    assert "不低于 <ins>100%</ins>" in text


def test_any_two_standards_that_may_be_read(world):
    make_item(another("deep").sections.get(number=2), "4", "康复服务", world.standard.departments.first(), [], [])
    Criterion.objects.filter(item__standard__code="deep", item__number="4").delete()
    text = page(world, **{"from": "small:1", "to": "deep:1"})
    assert "新增 <b>1</b> 条" in text
    assert "康复服务" in text


def test_two_that_are_the_same_are_said_to_be(world):
    twin = another("twin", title="测试标准")
    assert "两边内容完全相同" in page(world, **{"from": "small:1", "to": f"{twin.code}:1"})


@pytest.mark.parametrize("side", ["from", "to"])
@pytest.mark.parametrize("name", ["9", "nothing:1", "small:", ":", "small:1:1", "<script>", "a" * 5000])
def test_what_is_not_there_is_not_found(world, side, name):
    assert client_of(world, "office").get(url(), {side: name}).status_code == 404


@pytest.fixture
def own(world) -> Standard:
    """A published copy of the standard that belongs to county A."""
    copy = copy_standard(world.standard, owner="A", by=world.users["office"])
    Standard.objects.filter(pk=copy.pk).update(state="published", title="甲县方案")
    copy.refresh_from_db()
    return copy


def test_a_copy_is_held_against_what_it_was_copied_from(world, own):
    text = page(world, own.code)
    assert "标准本身" in text
    assert "未变" in text
    standard = client_of(world, "office").get(reverse("indicators:standard", args=[own.code])).content.decode()
    assert f"{url(own.code)}?from=small%3A1&amp;to={own.code}%3A1" in standard


def test_a_countys_own_standard_is_for_its_people_alone(world, own):
    assert client_of(world, "leadership").get(url(own.code)).status_code == 200
    for role in ("other_office", "stranger"):
        client = client_of(world, role)
        assert client.get(url(own.code)).status_code == 404
        assert client.get(url(), {"to": f"{own.code}:1"}).status_code == 404
        assert own.title not in client.get(url()).content.decode()


def test_a_draft_is_nobodys_to_read_here(world, own):
    Standard.objects.filter(pk=own.pk).update(state="draft")
    assert client_of(world, "office").get(url(), {"to": f"{own.code}:1"}).status_code == 404


def test_words_of_a_plan_are_never_markup(world, newer):
    Item.objects.filter(standard=newer, number="1").update(requirement="<b>财政</b>投入的要求。")
    text = page(world)
    assert "<b>财政" not in text
    assert "&lt;b&gt;" in text


def test_the_number_of_queries_does_not_depend_on_the_items(world, newer):
    client = client_of(world, "office")
    counts = []
    for number in ("4", "5", "6"):
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url()).status_code == 200
        counts.append(len(counted))
        section = newer.sections.get(number=2)
        make_item(section, number, f"第{number}条", newer.departments.first(), [], ["文件"])
    assert len(set(counts)) == 1, counts

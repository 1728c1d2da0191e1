"""Changes of a draft as plain functions, and what happens where two people save at the same time."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.drafting import parts
from assessments.drafting.edits import move_item, renumber_all, with_codes
from assessments.drafting.services import ChangedMeanwhile, change_part
from indicators import drafts
from indicators.contents import EvidenceContent, ItemContent, SectionContent, StandardContent
from indicators.models import Standard
from indicators.services import Refused
from tests.drafting import content, draft_of
from tests.world import make_world

_numbers = st.text("0123456789甲乙.-", min_size=1, max_size=10)


def an_item(number: str) -> ItemContent:
    evidence = [EvidenceContent(f"{number[:8]}-{n}", "材料", True) for n in (1, 2)]
    return ItemContent(number, "标题", "要求", None, [], [], evidence, [])


@st.composite
def standards(draw) -> StandardContent:
    numbers = draw(st.lists(_numbers, unique=True, min_size=1, max_size=8))
    cuts = sorted(draw(st.lists(st.integers(0, len(numbers)), min_size=1, max_size=3)))
    edges = [0, *cuts, len(numbers)]
    sections = [
        SectionContent(n, f"第{n}部分", [an_item(each) for each in numbers[start:end]])
        for n, (start, end) in enumerate(pairwise(edges), 1)
    ]
    return StandardContent("a-1", "1", "draft", "标准", "", "", date(2024, 1, 1), [], [], sections)


@given(standards(), st.data())
def test_moving_loses_no_item_and_going_back_is_as_before(standard, data):
    number = data.draw(st.sampled_from([item.number for item in standard.items]))
    by = data.draw(st.sampled_from([-1, 1]))
    moved = move_item(standard, number, by)
    assert sorted(item.number for item in moved.items) == sorted(item.number for item in standard.items)
    assert [section.name for section in moved.sections] == [section.name for section in standard.sections]
    if moved != standard:
        assert move_item(moved, number, -by) == standard


@given(standards())
def test_numbering_anew_keeps_the_order_and_everything_else(standard):
    numbered = renumber_all(standard)
    assert [item.number for item in numbered.items] == [str(n) for n in range(1, len(standard.items) + 1)]
    texts = [(item.title, len(item.evidence)) for item in numbered.items]
    assert texts == [(item.title, len(item.evidence)) for item in standard.items]


@given(_numbers, st.sets(st.text("0123456789甲-", min_size=1, max_size=12), max_size=12))
def test_new_evidence_has_codes_of_its_own_that_are_not_too_long(number, taken):
    new = with_codes([EvidenceContent("", "材料", True)] * 12, number, taken)
    codes = [each.code for each in new]
    assert len(set(codes)) == 12
    assert not set(codes) & taken
    assert all(0 < len(code) <= 12 for code in codes)


def test_codes_go_on_as_the_item_has_them():
    def codes(number, *taken):
        return [each.code for each in with_codes([EvidenceContent("", "材料", True)] * 2, number, taken)]

    assert codes("2", "02-01", "02-03", "22-09") == ["02-04", "02-05"]
    assert codes("2", "2-9") == ["2-10", "2-11"]
    assert codes("3", "02-01") == ["03-1", "03-2"]
    assert codes("二", "02-01") == ["二-1", "二-2"]
    assert codes("1234567890") == ["1234567890-1", "1234567890-2"]


# ---- two people at once ----


@pytest.fixture
def draft(db):
    return draft_of(make_world())


def change_head(draft, title: str) -> None:
    now = Standard.objects.get(pk=draft.pk)
    drafts.save_draft(now, replace(content(draft), title=title), seen=now.digest, by=None)


def change_item(draft, *meanwhile):
    """Change item 1; `meanwhile`: what somebody else does between reading and saving, once for each try."""
    others = list(meanwhile)
    seen = parts.fingerprint(parts.item("1")(content(draft)))

    def edit(stored):
        if others:
            others.pop(0)()
        return drafts.with_items(stored, lambda item: replace(item, title="我的") if item.number == "1" else item)

    return change_part(draft, parts.item("1"), edit, seen=seen, by=None)


def test_a_change_of_another_part_in_between_is_kept(draft):
    change_item(draft, lambda: change_head(draft, "别人的"), lambda: change_head(draft, "又改"))
    after = content(draft)
    assert (after.title, after.items[0].title) == ("又改", "我的")


def test_a_change_of_the_same_part_in_between_is_not_overwritten(draft):
    def theirs():
        now = Standard.objects.get(pk=draft.pk)
        changed = drafts.with_items(content(draft), lambda item: replace(item, requirement="别人的"))
        drafts.save_draft(now, changed, seen=now.digest, by=None)

    with pytest.raises(ChangedMeanwhile):
        change_item(draft, theirs)
    assert (content(draft).items[0].title, content(draft).items[0].requirement) == ("财政投入", "别人的")


def test_who_is_overtaken_again_and_again_is_told(draft):
    with pytest.raises(Refused, match="刚被别人改过"):
        change_item(draft, *(lambda n=n: change_head(draft, f"第{n}次") for n in range(9)))
    assert content(draft).items[0].title == "财政投入"


def test_a_draft_that_is_gone_is_told(draft):
    drafts.discard(draft, by=None)
    with pytest.raises(Refused, match="已被删除"):
        change_part(draft, parts.head, lambda stored: stored, seen="", by=None)

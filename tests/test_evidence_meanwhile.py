"""What others did meanwhile, and what nobody sees: evidence is decided on as it is, not as it was read."""

import pytest

from assessments.evidence.demand_services import Demanded, add_requirement, withdraw_requirement
from assessments.evidence.review_services import judge_evidence, return_
from assessments.evidence.services import (
    Description,
    describe,
    description_of,
    displace,
    place,
    stamp_of,
    withdraw,
)
from assessments.models import Piece, Placement, Standing
from indicators.models import EvidenceRequirement
from institutions.refusals import Refused
from tcm_demo.audit.models import Event
from tcm_demo.notices.models import Notice
from tests.evidence_world import accepted, hand_in, requirement, use_of
from tests.world import PERIOD, World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


def item_of(world: World, number: str) -> dict:
    standing = Standing.objects.get(county=world.county, standard=world.standard, period=PERIOD)
    return next(item for item in standing.result["items"] if item["number"] == number)


def test_a_word_without_a_reason_falls_with_its_pieces(world, tmp_path):
    taken = accepted(world, tmp_path)
    judged = {"county": world.county, "requirement": requirement("1-1"), "period": PERIOD, "by": world.users["office"]}
    judge_evidence(**judged, state="accepted", reason="")
    assert item_of(world, "1")["evidence"]["accepted"] == 1
    withdraw(taken.piece, reason="上传错了", by=world.users["liaison"])
    assert item_of(world, "1")["evidence"]["accepted"] == 0


def test_a_use_that_is_gone_is_not_ended_again(world, tmp_path):
    use = use_of(hand_in(world, tmp_path))
    displace(use, by=world.users["liaison"])
    with pytest.raises(Refused, match="已经不再用于"):
        displace(Placement(pk=use.pk, piece=use.piece, requirement=use.requirement), by=world.users["liaison"])
    assert Event.objects.filter(action="displace_evidence").count() == 1


def test_a_piece_withdrawn_meanwhile_is_used_no_further(world, tmp_path):
    taken = hand_in(world, tmp_path)
    withdraw(Piece.objects.get(pk=taken.piece.pk), reason="上传错了", by=world.users["liaison"])
    with pytest.raises(Refused, match="已经撤回"):
        place(taken.piece, requirement("1-2"), by=world.users["office"])


def test_a_requirement_withdrawn_meanwhile_is_neither_judged_nor_withdrawn_again(world):
    item = world.standard.items.get(number="1")
    added = add_requirement(world.campaign, item, Demanded("审计报告"), by=world.users["office"])
    stale = EvidenceRequirement.everyone.get(pk=added.pk)
    withdraw_requirement(world.campaign, added, by=world.users["office"])
    with pytest.raises(Refused, match="已经取消"):
        withdraw_requirement(world.campaign, stale, by=world.users["office"])
    with pytest.raises(Refused, match="已经取消"):
        judge_evidence(world.county, stale, PERIOD, state="accepted", reason="看过", by=world.users["office"])


def test_a_return_is_of_the_version_that_was_looked_at(world, tmp_path):
    taken = hand_in(world, tmp_path)
    hand_in(world, tmp_path, replaces=taken.piece)
    pk = use_of(taken).pk
    with pytest.raises(Refused, match="刚换了新版本"):
        return_(world.county, [pk], reason="缺公章", by=world.users["office"], seen={pk: 1})


def test_who_uploaded_and_who_accepted_learn_of_a_withdrawal(world, tmp_path):
    taken = accepted(world, tmp_path)
    withdraw(taken.piece, reason="重复", by=world.users["reviewer"])
    assert {notice.user for notice in Notice.objects.all()} == {world.users["liaison"], world.users["office"]}


def test_a_description_is_not_overwritten_unseen(world, tmp_path):
    taken = hand_in(world, tmp_path)
    seen = stamp_of(description_of(taken.piece))
    describe(taken.piece, Description(title="甲"), by=world.users["liaison"], seen=seen)
    with pytest.raises(Refused, match="别人改过"):
        describe(taken.piece, Description(title="乙"), by=world.users["office"], seen=seen)


def test_what_nobody_sees_is_not_kept(world, tmp_path):
    taken = hand_in(world, tmp_path, title="资金\u202e文件\x00\n第二行", issuer="财政\u200b局")
    assert (taken.piece.title, taken.piece.issuer) == ("资金文件 第二行", "财政局")
    with pytest.raises(Refused, match="最多 300 字"):
        withdraw(taken.piece, reason="长" * 301, by=world.users["liaison"])

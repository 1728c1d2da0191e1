"""Evidence from the upload to the item's light: handed in, accepted, returned, replaced, withdrawn."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.storage import storages

from assessments.evidence.demand_services import Demanded, add_requirement, change_requirement, withdraw_requirement
from assessments.evidence.review_services import accept, judge_evidence, return_
from assessments.evidence.services import (
    Description,
    describe,
    displace,
    place,
    withdraw,
)
from assessments.evidence.states import requirement_states
from assessments.files.refusals import BadFile
from assessments.models import Assessment, ItemStep, Piece, Placement, Standing, Version
from assessments.services import save_assessment, start_campaign
from assessments.standing_services import score
from indicators.models import EvidenceRequirement
from institutions.refusals import Refused
from tcm_demo.audit.models import Event
from tcm_demo.notices.models import Notice
from tests.evidence_files import pdf_bytes, picture_bytes
from tests.evidence_world import accepted, hand_in, requirement, use_of
from tests.world import PERIOD, World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


def item_of(world: World, number: str) -> dict:
    standing = Standing.objects.get(county=world.county, standard=world.standard, period=PERIOD)
    assert standing.result == score(world.county, world.standard, PERIOD).result, "kept as if scored anew"
    return next(item for item in standing.result["items"] if item["number"] == number)


def state_of(world: World, code: str, period: str = PERIOD):
    return requirement_states(world.county, world.standard, period)[code]


def stored_files() -> list[Path]:
    return [path for path in Path(storages["evidence"].location).rglob("*") if path.is_file()]


# ---- handing in ----


def test_a_file_becomes_a_piece_that_waits(world, tmp_path):
    taken = hand_in(world, tmp_path, name="../../etc/2023 资金文件📄.pdf", document_number="财字〔2023〕5号")
    assert (taken.piece.title, taken.version.file_name) == ("2023 资金文件📄", "2023 资金文件📄.pdf")
    assert (taken.version.number, taken.version.kind, taken.version.pages) == (1, "pdf", 1)
    assert use_of(taken).state == "uploaded"
    assert item_of(world, "1")["evidence"] == {"required": 2, "accepted": 0, "failing": 0, "open": 2}
    assert "资金" not in taken.version.file
    assert [step.kind for step in ItemStep.objects.all()] == ["uploaded"]
    assert Event.objects.filter(action="upload_evidence", actor=world.users["liaison"]).count() == 1


def test_what_is_no_document_leaves_nothing_behind(world, tmp_path):
    before = stored_files()
    with pytest.raises(BadFile):
        hand_in(world, tmp_path, content=b"<html><script>alert(1)</script></html>")
    with pytest.raises(Refused, match="不按机构提供"):
        hand_in(world, tmp_path, institution="A-01")
    assert not Piece.objects.exists()
    assert not Version.objects.exists()
    assert stored_files() == before


def test_the_same_file_is_pointed_out_but_taken(world, tmp_path):
    content = pdf_bytes()
    first = hand_in(world, tmp_path, content=content)
    second = hand_in(world, tmp_path, "1-2", content=content)
    assert first.twins == ()
    assert second.twins == (first.piece,)


def test_another_county_is_no_twin(world, tmp_path):
    content = pdf_bytes()
    first = hand_in(world, tmp_path, content=content)
    Piece.objects.filter(pk=first.piece.pk).update(county=world.other_county)
    assert hand_in(world, tmp_path, "1-2", content=content).twins == ()


# ---- accepting, and the item's light ----


def test_all_required_pieces_accepted_make_an_item_met(world, tmp_path):
    accepted(world, tmp_path, "1-1")
    assert item_of(world, "1")["status"] == "incomplete"
    accepted(world, tmp_path, "1-2")
    item = item_of(world, "1")
    assert (item["status"], item["evidence"]["accepted"]) == ("met", 2)


def test_who_uploaded_does_not_accept(world, tmp_path):
    taken = hand_in(world, tmp_path, by="office")
    with pytest.raises(Refused, match="本人上传"):
        accept(world.county, [use_of(taken).pk], by=world.users["office"])
    accept(world.county, [use_of(taken).pk], by=world.users["reviewer"])
    assert use_of(taken).state == "accepted"


def test_who_offered_a_colleagues_file_does_not_accept_that_use(world, tmp_path):
    taken = hand_in(world, tmp_path)
    place(taken.piece, requirement("1-2"), by=world.users["office"])
    with pytest.raises(Refused, match="本人上传"):
        accept(world.county, [use_of(taken, "1-2").pk], by=world.users["office"])


def test_not_even_a_superuser_accepts_their_own(world, tmp_path):
    taken = hand_in(world, tmp_path, by="superuser")
    with pytest.raises(Refused, match="本人上传"):
        accept(world.county, [use_of(taken).pk], by=world.users["superuser"])


def test_a_small_office_may_and_the_trail_says_so(world, tmp_path):
    world.county.one_person_checks = True
    world.county.save()
    taken = hand_in(world, tmp_path, by="office")
    accept(world.county, [use_of(taken).pk], by=world.users["office"])
    assert Event.objects.get(action="accept_evidence").after["one_person"] is True


def test_several_are_accepted_together_or_not_at_all(world, tmp_path):
    good, own = hand_in(world, tmp_path), hand_in(world, tmp_path, "1-2", by="reviewer")
    pks = [use_of(good).pk, use_of(own, "1-2").pk]
    with pytest.raises(Refused):
        accept(world.county, pks, by=world.users["reviewer"])
    assert set(Placement.objects.values_list("state", flat=True)) == {"uploaded"}
    accept(world.county, pks, by=world.users["office"])
    assert set(Placement.objects.values_list("state", flat=True)) == {"accepted"}


def test_a_version_nobody_looked_at_is_not_accepted(world, tmp_path):
    taken = hand_in(world, tmp_path)
    hand_in(world, tmp_path, replaces=taken.piece)
    pk = use_of(taken).pk
    with pytest.raises(Refused, match="刚换了新版本"):
        accept(world.county, [pk], by=world.users["office"], seen={pk: 1})
    accept(world.county, [pk], by=world.users["office"], seen={pk: 2})


def test_without_a_date_nobody_guesses_the_year(world, tmp_path):
    taken = hand_in(world, tmp_path, dated=None)
    with pytest.raises(Refused, match="没有填写文件日期"):
        accept(world.county, [use_of(taken).pk], by=world.users["office"])


def test_another_countys_piece_is_out_of_reach(world, tmp_path):
    taken = hand_in(world, tmp_path)
    with pytest.raises(Refused, match="刷新页面"):
        accept(world.other_county, [use_of(taken).pk], by=world.users["other_office"])


# ---- returning ----


def test_a_returned_piece_says_why_and_tells_who_uploaded_it(world, tmp_path):
    taken = accepted(world, tmp_path)
    return_(world.county, [use_of(taken).pk], reason="缺公章", by=world.users["office"])
    assert state_of(world, "1-1").why_not(use_of(taken)) == "已退回：缺公章"
    assert item_of(world, "1")["evidence"]["accepted"] == 0
    notice = Notice.objects.get()
    assert (notice.user, "缺公章" in notice.sentence) == (world.users["liaison"], True)


@pytest.mark.parametrize("reason", ["", "  ", "长" * 301])
def test_a_return_needs_a_reason_of_bearable_length(world, tmp_path, reason):
    taken = hand_in(world, tmp_path)
    with pytest.raises(Refused, match="理由"):
        return_(world.county, [use_of(taken).pk], reason=reason, by=world.users["office"])


# ---- versions ----


def test_a_newer_version_replaces_and_waits_again_while_the_older_stays(world, tmp_path):
    taken = accepted(world, tmp_path)
    again = hand_in(world, tmp_path, replaces=taken.piece, name="盖章版.pdf")
    assert (again.piece, again.version.number) == (taken.piece, 2)
    assert use_of(taken).state == "uploaded"
    assert item_of(world, "1")["evidence"]["accepted"] == 0
    assert [v.number for v in taken.piece.versions.all()] == [1, 2]
    assert all(storages["evidence"].exists(v.file) for v in taken.piece.versions.all())


def test_the_very_same_file_is_no_new_version(world, tmp_path):
    content = pdf_bytes()
    taken = hand_in(world, tmp_path, content=content)
    with pytest.raises(Refused, match="完全相同"):
        hand_in(world, tmp_path, content=content, replaces=taken.piece)


def test_what_decides_the_year_has_to_be_looked_at_again(world, tmp_path):
    taken = accepted(world, tmp_path)
    facts = {"document_date": date(2023, 5, 6), "title": "换个题名"}
    describe(taken.piece, Description(**facts), by=world.users["liaison"])
    assert use_of(taken).state == "accepted"
    describe(taken.piece, Description(**facts, last_year=2024), by=world.users["liaison"])
    assert use_of(taken).state == "uploaded"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"first_year": 2025, "last_year": 2024}, "晚于止"),
        ({"first_year": 24}, "四位年份"),
        ({"document_date": date(1, 1, 1)}, "请核对后改正"),
        ({"document_date": date(2098, 1, 1)}, "晚于今天"),
        ({"document_date": date(2023, 5, 1), "valid_until": date(2023, 4, 1)}, "有效期早于"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(world, tmp_path, facts, sentence):
    taken = hand_in(world, tmp_path)
    with pytest.raises(Refused, match=sentence):
        describe(taken.piece, Description(title="新题名", **facts), by=world.users["liaison"])
    taken.piece.refresh_from_db()
    assert taken.piece.title == "资金文件"


# ---- years, expiry, inspection day ----


def test_out_of_year_counts_as_missing_and_says_so(world, tmp_path):
    taken = accepted(world, tmp_path, dated=date(2021, 5, 6))
    assert "要求的是 2023 年度" in state_of(world, "1-1").why_not(use_of(taken))
    assert item_of(world, "1")["evidence"]["accepted"] == 0


def test_one_piece_serves_several_items_and_years(world, tmp_path):
    taken = accepted(world, tmp_path, last_year=2024)
    place(taken.piece, requirement("3-1"), by=world.users["office"])
    accept(world.county, [use_of(taken, "3-1").pk], by=world.users["reviewer"])
    assert item_of(world, "3")["evidence"]["accepted"] == 1
    assert state_of(world, "1-1", "2024").state == "accepted"
    assert state_of(world, "1-1", "2025").state == "open"


def test_what_expires_before_the_inspection_counts_as_missing(world, tmp_path):
    taken = accepted(world, tmp_path, valid_until=date(2024, 3, 1))
    assert item_of(world, "1")["evidence"]["accepted"] == 1
    start_campaign(world.county, world.standard, period=PERIOD, inspection_on=date(2024, 3, 2))
    assert "已过期" in state_of(world, "1-1").why_not(use_of(taken))
    assert item_of(world, "1")["evidence"]["accepted"] == 0


# ---- uses and withdrawal ----


def test_a_piece_used_no_longer_leaves_the_item_open(world, tmp_path):
    taken = accepted(world, tmp_path)
    displace(use_of(taken), by=world.users["liaison"])
    assert item_of(world, "1")["evidence"]["accepted"] == 0
    assert Piece.objects.get(pk=taken.piece.pk).withdrawn_at is None


def test_a_withdrawn_piece_counts_nowhere_but_stays(world, tmp_path):
    taken = accepted(world, tmp_path)
    withdraw(taken.piece, reason="上传错了", by=world.users["liaison"])
    assert state_of(world, "1-1").placements == ()
    assert item_of(world, "1")["evidence"]["accepted"] == 0
    assert storages["evidence"].exists(taken.version.file)
    with pytest.raises(Refused, match="已经撤回"):
        place(Piece.objects.get(pk=taken.piece.pk), requirement("1-2"), by=world.users["office"])


def test_the_same_use_twice_is_refused(world, tmp_path):
    taken = hand_in(world, tmp_path)
    with pytest.raises(Refused, match="已经用于"):
        place(taken.piece, requirement("1-1"), by=world.users["liaison"])


# ---- one of each institution ----


def per_centre(world: World) -> EvidenceRequirement:
    EvidenceRequirement.objects.filter(code="3-1").update(institution_types=["township_centre"])
    return requirement("3-1")


def test_a_photo_of_each_centre_shows_who_lacks_it(world, tmp_path):
    per_centre(world)
    for code in ("A-01", "A-02"):
        photo = {"institution": code, "content": picture_bytes(), "name": f"{code}.jpg"}
        taken = hand_in(world, tmp_path, "3-1", by="office", **photo)
        accept(world.county, [use_of(taken, "3-1").pk], by=world.users["reviewer"])
    state = state_of(world, "3-1")
    assert (state.state, state.verdict.counted, state.verdict.due) == ("open", 2, 3)
    assert state.verdict.lacking == ("A-03",)


def test_such_a_piece_needs_its_institution(world, tmp_path):
    per_centre(world)
    with pytest.raises(Refused, match="请选择这份材料属于哪家机构"):
        hand_in(world, tmp_path, "3-1")
    with pytest.raises(Refused, match="不要求甲县本级提供"):
        hand_in(world, tmp_path, "3-1", institution="A-00")


def test_a_county_without_such_institutions_is_not_asked(world):
    EvidenceRequirement.objects.filter(code="3-1").update(institution_types=["mch_hospital"])
    assert state_of(world, "3-1").applies is False
    assert score(world.county, world.standard, PERIOD).result["items"][2]["evidence"]["required"] == 0


# ---- the county's own requirements ----


def test_what_a_county_adds_counts_for_it_alone(world):
    item = world.standard.items.get(number="1")
    added = add_requirement(world.campaign, item, Demanded("审计报告"), by=world.users["office"])
    assert item_of(world, "1")["evidence"]["required"] == 3
    assert score(world.other_county, world.standard, PERIOD).result["items"][0]["evidence"]["required"] == 2
    change_requirement(world.campaign, added, Demanded("审计报告", required=False), by=world.users["office"])
    assert item_of(world, "1")["evidence"]["required"] == 2
    withdraw_requirement(world.campaign, added, by=world.users["office"])
    assert added.code not in requirement_states(world.county, world.standard, PERIOD)


def test_the_standards_own_requirements_are_not_changed_by_a_county(world):
    with pytest.raises(Refused, match="标准自带"):
        withdraw_requirement(world.campaign, requirement("1-1"), by=world.users["office"])


@pytest.mark.parametrize(
    "demanded", [Demanded(" "), Demanded("长" * 201), Demanded("x", needed=0), Demanded("x", year="never")]
)
def test_a_requirement_that_says_nothing_is_refused(world, demanded):
    with pytest.raises(Refused):
        add_requirement(world.campaign, world.standard.items.get(number="1"), demanded, by=world.users["office"])


# ---- the office's word ----


def test_what_was_seen_on_paper_needs_its_reason(world):
    judged = {"county": world.county, "requirement": requirement("1-1"), "period": PERIOD, "by": world.users["office"]}
    with pytest.raises(Refused, match="请写明依据"):
        judge_evidence(**judged, state="accepted", reason="")
    judge_evidence(**judged, state="accepted", reason="3月5日查看原件")
    assert item_of(world, "1")["evidence"]["accepted"] == 1


def test_nobody_judges_a_requirement_by_their_own_file(world, tmp_path):
    hand_in(world, tmp_path, by="office")
    with pytest.raises(Refused, match="另一位审核人员"):
        judge_evidence(
            world.county, requirement("1-1"), PERIOD, state="accepted", reason="看过", by=world.users["office"]
        )


# ---- snapshots ----


def test_a_snapshot_keeps_what_counted_when_evidence_changes(world, tmp_path):
    taken = accepted(world, tmp_path)
    kept = save_assessment(world.county, world.standard, PERIOD)
    withdraw(taken.piece, reason="上传错了", by=world.users["liaison"])
    assert Assessment.objects.get(pk=kept.pk).result["items"][0]["evidence"]["accepted"] == 1

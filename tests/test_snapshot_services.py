"""Snapshots are named, locked and deleted: each with an event, and a lock that nothing gets around."""

import pytest

from assessments.models import Assessment
from assessments.services import digest_of, save_assessment
from assessments.snapshots.recompute import recompute
from assessments.snapshots.services import delete_snapshot, lock_snapshot, name_snapshot, take_snapshot
from indicators.models import Criterion, EvidenceRequirement
from institutions.models import Report
from institutions.refusals import Refused
from tcm_demo.audit.models import Event
from tests.evidence_world import accepted, hand_in
from tests.world import PERIOD, World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


def taken(world: World, name: str = "一次自评", **more) -> Assessment:
    return take_snapshot(world.county, world.standard, PERIOD, name=name, by=world.users["office"], **more)


# ---- kept and named ----


def test_a_snapshot_is_kept_under_a_name_with_one_event(world):
    kept = taken(world, "  一次  自评 ", note="报市卫健委\n之前留存")
    assert (kept.name, kept.note) == ("一次 自评", "报市卫健委 之前留存")
    event = Event.objects.get(subject_type="assessments.Assessment", subject_id=kept.pk)
    assert (event.action, event.actor, event.place) == ("save_assessment", world.users["office"], "A")
    assert (event.after["name"], event.after["digest"]) == ("一次 自评", kept.digest)


def test_where_nobody_reported_nothing_is_kept_and_no_event_left(world):
    Report.objects.all().delete()
    with pytest.raises(Refused, match="甲县2023年度还没有一家机构的数据，不能存档"):
        taken(world)
    assert not Assessment.objects.exists()
    assert not Event.objects.filter(action="save_assessment").exists()


def test_it_can_be_named_later_and_the_trail_says_what_it_was_called(world):
    kept = taken(world)
    name_snapshot(kept, name="预评估", note="请市级看过", by=world.users["office"])
    kept.refresh_from_db()
    assert (kept.name, kept.note) == ("预评估", "请市级看过")
    event = Event.objects.get(action="name_snapshot")
    assert event.before == {"name": "一次自评", "note": ""}
    assert event.after == {"name": "预评估", "note": "请市级看过"}


def test_naming_it_as_it_is_called_already_leaves_no_event(world):
    kept = taken(world)
    name_snapshot(kept, name=" 一次自评", note="", by=world.users["office"])
    assert not Event.objects.filter(action="name_snapshot").exists()


@pytest.mark.parametrize(
    ("name", "note", "sentence"), [("长" * 41, "", "名称最多 40 字，现为 41 字"), ("", "长" * 301, "说明最多 300 字")]
)
def test_what_is_too_long_is_refused_with_its_length(world, name, note, sentence):
    with pytest.raises(Refused, match=sentence):
        taken(world, name, note=note)
    kept = taken(world)
    with pytest.raises(Refused, match=sentence):
        name_snapshot(kept, name=name, note=note, by=None)


# ---- locked ----


def test_a_locked_one_says_who_locked_it_and_when_and_stays(world):
    office, kept = world.users["office"], taken(world)
    stale = Assessment.objects.get(pk=kept.pk)  # as a page that was opened before has it
    locked = lock_snapshot(kept, by=office)
    assert (locked.locked_by, locked.locked_at is not None) == (office, True)
    for refused, words in (
        (lambda: name_snapshot(stale, name="迎检", note="", by=office), "名称和说明不能再改"),
        (lambda: delete_snapshot(stale, reason="重复存档", by=office), "不能删除"),
        (lambda: lock_snapshot(stale, by=office), "不用再锁定"),
    ):
        with pytest.raises(Refused, match=rf"第 {kept.pk} 号存档已由office于 .* 锁定，{words}"):
            refused()
    assert Assessment.objects.get(pk=kept.pk).name == "一次自评"
    event = Event.objects.get(action="lock_snapshot")
    assert event.after == {"name": "一次自评", "note": "", "digest": kept.digest}


def test_one_without_a_name_is_named_before_it_is_locked(world):
    kept = taken(world, "")
    with pytest.raises(Refused, match="请先给这份存档起个名称"):
        lock_snapshot(kept, by=world.users["office"])
    assert Assessment.objects.get().locked_at is None


def test_a_lock_stays_when_the_account_that_set_it_is_gone(world):
    kept = lock_snapshot(taken(world), by=world.users["office"])
    Assessment.objects.update(locked_by=None)
    with pytest.raises(Refused, match="（账号已删除）"):
        delete_snapshot(kept, reason="重复存档", by=None)


# ---- deleted ----


def test_a_deleted_one_leaves_its_result_its_digest_and_the_reason_on_the_trail(world):
    kept = taken(world)
    delete_snapshot(kept, reason=" 数据录错， 重新存 ", by=world.users["office"])
    assert not Assessment.objects.exists()
    event = Event.objects.get(action="delete_snapshot")
    assert event.after == {"reason": "数据录错， 重新存"}
    assert (event.before["digest"], event.before["summary"]) == (kept.digest, kept.result["summary"])
    assert (event.before["name"], event.before["period"]) == ("一次自评", PERIOD)
    assert event.subject_id == str(kept.pk)


@pytest.mark.parametrize("reason", ["", "  ", "错", "长" * 301])
def test_without_a_proper_reason_nothing_is_deleted(world, reason):
    with pytest.raises(Refused, match="删除存档须写理由"):
        delete_snapshot(taken(world), reason=reason, by=world.users["office"])
    assert Assessment.objects.count() == 1


def test_who_comes_second_is_told_that_it_is_gone(world):
    kept = taken(world)
    stale = Assessment.objects.get(pk=kept.pk)
    delete_snapshot(kept, reason="重复存档", by=None)
    with pytest.raises(Refused, match="已经被删除"):
        lock_snapshot(stale, by=None)


# ---- what it keeps, and computing it again ----


def test_it_keeps_which_pieces_of_evidence_stood_behind_it(world, tmp_path):
    good = accepted(world, tmp_path)
    waiting = hand_in(world, tmp_path, "1-2", name="凭证.pdf", dated=None)
    required = taken(world).inputs["requirements"]
    assert list(required) == ["1-1", "1-2", "3-1"]
    assert {key: required["1-1"][key] for key in ("item", "text", "required", "state", "judged")} == {
        "item": "1",
        "text": "资金文件",
        "required": True,
        "state": "accepted",
        "judged": "",
    }
    assert required["1-1"]["pieces"] == [
        {
            "piece": good.piece.pk,
            "title": "资金文件",
            "file_name": "资金文件.pdf",
            "version": 1,
            "sha256": good.version.sha256,
            "institution": "",
            "state": "accepted",
            "counts": True,
            "why": "",
        }
    ]
    piece = required["1-2"]["pieces"][0]
    assert (piece["piece"], piece["counts"], piece["why"]) == (waiting.piece.pk, False, "待审核")
    assert required["3-1"] == required["3-1"] | {"state": "open", "pieces": []}


def test_computed_again_from_what_it_kept_it_is_the_same_to_the_last_digit(world, tmp_path):
    accepted(world, tmp_path)
    kept = taken(world)
    Report.objects.update(accepted={"has_hall": True, "visits": 3, "tcm_visits": 1})
    hand_in(world, tmp_path, "1-2", name="另一份.pdf")
    EvidenceRequirement.objects.filter(code="1-2").update(required=False)
    again = recompute(Assessment.objects.get(pk=kept.pk))
    assert again.result == kept.result
    assert (again.same, again.intact, again.standard_changed) == (True, True, False)


def test_one_of_before_pieces_were_noted_down_is_computed_again_too(world):
    kept = save_assessment(world.county, world.standard, PERIOD)
    del kept.inputs["requirements"]
    kept.save()
    assert recompute(Assessment.objects.get(pk=kept.pk)).same


def test_a_result_that_somebody_changed_is_found_out(world):
    kept = taken(world)
    kept.result["summary"]["met"] += 1
    kept.save()
    again = recompute(kept)
    assert (again.intact, again.same) == (False, True)
    assert again.digest != digest_of(kept.result)


def test_a_criterion_that_is_not_as_it_was_gives_another_figure_and_says_so(world):
    kept = taken(world)
    Criterion.objects.filter(code="3.1").update(target="5%")
    again = recompute(Assessment.objects.get(pk=kept.pk))
    assert (again.intact, again.same, again.standard_changed) == (True, False, False)
    world.standard.digest = "1" * 64
    world.standard.save()
    assert recompute(Assessment.objects.get(pk=kept.pk)).standard_changed

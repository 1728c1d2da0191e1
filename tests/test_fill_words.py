"""Words on cautions: on which figures they were written, and what came back and was not changed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from institutions.enums import ReportState, StepKind
from institutions.filling.explanations import Words
from institutions.filling.findings import RETURNED
from institutions.filling.returns import unchanged_since
from institutions.filling.services import Cell, Unfit, save_cells, submit_report
from institutions.models import Institution
from institutions.review.services import WHOLE, decide
from tests.filling import open_round, report, typed, url, words_of
from tests.world import make_world

FULL = {"has_hall": "是", "techniques": "6", "visits": "110", "tcm_visits": "50"}
VISITS = f"{RETURNED}visits"
SWING = "swing:visits"


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def round(world):
    return open_round(world)


@pytest.fixture
def clerk(client, world):
    client.force_login(world.users["clerk"])
    return client


def centre() -> Institution:
    return Institution.objects.select_related("county", "manager").get(code="A-01")


def save(world, round, words=None, **texts) -> None:
    cells = [Cell(centre(), code, text) for code, text in texts.items()]
    save_cells(round, cells, by=world.users["clerk"], explanations={centre().pk: words or {}})


def hand_in(world, round):
    return submit_report(round, centre(), by=world.users["clerk"])


def send_back(world, round, code="visits", reason="与年报不符"):
    decide(round, centre(), returns={code: reason}, by=world.users["reviewer"])


@pytest.fixture
def returned(world, round):
    save(world, round, **FULL)
    hand_in(world, round)
    send_back(world, round)
    return round


def refusal(world, round) -> list[str]:
    with pytest.raises(Unfit) as unfit:
        hand_in(world, round)
    return [each.key for each in unfit.value.unexplained]


# ---- what came back ----


def test_a_returned_figure_does_not_go_back_unchanged_without_a_word(clerk, world, returned):
    assert refusal(world, returned) == [VISITS]
    page = clerk.get(url("fill-check")).content.decode()
    assert "退回的“总诊疗人次”没有改动（理由：与年报不符），请说明为什么不改。" in page
    assert "没有发现问题" not in page


def test_with_the_word_it_goes_and_the_reviewer_has_it_before_them(world, returned):
    save(world, returned, {VISITS: "已核对原始登记"})
    warning = hand_in(world, returned).warnings[0]
    assert (warning["key"], warning["explanation"]) == (VISITS, "已核对原始登记")
    assert report().warning_count == 1


def test_a_figure_that_was_changed_needs_none(world, returned):
    save(world, returned, visits="120")
    assert hand_in(world, returned).warning_count == 0


def test_changed_and_changed_back_is_unchanged(world, returned):
    save(world, returned, visits="120")
    save(world, returned, visits="110")
    assert refusal(world, returned) == [VISITS]


def test_returned_again_for_the_same_reason_the_old_word_does_not_do(world, returned):
    save(world, returned, {VISITS: "已核对原始登记"})
    hand_in(world, returned)
    send_back(world, returned)
    assert refusal(world, returned) == [VISITS]


def test_a_whole_report_returned_needs_a_change_or_a_word(world, round):
    save(world, round, **FULL)
    hand_in(world, round)
    send_back(world, round, WHOLE, "请全面核对")
    assert refusal(world, round) == [RETURNED]
    save(world, round, techniques="7")
    assert hand_in(world, round).state == ReportState.SUBMITTED


def test_steps_before_the_last_return_and_on_other_figures_change_nothing():
    steps = [
        (StepKind.SAVED, {"a": [None, 1], "b": [None, 2]}, {}),
        (StepKind.RETURNED, {}, {"a": "x"}),
        (StepKind.SAVED, {"a": [1, 3]}, {}),
        (StepKind.RETURNED, {}, {"a": "y"}),
        (StepKind.SAVED, {"b": [2, 4]}, {}),
    ]
    stored = {"a": 3, "b": 4}
    assert unchanged_since({"a": "y"}, stored, stored, steps) == {"a": "y"}
    assert unchanged_since({"a": "y"}, stored, {"a": 5, "b": 4}, steps) == {}  # an import that brings 5
    assert unchanged_since({"": "z"}, stored, stored, [*steps, (StepKind.RETURNED, {}, {"": "z"})]) == {"": "z"}


# ---- the figures changed after the word was written ----


def test_words_are_kept_but_explain_no_other_figure(clerk, world, round):
    save(world, round, {SWING: "新开两个门诊"}, **FULL | {"visits": "4398"})
    save(world, round, visits="9000")
    assert refusal(world, round) == [SWING]
    page = clerk.get(url("fill-check")).content.decode()
    assert "data-outdated><b>数已改，说明还对吗？" in page
    assert ">新开两个门诊</textarea>" in page


def test_the_same_words_beside_the_new_figure_hold_again(world, round):
    save(world, round, {SWING: "新开两个门诊"}, **FULL | {"visits": "4398"})
    save(world, round, visits="9000")
    save(world, round, {SWING: "新开两个门诊"})
    assert hand_in(world, round).warnings[0]["explanation"] == "新开两个门诊"


def test_without_scripts_a_changed_figure_sent_with_its_old_words_is_asked_about(clerk, world, round):
    save(world, round, {SWING: "新开两个门诊"}, **FULL | {"visits": "4398"})
    sentence = next(each for each in report().explanations.values())["of"]
    form = typed(words={SWING: "新开两个门诊"}, visits=("9000", "4398")) | {f"o-{centre().pk}-{SWING}": sentence}
    clerk.post(url("fill-save"), form)
    assert refusal(world, round) == [SWING]
    answer = clerk.post(url("fill-save"), typed(tcm_visits=("51", "50")), headers={"accept": "application/json"}).json()
    assert [(each["explanation"], each["outdated"]) for each in answer["cautions"]] == [("新开两个门诊", True)]


def test_changed_back_the_words_hold_as_they_did(world, round):
    save(world, round, {SWING: "新开两个门诊"}, **FULL | {"visits": "4398"})
    save(world, round, visits="9000")
    save(world, round, visits="4398")
    assert hand_in(world, round).state == ReportState.SUBMITTED


def test_words_stored_as_plain_text_are_read(world, round):
    save(world, round, **FULL | {"visits": "4398"})
    stored = report()
    stored.explanations = {SWING: "新开两个门诊"}
    stored.save()
    assert hand_in(world, round).warnings[0]["explanation"] == "新开两个门诊"


def test_who_handed_in_late_reads_by_how_much(clerk, world, round):
    save(world, round, **FULL)
    hand_in(world, round)
    round.opens_on, round.due_on = timezone.localdate() - timedelta(9), timezone.localdate() - timedelta(3)
    round.save()
    assert "逾期 3 天提交" in clerk.get(url("fill")).content.decode()


# ---- one sentence for all ----


def test_one_sentence_serves_all_cautions_that_have_none(clerk, world, round):
    save(world, round, **FULL | {"visits": "4398", "techniques": "0"})
    assert "以下都用这句说明" in clerk.get(url("fill-check")).content.decode()
    hall = "rule:not has_hall or techniques > 0"
    words = {hall: "正在筹备", SWING: "", "swing:techniques": "", "*": "口径有调整"}
    clerk.post(url("fill-submit"), typed(words=words))
    assert report().state == ReportState.SUBMITTED
    assert words_of(report()) == {hall: "正在筹备", SWING: "口径有调整", "swing:techniques": "口径有调整"}


# ---- what cannot be read ----


def test_a_field_that_cannot_be_read_is_wrong_and_not_missing_as_well(clerk, world, round):
    save(world, round, **FULL | {"visits": "1.5"})
    page = clerk.get(url("fill-check")).content.decode()
    assert "没有填" not in page
    back = clerk.post(url("fill-save"), {"back": "1"}, follow=True)
    assert back.redirect_chain[-1][0] == url("fill") + "#f-visits"
    assert "没有新的改动" not in back.content.decode()
    assert "有 1 处错误要改正" in back.content.decode()


def test_words_say_on_which_sentence_they_are(world, round):
    save(world, round, **FULL | {"visits": "4398"})
    save(world, round, {SWING: Words("新开两个门诊", "另一句话")})
    assert refusal(world, round) == [SWING]

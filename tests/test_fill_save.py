"""Saving what is typed: by the page's script while typing, and by its button where there are no scripts."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from institutions.enums import Role, StepKind
from institutions.filling.services import Cell, save_cells, submit_report
from institutions.models import Grant, Institution, Report
from institutions.review.services import decide
from institutions.rounds.services import close_round
from tcm_demo.audit.models import Event
from tests.filling import NOW, open_round, report, typed, url, words_of
from tests.world import make_world

NO_TECHNIQUES = "rule:not has_hall or techniques > 0"
SCRIPT = {"accept": "application/json"}


@pytest.fixture
def world(db):
    world = make_world()
    Grant.objects.create(user=world.users["stranger"], county=world.county, role=Role.DATA_CLERK, institution=centre())
    return world


@pytest.fixture
def round(world):
    return open_round(world)


@pytest.fixture
def clerk(client, world):
    client.force_login(world.users["clerk"])
    return client


def centre() -> Institution:
    return Institution.objects.select_related("county", "manager").get(code="A-01")


def send(client, status: int = 200, words: dict | None = None, **cells) -> dict:
    """As the page's script sends it."""
    response = client.post(url("fill-save"), typed(words=words, **cells), headers=SCRIPT)
    assert response.status_code == status
    return response.json()


def press(client, more: dict | None = None, words: dict | None = None, **cells):
    """As a browser without scripts sends it. The page that follows."""
    return client.post(url("fill-save"), typed(words=words, **cells) | (more or {}), follow=True)


def by_other(world, round, **texts) -> None:
    cells = [Cell(centre(), code, text) for code, text in texts.items()]
    save_cells(round, cells, by=world.users["stranger"])


# ---- by script ----


def test_what_is_typed_is_stored_and_confirmed(clerk, round):
    answer = send(clerk, visits="1,870", has_hall="是")
    assert {code: (cell["status"], cell["text"]) for code, cell in answer["cells"].items()} == {
        "visits": ("saved", "1870"),
        "has_hall": ("saved", "是"),
    }
    assert report().values == {"visits": 1870, "has_hall": True}
    assert (answer["filled"], answer["due"], answer["state"], answer["can_edit"]) == (2, 4, "draft", True)
    assert answer["texts"] == {"has_hall": "是", "techniques": "", "visits": "1870", "tcm_visits": ""}


@pytest.mark.parametrize(
    ("text", "stored"), [("１２３", 123), ("1,870", 1870), ("12 人次", 12), (" 7 ", 7), ("0", 0), ("12.0", 12)]
)
def test_numbers_are_stored_as_people_mean_them(clerk, round, text, stored):
    assert send(clerk, visits=text)["cells"]["visits"]["text"] == str(stored)
    assert report().values["visits"] == stored


@pytest.mark.parametrize(
    "text",
    ["12人", "-5", "1e9", "=1+1", "+1+cmd|' /C calc'!A0", "@SUM(A1)", "1.5", "<b>", '{"a": 1}', "一百", "1" * 30],
)
def test_what_cannot_be_read_is_kept_and_says_why(clerk, round, text):
    answer = send(clerk, visits=text)
    cell = answer["cells"]["visits"]
    assert (cell["status"], cell["text"]) == ("unread", text)
    assert cell["sentence"].endswith("。")
    assert answer["faults"][0]["elements"] == ["visits"]
    assert report().unread == {"visits": text}
    assert report().values == {}


def test_a_text_in_the_wrong_place_is_cut(clerk, round):
    assert send(clerk, visits="很" * 10_000)["cells"]["visits"]["status"] == "unread"
    assert report().unread == {"visits": "很" * 60}


def test_control_characters_are_nobodys_typing(clerk, round):
    assert send(clerk, visits="1\x002\x07")["cells"]["visits"]["text"] == "12"
    send(clerk, tcm_visits="\x00很多")
    assert report().unread == {"tcm_visits": "很多"}


def test_emptying_a_field_takes_its_figure_back(clerk, round):
    send(clerk, visits="5")
    assert send(clerk, visits=("", "5"))["filled"] == 0
    assert report().values == {}


def test_faults_and_cautions_come_while_typing_and_go_when_mended(clerk, round):
    answer = send(clerk, visits="10", tcm_visits="20", has_hall="是", techniques="0")
    assert [fault["text"] for fault in answer["faults"]] == [
        "中医诊疗人次不能大于总诊疗人次（中医诊疗人次 20，总诊疗人次 10）。"
    ]
    assert [caution["key"] for caution in answer["cautions"]] == [NO_TECHNIQUES, "swing:visits", "swing:tcm_visits"]
    answer = send(clerk, visits=("110", "10"), techniques=("6", "0"), tcm_visits=("41", "20"))
    assert (answer["faults"], answer["cautions"]) == ([], [])


def test_a_word_on_a_caution_is_kept_and_taken_back(clerk, round):
    send(clerk, has_hall="是", techniques="0")
    answer = send(clerk, words={NO_TECHNIQUES: "正在筹备"})
    assert answer["cautions"][0]["explanation"] == "正在筹备"
    assert words_of(report()) == {NO_TECHNIQUES: "正在筹备"}
    assert send(clerk, words={NO_TECHNIQUES: ""})["cautions"][0]["explanation"] == ""


@pytest.mark.parametrize("word", ["好", "长" * 301])
def test_a_word_too_short_or_too_long_is_refused_with_everything_beside_it(clerk, round, word):
    answer = send(clerk, 409, words={NO_TECHNIQUES: word}, visits="5")
    assert answer["error"] == "说明请写 2 至 300 个字。"
    assert not Report.objects.filter(period=NOW).exists()


# ---- two people ----


def test_the_trail_holds_the_words_that_changed_and_what_they_were(clerk, round):
    send(clerk, words={NO_TECHNIQUES: "正在筹备", "missing": "年底补报"})
    send(clerk, words={NO_TECHNIQUES: "下月开展"})
    event = Event.objects.filter(action="save_figures").first()
    assert (event.before["explanations"], event.after["explanations"]) == (
        {NO_TECHNIQUES: "正在筹备"},
        {NO_TECHNIQUES: "下月开展"},
    )


def test_made_up_cautions_fill_nothing_that_is_kept_forever(clerk, round):
    send(clerk, words={"x" * 500: "一句话"})
    assert not Report.objects.filter(period=round.period).exists()
    answer = send(clerk, 409, words={f"x{n}": "一句话" for n in range(201)})
    assert "最多写 200 条说明" in answer["error"]
    assert not Event.objects.filter(action="save_figures").exists()


def test_who_wrote_the_words_does_not_accept_the_report(clerk, world, round):
    send(clerk, visits="7")
    office = world.users["office"]
    save_cells(round, [], by=office, explanations={centre().pk: {"missing": "年底补报"}})
    assert office.pk in report().hands


def test_what_somebody_else_stored_in_the_meantime_is_shown_and_stays(clerk, world, round):
    by_other(world, round, visits="7")
    cell = send(clerk, visits="5")["cells"]["visits"]
    assert (cell["status"], cell["text"], cell["by"]) == ("conflict", "7", "stranger")
    assert "“7”" in cell["sentence"]
    assert "“5”" in cell["sentence"]
    assert report().values == {"visits": 7}


def test_mine_is_sent_again_on_what_the_other_stored(clerk, world, round):
    by_other(world, round, visits="7")
    assert send(clerk, visits=("5", "7"))["cells"]["visits"]["status"] == "saved"
    assert report().values == {"visits": 5}


def test_the_same_answer_is_no_conflict(clerk, world, round):
    by_other(world, round, visits="5")
    assert send(clerk, visits="5")["cells"]["visits"]["status"] == "unchanged"


def test_an_answer_that_was_lost_on_the_way_is_asked_for_again(clerk, round):
    """The script sends a change again until it hears: the second time nothing is left to do, and no step is added."""
    send(clerk, visits="5")
    assert send(clerk, visits="5")["cells"]["visits"]["status"] == "unchanged"
    assert report().steps.count() == 1


def test_taken_back_on_the_page_after_an_answer_was_lost_is_not_lost(clerk, round):
    """5 arrived, its answer did not; the field is empty again. The script says so, and is told what is stored."""
    send(clerk, visits="5")
    assert send(clerk, visits="")["cells"]["visits"]["status"] == "conflict"


def test_fields_that_others_filled_come_along(clerk, world, round):
    by_other(world, round, techniques="3")
    assert send(clerk, visits="5")["texts"]["techniques"] == "3"


# ---- what cannot be changed ----


def test_a_submitted_report_takes_nothing(clerk, world, round):
    send(clerk, visits="110", tcm_visits="41", has_hall="否", techniques="1")
    submit_report(round, centre(), by=world.users["clerk"])
    answer = send(clerk, visits=("5", "110"))
    assert answer["cells"]["visits"]["status"] == "locked"
    assert "已提交" in answer["cells"]["visits"]["sentence"]
    assert (answer["can_edit"], report().values["visits"]) == (False, 110)


def test_an_accepted_figure_stays(clerk, world, round):
    send(clerk, visits="110", tcm_visits="41", has_hall="否", techniques="1")
    submit_report(round, centre(), by=world.users["clerk"])
    decide(round, centre(), accept=["visits"], returns={"techniques": "核对"}, by=world.users["reviewer"])
    answer = send(clerk, visits=("5", "110"), techniques=("2", "1"))
    assert [answer["cells"][code]["status"] for code in ("visits", "techniques")] == ["locked", "saved"]
    assert report().values["visits"] == 110


def test_a_closed_round_takes_nothing_and_says_so(clerk, world, round):
    close_round(round, by=world.users["office"])
    assert "已关闭" in send(clerk, 409, visits="5")["error"]


def test_before_the_opening_day_nothing_is_taken(clerk, world):
    open_round(world, since=-2, left=9)
    assert "开放" in send(clerk, 409, visits="5")["error"]


# ---- names of fields that nobody was given ----


def test_a_field_that_is_not_asked_is_refused(clerk, round):
    assert "不填报" in send(clerk, 409, fund="5")["error"]


@pytest.mark.parametrize("code", ["A-02", "A-1000", "B-01"])
def test_another_institutions_cells_are_not_found_and_nothing_is_stored(clerk, round, code):
    data = typed(visits="5") | typed(code, visits="6")
    assert clerk.post(url("fill-save"), data, headers=SCRIPT).status_code == 404
    words = typed(visits="5") | typed(code, words={"twin": "抄的"})
    assert clerk.post(url("fill-save"), words, headers=SCRIPT).status_code == 404
    assert not Report.objects.filter(period=NOW).exists()


@pytest.mark.parametrize(
    "name", ["v-", "v--visits", "v-x-visits", "v-9999999999999999999-visits", "w-1-visits", "v-１-visits"]
)
def test_names_of_no_field_are_passed_over(clerk, round, name):
    assert clerk.post(url("fill-save"), {name: "5"}, headers=SCRIPT).status_code == 200
    assert not Report.objects.filter(period=NOW).exists()


def test_a_pk_of_nobody_is_not_found(clerk, round):
    assert clerk.post(url("fill-save"), {"v-999999-visits": "5"}, headers=SCRIPT).status_code == 404


# ---- without scripts ----


def test_the_button_saves_and_comes_back(clerk, round):
    page = press(clerk, visits="5", tcm_visits="")
    assert "已保存 1 项" in page.content.decode()
    assert report().values == {"visits": 5}


def test_nothing_changed_says_so(clerk, round):
    assert "没有新的改动" in press(clerk, visits="").content.decode()


def test_the_main_button_saves_and_goes_on_to_the_check(clerk, round):
    page = press(clerk, {"check": "1"}, visits="5")
    assert page.redirect_chain[-1][0] == url("fill-check")
    assert report().values == {"visits": 5}


def test_cells_that_nobody_touched_do_not_quarrel(clerk, world, round):
    by_other(world, round, visits="7")
    press(clerk, visits="", techniques="3")
    assert report().values == {"visits": 7, "techniques": 3}


def test_both_values_are_shown_and_either_can_be_chosen(clerk, world, round):
    by_other(world, round, visits="7")
    response = clerk.post(url("fill-save"), typed(visits="5", techniques="3"))
    page = response.content.decode()
    assert response.status_code == 409
    assert report().values == {"visits": 7, "techniques": 3}
    assert 'value="5"' in page
    assert "用对方的<b>（7）" in page
    assert "用我的<b>（5）" in page
    pk = centre().pk
    assert f'name="b-{pk}-visits" value="7"' in page
    press(clerk, {"theirs": "visits"}, visits=("5", "7"))
    assert report().values["visits"] == 7
    press(clerk, {"mine": "visits"}, visits=("5", "7"))
    assert report().values["visits"] == 5


def test_what_could_not_be_saved_stands_in_the_form_again(clerk, round):
    response = clerk.post(url("fill-save"), typed(visits="5", words={"swing:visits": "好"}))
    assert response.status_code == 409
    page = response.content.decode()
    assert "没有保存：说明请写" in page
    assert 'value="5"' in page


def test_what_came_too_late_is_named(clerk, world, round):
    send(clerk, visits="110", tcm_visits="41", has_hall="否", techniques="1")
    submit_report(round, centre(), by=world.users["stranger"])
    assert "没有保存“5”" in press(clerk, visits=("5", "110")).content.decode()


# ---- on the record ----


def test_each_saving_is_a_step_with_old_and_new_and_an_event(clerk, round):
    send(clerk, visits="5")
    send(clerk, visits=("6", "5"))
    steps = list(report().steps.all())
    assert [(step.kind, step.by_name, step.cells) for step in steps] == [
        (StepKind.SAVED, "clerk", {"visits": [None, 5]}),
        (StepKind.SAVED, "clerk", {"visits": [5, 6]}),
    ]
    assert Event.objects.filter(action="save_figures", actor_name="clerk").count() == 2


def test_a_manager_that_saves_for_a_clinic_is_named_in_the_step(clerk, round):
    Institution.objects.filter(code="A-1000").update(manager=centre())
    clerk.post(url("fill-save", "A-1000"), typed("A-1000", techniques="6"), headers=SCRIPT)
    assert report("A-1000").steps.get().proxy == centre()


class WhateverIsTyped(TestCase):
    """Any text in any field: an answer, and either a value or the very text in store."""

    @classmethod
    def setUpTestData(cls):
        cls.world = make_world(villages=0)
        open_round(cls.world)

    @given(st.text(st.characters(codec="utf-8"), max_size=40), st.sampled_from(["visits", "has_hall", "techniques"]))
    def test_is_answered(self, text, element):
        self.client.force_login(self.world.users["clerk"])
        response = self.client.post(url("fill-save"), typed(**{element: text}), headers=SCRIPT)
        assert response.status_code == 200
        cell = json.loads(response.content)["cells"][element]
        stored = Report.objects.filter(period=NOW).first()
        if cell["status"] == "unread":
            assert stored.unread == {element: cell["text"]}
            assert cell["sentence"]
        elif cell["status"] == "saved":
            assert element in stored.values
            assert not stored.unread
        else:
            assert cell["status"] == "unchanged"
            assert stored is None

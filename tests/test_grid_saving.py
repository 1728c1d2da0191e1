"""Typing and pasting into the grid, as its script sends it: cell by cell, nothing overwritten, nothing of others."""

import pytest
from django.test import Client

from institutions.enums import ReportState, Role, StepKind
from institutions.models import Grant, Institution, Report, ReportStep
from institutions.rounds.services import close_round
from tcm_demo.accounts.models import User
from tcm_demo.audit.models import Event
from tests.grid_world import COMPLETE, PERIOD, address, cell, make_grid_world, pk, report, row, save


@pytest.fixture
def world(db):
    return make_grid_world()[0]


@pytest.fixture
def clerk(client, world):
    client.force_login(world.users["clerk"])
    return client


def status(answer: dict, code: str, element: str) -> tuple[str, str]:
    found = next(each for each in answer["cells"] if each["name"] == f"{pk(code)}-{element}")
    return found["status"], found["text"]


def nothing_saved() -> bool:
    return not Report.objects.filter(period=PERIOD).exists()


def test_a_block_of_many_rows_is_saved_in_one_post_and_read_as_people_write(clerk):
    answer = save(
        clerk,
        row("A-1000", techniques="１２", doctors="1,200", has_corner="√")
        | row("A-1001", techniques=" 8 ", has_corner="1")
        | row("A-1002", has_corner="×", doctors="两个"),
    )
    assert report("A-1000").values == {"techniques": 12, "doctors": 1200, "has_corner": True}
    assert report("A-1001").values == {"techniques": 8, "has_corner": True}
    assert report("A-1002").values == {"has_corner": False}
    assert status(answer, "A-1000", "has_corner") == ("saved", "是")
    assert status(answer, "A-1002", "doctors") == ("unread", "两个")


def test_the_answer_says_how_the_rows_stand_now(clerk):
    answer = save(clerk, row("A-1000", doctors="2", tcm_doctors="5"))
    (facts,) = answer["rows"]
    assert (facts["pk"], facts["filled"], facts["asked"], facts["faults"]) == (pk("A-1000"), 2, 4, 1)
    assert "草稿" in facts["light"]
    assert facts["ready"] is False
    marks, note = facts["marks"]["tcm_doctors"]
    assert marks == ["fault"]
    assert "中医医师数不能大于医师数" in note


def test_an_emptied_cell_is_missing_again_and_zero_is_a_value(clerk):
    save(clerk, row("A-1000", techniques="8", doctors="0"))
    save(clerk, cell("A-1000", "techniques", "", base="8"))
    assert report("A-1000").values == {"doctors": 0}


def test_it_is_on_record_who_typed_on_whose_behalf(clerk, world):
    save(clerk, row("A-1000", techniques="8"))
    step = ReportStep.objects.get(report=report("A-1000"))
    assert (step.kind, step.by, step.cells) == (StepKind.SAVED, world.users["clerk"], {"techniques": [None, 8]})
    assert step.proxy.code == "A-01"
    event = Event.objects.filter(action="save_figures").latest("pk")
    assert (event.actor, event.subject_name) == (world.users["clerk"], f"第1村卫生室 {PERIOD}")
    assert event.after == {"techniques": 8, "proxy": "东镇卫生院"}


def test_of_two_people_in_one_row_nobody_is_overwritten(clerk, world):
    own = User.objects.create_user("village", display_name="孙村医")
    clinic = Institution.objects.get(code="A-1000")
    Grant.objects.create(user=own, county=world.county, role=Role.DATA_CLERK, institution=clinic)
    village = Client()
    village.force_login(own)
    form = village.post(
        address("fill-save", code="A-1000"), row("A-1000", doctors="2"), headers={"Accept": "application/json"}
    )
    assert form.status_code == 200
    answer = save(clerk, row("A-1000", doctors="5", techniques="8"))
    assert status(answer, "A-1000", "doctors") == ("conflict", "2")
    assert status(answer, "A-1000", "techniques") == ("saved", "8")
    sentence = next(each["sentence"] for each in answer["cells"] if each["status"] == "conflict")
    assert "孙村医" in sentence
    assert report("A-1000").values == {"doctors": 2, "techniques": 8}
    save(clerk, cell("A-1000", "doctors", "5", base="2"))  # mine, knowing theirs
    assert report("A-1000").values["doctors"] == 5


def test_what_is_submitted_does_not_change(clerk):
    save(clerk, row("A-1000", doctors="2"))
    Report.objects.filter(period=PERIOD).update(state=ReportState.SUBMITTED)
    answer = save(clerk, cell("A-1000", "doctors", "9", base="2"))
    assert status(answer, "A-1000", "doctors") == ("locked", "2")
    assert report("A-1000").values == {"doctors": 2}


def test_without_scripts_the_whole_page_is_sent_and_only_what_changed_is_saved(clerk):
    save(clerk, row("A-1000", doctors="2"))
    page = row("A-1001", doctors="3", techniques="", has_corner="") | cell("A-1000", "doctors", "2", base="2")
    response = clerk.post(address("fill-grid-save"), page, follow=True)
    assert response.redirect_chain[0][0] == address()
    assert "已保存 1 项" in response.content.decode()
    assert not Report.objects.filter(institution__code="A-1002", period=PERIOD).exists()


def test_without_scripts_a_conflict_says_both_values(clerk):
    save(clerk, row("A-1000", doctors="2"))
    page = clerk.post(address("fill-grid-save"), row("A-1000", doctors="7"), follow=True).content.decode()
    assert "改成了“2”，您填的是“7”" in page


def test_a_closed_round_saves_nothing_and_says_so(clerk, world):
    close_round(world.county.rounds.get(period=PERIOD), by=world.users["office"])
    answer = save(clerk, row("A-1000", doctors="2"), status=409)
    assert "已关闭" in answer["error"]
    assert nothing_saved()


# ---- hostile ----


@pytest.mark.parametrize("code", ["A-02", "A-01", "B-01"])
def test_a_cell_of_an_institution_that_is_not_in_the_grid_is_not_found(clerk, code):
    other = Institution.objects.get(code=code).pk
    data = row("A-1000", doctors="2") | {f"v-{other}-visits": "1", f"b-{other}-visits": ""}
    response = clerk.post(address("fill-grid-save"), data, headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert nothing_saved()


def test_a_figure_that_is_not_asked_refuses_the_whole_post(clerk):
    answer = save(clerk, row("A-1000", doctors="2", visits="5"), status=409)
    assert "不填报" in answer["error"]
    assert nothing_saved()


def test_names_that_are_no_cell_are_passed_over(clerk):
    save(clerk, {"v-": "1", "v-x-doctors": "1", "q": "1", "v-1": "1"} | row("A-1000", doctors="2"))
    assert report("A-1000").values == {"doctors": 2}


@pytest.mark.parametrize("guarded", [False, True])
def test_more_fields_than_the_server_takes_are_refused_with_a_sentence(world, guarded):
    """Also where the form's token is checked, which is read from the same fields."""
    clerk = Client(enforce_csrf_checks=guarded)
    clerk.force_login(world.users["clerk"])
    data = {f"v-{pk('A-1000')}-doctors{i}": "1" for i in range(5001)}
    answer = save(clerk, data, status=413)
    assert "请分几次粘贴" in answer["error"]
    assert nothing_saved()


def test_a_post_without_the_forms_token_is_refused(world):
    clerk = Client(enforce_csrf_checks=True)
    clerk.force_login(world.users["clerk"])
    assert clerk.post(address("fill-grid-save"), row("A-1000", doctors="1")).status_code == 403
    assert nothing_saved()


def test_long_text_and_control_characters_do_not_break_it(clerk):
    answer = save(clerk, row("A-1000", doctors="\x00" + "9" * 5000, has_corner="<script>"))
    assert status(answer, "A-1000", "doctors")[0] == "unread"
    assert len(report("A-1000").unread["doctors"]) <= 60
    assert "<script>" not in clerk.get(address()).content.decode().split("<tbody>")[1].split("</tbody>")[0]


def test_many_rows_are_saved_at_once(client, db):
    world, _ = make_grid_world(villages=60)
    client.force_login(world.users["clerk"])
    data = {}
    for number in range(60):
        data |= row(f"A-1{number:03d}", **COMPLETE)
    answer = save(client, data)
    assert len(answer["cells"]) == 240
    assert {each["status"] for each in answer["cells"]} == {"saved"}
    assert Report.objects.filter(period=PERIOD).count() == 60

"""Deciding on a report's page: accept, return, or both; what is refused comes back with what was typed."""

import re

import pytest
from django.urls import reverse

from institutions.models import Institution
from institutions.review.services import decide
from institutions.rounds.services import close_round
from tests.reviewing import VALUES, east, fill, hand_in, html_of, open_round, report_of, said, send, url_of
from tests.world import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def round(world):
    return open_round(world)


@pytest.fixture
def reviewer(client, world):
    client.force_login(world.users["reviewer"])
    return client


@pytest.fixture
def submitted(world, round):
    return hand_in(round, east(), world.users["clerk"])


def test_accept_all_with_one_button(reviewer, submitted):
    response = send(reviewer, do="accept-all")
    assert said(response) == "已接受“东镇卫生院”的填报。"
    assert (report_of(east()).state, report_of(east()).accepted) == ("accepted", VALUES)


def test_accept_and_go_on_to_the_next_that_waits(world, reviewer, round, submitted):
    clerk = world.users["clerk"]
    hand_in(round, Institution.objects.get(code="A-00"), clerk, {"fund": "1"})
    hand_in(round, Institution.objects.get(code="A-1001"), clerk, {"techniques": "6"})
    fill(round, Institution.objects.get(code="A-02"), clerk, {"visits": "5"})
    for code, following in (("A-01", "A-1001"), ("A-1001", "A-00")):
        assert send(reviewer, code, do="accept-next", follow=False).url == url_of(following)
    response = send(reviewer, "A-00", do="accept-next", follow=False)
    assert response.url == reverse("institutions:round", args=["A", "2023"])


def test_ticked_figures_are_accepted(reviewer, submitted):
    response = send(reviewer, do="accept", pick=["visits", "has_hall"])
    assert "已接受 2 项" in said(response)
    assert report_of(east()).accepted == {"visits": 1000, "has_hall": True}
    assert response.context["page"].sheet[0].is_accepted


def test_ticked_figures_are_returned_for_one_reason_and_others_for_their_own(reviewer, submitted):
    response = send(
        reviewer,
        do="return",
        pick=["visits", "has_hall"],
        reason="请核对",
        **{"r-has_hall": "与佐证材料不符", "r-techniques": "单位可能有误"},
    )
    assert "已退回 3 项" in said(response)
    assert report_of(east()).returned == {
        "visits": "请核对",
        "has_hall": "与佐证材料不符",
        "techniques": "单位可能有误",
    }


def test_a_figure_with_a_reason_of_its_own_is_returned_alone(reviewer, submitted):
    response = send(reviewer, do="return-own", pick=["has_hall"], **{"r-visits": "单位可能有误"})
    assert "已退回 1 项" in said(response)
    assert report_of(east()).returned == {"visits": "单位可能有误"}


def test_the_rest_can_be_accepted_with_the_same_button(reviewer, submitted):
    response = send(reviewer, do="return", rest="1", **{"r-visits": "单位可能有误"})
    assert "已接受 3 项，退回 1 项" in said(response)
    report = report_of(east())
    assert (report.state, set(report.accepted)) == ("returned", set(VALUES) - {"visits"})


def test_the_whole_report_is_returned(reviewer, submitted):
    response = send(reviewer, do="return-whole", reason="请按新口径重报")
    assert "已退回“东镇卫生院”的整份填报" in said(response)
    assert report_of(east()).returned == {"": "请按新口径重报"}


def test_of_an_accepted_report_single_figures_are_returned_and_nothing_else_is_offered(
    world, reviewer, round, submitted
):
    decide(round, east(), accept_all=True, by=world.users["reviewer"])
    html = html_of(reviewer)
    assert 'value="return"' in html
    for offer in ("accept-all", "accept-next", "return-whole"):
        assert f'value="{offer}"' not in html
    send(reviewer, do="return", pick=["visits"], reason="请核对")
    assert "visits" not in report_of(east()).accepted


def test_what_was_typed_stays_where_it_was_refused(reviewer, submitted):
    response = send(
        reviewer, do="return", pick=["visits", "has_hall"], reason="", **{"r-techniques": "单位可能有误"}
    )  # fmt: skip
    assert response.status_code == 409
    assert (said(response), response.context["bar_fault"][:8]) == ("", "请写明退回理由（")
    rows = {row.code: row for row in response.context["page"].sheet}
    assert [code for code, row in rows.items() if row.is_picked] == ["has_hall", "visits"]
    assert rows["techniques"].own_reason == "单位可能有误"
    assert 'value="单位可能有误"' in response.content.decode()
    assert report_of(east()).state == "submitted"


def test_a_figure_without_a_reason_says_so_where_it_stands(reviewer, submitted):
    response = send(reviewer, do="return-own visits", **{"r-visits": " ", "r-techniques": "单位可能有误"})
    assert (response.status_code, said(response)) == (409, "")
    rows = {row.code: row for row in response.context["page"].sheet}
    assert [code for code, row in rows.items() if row.fault] == ["visits"]
    assert rows["techniques"].own_reason == "单位可能有误"
    html = response.content.decode()
    assert "autofocus" in re.search(r'<input[^>]*name="r-visits"[^>]*>', html)[0]
    assert report_of(east()).state == "submitted"


def test_after_the_last_word_the_page_leads_to_the_next_report_that_waits(reviewer, round, submitted, world):
    hand_in(round, Institution.objects.get(code="A-02"), world.users["clerk"])
    assert "下一份待审" not in send(reviewer, do="nothing").content.decode()
    html = send(reviewer, do="accept-all").content.decode()
    assert "下一份待审（还有 1 份）" in html
    assert 'class="btn btn-primary" href="/c/A/rounds/2023/A-02/"' in html


def test_a_reason_typed_for_all_stays_too(reviewer, submitted):
    response = send(reviewer, do="return", reason="请核对原始报表")
    assert "请选择要接受或退回的项目" in said(response)
    assert 'value="请核对原始报表"' in response.content.decode()


@pytest.mark.parametrize("seen", ["", "submitted 2020-01-01T00:00:00+00:00"])
def test_who_has_not_seen_the_present_figures_decides_nothing(reviewer, submitted, seen):
    response = send(reviewer, seen=seen, do="accept-all")
    assert response.status_code == 409
    assert "刚刚有了变化" in said(response)
    assert report_of(east()).state == "submitted"
    assert send(reviewer, seen=response.context["seen"], do="accept-all").status_code == 200


@pytest.mark.parametrize("data", [{}, {"do": "nonsense"}, {"do": "accept", "pick": ["nothing"]}])
def test_nonsense_is_refused_with_a_sentence(reviewer, submitted, data):
    response = send(reviewer, **data)
    assert response.status_code == 409
    assert said(response)


def test_own_hands_are_offered_returning_alone(world, client, round):
    reviewer = world.users["reviewer"]
    hand_in(round, east(), reviewer)
    client.force_login(reviewer)
    html = html_of(client)
    assert "须由另一位审核员接受" in html
    assert 'value="accept-all"' not in html
    assert 'value="return"' in html
    assert send(client, do="accept-all").status_code == 409
    world.county.one_person_checks = True
    world.county.save()
    html = html_of(client)
    assert 'value="accept-all"' in html
    assert "会在操作记录中注明由同一人提交并接受" in html


def test_readers_look_and_are_offered_nothing(world, client, round, submitted):
    client.force_login(world.users["leadership"])
    html = html_of(client)
    assert "1,000" in html
    assert 'id="decide"' not in html
    assert client.post(url_of(name="review-decide"), {"do": "accept-all"}).status_code == 403


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_drafts_and_closed_rounds_offer_nothing(world, reviewer, round, state):
    if state == "draft":
        fill(round, east(), world.users["clerk"])
    else:
        hand_in(round, east(), world.users["clerk"])
        close_round(round, by=world.users["office"])
    assert 'id="decide"' not in html_of(reviewer)

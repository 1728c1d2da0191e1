"""A requirement that asks something of every institution: who has brought it, who lacks it, what one may do there."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.evidence.demand_services import Demanded, add_requirement, withdraw_requirement
from assessments.evidence.review_services import judge_evidence, return_
from assessments.evidence.services import place
from indicators.models import EvidenceRequirement
from tests.evidence_world import accepted, hand_in, requirement, use_of
from tests.world import PERIOD, World, add_institution, make_world

HERE = {"county": "A", "standard": "small", "period": PERIOD}
EACH = reverse("assessments:evidence-each", kwargs=HERE | {"number": "1", "code": "1-2"})


@pytest.fixture
def world(db) -> World:
    """Requirement 1-2 asks one thing of each of the three township centres."""
    world = make_world()
    EvidenceRequirement.objects.filter(code="1-2").update(institution_types=["township_centre"])
    return world


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


def page(client, query: str = "") -> str:
    response = client.get(EACH + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def states(client, query: str = "") -> dict[str, str]:
    """Institution -> word, in the page's order."""
    return {row.share.institution.code: row.share.light[1] for row in client.get(EACH + query).context["rows"]}


def returned(world: World, tmp_path, institution: str, reason: str = "看不清门牌"):
    taken = hand_in(world, tmp_path, "1-2", institution=institution)
    return_(world.county, [use_of(taken, "1-2").pk], reason=reason, by=world.users["office"])
    return taken


# ---- who has brought it ----


def test_each_institution_stands_with_its_state_in_the_countys_order(office, world, tmp_path):
    accepted(world, tmp_path, "1-2", institution="A-02")
    hand_in(world, tmp_path, "1-2", institution="A-03")
    assert states(office) == {"A-01": "缺件", "A-02": "已接受", "A-03": "待审核"}
    html = page(office)
    assert "东镇卫生院" in html
    assert "村卫生室" not in html
    assert [(count, word) for _, count, word in office.get(EACH).context["bar"]] == [
        (1, "已接受"),
        (1, "待审核"),
        (1, "缺件"),
    ]


def test_what_came_back_shows_its_reason(office, world, tmp_path):
    returned(world, tmp_path, "A-01")
    assert states(office)["A-01"] == "已退回"
    assert "看不清门牌" in page(office)


def test_what_was_brought_again_after_a_return_waits(office, world, tmp_path):
    returned(world, tmp_path, "A-01")
    hand_in(world, tmp_path, "1-2", institution="A-01")
    assert states(office)["A-01"] == "待审核"


def test_accepted_evidence_of_another_year_is_not_counted_and_says_so(office, world, tmp_path):
    accepted(world, tmp_path, "1-2", institution="A-01", dated=date(2021, 5, 6))
    assert states(office)["A-01"] == "不计入"
    assert "要求的是 2023 年度" in page(office)


def test_where_several_are_needed_some_are_not_all(office, world, tmp_path):
    EvidenceRequirement.objects.filter(code="1-2").update(needed=3)
    accepted(world, tmp_path, "1-2", institution="A-01")
    assert states(office)["A-01"] == "缺件 1/3"
    hand_in(world, tmp_path, "1-2", institution="A-01")
    assert states(office)["A-01"] == "待审核"
    assert "1/3 份" in page(office)


def test_the_offices_word_on_the_whole_goes_first(office, world):
    demand = requirement("1-2")
    judge_evidence(world.county, demand, PERIOD, state="accepted", reason="现场看过", by=world.users["office"])
    html = page(office)
    assert "创建办对整项要求<b>认定为认可</b>，现场看过" in html
    assert "不再要求逐家上传" in html


def test_towns_say_how_far_they_are(office, world, tmp_path):
    world.county.institutions.filter(code="A-03").update(town="南镇")
    accepted(world, tmp_path, "1-2", institution="A-02")
    towns = [(town.name, town.done, town.total, town.lacking) for town in office.get(EACH).context["towns"]]
    assert towns == [("东镇", 1, 2, ["东镇卫生院"]), ("南镇", 0, 1, ["南镇医院"])]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=lacking", ["A-03"]),
        ("?state=uploaded", ["A-01"]),
        ("?state=accepted", ["A-02"]),
        ("?state=returned", []),
        ("?state=nonsense", ["A-01", "A-02", "A-03"]),
        ("?q=医院", ["A-03"]),
        ("?q=a-02", ["A-02"]),
        ("?town=东镇", ["A-01", "A-02", "A-03"]),
        ("?town=无此镇", ["A-01", "A-02", "A-03"]),
    ],
)
def test_it_finds_what_was_asked_for(office, world, tmp_path, query, found):
    hand_in(world, tmp_path, "1-2", institution="A-01")
    accepted(world, tmp_path, "1-2", institution="A-02")
    assert list(states(office, query)) == found


def test_a_county_without_such_institutions_is_told_that_nothing_is_asked(office, world):
    EvidenceRequirement.objects.filter(code="1-2").update(institution_types=["tcm_hospital"])
    assert "本县（区）没有这类机构" in page(office)


# ---- what one may do ----


def areas(client, query: str = "") -> dict[str, tuple]:
    rows = client.get(EACH + query).context["rows"]
    return {row.share.institution.code: row.area and (row.area.institution, row.area.replaces) for row in rows}


def test_a_liaison_of_the_item_hands_in_for_each(client, world, tmp_path):
    taken = returned(world, tmp_path, "A-02")
    client.force_login(world.users["liaison"])
    assert areas(client) == {"A-01": ("A-01", ""), "A-02": ("", taken.piece.pk), "A-03": ("A-03", "")}
    assert "确认退回" not in page(client)


def test_a_piece_that_came_back_for_two_institutions_has_one_area(office, world, tmp_path):
    taken = hand_in(world, tmp_path, "1-2", institution="A-01")
    place(taken.piece, requirement("1-2"), world.county.institutions.get(code="A-02"), by=world.users["office"])
    uses = list(taken.piece.placements.values_list("pk", flat=True))
    return_(world.county, uses, reason="看不清", by=world.users["reviewer"])
    assert areas(office) == {"A-01": ("", taken.piece.pk), "A-02": ("A-02", ""), "A-03": ("A-03", "")}


@pytest.mark.parametrize("name", ["reviewer", "leadership", "expert", "prefecture"])
def test_who_does_not_work_on_the_item_hands_in_nothing(client, world, name):
    client.force_login(world.users[name])
    assert set(areas(client).values()) == {None}
    assert "data-upload-area" not in page(client)


def test_a_reviewer_decides_on_the_spot(client, world, tmp_path):
    use = use_of(hand_in(world, tmp_path, "1-2", institution="A-01"), "1-2")
    client.force_login(world.users["reviewer"])
    assert f'name="seen-{use.pk}" value="1"' in page(client)
    data = {"do": "accept", "use": use.pk, f"seen-{use.pk}": "1"}
    answer = client.post("/c/A/evidence/decide/", data, HTTP_REFERER=f"http://testserver{EACH}?page=1")
    assert answer.url.endswith(f"{EACH}?page=1#use-{use.pk}"), "back at the row"
    assert states(client)["A-01"] == "已接受"


def test_what_has_no_date_says_that_it_is_needed(office, world, tmp_path):
    taken = hand_in(world, tmp_path, "1-2", institution="A-01", dated=None, title="大厅照片")
    assert states(office)["A-01"] == "缺日期"
    html = page(office)
    assert "没有填文件日期，填了才能接受" in html
    dated = reverse("assessments:piece-date", args=["A", taken.piece.pk])
    assert f'action="{dated}"' in html, "it is filled in right there"


def test_a_photo_of_another_year_says_so_before_it_is_accepted(office, world, tmp_path):
    hand_in(world, tmp_path, "1-2", institution="A-01", dated=date(2021, 5, 6))
    assert states(office)["A-01"] == "待审核"
    assert "适用 2021 年度，要求的是 2023 年度，接受后也不计入" in page(office)


# ---- where it is ----


@pytest.mark.parametrize("code", ["1-1", "3-1", "9-9"])
def test_what_is_asked_once_of_the_county_has_no_such_page(office, world, code):
    assert (
        office.get(reverse("assessments:evidence-each", kwargs=HERE | {"number": "1", "code": code})).status_code == 404
    )


def test_a_countys_own_requirement_has_its_page_until_it_is_withdrawn(office, world):
    asked = Demanded("门头照片", institution_types=("township_centre",))
    item = world.standard.items.get(number="2")
    own = add_requirement(world.campaign, item, asked, by=world.users["office"])
    url = reverse("assessments:evidence-each", kwargs=HERE | {"number": "2", "code": own.code})
    assert office.get(url).status_code == 200
    withdraw_requirement(world.campaign, own, by=world.users["office"])
    assert office.get(url).status_code == 404


def test_a_period_without_a_standing_has_its_page_too(office, world):
    assert office.get(EACH.replace("/2023/", "/2024/")).status_code == 200


def test_thirty_a_page_and_everybody_who_lacks_it_on_paper(office, world):
    for number in range(40):
        add_institution(world.county, f"A-5{number:02}", "township_centre", None, f"第{number}卫生院")
    html = page(office)
    assert len(states(office)) == 30
    assert len(states(office, "?page=2")) == 13
    assert html.count("第39卫生院") == 1, "on paper alone"


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_what_was_brought(client, world, tmp_path, django_assert_num_queries, number):
    for code in ["A-01", "A-02", "A-03"][:number]:
        hand_in(world, tmp_path, "1-2", institution=code)
    client.force_login(world.users["office"])
    with django_assert_num_queries(18):
        page(client)

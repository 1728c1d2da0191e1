"""What a data clerk has to bring in papers and pictures, for which institution, and where it goes in."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.evidence.review_services import judge_evidence, return_
from assessments.evidence.services import place
from assessments.models import Placement
from assessments.services import start_campaign
from indicators.models import EvidenceRequirement
from institutions.models import Grant, Institution
from tests.evidence_files import picture_bytes
from tests.evidence_world import accepted, hand_in, requirement, use_of
from tests.world import PERIOD, World, make_standard, make_world

MINE = "/fill/evidence/"


@pytest.fixture
def world(db) -> World:
    """Requirement 3-1 asks one thing of each township centre; the clerk fills in for one of them, A-01."""
    world = make_world()
    EvidenceRequirement.objects.filter(code="3-1").update(institution_types=["township_centre"])
    return world


@pytest.fixture
def clerk(client, world):
    client.force_login(world.users["clerk"])
    return client


def page(client, url: str = MINE) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def blocks(client, name: str = "to_bring") -> list:
    return client.get(MINE).context[name]


def lights(client, name: str = "to_bring") -> list[str]:
    return [row.share.light[1] for block in blocks(client, name) for row in block.rows]


def villages(world: World, number: int = 6) -> None:
    """So many clinics that report through A-01, of each of which requirement 3-1 asks something, too."""
    EvidenceRequirement.objects.filter(code="3-1").update(institution_types=["township_centre", "village_clinic"])
    centre = world.county.institutions.get(code="A-01")
    for n in range(number):
        world.county.institutions.create(
            code=f"V-{n}", name=f"{n}号村卫生室", type="village_clinic", town="东镇", manager=centre, position=50 + n
        )


# ---- what there is to bring ----


def test_a_clerk_sees_what_their_institution_owes_and_where_it_goes(clerk, world):
    html = page(clerk)
    assert "还缺 <b>1</b> 份" in html
    for words in ("统计报表", "第 3 条", "东镇卫生院", "缺件"):
        assert words in html
    for words in ("西镇卫生院", "资金文件"):
        assert words not in html, "neither other institutions nor what the county itself has to show"
    [row] = blocks(clerk)[0].rows
    assert (row.area.requirement, row.area.institution) == (requirement("3-1").pk, "A-01")


def test_a_photo_sent_from_there_waits_for_the_office(clerk, world):
    [row] = blocks(clerk)[0].rows
    photo = SimpleUploadedFile("大厅.jpg", picture_bytes())
    clerk.post(row.area.url, {"requirement": row.area.requirement, "institution": "A-01", "file": photo})
    use = Placement.objects.get()
    assert (use.institution.code, use.state) == ("A-01", "uploaded")
    assert lights(clerk) == ["缺日期"], "it cannot be accepted so far"
    assert "必备的都已交，<b>1</b> 份待审核，其中 <b>1</b> 份缺文件日期" in page(clerk)
    dated = reverse("assessments:piece-date", args=["A", use.piece_id])
    answer = clerk.post(dated, {"document_date": "2023-05-06", "next": f"{MINE}#use-{use.pk}"})
    assert answer.url == f"{MINE}#use-{use.pk}"
    assert blocks(clerk) == []
    assert lights(clerk, "through") == ["待审核"]


def test_a_photo_without_a_date_asks_for_it(clerk, world, tmp_path):
    taken = hand_in(world, tmp_path, "3-1", institution="A-01", by="clerk", dated=None)
    html = page(clerk)
    assert "没有填文件日期，填了才能接受" in html
    assert f'action="{reverse("assessments:piece-date", args=["A", taken.piece.pk])}"' in html
    piece = reverse("assessments:piece", args=["A", taken.piece.pk])
    assert clerk.get(piece).context["crumbs"] == [("要交的佐证", MINE)]
    answer = clerk.post(f"{piece}describe/", {"title": "大厅", "document_date": "2023-05-06"})
    assert answer.url == MINE


def test_a_photo_without_a_date_waits_among_what_waits(clerk, world, tmp_path):
    hand_in(world, tmp_path, "3-1", institution="A-01", by="clerk", dated=None)
    groups = {group.title: group for group in clerk.get("/today/").context["groups"]}
    assert groups["要交的佐证材料"].lines[0].word == "缺文件日期"


def test_what_came_back_says_why_and_takes_the_next_version(clerk, world, tmp_path):
    taken = hand_in(world, tmp_path, "3-1", institution="A-01", by="clerk")
    return_(world.county, [use_of(taken, "3-1").pk], reason="看不清门牌", by=world.users["office"])
    html = page(clerk)
    assert "看不清门牌" in html
    assert "其中退回要补正 <b>1</b> 家次" in html
    [row] = blocks(clerk)[0].rows
    assert row.area.replaces == taken.piece.pk
    photo = SimpleUploadedFile("重拍.jpg", picture_bytes())
    clerk.post(row.area.url, {"replaces": taken.piece.pk, "file": photo})
    assert lights(clerk, "through") == ["待审核"]


def test_accepted_evidence_that_does_not_count_is_still_owed_and_says_why(clerk, world, tmp_path):
    accepted(world, tmp_path, "3-1", institution="A-01", dated=date(2021, 5, 6))
    assert lights(clerk) == ["不计入"]
    assert "要求的是 2023 年度" in page(clerk)


def test_accepted_evidence_is_through(clerk, world, tmp_path):
    accepted(world, tmp_path, "3-1", institution="A-01")
    assert lights(clerk, "through") == ["已接受"]
    assert "必备的都已交" in page(clerk)


def test_where_the_office_accepted_the_whole_nothing_is_owed(clerk, world):
    demand = requirement("3-1")
    judge_evidence(world.county, demand, PERIOD, state="accepted", reason="现场看过", by=world.users["office"])
    assert blocks(clerk) == []
    assert "不用再交" in page(clerk)


def test_what_is_not_required_is_shown_but_not_counted(clerk, world):
    EvidenceRequirement.objects.filter(code="3-1").update(required=False)
    html = page(clerk)
    assert "非必备，只提示" in html
    assert "必备的都已交" in html


def test_a_closed_institution_owes_nothing(clerk, world):
    world.county.institutions.filter(code="A-01").update(closed_on=date(2023, 6, 1))
    assert "没有要您交的佐证材料" in page(clerk)


def test_nobody_decides_here(clerk, world, tmp_path):
    hand_in(world, tmp_path, "3-1", institution="A-01", by="office")
    Grant.objects.create(user=world.users["clerk"], county=world.county, role="reviewer")
    assert 'name="do"' not in page(clerk)


def test_who_is_no_clerk_is_told_so(client, world):
    client.force_login(world.users["leadership"])
    assert "没有要您交的佐证材料" in page(client)


def test_two_counties_are_told_apart(clerk, world):
    other = Institution.objects.get(code="B-01")
    Grant.objects.create(user=world.users["clerk"], county=world.other_county, role="data_clerk", institution=other)
    html = page(clerk)
    assert "甲县 测试标准" in html
    assert "乙县 测试标准" in html
    assert "还缺 <b>2</b> 份" in html


# ---- many institutions ----


def test_many_clinics_are_summed_up_and_have_a_page_of_their_own(clerk, world, tmp_path):
    villages(world)
    hand_in(world, tmp_path, "3-1", institution="V-0", by="clerk")
    [block] = blocks(clerk)
    assert block.rows == []
    assert block.counts == [("open", 6, "缺件"), ("submitted", 1, "待审核")]
    assert "7 家，<b>还缺 6 家</b>" in page(clerk)
    one = clerk.get(block.url)
    assert [row.share.institution.code for row in one.context["rows"]] == ["A-01", *(f"V-{n}" for n in range(6))]
    assert all(row.area for row in one.context["rows"])
    waiting = clerk.get(f"{block.url}&state=uploaded")
    assert [row.share.institution.code for row in waiting.context["rows"]] == ["V-0"]


def test_thirty_a_page(clerk, world):
    villages(world, 35)
    [block] = blocks(clerk)
    assert len(clerk.get(block.url).context["rows"]) == 30
    assert len(clerk.get(f"{block.url}&page=2").context["rows"]) == 6


@pytest.mark.parametrize("key", ["0-0", "1", "甲"])
def test_a_requirement_that_is_not_theirs_has_no_page(clerk, world, key):
    assert clerk.get(f"{MINE}?of={key}").status_code == 404


def test_another_countys_requirement_has_no_page(clerk, world):
    other = world.other_county.campaigns.get()
    assert clerk.get(f"{MINE}?of={other.pk}-{requirement('3-1').pk}").status_code == 404
    assert clerk.get(f"{MINE}?of={world.campaign.pk}-{requirement('3-1').pk}").status_code == 200
    assert clerk.get(f"{MINE}?of={world.campaign.pk}-{requirement('1-1').pk}").status_code == 404


# ---- pieces ----


def test_a_clerk_sees_the_pieces_of_their_institution_alone(clerk, world, tmp_path):
    own = hand_in(world, tmp_path, "3-1", institution="A-01", by="office")
    foreign = hand_in(world, tmp_path, "3-1", institution="A-02", by="office")
    countys = hand_in(world, tmp_path, "1-1")
    seen = {
        taken.piece.pk: clerk.get(reverse("assessments:piece", args=["A", taken.piece.pk])).status_code
        for taken in (own, foreign, countys)
    }
    assert list(seen.values()) == [200, 404, 404]
    picture = {"county": "A", "piece": foreign.piece.pk, "number": 1, "page": 1}
    assert clerk.get(reverse("assessments:evidence-page", kwargs=picture)).status_code == 404
    assert clerk.get(reverse("assessments:evidence-page", kwargs=picture | {"piece": own.piece.pk})).status_code == 200


def test_another_institutions_part_in_a_shared_piece_is_not_theirs_to_see(clerk, world, tmp_path):
    taken = hand_in(world, tmp_path, "3-1", institution="A-01", by="office")
    place(taken.piece, requirement("3-1"), world.county.institutions.get(code="A-02"), by=world.users["office"])
    assert [row.share.institution.code for block in blocks(clerk, "through") for row in block.rows] == ["A-01"]
    assert "西镇卫生院" not in page(clerk)


# ---- ways there ----


def test_the_navigation_leads_there(clerk, world):
    assert f'<a href="{MINE}" aria-current="page">要交的佐证</a>' in page(clerk)
    assert f'href="{MINE}"' in page(clerk, "/fill/")


def test_what_is_owed_waits_among_what_waits(clerk, world, tmp_path):
    groups = {group.title: group for group in clerk.get("/today/").context["groups"]}
    [line] = groups["要交的佐证材料"].lines
    assert (line.word, line.what, line.details) == ("缺件", "统计报表", ("第 3 条 中医诊疗量", "东镇卫生院"))
    assert line.url.startswith(f"{MINE}#asked-")
    assert line.url.partition("#")[2] in page(clerk)
    hand_in(world, tmp_path, "3-1", institution="A-01", by="clerk")
    assert "要交的佐证材料" not in page(clerk, "/today/")


def test_what_came_back_waits_too(clerk, world, tmp_path):
    taken = hand_in(world, tmp_path, "3-1", institution="A-01", by="clerk")
    return_(world.county, [use_of(taken, "3-1").pk], reason="看不清", by=world.users["office"])
    groups = {group.title: group for group in clerk.get("/today/").context["groups"]}
    assert groups["要交的佐证材料"].lines[0].word == "有退回"
    assert f"退回“{taken.piece.title}”：看不清" in groups["要交的佐证材料"].lines[0].details


# ---- how much it costs ----


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_institutions_requirements_and_pieces(
    clerk, world, tmp_path, django_assert_num_queries, number
):
    villages(world, number)
    for n in range(number):
        hand_in(world, tmp_path, "3-1", institution=f"V-{n}", by="clerk")
    EvidenceRequirement.objects.filter(code__in=["1-1", "1-2"][: number - 1]).update(
        institution_types=["village_clinic"]
    )
    with django_assert_num_queries(10):
        page(clerk)


def test_a_second_campaign_is_asked_for_too(clerk, world):
    second = make_standard("second")
    start_campaign(world.county, second, period=PERIOD)
    EvidenceRequirement.objects.filter(item__standard=second, code="3-1").update(institution_types=["township_centre"])
    assert len(blocks(clerk)) == 2

"""What is still open until an item is met, in words: criteria with their shortfall, evidence with why it is missing."""

from datetime import date

import pytest
from django.utils import timezone

from assessments.content import standing_content
from assessments.enums import EvidenceState, PlacementState
from assessments.evidence.states import requirement_states
from assessments.files.enums import FileKind
from assessments.models import CampaignDepartment, EvidenceJudgement, Piece, Placement, Standing, Version
from assessments.services import start_campaign
from assessments.standing_services import refresh_standing
from assessments.work.open_points import lacking_codes, open_points
from indicators.models import Criterion, EvidenceRequirement
from indicators.queries import element_specs
from institutions.models import Institution
from tests.working import campaign_of, url, words
from tests.world import PERIOD, World, make_world

GOOD = date(2023, 5, 6)


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def leader(client, world):
    client.force_login(world.users["leadership"])
    return client


def demand(code: str) -> EvidenceRequirement:
    return EvidenceRequirement.objects.get(code=code)


def hand_in(world: World, code: str, state: str, title: str = "文件", reason: str = "", at: str = "", **facts) -> None:
    facts = {"document_date": GOOD} | facts
    piece = Piece.objects.create(county=world.county, title=title, made_at=timezone.now(), **facts)
    piece.version = Version.objects.create(
        piece=piece,
        number=1,
        file=f"{piece.pk}.pdf",
        file_name="文件.pdf",
        size=1,
        sha256="0" * 64,
        kind=FileKind.PDF,
        extension="pdf",
        mime="application/pdf",
        uploaded_at=timezone.now(),
    )
    piece.save()
    institution = Institution.objects.get(code=at) if at else None
    Placement.objects.create(
        piece=piece,
        requirement=demand(code),
        institution=institution,
        state=state,
        reason=reason,
        placed_at=timezone.now(),
    )


def points(client, number: str) -> list:
    return client.get(url("item", number)).context["points"]


def point(client, code: str):
    return next(each for each in points(client, code.partition("-")[0]) if each.anchor.endswith(f"-{code}"))


# ---- criteria ----


def test_a_criterion_tells_its_shortfall_and_who_lacks_figures(leader):
    halls, techniques = points(leader, "2")
    assert halls.what == "2.1 镇卫生院设中医馆"
    assert halls.lacks == ("还差 2 家机构", "1 家机构缺数据")
    assert halls.who == ("卫生健康局",)
    assert halls.anchor == "criterion-2.1"
    assert techniques.lacks == ("还差 1 家机构",)


def test_a_criterion_that_only_warns_is_not_open(leader):
    """1.1 is soft."""
    assert [each.anchor for each in points(leader, "1")] == ["evidence-1-1", "evidence-1-2"]


def test_the_departments_bear_the_countys_names(leader, world):
    own = CampaignDepartment.objects.filter(campaign=campaign_of(world))
    own.filter(department__name="卫生健康局").update(name="甲县卫健局")
    assert points(leader, "2")[0].who == ("甲县卫健局",)


# ---- evidence ----


def test_nothing_was_uploaded(leader):
    assert point(leader, "1-1").lacks == ("还没有上传",)
    assert point(leader, "1-1").who == ("财政局",)


def test_what_waits_is_the_offices_to_check(leader, world):
    hand_in(world, "1-1", PlacementState.UPLOADED)
    assert point(leader, "1-1").lacks == ("1 份待审核",)
    assert point(leader, "1-1").who == ("创建办",)


def test_a_return_tells_its_reason(leader, world):
    hand_in(world, "1-1", PlacementState.RETURNED, "预算批复", reason="文号看不清")
    assert point(leader, "1-1").lacks == ("《预算批复》已退回：文号看不清",)
    assert point(leader, "1-1").who == ("财政局",)


def test_evidence_of_another_year_is_missing_and_says_so(leader, world):
    hand_in(world, "1-1", PlacementState.ACCEPTED, "批复", document_date=date(2022, 3, 1))
    (said,) = point(leader, "1-1").lacks
    assert "《批复》" in said
    assert "2022" in said
    assert "2023 年度" in said


def test_evidence_that_ran_out_is_missing_and_says_so(leader, world):
    hand_in(world, "1-1", PlacementState.ACCEPTED, "证书", valid_until=date(2024, 2, 29))
    (said,) = point(leader, "1-1").lacks
    assert said == "《证书》有效期至 2024年2月29日，到评审日（2024年3月1日）已过期"
    world.campaign.inspection_on = None
    world.campaign.save()
    hand_in(world, "1-2", PlacementState.ACCEPTED, "旧证书", valid_until=date(2023, 2, 1))
    assert point(leader, "1-2").lacks == ("《旧证书》有效期至 2023年2月1日，到 2023年12月31日 已过期",)


def test_more_than_one_is_asked_for(leader, world):
    EvidenceRequirement.objects.filter(code="1-1").update(needed=3)
    hand_in(world, "1-1", PlacementState.ACCEPTED, "第一季度")
    hand_in(world, "1-1", PlacementState.UPLOADED, "第二季度")
    assert point(leader, "1-1").lacks == ("1 份待审核", "需要 3 份，已接受 1 份")


def test_what_waits_and_what_lacks_beside_it_have_both_to_be_seen_to(leader, world):
    EvidenceRequirement.objects.filter(code="1-1").update(needed=3)
    hand_in(world, "1-1", PlacementState.UPLOADED)
    assert point(leader, "1-1").who == ("财政局", "创建办")


def test_what_came_back_is_the_departments_also_where_enough_waits(leader, world):
    hand_in(world, "1-1", PlacementState.RETURNED, "预算批复", reason="文号看不清")
    hand_in(world, "1-1", PlacementState.UPLOADED, "预算批复（新）")
    assert point(leader, "1-1").who == ("财政局", "创建办")


def test_institutions_that_lack_theirs_are_counted_and_their_list_is_linked(leader, world):
    """Their names stand in the panel below, and on the page that takes them one by one."""
    EvidenceRequirement.objects.filter(code="1-1").update(institution_types=["township_centre"])
    assert point(leader, "1-1").lacks == ("3 家机构还缺",)
    hand_in(world, "1-1", PlacementState.ACCEPTED, at="A-01")
    assert point(leader, "1-1").lacks == ("2 家机构还缺",)
    html = words(leader.get(url("item", "1")))
    head = html[html.index('id="item-open"') : html.index('id="charge"')]
    assert f'href="{url("evidence-each", "1", code="1-1")}">逐家查看' in head
    assert "西镇卫生院" not in head


def test_on_paper_the_first_of_them_are_named(world):
    EvidenceRequirement.objects.filter(code="1-1").update(institution_types=["township_centre", "village_clinic"])
    item = demand("1-1").item
    states = requirement_states(world.county, item, PERIOD)
    result = Standing.objects.get(county=world.county).result
    content = standing_content(world.standard, result, element_specs()).item("1")
    names = dict(world.county.institutions.values_list("code", "name"))
    assert lacking_codes(states.values()) < set(names)
    (said,) = open_points(content, states, {}, names)[0].lacks
    assert said.startswith("6 家机构还缺：东镇卫生院、")
    assert said.endswith(" 等")


@pytest.mark.parametrize(
    ("seen_as", "lacks", "who"),
    [
        ("onsite", ("须现场认定",), ("创建办",)),
        ("paper", ("还没有上传", "须由创建办看原件后认定"), ("财政局",)),
    ],
)
def test_what_is_seen_otherwise(leader, seen_as, lacks, who):
    EvidenceRequirement.objects.filter(code="1-1").update(seen_as=seen_as)
    assert point(leader, "1-1").lacks == lacks
    assert point(leader, "1-1").who == who


def test_a_failing_word_tells_its_reason(leader, world):
    EvidenceJudgement.objects.create(
        county=world.county,
        requirement=demand("1-1"),
        period=PERIOD,
        state=EvidenceState.FAILING,
        reason="不是正式文件",
        judged_at=timezone.now(),
    )
    assert point(leader, "1-1").lacks[0] == "认定为不合格：不是正式文件"
    assert point(leader, "1-1").who == ("财政局",)


def test_from_whom_it_is_asked(leader):
    EvidenceRequirement.objects.filter(code="1-1").update(departments=["卫生健康局"])
    assert point(leader, "1-1").who == ("卫生健康局",)


def test_optional_evidence_is_not_open(leader):
    EvidenceRequirement.objects.filter(code="1-1").update(required=False)
    assert [each.anchor for each in points(leader, "1")] == ["evidence-1-2"]


def test_what_the_county_added_is_open_too(leader, world):
    item = demand("1-1").item
    EvidenceRequirement.objects.create(item=item, owner="A", code="1-B1", text="补充材料")
    EvidenceRequirement.objects.create(item=item, owner="B", code="1-B2", text="乙县的")
    assert [each.anchor for each in points(leader, "1")] == ["evidence-1-1", "evidence-1-2", "evidence-1-B1"]


# ---- in all ----


def test_a_met_item_has_nothing_open(leader, world):
    for code in ("1-1", "1-2"):
        hand_in(world, code, PlacementState.ACCEPTED, code)
    refresh_standing(world.county, world.standard, PERIOD)
    html = words(leader.get(url("item", "1")))
    assert "本条已达标" in html
    assert points(leader, "1") == []


def test_an_item_that_nothing_decides_says_so(leader, world):
    Criterion.objects.filter(item__number="2").update(level="info")
    refresh_standing(world.county, world.standard, PERIOD)
    assert "还不能认定达标" in words(leader.get(url("item", "2")))


def test_the_page_counts_and_links_what_is_open(leader, world):
    start_campaign(world.county, world.standard, period=PERIOD)
    html = words(leader.get(url("item", "3")))
    assert "距达标还差 2 项" in html
    assert '<a href="#criterion-3.1"><b>3.1 中医诊疗人次占比</b></a>' in html
    assert '<a href="#evidence-3-1">' in html

"""The list of a county's evidence: what it finds, what it points out, what can be decided about many at once."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments.evidence.review_services import return_
from assessments.evidence.services import displace, place, withdraw
from assessments.models import Piece, Placement, Version
from indicators.models import EvidenceRequirement
from tcm_demo.audit.models import Event
from tests.evidence_files import pdf_bytes
from tests.evidence_world import accepted, hand_in, requirement, use_of
from tests.world import World, make_world

LIST = "/c/A/evidence/"
DECIDE = "/c/A/evidence/decide/"


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def office(client, world):
    client.force_login(world.users["office"])
    return client


def of_each(code: str = "1-2") -> None:
    """The requirement asks one thing of each township centre from now on."""
    EvidenceRequirement.objects.filter(code=code).update(institution_types=["township_centre"])


def page(client, query: str = "") -> str:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def rows(client, query: str = "") -> list:
    return [row for row, *_ in client.get(LIST + query).context["rows"]]


def titles(client, query: str = "") -> list[str]:
    return [row.piece.title for row in rows(client, query)]


# ---- what it shows ----


def test_a_county_without_evidence_says_where_it_comes_from(office):
    assert "还没有佐证材料" in page(office)


def test_a_row_says_what_it_is_what_it_is_for_and_how_it_stands(office, world, tmp_path):
    taken = hand_in(world, tmp_path, title="拨款通知", document_number="财字〔2023〕5号", issuer="县财政局")
    place(taken.piece, requirement("3-1"), by=world.users["office"])
    html = page(office)
    for words in ("拨款通知", "财字〔2023〕5号", "县财政局", "2023年5月6日", "第 1 条", "第 3 条", "待审核", "liaison"):
        assert words in html
    assert [(use.number, use.light) for use in rows(office)[0].uses] == [
        ("1", ("submitted", "待审核")),
        ("3", ("submitted", "待审核")),
    ]


def test_accepted_evidence_that_does_not_count_says_why(office, world, tmp_path):
    accepted(world, tmp_path, dated=date(2021, 5, 6))
    [use] = rows(office)[0].uses
    assert use.light == ("open", "不计入")
    assert "要求的是 2023 年度" in use.why_not


def test_what_an_institution_closed_since_handed_in_does_not_count(office, world, tmp_path):
    of_each()
    accepted(world, tmp_path, "1-2", institution="A-02", by="reviewer")
    assert rows(office)[0].uses[0].light == ("accepted", "已接受")
    world.county.institutions.filter(code="A-02").update(closed_on=date(2023, 6, 1))
    assert rows(office)[0].uses[0].why_not == "所属机构不在要求的范围内"


def test_the_same_file_elsewhere_is_pointed_out_with_a_link(office, world, tmp_path):
    same = pdf_bytes()
    first, second = (
        hand_in(world, tmp_path, content=same, title="甲"),
        hand_in(world, tmp_path, "1-2", content=same, title="乙"),
    )
    hand_in(world, tmp_path, title="丙")
    twins = {row.piece.title: [other.title for other in row.twins] for row in rows(office)}
    assert twins == {"甲": ["乙"], "乙": ["甲"], "丙": []}
    assert page(office).count(reverse("assessments:piece", args=["A", first.piece.pk])) == 2
    assert titles(office, "?mark=twins") == ["乙", "甲"]
    assert titles(office, "?mark=twins&q=甲") == ["甲"], "also where its twin is not asked for"
    withdraw(second.piece, reason="重复", by=world.users["office"])
    assert not any(row.twins for row in rows(office))


def test_warnings_about_a_file_stand_in_its_row(office, world, tmp_path):
    taken = hand_in(world, tmp_path)
    Version.objects.filter(pk=taken.version.pk).update(notes=["文件名像是含有身份证号。"])
    assert "注意：文件名像是含有身份证号。" in page(office)


def test_many_uses_of_one_piece_are_cut_short(office, world, tmp_path):
    of_each()
    for number in range(8):
        world.county.institutions.create(code=f"A-2{number}", name=f"{number}镇", type="township_centre", position=90)
    taken = hand_in(world, tmp_path, "1-2", institution="A-20")
    for number in range(1, 8):
        place(
            taken.piece,
            requirement("1-2"),
            world.county.institutions.get(code=f"A-2{number}"),
            by=world.users["office"],
        )
    assert (len(rows(office)[0].uses), rows(office)[0].more) == (6, 2)
    assert "其余 2 处" in page(office)


# ---- what it finds ----


@pytest.fixture
def some(world, tmp_path) -> World:
    """甲: waits at item 1; 乙: accepted at item 3; 丙: returned for A-02, undated, by the office; 丁: used for nothing;
    戊: withdrawn."""
    of_each()
    hand_in(world, tmp_path, title="甲", document_number="财字5号", valid_until=date(2024, 1, 31))
    accepted(world, tmp_path, "3-1", title="乙", issuer="统计局", name="门诊报表.pdf")
    third = hand_in(world, tmp_path, "1-2", institution="A-02", by="office", title="丙", dated=None)
    return_(world.county, [use_of(third, "1-2").pk], reason="看不清", by=world.users["reviewer"])
    Version.objects.filter(pk=third.version.pk).update(notes=["含有宏"])
    fourth = hand_in(world, tmp_path, title="丁")
    displace(use_of(fourth), by=world.users["office"])
    withdraw(hand_in(world, tmp_path, title="戊").piece, reason="传错", by=world.users["office"])
    return world


FOUND = {
    "": "丁丙乙甲",
    "?state=uploaded": "甲",
    "?state=accepted": "乙",
    "?state=returned": "丙",
    "?state=unused": "丁",
    "?state=nonsense": "丁丙乙甲",
    "?item=1": "丙甲",
    "?item=1&state=accepted": "",
    "?item=99": "丁丙乙甲",
    "?department=财政局": "丙甲",
    "?department=卫生健康局": "乙",
    "?department=没有的局": "丁丙乙甲",
    "?institution=西镇": "丙",
    "?institution=A-02&state=uploaded": "",
    "?q=财字5": "甲",
    "?q=统计局": "乙",
    "?q=门诊报表": "乙",
    "?q=丙": "丙",
    "?mark=undated": "丙",
    "?mark=expired": "甲",
    "?mark=noted": "丙",
    "?mark=twins": "",
    "?mark=withdrawn": "戊",
    "?sort=uploaded": "甲乙丙丁",
    "?sort=nonsense": "丁丙乙甲",
}


def test_it_finds_what_was_asked_for(office, some):
    assert {query: "".join(titles(office, query)) for query in FOUND} == FOUND


def test_it_sorts_by_what_is_known_and_what_is_not_known_comes_last(office, some):
    assert titles(office, "?sort=number")[0] == titles(office, "?sort=-number")[0] == "甲"
    assert titles(office, "?sort=issuer")[0] == titles(office, "?sort=-issuer")[0] == "乙"
    assert titles(office, "?sort=date")[-1] == titles(office, "?sort=-date")[-1] == "丙"
    assert titles(office, "?sort=title") == titles(office, "?sort=-title")[::-1]


def test_it_finds_by_who_uploaded(office, some):
    assert titles(office, f"?uploader={some.users['office'].pk}") == ["丙"]
    assert titles(office, "?uploader=0") == ["丁", "丙", "乙", "甲"]


def test_the_states_say_how_many_there_are(office, some):
    counts = {each["label"]: each["count"] for each in office.get(LIST).context["states"]}
    assert counts == {"全部": 4, "待审核": 1, "已接受": 1, "已退回": 1, "未使用": 1}
    counts = {each["label"]: each["count"] for each in office.get(f"{LIST}?item=1&state=returned").context["states"]}
    assert counts == {"全部": 2, "待审核": 1, "已接受": 0, "已退回": 1, "未使用": 0}, (
        "what else is asked for stays asked"
    )


def test_what_is_asked_of_a_use_is_asked_of_one_and_the_same(office, world, tmp_path):
    taken = accepted(world, tmp_path, "1-1")
    place(taken.piece, requirement("3-1"), by=world.users["office"])
    assert titles(office, "?item=3&state=accepted") == []
    assert titles(office, "?item=3&state=uploaded") == [taken.piece.title]
    assert [use.number for use in rows(office, "?item=3")[0].uses] == ["3", "1"], "what was asked for goes first"


def test_nothing_found_says_so(office, some):
    assert "没有符合条件的材料" in page(office, "?q=没有这个")


# ---- what can be decided ----


def test_ticked_uses_are_accepted_together_and_one_comes_back_to_the_same_list(office, world, tmp_path):
    uses = [use_of(hand_in(world, tmp_path)) for _ in range(2)]
    html = page(office, "?state=uploaded")
    assert '<input type="hidden" name="next" value="/c/A/evidence/?state=uploaded">' in html
    data = {"do": "accept", "use": [use.pk for use in uses], "next": LIST + "?state=uploaded"}
    for use in uses:
        assert f'name="seen-{use.pk}" value="1" form="decide"' in html
    answer = office.post(DECIDE, data | {f"seen-{use.pk}": "1" for use in uses})
    assert answer.url == f"{LIST}?state=uploaded#use-{uses[0].pk}"
    assert set(Placement.objects.values_list("state", flat=True)) == {"accepted"}


def test_ticked_uses_are_returned_with_one_reason(office, world, tmp_path):
    uses = [use_of(hand_in(world, tmp_path)) for _ in range(2)]
    data = {"do": "return", "use": [use.pk for use in uses], "next": LIST}
    assert "请写明退回的理由" in office.post(DECIDE, data, follow=True).content.decode()
    assert Placement.objects.filter(state="returned").count() == 0
    office.post(DECIDE, data | {"reason": "缺公章"} | {f"seen-{use.pk}": "1" for use in uses})
    assert Placement.objects.filter(state="returned", reason="缺公章").count() == 2


def test_of_those_accepted_together_what_does_not_count_is_named(office, world, tmp_path):
    old, new = (
        hand_in(world, tmp_path, title="旧文件", dated=date(2021, 5, 6)),
        hand_in(world, tmp_path, title="新文件"),
    )
    assert "适用 2021 年度，要求的是 2023 年度，接受后也不计入" in page(office)
    uses = [use_of(taken).pk for taken in (old, new)]
    sent = {"do": "accept", "use": uses, "next": LIST} | {f"seen-{pk}": "1" for pk in uses}
    html = office.post(DECIDE, sent, follow=True).content.decode()
    assert "已接受 2 份，其中 1 份不计入：“旧文件”适用 2021 年度，要求的是 2023 年度。" in html


def test_what_came_back_leads_who_may_mend_it_to_its_next_version(client, world, tmp_path):
    use = use_of(hand_in(world, tmp_path))
    return_(world.county, [use.pk], reason="看不清", by=world.users["office"])
    for name, may in (("liaison", True), ("office", True), ("reviewer", False), ("leadership", False)):
        client.force_login(world.users[name])
        assert ("更换新版本" in page(client)) is may, name
    place(use.piece, requirement("3-1"), by=world.users["office"])
    client.force_login(world.users["liaison"])
    assert "更换新版本" not in page(client), "it serves another department's item, too"


def test_a_version_newer_than_the_one_in_the_list_is_not_accepted_unseen(office, world, tmp_path):
    taken = hand_in(world, tmp_path)
    hand_in(world, tmp_path, replaces=taken.piece)
    use = use_of(taken)
    data = {"do": "accept", "use": use.pk, f"seen-{use.pk}": "1", "next": LIST}
    assert "刚换了新版本" in office.post(DECIDE, data, follow=True).content.decode()
    use.refresh_from_db()
    assert use.state == "uploaded"


def test_what_one_uploaded_cannot_be_ticked_and_says_why(office, world, tmp_path):
    hand_in(world, tmp_path, by="office")
    html = page(office)
    assert "本人上传，由他人审核" in html
    assert 'name="use"' not in html
    assert "接受所选" not in html
    world.county.one_person_checks = True
    world.county.save()
    assert 'name="use"' in page(office)


def test_what_has_no_date_can_be_ticked_but_not_by_the_box_for_all(office, world, tmp_path):
    hand_in(world, tmp_path, dated=None)
    html = page(office)
    assert "没有填文件日期，填了才能接受" in html
    assert "data-undated" in html
    assert "data-tick-all" not in html
    EvidenceRequirement.objects.filter(code="1-1").update(year="any")
    assert "没有填文件日期" not in page(office)


@pytest.mark.parametrize("name", ["liaison", "leadership", "expert", "prefecture"])
def test_who_does_not_check_has_nothing_to_tick(client, world, tmp_path, name):
    hand_in(world, tmp_path, by="office")
    client.force_login(world.users[name])
    html = page(client)
    assert "待审核" in html
    assert 'name="use"' not in html
    assert "接受所选" not in html


def test_withdrawn_evidence_cannot_be_ticked(office, world, tmp_path):
    withdraw(hand_in(world, tmp_path).piece, reason="传错", by=world.users["liaison"])
    html = page(office, "?mark=withdrawn")
    assert "撤回" in html
    assert 'name="use"' not in html


# ---- as a workbook ----


def test_the_workbook_has_a_line_for_each_use_as_filtered(office, some):
    answer = office.get("/c/A/evidence/list.xlsx?item=1")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [(line[1], line[8], line[10], line[12]) for line in lines] == [
        ("丙", "1", "A-02", "已退回"),
        ("甲", "1", None, "待审核"),
    ]
    assert lines[0][13] == "看不清"
    assert lines[1][4].date() == date(2023, 5, 6)
    event = Event.objects.get(action="export_evidence_list")
    assert event.actor == some.users["office"]
    assert event.after["rows"] == 2
    assert event.after["filters"] == {"item": "1"}


def test_the_workbook_names_what_is_used_for_nothing(office, some):
    answer = office.get("/c/A/evidence/list.xlsx?state=unused")
    [line] = list(
        load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(min_row=2, values_only=True)
    )
    assert (line[1], line[12]) == ("丁", "未使用")


# ---- how much it costs ----


def test_thirty_a_page(office, world):
    many(world, 31)
    assert len(rows(office)) == 30
    assert len(rows(office, "?page=2")) == 1
    assert "共 <b>31</b> 份" in page(office)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_list(client, world, django_assert_num_queries, number):
    many(world, number)
    client.force_login(world.users["office"])
    with django_assert_num_queries(19):
        page(client, "?state=uploaded&item=1")


def many(world: World, number: int) -> None:
    """So many pieces, as rows alone."""
    now, liaison, demand = timezone.now(), world.users["liaison"], requirement("1-1")
    for n in range(number):
        piece = Piece.objects.create(county=world.county, title=f"文件{n}", made_by=liaison, made_at=now)
        piece.version = Version.objects.create(
            piece=piece,
            number=1,
            file=f"00/{n}.pdf",
            file_name=f"{n}.pdf",
            size=1,
            sha256=f"{n:064}",
            kind="pdf",
            uploaded_by=liaison,
            uploaded_at=now,
        )
        piece.save()
        Placement.objects.create(piece=piece, requirement=demand, placed_by=liaison, placed_at=now)

"""Evidence in the browser: the panel on an item's page, a piece's own page, its pictures and its file."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.evidence.review_services import accept, judge_evidence, return_
from assessments.evidence.services import place
from assessments.models import Piece, Placement, Version
from indicators.models import EvidenceRequirement
from institutions.models import Grant
from tcm_demo.audit.models import Event
from tests.evidence_files import pdf_bytes, picture_bytes
from tests.evidence_world import accepted, hand_in, requirement, use_of
from tests.world import PERIOD, World, make_world

HERE = {"county": "A", "standard": "small", "period": PERIOD}


@pytest.fixture
def world(db) -> World:
    return make_world()


def as_(client, world: World, name: str):
    client.force_login(world.users[name])
    return client


def item_page(client, number: str = "1") -> str:
    answer = client.get(reverse("assessments:item", kwargs=HERE | {"number": number}))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def piece_url(piece: Piece, name: str = "piece", **more) -> str:
    return reverse(f"assessments:{name}", kwargs={"county": "A", "piece": piece.pk} | more)


def piece_page(client, piece: Piece) -> str:
    answer = client.get(piece_url(piece))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def decide(client, *uses: Placement, **more):
    url = reverse("assessments:evidence-decide", kwargs={"county": "A"})
    answer = client.post(url, {"use": [use.pk for use in uses]} | more, follow=True)
    return " ".join(answer.content.decode().split())


# ---- the panel ----


def test_a_liaison_uploads_at_the_departments_items_alone(client, world):
    as_(client, world, "liaison")
    assert "data-upload-area" in item_page(client, "1")
    assert "data-upload-area" not in item_page(client, "3")


def test_leadership_sees_what_is_there_and_changes_nothing(client, world, tmp_path):
    hand_in(world, tmp_path)
    html = item_page(as_(client, world, "leadership"))
    assert "资金文件" in html
    assert "待审核" in html
    assert not any(words in html for words in ("data-upload-area", 'value="accept"', "增加要求", "judge-form"))


def test_the_panel_says_what_counts_and_why_the_rest_does_not(client, world, tmp_path):
    accepted(world, tmp_path)
    accepted(world, tmp_path, "1-2", dated=date(2021, 3, 1))
    html = item_page(as_(client, world, "office"))
    assert "必备 2 项，已齐 1 项" in html
    assert "适用 2021 年度，要求的是 2023 年度" in html


def test_ones_own_upload_is_for_another_to_check(client, world, tmp_path):
    hand_in(world, tmp_path, by="reviewer")
    html = item_page(as_(client, world, "reviewer"))
    assert "本人上传，由他人审核" in html
    assert 'value="accept"' not in html


def test_where_one_of_each_is_asked_the_panel_names_who_lacks_it(client, world, tmp_path):
    EvidenceRequirement.objects.filter(code="3-1").update(institution_types=["township_centre"])
    hand_in(world, tmp_path, "3-1", by="office", institution="A-01", content=picture_bytes(), name="馆.jpg")
    accept(world.county, [Placement.objects.get().pk], by=world.users["reviewer"])
    html = item_page(as_(client, world, "office"), "3")
    assert "还缺：西镇卫生院、南镇医院" in html


def test_what_waits_of_one_institution_is_not_said_to_be_missing(client, world, tmp_path):
    EvidenceRequirement.objects.filter(code="3-1").update(institution_types=["township_centre"])
    accepted(world, tmp_path, "3-1", institution="A-01")
    hand_in(world, tmp_path, "3-1", institution="A-02")
    as_(client, world, "office")
    html = item_page(client, "3")
    [row] = client.get(reverse("assessments:item", kwargs=HERE | {"number": "3"})).context["evidence"]
    assert [(number, word) for _, number, word in row.bar] == [(1, "已接受"), (1, "待审核"), (1, "未交")]
    assert "共 3 家" in html
    assert "还缺：南镇医院" in html
    assert "1 家待审核；1 家机构还缺" in html


def test_where_the_office_judged_the_whole_nobody_is_asked_one_by_one(client, world):
    EvidenceRequirement.objects.filter(code="3-1").update(institution_types=["township_centre"])
    judged = {"state": "accepted", "reason": "现场看过", "by": world.users["office"]}
    judge_evidence(world.county, requirement("3-1"), PERIOD, **judged)
    html = item_page(as_(client, world, "office"), "3")
    assert "创建办已认定，不再要求逐家上传" in html
    assert "认定为认可" in html
    assert "未交" not in html


def test_what_would_not_count_is_said_before_it_is_accepted(client, world, tmp_path):
    old = hand_in(world, tmp_path, dated=date(2021, 3, 1))
    hand_in(world, tmp_path, "1-2", valid_until=date(2023, 6, 1))
    for name in ("liaison", "office"):
        html = item_page(as_(client, world, name))
        assert "适用 2021 年度，要求的是 2023 年度，接受后也不计入" in html
        assert "已过期，接受后也不计入" in html
        assert "接受后也不计入" in piece_page(client, old.piece)


def test_what_came_back_takes_its_next_version_right_there(client, world, tmp_path):
    taken = hand_in(world, tmp_path)
    return_(world.county, [use_of(taken).pk], reason="缺公章", by=world.users["office"])
    area = f'data-requirement="" data-institution="" data-replaces="{taken.piece.pk}"'
    html = item_page(as_(client, world, "liaison"))
    assert html.count(area) == 1
    assert "更换新版本" in html
    own = piece_page(client, taken.piece)
    assert own.count(area) == 1
    assert own.index("已退回：缺公章") < own.index(area) < own.index("预览")
    assert area not in item_page(as_(client, world, "reviewer")), "who does not work on the item"
    place(taken.piece, requirement("3-1"), by=world.users["office"])
    assert area not in item_page(as_(client, world, "liaison")), "it serves another department's item, too"
    assert area in item_page(as_(client, world, "office"))


# ---- deciding ----


def test_the_office_accepts_and_the_item_follows(client, world, tmp_path):
    use = use_of(hand_in(world, tmp_path))
    html = decide(as_(client, world, "office"), use, do="accept", **{f"seen-{use.pk}": 1})
    assert "已接受 1 份" in html
    assert "必备 2 项，已齐 1 项" in item_page(client)


def test_a_return_without_a_reason_changes_nothing_and_says_so(client, world, tmp_path):
    use = use_of(hand_in(world, tmp_path))
    assert "请写明退回的理由" in decide(as_(client, world, "office"), use, do="return", reason=" ")
    assert Placement.objects.get(pk=use.pk).state == "uploaded"


def test_a_newer_version_than_the_one_looked_at_is_not_accepted(client, world, tmp_path):
    taken = hand_in(world, tmp_path)
    use = use_of(taken)
    hand_in(world, tmp_path, replaces=taken.piece)
    assert "刚换了新版本" in decide(as_(client, world, "office"), use, do="accept", **{f"seen-{use.pk}": 1})


@pytest.mark.parametrize("uses", [["x"], ["0"], [""], ["99999999999999999999"]])
def test_nonsense_in_the_form_is_answered_with_a_sentence(client, world, uses):
    url = reverse("assessments:evidence-decide", kwargs={"county": "A"})
    answer = as_(client, world, "office").post(url, {"use": uses, "do": "accept"}, follow=True)
    assert "请刷新页面后重新选择" in answer.content.decode()


def test_decisions_go_back_to_where_they_were_made_but_never_elsewhere(client, world, tmp_path):
    use = use_of(hand_in(world, tmp_path))
    url = reverse("assessments:evidence-decide", kwargs={"county": "A"})
    as_(client, world, "office")
    sent = {"use": use.pk, "do": "return", "reason": "缺公章"}
    assert client.post(url, sent | {"next": "https://evil.example/"}).url.startswith("/c/A/evidence/")
    assert client.post(url, sent | {"next": "/c/A/small/2023/items/1/#evidence-1-1"}).url.endswith("/#evidence-1-1")


# ---- a piece's page ----


def test_the_pages_of_a_pdf_are_shown_as_pictures_beside_what_is_known(client, world, tmp_path):
    taken = hand_in(world, tmp_path, content=pdf_bytes(12), document_number="财字〔2023〕5号")
    html = piece_page(as_(client, world, "leadership"), taken.piece)
    assert html.count('class="piece-page"') == 10
    assert "显示其余 2 页" in html
    assert "财字〔2023〕5号" in html


def test_twins_and_warnings_are_said(client, world, tmp_path):
    content = pdf_bytes()
    first = hand_in(world, tmp_path, content=content)
    second = hand_in(world, tmp_path, "1-2", content=content, name="另一份.pdf")
    Version.objects.filter(pk=second.version.pk).update(notes=["疑似含身份证号 3703********1234"])
    html = piece_page(as_(client, world, "office"), second.piece)
    assert "同一个文件也在" in html
    assert piece_url(first.piece) in html
    assert "疑似含身份证号" in html
    assert "SHA-256" not in html


def test_a_pieces_page_leads_back_to_the_items_that_it_serves(client, world, tmp_path):
    taken = hand_in(world, tmp_path)
    place(taken.piece, requirement("3-1"), by=world.users["office"])
    crumbs = as_(client, world, "leadership").get(piece_url(taken.piece)).context["crumbs"]
    here = {number: reverse("assessments:item", kwargs=HERE | {"number": number}) for number in ("1", "3")}
    assert crumbs == [
        ("第 1 条 财政投入", f"{here['1']}#evidence-1-1"),
        ("第 3 条 中医诊疗量", f"{here['3']}#evidence-3-1"),
    ]


def test_who_checks_reads_why_an_undated_piece_cannot_be_accepted(client, world, tmp_path):
    taken = hand_in(world, tmp_path, dated=None)
    html = piece_page(as_(client, world, "reviewer"), taken.piece)
    assert "没有填文件日期，填了才能接受" in html
    assert 'value="accept"' not in html


def test_what_is_typed_wrongly_stays_and_says_how_to_mend_it(client, world, tmp_path):
    taken = hand_in(world, tmp_path)
    sent = {"title": "新题名", "document_date": "2098-01-01"}
    answer = as_(client, world, "liaison").post(piece_url(taken.piece, "piece-describe"), sent)
    html = answer.content.decode()
    assert "文件日期晚于今天" in html
    assert 'value="新题名"' in html


def test_a_piece_serves_another_requirement_too(client, world, tmp_path):
    taken = hand_in(world, tmp_path)
    as_(client, world, "liaison")
    html = piece_page(client, taken.piece)
    assert "拨付凭证" in html
    assert "统计报表" not in html, "item 3 is not the liaison's"
    client.post(piece_url(taken.piece, "piece-place"), {"requirement": requirement("1-2").pk})
    assert taken.piece.placements.count() == 2
    foreign = client.post(piece_url(taken.piece, "piece-place"), {"requirement": requirement("3-1").pk})
    assert foreign.status_code == 404


def test_a_clerk_sees_the_own_institutions_piece_and_no_other(client, world, tmp_path):
    EvidenceRequirement.objects.filter(code="3-1").update(institution_types=["township_centre"])
    own = hand_in(world, tmp_path, "3-1", by="clerk", institution="A-01", content=picture_bytes(), name="馆.jpg")
    other = hand_in(world, tmp_path, "3-1", by="office", institution="A-02", content=picture_bytes(), name="馆.jpg")
    as_(client, world, "clerk")
    assert "东镇卫生院" in piece_page(client, own.piece)
    assert client.get(piece_url(own.piece, "evidence-page", number=1, page=1)).status_code == 200
    assert client.get(piece_url(other.piece)).status_code == 404
    assert client.get(piece_url(other.piece, "evidence-page", number=1, page=1)).status_code == 404
    assert client.get(piece_url(other.piece, "evidence-file", number=1)).status_code == 404


def test_who_lost_the_grant_lost_the_piece(client, world, tmp_path):
    taken = hand_in(world, tmp_path)
    as_(client, world, "liaison")
    Grant.objects.filter(user=world.users["liaison"]).delete()
    assert client.get(piece_url(taken.piece)).status_code == 404


# ---- pictures and files ----


def test_a_page_comes_as_a_picture_that_nobody_else_keeps(client, world, tmp_path):
    taken = hand_in(world, tmp_path)
    answer = as_(client, world, "leadership").get(piece_url(taken.piece, "evidence-page", number=1, page=1))
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert "no-store" in answer["Cache-Control"]


def test_the_file_is_saved_never_shown_and_the_trail_knows(client, world, tmp_path):
    content = pdf_bytes()
    taken = hand_in(world, tmp_path, content=content, name="资金 文件.pdf")
    answer = as_(client, world, "leadership").get(piece_url(taken.piece, "evidence-file", number=1))
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    event = Event.objects.get(action="export_evidence")
    assert (event.actor, event.after["file"]) == (world.users["leadership"], "资金 文件.pdf")


def test_a_photo_is_shown_upright_without_its_position_and_saved_as_it_is(client, world, tmp_path):
    content = picture_bytes(size=(80, 40))
    taken = hand_in(world, tmp_path, content=content, name="馆.jpg")
    as_(client, world, "leadership")
    shown = client.get(piece_url(taken.piece, "evidence-page", number=1, page=1))
    assert shown["Content-Type"] == "image/jpeg"
    assert b"Exif" not in shown.content
    saved = client.get(piece_url(taken.piece, "evidence-file", number=1))
    assert b"".join(saved.streaming_content) == content


def test_an_office_file_waits_for_its_pdf_form(client, world, tmp_path):
    taken = hand_in(world, tmp_path)
    Version.objects.filter(pk=taken.version.pk).update(kind="word", pages=None, prepared_at=None)
    assert "正在转换成可以预览的 PDF" in piece_page(as_(client, world, "office"), taken.piece)
    Version.objects.filter(pk=taken.version.pk).update(
        prepared_at=taken.version.uploaded_at, fault="没有安装 LibreOffice"
    )
    assert "没有安装 LibreOffice" in piece_page(client, taken.piece)


# ---- the county's own requirements ----


def test_the_office_asks_for_more_and_the_department_sees_it(client, world):
    url = reverse("assessments:requirement-new", kwargs=HERE | {"number": "1"})
    as_(client, world, "office")
    client.post(url, {"text": "审计报告", "required": "on", "year": "any", "needed": "1", "seen_as": "document"})
    html = item_page(as_(client, world, "liaison"))
    assert "审计报告" in html
    assert "（本县增加）" in html
    other = reverse("assessments:item", kwargs=HERE | {"county": "B", "number": "1"})
    assert "审计报告" not in as_(client, world, "other_office").get(other).content.decode()


def test_a_requirement_of_no_words_is_said_in_place(client, world):
    url = reverse("assessments:requirement-new", kwargs=HERE | {"number": "1"})
    answer = as_(client, world, "office").post(url, {"text": "", "needed": "0"})
    assert answer.status_code == 200
    assert not EvidenceRequirement.everyone.exclude(owner="").exists()

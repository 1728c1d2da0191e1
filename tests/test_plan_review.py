"""A county office takes a plan in and settles what the program read in it, place by place."""

import io
import zipfile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from indicators.drafts import Unfinished, check_draft, publish
from indicators.models import PlanText, Standard
from indicators.queries import content_of
from indicators.services import Refused
from tcm_demo.audit.models import Event
from tests.plan_texts import PLAN
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def office(world, client):
    client.force_login(world.users["office"])
    return client


@pytest.fixture
def draft(office) -> Standard:
    office.post(reverse("assessments:plan-new", kwargs={"county": "A"}), {"text": PLAN})
    return Standard.objects.get(owner="A")


def url(draft: Standard, name: str = "review") -> str:
    here = {"county": draft.owner, "code": draft.code, "version": draft.version}
    return reverse(f"assessments:plan-{name}", kwargs=here)


def places(draft: Standard) -> list[str]:
    return [each["place"] for each in PlanText.objects.get(standard=draft).open]


def settle(client, draft: Standard, place: str, **given):
    return client.post(url(draft, "settle"), {"place": place, "do": "keep"} | given)


def form_of(client, draft: Standard, number: str) -> dict:
    """What the page has in the boxes of an item."""
    view = item_view(client, draft, number)
    boxes = {box.html_name: box.value() for box in view.form}
    names = {key: "、".join(value) if isinstance(value, list) else value for key, value in boxes.items()}
    return names | {"seen": view.seen}


def item_view(client, draft: Standard, number: str):
    review = client.get(url(draft)).context["review"]
    return next(each for each in review.items if each.read.number == number)


# ---- taken in ----


def test_a_plan_becomes_a_draft_that_says_where_each_part_stands(draft):
    content = content_of(draft)
    assert (content.title, content.source_number) == ("南溪县基层中医药服务能力提升方案", "南政办发〔2025〕7号")
    assert content.source_date.isoformat() == "2025-03-03"
    assert [(section.name, len(section.items)) for section in content.sections] == [
        ("健全服务网络", 2),
        ("强化保障", 2),
    ]
    first = content.items[0]
    assert (first.title, first.lead, first.cooperating) == ("建好中医馆", ["县卫生健康局"], ["县财政局"])
    assert first.wording.startswith("建好中医馆。到2025年底")
    assert first.source
    assert [(each.start.isoformat(), each.end.isoformat()) for each in content.phases] == [
        ("2025-03-01", "2025-04-30"),
        ("2025-05-01", "2025-11-30"),
        ("2025-12-01", "2025-12-31"),
    ]


def test_figures_are_put_to_criteria_that_are_known_with_the_plans_numbers(draft):
    first, second = content_of(draft).items[:2]
    made = [(each.expression, each.comparator, each.target) for each in first.criteria]
    assert ("share(has_hall)", ">=", "100%") in made
    assert ("sum(tcm_visits) / sum(visits)", ">=", "35%") in made
    # the 90% and the 6项 of one sentence are one criterion
    assert [(each.expression, each.target) for each in second.criteria] == [("share(techniques >= 6)", "90%")]
    assert second.criteria[0].source == "90%以上的村卫生室能够开展6项以上中医药适宜技术"


def test_nothing_can_be_checked_while_something_is_open(draft, world):
    with pytest.raises(Unfinished) as unfinished:
        check_draft(draft, seen=draft.digest, by=world.users["office"])
    assert f"方案识别结果还有 {len(places(draft))} 处没有核对。" in [each.sentence for each in unfinished.value.faults]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": "  "}, "请粘贴方案的正文，或选择文件"),
        ({"text": "今天天气很好。"}, "没有认出条目"),
        ({"file": SimpleUploadedFile("方案.txt", b"")}, "方案.txt"),
        ({"file": SimpleUploadedFile("方案.txt", b"MZ\x90\x00\x03\x00\x00\x00")}, "方案.txt"),
        ({"file": SimpleUploadedFile("方案.pdf", b"%PDF-1.7 broken")}, "方案.pdf"),
        ({"text": PLAN, "file": SimpleUploadedFile("方案.txt", PLAN.encode())}, "只要一样"),
    ],
)
def test_what_is_no_plan_is_refused_and_nothing_is_begun(office, given, said):
    for file in (each for each in given.values() if hasattr(each, "seek")):
        file.seek(0)
    answer = office.post(reverse("assessments:plan-new", kwargs={"county": "A"}), given)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Standard.objects.filter(owner="A").exists()


def test_a_docx_that_unpacks_to_gigabytes_is_refused(office):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w:document>" + b"a" * 300_000_000)
    file = SimpleUploadedFile("方案.docx", stream.getvalue())
    answer = office.post(reverse("assessments:plan-new", kwargs={"county": "A"}), {"file": file})
    assert answer.status_code == 400
    assert "方案.docx" in answer.content.decode()


def test_a_file_that_is_too_large_or_locked_is_refused_in_words(office):
    address = reverse("assessments:plan-new", kwargs={"county": "A"})
    large = SimpleUploadedFile("方案.txt", b"a" * (20 * 1024 * 1024 + 1))
    assert "超过 20 MB 的上限" in office.post(address, {"file": large}).content.decode()
    locked = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    answer = office.post(address, {"file": SimpleUploadedFile("方案.pdf", locked.getvalue())})
    assert answer.status_code == 400
    assert "密码" in answer.content.decode()
    assert not Standard.objects.filter(owner="A").exists()


def test_an_uploaded_text_is_read_as_the_pasted_one(office):
    for encoding in ("utf-8", "gb18030"):
        file = SimpleUploadedFile("方案.txt", PLAN.encode(encoding))
        assert office.post(reverse("assessments:plan-new", kwargs={"county": "A"}), {"file": file}).status_code == 302
    plans = PlanText.objects.all()
    assert [len(content_of(plan.standard).items) for plan in plans] == [4, 4]
    assert plans[0].file_name == "方案.txt"
    assert Event.objects.filter(action="import_plan").count() == 2


# ---- settled ----


def test_an_item_is_settled_with_what_the_office_makes_of_it(office, draft):
    given = form_of(office, draft, "4") | {"item-4-title": "弘扬中医药文化", "item-4-lead": "县文旅局、县教育局"}
    assert settle(office, draft, "item/4", **given).status_code == 302
    content = content_of(draft)
    assert (content.items[3].title, content.items[3].lead) == ("弘扬中医药文化", ["县文旅局", "县教育局"])
    assert {"县文旅局", "县教育局"} <= {each.name for each in content.departments}
    assert "item/4" not in places(draft)
    assert content.items[3].wording.startswith("弘扬文化。")


def test_what_was_changed_meanwhile_is_not_overwritten(office, draft):
    given = form_of(office, draft, "4") | {"item-4-title": "我改的标题", "seen": "0" * 16}
    answer = settle(office, draft, "item/4", **given)
    assert answer.status_code == 400
    assert "我改的标题" in answer.content.decode()
    assert "又有人改过" in answer.content.decode()
    assert "item/4" in places(draft)


def test_a_box_that_cannot_be_taken_comes_back_with_what_was_typed(office, draft):
    given = form_of(office, draft, "1") | {"item-1-title": "长" * 61}
    answer = settle(office, draft, "item/1", **given)
    assert "长" * 61 in answer.content.decode()
    assert "标题最多 60 个字" in answer.content.decode()


def test_a_figure_is_adopted_or_made_no_criterion(office, draft):
    figures = [place for place in places(draft) if place.startswith("figure/1/")]
    settle(office, draft, figures[0])
    assert len(content_of(draft).items[0].criteria) == 2
    settle(office, draft, figures[1], do="drop")
    assert len(content_of(draft).items[0].criteria) == 1
    assert not any(place.startswith("figure/1/") for place in places(draft))
    # an item without any criterion is judged by evidence: that is proposed then
    settle(office, draft, next(place for place in places(draft) if place.startswith("figure/2/")), do="drop")
    assert "evidence/2" in places(draft)


def test_a_proposed_criterion_is_changed_in_its_form_which_leads_back(office, draft):
    page = office.get(url(draft)).content.decode()
    address = f"/c/A/standards/{draft.code}/1/items/2/criteria/2.1/?plan=2"
    assert address in page
    form = office.get(address).context["form"]
    given = {name: form.initial.get(name) for name in form.fields if form.initial.get(name)}
    assert given["source"] == "90%以上的村卫生室能够开展6项以上中医药适宜技术"
    seen = office.get(address).context["seen"]
    answer = office.post(address, given | {"target": "95%", "seen": seen})
    assert answer.url == f"{url(draft)}#item-2"
    assert content_of(draft).items[1].criteria[0].target == "95%"
    # it still waits for the office to say that it is right
    assert any(place.startswith("figure/2/") for place in places(draft))


def test_evidence_is_asked_for_only_where_the_office_takes_it_over(office, draft):
    assert content_of(draft).items[2].evidence == []
    settle(office, draft, "evidence/3", **{"evidence-3-text": "设立专项资金的文件和预算批复"})
    assert [(each.code, each.text, each.required) for each in content_of(draft).items[2].evidence] == [
        ("3-1", "设立专项资金的文件和预算批复", True)
    ]
    settle(office, draft, "evidence/4", do="drop")
    assert content_of(draft).items[3].evidence == []


def test_a_phase_is_mended_or_taken_away(office, draft):
    given = {"phase-1-name": "全面实施", "phase-1-start": "2025-05-06", "phase-1-end": "2025-10-31"}
    settle(office, draft, "phase/1", **given)
    settle(office, draft, "phase/2", do="drop")
    assert [(each.number, each.name, str(each.end)) for each in content_of(draft).phases] == [
        (1, "动员部署阶段", "2025-04-30"),
        (2, "全面实施", "2025-10-31"),
    ]
    wrong = {"phase-0-name": "准备", "phase-0-start": "2025-05-06", "phase-0-end": "2025-05-01"}
    assert "结束日期早于开始日期" in settle(office, draft, "phase/0", **wrong).content.decode()


def test_what_is_sure_is_settled_at_once_and_what_has_no_lead_gets_one(office, draft):
    before = places(draft)
    office.post(url(draft, "many"), {"do": "sure"})
    left = places(draft)
    assert len(left) < len(before)
    assert {"item/4", "evidence/3", "evidence/4"} <= set(left)
    office.post(url(draft, "many"), {"do": "lead", "department": "县卫生健康局"})
    assert content_of(draft).items[3].lead == ["县卫生健康局"]
    office.post(url(draft, "many"), {"do": "evidence"})
    assert all(item.criteria or item.evidence for item in content_of(draft).items)


def test_two_people_do_not_settle_one_place_twice(office, draft):
    settle(office, draft, "departments")
    again = office.post(url(draft, "settle"), {"place": "departments"}, follow=True)
    assert "刚被别人处理过" in again.content.decode()


def test_the_pages_address_stays_and_links_in_its_forms_load_whole_pages(office, draft):
    """A boosted form pushes its own address, which no reload can get, and boosts the links in it: they would bring a
    page without its styles and scripts."""
    page = office.get(url(draft)).content.decode()
    assert f'hx-post="{url(draft, "settle")}"' in page
    assert "hx-boost" not in page
    assert office.get(url(draft, "settle")).status_code == 405


def test_the_whole_way_to_a_published_standard(office, draft, world):
    head = {
        "title": "南溪县提升方案",
        "source_document": "南溪县基层中医药服务能力提升方案",
        "source_date": "2025-03-03",
    }
    settle(office, draft, "head", **head)
    office.post(url(draft, "many"), {"do": "lead", "department": "县卫生健康局"})
    office.post(url(draft, "many"), {"do": "evidence"})
    for place in places(draft):
        kind, _, number = place.partition("/")
        given = form_of(office, draft, number) if kind == "item" else {}
        if kind == "phase":
            phase = content_of(draft).phases[int(number)]
            given = {f"phase-{number}-{name}": str(getattr(phase, name)) for name in ("name", "start", "end")}
        assert settle(office, draft, place, **given).status_code == 302
    assert places(draft) == []
    by = world.users["office"]
    draft.refresh_from_db()
    checked = check_draft(draft, seen=draft.digest, by=by)
    publish(checked, seen=checked.digest, by=by)
    page = office.get(url(draft))
    assert "标准已发布，这里对照方案的原文" in page.content.decode()
    assert settle(office, draft, "head").status_code == 403


# ---- items that were cut wrongly ----


def test_an_item_is_joined_with_the_one_before(office, draft):
    office.post(url(draft, "cut"), {"number": "2", "do": "join"})
    content = content_of(draft)
    assert [item.number for item in content.items] == ["1", "3", "4"]
    first = content.items[0]
    assert [each.code for each in first.criteria] == ["1.1", "1.2", "1.3"]
    assert "90%以上的村卫生室" in first.wording
    # what was proposed for the second can still be settled, at the first
    moved = next(place for place in places(draft) if place == "figure/1/2")
    settle(office, draft, moved, do="drop")
    assert [each.code for each in content_of(draft).items[0].criteria] == ["1.1", "1.2"]


def test_an_item_is_parted_where_a_sentence_begins(office, draft):
    office.post(url(draft, "cut"), {"number": "2", "do": "join"})
    view = item_view(office, draft, "1")
    at = next(at for at, words in view.cuts if words.startswith("推广适宜技术"))
    office.post(url(draft, "cut"), {"number": "1", "do": "part", "at": at})
    content = content_of(draft)
    assert [(item.number, item.title) for item in content.items[:2]] == [("1", "建好中医馆"), ("5", "推广适宜技术")]
    assert [each.code for each in content.items[0].criteria] == ["1.1", "1.2"]
    assert [(each.code, each.target) for each in content.items[1].criteria] == [("5.1", "90%")]
    assert {"item/5", "figure/5/0"} <= set(places(draft))
    settle(office, draft, "figure/5/0", do="drop")
    assert content_of(draft).items[1].criteria == []


def test_what_is_no_item_goes_with_all_that_was_open_about_it(office, draft):
    office.post(url(draft, "cut"), {"number": "4", "do": "remove"})
    assert [item.number for item in content_of(draft).items] == ["1", "2", "3"]
    assert not any("/4" in place for place in places(draft))


def test_an_item_that_was_numbered_anew_is_still_found(office, draft, world):
    from assessments.drafting.edits import renumbered
    from indicators.drafts import save_draft, with_items

    content = with_items(content_of(draft), lambda item: renumbered(item, f"1{item.number}"))
    save_draft(draft, content, seen=draft.digest, by=world.users["office"])
    figure = next(place for place in places(draft) if place.startswith("figure/2/"))
    settle(office, draft, figure, do="drop")
    assert content_of(draft).items[1].criteria == []


def test_the_page_takes_as_many_queries_for_a_long_plan_as_for_a_short_one(office, draft, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert office.get(url(draft)).status_code == 200
        return len(made)

    long = queries()
    office.post(url(draft, "cut"), {"number": "4", "do": "remove"})
    office.post(url(draft, "cut"), {"number": "3", "do": "remove"})
    office.get(url(draft))
    assert queries() == long <= 30


def test_a_plan_that_was_discarded_meanwhile_is_said(draft, world):
    from assessments.drafting.plan_edits import settle_sure
    from assessments.drafting.plan_services import change_plan
    from indicators.drafts import discard

    discard(Standard.objects.get(pk=draft.pk), by=world.users["office"])
    with pytest.raises(Refused, match="已被删除"):
        change_plan(draft, settle_sure, by=world.users["office"])


def test_writing_the_criterion_of_a_figure_settles_it(office, draft):
    view = next(each for each in office.get(url(draft)).context["review"].items if each.figures)
    figure = view.figures[0].entry["place"]
    here = {"county": draft.owner, "code": draft.code, "version": draft.version, "number": view.item.number}
    page = reverse("assessments:criterion-new", kwargs=here) + f"?plan={view.read.number}&place={figure}"
    sent = {"name": "设有中医馆", "level": "hard", "scope": "township_centre", "formula": "占比(【设有中医馆】)"}
    sent |= {"comparator": ">=", "target": "100%", "unit": "%", "seen": office.get(page).context["seen"]}
    answer = office.post(page, sent)
    assert answer.status_code == 302
    assert figure not in places(draft)

"""A county's standard out as a file and in again: what the office sees, and what is written."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from indicators.contents import ElementContent
from indicators.drafts import check_draft, copy_standard, publish, save_draft
from indicators.models import Element, Standard
from indicators.own_elements import add_element
from indicators.queries import content_of
from tcm_demo.audit.models import Event
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def draft(world) -> Standard:
    return copy_standard(world.standard, owner="A", by=world.users["office"])


@pytest.fixture
def office(world, client):
    client.force_login(world.users["office"])
    return client


def url(name: str, draft: Standard | None = None) -> str:
    kwargs = {"county": "A"} | ({"code": draft.code, "version": draft.version} if draft else {})
    return reverse(f"assessments:{name}", kwargs=kwargs)


def exported_file(client, draft: Standard, kind: str) -> bytes:
    answer = client.get(url("standard-export", draft), {"format": kind})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def handed_in(client, data: bytes, name: str = "标准.yaml"):
    return client.post(url("standard-import"), {"file": SimpleUploadedFile(name, data)})


def confirmed(client, preview, kind: str):
    given = {name: preview.context[name] for name in ("sealed", "seen", "file")}
    return client.post(url("standard-import-confirm"), given | {"kind": kind})


@pytest.mark.parametrize("kind", ["yaml", "xlsx"])
def test_what_goes_out_comes_in_as_the_same_standard(office, draft, kind):
    preview = handed_in(office, exported_file(office, draft, kind))
    assert preview.context["changes"] == []
    confirmed(office, preview, "new")
    copy = Standard.objects.latest("pk")
    assert copy.code != draft.code
    assert content_of(copy).sections == content_of(draft).sections
    assert content_of(copy).departments == content_of(draft).departments


def test_a_file_of_another_standard_becomes_a_new_draft(office, draft):
    text = exported_file(office, draft, "yaml").decode().replace(draft.code, "jia-2024")
    preview = handed_in(office, text.encode())
    assert [choice[0] for choice in preview.context["form"].fields["kind"].choices] == ["new"]
    answer = confirmed(office, preview, "new")
    assert answer.url == url("draft", Standard.objects.get(code="jia-2024", owner="A", state="draft"))
    assert Event.objects.filter(action="import_standard").exists()


def test_a_file_that_could_not_be_confirmed_is_refused_at_once(office, draft):
    text = exported_file(office, draft, "yaml").decode()
    # each of them is written out with more than it was written with
    evidence = ", ".join(f"{{code: {{0}}-{k}, text: 一}}" for k in range(6))
    item = f"      - {{number: x{{0}}, title: 一, requirement: 一, evidence: [{evidence}]}}\n"
    many = "".join(item.replace("{0}", f"x{n}") for n in range(1200))
    answer = handed_in(office, f"{text.rstrip()}\n{many}".encode())
    assert answer.status_code == 400
    assert "分成几个标准导入" in answer.content.decode()


@pytest.mark.parametrize("code", ["rounds", "elements"])
def test_a_file_whose_code_is_part_of_other_addresses_gets_a_code_of_the_countys(office, draft, code):
    text = exported_file(office, draft, "yaml").decode().replace(f"code: {draft.code}", f"code: {code}")
    answer = confirmed(office, handed_in(office, text.encode()), "new")
    own = Standard.objects.latest("pk")
    assert (own.code[:2], answer.url, office.get(answer.url).status_code) == ("a-", url("draft", own), 200)


def test_a_draft_is_replaced_only_as_it_was_seen(office, draft, world):
    text = exported_file(office, draft, "yaml").decode().replace("title: 财政投入", "title: 财政保障")
    preview = handed_in(office, text.encode())
    assert [(each.kind, each.what, each.words) for each in preview.context["changes"]] == [
        ("changed", "条目 1", "标题")
    ]
    content = content_of(draft)
    save_draft(draft, _titled(content, "别人改的"), seen=draft.digest, by=world.users["office"])
    refused = confirmed(office, preview, "replace")
    assert "刚被别人改过" in refused.content.decode()
    assert Standard.objects.get(pk=draft.pk).title == "别人改的"
    assert confirmed(office, refused, "replace").status_code == 302
    assert Standard.objects.get(pk=draft.pk).items.get(number="1").title == "财政保障"


def _titled(content, title):
    return type(content)(**vars(content) | {"title": title})


def test_what_follows_a_published_standard_is_its_next_version(office, draft, world):
    data = exported_file(office, draft, "xlsx")
    checked = check_draft(draft, seen=draft.digest, by=world.users["office"])
    publish(checked, seen=checked.digest, by=world.users["office"])
    preview = handed_in(office, data)
    confirmed(office, preview, "version")
    following = Standard.objects.get(code=draft.code, version="2")
    assert (following.state, following.copied_from) == ("draft", draft)


def test_every_fault_of_a_yaml_file_is_named_with_its_line(office, draft):
    text = exported_file(office, draft, "yaml").decode()
    text = text.replace("level: hard", "level: must").replace("date: 2023-01-01", "date: 很久以前")
    answer = handed_in(office, text.encode())
    lines = [n for n, line in enumerate(text.splitlines(), 1) if "level: must" in line or "很久以前" in line]
    assert [fault.line for fault in answer.context["faults"]] == lines
    assert answer.status_code == 400
    assert Standard.objects.filter(owner="A").count() == 1


def test_every_fault_of_a_workbook_is_named_with_sheet_and_cell(office, draft):
    book = load_workbook(BytesIO(exported_file(office, draft, "xlsx")))
    book["指标"]["D2"] = "一定"
    book["指标"]["A3"] = "99"
    book["条目"]["F3"] = "交通局"
    book["条目"]["A4"] = None
    book["佐证"]["G2"] = "两份"
    answer = handed_in(office, saved(book), "标准.xlsx")
    assert answer.status_code == 400
    said = {fault.place: fault.sentence for fault in answer.context["faults"]}
    assert len(said) == 5
    assert said["“指标”表 D2"] == "“级别”写的是“一定”，可以写：必达、提示、参考。"
    assert said["“指标”表 A3"] == "“条目”表里没有编号为“99”的条目。"
    assert said["“条目”表 F3"] == "条目“2”的部门“交通局”没有列在“部门”表里。"
    assert said["“佐证”表 G2"] == "佐证材料“1-1”的“份数”应是一个整数。"
    assert "“部分序号”应是一个整数" in said["“条目”表 A4"]


def test_a_column_that_is_not_known_is_said_before_its_cells_are_looked_at(office, draft):
    book = load_workbook(BytesIO(exported_file(office, draft, "xlsx")))
    book["部门"]["A1"] = "单位"
    del book["条目"]
    said = [fault.sentence for fault in handed_in(office, saved(book), "标准.xlsx").context["faults"]]
    assert said == ["工作簿里没有“条目”表。请用本系统导出的工作簿修改后再导入。"]
    book.create_sheet("条目")["A1"] = "编号"
    said = [fault.sentence for fault in handed_in(office, saved(book), "标准.xlsx").context["faults"]]
    assert "不认识的表头“单位”，可用：部门、别称、成员单位、职责。" in said
    assert "没有“部门”这一列，请补上。" in said


def saved(book) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_numbers_and_dates_typed_in_excel_are_taken_as_people_see_them(office, draft):
    book = load_workbook(BytesIO(exported_file(office, draft, "xlsx")))
    book["指标"]["H2"], book["条目"]["H2"], book["标准"]["B9"] = 3, 2.5, "2025年6月30日"
    read = handed_in(office, saved(book), "标准.xlsx").context["content"]
    assert read.items[0].criteria[0].target == "3"
    assert str(read.items[0].points) == "2.50"
    assert read.deadline.isoformat() == "2025-06-30"


def test_an_unfinished_draft_goes_out_and_in_as_it_is(office, draft):
    content = content_of(draft)
    bare = [type(item)(**vars(item) | {"lead": [], "cooperating": [], "evidence": []}) for item in content.items]
    sections = [type(content.sections[0])(1, "组织管理", bare), type(content.sections[0])(2, "空的", [])]
    draft = save_draft(draft, type(content)(**vars(content) | {"sections": sections}), seen=draft.digest, by=None)
    for kind in ("yaml", "xlsx"):
        preview = handed_in(office, exported_file(office, draft, kind))
        assert preview.context["changes"] == []
        assert "没有牵头部门" in preview.content.decode()


def test_own_elements_go_with_the_standard_to_another_county(world, client):
    given = ElementContent("", "中药房面积", "增设", "decimal", "平方米", "", ["township_centre"], [], {}, 0, None)
    element = add_element(given, owner="A", by=world.users["office"])
    draft = copy_standard(world.standard, owner="A", by=world.users["office"])
    content = content_of(draft)
    text = f"sum({element.code})"
    changed = type(content.items[0].criteria[0])(**vars(content.items[0].criteria[0]) | {"expression": text})
    items = [type(content.items[0])(**vars(content.items[0]) | {"criteria": [changed]})]
    sections = [type(content.sections[0])(**vars(content.sections[0]) | {"items": items}), *content.sections[1:]]
    draft = save_draft(draft, type(content)(**vars(content) | {"sections": sections}), seen=draft.digest, by=None)
    client.force_login(world.users["office"])
    data = exported_file(client, draft, "yaml")
    client.force_login(world.users["other_office"])
    start = reverse("assessments:standard-import", kwargs={"county": "B"})
    preview = client.post(start, {"file": SimpleUploadedFile("标准.yaml", data)})
    assert "增设本县的数据元 1 个：中药房面积" in preview.content.decode()
    sent = {name: preview.context[name] for name in ("sealed", "seen", "file")} | {"kind": "new"}
    client.post(reverse("assessments:standard-import-confirm", kwargs={"county": "B"}), sent)
    added = Element.objects.get(owner="B")
    assert added.name == "中药房面积"
    formulas = [c.expression for item in content_of(Standard.objects.get(owner="B")).items for c in item.criteria]
    assert f"sum({added.code})" in formulas
    # of an element that the file does not describe, only its code is known
    bare = data.decode().split("\nelements:")[0] + "\n"
    preview = client.post(start, {"file": SimpleUploadedFile("标准.yaml", bare.encode())})
    assert preview.context["elements"].lacking == [element.code]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x02",
        b"PK\x03\x04broken",
        b"- a\n- b\n",
        "标准: 没有".encode("gbk"),
        b"a: &x 1\nb: *x\n",
        b"%PDF-1.7",
    ],
)
def test_what_is_no_standard_is_said(office, draft, data):
    answer = handed_in(office, data)
    assert answer.status_code == 400
    assert Standard.objects.filter(owner="A").count() == 1


def test_a_title_that_looks_like_a_formula_is_text_in_the_workbook(office, draft):
    content = content_of(draft)
    draft = save_draft(draft, _titled(content, "=1+1"), seen=draft.digest, by=None)
    book = load_workbook(BytesIO(exported_file(office, draft, "xlsx")))
    cell = book["标准"]["B5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_what_was_sealed_for_another_person_is_refused(office, draft, world):
    preview = handed_in(office, exported_file(office, draft, "yaml"))
    given = {name: preview.context[name] for name in ("sealed", "seen", "file")} | {"kind": "new"}
    office.force_login(world.users["superuser"])
    assert office.post(url("standard-import-confirm"), given).status_code == 302
    assert Standard.objects.filter(owner="A").count() == 1


def test_everybody_who_may_read_a_published_standard_may_take_it_along(client, world):
    client.force_login(world.users["stranger"])
    address = reverse("indicators:standard-export", kwargs={"code": "small"})
    assert client.get(address, {"format": "yaml"}).status_code == 200
    assert client.get(address, {"format": "exe"}).status_code == 404
    assert Event.objects.get(action="export_standard").actor == world.users["stranger"]

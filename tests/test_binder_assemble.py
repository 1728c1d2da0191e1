"""What goes into the binders of a campaign: read from the database as it is now."""

import zipfile
from datetime import date

import pytest
from django.core.files.storage import InMemoryStorage
from pypdf import PdfReader

from assessments.binders.assemble import assemble
from assessments.binders.sources import GONE
from assessments.binders.write import Shape
from assessments.enums import EvidenceState
from assessments.evidence.review_services import accept, judge_evidence, return_
from assessments.evidence.services import Description, describe, place, withdraw
from assessments.models import Standing
from assessments.work.statement_services import NOTHING_SEEN, save_statement
from indicators.models import EvidenceRequirement, Item
from institutions.models import Report
from institutions.refusals import Refused
from tests.binders import write
from tests.evidence_files import picture_bytes
from tests.evidence_world import accepted, hand_in, requirement, use_of
from tests.world import PERIOD, World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


def binders(world: World, *items: str):
    return assemble(world.campaign, PERIOD, items or ("1", "2", "3"), by=world.users["office"])


def numbers(world: World) -> dict[str, str]:
    """Titles of item 1 by number."""
    (content,) = binders(world, "1")
    return {piece.number: piece.title for piece in content.pieces}


def test_items_come_in_the_standards_order_with_their_words(world):
    first, second, third = binders(world, "3", "1", "2")
    assert [content.item_number for content in (first, second, third)] == ["1", "2", "3"]
    assert (second.county, second.standard, second.period) == ("甲县", "测试标准", "2023年度")
    assert (second.section_number, second.section_name) == ("二", "服务能力")
    assert (second.item_title, second.lead, second.cooperating) == ("中医馆与适宜技术", ("卫生健康局",), ("财政局",))
    assert second.status_label == "未达标"
    assert second.still_open[0] == "2.1 镇卫生院设中医馆 还差 2 家机构"


def test_figures_say_from_which_reports_they_are(world):
    Report.objects.update(accepted_at="2024-03-01T04:00:00Z")
    Report.objects.filter(institution__code="A-01").update(accepted_at="2024-02-01T04:00:00Z")
    fund = binders(world, "1")[0].criteria[0]
    assert (fund.code, fund.level, fund.value, fund.target, fund.status) == (
        "1.1",
        "提示",
        "120.50 万元",
        "> 0 万元",
        "达标",
    )
    assert fund.sources == "1 家机构已接受的填报，截至 2024年3月1日"
    assert fund.counted == ("甲县本级。",)
    halls = binders(world, "2")[0].criteria[0]
    assert halls.sources == "2 家机构已接受的填报，截至 2024年3月1日；应报 3 家，数据齐全 2 家，为暂算"
    assert halls.counted == ("东镇卫生院（2024年2月1日）、西镇卫生院。",)


def test_a_figure_that_nobody_reported_has_no_source(world):
    Report.objects.update(accepted={}, accepted_at=None)
    assert binders(world, "1")[0].criteria[0].sources == "没有已接受的填报"


def test_accepted_evidence_is_in_with_all_that_is_known_of_it(world, tmp_path):
    taken = accepted(
        world, tmp_path, title="资金文件", document_number="甲财〔2023〕1号", issuer="财政局", dated=date(2023, 4, 9)
    )
    (content,) = binders(world, "1")
    (piece,) = content.pieces
    assert (piece.number, piece.title, piece.requirement) == ("01-01", "资金文件", "资金文件")
    assert (piece.document_number, piece.issuer, piece.document_date) == ("甲财〔2023〕1号", "财政局", "2023-04-09")
    assert (piece.kind, piece.extension, piece.kind_label) == ("pdf", "pdf", "PDF")
    assert (piece.sha256, piece.size) == (taken.version.sha256, taken.version.size)
    assert piece.accepted_by == str(world.users["office"])
    with piece.file() as file:
        assert file.read(4) == b"%PDF"


def test_what_does_not_count_is_missing_with_its_reason(world, tmp_path):
    hand_in(world, tmp_path, title="待审的")
    returned = hand_in(world, tmp_path, title="退回的")
    return_(world.county, [use_of(returned).pk], reason="没有盖章", by=world.users["office"])
    accepted(world, tmp_path, title="往年的", dated=date(2021, 1, 1))
    accepted(world, tmp_path, title="过期的", valid_until=date(2023, 12, 31))
    (content,) = binders(world, "1")
    assert content.pieces == ()
    first, second = content.missing
    for words in ("待审核 1 份", "《退回的》已退回：没有盖章", "《往年的》适用 2021 年度"):
        assert words in first
    assert "《过期的》有效期至 2023年12月31日，到评审日（2024年3月1日）已过期" in first
    assert "没有材料" not in first, "there is some, though none that counts"
    assert second == "拨付凭证：没有材料。"


def test_withdrawn_evidence_is_neither_in_nor_missing(world, tmp_path):
    withdraw(accepted(world, tmp_path, title="撤回的").piece, reason="传错了", by=world.users["office"])
    (content,) = binders(world, "1")
    assert content.pieces == ()
    assert "撤回的" not in "".join(content.missing)


def test_of_each_institution_one_is_wanted_and_the_lacking_ones_are_named(world, tmp_path):
    EvidenceRequirement.everyone.filter(code="3-1").update(institution_types=["township_centre"])
    accepted(world, tmp_path, "3-1", institution="A-01", by="office", title="照片", content=picture_bytes())
    (content,) = binders(world, "3")
    assert content.pieces[0].institution == "东镇卫生院"
    assert content.missing == ("统计报表：缺 2 家机构：西镇卫生院、南镇医院。",)
    hand_in(world, tmp_path, "3-1", institution="A-02", by="office", content=picture_bytes())
    assert binders(world, "3")[0].missing == ("统计报表：待审核 1 份；缺 1 家机构：南镇医院。",)


def test_a_requirement_that_is_settled_lacks_nothing_whatever_else_was_handed_in(world, tmp_path):
    accepted(world, tmp_path, title="今年的")
    accepted(world, tmp_path, title="往年的", dated=date(2021, 1, 1))
    (content,) = binders(world, "1")
    assert content.missing == ("拨付凭证：没有材料。",)
    (sentence,) = content.not_counted
    assert sentence.startswith("资金文件：另有 1 份不计入：《往年的》适用 2021 年度")


def test_an_optional_requirement_is_never_missing(world, tmp_path):
    EvidenceRequirement.everyone.filter(code="1-1").update(required=False)
    assert [sentence.partition("：")[0] for sentence in binders(world, "1")[0].missing] == ["拨付凭证"]
    hand_in(world, tmp_path, title="待审的")
    assert binders(world, "1")[0].not_counted == ("资金文件：1 份不计入：《待审的》待审核。",)


def test_what_the_office_accepts_without_papers_is_not_missing(world):
    judge_evidence(
        world.county,
        requirement("1-1"),
        PERIOD,
        state=EvidenceState.ACCEPTED,
        reason="看过原件",
        by=world.users["office"],
    )
    (content,) = binders(world, "1")
    assert content.missing == ("拨付凭证：没有材料。",)
    assert content.unbound == ("资金文件：已由创建办认可，没有可装订的材料。",)


def test_for_inspectors_nothing_is_said_of_what_is_missing(world, tmp_path):
    hand_in(world, tmp_path, title="待审的")
    contents = assemble(world.campaign, PERIOD, ["1"], by=world.users["office"], tells_missing=False)
    assert (contents[0].missing, contents[0].not_counted, contents[0].still_open) == ((), (), ())
    write(contents, tmp_path / "x.pdf")
    words = "".join("".join(page.extract_text() for page in PdfReader(tmp_path / "x.pdf").pages).split())
    assert "条目要求、自评结果" in words
    for left_out in ("缺件清单", "尚未撰写", "自评说明", "没有材料", "待审的"):
        assert left_out not in words


def test_before_the_office_gives_numbers_pieces_wait_for_them_in_order(world, tmp_path):
    accepted(world, tmp_path, title="已编的", dated=date(2023, 9, 1))
    binders(world, "1")
    accepted(world, tmp_path, title="后来的", dated=date(2023, 8, 1))
    accepted(world, tmp_path, title="早先的", dated=date(2023, 1, 1))
    (content,) = assemble(world.campaign, PERIOD, ["1"], by=world.users["expert"])
    assert [(piece.number, piece.title) for piece in content.pieces] == [
        ("01-01", "已编的"),
        ("01-待编", "早先的"),
        ("01-待编", "后来的"),
    ]
    write([content], tmp_path / "x.pdf")
    words = ["".join(page.extract_text().split()) for page in PdfReader(tmp_path / "x.pdf").pages]
    assert "01-01，2件待编号" in words[0]
    assert "档案号由创建办编印时给定" in words[2]
    assert "01-待编第" in words[-1]
    assert numbers(world) == {"01-01": "已编的", "01-02": "早先的", "01-03": "后来的"}


def test_a_piece_for_two_requirements_of_an_item_is_there_once(world, tmp_path):
    taken = accepted(world, tmp_path, title="两用的")
    place(taken.piece, requirement("1-2"), by=world.users["liaison"])
    accept(world.county, [use_of(taken, "1-2").pk], by=world.users["office"])
    (content,) = binders(world, "1")
    assert [(piece.number, piece.requirement) for piece in content.pieces] == [("01-01", "资金文件；拨付凭证")]
    assert content.missing == ()


def test_numbers_stay_when_others_come_and_go(world, tmp_path):
    late = accepted(world, tmp_path, title="后来的", dated=date(2023, 9, 1))
    early = accepted(world, tmp_path, title="早先的", dated=date(2023, 1, 1))
    assert numbers(world) == {"01-01": "早先的", "01-02": "后来的"}
    accepted(world, tmp_path, title="最早的", dated=date(2023, 1, 1))
    withdraw(early.piece, reason="不用了", by=world.users["office"])
    assert numbers(world) == {"01-02": "后来的", "01-03": "最早的"}
    describe(late.piece, Description(title="改了名的", document_date=date(2023, 12, 1)), by=world.users["office"])
    accept(world.county, [use_of(late).pk], by=world.users["reviewer"])
    accepted(world, tmp_path, "1-2", title="新来的")
    assert numbers(world) == {"01-02": "改了名的", "01-03": "最早的", "01-04": "新来的"}


def test_a_new_version_keeps_the_number(world, tmp_path):
    first = accepted(world, tmp_path, title="文件")
    before = binders(world, "1")[0].pieces[0]
    hand_in(world, tmp_path, replaces=first.piece, content=picture_bytes(), name="照片.jpg")
    accept(world.county, [use_of(first).pk], by=world.users["office"])
    after = binders(world, "1")[0].pieces[0]
    assert (before.number, before.kind) == ("01-01", "pdf")
    assert (after.number, after.kind) == ("01-01", "picture")


def test_the_same_piece_has_a_number_of_its_own_in_each_item(world, tmp_path):
    accepted(world, tmp_path, "3-1", by="office", title="别的", dated=date(2023, 1, 1))
    taken = accepted(world, tmp_path, title="共用的", dated=date(2023, 5, 1))
    place(taken.piece, requirement("3-1"), by=world.users["superuser"])
    accept(world.county, [use_of(taken, "3-1").pk], by=world.users["office"])
    first, third = binders(world, "1", "3")
    assert [piece.number for piece in first.pieces] == ["01-01"]
    assert [piece.number for piece in third.pieces] == ["03-01", "03-02"]


def test_the_statement_is_the_last_one_of_the_period(world):
    item = Item.objects.get(standard=world.standard, number="1")
    save_statement(world.campaign, item, PERIOD, text="本县安排了资金。", seen=NOTHING_SEEN, by=world.users["liaison"])
    (content,) = binders(world, "1")
    assert (content.statement.text, content.statement.written_by) == ("本县安排了资金。", "财政局")
    assert binders(world, "3")[0].statement is None


def test_the_offices_word_is_said(world):
    judge_evidence(
        world.county,
        requirement("1-1"),
        PERIOD,
        state=EvidenceState.FAILING,
        reason="没有落实",
        by=world.users["office"],
    )
    assert binders(world, "1")[0].missing[0] == "资金文件：认定为不合格，没有落实；没有材料。"


def test_without_a_standing_or_an_item_there_is_nothing_to_bind(world):
    with pytest.raises(Refused, match="没有可编印的条目"):
        binders(world, "99")
    Standing.objects.all().delete()
    with pytest.raises(Refused, match="没有达标结果"):
        binders(world)


def test_the_number_of_queries_does_not_grow(world, tmp_path, django_assert_max_num_queries):
    def queries(*items: str) -> int:
        binders(world, *items)  # numbers are given
        with django_assert_max_num_queries(30) as counted:
            binders(world, *items)
        return len(counted)

    accepted(world, tmp_path)
    few = queries("1")
    for code in ("1-1", "1-1", "1-2", "3-1"):
        accepted(world, tmp_path, code, by="office")
    assert queries("1", "2", "3") == few


def test_binders_of_a_campaign_are_written_in_both_shapes(world, tmp_path):
    accepted(world, tmp_path, title="资金文件")
    accepted(world, tmp_path, "3-1", by="office", title="照片", content=picture_bytes(), name="照片.jpg")
    contents = binders(world)
    written = write(contents, tmp_path / "x.pdf")
    assert (written.binders, written.pieces, written.notes) == (3, 2, ())
    assert "03-01 第" in PdfReader(tmp_path / "x.pdf").pages[-1].extract_text()
    write(contents, tmp_path / "x.zip", Shape.ZIP)
    with zipfile.ZipFile(tmp_path / "x.zip") as folders:
        assert [name for name in folders.namelist() if "-01_" in name] == [
            "01_财政投入/01-01_资金文件.pdf",
            "03_中医诊疗量/03-01_照片.jpg",
        ]


class Bucket(InMemoryStorage):
    """A storage elsewhere, whose client has errors of its own."""

    def _open(self, name, mode="rb"):
        raise ConnectionResetError if name.endswith("pdf") else RuntimeError("timeout")


def test_a_bucket_that_does_not_answer_costs_one_sheet(world, tmp_path, settings):
    accepted(world, tmp_path, title="第一件")
    accepted(world, tmp_path, title="第二件", content=picture_bytes(), name="照片.jpg")
    settings.STORAGES = settings.STORAGES | {"evidence": {"BACKEND": f"{__name__}.Bucket"}}
    written = write(binders(world, "1"), tmp_path / "x.pdf")
    assert written.notes == (f"01-01《第一件》：{GONE}", f"01-02《第二件》：{GONE}")

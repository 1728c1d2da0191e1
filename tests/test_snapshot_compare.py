"""Two snapshots side by side: what changed, and which figures and which evidence made it."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from assessments.evidence.demand_services import Demanded, add_requirement
from assessments.evidence.review_services import accept, judge_evidence
from assessments.evidence.services import withdraw
from assessments.models import Assessment
from assessments.services import compute_assessment, save_assessment
from assessments.snapshots.content import ComparisonContent, CriterionLine, ItemLine, compared
from assessments.snapshots.sheets import comparison_workbook
from indicators.models import Item, Standard
from institutions.models import Institution, Report
from tests.evidence_files import pdf_bytes
from tests.evidence_world import accepted, hand_in, requirement, use_of
from tests.world import PERIOD, VISITS, World, add_institution, make_item, make_standard, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


def kept(world: World, name: str = "", period: str = PERIOD, standard: Standard | None = None) -> Assessment:
    assessment = save_assessment(world.county, standard or world.standard, period, name=name)
    return Assessment.objects.select_related("county", "standard").get(pk=assessment.pk)


def report(code: str, **values) -> None:
    """The institution's accepted figures from now on; None takes one away."""
    row = Report.objects.get(institution__code=code)
    row.accepted = {key: value for key, value in {**row.accepted, **values}.items() if value is not None}
    row.save()


def item(content: ComparisonContent, number: str) -> ItemLine:
    return next(line for line in content.items if line.number == number)


def figures(line: CriterionLine) -> list[tuple]:
    return [(f.institution, f.element, f.old, f.new, f.difference, f.kind) for f in line.figures]


# ---- nothing, and the headline ----


def test_held_against_itself_nothing_differs(world, tmp_path):
    accepted(world, tmp_path)
    snapshot = kept(world)
    content = compared(snapshot, snapshot)
    assert content.same
    assert (content.changed, content.others, content.notes) == ([], (), ())
    assert [count.difference for count in content.counts] == [""] * 6


def test_nothing_happened_since_means_that_now_is_the_same(world):
    snapshot = kept(world, "一次自评")
    content = compared(snapshot, compute_assessment(world.county, world.standard, PERIOD))
    assert content.same
    assert (content.old.title, content.new.title) == (f"第 {snapshot.pk} 号 一次自评", "现在")


def test_the_headline_of_both_says_what_is_better_and_what_is_worse(world):
    before = kept(world)
    report("A-02", has_hall=True, tcm_visits=100)
    after = kept(world)
    counts = {count.label: count for count in compared(before, after).counts}
    points = counts["本系统自评得分（非官方评分）"]
    assert (points.difference.startswith("+"), points.tone) == (True, "up")
    unmet = counts["未达标条目"]
    assert (unmet.old, unmet.new, unmet.difference, unmet.tone) == ("2 / 3", "1 / 3", "−1", "up")
    back = {count.label: count for count in compared(after, before).counts}
    assert (back["未达标条目"].difference, back["未达标条目"].tone) == ("+1", "down")


# ---- figures ----


def test_a_changed_criterion_names_the_figures_that_made_it(world):
    before = kept(world)
    report("A-02", tcm_visits=90, has_hall=False)
    content = compared(before, kept(world))
    assert [line.number for line in content.changed] == ["3"]
    line = item(content, "3")
    assert (line.old_status, line.new_status) == ("unmet", "nearly")
    (criterion,) = line.criteria
    assert (criterion.old.status, criterion.new.status) == ("unmet", "met")
    assert (criterion.old.value_text, criterion.new.value_text, criterion.new.target_text) == ("20%", "43.33%", "≥ 35%")
    assert figures(criterion) == [("西镇卫生院", "中医诊疗人次", "20", "90", "+70", "changed")]


def test_an_element_that_became_missing_or_was_filled_in_is_said_so(world):
    before = kept(world)
    report("A-01", has_hall=None)
    report("A-1001", techniques=0)
    content = compared(before, kept(world))
    halls, techniques = item(content, "2").criteria
    assert figures(halls) == [("东镇卫生院", "设有中医馆", "是", "未报", "", "missing")]
    assert figures(techniques) == [("第2村卫生室", "适宜技术项数", "6", "0", "−6", "changed")]
    back = compared(kept(world), before)
    assert figures(item(back, "2").criteria[0]) == [("东镇卫生院", "设有中医馆", "未报", "是", "", "reported")]


def test_institutions_that_came_and_went_are_named_with_what_they_brought(world):
    before = kept(world)
    world.county.institutions.filter(code="A-1001").update(closed_on=date(2023, 6, 1))
    add_institution(world.county, "A-20", "village_clinic", {"techniques": 9}, "新村卫生室")
    add_institution(world.county, "A-21", "village_clinic", None, "空村卫生室")
    content = compared(before, kept(world))
    assert content.institutions == (("新增机构", ("新村卫生室", "空村卫生室")), ("减少机构", ("第2村卫生室",)))
    assert set(figures(item(content, "2").criteria[0])) == {
        ("新村卫生室", "适宜技术项数", "不在范围内", "9", "", "came"),
        ("空村卫生室", "适宜技术项数", "不在范围内", "未报", "", "came"),
        ("第2村卫生室", "适宜技术项数", "6", "不在范围内", "", "went"),
    }


def test_an_institution_of_another_type_leaves_one_criterion_for_the_other(world):
    before = kept(world)
    Institution.objects.filter(code="A-02").update(type="village_clinic")
    content = compared(before, kept(world))
    assert content.institutions == (("改变类型的机构", ("西镇卫生院",)),)
    halls, techniques = item(content, "2").criteria
    assert figures(halls) == [("西镇卫生院", "设有中医馆", "否", "不在范围内", "", "went")]
    assert figures(techniques) == [("西镇卫生院", "适宜技术项数", "不在范围内", "未报", "", "came")]


def test_figures_that_changed_no_result_are_listed_apart(world):
    before = kept(world)
    report("A-1001", techniques=8)  # 6 was enough
    report("A-00", fund="120.50")  # the same number
    content = compared(before, kept(world))
    assert content.changed == []
    assert not content.same
    assert [(f.institution, f.old, f.new) for f in content.others] == [("第2村卫生室", "6", "8")]


def test_institutions_of_one_name_are_told_apart(world):
    Institution.objects.filter(code__in=["A-1000", "A-1001"]).update(name="王村卫生室")
    before = kept(world)
    report("A-1000", techniques=7)
    (criterion,) = item(compared(before, kept(world)), "2").criteria
    assert criterion.figures[0].institution == "王村卫生室（东镇，A-1000）"


def test_decimals_differ_by_what_they_differ_to_the_last_digit(world):
    before = kept(world)
    report("A-00", fund="120.500000000000000000001")
    (criterion,) = item(compared(before, kept(world)), "1").criteria
    assert figures(criterion) == [
        ("甲县本级", "中医药专项资金", "120.5", "120.500000000000000000001", "+0.000000000000000000001", "changed")
    ]


# ---- evidence ----


def test_a_requirement_that_is_met_now_names_the_pieces_that_made_it(world, tmp_path):
    before = kept(world)
    taken = accepted(world, tmp_path, document_number="财字〔2023〕5号")
    line = item(compared(before, kept(world)), "1")
    (evidence,) = line.evidence
    assert (evidence.code, evidence.text) == ("1-1", "资金文件")
    assert (evidence.old.label, evidence.new.label) == ("待认定", "已认可")
    (piece,) = evidence.pieces
    assert (piece.kind, piece.title, piece.old) == ("came", "资金文件", None)
    assert (piece.new.file_name, piece.new.version, piece.new.words) == ("资金文件.pdf", "1", "计入")
    assert piece.new.sha256 == taken.version.sha256[:12]


def test_a_new_version_and_a_piece_that_went_are_told(world, tmp_path):
    taken, other = accepted(world, tmp_path), hand_in(world, tmp_path, name="补充.pdf", content=pdf_bytes(2))
    before = kept(world)
    newer = hand_in(world, tmp_path, replaces=taken.piece, content=pdf_bytes(3), name="资金文件（修订）.pdf")
    withdraw(other.piece, reason="传错了", by=world.users["office"])
    (evidence,) = item(compared(before, kept(world)), "1").evidence
    kinds = {piece.kind: piece for piece in evidence.pieces}
    assert kinds.keys() == {"version", "went"}
    version = kinds["version"]
    assert (version.old.version, version.new.version) == ("1", "2")
    assert (version.old.file_name, version.new.file_name) == ("资金文件.pdf", "资金文件（修订）.pdf")
    assert (version.old.sha256, version.new.sha256) == (taken.version.sha256[:12], newer.version.sha256[:12])
    assert (version.old.words, version.new.words) == ("计入", "不计入：待审核")
    assert kinds["went"].new is None
    assert (evidence.old.state, evidence.new.state) == ("accepted", "open")


def test_the_offices_word_comes_with_its_reason(world):
    before = kept(world)
    judge_evidence(world.county, requirement("3-1"), PERIOD, state="failing", reason="缺公章", by=world.users["office"])
    (evidence,) = item(compared(before, kept(world)), "3").evidence
    assert (evidence.old.label, evidence.new.label, evidence.new.reason) == ("待认定", "不合格", "缺公章")


def test_what_the_county_demands_itself_since_then_is_on_one_side(world):
    before = kept(world)
    demand = Demanded(text="会议纪要")
    own = add_requirement(world.campaign, Item.objects.get(number="2"), demand, by=world.users["office"])
    (evidence,) = item(compared(before, kept(world)), "2").evidence
    assert (evidence.code, evidence.text, evidence.old) == (own.code, "会议纪要", None)
    assert evidence.note == "只有“第 {} 号”要求这一项".format(Assessment.objects.latest("pk").pk)


def test_a_snapshot_of_before_pieces_were_noted_down_is_compared_by_its_judgements(world, tmp_path):
    before = kept(world, "老存档")
    del before.inputs["requirements"]
    hand_in(world, tmp_path, "1-2", name="凭证.pdf")
    use = use_of(hand_in(world, tmp_path))
    accept(world.county, [use.pk], by=world.users["office"])
    content = compared(before, kept(world))
    assert content.notes == (f"“第 {before.pk} 号 老存档”当时未记录材料明细：只比较佐证的认定结论，不比较材料。",)
    (evidence,) = item(content, "1").evidence  # 1-2 waits, as it did
    assert (evidence.code, evidence.note, evidence.pieces) == ("1-1", "当时未记录材料明细", ())
    assert compared(before, before).same


# ---- another version of the standard, another period ----


@pytest.fixture
def newer(world) -> Standard:
    """Version 2: no item 1, criterion 3.1 with another target, and an item 4."""
    standard = make_standard("draft")
    Standard.objects.filter(pk=standard.pk).update(code="small", version="2")
    standard.refresh_from_db()
    Item.objects.filter(standard=standard, number="1").delete()
    Item.objects.get(standard=standard, number="3").criteria.update(target="10%")
    section = standard.sections.get(number=2)
    make_item(section, "4", "新增条目", standard.departments.first(), [("4.1", *VISITS[1:])], [])
    return standard


def test_items_of_one_version_alone_are_said_so(world, newer):
    content = compared(kept(world), kept(world, standard=newer))
    assert content.notes[0].startswith("两边依据的标准版本不同：第 1 版与第 2 版")
    first, last = item(content, "1"), item(content, "4")
    assert (first.note, last.note) == tuple(
        f"只在“{title}”所用的标准版本里有" for title in (content.old.title, content.new.title)
    )
    assert (first.new_status, first.new_points, first.difference, last.old_status) == ("", "", "", "")
    assert [line.code for line in last.criteria] == ["4.1"]
    assert last.criteria[0].old is None


def test_a_criterion_that_is_computed_otherwise_is_said_so(world, newer):
    (criterion,) = item(compared(kept(world), kept(world, standard=newer)), "3").criteria
    assert criterion.note == "算法或目标已修改，两边的数不是同一口径"
    assert (criterion.old.target_text, criterion.new.target_text) == ("≥ 35%", "≥ 10%")
    assert criterion.figures == ()


def test_another_period_is_said_so(world):
    notes = compared(kept(world, period="2022"), kept(world)).notes
    assert notes == ("两边的填报期不同：2022年度与2023年度。",)


# ---- what it costs, and the workbook ----


def test_it_takes_four_queries_however_much_differs(world, tmp_path):
    before = kept(world)
    counts = []
    for number in range(2):
        report("A-02", tcm_visits=90 + number, has_hall=True)
        accepted(world, tmp_path, content=pdf_bytes(2 + number), name=f"{number}.pdf")
        after = kept(world)
        with CaptureQueriesContext(connection) as queries:
            assert compared(before, after).changed
        counts.append(len(queries))
    assert counts == [4, 4]


def test_the_workbook_has_items_figures_and_evidence(world, tmp_path):
    before = kept(world, "一次自评")
    report("A-02", tcm_visits=90)
    report("A-1001", techniques=8)
    taken = accepted(world, tmp_path, name="=资金.pdf")
    book = load_workbook(BytesIO(comparison_workbook(compared(before, kept(world)))))
    assert book.sheetnames == ["条目", "数据", "佐证"]
    items, found, evidence = ([[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book)
    assert items[0][3] == f"第 {before.pk} 号 一次自评：状态"
    assert [(row[0], row[1], row[-2]) for row in items[1:]] == [
        ("1", None, "有变化"),
        ("2", None, "无变化"),
        ("3", None, "状态变化"),
        ("3", "3.1", "有变化"),
    ]
    assert items[4][3:11] == ["未达标", "20%", "1/5", "≥ 35%", "达标", "43.33%", "13/30", "≥ 35%"]
    assert [row[:2] + row[3:12] for row in found[1:]] == [
        ["3", "3.1", "A-02", "西镇卫生院", "乡镇卫生院", "中医诊疗人次", "人次", "20", "90", "+70", "变动"],
        [None, None, "A-1001", "第2村卫生室", "村卫生室", "适宜技术项数", "项", "6", "8", "+2", "变动"],
    ]
    assert found[2][2] == "（未影响指标结果）"
    row = dict(zip(evidence[0], evidence[1], strict=True))
    assert (row["条目"], row["佐证要求"], row["材料"], row["变化"]) == ("1", "1-1", "=资金", "新增材料")
    assert evidence[1][-4:] == ["=资金.pdf", "1", taken.version.sha256[:12], "计入"]
    assert book["佐证"].cell(2, 9).data_type == "s"
